//! Every kind of message, as other people's clients send it. The numbers are those of the acceptance cases of issue 3.

use crate::account::Account;
use crate::other_clients::{phone, say};
use crate::schema;

const STORE: &str = "<store xmlns='urn:xmpp:hints'/>";
const REACTION: &str = "<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction></reactions>";

fn correction(of: &str, words: &str) -> String {
    format!("<body>{words}</body><replace xmlns='urn:xmpp:message-correct:0' id='{of}'/>")
}

fn retraction(of: &str) -> String {
    let fallback = "<body>not supported</body><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>";
    format!("<retract xmlns='urn:xmpp:message-retract:1' id='{of}'/>{fallback}{STORE}")
}

fn shown(bob: &Account, options: &[&str], from: &Account) -> Vec<String> {
    let lines = bob.unread(options).into_iter();
    lines.map(|line| line.strip_prefix(&format!("{}  ", from.jid)).map_or(line.clone(), str::to_owned)).collect()
}

#[test]
fn a_correction_replaces_what_is_unread_and_is_told_of_what_was_read() {
    // Case 37.
    let (alice, bob) = (Account::new(), Account::new());
    say(
        &alice,
        &bob,
        &[("m1", "<body>at ate</body>"), ("m2", "<body>two</body>"), ("m3", &correction("m1", "at eight"))],
    );
    assert_eq!(shown(&bob, &["-m"], &alice), ["[edited] at eight", "two"]);
    say(&alice, &bob, &[("m4", &correction("m2", "2"))]);
    assert_eq!(shown(&bob, &["-m"], &alice), ["[edited] 2"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_correction_that_was_shown_is_read_on_the_phone() {
    // Case 37.
    let (alice, bob) = (Account::new(), Account::new());
    say(&alice, &bob, &[("m1", "<body>at ate</body>"), ("m2", &correction("m1", "at eight"))]);
    assert_eq!(shown(&bob, &["-m"], &alice), ["[edited] at eight"]);
    assert_eq!(phone(&bob, &["position", &alice.jid]), "newest");
}

#[test]
fn a_retraction_leaves_a_note_and_only_the_author_can_do_it() {
    // Case 38.
    let (alice, mallory, bob) = (Account::new(), Account::new(), Account::new());
    say(&alice, &bob, &[("m1", "<body>keep</body>"), ("m2", "<body>oops</body>"), ("m3", &retraction("m2"))]);
    say(&mallory, &bob, &[("x1", &retraction("m1")), ("x2", &correction("m1", "forged"))]);
    let expected = ["keep".into(), "[retracted]".into(), format!("{}  [edited] forged", mallory.jid)];
    assert_eq!(shown(&bob, &["-m"], &alice), expected);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn reactions_are_shown_when_asked_for() {
    let (alice, bob) = (Account::new(), Account::new());
    phone(
        &bob,
        &["stanzas", &format!("<message to='{}' type='chat' id='m1'><body>lunch?</body></message>", alice.jid)],
    );
    say(&alice, &bob, &[("r1", &format!("{REACTION}{STORE}"))]);
    assert_eq!(bob.unread(&[]), [""; 0]);
    assert_eq!(shown(&bob, &["-a"], &alice), ["[reacted 👍 to: lunch?]"]);
    assert_eq!(shown(&bob, &["-am"], &alice), ["[reacted 👍 to: lunch?]"]);
    assert_eq!(bob.unread(&["-a"]), [""; 0]);
}

#[test]
fn receipts_chat_states_markers_and_notes_to_self_are_not_unread() {
    // Cases 35 and 36.
    let (alice, bob) = (Account::new(), Account::new());
    let payloads = [
        "<received xmlns='urn:xmpp:receipts' id='1'/>",
        "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>",
    ];
    for payload in payloads {
        say(&alice, &bob, &[("a", payload), ("b", &format!("{payload}{STORE}"))]);
    }
    say(&bob, &bob, &[("n1", "<body>buy milk</body>")]);
    assert_eq!(bob.unread(&["-a"]), [""; 0]);
}

#[test]
fn files_have_their_name_and_size() {
    let (alice, bob) = (Account::new(), Account::new());
    let oob = "<x xmlns='jabber:x:oob'><url>https://x.example/1</url></x><body>https://x.example/1</body>";
    let shared = "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>cat.jpg</name>\
        <size>3072</size></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' \
        target='https://x.example/2'/></sources></file-sharing><body>my cat</body>";
    say(&alice, &bob, &[("f1", oob), ("f2", shared)]);
    let expected = ["[file] https://x.example/1", "my cat [file cat.jpg, 3.0 kB] https://x.example/2"];
    assert_eq!(shown(&bob, &[], &alice), expected);
}

#[test]
fn invitations_name_the_room() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice);
    say(&alice, &bob, &[("i1", &format!("<x xmlns='jabber:x:conference' jid='{room}' reason='lunch'/>{STORE}"))]);
    assert_eq!(shown(&bob, &["-m"], &alice), [format!("[invitation to the room {room}: lunch]")]);
    phone(&alice, &["invite", &room, &bob.jid, "lunch"]);
    let lines = bob.unread(&["-m"]);
    let expected = format!("{room}  [invitation to the room {room} by {}", alice.jid);
    assert!(lines.len() == 1 && lines[0].starts_with(&expected) && lines[0].ends_with(": lunch]"), "{lines:?}");
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn subjects_and_languages_are_shown() {
    let (alice, bob) = (Account::new(), Account::new());
    let letter = "<subject>lunch</subject><body xml:lang='de'>um zwölf?</body><body>at noon?</body>";
    let foreign = "<body xml:lang='he'>שלום 👩\u{200d}🚀 (עולם)</body>";
    say(&alice, &bob, &[("s1", letter), ("s2", foreign), ("s3", "<body>two\nlines of *style*</body>")]);
    let expected = ["[subject: lunch] at noon?", "שלום 👩\u{200d}🚀 (עולם)", "two\\nlines of *style*"];
    assert_eq!(shown(&bob, &[], &alice), expected);
}

const ENCRYPTED: &str = "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>aGk=</payload>\
    </encrypted><body>I sent you an OMEMO encrypted message</body><store xmlns='urn:xmpp:hints'/>";

#[test]
fn what_is_encrypted_is_named_once() {
    // Case 39.
    let (alice, bob) = (Account::new(), Account::new());
    say(&alice, &bob, &[("c1", "<body>one</body>"), ("c2", ENCRYPTED)]);
    assert_eq!(shown(&bob, &["-m"], &alice), ["one", "[encrypted with OMEMO, read it on another device]"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn what_is_encrypted_stays_unread_on_the_phone() {
    // Case 39.
    let (alice, bob) = (Account::new(), Account::new());
    say(&alice, &bob, &[("c1", "<body>one</body>"), ("c2", ENCRYPTED)]);
    bob.unread(&["-m"]);
    assert_eq!(phone(&bob, &["position", &alice.jid]), "older");
}

#[test]
fn what_is_encrypted_waits_for_the_phone_where_only_the_queue_has_it() {
    // Case 39.
    let (alice, bob) = (Account::new(), Account::new());
    say(&alice, &bob, &[("c1", "<body>one</body>"), ("c2", ENCRYPTED)]);
    bob.unread(&["-m"]);
    assert_eq!(phone(&bob, &["receive"]), "I sent you an OMEMO encrypted message");
}

#[test]
fn a_private_message_in_a_room_stands_under_its_full_address() {
    // Case 40.
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice);
    phone(&alice, &["whisper", &bob.jid, &room, "psst"]);
    let nickname = alice.jid.split('@').next().expect("a local part");
    assert_eq!(bob.unread(&["-m"]), [format!("{room}/{nickname}  psst")]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn json_of_every_kind_is_as_the_schema_says() {
    let (alice, bob) = (Account::new(), Account::new());
    let invitation = format!("<x xmlns='jabber:x:conference' jid='{}'/>{STORE}", room_of(&alice));
    let file = "<x xmlns='jabber:x:oob'><url>https://x.example/1</url></x>";
    let messages = [
        ("m1", "<subject>s</subject><body>one</body>"),
        ("m2", "<body>two</body>"),
        ("m3", &correction("m1", "ONE")),
        ("m4", &retraction("m2")),
        ("m5", &format!("{file}{STORE}")),
        ("m6", &invitation),
        ("m7", &format!("<encrypted xmlns='urn:xmpp:openpgp:0'/>{STORE}")),
        ("m8", &format!("{REACTION}{STORE}")),
    ];
    say(&alice, &bob, &messages);
    let ended = bob.chat("unread", &["-aj"]).expect_status(0);
    assert_eq!(ended.out.lines().count(), 6, "{}", ended.out);
    schema::assert_valid(&ended.out);
}

/// The address of a room that only this test uses.
fn room_of(owner: &Account) -> String {
    owner.jid.replace("@chat.example", "@conference.chat.example")
}
