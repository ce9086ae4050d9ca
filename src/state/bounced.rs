//! Messages with an id by the caller that came back: the archive has them like any other, so it alone would make a
//! second try look like a success.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::AccountState;
use super::directory::directory_name;
use super::file::cannot_keep;
use crate::error::Error;
use crate::platform;

impl AccountState {
    /// Whether the message `id` to `to` came back.
    pub fn has_bounced(&self, to: &str, id: &str) -> bool {
        self.bounce(to, id).exists()
    }

    /// Keeps that it came back. Each has a file, so that several processes never lose one another's.
    pub fn keep_bounce(&self, to: &str, id: &str) -> Result<(), Error> {
        self.make_directory()?;
        let path = self.bounce(to, id);
        let folders = path.parent().map_or(Ok(()), fs::create_dir_all);
        folders
            .and_then(|()| platform::private_files().write(true).create(true).truncate(true).open(&path))
            .map_err(|source| cannot_keep(&path, source))?;
        Ok(())
    }

    /// It did arrive, later.
    pub fn forget_bounce(&self, to: &str, id: &str) -> Result<(), Error> {
        let path = self.bounce(to, id);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(cannot_keep(&path, source)),
            _ => Ok(()),
        }
    }

    fn bounce(&self, to: &str, id: &str) -> PathBuf {
        self.directory.join("bounced").join(directory_name(to)).join(directory_name(id)).join("bounced")
    }
}
