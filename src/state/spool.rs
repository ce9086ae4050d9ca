//! The queue of `send -Q`: messages that are kept until the server has them.
//!
//! Each run that sends has a file, to which lines are only ever added: first what is to be sent, then what became of it. It
//! is locked by whoever sends what is in it, and the system gives the lock back when that process ends, however it
//! ends. So what a killed run has left is there for the next `flush`, and two processes never send the same.

mod batch;
mod log;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use jid::Jid;

use super::AccountState;
use super::file::{cannot_keep, put_aside};
use crate::error::Error;
use crate::lock;
use crate::platform::{self, private_files};
use batch::LARGE;
use log::Log;

pub use batch::Batch;
pub use log::Entry;

/// Nothing else in the directory ends so.
const EXTENSION: &str = "queue";

/// The queue of one account.
#[derive(Clone, Debug)]
pub struct Spool {
    directory: PathBuf,
}

impl AccountState {
    /// The account's queue; nothing is made until something is queued.
    pub fn spool(&self) -> Spool {
        Spool { directory: self.directory.join("queue") }
    }
}

impl Spool {
    /// A new place in the queue, at its end.
    pub fn begin(&self) -> Result<Batch, Error> {
        self.make_directory()?;
        loop {
            let last = self.names()?.last().and_then(|name| name.to_str()?.split('-').next()?.parse().ok());
            let number: u64 = last.map_or(1, |last: u64| last + 1);
            let name = format!("{number:012}-{}.{EXTENSION}", uuid::Uuid::now_v7().simple());
            if let Some(batch) = Batch::create(self.directory.join(name))? {
                return Ok(batch);
            }
        }
    }

    /// The places where something is open and nobody else is at work, the oldest first: at most so many behind `after`, and
    /// no more than memory should hold.
    /// What cannot be understood is put aside, and told in `notes`.
    pub fn take(
        &self,
        after: Option<&OsString>,
        most: usize,
        notes: &mut Vec<String>,
    ) -> Result<Vec<(OsString, Batch)>, Error> {
        let (mut taken, mut size) = (Vec::new(), 0);
        for name in self.names()?.into_iter().filter(|name| after.is_none_or(|after| name > after)) {
            let path = self.directory.join(&name);
            match Batch::open(&path) {
                Ok(batch) => {
                    size += batch.as_ref().map_or(0, Batch::size);
                    taken.extend(batch.map(|batch| (name, batch)));
                }
                Err(Error::BadConfig { reason, .. }) => notes.push(put_aside(&path, &reason, "it holds messages")?),
                Err(error) => return Err(error),
            }
            if taken.len() == most || size >= LARGE {
                break;
            }
        }
        Ok(taken)
    }

    /// Everything that is open, as it is now, whoever is at work on it; the oldest first.
    pub fn look(&self) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        for name in self.names()? {
            entries.extend(self.look_into(&name)?);
        }
        Ok(entries)
    }

    /// Whether there is one like that; no more than one place is in memory.
    fn has(&self, wanted: impl Fn(&Entry) -> bool) -> Result<bool, Error> {
        for name in self.names()? {
            if self.look_into(&name)?.any(|entry| wanted(&entry)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn look_into(&self, name: &OsString) -> Result<impl Iterator<Item = Entry> + use<>, Error> {
        let path = self.directory.join(name);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => read.map_err(|error| cannot_keep(&path, error))?,
        };
        // What is unreadable is told by whoever sends.
        Ok(Log::read(&text).map(|(log, _)| log.open.into_values()).into_iter().flatten())
    }

    /// Whether no message waits or is put aside here.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.names()?.is_empty())
    }

    /// Whether any message waits.
    pub fn holds_anything(&self) -> Result<bool, Error> {
        self.has(|entry| entry.failed.is_none())
    }

    /// Whether a message to one of `recipients` waits, before which none of theirs is to be sent.
    pub fn holds_up(&self, recipients: &[Jid]) -> Result<bool, Error> {
        let waits = |entry: &Entry| entry.failed.is_none() && recipients.contains(&entry.message.to);
        self.has(waits)
    }

    /// Waits until this process alone empties the queue.
    pub fn lock(&self, limit: Duration) -> Result<File, Error> {
        self.make_directory()?;
        let path = self.directory.join("lock");
        let file = private_files().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|source| cannot_keep(&path, source))?;
        let locked = lock::exclusively(file, limit).map_err(|source| cannot_keep(&path, source))?;
        let step = || "waiting for another chat that sends the queue".into();
        locked.ok_or_else(|| Error::Timeout { limit, step: step() })
    }

    /// The names of the places, the oldest first.
    fn names(&self) -> Result<Vec<OsString>, Error> {
        let failed = |source| cannot_keep(&self.directory, source);
        let found = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            found => found.map_err(failed)?,
        };
        let names: io::Result<Vec<OsString>> = found.map(|entry| entry.map(|entry| entry.file_name())).collect();
        let mut names = names.map_err(failed)?;
        names.retain(|name| name.to_str().is_some_and(|name| name.ends_with(&format!(".{EXTENSION}"))));
        names.sort();
        Ok(names)
    }

    fn make_directory(&self) -> Result<(), Error> {
        platform::private_folders().create(&self.directory).map_err(|source| cannot_keep(&self.directory, source))
    }
}

#[cfg(test)]
mod tests;
