//! Networks and outputs that fail: never a false success, never a message lost, always an end before the deadline.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use crate::account::{Account, Ended, PROMPT, on_server};
use crate::relay::{Fault, Relay};

fn send_over(relay: &Relay, alice: &Account, bob: &Account) -> Ended {
    let mut command = alice.command_at(&relay.host(), "send", &["-t", "2", &bob.jid, "hi"]);
    Ended::from(command.output().expect("chat runs"))
}

/// How many bytes the server says while a message is sent to somebody.
fn bytes_of_a_send(alice: &Account) -> usize {
    let relay = Relay::start(Fault::None);
    send_over(&relay, alice, &Account::new()).expect_status(0);
    relay.said()
}

fn never_a_false_success(fault: impl Fn(usize) -> Fault, statuses: &[i32]) {
    let (alice, bob) = (Account::new(), Account::new());
    let all = bytes_of_a_send(&alice);
    let mut successes = 0;
    for tenth in 0..10 {
        let relay = Relay::start(fault(all * tenth / 10));
        let ended = send_over(&relay, &alice, &bob);
        successes += usize::from(ended.status == 0);
        assert!(ended.status == 0 || statuses.contains(&ended.status), "after {tenth}/10: {ended:?}");
    }
    let arrived: usize = bob.unread(&["-T"])[0].parse().expect("a number");
    assert!(successes <= arrived, "{successes} said to be sent, {arrived} arrived");
    assert!(successes < 5, "the faults did nothing");
}

#[test]
fn a_connection_cut_anywhere_is_no_success() {
    never_a_false_success(Fault::CutAfter, &[75]);
}

#[test]
fn a_server_that_falls_silent_anywhere_is_75_at_the_deadline() {
    never_a_false_success(Fault::StallAfter, &[75]);
}

#[test]
fn a_server_that_says_no_more_but_listens_on_is_75() {
    never_a_false_success(Fault::HalfCloseAfter, &[75]);
}

#[test]
fn garbage_anywhere_is_no_success() {
    // Before TLS it is a broken protocol, in TLS a broken connection, and it never is a certificate or a password.
    never_a_false_success(Fault::GarbageAfter, &[75, 76]);
}

#[test]
fn a_slow_server_is_waited_for() {
    let (alice, bob) = (Account::new(), Account::new());
    let all = bytes_of_a_send(&alice);
    for tenth in [0, 5, 9] {
        let relay = Relay::start(Fault::SlowAfter(all * tenth / 10));
        let mut command = alice.command_at(&relay.host(), "send", &["-t", "20", &bob.jid, "hi"]);
        Ended::from(command.output().expect("chat runs")).expect_status(0);
    }
    assert_eq!(bob.unread(&["-T"]), ["3"]);
}

#[test]
fn a_stopped_server_is_75_at_the_deadline() {
    // A machine of the project's own may be stopped; a process of it that answers nobody is the nearest thing.
    let relay = Relay::start(Fault::StallAfter(0));
    let alice = Account::new();
    let started = Instant::now();
    let mut command = alice.command_at(&relay.host(), "unread", &["-t", "1"]);
    let ended = Ended::from(command.output().expect("chat runs"));
    ended.expect_status(75).expect_error("no answer within 1 s while");
    assert!(started.elapsed() < PROMPT, "it took {:?}", started.elapsed());
}

#[test]
fn no_server_at_all_is_75() {
    let alice = Account::new();
    let mut command = alice.command_at("127.0.0.1:1", "send", &["bob@chat.example", "hi"]);
    Ended::from(command.output().expect("chat runs")).expect_status(75).expect_error("cannot connect");
}

#[test]
fn a_closed_or_full_output_marks_nothing() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    let full = File::options().write(true).open("/dev/full").expect("/dev/full");
    let status = bob.command("unread", &["-m"]).stdout(full).status().expect("chat runs");
    assert_eq!(status.code(), Some(74));
    let closed =
        format!("exec '{}' unread -m -u {} -H {} ", env!("CARGO_BIN_EXE_chat"), bob.jid, crate::account::address());
    let closed = format!("{closed} -C {} -p {} >&-", crate::account::ca_file(), bob.password_file().display());
    let status = std::process::Command::new("sh").args(["-c", &closed]).status().expect("sh runs");
    assert_eq!(status.code(), Some(74));
    assert_eq!(bob.unread(&["-T"]), ["1"]);
}

#[test]
fn a_reader_that_leaves_marks_only_what_was_written() {
    let (alice, bob) = (Account::new(), Account::new());
    // Larger than a pipe holds, so that the third cannot be written before the reader leaves.
    for text in ["one".to_owned(), "two ".repeat(50_000), "three".to_owned()] {
        alice.send(&bob, &text);
    }
    let mut child = bob.command("unread", &["-m"]).stdout(Stdio::piped()).spawn().expect("chat runs");
    let mut first = String::new();
    let mut reader = BufReader::with_capacity(16, child.stdout.take().expect("a pipe"));
    reader.read_line(&mut first).expect("a line");
    drop(reader);
    assert_eq!(child.wait().expect("chat ends").code(), Some(74));
    assert!(first.ends_with("  one\n"), "{first}");
    let left: Vec<usize> = bob.unread(&[]).iter().map(String::len).collect();
    assert_eq!(left, [alice.jid.len() + 2 + 200_000, alice.jid.len() + 2 + 5]);
}

#[test]
fn a_killed_run_loses_nothing() {
    let (alice, bob) = (Account::new(), Account::new());
    let texts = ["one".to_owned(), "two ".repeat(50_000), "three".to_owned()];
    for text in &texts {
        alice.send(&bob, text);
    }
    let mut child = bob.command("unread", &["-m"]).stdout(Stdio::piped()).spawn().expect("chat runs");
    let mut first = String::new();
    BufReader::with_capacity(16, child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
    child.kill().expect("it still runs");
    child.wait().expect("it ends");
    assert_eq!(bob.unread(&["-T"]), ["3"]);
}

/// The real thing: every process of the server stopped. Nobody else may need it meanwhile: tests/server/run runs this alone.
#[test]
fn a_server_under_sigstop_is_75_at_the_deadline() {
    let alice = Account::new();
    on_server(&["systemctl", "kill", "-s", "STOP", "ejabberd"]);
    let started = Instant::now();
    let ended = alice.chat("send", &["-t", "2", "bob@chat.example", "hi"]);
    on_server(&["systemctl", "kill", "-s", "CONT", "ejabberd"]);
    ended.expect_status(75).expect_error("no answer within 2 s");
    assert!(started.elapsed() < PROMPT);
}
