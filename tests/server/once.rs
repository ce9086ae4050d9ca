//! `chat send -I`: once, however often the command is run; and what else a message can be.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::account::{Account, Ended, with_input};
use crate::other_clients::phone;
use crate::relay::{Fault, Relay};

#[test]
fn the_same_id_is_sent_once() {
    let (alice, bob, carol) = (Account::new(), Account::new(), Account::new());
    for _ in 0..3 {
        let ended = alice.chat("send", &["-I", "job-1", &bob.jid, "done"]).expect_status(0);
        assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    }
    alice.on_another_machine().chat("send", &["-I", "job-1", &bob.jid, "done"]).expect_status(0);
    alice.chat("send", &["-I", "job-2", &bob.jid, "done, too"]).expect_status(0);
    alice.chat("send", &["-I", "job-1", &format!("{},{}", bob.jid, carol.jid), "done"]).expect_status(0);
    assert_eq!(bob.unread(&["-T"]), ["2"]);
    assert_eq!(carol.unread(&["-T"]), ["1"]);
}

#[test]
fn what_came_back_is_no_success_the_second_time() {
    let alice = Account::new();
    for _ in 0..2 {
        alice.chat("send", &["-I", "job-1", "nobody@chat.example", "done"]).expect_status(67);
        alice.chat("send", &["-I", "job-1", "romeo@nowhere.example", "done"]).expect_status(68);
    }
}

#[test]
fn a_retry_after_any_cut_sends_once() {
    let (alice, bob) = (Account::new(), Account::new());
    let whole = Relay::start(Fault::None);
    let send = |relay: &Relay, id: &str, limit: &str| {
        let mut command = alice.command_at(&relay.host(), "send", &["-t", limit, "-I", id, &bob.jid, id]);
        command.stderr(Stdio::null()).status().expect("chat runs").code()
    };
    assert_eq!(send(&whole, "job-0", "60"), Some(0));
    let bytes = whole.said();
    for cut in 1..=8 {
        let id = format!("job-{cut}");
        // Mostly near the end, where the message is on its way.
        let relay = Relay::start(Fault::CutAfter(bytes - bytes * cut / 24));
        assert!(matches!(send(&relay, &id, "5"), Some(0 | 75)));
        assert_eq!(send(&whole, &id, "60"), Some(0));
    }
    let expected: Vec<String> = (0..=8).map(|number| format!("job-{number}")).collect();
    assert_eq!(phone(&alice, &["archive", &bob.jid]), expected.join("\n"));
}

#[test]
fn a_message_that_is_still_on_its_way_is_not_sent_a_second_time() {
    let (alice, bob, carol) = (Account::new(), Account::new(), Account::new());
    let send = |to: &Account, host: &str, limit: &str| {
        let arguments = ["-t", limit, "-I", "job", &to.jid, "done"];
        Ended::from(alice.command_at(host, "send", &arguments).output().expect("chat runs"))
    };
    let (first, whole) = (Relay::start(Fault::None), Relay::start(Fault::None));
    // From the second time on it knows the server, which says the same each time.
    send(&Account::new(), &first.host(), "60").expect_status(0);
    send(&carol, &whole.host(), "60").expect_status(0);
    // The answer of the empty archive comes before the message, and that to the message is the shorter one.
    let slow = Relay::start(Fault::HeldAfter(whole.said_in_all() - 500));
    send(&bob, &slow.host(), "5").expect_status(75);
    send(&bob, &whole.host(), "3").expect_status(75).expect_error("an earlier run with the same id");
    // Nor does the queue send it.
    alice.chat("send", &["-t", "3", "-Q", "-I", "job", &bob.jid, "done"]).expect_status(0).expect_error("queued");
    alice.chat("flush", &["-t", "3"]).expect_status(75);
    slow.let_go();
    let archive = || phone(&alice, &["archive", &bob.jid]);
    assert!((0..100).any(|_| archive() == "done"), "{}", archive());
    send(&bob, &whole.host(), "60").expect_status(0);
    // 2: of what only the archive knows nobody knows whether it came back.
    assert!(matches!(alice.chat("flush", &["-t", "60"]).status, 0 | 2));
    assert_eq!(archive(), "done");
}

#[test]
fn who_comes_while_the_same_is_being_sent_waits_for_its_end() {
    let (alice, bob) = (Account::new(), Account::new());
    let mut command = alice.command("send", &["-l", "-j", "-I", "job", &bob.jid]);
    let mut first = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("chat runs");
    let mut input = first.stdin.take().expect("a pipe");
    input.write_all(b"one\n").expect("it reads");
    let mut told = String::new();
    BufReader::new(first.stdout.take().expect("a pipe")).read_line(&mut told).expect("a result");
    let late = alice.command("send", &["-l", "-j", "-t", "2", "-I", "job", &bob.jid]);
    with_input(late, b"one\ntwo").expect_status(75).expect_error("an earlier run with the same id");
    let elsewhere = alice.on_another_machine();
    let late = elsewhere.command("send", &["-l", "-j", "-t", "5", "-I", "job", &bob.jid]);
    with_input(late, b"one\ntwo").expect_status(75).expect_error("an earlier run with the same id is not over yet");
    alice.chat("send", &["-t", "60", "-I", "job", &Account::new().jid, "to somebody else"]).expect_status(0);
    drop(input);
    assert!(first.wait().expect("it ends").success());
    with_input(elsewhere.command("send", &["-l", "-I", "job", &bob.jid]), b"one\ntwo").expect_status(0);
    with_input(alice.command("send", &["-l", "-I", "job", &bob.jid]), b"one\ntwo").expect_status(0);
    assert_eq!(phone(&alice, &["archive", &bob.jid]), "one\ntwo");
}

#[test]
fn a_file_a_list_of_recipients_a_subject_and_a_type() {
    let (alice, bob, carol) = (Account::new(), Account::new(), Account::new());
    let folder = tempfile::tempdir().expect("a folder");
    let (letter, list) = (folder.path().join("letter"), folder.path().join("list"));
    fs::write(&letter, "two\nlines\n").expect("written");
    fs::write(&list, format!("# on call\n{}\n\nxmpp:{}?message\n", bob.jid, carol.jid)).expect("written");
    let (letter, list) = (letter.to_str().expect("UTF-8"), list.to_str().expect("UTF-8"));
    let ended = alice.chat("send", &["-r", list, "-i", letter, "-s", "Dinner", "-T", "normal"]).expect_status(0);
    assert_eq!(ended.out, format!("{}  sent\n{}  sent\n", bob.jid, carol.jid));
    let shown = bob.chat("unread", &["-j"]).expect_status(0).out;
    let object: serde_json::Value = serde_json::from_str(shown.trim_end()).expect("an object");
    assert_eq!((object["subject"].as_str(), object["body"].as_str()), (Some("Dinner"), Some("two\nlines")));
    alice.chat("send", &["-r", list, "just", "words"]).expect_status(0);
    assert_eq!(carol.unread(&["-T"]), ["2"]);
}

#[test]
fn a_dry_run_says_what_it_would_do_and_sends_nothing() {
    let (alice, bob) = (Account::new(), Account::new());
    let ended = alice.chat("send", &["-n", &bob.jid, "hi"]).expect_status(0);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines[0], format!("account   {}", alice.jid));
    assert!(lines[1].contains(alice.password_file().to_str().expect("UTF-8")), "{lines:?}");
    assert_eq!(lines[2], format!("to        {}", bob.jid));
    assert_eq!(lines[3..], ["type      chat", "wait      acked", "text      hi", "bytes     2"]);
    assert_eq!(bob.unread(&["-T"]), ["0"]);
    alice.chat("send", &["-n", "-l", &bob.jid]).expect_status(64);
}

#[test]
fn files_that_are_not_there_are_66_and_say_which() {
    let alice = Account::new();
    alice
        .chat("send", &["-i", "/nowhere/letter", "bob@chat.example"])
        .expect_status(66)
        .expect_error("/nowhere/letter");
    alice.chat("send", &["-r", "/nowhere/list", "hi"]).expect_status(66).expect_error("/nowhere/list");
    with_input(alice.command("send", &["-i", "-", "bob@chat.example", "hi"]), b"x").expect_status(64);
}
