//! `-e`: the message is written in the person's editor, and kept in a file until it is sent.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::conversation::body::Body;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::talk;
use crate::platform;

/// A text that was written by hand, in a file that only its owner can read.
pub(super) struct Draft {
    path: PathBuf,
    pub(super) body: Body,
}

impl Draft {
    /// Lets the person write in `editor`, a command for the shell; the file is made in `directory`. Who writes nothing
    /// sends nothing.
    pub(super) fn write(editor: &str, directory: &Path) -> Result<Self, Error> {
        let path = directory.join(format!("{}.txt", uuid::Uuid::now_v7().simple()));
        let made = platform::private_folders().create(directory);
        let made = made.and_then(|()| platform::private_files().write(true).create_new(true).open(&path));
        made.map_err(|source| Error::CannotKeep { path: path.clone(), source })?;
        let written = edit(editor, &path).and_then(|()| fs::read(&path));
        let failed = |source| Error::CannotRead { what: "the text from the editor".into(), source };
        match written.map_err(failed).and_then(Body::new) {
            Ok(body) => Ok(Self { path, body }),
            Err(Error::EmptyMessage) => {
                remove(&path);
                Err(Error::EmptyMessage)
            }
            Err(error) => Err(kept(&path, error)),
        }
    }

    /// The file goes when everybody got the text, and is named when not.
    pub(super) fn end(self, result: Result<ExitCode, Error>) -> Result<ExitCode, Error> {
        match result {
            Ok(ExitCode::Done) => remove(&self.path),
            Ok(_) => name(&self.path),
            Err(error) => return Err(kept(&self.path, error)),
        }
        result
    }

    /// The file stays, and is named: nobody got the text.
    pub(super) fn stay(self) {
        name(&self.path);
    }
}

fn edit(editor: &str, path: &Path) -> io::Result<()> {
    let status = platform::shell_with(editor, path).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("“{editor}” ended with {status}"))) }
}

fn kept(path: &Path, error: Error) -> Error {
    name(path);
    error
}

fn name(path: &Path) {
    talk::note(&format!("your text is in {}", path.display()));
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        talk::note(&format!("{}: {error}", path.display()));
    }
}

/// What is run here is written for the shell of Unix.
#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn drafts(directory: &tempfile::TempDir) -> usize {
        fs::read_dir(directory.path()).expect("a directory").count()
    }

    #[test]
    fn what_was_written_is_kept_until_it_is_sent() {
        let directory = tempfile::tempdir().expect("a directory");
        let write = || Draft::write("printf 'see you\\n' >", directory.path()).expect("a text");
        assert_eq!(write().body.as_str(), "see you");
        assert!(write().end(Err(Error::NoAccount)).is_err());
        assert!(write().end(Ok(ExitCode::NoUser)).is_ok());
        write().stay();
        assert_eq!(drafts(&directory), 4);
        assert_eq!(write().end(Ok(ExitCode::Done)).expect("sent"), ExitCode::Done);
        assert_eq!(drafts(&directory), 4);
    }

    #[test]
    fn who_writes_nothing_sends_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        assert!(matches!(Draft::write("true", directory.path()), Err(Error::EmptyMessage)));
        assert_eq!(drafts(&directory), 0);
    }

    #[test]
    fn an_editor_that_fails_loses_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let failed = Draft::write("f() { echo hi > \"$1\"; return 3; }; f", directory.path());
        assert_eq!(failed.err().expect("it failed").exit_code(), ExitCode::NoInput);
        assert_eq!(drafts(&directory), 1);
    }

    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("a directory");
        let draft = Draft::write("echo hi >", directory.path()).expect("a text");
        assert_eq!(fs::metadata(&draft.path).expect("it is there").permissions().mode() & 0o777, 0o600);
    }
}
