//! What stays unread for long: it is shown each time, and nothing else is fetched because of it.

use super::*;
use crate::conversation::memory::{MOST_AGAIN, MOST_WAITING, OVERLAP};

const BOB: &str = "bob@b.example";
const EVE: &str = "eve@e.example";
const NOTHING: [&str; 0] = [];
const MONTHS: i64 = 10_000_000;

#[test]
fn an_old_unread_message_does_not_hold_the_window_back() {
    let read = my_answer(BOB, 5000);
    let mut account = Account::with(&[text(EVE, 1, "old"), text(BOB, 4000, "read"), read, text(BOB, MONTHS, "new")]);
    assert_eq!(account.unread(), ["old", "new"]);
    assert_eq!(window(&account.memory), Some(at(MONTHS) - OVERLAP));
    let fetched: Vec<_> = account.fetched().into_iter().map(|message| message.time).collect();
    assert_eq!(fetched, [at(1), at(MONTHS)]);
    assert_eq!(account.unread(), ["old", "new"]);
    assert_eq!(account.mark(), ["old", "new"]);
    assert_eq!((account.fetched().len(), account.memory.waiting.len()), (1, 0));
    assert_eq!(account.mark(), NOTHING);
    assert_eq!(account.memory.judged.len(), 1);
}

#[test]
fn what_is_said_in_a_conversation_later_reads_what_waits_there() {
    for reads in [my_answer(EVE, MONTHS + 1), displayed(Sender::Me, EVE, MONTHS + 1, "m1")] {
        let mut account = Account::with(&[text(EVE, 1, "old"), text(BOB, MONTHS, "new")]);
        account.unread();
        account.archive.push(reads);
        assert_eq!(account.unread(), ["new"]);
        assert_eq!(account.memory.waiting.len(), 0);
    }
    let mut account =
        Account::with(&[text(EVE, 1, "old"), text(EVE, 2, "older than the window, too"), text(BOB, MONTHS, "new")]);
    account.unread();
    account.phone_has_read(EVE, &id(1));
    assert_eq!(account.unread(), ["older than the window, too", "new"]);
    assert_eq!(account.memory.waiting, [(EVE.to_owned(), at(2))].into());
}

#[test]
fn what_was_shown_before_an_older_message_is_not_shown_again_with_it() {
    let mut account = Account::with(&[text(BOB, 1, "from bob"), text(EVE, 2, "from eve"), text(EVE, 3, "again")]);
    account.wanted.senders = vec![jid(BOB).to_bare()];
    account.mark();
    account.wanted = Wanted::default();
    account.archive.push(text(BOB, MONTHS, "new"));
    assert_eq!(account.unread(), ["from eve", "again", "new"]);
    assert_eq!(account.mark_first(1), ["from eve"]);
    assert_eq!(account.mark(), ["again", "new"]);
    assert_eq!(account.mark(), NOTHING);
}

fn one_of_each(conversations: usize) -> Vec<Message> {
    (0..conversations).zip(1..).map(|(number, time)| text(&format!("c{number:02}@c.example"), time, "waits")).collect()
}

#[test]
fn more_conversations_than_are_fetched_by_themselves_may_wait() {
    let mut archive = one_of_each(MOST_WAITING + 5);
    archive.push(text(BOB, MONTHS, "new"));
    let mut account = Account::with(&archive);
    for _ in 0..3 {
        assert_eq!(account.unread().len(), MOST_WAITING + 6);
        assert_eq!(account.memory.waiting.len(), MOST_WAITING);
    }
    let first_of_the_others = archive[MOST_WAITING].time;
    assert_eq!(window(&account.memory), Some(first_of_the_others));
    assert_eq!(account.mark().len(), MOST_WAITING + 6);
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn not_more_than_a_thousand_old_messages_are_fetched_because_of_many_conversations() {
    let mut archive = one_of_each(MOST_WAITING + 1);
    archive.extend((0..2000).map(|number| my_answer(BOB, 1000 + number)));
    archive.push(text(BOB, MONTHS, "new"));
    let mut account = Account::with(&archive);
    assert_eq!(account.unread().len(), MOST_WAITING + 2);
    assert_eq!(account.fetched().len(), MOST_WAITING + MOST_AGAIN + 1);
    assert_eq!(account.unread().len(), MOST_WAITING + 1, "the last of the conversations is given up");
}
