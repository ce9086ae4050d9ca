//! What systems do differently: private files, the shell, input as it comes. Unix and Windows have a file each, with the same
//! functions; but for the keyrings, nothing else in the program asks which system it is on.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod system;

pub(crate) use system::*;
