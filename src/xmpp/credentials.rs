//! By what an account is proved to its server.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::mechanism::Means;

/// The proof itself.
#[derive(Clone)]
pub enum Credentials {
    Password(Zeroizing<String>),
    /// The certificate of the client, and its key, in one PEM file.
    Certificate(PathBuf),
    /// Nothing: the account is a mere domain, whose server makes an address up for the session.
    Nothing,
}

impl Credentials {
    /// Empty where there is none.
    pub(crate) fn password(&self) -> &str {
        match self {
            Self::Password(password) => password,
            Self::Certificate(_) | Self::Nothing => "",
        }
    }

    pub(crate) fn means(&self) -> Means {
        match self {
            Self::Password(_) => Means::Password,
            Self::Certificate(_) => Means::Certificate,
            Self::Nothing => Means::Nothing,
        }
    }

    pub(crate) fn certificate(&self) -> Option<&Path> {
        match self {
            Self::Certificate(path) => Some(path),
            Self::Password(_) | Self::Nothing => None,
        }
    }
}
