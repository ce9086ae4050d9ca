//! The journal of an account: a file of JSON lines that grows while messages come in, so that they are never all in memory.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::file::{VERSION, VersionOnly, aside, cannot_keep, check_version, new_beside, replace, sync_directory};
use crate::conversation::journal::{self, Earlier};
use crate::error::Error;
use crate::platform::{private_files, reserve};

/// The first line tells the version, each other one is a message.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    access: Access,
    /// How many messages earlier runs left, and in how many bytes.
    old: usize,
    old_bytes: u64,
    /// How many there are by now.
    length: usize,
    /// What this run adds to, once it does.
    file: Option<File>,
}

/// So many bytes must fit before anything is taken from a server that does not take it back.
const ROOM: u64 = 4 << 20;

/// What may be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

impl Journal {
    /// Opens the journal at `path`; an error says why it is of no use.
    pub(super) fn open(path: PathBuf, access: Access) -> Result<Self, String> {
        let mut journal = Self { path, access, old: 0, old_bytes: 0, length: 0, file: None };
        let mut lines = journal.lines().map_err(|error| error.to_string())?;
        if let Some(line) = lines.next().transpose().map_err(|error| error.to_string())? {
            check_version(&serde_json::from_slice::<VersionOnly>(&line).map_err(|error| error.to_string())?)?;
            journal.old_bytes = line.len() as u64;
        }
        for line in lines {
            let line = line.map_err(|error| error.to_string())?;
            serde_json::from_slice::<String>(&line).map_err(|error| error.to_string())?;
            journal.old += 1;
            journal.old_bytes += line.len() as u64;
        }
        journal.length = journal.old;
        Ok(journal)
    }

    /// Leaves in the journal at `path` what of it can be read, and returns a copy of the whole; an error says why it is of
    /// no use.
    pub(super) fn salvage(path: &Path) -> Result<PathBuf, String> {
        let told = |error: io::Error| error.to_string();
        let journal = Self { path: path.to_owned(), ..Self::nothing() };
        let mut lines = journal.lines().map_err(told)?;
        let version = lines.next().transpose().map_err(told)?.unwrap_or_default();
        check_version(&serde_json::from_slice::<VersionOnly>(&version).map_err(|error| error.to_string())?)?;
        let is_message = |line: &Vec<u8>| serde_json::from_slice::<String>(line).is_ok();
        let messages = lines.map_while(Result::ok).filter(is_message);
        let aside = aside(path);
        fs::copy(path, &aside).map_err(told)?;
        let whole: Vec<u8> = version.iter().copied().chain(messages.flatten()).collect();
        replace(path, &whole).map_err(told)?;
        Ok(aside)
    }

    /// One that is empty and takes nothing.
    pub(super) fn nothing() -> Self {
        Self { path: PathBuf::new(), access: Access::Read, old: 0, old_bytes: 0, length: 0, file: None }
    }

    /// Whole lines: one that a crash cut off was never promised to be there.
    fn lines(&self) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>> + use<>> {
        let mut file: Box<dyn BufRead> = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Box::new(io::empty()),
            file => Box::new(BufReader::new(file?)),
        };
        Ok(std::iter::from_fn(move || {
            let mut line = Vec::new();
            match file.read_until(b'\n', &mut line) {
                Ok(_) if line.ends_with(b"\n") => Some(Ok(line)),
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            }
        }))
    }

    /// Once this returns, everything that was added survives a crash.
    pub fn sync(&self) -> Result<(), Error> {
        let Some(file) = &self.file else { return Ok(()) };
        file.sync_all().and_then(|()| sync_directory(&self.path)).map_err(|source| cannot_keep(&self.path, source))
    }

    /// Takes everything back that this run added.
    pub fn forget_new(&mut self) -> Result<(), Error> {
        self.keep_only(&(0..self.old).collect())
    }

    /// Keeps the messages with these numbers and no others.
    pub fn keep_only(&mut self, numbers: &BTreeSet<usize>) -> Result<(), Error> {
        let is_so_already = self.file.is_none() && numbers.len() == self.old;
        if is_so_already || self.access == Access::Read {
            return Ok(());
        }
        self.file = None;
        let result = if numbers.is_empty() { self.remove() } else { self.rewrite(numbers) };
        result.map_err(|source| cannot_keep(&self.path, source))
    }

    fn remove(&self) -> io::Result<()> {
        fs::remove_file(&self.path)?;
        sync_directory(&self.path)
    }

    fn rewrite(&self, numbers: &BTreeSet<usize>) -> io::Result<()> {
        let new = new_beside(&self.path);
        let result = self.copy(numbers, &new).and_then(|()| fs::rename(&new, &self.path));
        if result.is_err() {
            // Best effort: the failure that matters is already known.
            let _ = fs::remove_file(&new);
        }
        result.and_then(|()| sync_directory(&self.path))
    }

    fn copy(&self, numbers: &BTreeSet<usize>, new: &std::path::Path) -> io::Result<()> {
        let mut file = private_files().write(true).create(true).truncate(true).open(new)?;
        for (line_number, line) in self.lines()?.enumerate() {
            let line = line?;
            // The first line is the version.
            if line_number.checked_sub(1).is_none_or(|number| numbers.contains(&number)) {
                file.write_all(&line)?;
            }
        }
        file.sync_all()
    }

    fn append(&mut self, stanza: &str) -> io::Result<()> {
        let mut file = self.begun()?;
        let mut line = serde_json::to_vec(stanza)?;
        line.push(b'\n');
        file.write_all(&line)?;
        self.file = Some(file);
        Ok(())
    }

    /// The file, ready for a message behind the old ones.
    fn begun(&mut self) -> io::Result<File> {
        if let Some(file) = self.file.take() {
            return Ok(file);
        }
        let mut file = private_files().write(true).create(true).truncate(false).open(&self.path)?;
        // Half a line may stand there.
        file.set_len(self.old_bytes)?;
        file.seek(SeekFrom::End(0))?;
        if self.old_bytes == 0 {
            let mut version = serde_json::to_vec(&VersionOnly { version: VERSION })?;
            version.push(b'\n');
            file.write_all(&version)?;
        }
        Ok(file)
    }
}

impl journal::Journal for Journal {
    fn prepare(&mut self) -> Result<(), Error> {
        if self.access == Access::Read {
            return Ok(());
        }
        let room = |file: &File| reserve(file, ROOM).and_then(|()| file.sync_all());
        let prepared = self.begun().and_then(|file| room(&file).map(|()| file));
        self.file = Some(prepared.map_err(|source| cannot_keep(&self.path, source))?);
        Ok(())
    }

    fn add(&mut self, stanza: &str) -> Result<usize, Error> {
        if self.access == Access::Write {
            self.append(stanza).map_err(|source| cannot_keep(&self.path, source))?;
        }
        self.length += 1;
        Ok(self.length - 1)
    }

    fn earlier(&self) -> Result<Earlier, Error> {
        let path = self.path.clone();
        let failed = move |source: io::Error| cannot_keep(&path, source);
        let lines = self.lines().map_err(&failed)?.skip(1).take(self.old);
        let message = |line: Vec<u8>| serde_json::from_slice(&line).map_err(io::Error::other);
        Ok(Box::new(lines.map(move |line| line.and_then(message).map_err(&failed))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::temporary;
    use super::*;
    use journal::Journal as _;

    fn open(directory: &tempfile::TempDir) -> Journal {
        Journal::open(directory.path().join("journal.jsonl"), Access::Write).expect("it is of use")
    }

    fn earlier(directory: &tempfile::TempDir) -> Vec<String> {
        open(directory).earlier().expect("it can be read").collect::<Result<_, _>>().expect("it can be read")
    }

    #[test]
    fn what_is_added_is_there_in_the_next_run_until_it_is_not_kept() {
        let directory = temporary();
        let mut journal = open(&directory);
        assert_eq!(["a", "b\n", "c"].map(|text| journal.add(text).expect("room")), [0, 1, 2]);
        journal.sync().expect("a disk");
        assert_eq!(earlier(&directory), ["a", "b\n", "c"]);
        let mut next = open(&directory);
        assert_eq!(next.add("d").expect("room"), 3);
        next.keep_only(&[1, 3].into()).expect("room");
        assert_eq!(earlier(&directory), ["b\n", "d"]);
        open(&directory).keep_only(&BTreeSet::new()).expect("it can be removed");
        assert_eq!(earlier(&directory), [""; 0]);
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 0);
    }

    #[test]
    fn what_is_taken_back_leaves_what_was_there() {
        let directory = temporary();
        open(&directory).add("a").expect("room");
        let mut next = open(&directory);
        next.add("b").expect("room");
        next.forget_new().expect("room");
        assert_eq!(earlier(&directory), ["a"]);
    }

    #[test]
    fn half_a_line_is_none() {
        let directory = temporary();
        open(&directory).add("a").expect("room");
        let mut file = private_files().append(true).open(directory.path().join("journal.jsonl")).expect("it is there");
        file.write_all(b"\"half").expect("room");
        assert_eq!(earlier(&directory), ["a"]);
        open(&directory).add("b").expect("room");
        assert_eq!(earlier(&directory), ["a", "b"]);
    }
}
