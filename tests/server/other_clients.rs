//! Agreement with other people's clients: slixmpp as a phone, go-sendxmpp as another script.

use std::fs::File;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::account::{Account, PASSWORD, address, ca_file};

/// Does one thing with slixmpp as `account`; returns what it printed.
pub(crate) fn phone(account: &Account, action: &[&str]) -> String {
    let output = phone_command(account, action).output().expect("python3 runs");
    assert!(output.status.success(), "{action:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}

/// Sends messages with these ids and payloads from the phone of `from`.
pub(crate) fn say(from: &Account, to: &Account, messages: &[(&str, &str)]) {
    let stanza =
        |(id, payload): &(&str, &str)| format!("<message to='{}' type='chat' id='{id}'>{payload}</message>", to.jid);
    let stanzas: Vec<String> = messages.iter().map(stanza).collect();
    let action: Vec<&str> = std::iter::once("stanzas").chain(stanzas.iter().map(String::as_str)).collect();
    phone(from, &action);
}

/// slixmpp as `account`, to be started.
pub(crate) fn phone_command(account: &Account, action: &[&str]) -> Command {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/server/clients/client.py");
    let mut command = Command::new("/usr/bin/python3");
    command.args([script, &address(), &ca_file(), &account.jid, PASSWORD]).args(action);
    command
}

#[test]
fn a_message_from_slixmpp_is_shown_once_and_read_on_the_phone_it_is_gone() {
    let (alice, bob) = (Account::new(), Account::new());
    phone(&alice, &["send", &bob.jid, "from", "slixmpp"]);
    assert_eq!(bob.unread(&[]), [format!("{}  from slixmpp", alice.jid)]);
    phone(&bob, &["displayed", &alice.jid]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_message_from_go_sendxmpp_is_shown_once() {
    let (alice, bob) = (Account::new(), Account::new());
    let mut command = Command::new("go-sendxmpp");
    let server = format!("{}:5222", address());
    command.args(["-u", &alice.jid, "-p", PASSWORD, "-j", &server, &bob.jid]).env("SSL_CERT_FILE", ca_file());
    let mut child = command.stdin(Stdio::piped()).spawn().expect("go-sendxmpp runs");
    child.stdin.take().expect("a pipe").write_all(b"from go-sendxmpp").expect("it reads");
    assert!(child.wait().expect("it ends").success());
    // It does not wait until the server has the message.
    let shown = (0..500).map(|_| bob.unread(&["-m"])).find(|shown| !shown.is_empty());
    assert_eq!(shown, Some(vec![format!("{}  from go-sendxmpp", alice.jid)]));
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_marker_of_the_phone_reads_up_to_its_message_and_not_further() {
    // Case 9.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    phone(&bob, &["marker", &alice.jid]);
    alice.send(&bob, "two");
    assert_eq!(bob.unread(&[]), [format!("{}  two", alice.jid)]);
}

#[test]
fn a_reply_from_the_phone_reads_what_was_before_it() {
    // Case 10.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "question");
    phone(&bob, &["send", &alice.jid, "answer"]);
    alice.send(&bob, "thanks");
    assert_eq!(bob.unread(&[]), [format!("{}  thanks", alice.jid)]);
}

#[test]
fn what_chat_marks_the_phone_sees_as_read() {
    // Case 8.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    alice.send(&bob, "two");
    bob.unread(&["-m"]);
    assert_eq!(phone(&bob, &["position", &alice.jid]), "newest");
}

#[test]
fn what_chat_marks_leaves_the_queue() {
    // Case 8.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    bob.unread(&["-m"]);
    assert_eq!(phone(&bob, &["receive"]), "");
}

#[test]
fn looking_takes_nothing_from_the_phone() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    let mut sink = File::options().write(true).open("/dev/null").expect("/dev/null");
    writeln!(sink, "{:?}", bob.unread(&[])).expect("/dev/null takes everything");
    assert_eq!(phone(&bob, &["queued"]), "1");
}

#[test]
fn forged_and_malformed_stanzas_are_only_what_they_are() {
    // Cases 41, 42, 46 and 47: waiting in the queue, and archived.
    let (mallory, bob) = (Account::new(), Account::new());
    phone(&mallory, &["forge", &bob.jid]);
    let shown = bob.unread(&["-m"]);
    let expected = ["carrier", "carrier", "carrier", "carrier", "deep", "names", "names", "names", "wide"]
        .map(|text| format!("{}  {text}", mallory.jid));
    assert_eq!(shown, expected);
    assert_eq!(bob.unread(&[]), [""; 0]);
}
