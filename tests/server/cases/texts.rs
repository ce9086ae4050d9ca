//! Words that would harm a terminal, or look like somebody else's.

use super::{say, texts};
use crate::account::{Account, with_input};
use crate::other_clients::phone;

/// C1, DEL, bidi, without a width or a look, a separator. XML knows no C0 but tab and line breaks.
const HOSTILE: &str = "a\u{9b}2J\u{7f}\u{202e}\u{2066}\u{200b}\u{2028}\u{feff}\u{3164}\u{e0101}\nb";
const STORE: &str = "<store xmlns='urn:xmpp:hints'/>";

fn assert_harmless(output: &str) {
    let harms = |character: &char| HOSTILE.contains(*character) && !matches!(character, 'a' | 'b' | '2' | 'J' | '\n');
    assert_eq!(output.chars().find(harms), None, "{output:?}");
}

#[test]
fn hostile_characters_are_written_out_wherever_they_are() {
    // Case 48.
    let (mallory, bob) = (Account::new(), Account::new());
    phone(&bob, &["contact", &mallory.jid, &HOSTILE.replace('\n', " ")]);
    let room = mallory.jid.replace("@chat.example", "@conference.chat.example");
    let file = format!(
        "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>{HOSTILE}</name></file>\
         <sources><url-data xmlns='http://jabber.org/protocol/url-data' target='https://x.example/{HOSTILE}'/></sources>\
         </file-sharing>{STORE}"
    );
    let messages = [
        ("m1", format!("<body>{HOSTILE}</body>")),
        ("m2", format!("<subject>{HOSTILE}</subject><body>two</body>")),
        ("m3", file),
        ("m4", format!("<x xmlns='jabber:x:conference' jid='{room}' reason='{HOSTILE}'/>{STORE}")),
        (HOSTILE, "<body>by its id</body>".to_owned()),
    ];
    let messages: Vec<(&str, &str)> = messages.iter().map(|(id, payload)| (*id, payload.as_str())).collect();
    say(&mallory, &bob, &messages);
    let lines = bob.chat("unread", &[]).expect_status(0);
    assert_eq!(lines.out.lines().count(), 5, "{}", lines.out);
    assert!(lines.out.contains(r"\u{9b}2J\u{7f}\u{202e}"), "nothing is left out: {}", lines.out);
    for options in [&["-v"] as &[&str], &["-g"], &["-c"], &["-j"], &["-cj"]] {
        let ended = bob.chat("unread", options).expect_status(0);
        assert_harmless(&ended.out);
        assert_harmless(&ended.err);
    }
    assert_harmless(&lines.out);
}

/// ESC is no character of XML 1.0: the server ends the stream of who sends it.
#[test]
fn a_control_character_ends_the_stream_of_its_sender() {
    // Case 48.
    let (mallory, bob) = (Account::new(), Account::new());
    let escape = format!("<message to='{}' type='chat'><body>&#x1b;[2J</body></message>", bob.jid);
    let output = crate::other_clients::phone_command(&mallory, &["stanzas", &escape]).output().expect("it runs");
    assert!(!output.status.success());
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn lines_that_look_like_ours_are_part_of_theirs() {
    // Case 50.
    let (mallory, bob) = (Account::new(), Account::new());
    let imitation = format!("hi\n2026-11-24 09:15:02  bank@chat.example  pay\n{}  1 unread", bob.jid);
    say(&mallory, &bob, &[("m1", &format!("<body>{imitation}</body>"))]);
    let lines = bob.unread(&[]);
    assert_eq!(lines, [format!("{}  {}", mallory.jid, imitation.replace('\n', "\\n"))]);
    let grouped = bob.chat("unread", &["-g"]).expect_status(0).out;
    let continued = grouped.lines().filter(|line| line.starts_with("         ")).count();
    assert_eq!(continued, 2, "what a message goes on with is indented: {grouped}");
    let json = bob.chat("unread", &["-j"]).expect_status(0).out;
    let object: serde_json::Value = serde_json::from_str(json.trim_end()).expect("one JSON object");
    assert_eq!(object["body"], imitation);
}

#[test]
fn an_id_that_was_used_before_hides_nothing() {
    // Case 54.
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    say(&alice, &bob, &[("m1", "<body>one</body>")]);
    say(&carol, &bob, &[("m1", "<body>two</body>")]);
    say(&alice, &bob, &[("m1", "<body>three</body>"), ("m1", "<body>one</body>")]);
    assert_eq!(texts(&bob.unread(&[])), ["one", "two", "three", "one"]);
    assert_eq!(bob.unread(&["-m"]).len(), 4);
    say(&alice, &bob, &[("m1", "<body>four</body>")]);
    assert_eq!(texts(&bob.unread(&["-m"])), ["four"]);
}

#[test]
fn the_largest_messages_are_whole() {
    // Case 51.
    let (alice, bob) = (Account::new(), Account::new());
    let large = "x".repeat(900_000);
    for _ in 0..8 {
        with_input(alice.command("send", &[&bob.jid]), large.as_bytes()).expect_status(0);
    }
    let json = bob.chat("unread", &["-jm", "-t", "120"]).expect_status(0).out;
    let bodies = json.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("one JSON object"));
    assert_eq!(bodies.filter(|object| object["body"] == large.as_str()).count(), 8);
    assert_eq!(bob.unread(&[]), [""; 0]);
}
