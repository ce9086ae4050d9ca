//! Whose signatures below certificates are trusted.

use std::path::PathBuf;

/// Where the certificates of the authorities are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorities {
    /// The file in which the system has all of its own. Without it they are collected from wherever they may be, which takes a
    /// third of the processor time of a login.
    pub bundle: Option<PathBuf>,
    /// A file with others, beside them.
    pub added: Option<PathBuf>,
}
