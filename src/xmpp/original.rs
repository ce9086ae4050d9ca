//! The earlier message that a new one is about, looked for in the archive (XEP-0313) by any of its ids.

use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::build::{With, form};
use super::content;
use super::incoming::{self, Found};
use super::iq::Request;
use super::occupancy::Occupancies;
use super::rooms;
use super::session::Session;
use super::stanza;
use crate::conversation::about::Original;
use crate::conversation::content::Content;
use crate::error::Error;

const MAM: &str = "urn:xmpp:mam:2";
/// As far back as [`super::resend`] looks.
const PAGE: usize = 250;
const PAGES: usize = 4;

/// Looks through the latest 1000 messages with `to`, newest first. `None` where there is no archive of the account; an error
/// where there is no such message.
pub async fn find(session: &mut Session, rooms: &Occupancies, to: &Jid, id: &str) -> Result<Option<Original>, Error> {
    session.stream.progress.step("looking for the message that this one is about");
    let me = rooms.in_room(&to.to_bare()).filter(|_| to.resource().is_none());
    let room = me.map(|me| me.to_bare());
    let account = session.account().clone();
    let (mut before, mut retractions) = (String::new(), Vec::new());
    for _ in 0..PAGES {
        let query_id = stanza::new_id();
        let request = query(&query_id, room.as_ref(), to, &before);
        let mut results = Vec::new();
        let answers = session
            .ask(&[request], |stanza| {
                results.extend(result(&stanza, &query_id, room.as_ref(), &account));
                Ok(())
            })
            .await?;
        let fin = match answers.into_iter().next() {
            Some(Err(refusal)) if refusal.is_absence() && room.is_none() => return Ok(None),
            Some(Err(refusal)) => return Err(refusal.into_error("to look into the archive")),
            Some(Ok(fin)) => fin,
            None => None,
        };
        // What takes a message back is newer than that.
        retractions.extend(results.iter().filter_map(|result| retraction(result, &account)));
        let mut originals = results.iter().filter_map(|result| match &room {
            Some(_) => in_room(result, &account, me.map(|me| me.as_str())),
            None => with_person(result, &account),
        });
        if let Some(original) = originals.rfind(|original| has(original, id)) {
            let text = original.text.clone().filter(|_| !is_taken_back(&original, &retractions));
            return Ok(Some(Original { text, ..original }));
        }
        let complete = fin.as_ref().is_none_or(|fin| fin.attr("complete") == Some("true"));
        match results.first().and_then(|oldest| oldest.attr("id")) {
            Some(oldest) if !complete => oldest.clone_into(&mut before),
            _ => break,
        }
    }
    Err(Error::NoSuchMessage { id: id.to_owned(), with: to.to_string() })
}

fn has(original: &Original, id: &str) -> bool {
    original.archive_id == id || original.message_id.as_deref() == Some(id)
}

fn query(query_id: &str, room: Option<&BareJid>, to: &Jid, before: &str) -> Request {
    let bare = to.to_bare();
    let fields: Vec<(&str, &str)> = room.is_none().then_some(("with", bare.as_str())).into_iter().collect();
    let set = Element::builder("set", ns::RSM)
        .append(Element::builder("max", ns::RSM).append(PAGE.to_string()).build())
        .append(Element::builder("before", ns::RSM).append(before).build());
    let query = Element::builder("query", MAM).with("queryid", query_id).append(form(MAM, &fields)).append(set.build());
    Request::set(room.cloned().map(Jid::from), query.build())
}

/// The result of this query, from whom was asked.
fn result(stanza: &Element, query_id: &str, room: Option<&BareJid>, account: &BareJid) -> Option<Element> {
    let believed = match room {
        Some(room) => stanza.attr("from").is_some_and(|from| stanza::is_own(from, room)),
        None => stanza::from_own_server(stanza, account),
    };
    let result = stanza.get_child("result", MAM).filter(|result| result.attr("queryid") == Some(query_id));
    result.filter(|_| believed).cloned()
}

fn inner(result: &Element) -> Option<(&Element, String)> {
    let message = result.get_child("forwarded", ns::FORWARD)?.get_child("message", ns::JABBER_CLIENT)?;
    Some((message, result.attr("id")?.to_owned()))
}

fn in_room(result: &Element, account: &BareJid, me: Option<&str>) -> Option<Original> {
    let (message, archive_id) = inner(result)?;
    let author = Jid::new(message.attr("from")?).ok()?;
    let is_mine = Some(author.as_str()) == me || rooms::is_mine(message, account);
    let message_id = message.attr("id").map(str::to_owned);
    Some(Original { message_id, archive_id, author, is_mine, text: text(content::in_room(message)) })
}

fn with_person(result: &Element, account: &BareJid) -> Option<Original> {
    let (message, archive_id) = inner(result)?;
    let read = incoming::message(message, account, chrono::DateTime::UNIX_EPOCH, Found::default())?;
    let author = message.attr("from").map_or_else(|| Ok(Jid::from(account.clone())), Jid::new).ok()?;
    let is_mine = author.to_bare() == *account;
    let author = Jid::from(author.to_bare());
    Some(Original { message_id: read.message_id, archive_id, author, is_mine, text: text(content::content(message)) })
}

/// A message that takes another back: who wrote it, and the id of the other.
fn retraction(result: &Element, account: &BareJid) -> Option<(Jid, String)> {
    let (message, _) = inner(result)?;
    let said = if message.attr("type") == Some("groupchat") { content::in_room } else { content::content };
    let Content::Retraction { of } = said(message) else { return None };
    let author = message.attr("from").map_or_else(|| Ok(Jid::from(account.clone())), Jid::new).ok()?;
    Some((author, of))
}

/// By its author from any device, or in a room by that name there or by the room itself (XEP-0425).
fn is_taken_back(original: &Original, retractions: &[(Jid, String)]) -> bool {
    let by_author = |by: &Jid| match original.author.resource() {
        Some(_) => *by == original.author || *by == original.author.to_bare(),
        None => by.to_bare() == original.author,
    };
    retractions.iter().any(|(by, of)| by_author(by) && has(original, of))
}

fn text(content: Content) -> Option<String> {
    match content {
        Content::Text(text) | Content::Letter { text, .. } => Some(text),
        Content::Correction { content, .. } => text(*content),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archived(from: &str, payload: &str) -> Element {
        let xml = format!(
            "<result xmlns='{MAM}' id='17' queryid='q'><forwarded xmlns='urn:xmpp:forward:0'>\
             <message xmlns='jabber:client' from='{from}' to='romeo@chat.example' type='chat' id='m1'>{payload}</message>\
             </forwarded></result>"
        );
        xml.parse().expect("XML")
    }

    fn juliet() -> BareJid {
        BareJid::new("juliet@chat.example").expect("an address")
    }

    #[test]
    fn a_message_is_found_by_either_id() {
        let original =
            with_person(&archived("juliet@chat.example/phone", "<body>hi</body>"), &juliet()).expect("a message");
        assert!(has(&original, "17") && has(&original, "m1") && !has(&original, "m2"));
        assert_eq!((original.is_mine, original.text.as_deref()), (true, Some("hi")));
    }

    #[test]
    fn only_its_author_takes_a_message_back() {
        let original =
            with_person(&archived("juliet@chat.example/phone", "<body>hi</body>"), &juliet()).expect("a message");
        let taken_back = |by: &str, id: &str| {
            let payload = format!("<retract xmlns='urn:xmpp:message-retract:1' id='{id}'/><body>taken back</body>");
            is_taken_back(&original, &Vec::from_iter(retraction(&archived(by, &payload), &juliet())))
        };
        assert!(taken_back("juliet@chat.example/laptop", "m1"));
        assert!(!taken_back("juliet@chat.example/laptop", "m2") && !taken_back("romeo@chat.example/phone", "m1"));
        assert_eq!(retraction(&archived("juliet@chat.example/phone", "<body>hi</body>"), &juliet()), None);
    }

    #[test]
    fn in_a_room_the_room_takes_back_and_others_do_not() {
        let room = |nick: &str| Jid::new(&format!("verona@rooms.example{nick}")).expect("an address");
        let (message_id, archive_id) = (Some("m1".into()), "17".into());
        let original = Original { message_id, archive_id, author: room("/Romeo"), is_mine: false, text: None };
        for (nick, taken_back) in [("/Romeo", true), ("", true), ("/Juliet", false)] {
            assert_eq!(is_taken_back(&original, &[(room(nick), "17".into())]), taken_back, "{nick}");
        }
    }

    #[test]
    fn a_result_of_somebody_else_is_none() {
        let message = |from: &str| {
            let mut message = Element::builder("message", ns::JABBER_CLIENT).with("from", from).build();
            message.append_child(archived("romeo@chat.example", "<body>hi</body>"));
            message
        };
        assert!(result(&message("juliet@chat.example"), "q", None, &juliet()).is_some());
        assert!(result(&message("juliet@chat.example"), "other", None, &juliet()).is_none());
        assert!(result(&message("mallory@chat.example"), "q", None, &juliet()).is_none());
    }
}
