//! The rooms that the person is in: those that their clients join by themselves, by their bookmarks.
//!
//! Bookmarks are items of a node (XEP-0402). Older clients keep all of them in one list (XEP-0048), which is the item of
//! another node, or lies in the private storage (XEP-0049).

use std::collections::BTreeMap;

use jid::BareJid;
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::iq::{Answer, Request};
use crate::conversation::rooms::Room;
use crate::error::Error;

/// Asks for the bookmarks of all kinds, the newest kind first.
pub(crate) fn requests() -> [Request; 3] {
    let items = |node: &str| Element::builder("items", ns::PUBSUB).with("node", node).build();
    let of_node = |node| Request::get(None, Element::builder("pubsub", ns::PUBSUB).append(items(node)).build());
    let storage = Element::bare("storage", ns::BOOKMARKS);
    let private = Request::get(None, Element::builder("query", ns::PRIVATE).append(storage).build());
    [of_node(ns::BOOKMARKS2), of_node(ns::BOOKMARKS), private]
}

/// The rooms from the answers to [`requests`], each once; its bookmark of the newest kind counts.
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
    let items = || payload.get_child("items", ns::PUBSUB).into_iter().flat_map(Element::children);
    let each = items().filter_map(|item| Some((item.attr("id")?, item.get_child("conference", ns::BOOKMARKS2)?)));
    let lists = items().chain([payload]).filter_map(|holder| holder.get_child("storage", ns::BOOKMARKS));
    let listed = lists.flat_map(Element::children).filter(|child| child.is("conference", ns::BOOKMARKS));
    let listed = listed.filter_map(|conference| Some((conference.attr("jid")?, conference)));
    each.chain(listed).filter_map(|(address, conference)| bookmark(address, conference, account)).collect()
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

    const LIST: &str = "<storage xmlns='storage:bookmarks'>\
        <conference jid='verona@rooms.example' name='' autojoin='1'/><url name='x' url='y'/></storage>";

    fn private() -> String {
        format!("<query xmlns='jabber:iq:private'>{LIST}</query>")
    }

    fn node(item: &str) -> String {
        format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='x'>{item}</items></pubsub>")
    }

    #[test]
    fn older_clients_store_a_list() {
        let verona = ("verona@rooms.example".into(), None, "juliet".into(), true);
        for payload in [private(), node(&format!("<item id='current'>{LIST}</item>"))] {
            assert_eq!(read(&payload), std::slice::from_ref(&verona), "{payload}");
        }
    }

    #[test]
    fn of_a_room_that_several_lists_name_the_newest_kind_counts() {
        let answer = |payload: String| Ok(Some(payload.parse().expect("XML")));
        let list_of = |name: &str| LIST.replace("name=''", &format!("name='{name}'"));
        let of_node = || answer(node(&format!("<item id='current'>{}</item>", list_of("node"))));
        let of_storage = || answer(private().replace(LIST, &list_of("private")));
        let newest = |autojoin: bool| {
            let conference = format!("<conference xmlns='urn:xmpp:bookmarks:1' name='item' autojoin='{autojoin}'/>");
            answer(node(&format!("<item id='verona@rooms.example'>{conference}</item>")))
        };
        let absent = || Err(super::super::iq::Refusal { condition: "item-not-found".into(), text: String::new() });
        let names = |answers: [Answer; 3]| -> Vec<_> {
            let account = BareJid::new("juliet@chat.example").expect("an address");
            rooms(answers.into(), &account).expect("rooms").into_iter().filter_map(|room| room.name).collect()
        };
        assert_eq!(names([newest(true), of_node(), of_storage()]), ["item"]);
        assert_eq!(names([absent(), of_node(), of_storage()]), ["node"]);
        assert_eq!(names([absent(), absent(), of_storage()]), ["private"]);
        assert_eq!(names([newest(false), of_node(), of_storage()]), [""; 0], "who left it there is not in it");
    }
}
