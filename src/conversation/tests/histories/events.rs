//! What happens to a person's account, by chance.

use proptest::prelude::*;

use crate::conversation::memory::MOST_WAITING;

/// Two or three people make most of the trouble; the others are those who may wait longer than is fetched for each alone.
pub(super) const PEOPLE: usize = MOST_WAITING + 5;

/// The address of a contact.
pub(super) fn person(number: usize) -> String {
    format!("p{number:02}@p.example")
}

#[derive(Clone, Debug)]
pub(super) enum Event {
    /// A message arrives; the archive holds it `lag` seconds later, or never.
    Arrives {
        from: usize,
        lag: Option<i64>,
        encrypted: bool,
        phone_offline: bool,
    },
    PhonePublishes(usize),
    PhoneSendsDisplayed(usize),
    PhoneAnswers(usize),
    ScriptSends(usize),
    Look,
    Mark {
        count: usize,
        only: Option<usize>,
    },
    Crash(Step),
    /// Each person writes.
    Crowd,
    /// Longer than messages may come late.
    Pause,
    /// The phone publishes between our look and our publication. It is noticed before, or only behind it.
    Race {
        person: usize,
        noticed: bool,
    },
    /// The server empties the queue, and refuses the positions.
    Refusal,
    /// The person goes to another machine.
    OtherMachine,
}

/// How far a marking run got before the process ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// It remembers what it was about to publish,
    Remembered,
    /// has published the first position,
    PublishedSome,
    /// or all of them,
    Published,
    /// and has emptied the queue.
    Emptied,
    /// The queue is empty, and no position was published.
    EmptiedOnly,
}

/// What happens to the person; `late` is how late a message may be committed.
fn event(late: i64) -> impl Strategy<Value = Event> {
    let person = || prop_oneof![8 => 0..3_usize, 1 => 0..PEOPLE];
    let arrives = (
        person(),
        prop::option::weighted(0.9, prop_oneof![Just(0), 0..=late]),
        prop::bool::weighted(0.1),
        any::<bool>(),
    );
    let step = prop_oneof![
        Just(Step::Remembered),
        Just(Step::PublishedSome),
        Just(Step::Published),
        Just(Step::Emptied),
        Just(Step::EmptiedOnly)
    ];
    prop_oneof![
        16 => arrives.prop_map(|(from, lag, encrypted, phone_offline)| {
            // Whatever is not archived was at least in the queue.
            Event::Arrives { from, lag, encrypted, phone_offline: phone_offline || lag.is_none() }
        }),
        2 => person().prop_map(Event::PhonePublishes),
        2 => person().prop_map(Event::PhoneSendsDisplayed),
        2 => person().prop_map(Event::PhoneAnswers),
        2 => person().prop_map(Event::ScriptSends),
        2 => Just(Event::Look),
        6 => (0..6_usize, prop::option::of(person())).prop_map(|(count, only)| Event::Mark { count, only }),
        2 => step.prop_map(Event::Crash),
        1 => Just(Event::Crowd),
        1 => Just(Event::Pause),
        2 => (person(), any::<bool>()).prop_map(|(person, noticed)| Event::Race { person, noticed }),
        1 => Just(Event::Refusal),
    ]
}

/// What follows one another, with so many seconds between.
pub(super) fn history(late: i64) -> impl Strategy<Value = Vec<(i64, Event)>> {
    prop::collection::vec((1..200_i64, event(late)), 1..40)
}
