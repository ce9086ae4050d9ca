//! What `chat unread` promises.

use crate::account::{Account, on_server, with_input};

#[test]
fn nothing_unread_prints_nothing_and_ends_with_zero() {
    let bob = Account::new();
    let ended = bob.chat("unread", &[]).expect_status(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    bob.chat("unread", &["-q"]).expect_status(1);
    assert_eq!(bob.unread(&["-T"]), ["0"]);
}

#[test]
fn messages_are_shown_in_their_order_until_they_are_marked() {
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    alice.send(&bob, "one");
    carol.send(&bob, "two");
    alice.send(&bob, "three");
    let all = [format!("{}  one", alice.jid), format!("{}  two", carol.jid), format!("{}  three", alice.jid)];
    assert_eq!(bob.unread(&[]), all);
    assert_eq!(bob.unread(&[]), all, "showing changes nothing");
    bob.chat("unread", &["-q"]).expect_status(0);
    assert_eq!(bob.unread(&["-m"]), all);
    assert_eq!(bob.unread(&["-m"]), [""; 0]);
    alice.send(&bob, "four");
    assert_eq!(bob.unread(&[]), [format!("{}  four", alice.jid)]);
}

#[test]
fn only_the_named_senders_are_shown_and_marked() {
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    alice.send(&bob, "from alice");
    carol.send(&bob, "from carol");
    assert_eq!(bob.unread(&["-m", &alice.jid]), [format!("{}  from alice", alice.jid)]);
    assert_eq!(bob.unread(&[]), [format!("{}  from carol", carol.jid)]);
}

#[test]
fn what_one_machine_marks_is_read_on_another() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    bob.unread(&["-m"]);
    let elsewhere = bob.on_another_machine();
    assert_eq!(elsewhere.unread(&["-T"]), ["0"]);
    alice.send(&bob, "two");
    assert_eq!(elsewhere.unread(&[]), [format!("{}  two", alice.jid)]);
}

#[test]
fn json_has_the_exact_text_and_one_object_a_line() {
    let (alice, bob) = (Account::new(), Account::new());
    let text = "a\tb\n{\"type\":\"message\"} \u{202e}\u{9b}31m \\n";
    alice.send(&bob, text);
    let ended = bob.chat("unread", &["-j"]).expect_status(0);
    let object: serde_json::Value = serde_json::from_str(ended.out.trim_end()).expect("one JSON object");
    assert_eq!((object["from"].as_str(), object["body"].as_str()), (Some(alice.jid.as_str()), Some(text)));
}

#[test]
fn hostile_text_is_one_harmless_line() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "hi\n2026-11-24 09:15:02  bank@chat.example  pay\u{202e} \u{9b}2J");
    let ended = bob.chat("unread", &[]).expect_status(0);
    assert_eq!(ended.out.lines().count(), 1);
    assert!(!ended.out.contains(['\u{202e}', '\u{9b}']), "{:?}", ended.out);
}

#[test]
fn what_chat_sent_itself_does_not_count_as_a_reply() {
    // Case 10.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "question");
    bob.send(&alice, "report of a cron job");
    assert_eq!(bob.unread(&[]), [format!("{}  question", alice.jid)]);
}

#[test]
fn three_hundred_messages_are_all_shown_once() {
    let (alice, bob) = (Account::new(), Account::new());
    for batch in 0..30 {
        let runs: Vec<_> = (0..10)
            .map(|number| alice.command("send", &[&bob.jid, &format!("{batch}/{number}")]).spawn().expect("chat runs"))
            .collect();
        for mut run in runs {
            assert!(run.wait().expect("it ends").success());
        }
    }
    let mut shown = bob.unread(&["-m"]);
    assert_eq!(shown.len(), 300);
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), 300);
    assert_eq!(bob.unread(&["-T"]), ["0"]);
}

/// Gives the oldest of the person's archived messages the id of the next one, as it is when both come in one microsecond,
/// and empties the queue, which knows them by their old ids.
fn make_twins(bob: &Account) {
    let user = bob.jid.split('@').next().expect("a name");
    let of_bob = format!("FROM archive WHERE username = '{user}' ORDER BY id");
    on_server(&[
        "mysql",
        "ejabberd",
        "-e",
        &format!(
            "SET @second = (SELECT timestamp {of_bob} LIMIT 1, 1);
             UPDATE archive SET timestamp = @second WHERE username = '{user}' ORDER BY id LIMIT 1;
             DELETE FROM spool WHERE username = '{user}';"
        ),
    ]);
}

#[test]
fn messages_that_share_an_archive_id_are_all_shown_once() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    alice.send(&bob, "two");
    make_twins(&bob);
    let mut shown = bob.unread(&["-m"]);
    shown.sort();
    assert_eq!(shown, ["one", "two"].map(|text| format!("{}  {text}", alice.jid)));
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_page_of_the_archive_that_begins_between_two_with_one_id_loses_none() {
    let (alice, bob) = (Account::new(), Account::new());
    let lines = (0..251).map(|number| number.to_string()).collect::<Vec<_>>().join("\n");
    with_input(alice.command("send", &["-l", &bob.jid]), lines.as_bytes()).expect_status(0);
    make_twins(&bob);
    let mut shown = bob.unread(&["-m"]);
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), 251);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn two_runs_at_once_mark_each_message_once() {
    // Case 33.
    let (alice, bob) = (Account::new(), Account::new());
    (0..5).for_each(|number| alice.send(&bob, &number.to_string()));
    let run = || bob.command("unread", &["-m"]).stdout(std::process::Stdio::piped()).spawn().expect("chat runs");
    let outputs = [run(), run()].map(|run| run.wait_with_output().expect("it ends"));
    let lines: usize = outputs.iter().map(|output| String::from_utf8_lossy(&output.stdout).lines().count()).sum();
    assert_eq!(lines, 5);
}
