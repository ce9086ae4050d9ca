//! `chat send -w`: how far a message came.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Instant;

use crate::account::{Account, Ended, PROMPT, with_input};
use crate::other_clients::{phone, phone_command};
use crate::relay::{Fault, Relay};

/// A phone that confirms one message; it is online when this returns.
fn confirming_phone(account: &Account) -> (Child, impl BufRead) {
    let mut command = phone_command(account, &["confirm"]);
    let mut phone = command.stdout(Stdio::piped()).spawn().expect("python3 runs");
    let mut said = BufReader::new(phone.stdout.take().expect("a pipe"));
    let mut ready = String::new();
    said.read_line(&mut ready).expect("it says that it is there");
    assert_eq!(ready, "ready\n");
    (phone, said)
}

fn confirmed(level: &str) {
    let (alice, bob) = (Account::new(), Account::new());
    let (mut phone, mut said) = confirming_phone(&bob);
    let ended = alice.chat("send", &["-w", level, "-j", &bob.jid, "are you there?"]).expect_status(0);
    assert!(ended.out.contains(&format!("\"status\":\"{level}\"")), "{ended:?}");
    let mut body = String::new();
    said.read_line(&mut body).expect("it says what it got");
    assert_eq!(body, "are you there?\n");
    assert!(phone.wait().expect("it ends").success());
}

#[test]
fn a_phone_that_confirms_makes_it_received_or_displayed() {
    confirmed("received");
    confirmed("displayed");
}

#[test]
fn without_a_receipt_in_time_the_status_is_2_and_the_message_is_there() {
    let (alice, bob) = (Account::new(), Account::new());
    let started = Instant::now();
    let ended = alice.chat("send", &["-w", "received", "-t", "4", &bob.jid, "hi"]).expect_status(2);
    ended.expect_error("the server has the message").expect_error("do not send it again");
    assert!(started.elapsed() < PROMPT, "it took {:?}", started.elapsed());
    assert_eq!(bob.unread(&["-T"]), ["1"]);
}

#[test]
fn each_recipient_has_a_result_of_their_own() {
    let (alice, bob) = (Account::new(), Account::new());
    let list = format!("{},nobody@chat.example", bob.jid);
    let ended = alice.chat("send", &["-w", "received", "-t", "4", &list, "hi"]).expect_status(67);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert!(lines[0].starts_with(&format!("{}  unconfirmed  ", bob.jid)), "{lines:?}");
    assert!(lines[1].starts_with("nobody@chat.example  failed  "), "{lines:?}");
    assert_eq!(ended.err, "", "each line has said it");
}

#[test]
fn a_bounce_is_no_reason_to_wait_for_a_receipt() {
    let alice = Account::new();
    let started = Instant::now();
    alice.chat("send", &["-w", "displayed", "nobody@chat.example", "hi"]).expect_status(67);
    assert!(started.elapsed() < PROMPT);
}

#[test]
fn what_a_service_beside_the_server_sends_back_is_no_success() {
    let alice = Account::new();
    let room = alice.jid.replace("@chat.example", "@conference.chat.example");
    // Several times, because the service answers when it likes.
    for number in 0..5 {
        alice.chat("send", &[&room.replace('@', &format!("-{number}@")), "hi"]).expect_status(67);
    }
    phone(&alice, &["configure", &room, "membersonly=0"]);
    for to in [room.clone(), format!("{room}/Romeo")] {
        alice.chat("send", &[&to, "hi"]).expect_status(69).expect_error("occupants");
    }
    let ended = with_input(alice.command("send", &["-l", &room]), b"one\ntwo\nthree").expect_status(69);
    assert_eq!(ended.out.lines().count(), 3, "{}", ended.out);
}

#[test]
fn what_was_sent_before_is_not_confirmed_by_that() {
    let (alice, bob) = (Account::new(), Account::new());
    for _ in 0..2 {
        alice.chat("send", &["-w", "received", "-t", "4", "-I", "job", &bob.jid, "hi"]).expect_status(2);
    }
    assert_eq!(bob.unread(&["-T"]), ["1"]);
}

#[test]
fn a_connection_that_is_lost_before_anything_was_sent_is_opened_again_for_each_level() {
    let (alice, bob) = (Account::new(), Account::new());
    for level in ["acked", "received"] {
        let relay = Relay::start(Fault::CutOnceAfter(100));
        let command = alice.command_at(&relay.host(), "send", &["-w", level, "-t", "6", &bob.jid, level]).output();
        let status = if level == "acked" { 0 } else { 2 };
        Ended::from(command.expect("chat runs")).expect_status(status);
        assert!(relay.has_cut());
    }
    assert_eq!(bob.unread(&["-T"]), ["2"]);
}

#[test]
fn an_unknown_level_is_a_usage_error() {
    let ended =
        Ended::from(Account::new().bare(&["send", "-w", "read", "bob@chat.example"]).output().expect("chat runs"));
    ended.expect_status(64).expect_error("acked, received, displayed");
}
