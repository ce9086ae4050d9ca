//! `chat send -e`: the message is written in the person's editor.

use std::fs;
use std::process::{Command, Stdio};

use crate::account::{Account, Ended};

/// Runs `chat send -e` on a terminal, with this editor.
fn send(from: &Account, to: &str, editor: &str) -> Ended {
    let chat = from.command("send", &["-e", to]);
    let words: Vec<_> =
        std::iter::once(chat.get_program()).chain(chat.get_args()).map(|word| word.to_string_lossy()).collect();
    let mut terminal = Command::new("script");
    let line = format!("'{}'", words.join("' '"));
    terminal.args(["--quiet", "--return", "--command", &line, "/dev/null"]).stdin(Stdio::null());
    terminal.env("HOME", home(from)).env("EDITOR", editor).env_remove("VISUAL").env_remove("XDG_STATE_HOME");
    Ended::from(terminal.output().expect("script runs"))
}

fn home(account: &Account) -> std::path::PathBuf {
    account.password_file().with_file_name("")
}

fn drafts(account: &Account) -> Vec<String> {
    let files = fs::read_dir(home(account).join(".local/state/chat/drafts")).into_iter().flatten();
    files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a text")).collect()
}

#[test]
fn what_is_written_in_the_editor_is_sent_and_kept_until_then() {
    let (alice, bob) = (Account::new(), Account::new());
    send(&alice, &bob.jid, "echo see you >").expect_status(0);
    assert_eq!(drafts(&alice), [""; 0]);
    send(&alice, &bob.jid, "true").expect_status(66);
    assert_eq!(drafts(&alice), [""; 0]);
    let ended = send(&alice, "nobody@chat.example", "echo hello >").expect_status(67);
    assert!(ended.out.contains("your text is in "), "{}", ended.out);
    assert_eq!(drafts(&alice), ["hello\n"]);
    assert_eq!(bob.unread(&[]), [format!("{}  see you", alice.jid)]);
}

#[test]
fn without_a_terminal_there_is_no_editor() {
    let alice = Account::new();
    alice.chat("send", &["-e", "bob@chat.example"]).expect_status(64).expect_error("terminal");
    alice.chat("send", &["-e", "bob@chat.example", "hi"]).expect_status(64);
    alice.chat("send", &["-el", "bob@chat.example"]).expect_status(64);
}
