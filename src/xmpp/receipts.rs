//! Receipts (XEP-0184) and markers (XEP-0333): asking for them, and believing them.
//!
//! Clients answer to the address that wrote, or to the bare address; the latter comes as a carbon copy (XEP-0280).

use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::iq::Request;
use super::stanza;
use crate::conversation::delivery::Level;

const CHAT_MARKERS: &str = "urn:xmpp:chat-markers:0";

/// What a message carries that is to come as far as `level`.
pub(crate) fn wanted(level: Level) -> Vec<Element> {
    let receipt = || Element::bare("request", ns::RECEIPTS);
    match level {
        Level::Acked => Vec::new(),
        Level::Received => vec![receipt()],
        Level::Displayed => vec![receipt(), Element::bare("markable", CHAT_MARKERS)],
    }
}

/// What is asked before the first such message, so that confirmations to the bare address come here too.
pub(crate) fn subscription(level: Level) -> Option<Request> {
    (level > Level::Acked).then(|| Request::set(None, Element::bare("enable", ns::CARBONS)))
}

/// A confirmation by the recipient.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) id: String,
    pub(crate) from: BareJid,
    pub(crate) level: Level,
}

impl Receipt {
    /// Reads `stanza`, if it is one; a carbon copy counts from the own server only.
    pub(crate) fn read(stanza: &Element, account: &BareJid) -> Option<Self> {
        let message = match stanza.get_child("received", ns::CARBONS) {
            Some(copy) if stanza::from_own_server(stanza, account) => {
                copy.get_child("forwarded", ns::FORWARD)?.get_child("message", ns::JABBER_CLIENT)?
            }
            Some(_) => return None,
            None => stanza,
        };
        if message.attr("type") == Some("error") {
            return None;
        }
        let (confirmation, level) = confirmation(message)?;
        let from = Jid::new(message.attr("from")?).ok()?.to_bare();
        Some(Self { id: confirmation.attr("id")?.to_owned(), from, level })
    }
}

/// Who has seen a message has received it.
fn confirmation(message: &Element) -> Option<(&Element, Level)> {
    let displayed = message.get_child("displayed", CHAT_MARKERS).map(|marker| (marker, Level::Displayed));
    let received = || message.get_child("received", ns::RECEIPTS).map(|receipt| (receipt, Level::Received));
    let marked = || message.get_child("received", CHAT_MARKERS).map(|marker| (marker, Level::Received));
    displayed.or_else(received).or_else(marked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Option<(String, Level)> {
        let account = BareJid::new("juliet@chat.example").expect("an address");
        let receipt = Receipt::read(&xml.parse().expect("XML"), &account)?;
        assert_eq!(receipt.from.as_str(), "romeo@chat.example");
        Some((receipt.id, receipt.level))
    }

    fn from_romeo(payload: &str) -> String {
        format!(
            "<message xmlns='jabber:client' from='romeo@chat.example/x' to='juliet@chat.example'>{payload}</message>"
        )
    }

    fn copy(from: &str) -> String {
        let inner = from_romeo("<received xmlns='urn:xmpp:receipts' id='m1'/>");
        format!(
            "<message xmlns='jabber:client' from='{from}'><received xmlns='urn:xmpp:carbons:2'>\
             <forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded></received></message>"
        )
    }

    #[test]
    fn a_receipt_and_a_marker_are_told_apart() {
        let receipt = from_romeo("<received xmlns='urn:xmpp:receipts' id='m1'/>");
        assert_eq!(read(&receipt), Some(("m1".into(), Level::Received)));
        let marker = from_romeo("<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>");
        assert_eq!(read(&marker), Some(("m1".into(), Level::Displayed)));
    }

    #[test]
    fn a_copy_counts_from_the_own_server_only() {
        assert_eq!(read(&copy("juliet@chat.example")), Some(("m1".into(), Level::Received)));
        assert_eq!(read(&copy("mallory@chat.example")), None);
    }

    #[test]
    fn a_receipt_that_came_back_as_an_error_is_none() {
        let error = from_romeo("<received xmlns='urn:xmpp:receipts' id='m1'/>").replace("to=", "type='error' to=");
        assert_eq!(read(&error), None);
        assert_eq!(read(&from_romeo("<body>hi</body>")), None);
    }
}
