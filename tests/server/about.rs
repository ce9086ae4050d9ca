//! Messages about earlier ones: replies, corrections, retractions and reactions, by the ids that `chat` itself tells.

use crate::account::{Account, Ended};
use crate::other_clients::phone;

/// The member `name` of the last object that was written.
fn told(ended: &Ended, name: &str) -> String {
    let object: serde_json::Value = serde_json::from_str(ended.out.lines().last().expect("an object")).expect("JSON");
    object[name].as_str().unwrap_or_else(|| panic!("no {name} in {object}")).to_owned()
}

fn send(from: &Account, arguments: &[&str]) -> String {
    told(&from.chat("send", &[&["-j"], arguments].concat()).expect_status(0), "id")
}

/// A room of `owner` that `owner` and `other` have bookmarked and may enter.
fn room_of(owner: &Account, other: &Account) -> String {
    let name = |account: &Account| account.jid.split('@').next().expect("a local part").to_owned();
    let room = format!("{}@conference.chat.example", name(owner));
    phone(owner, &["configure", &room, "membersonly=0"]);
    phone(owner, &["room", &room, &other.jid]);
    phone(owner, &["bookmark", &room, "Verona"]);
    phone(other, &["bookmark", &room, "Verona"]);
    room
}

#[test]
fn an_unread_message_is_replied_to_by_either_of_its_ids() {
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "lunch?");
    let unread = bob.chat("unread", &["-j"]).expect_status(0);
    for name in ["id", "archive_id"] {
        bob.chat("send", &["-R", &told(&unread, name), &alice.jid, name]).expect_status(0);
        let xml = phone(&alice, &["newest_xml", &bob.jid]);
        assert!(xml.contains(&format!("id=\"{}\"", told(&unread, "id"))), "{xml}");
        assert!(xml.contains(&format!("to=\"{}\"", alice.jid)) && xml.contains("urn:xmpp:reply:0"), "{xml}");
        assert!(xml.contains("end=\"9\""), "{xml}");
    }
    let expected = [format!("{}  > lunch?\\nid", bob.jid), format!("{}  > lunch?\\narchive_id", bob.jid)];
    assert_eq!(alice.unread(&[]), expected);
}

#[test]
fn what_was_sent_is_corrected_and_taken_back_and_reacted_to() {
    let (alice, bob) = (Account::new(), Account::new());
    let (one, two) = (send(&alice, &[&bob.jid, "at seven"]), send(&alice, &[&bob.jid, "oops"]));
    alice.chat("send", &["-c", &one, &bob.jid, "at eight"]).expect_status(0);
    alice.chat("send", &["-x", &two, &bob.jid]).expect_status(0);
    assert_eq!(bob.unread(&[]), [format!("{}  [edited] at eight", alice.jid), format!("{}  [retracted]", alice.jid)]);
    bob.chat("send", &["-a", &one, &alice.jid, "👍", "🎉"]).expect_status(0);
    let reactions = alice.chat("unread", &["-aj"]).expect_status(0).out;
    assert!(reactions.contains(r#""reactions":["👍","🎉"]"#) && reactions.contains(&one), "{reactions}");
    bob.chat("send", &["-a", &one, &alice.jid, ""]).expect_status(0);
    let reactions = alice.chat("unread", &["-aj"]).expect_status(0).out;
    assert!(reactions.contains(r#""reactions":[]"#), "{reactions}");
    // A reply to what was taken back does not repeat it, whether the archive still has the words or not.
    bob.chat("send", &["-R", &two, &alice.jid, "what was it?"]).expect_status(0);
    assert_eq!(alice.unread(&["-T"]), ["1"]);
    assert!(!alice.unread(&[]).concat().contains("oops"));
}

#[test]
fn what_cannot_be_meant_is_said() {
    let (alice, bob) = (Account::new(), Account::new());
    let id = send(&alice, &[&bob.jid, "mine"]);
    bob.chat("send", &["-c", &id, &alice.jid, "forged"]).expect_status(65).expect_error("not yours");
    bob.chat("send", &["-R", "nothing", &alice.jid, "yes"]).expect_status(66).expect_error("nothing");
    bob.chat("send", &["-R", &id, "-a", &id, &alice.jid, "yes"]).expect_status(64);
    bob.chat("send", &["-x", &id, &alice.jid, "words"]).expect_status(64);
    bob.chat("send", &["-R", &id, &format!("{},{}", alice.jid, bob.jid), "yes"]).expect_status(64);
    assert_eq!(alice.unread(&["-T"]), ["0"]);
}

#[test]
fn in_a_room_the_room_says_which_message_is_meant() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice, &bob);
    phone(&alice, &["say", &room, "lunch?"]);
    let unread = bob.chat("unread", &["-Rrj"]).expect_status(0);
    let archive_id = told(&unread, "archive_id");
    for (option, id, words) in [("-R", "id", "yes"), ("-a", "id", "👍"), ("-R", "archive_id", "no")] {
        bob.chat("send", &["-m", option, &told(&unread, id), &room, words]).expect_status(0);
        let xml = phone(&alice, &["newest_xml", &room]);
        assert!(xml.contains(&format!("id=\"{archive_id}\"")) && xml.contains(words), "{xml}");
    }
}

#[test]
fn what_i_said_in_a_room_is_corrected_and_taken_back() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_of(&alice, &bob);
    let (one, two) = (send(&bob, &["-m", &room, "at seven"]), send(&bob, &["-m", &room, "oops"]));
    bob.chat("send", &["-m", "-c", &one, &room, "at eight"]).expect_status(0);
    bob.chat("send", &["-m", "-x", &two, &room]).expect_status(0);
    let shown = alice.unread(&["-Rr"]);
    assert!(shown[0].ends_with("> [edited] at eight") && shown[1].ends_with("> [retracted]"), "{shown:?}");
    phone(&alice, &["say", &room, "hers"]);
    let hers = told(&bob.chat("unread", &["-Rrj"]).expect_status(0), "id");
    bob.chat("send", &["-m", "-c", &hers, &room, "forged"]).expect_status(65).expect_error("not yours");
}
