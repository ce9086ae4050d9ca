//! The acceptance cases of issue 3 that are not about a feature of their own. Each test says which of the 54 cases it
//! shows; tests/cases.rs checks that none is missing, and tests/server/needs says which servers can show it.

mod agreement;
mod basics;
mod forged;
mod outputs;
mod servers;
mod texts;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};

use crate::account::{Account, on_server};
use crate::other_clients::say;

/// The words of lines, without their senders.
fn texts(lines: &[String]) -> Vec<&str> {
    lines.iter().map(|line| line.split_once("  ").expect("sender and text").1).collect()
}

/// `chat unread -m` whose reader has read one line, “first”, and does not read on: the second is larger than a pipe holds.
struct Paging {
    child: Child,
    reader: BufReader<ChildStdout>,
}

impl Paging {
    fn start(alice: &Account, bob: &Account) -> Self {
        alice.send(bob, "first");
        alice.send(bob, &"second ".repeat(30_000));
        let mut child = bob.command("unread", &["-m", "-t", "120"]).stdout(Stdio::piped()).spawn().expect("chat runs");
        let mut reader = BufReader::with_capacity(16, child.stdout.take().expect("a pipe"));
        let mut first = String::new();
        reader.read_line(&mut first).expect("a line");
        assert!(first.ends_with("  first\n"), "{first}");
        Self { child, reader }
    }

    fn kill(mut self) {
        self.child.kill().expect("it still runs");
        self.child.wait().expect("it ends");
    }

    /// The reader leaves.
    fn leave(mut self) {
        drop(self.reader);
        assert_eq!(self.child.wait().expect("it ends").code(), Some(74));
    }

    /// The reader reads on; there is nothing behind the second line.
    fn finish(mut self) {
        let mut rest = String::new();
        self.reader.read_to_string(&mut rest).expect("UTF-8");
        assert_eq!(self.child.wait().expect("it ends").code(), Some(0));
        assert_eq!(rest.lines().count(), 1, "{}", &rest[rest.len().saturating_sub(300)..]);
    }
}

/// The full address of the session that `chat` has open as `account`: what a forger would have to know.
fn session_of(account: &Account) -> String {
    let list = "if command -v ejabberdctl >/dev/null; then ejabberdctl connected_users
        else prosodyctl shell '> for jid in pairs(prosody.full_sessions) do print(jid) end'; fi";
    let sessions = on_server(&["sh", "-c", list]);
    let start = sessions.find(&format!("{}/", account.jid)).unwrap_or_else(|| panic!("no session: {sessions}"));
    sessions[start..].split_whitespace().next().expect("an address").to_owned()
}
