//! What people see on a terminal, and how they limit it.

use std::process::Command;

use crate::account::{Account, Ended};
use crate::other_clients::phone;

/// Without the days, which pass.
fn seen(output: &str) -> Vec<String> {
    let is_day = |line: &&str| {
        line.starts_with("  ") && line.ends_with(|last: char| last.is_ascii_digit()) && line.contains(", ")
    };
    let without_time =
        |line: &str| line.get(..9).filter(|start| start.contains(':')).map_or(line, |_| &line[9..]).to_owned();
    output.lines().filter(|line| !is_day(line)).map(|line| without_time(line.trim_end_matches('\r'))).collect()
}

#[test]
fn messages_are_grouped_under_the_names_of_contacts() {
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    phone(&bob, &["contact", &alice.jid, "Alice", "Liddell"]);
    alice.send(&bob, "one");
    carol.send(&bob, "two\nlines");
    alice.send(&bob, "three");
    let ended = bob.chat("unread", &["-gm"]).expect_status(0);
    let heading = format!("Alice Liddell <{}>  2 unread", alice.jid);
    let other = format!("{}  1 unread", carol.jid);
    assert_eq!(seen(&ended.out), [&heading, "one", "three", "", &other, "two", "         lines"]);
    assert_eq!(bob.unread(&["-T"]), ["0"]);
}

/// What `chat unread` and `behind` it show on a terminal of 30 columns.
fn on_a_terminal(bob: &Account, options: &[&str], behind: &str) -> String {
    let chat = bob.command("unread", options);
    let words: Vec<_> =
        std::iter::once(chat.get_program()).chain(chat.get_args()).map(|word| word.to_string_lossy()).collect();
    let line = format!("stty rows 24 cols 30; '{}' {behind}", words.join("' '"));
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--command", &line, "/dev/null"]).stdin(std::process::Stdio::null());
    terminal.env("HOME", bob.password_file().with_file_name("")).env("TZ", "UTC").env_remove("NO_COLOR");
    Ended::from(terminal.output().expect("script runs")).expect_status(0).out
}

#[test]
fn a_terminal_gets_groups_in_its_width_and_bold_headings() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one two three four five");
    let heading = format!("\u{1b}[1m{}\u{1b}[m  1 unread", alice.jid);
    assert_eq!(seen(&on_a_terminal(&bob, &[], "")), [&heading, "one two three four", "         five"]);
}

/// A line that a pager had to break would go on in the first column, where only headings stand.
#[test]
fn a_pager_gets_the_width_of_the_terminal_that_it_shows_it_on() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one two three four five");
    let heading = format!("{}  1 unread", alice.jid);
    assert_eq!(seen(&on_a_terminal(&bob, &["-g"], "| cat")), [&heading, "one two three four", "         five"]);
}

#[test]
fn conversations_are_counted() {
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    assert_eq!(bob.chat("unread", &["-c"]).expect_status(0).out, "");
    for (from, text) in [(&alice, "one"), (&carol, "two"), (&alice, "three")] {
        from.send(&bob, text);
    }
    let expected = format!("2  {}\n1  {}\n", alice.jid, carol.jid);
    assert_eq!(bob.chat("unread", &["-c"]).expect_status(0).out, expected);
    assert_eq!(bob.unread(&["-T"]), ["3"]);
    crate::schema::assert_valid(&bob.chat("unread", &["-cj"]).expect_status(0).out);
    crate::schema::assert_valid(&bob.chat("unread", &["-Tj"]).expect_status(0).out);
}

#[test]
fn limits_leave_the_rest_unread() {
    let (alice, bob) = (Account::new(), Account::new());
    for text in ["one", "two", "three"] {
        alice.send(&bob, text);
    }
    let last = [format!("{}  two", alice.jid), format!("{}  three", alice.jid)];
    assert_eq!(bob.unread(&["-n", "2"]), last);
    assert_eq!(bob.unread(&["-mn", "2"]), last);
    assert_eq!(bob.unread(&[]), [format!("{}  one", alice.jid)]);
    assert_eq!(bob.unread(&["-S", "2999-01-01"]), [""; 0]);
    assert_eq!(bob.unread(&["-S", "2020-01-01T00:00:00Z"]), [format!("{}  one", alice.jid)]);
}
