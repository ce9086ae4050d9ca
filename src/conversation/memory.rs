//! What one run remembers for the next, so that nothing is shown twice and nothing that came late is missed.
//!
//! The server commits messages late: a message can appear in the archive behind newer ones that were judged already.
//! So each run looks back over [`OVERLAP`] and remembers each message that it has judged there. What stays unread for
//! longer is fetched by its conversation. Losing this memory costs repeats, never a message.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::marks::Mark;
use super::message::{CLOCKS, Message, ReadPositions};
use super::said::checksum;

/// How far behind the newest judged message another one may still appear. All times are the server's.
pub const OVERLAP: TimeDelta = TimeDelta::seconds(600);
/// On first use, older messages are not considered,
pub const FIRST_USE_AGE: TimeDelta = TimeDelta::days(14);
/// nor more than this many.
pub const FIRST_USE_MESSAGES: usize = 1000;

/// So many conversations may have unread messages older than the window.
pub(super) const MOST_WAITING: usize = 20;
/// On later uses no more older messages than these are considered again: of each of those conversations, and of all others
/// together.
pub const MOST_AGAIN: usize = 1000;

/// Kept per account, between runs. Conversations are written as JIDs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Everything that the server received before this is judged, and what of it is unread is in `waiting`; `None` before
    /// the first use.
    pub settled_before: Option<DateTime<Utc>>,
    /// Conversations that have older unread messages, and from when on: at most [`MOST_WAITING`], so that each run fetches
    /// these and not all that came since.
    pub waiting: BTreeMap<String, DateTime<Utc>>,
    /// Messages since then (and those still in the offline queue) that were found read, or shown and marked.
    pub judged: BTreeMap<String, DateTime<Utc>>,
    /// Per conversation the read positions that we published, or were about to: they say nothing about other devices.
    pub published: BTreeMap<String, Vec<String>>,
    /// Per conversation the encrypted messages that only another device can show.
    pub held: BTreeMap<String, Held>,
    /// The person knows that this server keeps no read positions.
    pub told_local: bool,
}

/// No position of ours may pass the first of these archive ids until another device has read the last, so that
/// everything encrypted stays unread there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub first: String,
    pub last: String,
}

/// From when on the archive must be fetched to judge what is unread; `None` on first use, which has its own limits:
/// [`FIRST_USE_AGE`] and [`FIRST_USE_MESSAGES`].
pub fn window(memory: &Memory) -> Option<DateTime<Utc>> {
    memory.settled_before
}

impl Memory {
    /// To be kept before the marks are published: a crash in between must not make our own positions look like those
    /// of another device.
    #[must_use]
    pub fn about_to_publish(&self, marks: &[Mark]) -> Self {
        let mut memory = self.clone();
        for mark in marks {
            let ours = memory.published.entry(mark.conversation.to_string()).or_default();
            if !ours.contains(&mark.archive_id) {
                ours.push(mark.archive_id.clone());
            }
        }
        memory
    }

    /// The memory at the time `now`. Where it is ahead of that, a clock was wrong for some time: what came since must not
    /// count as read, so a day is looked at again.
    #[must_use]
    pub fn not_ahead_of(mut self, now: DateTime<Utc>) -> Self {
        if self.settled_before.is_some_and(|settled| settled > now) {
            self.settled_before = now.checked_sub_signed(CLOCKS);
        }
        self
    }

    pub(super) fn is_judged(&self, message: &Message) -> bool {
        self.judged.contains_key(&key(message))
    }

    pub(super) fn is_settled(&self, message: &Message) -> bool {
        self.settled_before.is_some_and(|settled| message.time < settled) && !self.is_waiting(message)
    }

    /// Whether the message is one of those that are fetched although they are older than the window.
    pub(super) fn is_waiting(&self, message: &Message) -> bool {
        self.waiting.get(message.conversation.as_str()).is_some_and(|from| message.time >= *from)
    }

    /// Of our own positions only the one that stands is of use, and none once another device has moved on.
    pub(super) fn forget_passed_positions(&mut self, read: &ReadPositions) {
        for (conversation, position) in &read.0 {
            if let Some(ours) = self.published.get_mut(conversation.as_str()) {
                ours.retain(|id| id == position);
            }
        }
        self.published.retain(|_, ours| !ours.is_empty());
    }

    pub(super) fn is_ours(&self, conversation: &str, archive_id: &str) -> bool {
        self.published.get(conversation).is_some_and(|ours| ours.iter().any(|id| id == archive_id))
    }
}

/// A name for a message that is the same in each run.
pub(super) fn key(message: &Message) -> String {
    match (&message.archive_id, &message.offline_node, &message.message_id) {
        (Some(id), _, sent) => format!("archive {id} {:x}", checksum(&(message.conversation.as_str(), sent))),
        // Servers may use the name of a node again.
        (None, Some(node), _) => format!("offline {node} {}", message.time.timestamp_micros()),
        (None, None, id) => {
            let id = id.as_deref().unwrap_or_default();
            let time = message.time.timestamp_micros();
            // Ids are optional and times may be whole seconds, so the words must tell messages apart.
            format!("message {} {time} {id} {:x}", message.conversation, message.content.checksum())
        }
    }
}

/// Whether the message with this key has an archive id.
pub(super) fn is_archived(key: &str) -> bool {
    key.starts_with("archive ")
}
