//! By conversation: order, numbers and limits.

use super::*;
use crate::conversation::overview::{counts, group, keep_last, keep_since};

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
