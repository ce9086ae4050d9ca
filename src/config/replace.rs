//! Files are replaced as a whole, so that neither a crash nor a reader sees half of one.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::platform;

/// Writes a new file (mode 0600) beside `path`, and puts it in its place.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let new = path.with_file_name(name);
    let written = write(&new, content).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // The first error is the one to report; the new file may not even exist.
        drop(fs::remove_file(&new));
    }
    written
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = platform::private_files().write(true).create(true).truncate(true).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}
