//! Corrections (XEP-0308) and retractions (XEP-0424): which messages they change, and what those say now.
//!
//! Only the author of a message can change it: what comes from anybody else names no message of theirs.

use std::borrow::Cow;
use std::collections::HashMap;

use super::content::Content;
use super::message::{Message, Sender};
use super::said::{Said, Storage};
use super::timeline::Timeline;
use crate::error::Error;

/// An unread message as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread<'a> {
    pub message: &'a Message,
    /// What it says now: its last correction, or its own words.
    pub content: &'a Said,
    pub standing: Standing,
    /// The message that it is about, where it is known: of a correction the corrected one, of reactions their target.
    pub about: Option<&'a Message>,
    /// In a room: it mentions the person, in its first words or in those that replaced them.
    pub mentions_me: bool,
    /// Its index in the timeline, and those of the messages that change it too: whoever sees it has seen these.
    pub(super) covers: Vec<usize>,
}

impl<'a> Unread<'a> {
    /// One that nothing has changed.
    pub fn as_sent(message: &'a Message) -> Self {
        Self {
            message,
            content: &message.content,
            standing: Standing::AsSent,
            about: None,
            mentions_me: mentions_me(message),
            covers: Vec::new(),
        }
    }

    /// With everything that it says; what was put away comes from the `storage`.
    pub fn whole(&self, storage: &dyn Storage) -> Result<Whole<'a>, Error> {
        let Self { message, content, standing, about, mentions_me, .. } = *self;
        let about = about.map(|message| Ok::<_, Error>(About { message, content: message.content.whole(storage)? }));
        Ok(Whole { message, content: content.whole(storage)?, standing, about: about.transpose()?, mentions_me })
    }
}

/// An unread message as it stands now, with everything that it says: for writing it out.
#[derive(Clone, Debug)]
pub struct Whole<'a> {
    pub message: &'a Message,
    pub content: Cow<'a, Content>,
    pub standing: Standing,
    pub about: Option<About<'a>>,
    pub mentions_me: bool,
}

/// The message that another is about.
#[derive(Clone, Debug)]
pub struct About<'a> {
    pub message: &'a Message,
    pub content: Cow<'a, Content>,
}

fn mentions_me(message: &Message) -> bool {
    message.occupant.as_ref().is_some_and(|occupant| occupant.mentions_me)
}

/// What became of a message since it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    AsSent,
    Edited,
    Retracted,
}

/// The ids by which later messages may call it: the sender's, and in a room the room's, which XEP-0424 and XEP-0444 want.
fn names(message: &Message) -> impl Iterator<Item = &str> {
    let by_room = message.archive_id.as_deref().filter(|_| message.occupant.is_some());
    message.message_id.as_deref().into_iter().chain(by_room)
}

/// Who changed what in a timeline, by index.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Of each correction and retraction the message that it changes.
    original: HashMap<usize, usize>,
    /// Of each changed message what it says now: a correction, or the retraction, which is final.
    latest: HashMap<usize, usize>,
    /// Of reactions the message that they are about, whoever wrote it.
    target: HashMap<usize, usize>,
}

impl Changes {
    pub(super) fn gather(timeline: &Timeline<'_>) -> Self {
        let mut changes = Self::default();
        let mut written = HashMap::new();
        let mut said = HashMap::new();
        for (index, entry) in timeline.entries.iter().enumerate() {
            let Message { conversation, sender, content, .. } = entry.message;
            let author = entry.message.occupant.as_ref().map(|occupant| occupant.identity.as_str());
            let content = content.outline();
            let original = content.changes().and_then(|id| match sender {
                Sender::Room => said.get(&(conversation, id)).copied(),
                _ => written.get(&(conversation, *sender, author, id)).copied(),
            });
            if let Some(original) = original {
                changes.add(index, original, timeline);
            }
            if let Content::Reactions { to, .. } = content {
                changes.target.extend(said.get(&(conversation, to.as_str())).map(|target| (index, *target)));
            }
            let message = original.unwrap_or(index);
            for id in names(entry.message).filter(|_| content.is_for_people()) {
                written.insert((conversation, *sender, author, id), message);
                said.insert((conversation, id), message);
            }
        }
        changes
    }

    fn add(&mut self, change: usize, original: usize, timeline: &Timeline<'_>) {
        self.original.insert(change, original);
        let is_final =
            |index: &usize| matches!(timeline.entries[*index].message.content.outline(), Content::Retraction { .. });
        if !self.latest.get(&original).is_some_and(is_final) {
            self.latest.insert(original, change);
        }
    }

    /// The index of the message that the one at `index` changes, or is.
    pub(super) fn changed(&self, index: usize) -> usize {
        self.original.get(&index).copied().unwrap_or(index)
    }

    /// The messages of `waiting`, which ascends, as they stand now; one for all that change the same message.
    pub(super) fn standing<'a>(&self, waiting: &[usize], timeline: &Timeline<'a>) -> Vec<Unread<'a>> {
        let mut place = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for &index in waiting {
            let at = *place.entry(self.changed(index)).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.push(index),
                None => groups.push(vec![index]),
            }
        }
        groups.into_iter().map(|group| self.one(group, timeline)).collect()
    }

    fn one<'a>(&self, covers: Vec<usize>, timeline: &Timeline<'a>) -> Unread<'a> {
        let message = |index: usize| timeline.entries[index].message;
        let index = covers[0];
        let changed = self.changed(index);
        let latest = message(self.latest.get(&changed).copied().unwrap_or(index));
        let standing = match latest.content.outline() {
            Content::Retraction { .. } | Content::Retracted => Standing::Retracted,
            Content::Correction { .. } => Standing::Edited,
            _ => Standing::AsSent,
        };
        let about = (changed != index).then_some(changed).or_else(|| self.target.get(&index).copied()).map(message);
        let mentions_me = covers.iter().any(|index| mentions_me(message(*index)));
        Unread { message: message(index), content: &latest.content, standing, about, mentions_me, covers }
    }
}
