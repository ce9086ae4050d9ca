//! Which messages are unread: those that no device has read and no earlier run has shown and marked.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use jid::BareJid;

use super::changes::{Changes, Unread};
use super::memory::{Memory, key};
use super::message::{Content, Message, ReadPositions, Sender, Signs, Wanted};
use super::read_evidence::ReadEvidence;
use super::timeline::{Entry, Place, Timeline};

/// What the server said.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The archive in its order, oldest first, each archive id once, with the person's own messages and markers.
    pub archive: &'a [Message],
    /// The archive was fetched from this time on, and of [`Memory::waiting`] conversations more; `None`: all of it. It is
    /// [`super::memory::window`], or where the first use stopped.
    pub since: Option<DateTime<Utc>>,
    /// The offline queue in the order of arrival; may repeat the archive, by archive id or without any.
    pub queue: &'a [Message],
    pub read: &'a ReadPositions,
}

/// What is unread, and all that is needed to mark it once it was shown; see [`super::marks`].
#[derive(Clone, Debug)]
pub struct Judgement<'a> {
    /// What to show: unread messages of the wanted senders, oldest first, as they stand now.
    pub unread: Vec<Unread<'a>>,
    /// The indices of all unread messages, wanted or not.
    pub(super) waiting: Vec<usize>,
    pub(super) timeline: Timeline<'a>,
    pub(super) read: &'a ReadPositions,
    pub(super) since: Option<DateTime<Utc>>,
    /// Conversations that begin with messages which were not fetched: a position in them would cover those.
    pub(super) cut: BTreeSet<BareJid>,
    /// What is known from now on even if nothing is shown.
    pub(super) memory: Memory,
}

/// Decides what is unread. `wanted` limits what is shown, not what is judged.
pub fn judge<'a>(seen: &Seen<'a>, memory: &Memory, wanted: &Wanted) -> Judgement<'a> {
    let timeline = Timeline::new(seen.archive, seen.queue, seen.since);
    let evidence = ReadEvidence::gather(&timeline, seen.read, memory);
    let mut memory = memory.clone();
    memory.forget_passed_positions(seen.read);
    memory.held.retain(|conversation, held| !evidence.passed(conversation, &held.last, &timeline, seen.read));
    let mut waiting = Vec::new();
    let changes = Changes::gather(&timeline);
    let mut changing = HashSet::new();
    for (index, entry) in timeline.entries.iter().enumerate() {
        if !is_incoming(entry.message, wanted) && !changing.contains(&changes.changed(index)) {
            continue;
        }
        if is_read(index, entry, &evidence, &memory) {
            memory.judged.insert(key(entry.message), entry.message.time);
        } else {
            waiting.push(index);
            changing.insert(changes.changed(index));
        }
    }
    let mut unread = changes.standing(&waiting, &timeline);
    unread.retain(|unread| wanted.admits(&unread.message.conversation));
    Judgement { unread, waiting, timeline, read: seen.read, since: seen.since, cut: BTreeSet::new(), memory }
}

/// Whether the message can be unread at all: a contact's, and for people or asked for.
fn is_incoming(message: &Message, wanted: &Wanted) -> bool {
    let is_sign = matches!(message.content.outline(), Content::Reactions { .. } | Content::Retraction { .. });
    message.sender == Sender::Contact
        && (message.content.outline().is_for_people() || is_sign && wanted.signs == Signs::Shown)
}

fn is_read(index: usize, entry: &Entry<'_>, evidence: &ReadEvidence<'_>, memory: &Memory) -> bool {
    let message = entry.message;
    if memory.is_judged(message) {
        return true;
    }
    match entry.place {
        Place::Archive => memory.is_settled(message) || index < evidence.reach(&message.conversation),
        Place::BeforeArchive => index < evidence.reach(&message.conversation),
        // Still in the queue and not in the archive: no device can have got it.
        Place::QueueOnly => false,
    }
}

impl Judgement<'_> {
    /// Publishes no position in these conversations: it would cover messages that were not fetched.
    pub fn leave_unmarked(&mut self, cut: BTreeSet<BareJid>) {
        self.cut = cut;
    }

    pub(super) fn is_encrypted(&self, index: usize) -> bool {
        self.timeline.entries[index].message.content.outline().is_encrypted()
    }
}
