//! The files of the state: versioned JSON, written whole or not at all, readable by their owner only.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::platform;

/// Raised when an older `chat` would misread what is written.
pub(super) const VERSION: u32 = 1;

/// How the extension of a file begins that is not whole yet.
const NEW: &str = "new-";
const HOUR: Duration = Duration::from_secs(3600);

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    version: u32,
    #[serde(flatten)]
    content: T,
}

/// The version alone, for a file whose other parts may mean anything.
#[derive(Serialize, Deserialize)]
pub(super) struct VersionOnly {
    pub(super) version: u32,
}

/// `None` if there is no file; an error says why it is of no use.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, String> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let found: VersionOnly = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    check_version(&found)?;
    let file: Versioned<T> = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    Ok(Some(file.content))
}

/// An error says why a file of this version is of no use.
pub(super) fn check_version(found: &VersionOnly) -> Result<(), String> {
    match found.version {
        VERSION => Ok(()),
        other => Err(format!("it was written by another version of chat (format {other}, not {VERSION})")),
    }
}

/// Writes a new file beside the old one and then puts it in its place.
pub(super) fn write<T: Serialize>(path: &Path, content: &T) -> Result<(), Error> {
    let text =
        serde_json::to_vec(&Versioned { version: VERSION, content }).map_err(|error| Error::Bug(error.to_string()))?;
    replace(path, &text).map_err(|source| cannot_keep(path, source))
}

/// Puts a file with this text in the place of the one at `path`: after a crash there is one or the other.
pub(super) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let new = new_beside(path);
    let result = write_through(&new, text).and_then(|()| fs::rename(&new, path)).and_then(|()| sync_directory(path));
    if result.is_err() {
        // Best effort: the failure that matters is already known.
        let _ = fs::remove_file(&new);
    }
    result
}

/// A name for what will replace the file at `path`. Two processes may write at once where no lock is held, so each has its
/// own.
pub(super) fn new_beside(path: &Path) -> PathBuf {
    path.with_extension(format!("{NEW}{}", std::process::id()))
}

/// Removes what killed processes began to write: files that are older than writing takes.
pub(super) fn sweep(directory: &Path) {
    let files = fs::read_dir(directory).into_iter().flatten().flatten();
    for file in files.filter(|file| is_new(&file.path()) && age(file).is_some_and(|age| age > HOUR)) {
        // Best effort: it is in nobody's way.
        let _ = fs::remove_file(file.path());
    }
}

fn is_new(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|extension| extension.starts_with(NEW))
}

fn age(file: &fs::DirEntry) -> Option<Duration> {
    file.metadata().ok()?.modified().ok()?.elapsed().ok()
}

fn write_through(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = platform::private_files().write(true).create(true).truncate(true).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// A new name survives a crash only once its directory is written, too.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), platform::sync_directory)
}

/// Where the file can be put aside without overwriting what was put aside before.
pub(super) fn aside(path: &Path) -> PathBuf {
    let name = |number: u32| {
        path.with_extension(if number == 1 { "json.unusable".into() } else { format!("json.unusable-{number}") })
    };
    (1..u32::MAX).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(1))
}

/// Keeps the file under another name, so that a new one can be begun; says so.
pub(super) fn put_aside(path: &Path, problem: &str, loss: &str) -> Result<String, Error> {
    let aside = aside(path);
    fs::rename(path, &aside).map_err(|source| cannot_keep(path, source))?;
    Ok(format!("{} cannot be used ({problem}); it is now {}, and {loss}", path.display(), aside.display()))
}

pub(super) fn cannot_keep(path: &Path, source: io::Error) -> Error {
    Error::CannotKeep { path: path.to_owned(), source }
}
