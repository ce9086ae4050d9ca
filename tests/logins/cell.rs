//! One cell of the matrix: logins to one domain of the server.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::Server;

/// By what the account is proved.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    Password,
    Certificate,
    Nothing,
}

/// What must come of it.
pub(crate) enum Expected {
    /// A login with the first mechanism where nothing is known, and later with the second.
    By(&'static str, &'static str),
    /// The exit status, and words of the error.
    Refused(i32, &'static str),
}

pub(crate) struct Cell<'a> {
    pub(crate) server: &'a Server,
    pub(crate) name: String,
    pub(crate) host: String,
    /// Where nobody is asked for a certificate.
    pub(crate) usual_host: String,
    pub(crate) domain: String,
    pub(crate) means: Means,
    pub(crate) expected: Expected,
    /// By which token the third login is done, where the server gives any.
    pub(crate) token: Option<&'static str>,
}

/// How `chat` ended.
struct Ended {
    status: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    /// Whether it ended so; else what it said.
    fn must(self, status: i32, words: &str) -> Result<Self, String> {
        if self.status == Some(status) && self.err.contains(words) {
            return Ok(self);
        }
        Err(format!("not {status} and “{words}”, but {:?}: {}", self.status, self.err.trim().replace('\n', " | ")))
    }
}

/// A machine of a person's own, with their secrets and what `chat` remembers.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("a temporary directory"));
        home.write("password", "pw");
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(self.path(name));
        file.and_then(|mut file| file.write_all(text.as_bytes())).expect("a file");
    }
}

impl Cell<'_> {
    pub(crate) fn check(&self) -> Result<(), String> {
        match self.expected {
            Expected::Refused(status, words) => {
                self.send(&Home::new(), "juliet", "hi").must(status, words)?;
                Ok(())
            }
            Expected::By(first, later) => self.lets_in(first, later),
        }
    }

    fn lets_in(&self, first: &str, later: &str) -> Result<(), String> {
        let (home, reader) = (Home::new(), Home::new());
        // What earlier cells left.
        self.read(&reader).must(0, "")?;
        let [first, later] = [first, later].map(|mechanism| format!(": {mechanism}\n"));
        // A token takes the place of a password, and of nothing else.
        let token = self.token.filter(|_| self.means == Means::Password).map(|token| format!("by a token: {token}\n"));
        for words in [&first, &later, token.as_ref().unwrap_or(&later)] {
            self.send(&home, "juliet", words.trim()).must(0, words)?;
        }
        let arrived = self.read(&reader).must(0, "")?.out;
        if arrived.lines().count() != 3 {
            return Err(format!("not three messages arrived, but: {arrived}"));
        }
        self.refuses_others()
    }

    fn refuses_others(&self) -> Result<(), String> {
        let home = Home::new();
        match self.means {
            Means::Password => home.write("password", "wrong"),
            // Hers is a certificate for her, and not for him.
            Means::Certificate => {
                self.send(&home, "romeo", "hi").must(77, "does not take the client certificate")?;
                return Ok(());
            }
            Means::Nothing => return Ok(()),
        }
        self.send(&home, "juliet", "hi").must(77, "wrong password")?;
        Ok(())
    }

    fn send(&self, home: &Home, name: &str, text: &str) -> Ended {
        let mut command = self.chat(home, "send", &self.host);
        let user = if self.means == Means::Nothing { self.domain.clone() } else { format!("{name}@{}", self.domain) };
        command.args(["-u", &user]);
        match self.means {
            Means::Password => command.arg("-p").arg(home.path("password")),
            Means::Certificate => command.args(["-K", &format!("{}/juliet.pem", self.server.certificates)]),
            Means::Nothing => &mut command,
        };
        run(command.args(["-v", &self.reader(), text]))
    }

    /// Where everybody has a password.
    fn reader(&self) -> String {
        format!("romeo@{}", if self.means == Means::Password { &self.domain } else { "chat.example" })
    }

    /// Marks what it shows, for the next cell.
    fn read(&self, home: &Home) -> Ended {
        let mut command = self.chat(home, "unread", &self.usual_host);
        run(command.args(["-u", &self.reader(), "-m", "-p"]).arg(home.path("password")))
    }

    fn chat(&self, home: &Home, verb: &str, host: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chat"));
        command.env_clear().env("HOME", home.0.path()).env("LANG", "C.UTF-8").env("TZ", "UTC");
        command.args([verb, "-H", host, "-C", &format!("{}/ca.pem", self.server.certificates)]);
        command
    }
}

fn run(command: &mut Command) -> Ended {
    let output = command.output().expect("chat runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ended { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}
