//! A file of the queue in the hands of this process: nobody else sends what is in it meanwhile.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::super::file::{cannot_keep, sync_directory};
use super::log::{Entry, Line, Log};
use crate::conversation::delivery::Outgoing;
use crate::error::Error;
use crate::lock;
use crate::platform::{has_name, private_files};

/// A file is begun anew when nothing in it is open and it has had so many messages: input may never end.
const MANY: usize = 10_000;
/// What is in the hands of a process is in its memory: no more than this, and the last message or place.
pub(super) const LARGE: usize = 2 * 1024 * 1024;
/// Others only look whether a new file is empty.
const MOMENT: Duration = Duration::from_secs(5);

/// See the module. Dropping it gives the lock back, and so does the end of the process.
#[derive(Debug)]
pub struct Batch {
    file: File,
    path: PathBuf,
    log: Log,
    /// The bytes that were written since it was begun.
    size: usize,
    /// What is to be written at the next [`Batch::sync`].
    unwritten: Vec<u8>,
}

/// Closing the file alone would not do at once: a child process that is just being started holds it open, too.
impl Drop for Batch {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Batch {
    /// A new file at `path`; `None` if another process took it for one that a crash left.
    pub(super) fn create(path: PathBuf) -> Result<Option<Self>, Error> {
        let failed = |source| cannot_keep(&path, source);
        let file = private_files().read(true).append(true).create_new(true).open(&path).map_err(failed)?;
        let locked = lock::exclusively(file, MOMENT).map_err(failed)?;
        let Some(file) = locked.filter(has_name) else { return Ok(None) };
        let mut batch = Self { file, path, log: Log::default(), size: 0, unwritten: Vec::new() };
        batch.write(Line::begin())?;
        Ok(Some(batch))
    }

    /// The file at `path`; `None` if another process is at work on it or nothing is open in it.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, Error> {
        let failed = |source| cannot_keep(path, source);
        let file = match private_files().read(true).append(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let Some(mut file) = lock::exclusively(file, Duration::ZERO).map_err(failed)? else { return Ok(None) };
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed)?;
        let unusable = |reason| Error::BadConfig { path: path.to_owned(), reason };
        let (log, length) = Log::read(&text).map_err(unusable)?;
        file.set_len(length as u64).and_then(|()| file.seek(io::SeekFrom::End(0))).map_err(failed)?;
        let batch = Self { file, path: path.to_owned(), log, size: length, unwritten: Vec::new() };
        if batch.log.open.is_empty() {
            batch.finish()?;
            return Ok(None);
        }
        Ok(Some(batch))
    }

    /// One more message, which survives a crash after the next [`Batch::sync`].
    pub fn add(&mut self, message: &Outgoing, at: DateTime<Utc>) -> Result<(), Error> {
        if self.log.open.is_empty() && (self.log.next >= MANY || self.is_large()) {
            self.begin_anew()?;
        }
        self.write(Line::message(message, at))
    }

    /// Whether it is large enough.
    pub fn is_large(&self) -> bool {
        self.size >= LARGE
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    fn begin_anew(&mut self) -> Result<(), Error> {
        self.unwritten.clear();
        self.file.set_len(0).map_err(|source| cannot_keep(&self.path, source))?;
        let session = self.log.session.take();
        self.log = Log::default();
        self.size = 0;
        self.write(Line::begin())?;
        session.map_or(Ok(()), |session| self.write(Line::Sending { session }))
    }

    /// From now on what is open may have been sent by `session`, a full JID, or several of them, each in a line, or by
    /// somebody where it is empty.
    pub fn sending(&mut self, session: &str) -> Result<(), Error> {
        self.write(Line::Sending { session: session.to_owned() })
    }

    /// The server has `message`, or nobody wants it sent any more; `false` where it does not wait here.
    pub fn done(&mut self, message: &Outgoing) -> Result<bool, Error> {
        self.settle(message, |index| Line::Done { index })
    }

    /// `message` is never tried again, for this reason; `false` where it does not wait here.
    pub fn failed(&mut self, message: &Outgoing, reason: &str) -> Result<bool, Error> {
        self.settle(message, |index| Line::Failed { index, reason: reason.to_owned() })
    }

    /// `message` came back, and is to be tried again: that the archive has it says nothing.
    pub fn came_back(&mut self, message: &Outgoing) -> Result<(), Error> {
        self.settle(message, |index| Line::CameBack { index }).map(drop)
    }

    fn settle(&mut self, message: &Outgoing, line: impl FnOnce(usize) -> Line) -> Result<bool, Error> {
        let index = self.log.waiting(&message.to, &message.id);
        index.map_or(Ok(false), |index| self.write(line(index)).map(|()| true))
    }

    /// Takes the messages with this id out, failed or not; returns how many.
    pub fn discard(&mut self, id: &str) -> Result<usize, Error> {
        self.each(|entry| entry.message.id == id, |index| Line::Done { index })
    }

    /// Lets the messages with this id be sent once more, whether they failed or nobody knows it; returns how many.
    pub fn retry(&mut self, id: &str) -> Result<usize, Error> {
        self.each(|entry| entry.message.id == id, |index| Line::CameBack { index })
    }

    fn each(&mut self, wanted: impl Fn(&Entry) -> bool, line: impl Fn(usize) -> Line) -> Result<usize, Error> {
        let found: Vec<usize> =
            self.log.open.iter().filter(|(_, entry)| wanted(entry)).map(|(index, _)| *index).collect();
        found.iter().try_for_each(|index| self.write(line(*index)))?;
        Ok(found.len())
    }

    /// What is open, in its order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.log.open.values()
    }

    /// Who may have sent what is open, where it may have been sent.
    pub fn session(&self) -> Option<&str> {
        self.log.session.as_deref()
    }

    fn write(&mut self, line: Line) -> Result<(), Error> {
        let text = serde_json::to_string(&line).map_err(|error| Error::Bug(error.to_string()))?;
        self.unwritten.extend_from_slice(text.as_bytes());
        self.unwritten.push(b'\n');
        self.size += text.len() + 1;
        self.log.take(line).map_err(Error::Bug)
    }

    /// Once this returns, everything so far survives a crash.
    pub fn sync(&mut self) -> Result<(), Error> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&std::mem::take(&mut self.unwritten));
        let synced = written.and_then(|()| self.file.sync_data()).and_then(|()| sync_directory(&self.path));
        synced.map_err(|source| cannot_keep(&self.path, source))
    }

    /// Writes what became of the messages; the file goes where nothing is open any more.
    pub fn finish(mut self) -> Result<(), Error> {
        if !self.log.open.is_empty() {
            return self.sync();
        }
        match fs::remove_file(&self.path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(cannot_keep(&self.path, source)),
            _ => Ok(()),
        }
    }
}
