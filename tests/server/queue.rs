//! `chat send -Q`, `chat flush` and `chat queue`: what cannot be sent now is sent later, and once.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::account::{Account, Ended, with_input};
use crate::other_clients::phone;
use crate::relay::{Fault, Relay};
use crate::schema;

/// Nobody listens there.
const DOWN: &str = "127.0.0.1:9";

fn at(host: &str, account: &Account, verb: &str, arguments: &[&str]) -> Ended {
    Ended::from(account.command_at(host, verb, arguments).output().expect("chat runs"))
}

fn queue(account: &Account, arguments: &[&str]) -> Ended {
    let arguments = [&["queue", "-u", &account.jid], arguments].concat();
    Ended::from(account.bare(&arguments).output().expect("chat runs"))
}

/// Queues the numbers, of which each is a message, while the server is down.
fn queue_lines(account: &Account, to: &Account, count: usize) -> String {
    let lines: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    let input = lines.join("\n");
    let ended = with_input(account.command_at(DOWN, "send", &["-l", "-Q", &to.jid]), input.as_bytes());
    ended.expect_status(0).expect_error(&format!("queued: {count}"));
    input
}

/// Ends `chat` in the middle, where it is not faster.
fn kill_after(milliseconds: u64, mut command: std::process::Command) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("chat runs");
    let killed_at = Instant::now() + Duration::from_millis(milliseconds);
    while Instant::now() < killed_at && child.try_wait().expect("a status").is_none() {
        std::thread::yield_now();
    }
    drop(child.kill());
    child.wait().expect("it ends");
}

#[test]
fn what_cannot_be_sent_now_is_sent_later_with_its_id() {
    let (alice, bob) = (Account::new(), Account::new());
    at(DOWN, &alice, "send", &[&bob.jid, "lost"]).expect_status(75);
    let ended = at(DOWN, &alice, "send", &["-Q", &bob.jid, "one"]).expect_status(0).expect_error("queued");
    assert_eq!(ended.out, "");
    let told = at(DOWN, &alice, "send", &["-jQ", "-I", "job-2", &bob.jid, "two"]).expect_status(0).out;
    schema::assert_valid(&told);
    assert!(told.contains(r#""id":"job-2","status":"queued","exit_code":0"#), "{told}");
    let shown = queue(&alice, &["-j"]).expect_status(0).out;
    schema::assert_valid(&shown);
    assert_eq!(shown.lines().count(), 2);
    at(DOWN, &alice, "flush", &[]).expect_status(75);
    let ended = alice.chat("flush", &[]).expect_status(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    alice.chat("flush", &[]).expect_status(0);
    at(DOWN, &alice, "flush", &[]).expect_status(0);
    assert_eq!(queue(&alice, &[]).expect_status(0).out, "");
    alice.chat("send", &["-I", "job-2", &bob.jid, "two"]).expect_status(0);
    assert_eq!(phone(&alice, &["archive", &bob.jid]), "one\ntwo");
}

#[test]
fn a_message_does_not_overtake_those_that_wait_for_the_same_person() {
    let (alice, bob) = (Account::new(), Account::new());
    at(DOWN, &alice, "send", &["-Q", &bob.jid, "one"]).expect_status(0);
    at(DOWN, &alice, "send", &["-Q", &bob.jid, "two"]).expect_status(0);
    let ended = alice.chat("send", &["-Q", &bob.jid, "three"]).expect_status(0);
    assert_eq!(ended.err, "");
    assert_eq!(phone(&alice, &["archive", &bob.jid]), "one\ntwo\nthree");
}

#[test]
fn what_can_never_be_delivered_is_told_once_and_put_aside() {
    let (alice, bob) = (Account::new(), Account::new());
    let list = format!("nobody@chat.example,{}", bob.jid);
    at(DOWN, &alice, "send", &["-Q", "-I", "job-1", &list, "hi\x07\u{202e}"]).expect_status(65);
    let told = at(DOWN, &alice, "send", &["-Q", "-I", "job-1", &list, "hi \u{202e}"]).expect_status(0).out;
    assert_eq!(told.lines().filter(|line| line.contains("  queued  ")).count(), 2, "{told}");
    let ended = alice.chat("flush", &[]).expect_status(67);
    assert!(ended.out.starts_with("nobody@chat.example  failed  "), "{}", ended.out);
    alice.chat("flush", &[]).expect_status(0);
    let shown = queue(&alice, &[]).expect_status(0).out;
    assert!(shown.contains("  job-1  nobody@chat.example  failed  ") && shown.contains("hi \\u{202e}"), "{shown}");
    assert_eq!(shown.lines().count(), 1);
    queue(&alice, &["-r", "job-1"]).expect_status(0);
    alice.chat("flush", &[]).expect_status(67);
    for wrong in [&["-d"][..], &["-dr", "job-1"], &["job-1"]] {
        queue(&alice, wrong).expect_status(64);
    }
    queue(&alice, &["-d", "job-2"]).expect_status(66).expect_error("job-2");
    queue(&alice, &["-d", "job-1"]).expect_status(0);
    assert_eq!(queue(&alice, &[]).expect_status(0).out, "");
    assert_eq!(bob.unread(&["-T"]), ["1"]);
}

#[test]
fn a_queue_is_sent_once_after_any_cut() {
    let (alice, bob) = (Account::new(), Account::new());
    let whole = Relay::start(Fault::None);
    at(&whole.host(), &alice, "send", &["-Q", &bob.jid, "0"]).expect_status(0);
    let bytes = whole.said();
    for cut in 1..=8 {
        // Mostly near the end, where the message is on its way.
        let relay = Relay::start(Fault::CutAfter(bytes - bytes * cut / 24));
        at(&relay.host(), &alice, "send", &["-Q", "-t", "2", &bob.jid, &cut.to_string()]).expect_status(0);
        // Whether a message came back that only the archive knows of is not known, where no other one was taken.
        assert!(matches!(alice.chat("flush", &[]).status, 0 | 2));
    }
    let expected: Vec<String> = (0..=8).map(|number: u8| number.to_string()).collect();
    assert_eq!(phone(&alice, &["archive", &bob.jid]), expected.join("\n"));
}

#[test]
fn what_a_killed_flush_left_is_sent_by_the_next() {
    let (alice, bob) = (Account::new(), Account::new());
    let input = queue_lines(&alice, &bob, 600);
    for milliseconds in [150, 300, 600] {
        kill_after(milliseconds, alice.command("flush", &[]));
    }
    let ended = alice.chat("flush", &[]);
    assert!(matches!(ended.status, 0 | 2), "{ended:?}");
    assert_eq!(phone(&alice, &["archive", &bob.jid]), input);
}

#[test]
fn several_flushes_at_once_send_everything_once() {
    let (alice, bob) = (Account::new(), Account::new());
    let input = queue_lines(&alice, &bob, 200);
    let start = || alice.command("flush", &[]).spawn().expect("chat runs");
    let running = [start(), start(), start()];
    for mut child in running {
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
    assert_eq!(phone(&alice, &["archive", &bob.jid]), input);
}

#[test]
fn an_account_with_a_queue_is_not_forgotten() {
    let (alice, bob) = (Account::new(), Account::new());
    at(DOWN, &alice, "send", &["-Q", &bob.jid, "one"]).expect_status(0);
    Ended::from(alice.bare(&["logout", &alice.jid]).output().expect("chat runs")).expect_status(75);
    alice.chat("flush", &[]).expect_status(0);
    assert_eq!(bob.unread(&["-T"]), ["1"]);
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let late = Instant::now() + Duration::from_secs(120);
    while !is_so() {
        assert!(Instant::now() < late, "{what}");
    }
}

#[test]
fn a_source_that_goes_on_behind_an_outage_is_sent_in_its_order() {
    let (alice, bob) = (Account::new(), Account::new());
    let wait_until_sent = |all: &str| wait_until(all, || phone(&alice, &["archive", &bob.jid]) == all);
    let relay = Relay::start(Fault::HeldAfter(0));
    let mut send = alice.command_at(&relay.host(), "send", &["-l", "-Q", "-t", "3", "-I", "job", &bob.jid]);
    let mut child = send.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("chat runs");
    let mut input = child.stdin.take().expect("a pipe");
    for line in ["one", "two"] {
        writeln!(input, "{line}").expect("chat reads");
        wait_until(line, || queue(&alice, &[]).out.contains(line));
    }
    // What is queued is nobody's in between, so another command may send it.
    wait_until("flush", || alice.chat("flush", &[]).status == 0);
    wait_until_sent("one\ntwo");
    writeln!(input, "three").expect("chat reads");
    wait_until("three", || queue(&alice, &[]).out.contains("three"));
    relay.let_go();
    wait_until_sent("one\ntwo\nthree");
    writeln!(input, "four").expect("chat reads");
    wait_until_sent("one\ntwo\nthree\nfour");
    drop(input);
    let ended = Ended::from(child.wait_with_output().expect("it ends")).expect_status(0);
    let ended = ended.expect_error("lines are queued for now");
    assert!(!ended.err.contains("chat flush sends them"), "{ended:?}");
    assert_eq!(queue(&alice, &[]).out, "");
}
