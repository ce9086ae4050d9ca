//! What may be marked as read once messages were written out.
//!
//! A mark covers everything before it, so it stops before the first message of the conversation that was not shown. It
//! never moves a position back.

use std::collections::{BTreeMap, BTreeSet};

use jid::Jid;

use super::content::{Content, Invitation};
use super::memory::Memory;
use super::message::{ReadPositions, Sender};
use super::timeline::Place;
use super::unread::Judgement;

/// Everything in the conversation up to this message is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub conversation: Jid,
    pub archive_id: String,
}

/// Whether what was shown counts as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marking {
    Yes,
    /// Showing changes nothing.
    No,
}

/// What becomes of a message of the offline queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nobody needs it any more.
    Done,
    /// It must still be shown.
    Unshown,
    /// Only another device can show it.
    ForOthers,
}

/// What follows from having shown messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Read positions to publish.
    pub marks: Vec<Mark>,
    /// Nodes of the offline queue to remove: their messages were shown, or are read and in the archive too.
    pub offline_nodes: Vec<String>,
    /// What becomes of each message of the queue.
    pub queue: Vec<Fate>,
    /// To be kept once all of this is done; before, keep [`Memory::about_to_publish`].
    pub memory: Memory,
}

impl Judgement<'_> {
    /// What follows when the first `shown` messages of [`Judgement::unread`] were written out completely.
    pub fn after_showing(&self, shown: usize, marking: Marking) -> Outcome {
        let done: BTreeSet<usize> = match marking {
            Marking::Yes => self.unread.iter().take(shown).flat_map(|unread| unread.covers.iter().copied()).collect(),
            Marking::No => BTreeSet::new(),
        };
        let memory = self.remember(&done);
        let queue = self.timeline.queue.iter().map(|(_, index)| self.fate(*index, &done)).collect();
        if marking == Marking::No {
            return Outcome { queue, memory, ..Outcome::default() };
        }
        let marks = self.marks(&done);
        Outcome { offline_nodes: self.offline_nodes(&done), queue, memory: memory.about_to_publish(&marks), marks }
    }

    fn fate(&self, index: usize, done: &BTreeSet<usize>) -> Fate {
        if self.waiting.contains(&index) && !done.contains(&index) {
            Fate::Unshown
        } else if self.is_encrypted(index) && self.timeline.entries[index].place == Place::QueueOnly {
            Fate::ForOthers
        } else {
            Fate::Done
        }
    }

    /// The marks that still lead forward after `latest` was read, just before they are published.
    pub fn forward_only(&self, marks: Vec<Mark>, latest: &ReadPositions) -> Vec<Mark> {
        let leads_forward = |mark: &Mark| {
            let Some(position) = latest.0.get(&mark.conversation) else { return true };
            if self.read.0.get(&mark.conversation) == Some(position) {
                return true;
            }
            // A new position that cannot be placed is newer than what was fetched.
            let reach = |id: &str| self.timeline.reach(&mark.conversation, id);
            reach(position).is_some_and(|latest| reach(&mark.archive_id) > Some(latest))
        };
        marks.into_iter().filter(leads_forward).collect()
    }

    /// Positions that another client had published, further on, before `marks` were published over them.
    pub fn overtaken(&self, marks: &[Mark], before: &ReadPositions) -> Vec<Mark> {
        let kept = self.forward_only(marks.to_vec(), before);
        let overtaken = marks.iter().filter(|mark| !kept.contains(mark));
        let position = |mark: &Mark| {
            let archive_id = before.0.get(&mark.conversation).filter(|id| **id != mark.archive_id)?.clone();
            Some(Mark { conversation: mark.conversation.clone(), archive_id })
        };
        overtaken.filter_map(position).collect()
    }

    fn marks(&self, done: &BTreeSet<usize>) -> Vec<Mark> {
        let mut last: BTreeMap<&Jid, usize> = BTreeMap::new();
        let mut ended: BTreeSet<&Jid> = BTreeSet::new();
        for &index in &self.waiting {
            let entry = &self.timeline.entries[index];
            let conversation = &entry.message.conversation;
            if !done.contains(&index) || self.is_encrypted(index) || self.is_behind_held(index, conversation) {
                ended.insert(conversation);
            } else if entry.place == Place::Archive && !ended.contains(conversation) {
                last.insert(conversation, index);
            }
        }
        last.retain(|conversation, index| {
            self.leads_forward(*index, conversation) && !self.cut.contains(&conversation.to_bare())
        });
        last.into_values().filter_map(|index| self.mark(index)).collect()
    }

    fn mark(&self, index: usize) -> Option<Mark> {
        let message = self.timeline.entries[index].message;
        if matches!(message.content.outline(), Content::Invitation(Invitation { from: Some(_), .. })) {
            // It came from the room, whose position is one in the room's archive: it must not be overwritten.
            return None;
        }
        Some(Mark { conversation: message.conversation.clone(), archive_id: message.archive_id.clone()? })
    }

    /// A position that cannot be placed holds nothing up: other clients ignore it too (XEP-0490).
    fn leads_forward(&self, index: usize, conversation: &Jid) -> bool {
        let published = self.read.0.get(conversation).and_then(|id| self.timeline.reach(conversation, id));
        published.is_none_or(|reach| index >= reach)
    }

    fn is_behind_held(&self, index: usize, conversation: &Jid) -> bool {
        let held = self.memory.held.get(conversation.as_str());
        held.is_some_and(|held| self.timeline.reach(conversation, &held.first).is_none_or(|reach| index + 1 >= reach))
    }

    fn offline_nodes(&self, done: &BTreeSet<usize>) -> Vec<String> {
        let removable = |index: usize| {
            let entry = &self.timeline.entries[index];
            let safe_elsewhere = entry.place != Place::QueueOnly;
            if self.waiting.contains(&index) && !done.contains(&index) {
                return false;
            }
            // What was shown is done with, except what only another device can show; and so are receipts and the like, of
            // which a script that sends would fill the queue.
            let content = entry.message.content.outline();
            let is_over =
                entry.message.sender == Sender::Contact && matches!(content, Content::Receipt | Content::Displayed(_));
            let is_done_with = done.contains(&index) || content.is_for_people() || is_over;
            safe_elsewhere || is_done_with && !self.is_encrypted(index)
        };
        self.timeline
            .queue
            .iter()
            .filter(|(_, index)| removable(*index))
            .filter_map(|(message, _)| message.offline_node.clone())
            .collect()
    }
}
