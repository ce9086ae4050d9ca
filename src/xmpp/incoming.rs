//! From a stanza to a [`Message`]: whose conversation it belongs to, who wrote it. What it says is in [`super::content`].

use chrono::{DateTime, Utc};
use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::content::content;
use super::session::RESOURCE_PREFIX;
use crate::conversation::message::{Message, Sender};

/// Where a stanza was found, which alone says when it came and under which id it is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) archive_id: Option<String>,
    pub(crate) offline_node: Option<String>,
}

/// Reads a `<message/>` of `account`'s archive or queue; `None` where its addresses make no sense.
pub(crate) fn message(stanza: &Element, account: &BareJid, time: DateTime<Utc>, found: Found) -> Option<Message> {
    let address = |name: &str| stanza.attr(name).map(Jid::new).transpose().ok();
    let own = Jid::from(account.clone());
    let from = address("from")?.unwrap_or_else(|| own.clone());
    let to = address("to")?.unwrap_or_else(|| own.clone());
    let sent = from.to_bare() == *account;
    let (sender, other) = if sent { (own_sender(&from), to) } else { (Sender::Contact, from) };
    let conversation = if is_private_in_room(stanza) { other } else { Jid::from(other.to_bare()) };
    Some(Message {
        archive_id: found.archive_id,
        offline_node: found.offline_node,
        message_id: stanza.attr("id").or_else(|| origin_id(stanza)).map(str::to_owned),
        conversation,
        sender,
        time,
        content: content(stanza).into(),
        occupant: None,
    })
}

/// Scripts are told from people's clients by what `chat` calls its sessions.
pub(super) fn own_sender(from: &Jid) -> Sender {
    match from.resource() {
        Some(resource) if resource.as_str().starts_with(RESOURCE_PREFIX) => Sender::MyScripts,
        _ => Sender::Me,
    }
}

/// XEP-0359 §4: the sender's own id, in case somebody on the way dropped the stanza's.
fn origin_id(stanza: &Element) -> Option<&str> {
    stanza.get_child("origin-id", ns::SID)?.attr("id")
}

/// XEP-0045 §7.5: a private message of a room's occupant carries `<x/>`; an invitation (§7.8.2) does too, but is no message of an occupant.
fn is_private_in_room(stanza: &Element) -> bool {
    stanza.get_child("x", ns::MUC_USER).is_some_and(|x| x.children().next().is_none())
}

/// A time of the server (XEP-0082, XEP-0203).
pub(crate) fn stamp(delay: &Element) -> Option<DateTime<Utc>> {
    let stamp = delay.attr("stamp")?;
    DateTime::parse_from_rfc3339(stamp).ok().map(|time| time.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(attributes: &str, payload: &str) -> Option<Message> {
        let xml = format!("<message xmlns='jabber:client' {attributes}>{payload}</message>");
        let account = BareJid::new("juliet@chat.example").expect("an address");
        message(&xml.parse().expect("XML"), &account, DateTime::UNIX_EPOCH, Found::default())
    }

    #[test]
    fn a_message_belongs_to_the_bare_address_of_its_sender() {
        let message =
            read("from='Romeo@chat.example/orchard' to='juliet@chat.example'", "<body>hi</body>").expect("a message");
        assert_eq!((message.conversation.as_str(), message.sender), ("romeo@chat.example", Sender::Contact));
    }

    #[test]
    fn own_messages_belong_to_their_recipient_and_tell_scripts_from_people() {
        let by = |resource: &str| {
            let message = read(&format!("from='juliet@chat.example/{resource}' to='romeo@chat.example/x'"), "")
                .expect("a message");
            (message.conversation.to_string(), message.sender)
        };
        assert_eq!(by("phone"), ("romeo@chat.example".into(), Sender::Me));
        assert_eq!(by("chat-cli.123"), ("romeo@chat.example".into(), Sender::MyScripts));
    }

    #[test]
    fn a_private_message_in_a_room_belongs_to_the_occupant() {
        let x = "<x xmlns='http://jabber.org/protocol/muc#user'/><body>psst</body>";
        let message = read("from='room@rooms.example/nick' type='chat'", x).expect("a message");
        assert_eq!(message.conversation.as_str(), "room@rooms.example/nick");
    }

    #[test]
    fn addresses_that_make_no_sense_are_no_message() {
        assert!(read("from='@'", "<body>hi</body>").is_none());
    }
}
