//! Settings of servers; tests/server/matrix has a variant for each.

use super::{say, texts};
use crate::account::{Account, Ended, on_server};
use crate::other_clients::phone;
use crate::relay::{Fault, Relay};

#[test]
fn a_stranger_is_shown_where_only_contacts_are_archived() {
    // Case 17.
    let (alice, stranger, bob) = (Account::new(), Account::new(), Account::new());
    phone(&bob, &["befriend", &alice.jid]);
    alice.send(&bob, "from alice");
    stranger.send(&bob, "from a stranger");
    assert_eq!(phone(&bob, &["archive", &alice.jid]), "from alice");
    assert_eq!(phone(&bob, &["archive", &stranger.jid]), "");
    assert_eq!(texts(&bob.unread(&["-m"])), ["from alice", "from a stranger"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn what_is_only_in_the_queue_is_shown_where_the_preferences_are_not_told() {
    // Case 16.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    assert_eq!(phone(&bob, &["archive", &alice.jid]), "");
    assert_eq!(texts(&bob.unread(&[])), ["one"]);
    assert_eq!(texts(&bob.unread(&["-m"])), ["one"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

/// There the queue says how many wait, and has none of them.
#[test]
fn more_than_the_limit_of_the_queue_is_shown_where_the_queue_is_the_archive() {
    // Case 22.
    let (alice, bob) = (Account::new(), Account::new());
    phone(&alice, &["flood", &bob.jid, "105", "x"]);
    let expected: Vec<String> = (0..105).map(|number| format!("x {number}")).collect();
    assert_eq!(texts(&bob.unread(&["-m"])), expected);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn after_marking_there_is_room_in_the_queue_again() {
    // Case 23.
    let (alice, bob) = (Account::new(), Account::new());
    for round in 0..3 {
        let tag = format!("round {round}");
        assert_eq!(phone(&alice, &["flood", &bob.jid, "50", &tag]), "0", "none came back in {tag}");
        assert_eq!(bob.unread(&["-m"]).len(), 50);
    }
    assert_ne!(phone(&alice, &["flood", &bob.jid, "150", "more"]), "0", "the server has no limit");
}

#[test]
fn more_than_two_pages_are_all_shown() {
    // Case 25: Prosody 0.12 gives 50 a page.
    let (alice, bob) = (Account::new(), Account::new());
    phone(&alice, &["flood", &bob.jid, "130", "x"]);
    let expected: Vec<String> = (0..130).map(|number| format!("x {number}")).collect();
    assert_eq!(texts(&bob.unread(&["-m"])), expected);
}

/// `chat unread` over a relay that counts what the server says.
fn counted(bob: &Account) -> (Ended, usize) {
    let relay = Relay::start(Fault::None);
    let output = bob.command_at(&relay.host(), "unread", &["-m"]).output();
    (Ended::from(output.expect("chat runs")).expect_status(0), relay.said())
}

#[test]
fn a_hundred_thousand_old_messages_cost_nothing() {
    // Case 26.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    assert_eq!(texts(&bob.unread(&["-m"])), ["one"]);
    let (name, from, to) = (bob.jid.split('@').next().expect("a local part"), &alice.jid, &bob.jid);
    let insert = format!(
        "INSERT INTO archive (username, server_host, timestamp, peer, bare_peer, xml, txt, kind, nick)
         SELECT '{name}', 'chat.example', (UNIX_TIMESTAMP() - 3000000 + seq) * 1000000, '{from}/x', '{from}',
         CONCAT('<message xmlns=\"jabber:client\" from=\"{from}/x\" to=\"{to}\" type=\"chat\"><body>old ', seq,
         '</body></message>'), '', 'chat', '' FROM seq_1_to_100000"
    );
    on_server(&["mariadb", "ejabberd", "-e", &insert]);
    let (ended, bytes) = counted(&bob);
    assert_eq!(ended.out, "");
    assert!(bytes < 200_000, "{bytes} bytes");
    say(&alice, &bob, &[("n1", "<body>new</body>")]);
    let (ended, bytes) = counted(&bob);
    assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    assert!(bytes < 200_000, "{bytes} bytes");
}
