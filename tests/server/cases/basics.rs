//! Looking: complete, always at an end, and without a trace.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use super::texts;
use crate::account::Account;
use crate::other_clients::{phone, phone_command};

#[test]
fn nobody_sees_a_look_at_an_empty_account() {
    // Case 1.
    let (alice, bob) = (Account::new(), Account::new());
    phone(&bob, &["befriend", &alice.jid]);
    let mut watch = phone_command(&alice, &["watch", &bob.jid]).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut watched = BufReader::new(watch.stdout.take().expect("a pipe"));
    let mut line = String::new();
    watched.read_line(&mut line).expect("a line");
    assert_eq!(line, "ready\n");
    let ended = bob.chat("unread", &[]).expect_status(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    // The phone is seen, so chat would have been.
    phone(&bob, &["receive"]);
    let mut seen = String::new();
    watched.read_to_string(&mut seen).expect("UTF-8");
    assert_eq!(seen, "phone\n");
    assert!(watch.wait().expect("it ends").success());
}

#[test]
fn a_hundred_runs_on_an_empty_queue_all_end() {
    // Case 3.
    let bob = Account::new();
    for _ in 0..100 {
        assert_eq!(bob.unread(&["-m"]), [""; 0]);
    }
}

#[test]
fn three_thousand_waiting_messages_are_all_shown_in_order() {
    // Case 4.
    let (alice, bob) = (Account::new(), Account::new());
    phone(&alice, &["flood", &bob.jid, "3000", "x"]);
    let expected: Vec<String> = (0..3000).map(|number| format!("x {number}")).collect();
    // A first look would consider the newest 1000 only.
    let shown = bob.unread(&["-mt", "600", "-S", "2020-01-01"]);
    assert_eq!(texts(&shown), expected);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn looking_changes_nothing_on_the_server() {
    // Case 5.
    let (alice, bob) = (Account::new(), Account::new());
    for text in ["one", "two"] {
        alice.send(&bob, text);
    }
    phone(&bob, &["displayed", &alice.jid]);
    alice.send(&bob, "three");
    let state = || ["queued", "positions", "node"].map(|what| phone(&bob, &[what]));
    let before = state();
    let first = bob.unread(&[]);
    assert_eq!(texts(&first), ["three"]);
    assert_eq!(bob.unread(&[]), first);
    assert_eq!(state(), before);
    assert_eq!(phone(&bob, &["position", &alice.jid]), "older");
    assert_eq!(phone(&bob, &["archive", &alice.jid]), "one\ntwo\nthree");
}
