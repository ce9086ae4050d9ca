//! Unread messages by conversation: what of them to show, in which order, and how many there are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use jid::Jid;

use super::changes::Unread;

/// How many messages of one conversation are unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub conversation: Jid,
    pub unread: usize,
    /// So many of them are counted and not shown; see [`Extent::MentionsOfAll`].
    pub aside: usize,
    /// When the last of them came.
    pub latest: DateTime<Utc>,
}

/// The unread messages of each conversation counted, in the order in which the conversations went on.
pub fn counts(unread: &[Unread<'_>]) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    let mut place: HashMap<&Jid, usize> = HashMap::new();
    for Unread { message, .. } in unread {
        let at = *place.entry(&message.conversation).or_insert(counts.len());
        if at == counts.len() {
            counts.push(Count {
                conversation: message.conversation.clone(),
                unread: 0,
                aside: 0,
                latest: message.time,
            });
        }
        counts[at].unread += 1;
        counts[at].latest = counts[at].latest.max(message.time);
    }
    counts
}

/// How much of a conversation is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every message.
    Whole,
    /// In a room what mentions the person; the rest is counted.
    MentionsOfAll,
    /// In a room what mentions the person, as if nothing else were said.
    Mentions,
}

/// Counts the unread messages, and leaves those that are to be shown.
pub fn take(unread: &mut Vec<Unread<'_>>, extent: Extent) -> Vec<Count> {
    if extent == Extent::Mentions {
        unread.retain(concerns_me);
    }
    let mut counts = counts(unread);
    if extent == Extent::MentionsOfAll {
        put_aside(unread, &mut counts);
    }
    counts
}

/// Leaves only what concerns the person, and adds to `counts` how many messages that leaves out.
fn put_aside(unread: &mut Vec<Unread<'_>>, counts: &mut [Count]) {
    unread.retain(concerns_me);
    for count in counts {
        let shown = unread.iter().filter(|unread| unread.message.conversation == count.conversation).count();
        count.aside = count.unread - shown;
    }
}

/// A contact's words do, and in a room what mentions the person.
fn concerns_me(unread: &Unread<'_>) -> bool {
    unread.message.occupant.is_none() || unread.mentions_me
}

/// Puts the messages of each conversation together; the order within it stays.
pub fn group(unread: &mut [Unread<'_>]) {
    let mut place: HashMap<&Jid, usize> = HashMap::new();
    for Unread { message, .. } in &*unread {
        let next = place.len();
        place.entry(&message.conversation).or_insert(next);
    }
    unread.sort_by_key(|unread| place[&unread.message.conversation]);
}

/// Leaves only the last `limit` messages of each conversation.
pub fn keep_last(unread: &mut Vec<Unread<'_>>, limit: usize) {
    let mut left: HashMap<Jid, usize> =
        counts(unread).into_iter().map(|count| (count.conversation, count.unread)).collect();
    unread.retain(|unread| {
        let left = left.entry(unread.message.conversation.clone()).or_default();
        *left -= 1;
        *left < limit
    });
}

/// Leaves only the messages that came at `time` or later.
pub fn keep_since(unread: &mut Vec<Unread<'_>>, time: DateTime<Utc>) {
    unread.retain(|unread| unread.message.time >= time);
}
