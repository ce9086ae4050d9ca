//! Random histories of messages, devices, late commits, failures and crashes: nothing is lost, nothing that was marked is
//! shown again, no position moves back or passes what nobody has seen.

mod events;

use std::collections::BTreeSet;

use proptest::prelude::*;

use self::events::{Event, PEOPLE, Step, history, person};
use super::*;
use crate::conversation::marks::Mark;
use crate::conversation::memory::{MOST_WAITING, OVERLAP};

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
    /// What the other machine remembers, and which messages were marked there.
    elsewhere: (Memory, BTreeSet<String>),
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
            Event::PhonePublishes(from) => self.phone_publishes(&person(from)),
            Event::PhoneSendsDisplayed(from) => self.phone_sends_displayed(&person(from)),
            Event::PhoneAnswers(to) => {
                self.phone_reads(&person(to));
                self.commits.push((self.now, my_answer(&person(to), self.now)));
            }
            Event::ScriptSends(to) => {
                let content = Content::Text("by script".into());
                self.commits.push((self.now, message(&person(to), self.now, Sender::MyScripts, content)));
            }
            Event::Look => self.looks(),
            Event::Mark { count, only } => self.marks(count, only),
            Event::Crash(step) => self.crashes(step),
            Event::Crowd => (0..PEOPLE).for_each(|from| {
                self.now += 1;
                self.arrives(from, Some(0), false, false);
            }),
            Event::Pause => self.now += 1000,
            Event::Race { person: reader, noticed } => self.races(&person(reader), noticed),
            Event::Refusal => self.is_refused(),
            Event::OtherMachine => {
                std::mem::swap(&mut self.account.memory, &mut self.elsewhere.0);
                std::mem::swap(&mut self.done, &mut self.elsewhere.1);
            }
        }
    }

    fn arrives(&mut self, from: usize, lag: Option<i64>, is_encrypted: bool, phone_offline: bool) {
        let mut message = text(&person(from), self.now, &id(self.now));
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
        let held_back = memory.settled_before < newest.map(|newest| newest - OVERLAP);
        assert!(memory.waiting.len() <= MOST_WAITING, "too many conversations are fetched");
        assert!(!held_back || memory.waiting.len() == MOST_WAITING, "the window is held back");
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
        self.account.wanted.senders = only.map(|who| jid(&person(who)).to_bare()).into_iter().collect();
        let (shown, _) = self.run(count, Marking::Yes);
        self.account.wanted = Wanted::default();
        self.done.extend(shown);
    }

    /// Everything was shown; then the process ended at this step, and before it kept the memory.
    fn crashes(&mut self, step: Step) {
        let before = self.account.clone();
        let (_, outcome) = self.run(usize::MAX, Marking::Yes);
        let marks = match step {
            Step::Remembered | Step::EmptiedOnly => &[],
            Step::PublishedSome => &outcome.marks[..outcome.marks.len().min(1)],
            Step::Published | Step::Emptied => &outcome.marks[..],
        };
        let is_emptied = matches!(step, Step::Emptied | Step::EmptiedOnly);
        let nodes = if is_emptied { outcome.offline_nodes.clone() } else { Vec::new() };
        let memory = before.memory.about_to_publish(&outcome.marks);
        self.account = before;
        self.account.carry_out(&Outcome { marks: marks.to_vec(), offline_nodes: nodes, memory, ..Outcome::default() });
    }

    /// Everything was shown, and the queue is empty; what was shown stays so although no position was taken.
    fn is_refused(&mut self) {
        let read = self.account.read.clone();
        let (shown, _) = self.run(usize::MAX, Marking::Yes);
        self.account.read = read;
        self.done.extend(shown);
    }

    /// Everything is shown and marked; meanwhile the phone publishes. Whoever is behind gives way.
    fn races(&mut self, reader: &str, noticed: bool) {
        self.fetch();
        let Account { read, queue, memory, .. } = self.account.clone();
        let (rows, shown) = (self.account.fetched(), self.shown(usize::MAX));
        let seen = Seen { archive: &rows, since: window(&memory), queue: &queue, read: &read };
        let judgement = judge(&seen, &memory, &Wanted::default());
        let Outcome { marks, offline_nodes, memory, .. } = judgement.after_showing(usize::MAX, Marking::Yes);
        self.seen.extend(shown.iter().cloned());
        self.phone_publishes(reader);
        let before = self.account.read.clone();
        let mut marks = if noticed { judgement.forward_only(marks, &before) } else { marks };
        marks.extend(judgement.overtaken(&marks, &before));
        self.account.carry_out(&Outcome { marks, offline_nodes, memory, ..Outcome::default() });
        for (conversation, id) in &before.0 {
            assert!(self.account.position(conversation.as_str()) >= Some(id), "the phone's position moved back");
        }
        self.done.extend(shown);
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

fn live_through(history: &[(i64, Event)]) -> World {
    let mut world = World::default();
    for (gap, event) in history {
        world.happens(*gap, event);
    }
    world.ends();
    world
}

proptest! {
    // PROPTEST_CASES=50000 looks closer.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_lost_or_shown_twice_and_no_position_moves_back(history in history(500)) {
        live_through(&history);
    }

    /// Nothing is committed late: behind the position of another machine that would count as read.
    #[test]
    fn two_machines_lose_nothing_either(
        mut history in history(0),
        moves in prop::collection::vec(0..40_usize, 1..6)
    ) {
        for at in moves {
            history.insert(at.min(history.len()), (1, Event::OtherMachine));
        }
        let mut world = live_through(&history);
        world.happens(1, &Event::OtherMachine);
        world.ends();
    }
}
