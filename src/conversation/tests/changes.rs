//! Corrections, retractions and reactions. The numbers are those of the acceptance cases of issue 3.

use super::*;
use crate::conversation::message::{Occupant, Signs};

const BOB: &str = "bob@b.example";
const EVE: &str = "eve@e.example";
const NOTHING: [&str; 0] = [];

fn correction(from: &str, second: i64, of: &str, words: &str) -> Message {
    let content = Box::new(Content::Text(words.into()));
    message(from, second, Sender::Contact, Content::Correction { of: of.into(), content })
}

fn retraction(from: &str, second: i64, of: &str) -> Message {
    message(from, second, Sender::Contact, Content::Retraction { of: of.into() })
}

fn reaction(from: &str, second: i64, to: &str) -> Message {
    message(from, second, Sender::Contact, Content::Reactions { to: to.into(), emoji: vec!["👍".into()] })
}

#[test]
fn a_correction_replaces_what_is_still_unread() {
    // Case 37.
    let mut account =
        Account::with(&[text(BOB, 1, "at ate"), text(EVE, 2, "two"), correction(BOB, 3, "m1", "at eight")]);
    assert_eq!(account.unread(), ["edited: at eight", "two"]);
    assert_eq!(account.mark(), ["edited: at eight", "two"]);
    assert_eq!(account.position(BOB), Some(id(3).as_str()), "who sees the new words has seen the correction");
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn the_last_correction_counts_whichever_message_it_names() {
    let mut account = Account::with(&[
        text(BOB, 1, "a"),
        correction(BOB, 2, "m1", "b"),
        correction(BOB, 3, "m1", "c"),
        correction(BOB, 4, "m3", "d"),
    ]);
    assert_eq!(account.mark(), ["edited: d"]);
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn a_correction_of_what_was_read_is_shown_by_itself() {
    // Case 37.
    let mut account = Account::with(&[text(BOB, 1, "at ate")]);
    account.mark();
    account.archive.push(correction(BOB, 2, "m1", "at eight"));
    assert_eq!(account.mark(), ["edited: at eight"]);
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn a_correction_of_an_unknown_message_is_shown_by_itself() {
    let mut account = Account::with(&[correction(BOB, 2, "long ago", "at eight")]);
    assert_eq!(account.mark(), ["edited: at eight"]);
}

#[test]
fn only_the_author_changes_a_message() {
    // Case 38.
    let mut account =
        Account::with(&[text(BOB, 1, "one"), correction(EVE, 2, "m1", "forged"), retraction(EVE, 3, "m1")]);
    assert_eq!(account.unread(), ["one", "edited: forged"], "and the forger's words stay the forger's");
    let mut account = Account::with(&[my_answer(BOB, 1), text(BOB, 2, "two"), retraction(BOB, 3, "m1")]);
    account.wanted.signs = Signs::Shown;
    assert_eq!(account.unread(), ["two", "retracted"], "a contact cannot take back my words");
}

#[test]
fn a_retracted_message_leaves_a_note_and_the_position_moves_on() {
    // Case 38.
    let mut account = Account::with(&[text(BOB, 1, "oops"), text(BOB, 2, "two"), retraction(BOB, 3, "m1")]);
    assert_eq!(account.mark(), ["retracted", "two"]);
    assert_eq!(account.position(BOB), Some(id(3).as_str()));
}

#[test]
fn a_retraction_is_final() {
    let mut account =
        Account::with(&[text(BOB, 1, "oops"), retraction(BOB, 2, "m1"), correction(BOB, 3, "m1", "I am back")]);
    assert_eq!(account.mark(), ["retracted"]);
}

#[test]
fn a_retraction_of_what_was_read_is_no_news() {
    let mut account = Account::with(&[text(BOB, 1, "oops")]);
    account.mark();
    account.archive.push(retraction(BOB, 2, "m1"));
    assert_eq!(account.unread(), NOTHING);
    account.wanted.signs = Signs::Shown;
    assert_eq!(account.unread(), ["retracted"]);
}

#[test]
fn a_correction_that_was_not_shown_holds_the_position_back() {
    let mut account = Account::with(&[text(EVE, 1, "one"), text(BOB, 2, "two"), correction(BOB, 3, "m2", "2")]);
    assert_eq!(account.mark_first(1), ["one"]);
    assert_eq!(account.position(BOB), None);
    assert_eq!(account.mark(), ["edited: 2"]);
}

/// A message in a room, where the archive's ids are the room's.
fn in_room(author: &str, second: i64, content: Content) -> Message {
    let occupant = Occupant { nick: author.into(), identity: author.into(), mentions_me: false };
    Message { occupant: Some(occupant), ..message("room@r.example", second, Sender::Contact, content) }
}

#[test]
fn in_a_room_only_the_author_or_the_room_itself_changes_a_message() {
    let words = |words: &str| Content::Text(words.into());
    let take_back = |second| Content::Retraction { of: id(second) };
    let correct = |of: &str| Content::Correction { of: of.into(), content: Box::new(words("changed")) };
    let by_room = message("room@r.example", 9, Sender::Room, take_back(3));
    let mut account = Account::with(&[
        in_room("bob", 1, words("one")),
        in_room("bob", 2, words("two")),
        in_room("bob", 3, words("three")),
        in_room("eve", 4, correct("m1")),
        in_room("eve", 5, take_back(1)),
        in_room("bob", 6, correct("m1")),
        in_room("bob", 7, take_back(2)),
        by_room,
    ]);
    assert_eq!(account.unread(), ["edited: changed", "retracted", "retracted", "edited: changed"]);
}

#[test]
fn reactions_are_shown_when_asked_for_and_know_what_they_are_about() {
    let mut account = Account::with(&[my_answer(BOB, 1), reaction(BOB, 2, "m1")]);
    assert_eq!(account.mark(), NOTHING);
    account.wanted.signs = Signs::Shown;
    let seen = Seen { archive: &account.archive, since: None, queue: &[], read: &account.read };
    let judgement = judge(&seen, &account.memory, &account.wanted);
    assert_eq!(judgement.unread[0].about, Some(&account.archive[0]));
    assert_eq!(account.mark().len(), 1);
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn reactions_that_only_the_queue_holds_are_removed_once_shown() {
    let queue = vec![queued(&Message { archive_id: None, ..reaction(BOB, 2, "m1") }, "7")];
    let mut account = Account { queue, ..Account::default() };
    account.mark();
    assert_eq!(account.queue.len(), 1);
    account.wanted.signs = Signs::Shown;
    assert_eq!(account.mark().len(), 1);
    assert_eq!(account.queue.len(), 0);
}
