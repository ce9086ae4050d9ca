//! `kill -9` in the middle of a large `chat send -l`, and what comes after it: each line once, and in its order.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use tempfile::NamedTempFile;

use crate::account::{Account, Ended};
use crate::other_clients::phone;

const LINES: usize = 3000;

fn lines() -> Vec<String> {
    (1..=LINES).map(|number| number.to_string()).collect()
}

/// A file of the lines.
fn input() -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(lines().join("\n").as_bytes()).expect("written");
    file
}

/// Kills `chat` once it has told of so many lines, and before it has told of all.
fn kill_after(told: usize, mut command: Command) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("chat runs");
    let mut results = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for result in results.by_ref().take(told) {
        let result = result.expect("a result");
        assert!(result.contains("\"status\":\"sent\""), "{result}");
    }
    child.kill().expect("it is still there");
    assert_eq!(child.wait().expect("it ends").signal(), Some(9), "it ended by itself");
    assert!(results.count() < LINES - told, "it had sent everything");
}

/// `chat flush` to its end. 2: of a message that only the archive knows nobody knows whether it came back.
fn flush(account: &Account) {
    let ended = account.chat("flush", &["-t", "120"]);
    assert!(matches!(ended.status, 0 | 2), "{ended:?}");
    let shown = Ended::from(account.bare(&["queue", "-u", &account.jid]).output().expect("chat runs"));
    assert_eq!(shown.expect_status(0).out, "", "something waits");
}

#[test]
fn the_same_command_with_the_same_id_sends_what_a_killed_one_left() {
    let (alice, bob, input) = (Account::new(), Account::new(), input());
    let command = ["-t", "120", "-l", "-j", "-I", "night", "-i", input.path().to_str().expect("UTF-8"), &bob.jid];
    // What is in the archive is told as sent, too.
    for told in [300, 900, 1700] {
        kill_after(told, alice.command("send", &command));
    }
    let ended = alice.chat("send", &command).expect_status(0);
    assert_eq!(ended.out.lines().count(), LINES);
    assert_eq!(phone(&alice, &["archive", &bob.jid]), lines().join("\n"));
}

#[test]
fn a_killed_run_into_a_room_is_taken_up_when_the_server_is_done_with_it() {
    let (alice, bob, input) = (Account::new(), Account::new(), input());
    let room = format!("{}@conference.chat.example", alice.jid.split('@').next().expect("a local part"));
    phone(&alice, &["configure", &room, "membersonly=0"]);
    let command = ["-t", "120", "-l", "-j", "-m", "-I", "night", "-i", input.path().to_str().expect("UTF-8"), &room];
    for told in [100, 900, 1700] {
        kill_after(told, bob.command("send", &command));
    }
    bob.chat("send", &command).expect_status(0);
    assert_eq!(phone(&alice, &["history", &room]), lines().join("\n"));
}

#[test]
fn with_a_queue_besides_it_may_be_flushed_meanwhile() {
    let (alice, bob, input) = (Account::new(), Account::new(), input());
    let command = ["-t", "120", "-l", "-jQ", "-I", "night", "-i", input.path().to_str().expect("UTF-8"), &bob.jid];
    kill_after(300, alice.command("send", &command));
    flush(&alice);
    for told in [900, 1700] {
        kill_after(told, alice.command("send", &command));
    }
    alice.chat("send", &command).expect_status(0);
    flush(&alice);
    assert_eq!(phone(&alice, &["archive", &bob.jid]), lines().join("\n"));
}

#[test]
fn what_a_killed_run_had_read_into_the_queue_is_sent_by_flush() {
    let (alice, bob, input) = (Account::new(), Account::new(), input());
    let command = ["-t", "120", "-l", "-jQ", "-i", input.path().to_str().expect("UTF-8"), &bob.jid];
    kill_after(500, alice.command("send", &command));
    flush(&alice);
    let sent = phone(&alice, &["archive", &bob.jid]);
    let sent: Vec<&str> = sent.lines().collect();
    assert!(sent.len() >= 500, "{} in the archive", sent.len());
    assert_eq!(sent, lines()[..sent.len()], "each line once and in order, as far as it came");
}
