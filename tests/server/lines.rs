//! `chat send -l`: each line of input is a message.

use std::io::Write;
use std::process::Stdio;

use crate::account::{Account, with_input};
use crate::other_clients::phone;

fn bodies(account: &Account) -> Vec<String> {
    let shown = account.unread(&["-m"]);
    shown.iter().map(|line| line.split_once("  ").map_or("", |(_, body)| body).to_owned()).collect()
}

#[test]
fn each_line_is_a_message_in_its_order_and_blank_lines_are_none() {
    let (alice, bob) = (Account::new(), Account::new());
    let ended = with_input(alice.command("send", &["-l", &bob.jid]), b"one\n\ntwo\n   \nthree").expect_status(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    assert_eq!(bodies(&bob), ["one", "two", "three"]);
}

#[test]
fn no_lines_are_no_error() {
    with_input(Account::new().command("send", &["-l", "bob@chat.example"]), b"").expect_status(0);
}

#[test]
fn a_line_is_sent_before_the_next_one_comes() {
    let (alice, bob) = (Account::new(), Account::new());
    let mut command = alice.command("send", &["-l", "-j", &bob.jid]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("chat runs");
    let mut input = child.stdin.take().expect("a pipe");
    let mut told = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    for number in 1..=3 {
        writeln!(input, "line {number}").expect("chat reads");
        let mut result = String::new();
        std::io::BufRead::read_line(&mut told, &mut result).expect("a result");
        assert!(result.contains(&format!("\"line\":{number},\"status\":\"sent\"")), "{result}");
    }
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(bodies(&bob), ["line 1", "line 2", "line 3"]);
}

#[test]
fn failures_are_told_with_their_line_and_the_others_are_sent() {
    let (alice, bob) = (Account::new(), Account::new());
    let list = format!("{},nobody@chat.example", bob.jid);
    let ended = with_input(alice.command("send", &["-l", &list]), b"one\ngr\xfc\xdf\nthree\n").expect_status(67);
    let mut failures: Vec<String> =
        ended.out.lines().filter_map(|line| Some(line.split_once("  failed")?.0.to_owned())).collect();
    failures.sort_unstable();
    let mut expected = [1, 2, 3].map(|line| format!("{line}  nobody@chat.example")).to_vec();
    expected.push(format!("2  {}", bob.jid));
    expected.sort_unstable();
    assert_eq!(failures, expected, "{ended:?}");
    assert_eq!(bodies(&bob), ["one", "three"]);
}

#[test]
fn two_thousand_lines_are_all_there_once_and_in_order() {
    let (alice, bob) = (Account::new(), Account::new());
    let lines: Vec<String> = (1..=2000).map(|number| number.to_string()).collect();
    let input = lines.join("\n");
    with_input(alice.command("send", &["-l", &bob.jid]), input.as_bytes()).expect_status(0);
    assert_eq!(phone(&alice, &["archive", &bob.jid]), input);
}

#[test]
fn words_beside_the_lines_are_a_usage_error() {
    let alice = Account::new();
    with_input(alice.command("send", &["-l", "bob@chat.example", "hi"]), b"one\n").expect_status(64);
}

/// More than a server takes, but no more than `chat` does; on the way it is twice as large as it looks.
fn too_large() -> String {
    format!("{}{}", "x".repeat(2_000_000), "<".repeat(500_000))
}

#[test]
fn a_line_that_the_server_does_not_take_is_told_and_the_others_are_sent() {
    let (alice, bob) = (Account::new(), Account::new());
    let input = format!("ok1\n{}\nok3\n{}\nok5\n", too_large(), too_large());
    // A second run with the same id finds the others there, and tells the same again.
    for _ in 0..2 {
        let ended = with_input(alice.command("send", &["-l", "-I", "job", &bob.jid]), input.as_bytes());
        let ended = ended.expect_status(65);
        let told: Vec<Option<&str>> = ended.out.lines().map(|line| line.split("  ").next()).collect();
        assert_eq!(told, [Some("2"), Some("4")], "{ended:?}");
    }
    assert_eq!(phone(&alice, &["archive", &bob.jid]), "ok1\nok3\nok5");
}

#[test]
fn of_many_lines_only_the_one_that_is_too_large_is_not_sent() {
    let (alice, bob) = (Account::new(), Account::new());
    let mut lines: Vec<String> = (1..=400).map(|number| number.to_string()).collect();
    lines[40] = too_large();
    let ended = with_input(alice.command("send", &["-l", "-Q", &bob.jid]), lines.join("\n").as_bytes());
    let ended = ended.expect_status(65);
    assert!(ended.out.starts_with("41  ") && ended.out.lines().count() == 1, "{ended:?}");
    lines.remove(40);
    assert_eq!(phone(&alice, &["archive", &bob.jid]), lines.join("\n"));
    let waiting = alice.bare(&["queue", "-u", &alice.jid]).output().expect("chat runs");
    assert_eq!(String::from_utf8_lossy(&waiting.stdout), "");
}
