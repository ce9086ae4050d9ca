//! Tests only: an unread message to be shown.

use chrono::DateTime;
use jid::{BareJid, Jid};

use crate::conversation::changes::Unread;
use crate::conversation::message::{Content, Message, Sender};

pub(super) fn juliet() -> BareJid {
    BareJid::new("juliet@chat.example").expect("a JID")
}

pub(super) fn message(content: Content) -> Message {
    message_of("bob@chat.example", content)
}

pub(super) fn message_of(conversation: &str, content: Content) -> Message {
    Message {
        archive_id: Some("17".into()),
        offline_node: None,
        message_id: None,
        conversation: Jid::new(conversation).expect("a JID"),
        sender: Sender::Contact,
        time: DateTime::from_timestamp(1_795_508_102, 250_000_000).expect("a time"),
        content,
        occupant: None,
    }
}

/// The message as it was sent.
pub(super) fn unread(message: &Message) -> Unread<'_> {
    Unread::as_sent(message)
}
