//! Random histories of a queue that is only handed over: whatever the server gives back, and however a run ends, each
//! message is shown, none is shown again once it was marked, and what only the phone can read waits for it.

use proptest::prelude::*;

use super::*;
use crate::conversation::journal::Earlier;
use crate::conversation::marks::{Marking, Outcome};
use crate::conversation::memory::Memory;
use crate::conversation::message::{ReadPositions, Wanted};
use crate::conversation::unread::{Seen, judge};
use crate::xmpp::scripted_server;

#[derive(Clone, Copy, Debug)]
enum Event {
    Arrives { encrypted: bool },
    Look,
    Mark { count: usize, until: Step },
}

/// How far a marking run got before it was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Taken,
    Shown,
    Remembered,
    Acknowledged,
    Ended,
}

fn event() -> impl Strategy<Value = Event> {
    let killed = prop_oneof![Just(Step::Taken), Just(Step::Shown), Just(Step::Remembered), Just(Step::Acknowledged)];
    let step = prop_oneof![2 => killed, 1 => Just(Step::Ended)];
    prop_oneof![
        4 => prop::bool::weighted(0.2).prop_map(|encrypted| Event::Arrives { encrypted }),
        1 => Just(Event::Look),
        3 => (0..5_usize, step).prop_map(|(count, until)| Event::Mark { count, until }),
    ]
}

/// What a server does with what is not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    GivesBack,
    /// It has stream management, and forgets what is beyond its limit.
    Forgets,
    HasNoManagement,
}

/// The journal as the disk has it.
#[derive(Default)]
struct Disk {
    lines: Vec<String>,
    /// So many are of earlier runs.
    old: usize,
}

impl Journal for Disk {
    fn prepare(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn add(&mut self, stanza: &str) -> Result<usize, Error> {
        self.lines.push(stanza.to_owned());
        Ok(self.lines.len() - 1)
    }

    fn earlier(&self) -> Result<Earlier, Error> {
        let lines = self.lines[..self.old].to_vec();
        Ok(Box::new(lines.into_iter().map(Ok)))
    }
}

impl Disk {
    fn keep_only(&mut self, numbers: &BTreeSet<usize>) {
        let mut number = 0..;
        self.lines.retain(|_| number.next().is_some_and(|number| numbers.contains(&number)));
    }
}

struct World {
    server: Server,
    queue: Vec<String>,
    disk: Disk,
    memory: Memory,
    /// By the senders' ids.
    arrived: Vec<String>,
    seen: BTreeSet<String>,
    done: BTreeSet<String>,
    time: i64,
}

impl World {
    fn new(server: Server) -> Self {
        let (queue, disk, memory) = (Vec::new(), Disk::default(), Memory::default());
        let (arrived, seen, done) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        Self { server, queue, disk, memory, arrived, seen, done, time: 0 }
    }

    fn delay(&mut self) -> String {
        self.time += 1;
        let stamp = DateTime::from_timestamp(self.time, 0).expect("a time").to_rfc3339();
        format!("<delay xmlns='urn:xmpp:delay' from='chat.example' stamp='{stamp}'/></message>")
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Arrives { encrypted } => self.arrives(encrypted),
            Event::Look => self.runs(usize::MAX, Marking::No, Step::Ended),
            Event::Mark { count, until } => self.runs(count, Marking::Yes, until),
        }
    }

    fn arrives(&mut self, encrypted: bool) {
        let id = format!("{}{}", if encrypted { "secret " } else { "m" }, self.arrived.len());
        let omemo = "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload/></encrypted>";
        let (omemo, delay) = (if encrypted { omemo } else { "" }, self.delay());
        let start = format!("<message xmlns='jabber:client' from='romeo@chat.example/x' type='chat' id='{id}'>");
        self.queue.push(format!("{start}<body>{id}</body>{omemo}{delay}"));
        self.arrived.push(id);
    }

    /// Each time with a time more.
    fn gives_back(&mut self) {
        let delay = self.delay();
        self.queue.iter_mut().for_each(|text| *text = text.replace("</message>", &delay));
    }

    fn runs(&mut self, count: usize, marking: Marking, until: Step) {
        self.disk.old = self.disk.lines.len();
        let (taken, messages) = self.takes(marking);
        let is_given_back = taken.is_given_back();
        if until != Step::Taken {
            self.shows(&taken, &messages, count, marking, until);
        }
        if is_given_back {
            self.gives_back();
        }
    }

    fn takes(&mut self, marking: Marking) -> (Taken, Vec<Message>) {
        let first = if self.server == Server::Forgets { GIVEN_BACK + 1 } else { 0 };
        let counted = (self.server != Server::HasNoManagement).then_some(first);
        let (mut taken, mut messages) = (Taken { counted, ..Taken::default() }, Vec::new());
        let account = scripted_server::account();
        let keeping = &mut Keeping { journal: &mut self.disk, storage: &scripted_server::Memory };
        for text in &self.queue {
            taken.counted = taken.counted.map(|counted| counted + 1);
            let stanza = text.parse().expect("XML");
            let now = DateTime::from_timestamp(self.time, 0).expect("a time");
            messages.extend(taken.receive(stanza, &account, now, false, keeping).expect("room"));
        }
        messages.extend(taken.recall(keeping, &account, false, &messages).expect("a journal"));
        if !taken.is_given_back() {
            self.queue.clear();
        } else if marking == Marking::No {
            self.disk.lines.truncate(self.disk.old);
        }
        (taken, messages)
    }

    fn shows(&mut self, taken: &Taken, messages: &[Message], count: usize, marking: Marking, until: Step) {
        let read = ReadPositions::default();
        let seen = Seen { archive: &[], since: None, queue: messages, read: &read };
        let judgement = judge(&seen, &self.memory, &Wanted::default());
        let shown = judgement.unread.iter().take(count).filter_map(|unread| unread.message.message_id.clone());
        let listed: Vec<String> = shown.collect();
        let shown: BTreeSet<String> = listed.iter().cloned().collect();
        assert_eq!(listed.len(), shown.len(), "shown twice at once: {listed:?}");
        assert!(shown.is_disjoint(&self.done), "shown again after it was marked: {shown:?}");
        let of_marking = if marking == Marking::Yes { shown } else { BTreeSet::new() };
        self.seen.extend(of_marking.iter().cloned());
        if until == Step::Shown {
            return;
        }
        let Outcome { memory, queue: fates, .. } = judgement.after_showing(count, marking);
        self.memory = memory;
        self.done.extend(of_marking);
        if until == Step::Remembered || marking == Marking::No && taken.is_given_back() {
            return;
        }
        let handled = taken.handled(&fates).filter(|_| taken.is_given_back()).unwrap_or_default() as usize;
        self.queue.drain(..handled);
        if until != Step::Acknowledged {
            self.disk.keep_only(&taken.left(&fates));
        }
    }

    fn ends(&mut self) {
        self.runs(usize::MAX, Marking::Yes, Step::Ended);
        let lost: Vec<_> = self.arrived.iter().filter(|id| !self.seen.contains(*id)).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        let waits = |id: &String| self.queue.iter().any(|text| text.contains(&format!("id='{id}'")));
        let mut secrets = self.arrived.iter().filter(|id| id.starts_with("secret"));
        assert!(self.server != Server::GivesBack || secrets.all(waits), "lost for the phone");
        self.runs(usize::MAX, Marking::Yes, Step::Ended);
        assert!(self.disk.lines.is_empty(), "kept for nothing: {:?}", self.disk.lines);
    }
}

proptest! {
    // PROPTEST_CASES=50000 looks closer.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_handed_over_is_shown_once_and_not_lost(
        server in prop_oneof![Just(Server::GivesBack), Just(Server::Forgets), Just(Server::HasNoManagement)],
        history in prop::collection::vec(event(), 1..20)
    ) {
        let mut world = World::new(server);
        for event in history {
            world.happens(event);
        }
        world.ends();
    }
}
