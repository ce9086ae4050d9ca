//! Random histories of messages, devices, late commits and crashes: nothing is lost, nothing that was marked is shown
//! again, no position moves back or passes what nobody has seen.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::conversation::marks::Mark;
use crate::conversation::memory::OVERLAP;

const PEOPLE: [&str; 2] = ["bob@b.example", "eve@e.example"];

#[derive(Clone, Debug)]
enum Event {
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
}

/// How far a marking run got before the process ended.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// It remembers what it was about to publish,
    Remembered,
    /// has published the first position,
    PublishedSome,
    /// or all of them,
    Published,
    /// and has emptied the queue.
    Emptied,
}

fn event() -> impl Strategy<Value = Event> {
    let person = || 0..PEOPLE.len();
    let arrives = (
        person(),
        prop::option::weighted(0.9, prop_oneof![Just(0), 1..500_i64]),
        prop::bool::weighted(0.1),
        any::<bool>(),
    );
    prop_oneof![
        8 => arrives.prop_map(|(from, lag, encrypted, phone_offline)| {
            // Whatever is not archived was at least in the queue.
            Event::Arrives { from, lag, encrypted, phone_offline: phone_offline || lag.is_none() }
        }),
        1 => person().prop_map(Event::PhonePublishes),
        1 => person().prop_map(Event::PhoneSendsDisplayed),
        1 => person().prop_map(Event::PhoneAnswers),
        1 => person().prop_map(Event::ScriptSends),
        1 => Just(Event::Look),
        3 => (0..6_usize, prop::option::of(person())).prop_map(|(count, only)| Event::Mark { count, only }),
        1 => prop_oneof![Just(Step::Remembered), Just(Step::PublishedSome), Just(Step::Published), Just(Step::Emptied)]
            .prop_map(Event::Crash),
    ]
}

/// Everything true about the account, also what `chat` cannot know yet.
#[derive(Default)]
struct World {
    account: Account,
    now: i64,
    /// When each message appears in the archive.
    commits: Vec<(i64, Message)>,
    arrived: Vec<Message>,
    /// By the second of arrival: shown by a marking run, by one that ended well, read on the phone.
    seen: BTreeSet<String>,
    done: BTreeSet<String>,
    on_phone: BTreeSet<String>,
}

/// No two arrive in the same second, so that names a message.
fn name(message: &Message) -> String {
    message.time.to_string()
}

impl World {
    fn happens(&mut self, gap: i64, event: &Event) {
        self.now += gap;
        match *event {
            Event::Arrives { from, lag, encrypted, phone_offline } => self.arrives(from, lag, encrypted, phone_offline),
            Event::PhonePublishes(person) => self.phone_publishes(PEOPLE[person]),
            Event::PhoneSendsDisplayed(person) => self.phone_sends_displayed(PEOPLE[person]),
            Event::PhoneAnswers(person) => {
                self.phone_reads(PEOPLE[person]);
                self.commits.push((self.now, my_answer(PEOPLE[person], self.now)));
            }
            Event::ScriptSends(person) => {
                let content = Content::Text("by script".into());
                self.commits.push((self.now, message(PEOPLE[person], self.now, Sender::MyScripts, content)));
            }
            Event::Look => self.looks(),
            Event::Mark { count, only } => self.marks(count, only),
            Event::Crash(step) => self.crashes(step),
        }
    }

    fn arrives(&mut self, from: usize, lag: Option<i64>, is_encrypted: bool, phone_offline: bool) {
        let mut message = text(PEOPLE[from], self.now, &id(self.now));
        if is_encrypted {
            message.content = Content::Encrypted("OMEMO".into()).into();
        }
        if lag.is_none() && self.now % 2 == 0 {
            message.archive_id = None;
        }
        if phone_offline {
            self.account.queue.push(queued(&message, &format!("node {}", self.now)));
        }
        if let Some(lag) = lag {
            self.commits.push((self.now + lag, message.clone()));
        }
        self.arrived.push(message);
    }

    /// The phone goes online, which empties the queue, and shows one conversation.
    fn phone_reads(&mut self, person: &str) {
        let taken = std::mem::take(&mut self.account.queue);
        self.on_phone
            .extend(taken.iter().map(name).filter(|queued| !self.commits.iter().any(|(_, row)| name(row) == *queued)));
        self.on_phone.extend(self.arrived.iter().filter(|message| message.conversation == jid(person)).map(name));
    }

    fn newest_of(&self, person: &str) -> Option<Message> {
        self.arrived.iter().rfind(|message| message.conversation == jid(person)).cloned()
    }

    fn phone_publishes(&mut self, person: &str) {
        self.phone_reads(person);
        let newest = self.newest_of(person).and_then(|message| message.archive_id);
        if let Some(newest) =
            newest.filter(|newest| self.account.position(person).is_none_or(|known| known < newest.as_str()))
        {
            self.account.phone_has_read(person, &newest);
        }
    }

    fn phone_sends_displayed(&mut self, person: &str) {
        self.phone_reads(person);
        if let Some(newest) = self.newest_of(person).and_then(|message| message.message_id) {
            self.commits.push((self.now, displayed(Sender::Me, person, self.now, &newest)));
        }
    }

    /// The archive as the server would send it now.
    fn fetch(&mut self) {
        let committed = self.commits.iter().filter(|(time, _)| *time <= self.now);
        self.account.archive = committed.map(|(_, message)| message.clone()).collect();
        self.account.archive.sort_by_key(|message| message.time);
    }

    /// One run, with everything that must hold for each.
    fn run(&mut self, count: usize, marking: Marking) -> (BTreeSet<String>, Outcome) {
        self.fetch();
        let before = self.account.clone();
        let read = self.read_by_position();
        let shown = self.shown(count);
        let (_, outcome) = self.account.run(count, marking);
        assert!(shown.is_disjoint(&self.done), "shown again after it was marked");
        assert!(shown.is_disjoint(&read), "shown although the phone's position covers it");
        if marking == Marking::Yes {
            self.seen.extend(shown.iter().cloned());
        }
        for mark in &outcome.marks {
            self.check(mark, &before);
        }
        self.check_memory(&before);
        (shown, outcome)
    }

    fn shown(&self, count: usize) -> BTreeSet<String> {
        let account = &self.account;
        let (rows, since) = (account.fetched(), window(&account.memory));
        let seen = Seen { archive: &rows, since, queue: &account.queue, read: &account.read };
        judge(&seen, &account.memory, &account.wanted)
            .unread
            .iter()
            .take(count)
            .map(|unread| name(unread.message))
            .collect()
    }

    fn read_by_position(&self) -> BTreeSet<String> {
        let covered = |message: &&Message| {
            let person = message.conversation.as_str();
            let position = self.account.position(person);
            position
                .is_some_and(|id| message.archive_id.as_deref() <= Some(id) && !self.account.memory.is_ours(person, id))
        };
        self.account.archive.iter().filter(covered).map(name).collect()
    }

    /// A position moves forward only, and passes nothing that nobody has seen; encrypted messages only the phone sees.
    fn check(&self, mark: &Mark, before: &Account) {
        let position = before.position(mark.conversation.as_str());
        let reached = Some(mark.archive_id.as_str());
        assert!(position < reached, "moved back");
        let passed = |row: &&Message| {
            let id = row.archive_id.as_deref();
            row.conversation == mark.conversation && row.sender == Sender::Contact && position < id && id <= reached
        };
        for row in self.account.archive.iter().filter(passed) {
            let here = !row.content.outline().is_encrypted() && self.seen.contains(&name(row));
            assert!(here || self.on_phone.contains(&name(row)), "the mark passes {row:?}");
        }
    }

    /// However long something stays unread, the next run fetches ten minutes, and the conversations in which it waits; and
    /// remembers nothing else.
    fn check_memory(&self, before: &Account) {
        let memory = &self.account.memory;
        let newest = before.fetched().iter().map(|row| row.time).max();
        assert!(memory.settled_before >= newest.map(|newest| newest - OVERLAP), "the window is held back");
        let judged = |key: &String| memory.judged.get(key).is_some_and(|time| memory.settled_before <= Some(*time));
        let again: BTreeSet<String> =
            self.account.fetched().iter().chain(&before.queue).map(crate::conversation::memory::key).collect();
        let forgotten = |key: &&String| !judged(key) && !again.contains(*key) && memory.settled_before.is_some();
        assert_eq!(memory.judged.keys().find(forgotten), None, "it is remembered for nothing");
    }

    fn looks(&mut self) {
        let (first, _) = self.run(usize::MAX, Marking::No);
        let (second, _) = self.run(usize::MAX, Marking::No);
        assert_eq!(first, second, "looking changed something");
    }

    fn marks(&mut self, count: usize, only: Option<usize>) {
        self.account.wanted.senders = only.map(|person| jid(PEOPLE[person]).to_bare()).into_iter().collect();
        let (shown, _) = self.run(count, Marking::Yes);
        self.account.wanted = Wanted::default();
        self.done.extend(shown);
    }

    /// Everything was shown; then the process ended at this step, and before it kept the memory.
    fn crashes(&mut self, step: Step) {
        let before = self.account.clone();
        let (_, outcome) = self.run(usize::MAX, Marking::Yes);
        let marks = match step {
            Step::Remembered => &[],
            Step::PublishedSome => &outcome.marks[..outcome.marks.len().min(1)],
            Step::Published | Step::Emptied => &outcome.marks[..],
        };
        let nodes = if matches!(step, Step::Emptied) { outcome.offline_nodes.clone() } else { Vec::new() };
        let memory = before.memory.about_to_publish(&outcome.marks);
        self.account = before;
        self.account.carry_out(&Outcome { marks: marks.to_vec(), offline_nodes: nodes, memory, ..Outcome::default() });
    }

    fn ends(&mut self) {
        self.now += 500;
        self.marks(usize::MAX, None);
        let lost: Vec<_> = self
            .arrived
            .iter()
            .filter(|message| !self.seen.contains(&name(message)) && !self.on_phone.contains(&name(message)))
            .collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        assert_eq!(self.account.mark(), [""; 0], "shown twice at the end");
    }
}

proptest! {
    // PROPTEST_CASES=50000 looks closer.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_lost_or_shown_twice_and_no_position_moves_back(
        history in prop::collection::vec((1..200_i64, event()), 1..40)
    ) {
        let mut world = World::default();
        for (gap, event) in &history {
            world.happens(*gap, event);
        }
        world.ends();
    }
}
