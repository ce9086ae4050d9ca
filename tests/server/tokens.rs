//! Logins without the password (SASL2, FAST), against a server that has them: tests/server/tokens.

use std::fs;
use std::path::PathBuf;

use crate::account::{Account, Ended, address, ca_file};

const WORDS: &str = "checking the password";

impl Account {
    /// A file of what is remembered; there is one account only.
    fn remembered(&self, name: &str) -> PathBuf {
        let state = self.password_file().with_file_name(".local/state/chat");
        let mut accounts = fs::read_dir(state).expect("something is remembered");
        accounts.next().expect("an account").expect("a directory").path().join(name)
    }

    fn token(&self) -> String {
        fs::read_to_string(self.remembered("token.json")).expect("a token")
    }

    fn log_in(&self) {
        let file = self.password_file().display().to_string();
        let arguments = ["login", "-H", &address(), "-C", &ca_file(), "-p", &file, &self.jid];
        Ended::from(self.bare(&arguments).output().expect("chat runs")).expect_status(0);
    }
}

#[test]
fn after_login_the_password_is_not_needed() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.log_in();
    let sent = alice.chat("send", &["-v", &bob.jid, "hi"]).expect_status(0);
    assert!(!sent.err.contains(WORDS), "{}", sent.err);
    assert_eq!(bob.unread(&["-T"]), ["1"]);
}

#[test]
fn without_login_the_third_use_needs_no_password() {
    let (alice, bob) = (Account::new(), Account::new());
    let asked =
        ["1", "2", "3"].map(|text| alice.chat("send", &["-v", &bob.jid, text]).expect_status(0).err.contains(WORDS));
    assert_eq!(asked, [true, true, false]);
    assert_eq!(bob.unread(&["-T"]), ["3"]);
}

#[test]
fn a_token_that_the_server_does_not_know_costs_one_more_connection_and_no_message() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.log_in();
    let token = alice.token();
    for wrong in ["HT-SHA-256-NONE wrong", "HT-SHA-256-EXPR wrong", "nonsense"] {
        fs::write(alice.remembered("token.json"), format!("{{\"version\":1,\"token\":\"{wrong}\"}}")).expect("a file");
        let sent = alice.chat("send", &["-v", &bob.jid, "hi"]).expect_status(0);
        assert!(sent.err.contains(WORDS), "{}", sent.err);
        assert!(alice.token() != token && !alice.token().contains(wrong), "there is no new token");
    }
    assert_eq!(bob.unread(&["-T"]), ["3"]);
}

#[test]
fn a_wrong_password_is_77_and_brings_no_token() {
    let alice = Account::new();
    alice.send(&alice, "hi");
    alice.write_password("wrong");
    alice.chat("send", &[&alice.jid, "hi"]).expect_status(77).expect_error("wrong password");
    assert!(!alice.remembered("token.json").exists());
}

#[test]
fn a_token_does_not_hide_a_wrong_password() {
    let alice = Account::new();
    alice.log_in();
    alice.write_password("wrong");
    alice.chat("send", &[&alice.jid, "hi"]).expect_status(77).expect_error("wrong password");
    alice.write_password("pw");
    alice.chat("send", &[&alice.jid, "hi"]).expect_status(0);
}

#[test]
fn a_password_from_standard_input_leaves_no_token() {
    let alice = Account::new();
    for _ in 0..3 {
        let mut command = alice.bare(&["send", "-u", &alice.jid, "-H", &address(), "-C", &ca_file(), "-p", "-"]);
        command.args([&alice.jid, "hi"]);
        crate::account::with_input(command, b"pw\n").expect_status(0);
    }
    assert!(!alice.remembered("token.json").exists());
}

#[test]
fn logout_makes_the_token_worthless() {
    let alice = Account::new();
    alice.log_in();
    let kept = ["token.json", "login.json"].map(|name| (alice.remembered(name), fs::read(alice.remembered(name))));
    let ended = Ended::from(alice.bare(&["logout", &alice.jid]).output().expect("chat runs")).expect_status(0);
    assert!(!ended.err.contains("could not be told"), "{}", ended.err);
    for (path, content) in kept {
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, content.expect("it was there")).expect("a file");
    }
    let sent = alice.chat("send", &["-v", &alice.jid, "hi"]).expect_status(0);
    assert!(sent.err.contains(WORDS), "the token is still good: {}", sent.err);
}

#[test]
fn several_at_once_share_a_token() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.log_in();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| alice.chat("send", &[&bob.jid, "hi"]).expect_status(0));
        }
    });
    assert_eq!(bob.unread(&["-T"]), ["4"]);
}
