//! Who sent a stanza, and whether it may be believed. Everything that came from the network passes here first.

use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::iq::Refusal;

/// An id that nobody can guess: an answer with it answers our question.
pub(crate) fn new_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// Whether an address is the own account's bare JID: then the own server speaks, for nobody else can send from it.
pub(crate) fn is_own(from: &str, account: &BareJid) -> bool {
    Jid::new(from).is_ok_and(|from| from.resource().is_none() && from.to_bare() == *account)
}

/// Whether the own server sent `element` in the account's name: from the bare JID, or with no sender at all.
pub(crate) fn from_own_server(element: &Element, account: &BareJid) -> bool {
    element.attr("from").is_none_or(|from| is_own(from, account))
}

/// What the error in a stanza of type `error` says (RFC 6120 §8.3).
pub(crate) fn refusal(stanza: &Element) -> Refusal {
    let error = stanza.children().find(|child| child.name() == "error");
    let children = || error.into_iter().flat_map(Element::children).filter(|child| child.ns() == ns::XMPP_STANZAS);
    let condition = children().find(|child| child.name() != "text").map_or("undefined-condition", Element::name);
    let text = children().find(|child| child.name() == "text").map(Element::text).unwrap_or_default();
    Refusal { condition: condition.to_owned(), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_own(attributes: &str) -> bool {
        let stanza = format!("<message xmlns='jabber:client' {attributes}/>").parse().expect("XML");
        from_own_server(&stanza, &BareJid::new("juliet@chat.example").expect("an address"))
    }

    #[test]
    fn the_own_server_speaks_from_the_bare_address_or_none() {
        assert!(from_own(""));
        assert!(from_own("from='juliet@chat.example'"));
    }

    #[test]
    fn nobody_else_is_believed() {
        for from in
            ["mallory@chat.example", "juliet@chat.example/balcony", "chat.example", "", "juliet@chat.example.evil", "@"]
        {
            assert!(!from_own(&format!("from='{from}'")), "{from} was believed");
        }
    }

    #[test]
    fn a_refusal_without_a_condition_is_still_a_refusal() {
        let iq = "<iq xmlns='jabber:client' type='error'/>".parse().expect("XML");
        assert_eq!(refusal(&iq).condition, "undefined-condition");
    }
}
