//! Ends in the middle, in each mode: what was not shown, or not marked, comes again.

use super::{Paging, texts};
use crate::account::{Account, Ended};
use crate::relay::{Fault, Relay};

fn first_words(lines: &[String]) -> Vec<&str> {
    texts(lines).iter().map(|text| text.split_once(' ').map_or(*text, |(word, _)| word)).collect()
}

#[test]
fn a_run_that_is_killed_in_its_output_loses_nothing() {
    // Case 27.
    let (alice, bob) = (Account::new(), Account::new());
    Paging::start(&alice, &bob).kill();
    assert_eq!(first_words(&bob.unread(&[])), ["first", "second"]);
    assert_eq!(first_words(&bob.unread(&["-m"])), ["first", "second"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_reader_that_leaves_has_read_what_was_written() {
    // Case 28.
    let (alice, bob) = (Account::new(), Account::new());
    Paging::start(&alice, &bob).leave();
    assert_eq!(first_words(&bob.unread(&["-m"])), ["second"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn an_answer_that_never_comes_marks_nothing() {
    // Case 31.
    let (alice, bob) = (Account::new(), Account::new());
    alice.send(&bob, "one");
    let whole = Relay::start(Fault::None);
    let at = |relay: &Relay, options: &[&str]| {
        Ended::from(bob.command_at(&relay.host(), "unread", options).output().expect("chat runs"))
    };
    at(&whole, &[]).expect_status(0);
    for tenth in [5, 7, 9] {
        let relay = Relay::start(Fault::StallAfter(whole.said() * tenth / 10));
        let ended = at(&relay, &["-m", "-t", "3"]).expect_status(75);
        assert_eq!(ended.out, "", "after {tenth}/10");
        assert_eq!(texts(&bob.unread(&[])), ["one"]);
    }
}

#[test]
fn what_comes_while_a_pager_blocks_is_shown_next_time() {
    // Case 34.
    let (alice, bob) = (Account::new(), Account::new());
    let paging = Paging::start(&alice, &bob);
    alice.send(&bob, "third");
    paging.finish();
    assert_eq!(texts(&bob.unread(&[])), ["third"]);
    assert_eq!(texts(&bob.unread(&["-m"])), ["third"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}
