//! What a run leaves to the next in its [`Memory`].

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::memory::{Held, Memory, OVERLAP, is_archived, key};
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

    /// Moves on to what lies [`OVERLAP`] before the oldest unread message, or else before the newest message.
    fn settle(&self, memory: &mut Memory, done: &BTreeSet<usize>) {
        let times = |index: &usize| {
            let entry = &self.timeline.entries[*index];
            (entry.place == Place::Archive).then_some(entry.message.time)
        };
        let oldest_unread = self.waiting.iter().filter(|index| !done.contains(index)).filter_map(times).min();
        let newest = (0..self.timeline.entries.len()).filter_map(|index| times(&index)).max();
        if let Some(until) = oldest_unread.or(newest) {
            // Going back is never needed: what lies before was judged, and is no longer remembered one by one.
            memory.settled_before = memory.settled_before.max(self.since).max(Some(until - OVERLAP));
        }
        let queued: BTreeSet<String> =
            self.timeline.queue.iter().map(|(_, index)| key(self.timeline.entries[*index].message)).collect();
        let settled = memory.settled_before;
        // Until an archive was seen only the queue can bring a message again, or the archive one with an id of its own.
        let may_return = |key: &str, time: &DateTime<Utc>| match settled {
            Some(settled) => *time >= settled,
            None => is_archived(key),
        };
        memory.judged.retain(|key, time| may_return(key, time) || queued.contains(key));
    }
}
