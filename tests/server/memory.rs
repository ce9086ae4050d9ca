//! How much memory `chat unread` takes, whatever waits.

use std::fs::{self, File};

use crate::account::{Account, with_input};

/// More than this, in kilobytes, is never resident.
const LIMIT: u64 = 64 * 1024;
const COUNT: usize = 40;

/// As large as a server takes it; no two are the same.
fn large(number: usize) -> String {
    format!("{number:03} {}", "aé\\x".repeat(180_000))
}

/// The archive holds them, and so does the queue: 72 megabytes. bench/unread does the same with 250.
#[test]
fn many_of_the_largest_messages_take_little_memory_and_are_whole() {
    // Case 51.
    let (alice, bob) = (Account::new(), Account::new());
    let lines: String = (0..COUNT).map(|number| large(number) + "\n").collect();
    with_input(alice.command("send", &["-l", "-t", "600", &bob.jid]), lines.as_bytes()).expect_status(0);
    let directory = tempfile::tempdir().expect("a temporary directory");
    for options in ["-g", "-jm"] {
        let output = directory.path().join("output");
        let kilobytes = bob.peak_memory("unread", &[options, "-t", "600"], File::create(&output).expect("a file"));
        assert!(kilobytes < LIMIT, "unread {options}: {kilobytes} kB");
        if options == "-jm" {
            let output = fs::read_to_string(output).expect("UTF-8");
            assert_eq!(output.lines().count(), COUNT);
            for (number, line) in output.lines().enumerate() {
                let message: serde_json::Value = serde_json::from_str(line).expect("one JSON object");
                assert!(message["body"] == large(number), "message {number} is another one");
            }
        }
    }
    assert_eq!(bob.chat("unread", &["-t", "600"]).expect_status(0).out, "");
}

/// 70 megabytes.
#[test]
fn queueing_takes_no_more_memory_the_longer_it_goes_on() {
    let (alice, bob) = (Account::new(), Account::new());
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (input, output) = (directory.path().join("input"), directory.path().join("output"));
    fs::write(&input, (format!("{}\n", "x".repeat(1_000_000))).repeat(70)).expect("written");
    let arguments = ["-l", "-Q", "-i", input.to_str().expect("UTF-8"), &bob.jid];
    let send = alice.command_at("127.0.0.1:9", "send", &arguments);
    let kilobytes = alice.peak_memory_of(&send, File::create(output).expect("a file"));
    assert!(kilobytes < LIMIT, "{kilobytes} kB");
}
