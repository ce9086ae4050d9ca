//! Runs that send messages with an id by the caller, and the sessions that they sent in. Whoever runs the command again
//! must know them: the server may still be at what a killed run sent, and the archive of a room does not tell whose that is.
//!
//! Each run has a file, which it holds locked while it is at work. A run waits for those that began before it; one that came
//! to its end takes its file away.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::AccountState;
use super::directory::directory_name;
use super::file::cannot_keep;
use crate::error::Error;
use crate::lock;
use crate::platform::{has_name, private_files};

/// Others only look through the directory.
const MOMENT: Duration = Duration::from_secs(5);
/// No server holds a session of nobody for so long.
const WEEK: Duration = Duration::from_secs(7 * 86_400);
/// Before each recipient in a file; no address begins so.
const TO: char = '>';

/// A run at work. Dropped before it is [`Run::done`], it leaves what the next one must know.
#[derive(Debug)]
pub struct Run {
    file: File,
    path: PathBuf,
    recipients: BTreeSet<String>,
    /// Its own.
    sessions: BTreeSet<String>,
    /// Those that began before it.
    others: Vec<PathBuf>,
    earlier: BTreeSet<String>,
}

impl AccountState {
    /// Begins a run that sends to `recipients` under `id`.
    pub fn begin_run(&self, id: &str, recipients: BTreeSet<String>) -> Result<Run, Error> {
        let root = self.directory.join("sending");
        let directory = root.join(directory_name(id)).join("runs");
        let failed = |source| cannot_keep(&directory, source);
        self.make_directory()?;
        fs::create_dir_all(&root).map_err(failed)?;
        let _guard = guard(&root).map_err(failed)?;
        sweep(&root);
        fs::create_dir_all(&directory).map_err(failed)?;
        let others = others(&directory, &recipients).map_err(failed)?;
        let (path, mut file) = create(&directory).map_err(failed)?;
        file.try_lock().map_err(|error| failed(error.into()))?;
        let list: String = recipients.iter().map(|to| format!("{TO}{to}\n")).collect::<Vec<_>>().concat();
        file.write_all(list.as_bytes()).map_err(failed)?;
        Ok(Run { file, path, recipients, sessions: BTreeSet::new(), others, earlier: BTreeSet::new() })
    }
}

impl Run {
    /// Whether there were runs before it that nobody saw come to their end.
    pub fn has_others(&self) -> bool {
        !self.others.is_empty()
    }

    /// Waits for the runs that began before, for so long at most; `false` if one is still at work.
    pub fn wait(&mut self, limit: Duration) -> Result<bool, Error> {
        let until = Instant::now() + limit;
        for other in self.others.clone() {
            let failed = |source| cannot_keep(&other, source);
            let Some(file) = open(&other).map_err(failed)? else { continue };
            self.earlier.extend(read(&other).map_err(failed)?.1);
            let left = until.saturating_duration_since(Instant::now());
            let Some(file) = lock::exclusively(file, left).map_err(failed)? else { return Ok(false) };
            if has_name(&file) {
                self.earlier.extend(read(&other).map_err(failed)?.1);
            }
        }
        Ok(true)
    }

    /// The full JIDs of the sessions of runs that were not seen to come to their end.
    pub fn earlier(&self) -> &BTreeSet<String> {
        &self.earlier
    }

    /// From now on it sends in `session`.
    pub fn sends(&mut self, session: &str) -> Result<(), Error> {
        if self.sessions.insert(session.to_owned()) {
            writeln!(self.file, "{session}").map_err(|source| cannot_keep(&self.path, source))?;
        }
        Ok(())
    }

    /// Everything was sent, and the archive has told what earlier runs had.
    pub fn done(mut self) {
        self.sessions.clear();
        for other in &self.others {
            if read(other).is_ok_and(|(recipients, _)| recipients.is_subset(&self.recipients)) {
                // Best effort: the next one asks once more.
                let _ = fs::remove_file(other);
            }
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.sessions.is_empty() {
            // Best effort, as above.
            let _ = fs::remove_file(&self.path);
        }
        // Closing the file alone would not do at once: a child process that is just being started holds it open, too.
        let _ = self.file.unlock();
    }
}

/// Nobody else begins a run or sweeps meanwhile.
fn guard(root: &Path) -> io::Result<File> {
    let file = private_files().append(true).create(true).open(root.join("lock"))?;
    lock::exclusively(file, MOMENT)?.ok_or_else(|| io::ErrorKind::TimedOut.into())
}

/// The files in `directory` of runs to one of the `recipients`, in a fixed order.
fn others(directory: &Path, recipients: &BTreeSet<String>) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(directory)?.flatten().map(|entry| entry.path()).collect();
    found.retain(|path| read(path).is_ok_and(|(theirs, _)| !theirs.is_disjoint(recipients)));
    found.sort();
    Ok(found)
}

fn open(path: &Path) -> io::Result<Option<File>> {
    match private_files().append(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}

/// The recipients and the sessions in a file; nothing where there is none. What a crash cut off is no session.
fn read(path: &Path) -> io::Result<(BTreeSet<String>, BTreeSet<String>)> {
    let mut text = String::new();
    match File::open(path).and_then(|mut file| file.read_to_string(&mut text)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let (recipients, sessions): (Vec<_>, Vec<_>) = whole.lines().partition(|line| line.starts_with(TO));
    let recipients = recipients.iter().map(|line| line.trim_start_matches(TO).to_owned()).collect();
    Ok((recipients, sessions.iter().map(|line| (*line).to_owned()).collect()))
}

/// A file of this run alone: one that was killed may have left the file of a process with the same number.
fn create(directory: &Path) -> io::Result<(PathBuf, File)> {
    let names = (0_u32..).map(|number| directory.join(format!("{}-{number}", std::process::id())));
    for path in names {
        match private_files().append(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result.map(|file| (path, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Takes away what nobody came back for, and empty directories. Best effort: it is in nobody's way.
fn sweep(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sweep(&path);
            let _ = fs::remove_dir(&path);
        } else if is_old(&entry) && open(&path).is_ok_and(|file| file.is_some_and(|file| file.try_lock().is_ok())) {
            let _ = fs::remove_file(&path);
        }
    }
}

fn is_old(entry: &fs::DirEntry) -> bool {
    let modified = entry.metadata().and_then(|data| data.modified()).ok();
    modified.and_then(|modified| modified.elapsed().ok()).is_some_and(|age| age > WEEK)
}

#[cfg(test)]
mod tests;
