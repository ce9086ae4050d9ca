//! An account of the server under test, and `chat` run with it: in a home of its own, without the user's keyring.

use std::env;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tempfile::TempDir;

/// Far from the deadline that these tests set, and as far from what a busy machine may cost.
pub(crate) const PROMPT: Duration = Duration::from_secs(20);
pub(crate) const PASSWORD: &str = "pw";

#[expect(clippy::disallowed_methods, reason = "tests/server/run tells the tests where the server is")]
pub(crate) fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: start these tests by tests/server/run"))
}

#[expect(clippy::disallowed_methods, reason = "tests/server/matrix tells the tests what the server is")]
pub(crate) fn setting_or(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// The address of the server under test.
pub(crate) fn address() -> String {
    setting("CHAT_TEST_ADDRESS")
}

/// The certificate of the authority that signed the server's.
pub(crate) fn ca_file() -> String {
    setting("CHAT_TEST_CA")
}

/// Runs a command on the server's machine, as root.
pub(crate) fn on_server(command: &[&str]) -> String {
    let machine = concat!(env!("CARGO_MANIFEST_DIR"), "/testbed/machine");
    let output = Command::new(machine).arg("exec").arg(setting("CHAT_TEST_MACHINE")).args(command).output();
    let output = output.expect("testbed/machine runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// An account that no other test uses, and a machine of its own for the person.
pub(crate) struct Account {
    pub(crate) jid: String,
    home: TempDir,
}

impl Account {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let jid = format!("{}{number}@chat.example", setting("CHAT_TEST_ACCOUNTS"));
        let account = Self { jid, home: tempfile::tempdir().expect("a temporary directory") };
        account.write_password(PASSWORD);
        account
    }

    /// The same person with nothing remembered.
    pub(crate) fn on_another_machine(&self) -> Self {
        let other = Self { jid: self.jid.clone(), home: tempfile::tempdir().expect("a temporary directory") };
        other.write_password(PASSWORD);
        other
    }

    /// The same person, on a machine that remembers the same.
    pub(crate) fn on_a_copy_of_the_machine(&self) -> Self {
        let other = self.on_another_machine();
        let copied = Command::new("cp").arg("-a").arg(self.home.path().join(".local")).arg(other.home.path()).status();
        assert!(copied.expect("cp runs").success(), "nothing is remembered");
        other
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn password_file(&self) -> PathBuf {
        self.home.path().join("password")
    }

    pub(crate) fn write_password(&self, password: &str) {
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(self.password_file());
        file.and_then(|mut file| file.write_all(password.as_bytes())).expect("a password file");
    }

    /// `chat` as this person runs it, with nothing said about the account.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chat"));
        command.args(arguments).env_clear().env("HOME", self.home.path()).env("TZ", "UTC").env("LANG", "C.UTF-8");
        command.stdin(Stdio::null());
        command
    }

    /// `chat VERB` with the account, its password and its server, then `arguments`.
    pub(crate) fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        self.command_at(&address(), verb, arguments)
    }

    /// The same, at another address.
    pub(crate) fn command_at(&self, host: &str, verb: &str, arguments: &[&str]) -> Command {
        let mut command = self.bare(&[verb, "-u", &self.jid, "-H", host, "-C", &ca_file(), "-p"]);
        command.arg(self.password_file());
        let limited = arguments.iter().any(|argument| argument.starts_with("-t"));
        if !limited && ["send", "unread", "flush"].contains(&verb) {
            // The server is busy with other tests, too.
            command.args(["-t", "120"]);
        }
        command.args(arguments);
        command
    }

    /// Runs `chat VERB …` to its end.
    pub(crate) fn chat(&self, verb: &str, arguments: &[&str]) -> Ended {
        Ended::from(self.command(verb, arguments).output().expect("chat runs"))
    }

    /// Runs `chat VERB …` to its end, which must be 0; how much memory was resident at most, in kilobytes.
    pub(crate) fn peak_memory(&self, verb: &str, arguments: &[&str], output: fs::File) -> u64 {
        self.peak_memory_of(&self.command(verb, arguments), output)
    }

    /// The same, of any of its commands.
    pub(crate) fn peak_memory_of(&self, chat: &Command, output: fs::File) -> u64 {
        let report = self.home.path().join("time");
        let mut time = Command::new("time");
        time.args(["--format", "%M", "--output"]).arg(&report).arg(chat.get_program()).args(chat.get_args());
        time.env_clear().env("PATH", "/usr/bin").env("HOME", self.home.path()).stdin(Stdio::null()).stdout(output);
        let ended = Ended::from(time.output().expect("time runs")).expect_status(0);
        let report = fs::read_to_string(report).expect("a report");
        report.trim().parse().unwrap_or_else(|_| panic!("{report}: {}", ended.err))
    }

    /// Sends `text` to `to`; it must arrive.
    pub(crate) fn send(&self, to: &Self, text: &str) {
        with_input(self.command("send", &["-t", "120", &to.jid]), text.as_bytes()).expect_status(0);
    }

    /// What `chat unread` shows: who and what, without the times.
    #[expect(clippy::print_stderr, reason = "shown where the test fails: it may say what was left out")]
    pub(crate) fn unread(&self, options: &[&str]) -> Vec<String> {
        let ended = self.chat("unread", options).expect_status(0);
        eprint!("{}", ended.err);
        ended.out.lines().map(|line| line.split_once("  ").map_or(line, |(_, rest)| rest).to_owned()).collect()
    }
}

/// How a run of `chat` ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Ended {
    pub(crate) fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, status, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    pub(crate) fn expect_error(self, words: &str) -> Self {
        assert!(self.err.contains(words), "“{words}” is not in: {}", self.err);
        self
    }
}

/// Runs `command` with `input` as its standard input.
pub(crate) fn with_input(mut command: Command, input: &[u8]) -> Ended {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("chat runs");
    // chat may refuse its command line and never read: then the pipe is closed.
    drop(child.stdin.take().expect("a pipe").write_all(input));
    Ended::from(child.wait_with_output().expect("chat ends"))
}
