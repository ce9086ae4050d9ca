//! Decisions in memory: a small server that forgets nothing, and the person's other devices as plain data.

mod changes;
mod histories;
mod marking;
mod overview;
mod unread;
mod waiting;
mod window;

use chrono::{DateTime, TimeDelta, Utc};
use jid::Jid;

use super::changes::{Standing, Unread};
use super::marks::{Marking, Outcome};
use super::memory::{Memory, window};
use super::message::{Content, Message, ReadPositions, Sender, Wanted};
use super::unread::{Seen, judge};

fn jid(text: &str) -> Jid {
    Jid::new(text).expect("a JID")
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + second, 0).expect("a time")
}

/// As ejabberd makes them: microseconds.
fn id(second: i64) -> String {
    at(second).timestamp_micros().to_string()
}

fn message(conversation: &str, second: i64, sender: Sender, content: Content) -> Message {
    Message {
        archive_id: Some(id(second)),
        offline_node: None,
        message_id: Some(format!("m{second}")),
        conversation: jid(conversation),
        sender,
        time: at(second),
        content: content.into(),
        occupant: None,
    }
}

fn text(from: &str, second: i64, words: &str) -> Message {
    message(from, second, Sender::Contact, Content::Text(words.into()))
}

fn encrypted(from: &str, second: i64) -> Message {
    message(from, second, Sender::Contact, Content::Encrypted("OMEMO".into()))
}

fn my_answer(to: &str, second: i64) -> Message {
    message(to, second, Sender::Me, Content::Text("my answer".into()))
}

fn displayed(sender: Sender, conversation: &str, second: i64, message_id: &str) -> Message {
    message(conversation, second, sender, Content::Displayed(message_id.into()))
}

/// The same message, as the offline queue holds it.
fn queued(message: &Message, node: &str) -> Message {
    Message { offline_node: Some(node.into()), ..message.clone() }
}

/// Its words, behind what became of it.
fn words(unread: &Unread<'_>) -> String {
    match (unread.standing, unread.content.outline().words()) {
        (Standing::AsSent, Content::Text(words)) => words.clone(),
        (Standing::Edited, Content::Text(words)) => format!("edited: {words}"),
        (Standing::Retracted, _) => "retracted".into(),
        (_, Content::Encrypted(_)) => "Encrypted".into(),
        (_, other) => format!("{other:?}"),
    }
}

/// A server with the person's account, and what `chat` remembers of it.
#[derive(Clone, Default)]
struct Account {
    archive: Vec<Message>,
    queue: Vec<Message>,
    read: ReadPositions,
    memory: Memory,
    wanted: Wanted,
}

impl Account {
    fn with(archive: &[Message]) -> Self {
        Self { archive: archive.to_vec(), ..Self::default() }
    }

    fn phone_has_read(&mut self, conversation: &str, archive_id: &str) {
        self.read.0.insert(jid(conversation), archive_id.into());
    }

    fn position(&self, conversation: &str) -> Option<&str> {
        self.read.0.get(&jid(conversation)).map(String::as_str)
    }

    /// `chat unread`
    fn unread(&mut self) -> Vec<String> {
        self.run(usize::MAX, Marking::No).0
    }

    /// `chat unread -m`
    fn mark(&mut self) -> Vec<String> {
        self.run(usize::MAX, Marking::Yes).0
    }

    /// `chat unread -m | head -n N`
    fn mark_first(&mut self, count: usize) -> Vec<String> {
        self.run(count, Marking::Yes).0
    }

    /// What of the archive is asked for.
    fn fetched(&self) -> Vec<Message> {
        let since = window(&self.memory);
        let waits =
            |row: &Message| self.memory.waiting.get(row.conversation.as_str()).is_some_and(|from| row.time >= *from);
        let is_fetched = |row: &&Message| since.is_none_or(|since| row.time >= since) || waits(row);
        self.archive.iter().filter(is_fetched).cloned().collect()
    }

    fn run(&mut self, count: usize, marking: Marking) -> (Vec<String>, Outcome) {
        let (archive, since) = (self.fetched(), window(&self.memory));
        let seen = Seen { archive: &archive, since, queue: &self.queue, read: &self.read };
        let judgement = judge(&seen, &self.memory, &self.wanted);
        let shown = judgement.unread.iter().take(count).map(words).collect();
        let outcome = judgement.after_showing(count, marking);
        self.carry_out(&outcome);
        (shown, outcome)
    }

    fn carry_out(&mut self, outcome: &Outcome) {
        for mark in &outcome.marks {
            self.read.0.insert(mark.conversation.clone(), mark.archive_id.clone());
        }
        let removed =
            |message: &Message| message.offline_node.as_ref().is_some_and(|node| outcome.offline_nodes.contains(node));
        self.queue.retain(|message| !removed(message));
        self.memory = outcome.memory.clone();
    }
}

#[test]
fn the_window_reaches_back_over_the_overlap() {
    let mut account = Account::with(&[text("bob@b.example", 5000, "one")]);
    assert_eq!(window(&account.memory), None);
    account.mark();
    assert_eq!(window(&account.memory), Some(at(5000) - TimeDelta::seconds(600)));
}

#[test]
fn the_memory_survives_being_written_down() {
    let mut account = Account::with(&[text("bob@b.example", 1, "one"), encrypted("bob@b.example", 2)]);
    account.mark();
    let json = serde_json::to_string(&account.memory).expect("it can be written");
    assert_eq!(serde_json::from_str::<Memory>(&json).expect("it can be read"), account.memory);
}
