//! By conversation: order, numbers and limits.

use super::*;
use crate::conversation::message::Occupant;
use crate::conversation::overview::{Extent, counts, group, keep_last, keep_since, take};

const BOB: &str = "bob@b.example";
const EVE: &str = "eve@e.example";

fn messages() -> Vec<Message> {
    vec![text(BOB, 1, "one"), text(EVE, 2, "two"), text(BOB, 3, "three"), text(BOB, 4, "four")]
}

fn shown(change: impl FnOnce(&mut Vec<Unread<'_>>)) -> Vec<String> {
    let messages = messages();
    let mut unread: Vec<Unread<'_>> = messages.iter().map(Unread::as_sent).collect();
    change(&mut unread);
    unread.iter().map(words).collect()
}

#[test]
fn conversations_are_counted_in_their_order() {
    let messages = messages();
    let unread: Vec<Unread<'_>> = messages.iter().map(Unread::as_sent).collect();
    let counted = counts(&unread).into_iter().map(|count| (count.conversation.to_string(), count.unread, count.latest));
    assert_eq!(counted.collect::<Vec<_>>(), [(BOB.into(), 3, at(4)), (EVE.into(), 1, at(2))]);
}

#[test]
fn the_messages_of_a_conversation_stay_in_their_order() {
    assert_eq!(shown(|unread| group(unread)), ["one", "three", "four", "two"]);
}

#[test]
fn the_last_messages_of_each_conversation_are_kept() {
    assert_eq!(shown(|unread| keep_last(unread, 2)), ["two", "three", "four"]);
}

#[test]
fn what_came_before_is_not_shown() {
    assert_eq!(shown(|unread| keep_since(unread, at(3))), ["three", "four"]);
}

/// Said in a room.
fn said(second: i64, words: &str, mentions_me: bool) -> Message {
    let occupant = Occupant { nick: "Romeo".into(), identity: "romeo".into(), mentions_me };
    Message { occupant: Some(occupant), ..text("verona@rooms.example", second, words) }
}

/// What is shown of a room and of Bob, and of each how many messages are unread and only counted.
fn taken(extent: Extent) -> (Vec<String>, Vec<(usize, usize)>) {
    let messages = [said(1, "one", false), said(2, "Juliet!", true), text(BOB, 3, "direct"), said(4, "two", false)];
    let mut unread: Vec<Unread<'_>> = messages.iter().map(Unread::as_sent).collect();
    let counts = take(&mut unread, extent);
    (unread.iter().map(words).collect(), counts.iter().map(|count| (count.unread, count.aside)).collect())
}

#[test]
fn of_a_room_the_rest_beside_mentions_is_counted() {
    let shown = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(taken(Extent::Whole), (shown(&["one", "Juliet!", "direct", "two"]), vec![(3, 0), (1, 0)]));
    assert_eq!(taken(Extent::MentionsOfAll), (shown(&["Juliet!", "direct"]), vec![(3, 2), (1, 0)]));
    assert_eq!(taken(Extent::Mentions), (shown(&["Juliet!", "direct"]), vec![(1, 0), (1, 0)]));
}

#[test]
fn a_correction_can_mention_the_person_and_no_position_passes_what_was_not_shown() {
    let correction = Content::Correction { of: "m2".into(), content: Box::new(Content::Text("Juliet!".into())) };
    let corrected = Message { content: correction.into(), ..said(3, "", true) };
    let mut account = Account::with(&[said(1, "one", false), said(2, "Juliett", false), corrected]);
    let archive = account.archive.clone();
    let seen = Seen { archive: &archive, since: None, queue: &[], read: &ReadPositions::default() };
    let mut judgement = judge(&seen, &account.memory, &account.wanted);
    let counts = take(&mut judgement.unread, Extent::MentionsOfAll);
    assert_eq!((counts[0].unread, counts[0].aside), (2, 1));
    let outcome = judgement.after_showing(1, Marking::Yes);
    account.carry_out(&outcome);
    assert_eq!(account.position("verona@rooms.example"), None);
    assert_eq!(account.unread(), ["one"]);
}

#[test]
fn a_position_does_not_pass_what_a_limit_left_out() {
    let mut account = Account::with(&messages());
    let archive = account.archive.clone();
    let seen = Seen { archive: &archive, since: None, queue: &[], read: &ReadPositions::default() };
    let mut judgement = judge(&seen, &account.memory, &account.wanted);
    keep_last(&mut judgement.unread, 1);
    group(&mut judgement.unread);
    let outcome = judgement.after_showing(2, Marking::Yes);
    account.carry_out(&outcome);
    assert_eq!((account.position(BOB), account.position(EVE)), (None, Some(id(2).as_str())));
    assert_eq!(account.unread(), ["one", "three"]);
}
