//! A message as the person knows it, whatever the wire looked like.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use jid::{BareJid, Jid};

pub use super::content::Content;
use super::said::{Said, Storage};
use crate::error::Error;

/// One message of the person's account, sent or received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id in the person's archive (XEP-0313; the `id` of the `<result/>`, never one from inside the message).
    pub archive_id: Option<String>,
    /// Its node in the offline queue (XEP-0013), where it is there.
    pub offline_node: Option<String>,
    /// The id that its sender gave it.
    pub message_id: Option<String>,
    /// Whose conversation it belongs to: a contact's bare JID, or the full JID of a room's occupant for a private message.
    pub conversation: Jid,
    /// Who wrote it.
    pub sender: Sender,
    /// When the server received it; never a time from inside the message.
    pub time: DateTime<Utc>,
    pub content: Said,
    /// In a room: who wrote it there.
    pub occupant: Option<Occupant>,
}

/// Clocks do not differ more than this.
pub const CLOCKS: TimeDelta = TimeDelta::days(1);

/// A message from later than tomorrow was stamped by a clock that was wrong, and counts as of `now`: what comes after it is
/// no older.
pub fn not_ahead_of(now: DateTime<Utc>, messages: &mut [Message]) {
    let ahead = messages.iter_mut().filter(|message| message.time > now + CLOCKS);
    ahead.for_each(|message| message.time = now);
}

/// The author of a message in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupant {
    /// The name in the room; anybody may take it once it is free.
    pub nick: String,
    /// What tells occupants apart: the room's id for the person (XEP-0421), or the nickname where there is none.
    pub identity: String,
    /// The message mentions the person whose account this is.
    pub mentions_me: bool,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sender {
    /// The contact.
    Contact,
    /// The person, from another client: proof that what came before was seen.
    Me,
    /// The person's scripts, by `chat send`: proves nothing about reading.
    MyScripts,
    /// A room itself, which may take back what its occupants wrote.
    Room,
}

/// Where the person's devices say they have read to (XEP-0490): the archive id of the last message seen, per conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadPositions(pub BTreeMap<Jid, String>);

/// What of the unread messages is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only those of these senders, or of everyone when empty.
    pub senders: Vec<BareJid>,
    /// Also what is not made to be read: reactions, and retractions of messages that were read.
    pub signs: Signs,
}

/// Whether signs beside the messages are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signs {
    Shown,
    #[default]
    Hidden,
}

/// What tells a message of the archive from every other there: its id, whose conversation, and the id that its sender gave.
pub type InArchive<'a> = (&'a str, &'a Jid, Option<&'a str>);

impl Message {
    /// The same, with what it says on the `storage` where that is too much for memory.
    pub fn stored(self, storage: &dyn Storage) -> Result<Self, Error> {
        match self.content {
            Said::AtHand(content) => Ok(Self { content: storage.put(content)?, ..self }),
            Said::PutAway { .. } => Ok(self),
        }
    }

    /// The id alone is not enough: ejabberd's are times in microseconds, so messages that come at once may share one.
    pub fn in_archive(&self) -> Option<InArchive<'_>> {
        Some((self.archive_id.as_deref()?, &self.conversation, self.message_id.as_deref()))
    }
}

impl Wanted {
    /// Whether messages of this conversation are asked for.
    pub fn admits(&self, conversation: &Jid) -> bool {
        self.senders.is_empty() || self.senders.iter().any(|wanted| *wanted == conversation.to_bare())
    }
}
