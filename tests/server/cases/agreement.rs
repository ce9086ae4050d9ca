//! What the person's other clients say was read (XEP-0490, XEP-0333).

use super::{Paging, say, texts};
use crate::account::Account;
use crate::other_clients::phone;

const STORE: &str = "<store xmlns='urn:xmpp:hints'/>";

fn marker(id: &str) -> String {
    format!("<displayed xmlns='urn:xmpp:chat-markers:0' id='{id}'/>{STORE}")
}

#[test]
fn the_position_of_the_phone_counts_up_to_its_message() {
    // Cases 7 and 12.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    alice.send(&bob, "two");
    phone(&bob, &["displayed", &alice.jid]);
    alice.send(&bob, "three");
    assert_eq!(texts(&bob.unread(&[])), ["three"]);
    phone(&bob, &["displayed", &alice.jid]);
    alice.send(&bob, "four");
    for _ in 0..3 {
        assert_eq!(texts(&bob.unread(&[])), ["four"]);
    }
    assert_eq!(texts(&bob.unread(&["-m"])), ["four"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
    assert_eq!(bob.on_another_machine().unread(&[]), [""; 0]);
}

#[test]
fn an_older_marker_of_the_phone_moves_nothing_back() {
    // Case 11.
    let (alice, bob) = (Account::new(), Account::new());
    say(&alice, &bob, &[("m1", "<body>one</body>"), ("m2", "<body>two</body>")]);
    assert_eq!(texts(&bob.unread(&["-m"])), ["one", "two"]);
    say(&bob, &alice, &[("d1", &marker("m1"))]);
    assert_eq!(bob.unread(&["-m"]), [""; 0]);
    assert_eq!(bob.on_another_machine().unread(&["-m"]), [""; 0]);
    alice.send(&bob, "three");
    assert_eq!(texts(&bob.unread(&["-m"])), ["three"]);
    assert_eq!(phone(&bob, &["position", &alice.jid]), "newest");
}

#[test]
fn what_the_phone_reads_while_a_pager_blocks_stays_read() {
    // Case 11: then it is ours that is older.
    let (alice, bob) = (Account::new(), Account::new());
    let paging = Paging::start(&alice, &bob);
    alice.send(&bob, "third");
    phone(&bob, &["displayed", &alice.jid]);
    paging.finish();
    assert_eq!(phone(&bob, &["position", &alice.jid]), "newest");
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_position_that_makes_no_sense_is_ignored() {
    // Case 13.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    alice.send(&bob, "two");
    for id in ["nonsense", "0", "18446744073709551615", "99999999999999999999999999", "-1", "1e9"] {
        phone(&bob, &["publish", &alice.jid, id]);
        assert_eq!(texts(&bob.on_another_machine().unread(&[])), ["one", "two"], "{id}");
    }
    assert_eq!(texts(&bob.unread(&["-m"])), ["one", "two"]);
    assert_eq!(phone(&bob, &["position", &alice.jid]), "newest");
}

/// Prosody 0.12 keeps 256 of them.
#[test]
fn the_positions_of_hundreds_of_conversations_are_kept() {
    // Case 15.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    phone(&bob, &["publish_many", "300"]);
    let before: usize = phone(&bob, &["positions"]).parse().expect("a number");
    assert!(before >= 256, "{before}");
    assert_eq!(texts(&bob.unread(&["-m"])), ["one"]);
    let after: usize = phone(&bob, &["positions"]).parse().expect("a number");
    assert!(after == before + 1 || after == 256, "{before}, then {after}");
    assert_eq!(phone(&bob, &["position", &alice.jid]), "newest");
    assert_eq!(bob.on_another_machine().unread(&[]), [""; 0]);
}

#[test]
fn a_marker_of_somebody_else_or_for_another_conversation_reads_nothing() {
    // Case 53.
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    say(&alice, &bob, &[("m1", "<body>one</body>"), ("d1", &marker("m1"))]);
    say(&carol, &bob, &[("c1", "<body>two</body>"), ("d2", &marker("m1"))]);
    // Behind Carol's words, so that it would read them if it counted.
    say(&alice, &bob, &[("m2", "<body>three</body>")]);
    say(&bob, &carol, &[("d3", &marker("m2"))]);
    assert_eq!(texts(&bob.unread(&[])), ["one", "two", "three"]);
    say(&bob, &carol, &[("d4", &marker("c1"))]);
    assert_eq!(texts(&bob.unread(&[])), ["one", "three"], "the right one counts");
}
