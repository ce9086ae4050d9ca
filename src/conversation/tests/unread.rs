//! What counts as unread. The numbers are those of the acceptance cases of issue 3.

use super::*;
use crate::conversation::message::{Occupant, not_ahead_of};

const BOB: &str = "bob@b.example";
const EVE: &str = "eve@e.example";
const ROOM: &str = "verona@rooms.example";
const NOTHING: [&str; 0] = [];

#[test]
fn a_first_use_without_messages_is_one_all_the_same() {
    let read = ReadPositions::default();
    let seen = Seen { archive: &[], since: Some(at(100)), queue: &[], read: &read };
    let outcome = judge(&seen, &Memory::default(), &Wanted::default()).after_showing(0, Marking::No);
    assert_eq!(outcome.memory.settled_before, Some(at(100)));
}

#[test]
fn what_came_while_a_clock_was_ahead_is_unread() {
    let memory = |settled| Memory { settled_before: Some(at(settled)), ..Memory::default() };
    let day = 86_400;
    assert_eq!(memory(5 * day).not_ahead_of(at(3 * day)).settled_before, Some(at(2 * day)));
    assert_eq!(memory(2 * day).not_ahead_of(at(3 * day)).settled_before, Some(at(2 * day)));
    let mut messages = [text(BOB, 9 * day, "from the future"), text(BOB, 3 * day, "now")];
    not_ahead_of(at(3 * day), &mut messages);
    assert!(messages.iter().all(|message| message.time == at(3 * day)));
}

#[test]
fn messages_of_two_people_are_shown_in_order_once() {
    // Case 2.
    let mut account = Account::with(&[text(BOB, 1, "one"), text(EVE, 2, "two"), text(BOB, 3, "three")]);
    assert_eq!(account.mark(), ["one", "two", "three"]);
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn looking_changes_nothing() {
    // Case 5.
    let one = text(BOB, 1, "one");
    let mut account = Account::with(std::slice::from_ref(&one));
    account.queue = vec![queued(&one, "7")];
    let before = (account.queue.clone(), account.read.clone());
    assert_eq!(account.unread(), ["one"]);
    assert_eq!(account.unread(), ["one"]);
    assert_eq!((account.queue, account.read), before);
}

#[test]
fn what_the_phone_has_read_is_not_unread() {
    // Case 7.
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 2, "two"), text(BOB, 3, "three")]);
    account.phone_has_read(BOB, &id(2));
    assert_eq!(account.unread(), ["three"]);
}

#[test]
fn a_read_position_concerns_its_own_conversation_only() {
    let mut account = Account::with(&[text(EVE, 1, "from eve"), text(BOB, 2, "from bob")]);
    account.phone_has_read(BOB, &id(2));
    assert_eq!(account.unread(), ["from eve"]);
    account.phone_has_read(EVE, &id(2));
    assert_eq!(account.unread(), ["from eve"], "the id of another conversation proves nothing");
}

#[test]
fn an_own_displayed_marker_means_read() {
    // Case 9.
    let mut account = Account::with(&[
        text(BOB, 1, "one"),
        text(BOB, 2, "two"),
        text(BOB, 3, "three"),
        displayed(Sender::Me, BOB, 4, "m2"),
    ]);
    assert_eq!(account.unread(), ["three"]);
}

#[test]
fn a_marker_by_the_contact_or_for_an_unknown_message_proves_nothing() {
    // Case 53.
    for marker in [
        displayed(Sender::Contact, BOB, 4, "m1"),
        displayed(Sender::Me, BOB, 4, "unknown"),
        displayed(Sender::Me, EVE, 4, "m1"),
        displayed(Sender::MyScripts, BOB, 4, "m1"),
    ] {
        let mut account = Account::with(&[text(BOB, 1, "one"), marker.clone()]);
        assert_eq!(account.unread(), ["one"], "{marker:?}");
    }
}

/// Of the room, whose archive ids are its stanza-ids.
fn in_room(message: Message) -> Message {
    let occupant = Occupant { nick: "x".into(), identity: "nick x".into(), mentions_me: false };
    Message { conversation: jid(ROOM), occupant: Some(occupant), ..message }
}

#[test]
fn in_a_room_an_own_displayed_marker_names_the_id_of_the_room() {
    // Case 9.
    let said = [in_room(text(ROOM, 1, "one")), in_room(text(ROOM, 2, "two")), in_room(text(ROOM, 3, "three"))];
    let unread_with = |marker: Message| {
        let mut account = Account::with(&said);
        account.archive.push(in_room(marker));
        account.unread()
    };
    assert_eq!(unread_with(displayed(Sender::Me, ROOM, 4, &id(2))), ["three"]);
    for sender in [Sender::Contact, Sender::MyScripts] {
        assert_eq!(unread_with(displayed(sender, ROOM, 4, &id(2))), ["one", "two", "three"]);
    }
    assert_eq!(unread_with(displayed(Sender::Me, ROOM, 4, "m2")), ["one", "two", "three"], "anybody may take that id");
}

#[test]
fn in_a_room_nobody_takes_the_id_that_a_marker_names() {
    // Case 53.
    let forged = Message { message_id: Some(id(1)), ..in_room(text(ROOM, 2, "forged")) };
    let later = Message { archive_id: Some(id(1)), ..in_room(text(ROOM, 5, "behind it")) };
    let marker = in_room(displayed(Sender::Me, ROOM, 4, &id(1)));
    let mut account = Account::with(&[in_room(text(ROOM, 1, "one")), forged, marker, later]);
    assert_eq!(account.unread(), ["forged", "behind it"]);
}

#[test]
fn a_marker_means_the_first_message_with_its_id() {
    let again = |second, words| Message { message_id: Some("m1".into()), ..text(BOB, second, words) };
    let marker = displayed(Sender::Me, BOB, 4, "m1");
    let mut account = Account::with(&[text(BOB, 1, "one"), again(3, "before it"), marker, again(5, "behind it")]);
    assert_eq!(account.unread(), ["before it", "behind it"]);
}

#[test]
fn an_answer_from_another_client_means_read() {
    // Case 10.
    let mut account = Account::with(&[text(BOB, 1, "one"), my_answer(BOB, 2), text(BOB, 3, "three")]);
    assert_eq!(account.unread(), ["three"]);
}

#[test]
fn an_answer_by_chat_send_proves_nothing() {
    let by_script = message(BOB, 2, Sender::MyScripts, Content::Text("backup done".into()));
    let mut account = Account::with(&[text(BOB, 1, "one"), by_script]);
    assert_eq!(account.unread(), ["one"]);
}

#[test]
fn an_answer_proves_nothing_where_another_client_publishes_positions() {
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 2, "two"), my_answer(BOB, 3)]);
    account.phone_has_read(BOB, &id(1));
    assert_eq!(account.unread(), ["two"]);
}

#[test]
fn an_answer_counts_where_the_only_position_is_ours() {
    let mut account = Account::with(&[text(BOB, 1, "one")]);
    account.mark();
    account.archive.extend([text(BOB, 2, "two"), my_answer(BOB, 3)]);
    assert_eq!(account.unread(), NOTHING);
}

#[test]
fn what_the_phone_read_once_stays_read() {
    // Case 12.
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 3, "three")]);
    account.mark_first(1);
    account.phone_has_read(BOB, &id(3));
    assert_eq!(account.mark(), NOTHING);
    account.archive.push(text(BOB, 4, "four"));
    assert_eq!(account.mark(), ["four"]);
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn a_position_that_cannot_be_placed_is_ignored() {
    // Case 13.
    for unknown in ["2c1f-uuid", "", "99999999999999999999999", "9999999999999999", "+1700000009000000"] {
        let mut account = Account::with(&[text(BOB, 1, "one"), my_answer(BOB, 2), text(BOB, 3, "three")]);
        account.phone_has_read(BOB, unknown);
        assert_eq!(account.unread(), ["three"], "{unknown}");
    }
}

#[test]
fn a_position_older_than_everything_fetched_reads_nothing() {
    let mut account = Account::with(&[text(BOB, 1, "one")]);
    account.phone_has_read(BOB, &id(-1));
    assert_eq!(account.unread(), ["one"]);
}

#[test]
fn a_position_not_yet_in_the_archive_compares_as_a_number() {
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 4, "four")]);
    account.phone_has_read(BOB, &id(3));
    assert_eq!(account.unread(), ["four"]);
    account.phone_has_read(BOB, &id(5));
    assert_eq!(account.unread(), NOTHING);
}

#[test]
fn a_message_committed_late_behind_our_own_mark_is_shown_once() {
    // Case 32.
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 3, "three")]);
    account.mark();
    account.archive.insert(1, text(BOB, 2, "late"));
    assert_eq!(account.mark(), ["late"]);
    assert_eq!(account.mark(), NOTHING);
    assert_eq!(account.position(BOB), Some(id(3).as_str()), "the position was not moved back");
}

#[test]
fn a_message_committed_late_behind_the_phones_position_was_read_there() {
    let mut account = Account::with(&[text(BOB, 3, "three")]);
    account.phone_has_read(BOB, &id(3));
    account.mark();
    account.archive.insert(0, text(BOB, 2, "late"));
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn what_is_not_for_people_is_never_unread() {
    // Case 35.
    let mut account = Account::with(&[
        message(BOB, 1, Sender::Contact, Content::Nothing),
        displayed(Sender::Contact, BOB, 2, "x"),
        my_answer(BOB, 3),
        message("me@b.example", 4, Sender::Me, Content::Text("note to self".into())),
    ]);
    assert_eq!(account.unread(), NOTHING);
}

#[test]
fn the_same_message_id_from_two_people_is_two_messages() {
    // Case 54.
    let same_id = |message| Message { message_id: Some("x".into()), ..message };
    let mut account =
        Account::with(&[same_id(text(BOB, 1, "one")), same_id(text(EVE, 2, "two")), same_id(text(BOB, 3, "three"))]);
    assert_eq!(account.unread(), ["one", "two", "three"]);
}

#[test]
fn the_queue_repeats_the_archive_and_is_shown_once() {
    let (one, two) = (text(BOB, 1, "one"), text(BOB, 2, "two"));
    let mut account = Account::with(&[one.clone(), two.clone()]);
    account.queue = vec![queued(&one, "7"), queued(&Message { archive_id: None, ..two }, "8")];
    assert_eq!(account.unread(), ["one", "two"]);
}

#[test]
fn what_only_the_queue_holds_is_shown_in_its_place_and_no_position_passes_it_by() {
    let only_queued = Message { archive_id: None, ..text(EVE, 2, "two") };
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 3, "three"), my_answer(EVE, 4)]);
    account.queue = vec![queued(&only_queued, "7")];
    assert_eq!(account.unread(), ["one", "two", "three"]);
}

#[test]
fn a_limited_first_use_does_not_reach_further_back_later() {
    let mut account = Account::with(&[text(BOB, 1, "too old"), text(BOB, 200, "recent")]);
    account.memory.settled_before = Some(at(100));
    assert_eq!(account.unread(), ["recent"]);
    assert_eq!(window(&account.memory), Some(at(100)));
}

#[test]
fn what_is_older_than_the_window_is_settled_even_if_the_server_sends_it() {
    let account = Account::with(&[text(BOB, 1, "settled"), text(BOB, 200, "recent")]);
    let memory = Memory { settled_before: Some(at(100)), ..Memory::default() };
    let seen = Seen { archive: &account.archive, since: Some(at(100)), queue: &[], read: &account.read };
    let unread = judge(&seen, &memory, &account.wanted).unread;
    assert_eq!(unread.iter().map(words).collect::<Vec<_>>(), ["recent"]);
}

#[test]
fn only_the_wanted_people_are_shown() {
    let mut account = Account::with(&[text(BOB, 1, "from bob"), text(EVE, 2, "from eve")]);
    account.wanted.senders = vec![jid(EVE).to_bare()];
    assert_eq!(account.unread(), ["from eve"]);
}

/// ejabberd's ids are microseconds.
#[test]
fn messages_that_share_an_archive_id_are_judged_each() {
    for other in [BOB, EVE] {
        let early = text(BOB, 1, "early");
        let late = Message { message_id: Some("another".into()), ..text(other, 1, "late") };
        let mut account = Account::with(std::slice::from_ref(&early));
        assert_eq!(account.mark(), ["early"]);
        account.archive = vec![early, late.clone()];
        account.queue = vec![queued(&late, "7")];
        assert_eq!(account.mark(), ["late"]);
        assert_eq!((account.unread(), account.queue), (vec![], vec![]));
    }
}
