//! `chat send -m`: sending to rooms.

use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStdout, Stdio};

use crate::account::{Account, with_input};
use crate::other_clients::{phone, phone_command};
use crate::relay::{Fault, Relay};

const OPEN: &str = "membersonly=0";

fn name(account: &Account) -> &str {
    account.jid.split('@').next().expect("a local part")
}

/// A room of `owner` with these settings, of which the first says who may come.
fn room_of(owner: &Account, settings: &[&str]) -> String {
    let room = format!("{}@conference.chat.example", name(owner));
    phone(owner, &[&["configure", &room], settings].concat());
    room
}

/// Somebody in a room, whose screen can be read.
struct Occupant {
    child: Child,
    screen: Lines<BufReader<ChildStdout>>,
}

impl Occupant {
    fn enter(account: &Account, room: &str, nick: &str) -> Self {
        let mut child =
            phone_command(account, &["occupy", room, nick]).stdout(Stdio::piped()).spawn().expect("a phone");
        let screen = BufReader::new(child.stdout.take().expect("its screen")).lines();
        let mut occupant = Self { child, screen };
        occupant.sees("ready");
        occupant
    }

    fn sees(&mut self, line: &str) {
        assert_eq!(self.screen.next().expect("it goes on").expect("UTF-8"), line);
    }

    fn leaves(mut self) {
        assert!(self.child.wait().expect("it ends").success());
    }
}

#[test]
fn everybody_in_the_room_sees_the_message_and_the_sender_is_gone_again() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice, &[OPEN]);
    let mut occupant = Occupant::enter(&alice, &room, "Romeo");
    let ended = bob.chat("send", &["-m", &room, "see", "you"]).expect_status(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    occupant.sees(&format!("groupchat {} see you", name(&bob)));
    occupant.sees(&format!("left {}", name(&bob)));
    bob.chat("send", &["-N", "Ben Volio", &format!("xmpp:{room}?join"), "end"]).expect_status(0);
    occupant.sees("groupchat Ben Volio end");
    occupant.leaves();
    assert_eq!(phone(&alice, &["history", &room]), "see you\nend");
}

#[test]
fn a_private_message_comes_to_one_person_in_the_room_if_they_are_there() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice, &[OPEN]);
    let mut occupant = Occupant::enter(&alice, &room, "Romeo");
    bob.chat("send", &["-m", &format!("{room}/Romeo"), "psst"]).expect_status(0);
    occupant.sees(&format!("chat {} psst", name(&bob)));
    occupant.sees(&format!("left {}", name(&bob)));
    bob.chat("send", &["-m", &format!("{room}/Tybalt"), "psst"]).expect_status(67).expect_error("Tybalt");
    occupant.sees(&format!("left {}", name(&bob)));
    bob.chat("send", &["-m", &room, "end"]).expect_status(0);
    occupant.sees(&format!("groupchat {} end", name(&bob)));
    occupant.leaves();
    assert_eq!(phone(&alice, &["history", &room]), "end");
}

#[test]
fn a_room_with_a_password_wants_the_right_one() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice, &[OPEN, "passwordprotectedroom=1", "roomsecret=sesame"]);
    let file = tempfile::NamedTempFile::new().expect("a file");
    let send = |password: &str| {
        fs::write(file.path(), password).expect("written");
        bob.chat("send", &["-m", "-P", file.path().to_str().expect("UTF-8"), &room, "hi"])
    };
    bob.chat("send", &["-m", &room, "hi"]).expect_status(77).expect_error("-P FILE");
    send("wrong").expect_status(77).expect_error("refuses the password");
    send("sesame").expect_status(0);
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).expect("our file");
    bob.chat("send", &["-m", "-P", file.path().to_str().expect("UTF-8"), &room, "hi"]).expect_status(78);
    assert_eq!(phone(&alice, &["history", &room]), "hi");
}

#[test]
fn a_room_that_keeps_me_out_says_why() {
    let (alice, bob, carol, dave) = (Account::new(), Account::new(), Account::new(), Account::new());
    let room = room_of(&alice, &["membersonly=1"]);
    bob.chat("send", &["-m", &room, "hi"]).expect_status(69).expect_error("only its members");
    phone(&alice, &["affiliate", &room, &bob.jid, "member"]);
    let occupant = Occupant::enter(&bob, &room, "Romeo");
    phone(&alice, &["affiliate", &room, &carol.jid, "member"]);
    carol.chat("send", &["-m", "-N", "Romeo", &room, "hi"]).expect_status(69).expect_error("-N NAME");
    carol.chat("send", &["-m", "-N", "Juliet", &room, "end"]).expect_status(0);
    occupant.leaves();
    phone(&alice, &["configure", &room, OPEN]);
    phone(&alice, &["affiliate", &room, &dave.jid, "outcast"]);
    dave.chat("send", &["-m", &room, "hi"]).expect_status(69).expect_error("banned");
}

#[test]
fn a_room_that_does_not_exist_is_not_made() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = format!("no-{}@conference.chat.example", name(&alice));
    alice.chat("send", &["-m", &room, "hi"]).expect_status(67).expect_error("does not exist");
    assert_eq!(phone(&alice, &["is_room", &room]), "item-not-found");
    alice.chat("send", &["-m", &bob.jid, "hi"]).expect_status(69).expect_error("is not a room");
    alice.chat("send", &["-m", "far@rooms.nowhere.example", "hi"]).expect_status(68);
    assert_eq!(bob.unread(&["-T"]), ["0"]);
}

#[test]
fn rooms_and_people_get_a_line_each_and_lines_come_in_order() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice, &[OPEN]);
    let gone = format!("no-{room}");
    let list = format!("xmpp:{room}?join,{},xmpp:{gone}?join", alice.jid);
    let ended = bob.chat("send", &[&list, "hi"]).expect_status(67);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.iter().filter(|line| line.ends_with("  sent")).count(), 2, "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with(&format!("{gone}  failed  "))), "{lines:?}");
    let numbers: Vec<String> = (1..=300).map(|number| number.to_string()).collect();
    let input = numbers.join("\n");
    with_input(bob.command("send", &["-lm", &room]), input.as_bytes()).expect_status(0);
    assert_eq!(phone(&alice, &["history", &room]), format!("hi\n{input}"));
}

#[test]
fn an_id_of_mine_is_sent_once_to_the_room_whose_archive_is_asked() {
    let (alice, bob, carol) = (Account::new(), Account::new(), Account::new());
    let room = room_of(&alice, &[OPEN]);
    carol.chat("send", &["-m", "-I", "job-1", &room, "of", "somebody", "else"]).expect_status(0);
    for _ in 0..2 {
        bob.chat("send", &["-m", "-I", "job-1", &room, "done"]).expect_status(0);
    }
    bob.on_another_machine().chat("send", &["-m", "-N", "other", "-I", "job-1", &room, "done"]).expect_status(0);
    assert_eq!(phone(&alice, &["history", &room]), "of somebody else\ndone");
}

#[test]
fn a_message_to_a_room_waits_in_the_queue_and_is_sent_once_whatever_is_cut() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice, &[OPEN]);
    let mut nowhere = bob.command_at("xmpp:127.0.0.1:1", "send", &["-Qm", "-N", "Ben", &room, "later"]);
    assert_eq!(nowhere.stderr(Stdio::null()).status().expect("chat runs").code(), Some(0));
    bob.chat("flush", &[]).expect_status(0);
    let whole = Relay::start(Fault::None);
    let send = |relay: &Relay, text: &str| {
        let arguments = ["-m", "-t", "20", room.as_str(), text];
        bob.command_at(&relay.host(), "send", &arguments).stderr(Stdio::null()).status().expect("chat runs").code()
    };
    assert_eq!(send(&whole, "whole"), Some(0));
    let bytes = whole.said();
    let mut expected = vec!["later".to_owned(), "whole".to_owned()];
    for cut in 0..6 {
        let text = format!("cut {cut}");
        assert_eq!(send(&Relay::start(Fault::CutOnceAfter(bytes - 1 - bytes * cut / 24)), &text), Some(0), "{text}");
        expected.push(text);
    }
    assert_eq!(phone(&alice, &["history", &room]), expected.join("\n"));
}

#[test]
fn who_is_sent_out_in_between_is_told_of_what_was_not_taken() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice, &[OPEN]);
    let mut occupant = Occupant::enter(&alice, &room, "Romeo");
    let command = &mut bob.command("send", &["-lm", &room]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("chat runs");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(b"one\n").expect("it reads");
    occupant.sees(&format!("groupchat {} one", name(&bob)));
    phone(&alice, &["affiliate", &room, &bob.jid, "outcast"]);
    input.write_all(b"two\n").expect("it reads");
    drop(input);
    let ended = child.wait_with_output().expect("it ends");
    let out = String::from_utf8(ended.stdout).expect("UTF-8");
    assert_eq!(ended.status.code(), Some(69), "{out}");
    assert!(out.starts_with(&format!("2  {room}  failed  ")), "{out}");
    assert_eq!(phone(&alice, &["history", &room]), "one");
    phone(&alice, &["say", &room, "end"]);
    drop(occupant);
}

#[test]
fn what_is_said_of_rooms_only_is_refused_for_people() {
    let alice = Account::new();
    let jid = alice.jid.as_str();
    alice.chat("send", &["-N", "x", jid, "hi"]).expect_status(64).expect_error("-m");
    alice.chat("send", &["-m", "-w", "received", "verona@conference.chat.example", "hi"]).expect_status(64);
    let ended = alice.chat("send", &["-nm", "verona@conference.chat.example", "hi"]).expect_status(0);
    assert!(ended.out.contains("\nroom      verona@conference.chat.example\n"), "{}", ended.out);
}
