//! What is remembered between runs, per account: what `unread` has judged, and what logging in taught about the server.
//!
//! Losing it costs repeats, never messages: a file that cannot be understood is put aside, and the user is told.

mod bounced;
mod directory;
mod file;
mod journal;
pub mod sessions;
pub mod spool;
mod storage;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jid::BareJid;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::conversation::addresses::Addresses;
use crate::conversation::memory::Memory;
use crate::error::Error;
use crate::lock;
use crate::platform::{self, private_files};
use directory::directory_name;
use file::{cannot_keep, put_aside, read, write};
pub use journal::Journal;
pub use storage::Storage;

const UNREAD: &str = "unread.json";
const ROOMS: &str = "rooms.json";
const JOURNAL: &str = "journal.jsonl";
const ADDRESSES: &str = "addresses.json";
const LOGIN: &str = "login.json";
const TOKEN: &str = "token.json";
const LOCK: &str = "lock";

/// The state of one account: a directory that only its owner can read.
#[derive(Clone, Debug)]
pub struct AccountState {
    directory: PathBuf,
}

/// The memory of `unread`, held against other processes until this is dropped.
#[derive(Debug)]
pub struct LockedMemory {
    pub memory: Memory,
    /// What to tell the user about files that could not be used.
    pub notes: Vec<String>,
    /// Messages that no server has any more.
    pub journal: Journal,
    directory: PathBuf,
    /// Closing the file gives the lock back.
    _lock: File,
}

impl AccountState {
    /// The state of `account` below the directory `state`; nothing is made until something is kept.
    pub fn of(account: &BareJid, state: &Path) -> Self {
        Self { directory: state.join(directory_name(account.as_str())) }
    }

    /// The memory of `unread`, as soon as no other process uses it; waits for that no longer than `limit`.
    pub fn lock(&self, limit: Duration) -> Result<LockedMemory, Error> {
        let lock = self.acquire(limit)?;
        file::sweep(&self.directory);
        let mut notes = Vec::new();
        let memory = self.read_or_put_aside(UNREAD, "some messages may be shown again", &mut notes)?;
        let journal = self.open_journal(&mut notes)?;
        Ok(LockedMemory { memory, notes, journal, directory: self.directory.clone(), _lock: lock })
    }

    fn open_journal(&self, notes: &mut Vec<String>) -> Result<Journal, Error> {
        let path = self.directory.join(JOURNAL);
        let open = || Journal::open(path.clone(), journal::Access::Write);
        open().or_else(|problem| {
            notes.push(match Journal::salvage(&path) {
                Ok(copy) => format!(
                    "{} is damaged ({problem}); what of its messages can be read stays, and all of it is in {}",
                    path.display(),
                    copy.display()
                ),
                Err(_) => put_aside(&path, &problem, "it held messages")?,
            });
            open().map_err(Error::Bug)
        })
    }

    fn read_or_put_aside<T>(&self, name: &str, loss: &str, notes: &mut Vec<String>) -> Result<T, Error>
    where
        T: DeserializeOwned + Default,
    {
        let path = self.directory.join(name);
        match read(&path) {
            Ok(content) => return Ok(content.unwrap_or_default()),
            Err(problem) => notes.push(put_aside(&path, &problem, loss)?),
        }
        Ok(T::default())
    }

    /// The memory of `unread` as it is, for a look that keeps nothing.
    pub fn glance(&self) -> Memory {
        file::read(&self.directory.join(UNREAD)).ok().flatten().unwrap_or_default()
    }

    /// The memories of the person's rooms, by address; nothing where the file is of no use, which costs repeats.
    pub fn rooms(&self) -> BTreeMap<String, Memory> {
        read(&self.directory.join(ROOMS)).ok().flatten().unwrap_or_default()
    }

    /// Keeps the memories of the rooms; only while the memory of `unread` is locked.
    pub fn keep_rooms(&self, rooms: &BTreeMap<String, Memory>) -> Result<(), Error> {
        self.make_directory()?;
        write(&self.directory.join(ROOMS), rooms)
    }

    /// The journal as it is, for a look that keeps nothing.
    pub fn glance_at_journal(&self) -> Journal {
        Journal::open(self.directory.join(JOURNAL), journal::Access::Read).unwrap_or_else(|_| Journal::nothing())
    }

    /// A place for what the messages of a run say.
    pub fn storage(&self) -> Storage {
        Storage::new(self.directory.clone())
    }

    /// What an earlier login taught; nothing if there was none or the file is of no use.
    pub fn login<T: DeserializeOwned + Default>(&self) -> T {
        read(&self.directory.join(LOGIN)).ok().flatten().unwrap_or_default()
    }

    /// Keeps what a login taught.
    pub fn keep_login<T: Serialize>(&self, learned: &T) -> Result<(), Error> {
        self.make_directory()?;
        write(&self.directory.join(LOGIN), learned)
    }

    /// Whom the person knows, as far as earlier runs learned; nothing where the file is of no use.
    pub fn addresses(&self) -> Addresses {
        read(&self.directory.join(ADDRESSES)).ok().flatten().unwrap_or_default()
    }

    /// Keeps whom the person knows.
    pub fn keep_addresses(&self, known: &Addresses) -> Result<(), Error> {
        self.make_directory()?;
        write(&self.directory.join(ADDRESSES), known)
    }

    /// The token of the account, where its password is in a file as well.
    pub fn token<T: DeserializeOwned + Default>(&self) -> T {
        read(&self.directory.join(TOKEN)).ok().flatten().unwrap_or_default()
    }

    /// Keeps the token.
    pub fn keep_token<T: Serialize>(&self, token: &T) -> Result<(), Error> {
        self.make_directory()?;
        write(&self.directory.join(TOKEN), token)
    }

    /// Whether anything is remembered about the account.
    pub fn exists(&self) -> bool {
        self.directory.exists()
    }

    /// Forgets everything about the account.
    pub fn forget(&self) -> Result<(), Error> {
        match fs::remove_dir_all(&self.directory) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(cannot_keep(&self.directory, source)),
            _ => Ok(()),
        }
    }

    fn acquire(&self, limit: Duration) -> Result<File, Error> {
        self.make_directory()?;
        let path = self.directory.join(LOCK);
        let file = private_files().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|source| cannot_keep(&path, source))?;
        let locked = lock::exclusively(file, limit).map_err(|source| cannot_keep(&path, source))?;
        let step = || "waiting for another chat of this account to end".into();
        locked.ok_or_else(|| Error::Timeout { limit, step: step() })
    }

    fn make_directory(&self) -> Result<(), Error> {
        platform::private_folders().create(&self.directory).map_err(|source| cannot_keep(&self.directory, source))
    }
}

impl LockedMemory {
    /// Keeps `memory` for the next run: after a crash there is the old one or the new one, whole.
    pub fn keep(&mut self, memory: Memory) -> Result<(), Error> {
        write(&self.directory.join(UNREAD), &memory)?;
        self.memory = memory;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
