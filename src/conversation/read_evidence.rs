//! What proves that a message was read on another device.
//!
//! Three things do: a read position that another client published (XEP-0490), a displayed marker of the person's own
//! (XEP-0333), and an answer from another client. The last one only where no other client publishes positions: XEP-0490
//! calls answers neutral, but on servers where publishing fails (ejabberd before 23.10) they are often the only trace.

use std::collections::{BTreeMap, HashMap};

use jid::Jid;

use super::memory::Memory;
use super::message::{Content, Message, ReadPositions, Sender};
use super::timeline::{Timeline, number};

/// Per conversation, how many entries of the timeline other devices have read.
#[derive(Clone, Debug, Default)]
pub(super) struct ReadEvidence<'a>(BTreeMap<&'a Jid, usize>);

impl<'a> ReadEvidence<'a> {
    pub(super) fn gather(timeline: &Timeline<'a>, read: &'a ReadPositions, memory: &Memory) -> Self {
        let positions = positions(timeline, read, memory);
        let mut evidence = Self(positions.clone());
        for (conversation, reach) in displayed(timeline) {
            evidence.extend(conversation, reach);
        }
        for (index, entry) in timeline.entries.iter().enumerate() {
            let Message { conversation, sender, content, .. } = entry.message;
            if *sender == Sender::Me && content.outline().is_for_people() && !positions.contains_key(conversation) {
                evidence.extend(conversation, index + 1);
            }
        }
        evidence
    }

    /// How many entries of the timeline are read, as far as this conversation goes.
    pub(super) fn reach(&self, conversation: &Jid) -> usize {
        self.0.get(conversation).copied().unwrap_or(0)
    }

    /// Whether other devices have read a message of an earlier run, which may be older than everything fetched.
    pub(super) fn passed(&self, conversation: &str, id: &str, timeline: &Timeline<'_>, read: &ReadPositions) -> bool {
        let Ok(conversation) = Jid::new(conversation) else { return true };
        let index = timeline.reach(&conversation, id).unwrap_or(0);
        let at_or_behind = |position: &String| {
            position == id
                || timeline.reach(&conversation, position).is_some()
                    && number(id).is_some_and(|id| number(position) >= Some(id))
        };
        self.reach(&conversation) >= index.max(1) || read.0.get(&conversation).is_some_and(at_or_behind)
    }

    /// Evidence only adds up: what is read stays so.
    fn extend(&mut self, conversation: &'a Jid, reach: usize) {
        let known = self.0.entry(conversation).or_default();
        *known = reach.max(*known);
    }
}

/// The positions of other clients. Ours prove nothing that the memory does not know better: a message committed late
/// lies before our position and was never shown.
fn positions<'a>(timeline: &Timeline<'_>, read: &'a ReadPositions, memory: &Memory) -> BTreeMap<&'a Jid, usize> {
    read.0
        .iter()
        .filter(|(conversation, id)| !memory.is_ours(conversation.as_str(), id))
        .filter_map(|(conversation, id)| Some((conversation, timeline.reach(conversation, id)?)))
        .collect()
}

/// The person's own markers. They name the contact's message by its sender's id, which the contact may use again: the
/// first with it counts, and only if it is older than the marker. In a room they name the id that the room gave it.
fn displayed<'a>(timeline: &Timeline<'a>) -> Vec<(&'a Jid, usize)> {
    let mut first: HashMap<(&Jid, &str), usize> = HashMap::new();
    let mut found = Vec::new();
    for (index, entry) in timeline.entries.iter().enumerate() {
        let message = entry.message;
        if let (Sender::Me, Content::Displayed(id)) = (message.sender, message.content.outline()) {
            let shown = first.get(&(&message.conversation, id.as_str()));
            found.extend(shown.map(|shown| (&message.conversation, shown + 1)));
        } else if let Some(id) = name_in_markers(message) {
            first.entry((&message.conversation, id)).or_insert(index);
        }
    }
    found
}

/// By which id a marker names a message (XEP-0333). In a room the sender's does not count: everybody there could take that
/// which the room gave to an earlier message.
fn name_in_markers(message: &Message) -> Option<&str> {
    match message.sender {
        _ if message.occupant.is_some() => message.archive_id.as_deref(),
        Sender::Contact => message.message_id.as_deref(),
        Sender::Me | Sender::MyScripts | Sender::Room => None,
    }
}
