//! One order for everything fetched: the archive's, with what only the offline queue holds put in by time.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use jid::Jid;

use super::message::{InArchive, Message};

/// ejabberd's archive ids are microseconds. A position further than a day behind the newest message is no position.
const FARTHEST_AHEAD: u64 = 86_400_000_000;

/// A message and where it was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) message: &'a Message,
    pub(super) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Archive,
    /// In the offline queue, and older than what was fetched of the archive, which has an id for it.
    BeforeArchive,
    /// In the offline queue and not in the archive.
    QueueOnly,
}

/// Everything fetched, each message once, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Timeline<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// Every message of the offline queue, and its index in `entries`.
    pub(super) queue: Vec<(&'a Message, usize)>,
    /// Messages that came at once may share an id.
    by_archive_id: HashMap<&'a str, Vec<usize>>,
    newest_number: Option<u64>,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(archive: &'a [Message], queue: &'a [Message], since: Option<DateTime<Utc>>) -> Self {
        let entries = merge(archive, queue_only(archive, queue), since);
        let mut by_archive_id: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, id) in
            entries.iter().enumerate().filter_map(|(at, entry)| Some((at, entry.message.archive_id.as_deref()?)))
        {
            by_archive_id.entry(id).or_default().push(index);
        }
        let newest_number = by_archive_id.keys().filter_map(|id| number(id)).max();
        let mut timeline = Self { entries, queue: Vec::new(), by_archive_id, newest_number };
        timeline.queue = queue.iter().filter_map(|message| Some((message, timeline.index_of(message)?))).collect();
        timeline
    }

    fn index_of(&self, message: &Message) -> Option<usize> {
        match message.in_archive() {
            Some(place) => {
                let is_there = |index: &&usize| self.entries[**index].message.in_archive() == Some(place);
                self.by_archive_id.get(place.0)?.iter().find(is_there).copied()
            }
            None => self.entries.iter().position(|entry| is_same(entry.message, message)),
        }
    }

    /// How many entries lie up to and including the position `archive_id` of a conversation: 0 when it is older than
    /// everything fetched, `None` when it cannot be placed.
    ///
    /// Ids compare by the archive's order where it was fetched, else as numbers where they are numbers.
    pub(super) fn reach(&self, conversation: &Jid, archive_id: &str) -> Option<usize> {
        if let Some(indices) = self.by_archive_id.get(archive_id) {
            let in_conversation = |index: &&usize| self.entries[**index].message.conversation == *conversation;
            return indices.iter().rfind(in_conversation).map(|index| index + 1);
        }
        let position = number(archive_id)?;
        if position > self.newest_number?.saturating_add(FARTHEST_AHEAD) {
            return None;
        }
        let at_or_before =
            |entry: &Entry<'_>| entry.message.archive_id.as_deref().and_then(number).is_some_and(|id| id <= position);
        Some(self.entries.iter().rposition(at_or_before).map_or(0, |index| index + 1))
    }
}

/// An archive id as a number, where it is one.
pub(super) fn number(archive_id: &str) -> Option<u64> {
    archive_id.bytes().all(|byte| byte.is_ascii_digit()).then(|| archive_id.parse().ok())?
}

/// What the archive does not hold, without repeats.
fn queue_only<'a>(archive: &[Message], queue: &'a [Message]) -> Vec<&'a Message> {
    let mut archived: HashSet<InArchive<'_>> = archive.iter().filter_map(Message::in_archive).collect();
    let mut only: Vec<&Message> = queue
        .iter()
        .filter(|message| match message.in_archive() {
            Some(place) => archived.insert(place),
            None => !archive.iter().any(|archived| is_same(archived, message)),
        })
        .collect();
    only.sort_by_key(|message| message.time);
    only
}

/// Whether a message of the queue that has no archive id is one of the archive, or itself. Message ids are the
/// sender's choice and may come again, so the words must be the same too.
fn is_same(known: &Message, queued: &Message) -> bool {
    if known.archive_id.is_none() {
        return known == queued;
    }
    queued.message_id.is_some()
        && known.message_id == queued.message_id
        && known.conversation == queued.conversation
        && known.sender == queued.sender
        && known.content == queued.content
}

fn merge<'a>(archive: &'a [Message], queue: Vec<&'a Message>, since: Option<DateTime<Utc>>) -> Vec<Entry<'a>> {
    let queued = |message: &'a Message| {
        let may_be_archived = message.archive_id.is_some() && since.is_some_and(|since| message.time < since);
        Entry { message, place: if may_be_archived { Place::BeforeArchive } else { Place::QueueOnly } }
    };
    let mut entries = Vec::with_capacity(archive.len() + queue.len());
    let mut queue = queue.into_iter().peekable();
    for message in archive {
        while let Some(earlier) = queue.next_if(|queued| queued.time < message.time) {
            entries.push(queued(earlier));
        }
        entries.push(Entry { message, place: Place::Archive });
    }
    entries.extend(queue.map(queued));
    entries
}
