//! What `chat send` promises.

use crate::account::{Account, on_server, with_input};

#[test]
fn a_message_arrives_over_starttls_and_over_direct_tls() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.chat("send", &[&bob.jid, "see", "you"]).expect_status(0);
    let direct = format!("xmpps:{}:5223", crate::account::address());
    let ended = alice.command_at(&direct, "send", &[&bob.jid, "at eight"]).output().expect("chat runs");
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(bob.unread(&[]), [format!("{}  see you", alice.jid), format!("{}  at eight", alice.jid)]);
}

#[test]
fn success_is_silent() {
    let (alice, bob) = (Account::new(), Account::new());
    let ended = alice.chat("send", &[&bob.jid, "hi"]).expect_status(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
}

#[test]
fn a_user_that_does_not_exist_is_67() {
    Account::new().chat("send", &["nobody@chat.example", "hi"]).expect_status(67).expect_error("nobody@chat.example");
}

#[test]
fn a_domain_that_does_not_exist_is_68() {
    Account::new().chat("send", &["romeo@nowhere.example", "hi"]).expect_status(68).expect_error("nowhere.example");
}

#[test]
fn several_recipients_get_a_line_each_and_the_worst_status_wins() {
    let (alice, bob) = (Account::new(), Account::new());
    let list = format!("{},nobody@chat.example", bob.jid);
    let ended = alice.chat("send", &[&list, "hi"]).expect_status(67);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines[0], format!("{}  sent", bob.jid));
    assert!(lines[1].starts_with("nobody@chat.example  failed  "), "{lines:?}");
    assert_eq!(bob.unread(&["-T"]), ["1"]);
}

#[test]
fn the_message_is_taken_from_standard_input() {
    let (alice, bob) = (Account::new(), Account::new());
    with_input(alice.command("send", &[&bob.jid]), b"one\ntwo\n").expect_status(0);
    with_input(alice.command("send", &[&bob.jid, "-"]), "grüß dich 😀".as_bytes()).expect_status(0);
    let expected = [format!("{}  one\\ntwo", alice.jid), format!("{}  grüß dich 😀", alice.jid)];
    assert_eq!(bob.unread(&[]), expected);
}

#[test]
fn after_the_recipient_nothing_is_an_option() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.chat("send", &[&bob.jid, "-5", "degrees", "--", "-j"]).expect_status(0);
    assert_eq!(bob.unread(&[]), [format!("{}  -5 degrees -- -j", alice.jid)]);
}

#[test]
fn what_cannot_be_sent_is_refused_before_anything_is_sent() {
    let (alice, bob) = (Account::new(), Account::new());
    let input = |bytes: &[u8]| with_input(alice.command("send", &[&bob.jid]), bytes);
    input(b"").expect_status(66).expect_error("empty");
    input(b"\x1b[2J").expect_status(65).expect_error("U+001B");
    input(b"gr\xfc\xdf").expect_status(65).expect_error("UTF-8");
    alice.chat("send", &[&format!("{},@", bob.jid), "hi"]).expect_status(65).expect_error("not an address");
    assert_eq!(bob.unread(&["-T"]), ["0"]);
}

#[test]
fn a_message_of_900_kilobytes_arrives_whole_and_a_larger_one_is_65() {
    // Case 52.
    let (alice, bob) = (Account::new(), Account::new());
    let large = "x".repeat(900_000);
    with_input(alice.command("send", &[&bob.jid]), large.as_bytes()).expect_status(0);
    for size in [1_100_000, 3_000_000, 5_000_000] {
        with_input(alice.command("send", &[&bob.jid]), "x".repeat(size).as_bytes()).expect_status(65);
    }
    assert_eq!(bob.unread(&[]), [format!("{}  {large}", alice.jid)]);
}

#[test]
fn no_password_is_in_the_servers_log() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.write_password("Tr0ub4dor-and-3");
    alice.chat("send", &[&bob.jid, "hi"]).expect_status(77);
    let log = on_server(&["sh", "-c", "cat /var/log/ejabberd/*; journalctl -q"]);
    assert!(!log.contains("Tr0ub4dor-and-3"), "the password is in the log");
}
