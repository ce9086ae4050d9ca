//! The sessions that send messages with an id by the caller. Whoever runs the command again after one was killed must know
//! them: the server may still be at what they sent, and the archive of a room does not tell whose that is.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ring::digest;

use super::AccountState;
use super::directory::directory_name;
use super::file::cannot_keep;
use crate::error::Error;
use crate::platform;

impl AccountState {
    /// The full JIDs of the sessions that began to send under `id` and were not seen to end.
    pub fn sessions(&self, id: &str) -> BTreeSet<String> {
        let files = fs::read_dir(self.sessions_of(id)).into_iter().flatten().flatten();
        files.filter_map(|file| fs::read_to_string(file.path()).ok()).filter(|session| !session.is_empty()).collect()
    }

    /// Keeps that `session` sends under `id` from now on. Each has a file, so that several processes never lose one another's.
    pub fn keep_session(&self, id: &str, session: &str) -> Result<(), Error> {
        self.make_directory()?;
        let path = self.session(id, session);
        write(&path, session).map_err(|source| cannot_keep(&path, source))
    }

    /// It has ended, and with it everything that it sent.
    pub fn forget_session(&self, id: &str, session: &str) -> Result<(), Error> {
        let path = self.session(id, session);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(cannot_keep(&path, source)),
            _ => {}
        }
        // Best effort: the directories are empty, or another process needs them.
        let _ = fs::remove_dir(self.sessions_of(id)).and_then(|()| fs::remove_dir(self.sending(id)));
        Ok(())
    }

    fn session(&self, id: &str, session: &str) -> PathBuf {
        // A server may give a session a name that is too long for a file.
        let digest = digest::digest(&digest::SHA256, session.as_bytes());
        let name = digest.as_ref().iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        self.sessions_of(id).join(format!("{name:032x}"))
    }

    fn sessions_of(&self, id: &str) -> PathBuf {
        self.sending(id).join("sessions")
    }

    fn sending(&self, id: &str) -> PathBuf {
        self.directory.join("sending").join(directory_name(id))
    }
}

fn write(path: &Path, session: &str) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut file = platform::private_files().write(true).create(true).truncate(true).open(path)?;
    io::Write::write_all(&mut file, session.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jid::BareJid;

    #[test]
    fn sessions_are_known_until_they_end() {
        let directory = tempfile::tempdir().expect("a directory");
        let state = AccountState::of(&BareJid::new("juliet@chat.example").expect("an address"), directory.path());
        let long = "x/".repeat(100);
        assert!(state.sessions(&long).is_empty());
        for session in ["juliet@chat.example/one", "juliet@chat.example/two"] {
            state.keep_session(&long, session).expect("kept");
        }
        state.keep_session("job", "juliet@chat.example/three").expect("kept");
        state.forget_session(&long, "juliet@chat.example/one").expect("forgotten");
        assert_eq!(state.sessions(&long), BTreeSet::from(["juliet@chat.example/two".to_owned()]));
        state.forget_session(&long, "juliet@chat.example/two").expect("forgotten");
        state.forget_session("job", "juliet@chat.example/three").expect("forgotten");
        state.forget_session("job", "juliet@chat.example/three").expect("it is gone already");
        assert_eq!((state.sessions(&long).len(), state.sessions("job").len()), (0, 0));
    }
}
