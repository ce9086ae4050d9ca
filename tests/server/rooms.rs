//! Rooms: read from their archives, without joining. The numbers are those of the acceptance cases of issue 3.

use crate::account::Account;
use crate::other_clients::{phone, phone_command};
use crate::schema;

fn name(account: &Account) -> &str {
    account.jid.split('@').next().expect("a local part")
}

/// A room of `owner` with this member.
pub(crate) fn room_with(owner: &Account, member: &Account) -> String {
    let room = format!("{}@conference.chat.example", name(owner));
    phone(owner, &["room", &room, &member.jid]);
    room
}

#[test]
fn rooms_are_shown_whole_when_asked_for_and_marked_for_all_devices() {
    // Case 40.
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&bob, &["bookmark", &room, "The", "Verona"]);
    phone(&alice, &["say", &room, "one", "two"]);
    alice.send(&bob, "direct");
    let direct = format!("{}  direct", alice.jid);
    let said = |words: &str| format!("{room}  <{}> {words}", name(&alice));
    assert_eq!(bob.unread(&["-r"]), [direct.clone(), said("one"), said("two")]);
    assert_eq!(bob.chat("unread", &["-Rc"]).expect_status(0).out, format!("2  {room}\n"));
    assert!(bob.chat("unread", &["-Rg"]).out.starts_with(&format!("The Verona <{room}>  2 unread\n")));
    schema::assert_valid(&bob.chat("unread", &["-rj"]).out);
    assert_eq!(bob.unread(&["-Rm"]), [said("one"), said("two")]);
    assert_eq!(bob.unread(&["-r"]), [direct]);
    assert_eq!(bob.on_another_machine().unread(&["-R"]), [""; 0], "the position of the room is published");
    phone(&alice, &["say", &room, "three"]);
    assert_eq!(bob.on_another_machine().unread(&["-R"]), [said("three")]);
    assert_eq!(bob.unread(&["-R", &room]), [said("three")]);
    assert_eq!(bob.unread(&[&room]), [said("three")], "who names a room wants to see it");
    assert_eq!(bob.unread(&["-R", &alice.jid]), [""; 0]);
}

#[test]
fn of_rooms_mentions_are_shown_and_the_rest_is_counted() {
    // Case 40.
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&bob, &["bookmark", &room, "The", "Verona"]);
    let hey = format!("{}: lunch?", name(&bob));
    phone(&alice, &["say", &room, "one", &hey, "two"]);
    alice.send(&bob, "direct");
    let counted = |aside: usize| format!("chat: unread in rooms, and not shown without -r: {aside} in {room}\n");
    let for_bob = [format!("{}  direct", alice.jid), format!("{room}  <{}> {hey}", name(&alice))];
    for options in [&[] as &[&str], &["-j"]] {
        let ended = bob.chat("unread", options).expect_status(0);
        assert_eq!((ended.out.lines().count(), ended.err), (2, counted(2)));
    }
    assert_eq!(bob.unread(&["-T"]), ["2"]);
    assert_eq!(bob.unread(&["-rT"]), ["4"]);
    assert_eq!(bob.chat("unread", &["-c"]).expect_status(0).out, format!("1  {}\n3  {room}\n", alice.jid));
    assert_eq!(bob.chat("unread", &["-Mc"]).expect_status(0).out, format!("1  {}\n1  {room}\n", alice.jid));
    let grouped = bob.chat("unread", &["-g"]).expect_status(0);
    assert!(grouped.out.contains(&format!("\n\nThe Verona <{room}>  3 unread, 1 for you\n")), "{}", grouped.out);
    assert_eq!(grouped.err, "");
    assert_eq!(bob.unread(&["-m"]), for_bob);
    assert_eq!(bob.chat("unread", &["-m"]).expect_status(0).err, counted(2), "what was not shown is not marked");
    let grouped = bob.chat("unread", &["-gm"]).expect_status(0);
    assert_eq!(grouped.out, format!("The Verona <{room}>  2 unread\n"));
    bob.chat("unread", &["-q"]).expect_status(1);
    bob.chat("unread", &["-rq"]).expect_status(0);
    let said = |words: &str| format!("{room}  <{}> {words}", name(&alice));
    assert_eq!(bob.on_another_machine().unread(&["-R"]), [said("one"), said(&hey), said("two")]);
    assert_eq!(bob.unread(&["-rm"]), [said("one"), said("two")]);
    assert_eq!(bob.on_another_machine().unread(&["-r"]), [""; 0]);
}

/// That bookmarks are asked for along with everything else is in xmpp/mailbox.rs.
#[test]
fn only_who_has_rooms_pays_for_looking_at_them() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    let looks = |senders: &[&str]| {
        let ended = bob.chat("unread", &[&["-v"], senders].concat()).expect_status(0);
        ended.expect_error("looking for new messages").err.contains("reading the archives of the rooms")
    };
    assert!(!looks(&[]));
    phone(&bob, &["bookmark", &room, "Verona"]);
    assert!(looks(&[]) && looks(&[&room]));
    assert!(!looks(&[&alice.jid]), "who names contacts does not pay either");
}

#[test]
fn mentions_are_shown_alone_and_the_rest_stays_unread() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&bob, &["old_bookmarks", &room]);
    let hey = format!("{}: lunch?", name(&bob));
    phone(&alice, &["say", &room, "one", &hey]);
    let said = |words: &str| format!("{room}  <{}> {words}", name(&alice));
    assert_eq!(bob.unread(&["-Mm"]), [said(&hey)]);
    assert_eq!(bob.unread(&["-M"]), [""; 0]);
    assert_eq!(bob.unread(&["-r"]), [said("one")]);
}

#[test]
fn a_room_that_cannot_be_read_is_told_and_the_rest_is_shown() {
    // Case 40.
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    let gone = format!("gone-{room}");
    phone(&bob, &["old_bookmarks", &gone, &room, "far@rooms.nowhere.example"]);
    phone(&alice, &["say", &room, "one"]);
    let ended =
        bob.chat("unread", &["-rm"]).expect_status(69).expect_error(&gone).expect_error("far@rooms.nowhere.example");
    assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    bob.chat("unread", &["-Rq"]).expect_status(69);
    bob.chat("unread", &[&gone]).expect_status(69);
    // Nobody asked for rooms: that is no failure, and for a prompt not worth a word.
    bob.chat("unread", &[]).expect_status(0).expect_error(&gone);
    assert_eq!(bob.chat("unread", &["-q"]).expect_status(1).err, "");
}

#[test]
fn in_a_room_only_the_author_changes_a_message_and_nobody_pretends_to_be_me() {
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&alice, &["room", &room, &carol.jid]);
    phone(&bob, &["bookmark", &room, "Verona"]);
    let correction = "<body>TWO</body><replace xmlns='urn:xmpp:message-correct:0' id='r1'/>";
    phone(&alice, &["say", &room, "one", "two", correction, "four"]);
    phone(&carol, &["say", &room, "first", "second", "third"]);
    let mine = format!("<x xmlns='http://jabber.org/protocol/muc#user'><item jid='{}'/></x><body>mine</body>", bob.jid);
    // Carol has an r1 of her own, and no r3.
    let forged = correction.replace("TWO", "FOUR").replace("r1", "r3");
    phone(&carol, &["say", &room, &correction.replace("TWO", "2nd"), &forged, &mine]);
    let said = |who: &Account, words: &str| format!("{room}  <{}> {words}", name(who));
    let expected = [
        said(&alice, "one"),
        said(&alice, "[edited] TWO"),
        said(&alice, "four"),
        said(&carol, "first"),
        said(&carol, "[edited] 2nd"),
        said(&carol, "third"),
        said(&carol, "[edited] FOUR"),
        said(&carol, "mine"),
    ];
    assert_eq!(bob.unread(&["-R"]), expected);
}

#[test]
fn a_room_without_an_archive_is_told() {
    // Case 40.
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&alice, &["configure", &room, "enablearchiving=0"]);
    phone(&bob, &["bookmark", &room, "Verona"]);
    phone(&alice, &["say", &room, "one"]);
    alice.send(&bob, "direct");
    let direct = format!("{}  direct", alice.jid);
    assert_eq!(bob.unread(&[]), std::slice::from_ref(&direct));
    let ended = bob.chat("unread", &["-r"]).expect_status(69).expect_error(&room).expect_error("XEP-0313");
    assert!(ended.out.ends_with(&format!("{direct}\n")), "{}", ended.out);
}

#[test]
fn where_no_room_has_an_archive_that_is_told() {
    // Case 40.
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&bob, &["bookmark", &room, "Verona"]);
    phone(&alice, &["say", &room, "one"]);
    alice.send(&bob, "direct");
    let ended = bob.chat("unread", &["-r"]).expect_status(69).expect_error(&room).expect_error("not supported");
    assert!(ended.out.ends_with(&format!("{}  direct\n", alice.jid)), "{}", ended.out);
    bob.chat("unread", &["-m"]).expect_status(0).expect_error(&room);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn what_i_say_in_a_room_is_not_unread() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&bob, &["bookmark", &room, "Verona"]);
    phone(&alice, &["say", &room, "one"]);
    phone(&bob, &["say", &room, "answer"]);
    phone(&alice, &["say", &room, "two"]);
    assert_eq!(bob.unread(&["-R"]), [format!("{room}  <{}> two", name(&alice))]);
}

#[test]
fn what_my_phone_displayed_in_a_room_is_read_and_what_others_did_is_not() {
    // Cases 9 and 53.
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&alice, &["room", &room, &carol.jid]);
    phone(&bob, &["bookmark", &room, "Verona"]);
    phone(&alice, &["say", &room, "one", "two", "three"]);
    let said = |words: &str| format!("{room}  <{}> {words}", name(&alice));
    phone(&carol, &["display", &room, "three"]);
    assert_eq!(bob.unread(&["-R"]), [said("one"), said("two"), said("three")]);
    phone(&bob, &["display", &room, "two"]);
    assert_eq!(bob.unread(&["-R"]), [said("three")]);
    assert_eq!(bob.on_another_machine().unread(&["-R"]), [said("three")]);
}

#[test]
fn what_chat_said_in_a_room_does_not_count_as_a_reply() {
    // Case 10.
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&bob, &["bookmark", &room, "Verona"]);
    phone(&alice, &["say", &room, "question"]);
    bob.chat("send", &["-m", &room, "report of a cron job"]).expect_status(0);
    assert_eq!(bob.unread(&["-R"]), [format!("{room}  <{}> question", name(&alice))]);
}

#[test]
fn bookmarks_in_the_node_of_older_clients_count() {
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&bob, &["node_bookmarks", &room]);
    phone(&alice, &["say", &room, "one"]);
    assert_eq!(bob.unread(&["-R"]), [format!("{room}  <{}> one", name(&alice))]);
}

#[test]
fn a_nickname_with_a_line_break_is_refused_or_written_out() {
    // Case 49.
    let (alice, bob) = (Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&bob, &["bookmark", &room, "Verona"]);
    phone(&alice, &["say", &room, "one"]);
    for nick in ["two&#10;lines", "c1&#x9b;2J", "bidi&#x202e;", "hidden&#x200b;&#xfeff;nick", "bank&gt; pay me"] {
        // A server that lets it in ends the phone, whose library does not.
        phone_command(&alice, &["say_as", &room, nick, "words"]).output().expect("it runs");
    }
    let out = bob.chat("unread", &["-R"]).expect_status(0).out;
    assert!(out.lines().all(|line| line.contains(&format!("  {room}  <"))), "{out}");
    assert!(!out.contains(['\u{9b}', '\u{202e}', '\u{200b}', '\u{feff}']), "{out:?}");
    assert!(out.contains(r"  <bank\u{3e} pay me> words"), "a name ends where its bracket does: {out}");
}

/// What is unread in a room where a moderator took “spam” back, which followed “fine”.
fn left_by_a_moderator() -> Vec<String> {
    let (alice, carol, bob) = (Account::new(), Account::new(), Account::new());
    let room = room_with(&alice, &bob);
    phone(&alice, &["room", &room, &carol.jid]);
    phone(&bob, &["bookmark", &room, "Verona"]);
    phone(&carol, &["say", &room, "fine", "spam"]);
    // slixmpp prints what it does not understand before.
    assert_eq!(phone(&alice, &["moderate", &room, "spam"]).lines().last(), Some("moderated"));
    let shown = bob.unread(&["-Rm"]);
    assert_eq!(bob.unread(&["-R"]), [""; 0]);
    let said = format!("{room}  <{}> ", name(&carol));
    shown.iter().map(|line| line.strip_prefix(&said).unwrap_or(line).to_owned()).collect()
}

#[test]
fn what_a_moderator_takes_out_of_the_archive_is_gone() {
    // Case 38.
    assert_eq!(left_by_a_moderator(), ["fine"]);
}
