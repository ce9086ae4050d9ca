//! The rooms that the person is in: those that their clients join by themselves, by their bookmarks.
//!
//! Bookmarks are items of a node (XEP-0402), or one list in the private storage (XEP-0048) of older clients.

use std::collections::BTreeMap;

use jid::BareJid;
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::iq::{Answer, Request};
use crate::conversation::rooms::Room;
use crate::error::Error;

/// Asks for the bookmarks of both kinds.
pub(crate) fn requests() -> [Request; 2] {
    let items = Element::builder("items", ns::PUBSUB).with("node", ns::BOOKMARKS2).build();
    let storage = Element::bare("storage", ns::BOOKMARKS);
    [
        Request::get(None, Element::builder("pubsub", ns::PUBSUB).append(items).build()),
        Request::get(None, Element::builder("query", ns::PRIVATE).append(storage).build()),
    ]
}

/// The rooms from the answers to [`requests`], each once; a bookmark of the newer kind counts.
pub(crate) fn rooms(answers: Vec<Answer>, account: &BareJid) -> Result<Vec<Room>, Error> {
    let mut rooms = BTreeMap::new();
    for answer in answers {
        let payload = match answer {
            Ok(payload) => payload,
            Err(refusal) if is_absence(&refusal.condition) => None,
            Err(refusal) => return Err(refusal.into_error("to tell the rooms")),
        };
        for (room, autojoin) in payload.into_iter().flat_map(|payload| bookmarks(&payload, account)) {
            rooms.entry(room.address.clone()).or_insert((room, autojoin));
        }
    }
    Ok(rooms.into_values().filter_map(|(room, autojoin)| autojoin.then_some(room)).collect())
}

fn is_absence(condition: &str) -> bool {
    matches!(condition, "item-not-found" | "service-unavailable" | "feature-not-implemented")
}

/// All bookmarks, and whether the person's clients join the room.
fn bookmarks(payload: &Element, account: &BareJid) -> Vec<(Room, bool)> {
    let items = payload.get_child("items", ns::PUBSUB).into_iter().flat_map(Element::children);
    let items = items.filter_map(|item| Some((item.attr("id")?, item.get_child("conference", ns::BOOKMARKS2)?)));
    let stored = payload.get_child("storage", ns::BOOKMARKS).into_iter().flat_map(Element::children);
    let stored = stored.filter(|child| child.is("conference", ns::BOOKMARKS));
    let stored = stored.filter_map(|conference| Some((conference.attr("jid")?, conference)));
    items.chain(stored).filter_map(|(address, conference)| bookmark(address, conference, account)).collect()
}

fn bookmark(address: &str, conference: &Element, account: &BareJid) -> Option<(Room, bool)> {
    let text = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let nick = conference.get_child("nick", conference.ns().as_str()).map(Element::text).and_then(text);
    let nick = nick.unwrap_or_else(|| account.node().map(ToString::to_string).unwrap_or_default());
    let name = conference.attr("name").map(str::to_owned).and_then(text);
    let autojoin = matches!(conference.attr("autojoin"), Some("true" | "1"));
    Some((Room { address: BareJid::new(address).ok()?, name, nick }, autojoin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(payload: &str) -> Vec<(String, Option<String>, String, bool)> {
        let account = BareJid::new("juliet@chat.example").expect("an address");
        let bookmarks = bookmarks(&payload.parse().expect("XML"), &account).into_iter();
        bookmarks.map(|(room, autojoin)| (room.address.to_string(), room.name, room.nick, autojoin)).collect()
    }

    #[test]
    fn bookmarks_are_items_of_a_node() {
        let payload = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'>\
            <item id='verona@rooms.example'><conference xmlns='urn:xmpp:bookmarks:1' name='Verona' autojoin='true'>\
            <nick>Jules</nick></conference></item><item id='@'><conference xmlns='urn:xmpp:bookmarks:1'/></item>\
            <item id='old@rooms.example'><conference xmlns='urn:xmpp:bookmarks:1'/></item></items></pubsub>";
        let verona = ("verona@rooms.example".into(), Some("Verona".into()), "Jules".into(), true);
        assert_eq!(read(payload), [verona, ("old@rooms.example".into(), None, "juliet".into(), false)]);
    }

    #[test]
    fn older_clients_store_a_list() {
        let payload = "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>\
            <conference jid='verona@rooms.example' name='' autojoin='1'/><url name='x' url='y'/></storage></query>";
        assert_eq!(read(payload), [("verona@rooms.example".into(), None, "juliet".into(), true)]);
    }
}
