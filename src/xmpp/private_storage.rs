//! The read positions in private storage (XEP-0049), on servers that have no nodes for them (XEP-0163).
//!
//! Other clients do not look there, but the other machines of the person do.

use std::collections::BTreeMap;

use jid::Jid;
use minidom::Element;

use super::displayed::{self, Displayed, Home};
use super::iq::Request;
use super::marking::Marks;
use super::session::Session;
use crate::conversation::marks::Mark;
use crate::conversation::message::ReadPositions;
use crate::error::Error;

const PRIVATE: &str = "jabber:iq:private";
/// The same items as in the node of XEP-0490, inside an element of our own.
const POSITIONS: &str = "urn:x-chat-cli:displayed:0";

/// The stored positions. A server without private storage has none, and a home for them nowhere.
pub(super) async fn read(session: &mut Session) -> Result<Displayed, Error> {
    let request = Request::get(None, query(Element::bare("displayed", POSITIONS)));
    let answer = session.ask(&[request], |_| Ok(())).await?.pop();
    match answer.ok_or_else(|| Error::Bug("an answer is missing".into()))? {
        Ok(query) => {
            let stored = query.as_ref().and_then(|query| query.get_child("displayed", POSITIONS));
            let nothing = || Displayed::nothing(Home::PrivateStorage);
            Ok(stored.map_or_else(nothing, |stored| displayed::displayed(stored, session, Home::PrivateStorage)))
        }
        Err(refusal) if refusal.is_absence() => Ok(Displayed::nothing(Home::Nowhere)),
        Err(refusal) => Err(refusal.into_error("to tell what was read")),
    }
}

/// Stores `marks` with the positions that are there: the storage takes only all of them at once.
pub(super) fn publication(marks: &Marks<'_>, stored: &Displayed, own: &str) -> Request {
    let of_contacts = merged(&stored.positions, marks.own);
    let in_rooms = merged(&stored.in_rooms, marks.in_rooms);
    let own = |(conversation, id): (&Jid, &String)| displayed::item(conversation, id, own, POSITIONS);
    let of_room = |(room, id): (&Jid, &String)| displayed::item(room, id, room.as_str(), POSITIONS);
    let items = of_contacts.iter().map(own).chain(in_rooms.iter().map(of_room));
    Request::set(None, query(Element::builder("displayed", POSITIONS).append_all(items).build()))
}

fn merged(stored: &ReadPositions, marks: &[Mark]) -> BTreeMap<Jid, String> {
    let marks = marks.iter().map(|mark| (mark.conversation.clone(), mark.archive_id.clone()));
    stored.0.clone().into_iter().chain(marks).collect()
}

fn query(content: Element) -> Element {
    Element::builder("query", PRIVATE).append(content).build()
}
