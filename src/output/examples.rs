//! Tests only: an unread message to be shown.

use std::borrow::Cow;

use chrono::DateTime;
use jid::{BareJid, Jid};

use crate::conversation::changes::{About, Standing, Whole};
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
        content: content.into(),
        occupant: None,
    }
}

/// The message as it was sent.
pub(super) fn whole(message: &Message) -> Whole<'_> {
    let content = Cow::Borrowed(message.content.outline());
    Whole { message, content, standing: Standing::AsSent, about: None, mentions_me: false }
}

pub(super) fn about(message: &Message) -> About<'_> {
    About { message, content: Cow::Borrowed(message.content.outline()) }
}
