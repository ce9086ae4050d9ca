//! What `chat unread` does on servers that have less, or are set up in another way: tests/server/matrix names the variant.
//!
//! Each test says which variants can show it; elsewhere tests/server/matrix skips it by name.

use std::process::Stdio;

use crate::account::{Account, setting_or};
use crate::full_disk::FullDisk;
use crate::other_clients::{phone, phone_command};
use crate::rooms::room_with;

/// The mode that the variant must be found to be, if these tests run for one.
fn expected_mode() -> String {
    setting_or("CHAT_TEST_MODE", "mode A: the archive has every message; the offline queue can be looked at")
}

fn texts(lines: &[String]) -> Vec<&str> {
    lines.iter().map(|line| line.split_once("  ").expect("sender and text").1).collect()
}

#[test]
fn the_mode_and_its_reason_are_said_with_v() {
    Account::new().chat("unread", &["-v"]).expect_status(0).expect_error(&expected_mode());
}

#[test]
fn waiting_messages_are_shown_until_marked_and_then_never_again() {
    // Cases 2, 16, 18, 19, 20 and 21: the last five are variants of tests/server/matrix.
    let (alice, bob) = (Account::new(), Account::new());
    for text in ["one", "two", "three"] {
        alice.send(&bob, text);
    }
    for _ in 0..3 {
        assert_eq!(texts(&bob.unread(&[])), ["one", "two", "three"], "showing changes nothing");
    }
    assert_eq!(texts(&bob.unread(&["-m"])), ["one", "two", "three"]);
    assert_eq!(bob.unread(&["-m"]), [""; 0]);
    alice.send(&bob, "four");
    assert_eq!(texts(&bob.unread(&["-m"])), ["four"]);
}

#[test]
fn marking_one_sender_leaves_the_others_unread() {
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    alice.send(&bob, "from alice");
    carol.send(&bob, "from carol");
    alice.send(&bob, "from alice again");
    assert_eq!(texts(&bob.unread(&["-m", &carol.jid])), ["from carol"]);
    assert_eq!(texts(&bob.unread(&[])), ["from alice", "from alice again"]);
    assert_eq!(texts(&bob.unread(&["-m"])), ["from alice", "from alice again"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_full_disk_takes_nothing_from_the_server() {
    // Case 29: where the server only hands messages over, they would be nowhere.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    let full = FullDisk::for_the_state_of(&bob);
    let ended = bob.chat("unread", &[]);
    assert!(ended.status == 0 && ended.out.contains("one") || ended.status == 73, "{ended:?}");
    drop(full);
    assert_eq!(texts(&bob.unread(&["-m"])), ["one"]);
}

#[test]
fn an_output_that_fails_leaves_everything_unread() {
    // Case 29.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    let full = std::fs::File::options().write(true).open("/dev/full").expect("/dev/full");
    let status = bob.command("unread", &["-m"]).stdout(full).status().expect("chat runs");
    assert_eq!(status.code(), Some(74));
    assert_eq!(texts(&bob.unread(&["-m"])), ["one"]);
}

/// Prosody remembers only 500 stanzas that were not acknowledged.
#[test]
fn many_waiting_messages_survive_looking() {
    let (alice, bob) = (Account::new(), Account::new());
    phone(&alice, &["flood", &bob.jid, "700", "x"]);
    for options in [&[] as &[&str], &[], &["-m"]] {
        let mut shown = bob.unread(options);
        shown.dedup();
        assert_eq!(shown.len(), 700);
    }
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_look_leaves_the_messages_for_the_phone() {
    // Case 6.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    bob.unread(&[]);
    assert_eq!(phone(&bob, &["receive"]), "one");
}

#[test]
fn a_message_that_no_archive_keeps_is_shown_once() {
    // Case 24.
    let (alice, bob) = (Account::new(), Account::new());
    phone(&alice, &["unarchived", &bob.jid, "psst"]);
    assert_eq!(texts(&bob.unread(&["-m"])), ["psst"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn two_machines_at_once_lose_nothing() {
    let (alice, bob) = (Account::new(), Account::new());
    (0..5).for_each(|number| alice.send(&bob, &number.to_string()));
    let elsewhere = bob.on_another_machine();
    let run = |bob: &Account| bob.command("unread", &["-m"]).stdout(Stdio::piped()).spawn().expect("chat runs");
    let runs = [run(&bob), run(&elsewhere)].map(|run| run.wait_with_output().expect("it ends").stdout);
    let shown = runs.map(|out| String::from_utf8(out).expect("UTF-8")).join("\n");
    let missing = |machine: &Account| {
        let later = machine.unread(&[]).join("\n");
        (0..5).filter(|number| !(shown.clone() + "\n" + &later).contains(&format!("  {number}\n"))).count()
    };
    assert_eq!(missing(&bob), 0, "{shown}");
}

/// Servers commit messages late, behind newer ones that were shown already. tests/server/soak does more of it.
#[test]
fn six_senders_at_once_are_shown_completely_and_once() {
    // Case 32.
    let number = |name: &str, usual: &str| setting_or(name, usual).parse::<usize>().expect("a number");
    let (rounds, each) = (number("CHAT_TEST_ROUNDS", "1"), number("CHAT_TEST_MESSAGES", "50"));
    let bob = Account::new();
    let senders: Vec<Account> = (0..6).map(|_| Account::new()).collect();
    for round in 1..=rounds {
        let (mut shown, looks) = shown_meanwhile(&bob, &senders, each, round);
        shown.sort();
        let words =
            |from: &Account| (0..each).map(|number| format!("{}  x{round} {number}", from.jid)).collect::<Vec<_>>();
        let mut sent: Vec<String> = senders.iter().flat_map(words).collect();
        sent.sort();
        let line = format!("run {round}: {} sent, {} shown in {looks} looks\n", sent.len(), shown.len());
        std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes()).expect("an output");
        assert_eq!(shown, sent);
        assert_eq!(bob.unread(&[]), [""; 0]);
    }
}

/// What `chat unread -m` shows in a loop while each sender sends so many messages, and how often it looked.
fn shown_meanwhile(bob: &Account, senders: &[Account], each: usize, round: usize) -> (Vec<String>, usize) {
    let flood = |sender: &Account| {
        let action = ["flood", &bob.jid, &each.to_string(), &format!("x{round}")];
        phone_command(sender, &action).stdout(Stdio::null()).spawn().expect("it runs")
    };
    let mut floods: Vec<_> = senders.iter().map(flood).collect();
    let (mut shown, mut looks) = (Vec::new(), 1);
    while floods.iter_mut().any(|flood| flood.try_wait().expect("a child").is_none()) {
        shown.extend(bob.unread(&["-m"]));
        looks += 1;
    }
    shown.extend(bob.unread(&["-m"]));
    (shown, looks)
}

/// A client that publishes without saying how leaves a node that contacts can see, and that holds one conversation.
#[test]
fn a_badly_made_node_is_repaired() {
    // Case 14.
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    alice.send(&bob, "one");
    carol.send(&bob, "two");
    phone(&bob, &["badnode", &alice.jid]);
    assert_eq!(phone(&bob, &["node"]), "presence 1");
    assert_eq!(texts(&bob.unread(&["-m"])), ["two"]);
    let node = phone(&bob, &["node"]);
    assert!(node.starts_with("whitelist ") && node != "whitelist 1", "{node}");
    assert_eq!(phone(&bob, &["position", &alice.jid]), "newest", "the phone's position is kept");
    assert_eq!(phone(&bob, &["position", &carol.jid]), "newest");
}

#[test]
fn without_a_place_for_read_positions_other_machines_learn_them_from_private_storage() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    bob.unread(&["-m"]);
    assert_eq!(bob.on_another_machine().unread(&[]), [""; 0]);
    alice.send(&bob, "two");
    assert_eq!(texts(&bob.on_another_machine().unread(&[])), ["two"]);
    let room = room_with(&alice, &bob);
    phone(&bob, &["old_bookmarks", &room]);
    phone(&alice, &["say", &room, "in the room"]);
    assert_eq!(bob.unread(&["-Rm"]).len(), 1);
    assert_eq!(bob.on_another_machine().unread(&["-R"]), [""; 0]);
    assert_eq!(texts(&bob.on_another_machine().unread(&[])), ["two"], "the other positions stay");
}

#[test]
fn without_any_place_for_read_positions_that_is_said_once() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    bob.chat("unread", &["-m"]).expect_status(0).expect_error("known on this machine only");
    alice.send(&bob, "two");
    let second = bob.chat("unread", &["-m"]).expect_status(0);
    assert_eq!((second.err.as_str(), second.out.lines().count()), ("", 1));
    assert_eq!(bob.unread(&[]), [""; 0]);
}
