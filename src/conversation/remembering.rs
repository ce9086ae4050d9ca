//! What a run leaves to the next in its [`Memory`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::memory::{Held, MOST_AGAIN, MOST_WAITING, Memory, OVERLAP, is_archived, key};
use super::message::Message;
use super::timeline::Place;
use super::unread::Judgement;

impl Judgement<'_> {
    /// The memory after the messages `done` (indices in the timeline) were shown and marked.
    pub(super) fn remember(&self, done: &BTreeSet<usize>) -> Memory {
        let mut memory = self.memory.clone();
        for &index in done {
            let entry = &self.timeline.entries[index];
            memory.judged.insert(key(entry.message), entry.message.time);
            if self.is_encrypted(index) {
                self.hold(&mut memory, index);
            }
        }
        self.settle(&mut memory, done);
        memory
    }

    /// Extends what is held to the encrypted message; late ones can come before those that were held earlier.
    fn hold(&self, memory: &mut Memory, index: usize) {
        let Message { conversation, archive_id: Some(id), .. } = self.timeline.entries[index].message else { return };
        let new = || Held { first: id.clone(), last: id.clone() };
        let held = memory.held.entry(conversation.to_string()).or_insert_with(new);
        let is_before = |held: &str| self.timeline.reach(conversation, held).is_some_and(|reach| index < reach);
        if is_before(&held.first) {
            held.first.clone_from(id);
        }
        if !is_before(&held.last) {
            held.last.clone_from(id);
        }
    }

    /// Moves on to what lies [`OVERLAP`] before the newest message, but for the conversations in which something waits.
    fn settle(&self, memory: &mut Memory, done: &BTreeSet<usize>) {
        let newest = self.archived().map(|message| message.time).max();
        let Some(newest) = newest else {
            // Nothing came since, but what is older does not count any more.
            memory.settled_before = memory.settled_before.max(self.since);
            return self.forget(memory);
        };
        // Going back is never needed: what lies before was judged, and is no longer remembered one by one.
        let edge = memory.settled_before.max(self.since).map_or(newest - OVERLAP, |known| known.max(newest - OVERLAP));
        let mut oldest: Vec<(String, DateTime<Utc>)> = self.oldest_unread(done).into_iter().collect();
        oldest.retain(|(_, time)| *time < edge);
        oldest.sort_by_key(|(_, time)| *time);
        // Those that have waited longest are fetched by themselves, and all others together.
        let others = oldest.split_off(oldest.len().min(MOST_WAITING));
        let from = others.first().map_or(edge, |(_, time)| self.not_too_far(*time, edge));
        memory.settled_before = memory.settled_before.max(self.since).max(Some(from));
        oldest.retain(|(_, time)| Some(*time) < memory.settled_before);
        memory.waiting = oldest.into_iter().collect();
        self.forget(memory);
    }

    fn archived(&self) -> impl Iterator<Item = &Message> {
        let entries = self.timeline.entries.iter().filter(|entry| entry.place == Place::Archive);
        entries.map(|entry| entry.message)
    }

    /// When the oldest message of each conversation came that is still unread.
    fn oldest_unread(&self, done: &BTreeSet<usize>) -> BTreeMap<String, DateTime<Utc>> {
        let unread = self.waiting.iter().filter(|index| !done.contains(index));
        let entries = unread.map(|index| &self.timeline.entries[*index]).filter(|entry| entry.place == Place::Archive);
        let mut oldest = BTreeMap::new();
        for Message { conversation, time, .. } in entries.map(|entry| entry.message) {
            let known = oldest.entry(conversation.to_string()).or_insert(*time);
            *known = (*known).min(*time);
        }
        oldest
    }

    /// `time`, or later where more than [`MOST_AGAIN`] messages came between that and `edge`.
    fn not_too_far(&self, time: DateTime<Utc>, edge: DateTime<Utc>) -> DateTime<Utc> {
        let mut between: Vec<_> =
            self.archived().map(|message| message.time).filter(|it| time <= *it && *it < edge).collect();
        between.sort_unstable();
        between.len().checked_sub(MOST_AGAIN).map_or(time, |too_many| between[too_many])
    }

    /// Forgets what was judged of messages that will not be fetched again.
    fn forget(&self, memory: &mut Memory) {
        let queued = self.timeline.queue.iter().map(|(_, index)| self.timeline.entries[*index].message);
        let waiting = self.archived().filter(|message| memory.is_waiting(message));
        let fetched_again: BTreeSet<String> = queued.chain(waiting).map(key).collect();
        let settled = memory.settled_before;
        // Until an archive was seen only the queue can bring a message again, or the archive one with an id of its own.
        let may_return = |key: &str, time: &DateTime<Utc>| match settled {
            Some(settled) => *time >= settled,
            None => is_archived(key),
        };
        memory.judged.retain(|key, time| may_return(key, time) || fetched_again.contains(key));
    }
}
