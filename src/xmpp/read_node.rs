//! The node that holds the read positions (XEP-0490 §2): how it is made, looked at and repaired.
//!
//! A client that publishes without saying how leaves a node that contacts can see, and that holds one conversation.

use minidom::Element;
use xmpp_parsers::ns;

use super::build::{With, form};
use super::displayed::NODE;
use super::iq::{Answer, Request};

/// Fewer items than this are too few: each conversation has one. Prosody 0.12 allows no more.
const FEWEST_ITEMS: u32 = 256;

const SETTINGS: [(&str, &str); 4] = [
    ("pubsub#persist_items", "true"),
    ("pubsub#max_items", "max"),
    ("pubsub#send_last_published_item", "never"),
    ("pubsub#access_model", "whitelist"),
];

/// Makes the node (XEP-0060 §8.1.3).
pub(super) fn creation() -> Request {
    let create = Element::builder("create", ns::PUBSUB).with("node", NODE).build();
    let configure = Element::builder("configure", ns::PUBSUB).append(settings()).build();
    Request::set(None, Element::builder("pubsub", ns::PUBSUB).append(create).append(configure).build())
}

/// Repairs the node (XEP-0060 §8.2).
pub(super) fn configuration() -> Request {
    let configure = Element::builder("configure", ns::PUBSUB_OWNER).with("node", NODE).append(settings()).build();
    Request::set(None, Element::builder("pubsub", ns::PUBSUB_OWNER).append(configure).build())
}

fn settings() -> Element {
    form("http://jabber.org/protocol/pubsub#node_config", &SETTINGS)
}

/// Asks for the settings of the node.
pub(super) fn settings_request() -> Request {
    let configure = Element::builder("configure", ns::PUBSUB_OWNER).with("node", NODE).build();
    Request::get(None, Element::builder("pubsub", ns::PUBSUB_OWNER).append(configure).build())
}

/// Whether a node with these settings keeps the positions, all of them, and to the person alone. A server that does
/// not tell will refuse what does not fit.
pub(super) fn is_good(settings: &Answer) -> bool {
    let Ok(Some(pubsub)) = settings else { return true };
    let form = pubsub.get_child("configure", ns::PUBSUB_OWNER).and_then(|it| it.get_child("x", ns::DATA_FORMS));
    let value = |name: &str| {
        let mut fields = form?.children().filter(|field| field.attr("var") == Some(name));
        fields.next()?.get_child("value", ns::DATA_FORMS).map(Element::text)
    };
    let is_private = value("pubsub#access_model").is_none_or(|model| model == "whitelist");
    let persists = value("pubsub#persist_items").is_none_or(|persist| persist == "1" || persist == "true");
    let most = value("pubsub#max_items").and_then(|most| most.parse::<u32>().ok());
    is_private && persists && most.is_none_or(|most| most >= FEWEST_ITEMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_good_with(access: &str, persist: &str, most: &str) -> bool {
        let field = |name: &str, value: &str| format!("<field var='pubsub#{name}'><value>{value}</value></field>");
        let fields = field("access_model", access) + &field("persist_items", persist) + &field("max_items", most);
        let xml = format!(
            "<pubsub xmlns='{}'><configure node='{NODE}'><x xmlns='jabber:x:data' type='form'>{fields}</x></configure>\
             </pubsub>",
            ns::PUBSUB_OWNER
        );
        is_good(&Ok(Some(xml.parse().expect("XML"))))
    }

    #[test]
    fn a_node_is_good_that_is_private_and_holds_every_conversation() {
        assert!(is_good_with("whitelist", "1", "max"));
        assert!(is_good_with("whitelist", "true", "256"));
        assert!(!is_good_with("presence", "1", "max"));
        assert!(!is_good_with("whitelist", "0", "max"));
        assert!(!is_good_with("whitelist", "1", "1"));
    }

    #[test]
    fn a_server_that_does_not_tell_is_believed_to_be_right() {
        assert!(is_good(&Ok(None)));
    }
}
