//! What was said in the person's rooms, from the archives of the rooms (XEP-0313 §6): without joining, seen by nobody.

use std::time::Duration;

use chrono::{DateTime, Utc};
use jid::{BareJid, Jid};
use minidom::Element;
use tokio::time::{Instant, timeout_at};
use xmpp_parsers::ns;

use super::archive::{self, Excerpt, Limit, Page};
use super::content;
use super::flight::BY_SCRIPT;
use super::incoming::{self, Found};
use super::iq::{Answer, Request};
use super::occupancy;
use super::session::Session;
use super::stanza;
use crate::conversation::content::Content;
use crate::conversation::message::{Message, Occupant, Sender};
use crate::conversation::rooms::{Room, mentions};
use crate::conversation::said::Storage;
use crate::error::Error;

/// XEP-0372.
const REFERENCE: &str = "urn:xmpp:reference:0";
/// How far to look back in a room.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    pub since: Option<DateTime<Utc>>,
    pub limit: Limit,
}

/// What a room's archive holds, or why it cannot be told.
#[derive(Debug)]
pub struct Heard {
    pub room: Room,
    pub since: Option<DateTime<Utc>>,
    pub said: Result<Excerpt, Error>,
}

/// Looks at `rooms`, in one flight where one page of each is enough. Who has not told all within `patience` is given up:
/// rooms must not keep the person from what contacts wrote.
pub async fn look(
    session: &mut Session,
    rooms: Vec<Room>,
    patience: Duration,
    reach: impl Fn(&BareJid) -> Reach,
    storage: &dyn Storage,
) -> Result<Vec<Heard>, Error> {
    session.stream.progress.step("reading the archives of the rooms");
    let account = session.account().clone();
    let mut pages: Vec<Page> = rooms.iter().map(|room| Page::of_room(room, reach(&room.address).since)).collect();
    let mut requests: Vec<Request> = pages.iter().map(|page| page.request.clone()).collect();
    // Prosody 0.12 answers for a room without an archive as if it had an empty one.
    requests.extend(rooms.iter().map(|room| occupancy::information(&room.address)));
    let take = |stanza: Element| pages.iter_mut().try_for_each(|page| page.take(&stanza, &account, storage));
    let until = Instant::now() + patience;
    let mut answers = session.ask_patiently(&requests, patience, take).await?;
    let abouts = answers.split_off(rooms.len());
    let mut heard = Vec::new();
    for (((room, page), answer), about) in rooms.into_iter().zip(pages).zip(answers).zip(abouts) {
        let Reach { since, limit } = reach(&room.address);
        let silent = || Error::Timeout { limit: patience, step: format!("reading {}", room.address) };
        let said = match answer {
            Some(answer) => {
                let said = complete(session, (page, answer), limit, &room, storage);
                timeout_at(until, said).await.unwrap_or_else(|_| Ok(Err(silent())))?
            }
            None => Err(silent()),
        };
        let said =
            said.and_then(|excerpt| if is_bare(&excerpt, about) { Err(without_archive(&room)) } else { Ok(excerpt) });
        heard.push(Heard { room, since, said });
    }
    Ok(heard)
}

/// Whether nothing is there because the room keeps no archive (XEP-0313 §7).
fn is_bare(excerpt: &Excerpt, about: Option<Answer>) -> bool {
    let Some(Ok(Some(about))) = about.filter(|_| excerpt.messages.is_empty()) else { return false };
    let mut features = about.children().filter(|child| child.is("feature", ns::DISCO_INFO));
    !features.any(|feature| feature.attr("var") == Some(ns::MAM))
}

fn without_archive(room: &Room) -> Error {
    Error::NotSupported { server: room.address.to_string(), feature: "an archive (XEP-0313)".into() }
}

/// The whole excerpt; what the room refuses is the room's matter only.
async fn complete(
    session: &mut Session,
    first: (Page, Answer),
    limit: Limit,
    room: &Room,
    storage: &dyn Storage,
) -> Result<Result<Excerpt, Error>, Error> {
    match archive::complete(session, first, limit, storage).await {
        Err(Error::Refused { reason, .. }) => {
            Ok(Err(Error::Refused { what: format!("to read {}", room.address), reason }))
        }
        Err(Error::NotSupported { feature, .. }) => {
            Ok(Err(Error::NotSupported { server: room.address.to_string(), feature }))
        }
        Err(error @ Error::IncompleteArchive { .. }) => Ok(Err(error)),
        Err(error) => Err(error),
        Ok(excerpt) => Ok(Ok(excerpt)),
    }
}

/// Reads a `<message/>` of the archive of `room`; `None` where its sender is somewhere else.
pub(crate) fn message(
    stanza: &Element,
    account: &BareJid,
    room: &Room,
    time: DateTime<Utc>,
    found: Found,
) -> Option<Message> {
    let from = Jid::new(stanza.attr("from")?).ok().filter(|from| from.to_bare() == room.address)?;
    let occupant = from.resource().map(|nick| occupant(stanza, nick.as_str(), account, room));
    Some(Message {
        archive_id: found.archive_id,
        offline_node: found.offline_node,
        message_id: stanza.attr("id").map(str::to_owned),
        conversation: Jid::from(room.address.clone()),
        sender: sender(stanza, occupant.as_ref(), account),
        time,
        content: content::in_room(stanza).into(),
        occupant,
    })
}

/// Rooms add the author's address to what the person wrote, or to all (XEP-0313 §6.1.3): behind what the author put in,
/// which Prosody 0.12 leaves there.
pub(super) fn is_mine(stanza: &Element, account: &BareJid) -> bool {
    own_address(stanza, account).is_some()
}

fn own_address(stanza: &Element, account: &BareJid) -> Option<Jid> {
    let last = stanza.children().filter(|child| child.is("x", ns::MUC_USER)).last();
    let item = last.and_then(|x| x.get_child("item", ns::MUC_USER));
    let address = item.and_then(|item| Jid::new(item.attr("jid")?).ok());
    address.filter(|address| address.to_bare() == *account)
}

fn sender(stanza: &Element, occupant: Option<&Occupant>, account: &BareJid) -> Sender {
    match (occupant, own_address(stanza, account)) {
        (None, _) => Sender::Room,
        (Some(_), None) => Sender::Contact,
        (Some(_), Some(_)) if stanza.has_child("sent", BY_SCRIPT) => Sender::MyScripts,
        (Some(_), Some(own)) => incoming::own_sender(&own),
    }
}

fn occupant(stanza: &Element, nick: &str, account: &BareJid, room: &Room) -> Occupant {
    let id = stanza.get_child("occupant-id", ns::OID).and_then(|id| id.attr("id"));
    let identity = id.map_or_else(|| format!("nick {nick}"), |id| format!("id {id}"));
    let is_me = |uri: &str| uri.strip_prefix("xmpp:").is_some_and(|address| stanza::is_own(address, account));
    let references = stanza.children().filter(|child| child.is("reference", REFERENCE));
    let is_named = references.filter_map(|reference| reference.attr("uri")).any(is_me);
    let words = content::in_room(stanza);
    let mentions_me = is_named || matches!(words.words(), Content::Text(text) if mentions(text, &room.nick));
    Occupant { nick: nick.to_owned(), identity, mentions_me }
}

#[cfg(test)]
mod tests {
    use super::super::memory::ServerMemory;
    use super::super::scripted_server::{self, Memory};
    use super::super::session::RESOURCE_PREFIX;
    use super::*;

    fn read(from: &str, payload: &str) -> Option<Message> {
        let xml = format!("<message xmlns='jabber:client' from='{from}' type='groupchat' id='m1'>{payload}</message>");
        let address = |text| BareJid::new(text).expect("an address");
        let room = Room { address: address("verona@rooms.example"), name: None, nick: "Jules".into() };
        let account = address("juliet@chat.example");
        message(&xml.parse().expect("XML"), &account, &room, DateTime::UNIX_EPOCH, Found::default())
    }

    #[test]
    fn a_room_that_does_not_answer_is_given_up() {
        let address = BareJid::new("verona@rooms.example").expect("an address");
        let room = Room { address, name: None, nick: "Jules".into() };
        let mut script = scripted_server::welcome("");
        script.push(("nothing more", String::new()));
        let reach = |_: &BareJid| Reach { since: None, limit: Limit::NONE };
        let mut heard = scripted_server::run(async {
            let mut session = scripted_server::log_in(script, &ServerMemory::default()).await?.bind(&[]).await?;
            look(&mut session, vec![room], Duration::from_millis(200), reach, &Memory).await
        })
        .expect("the rest is looked at");
        let said = heard.pop().expect("the room").said.expect_err("nothing was said");
        assert!(said.to_string().ends_with("while reading verona@rooms.example"), "{said}");
    }

    #[test]
    fn a_message_belongs_to_the_room_and_has_an_author() {
        let message = read("verona@rooms.example/Romeo", "<body>hi Jules</body>").expect("a message");
        assert_eq!((message.conversation.as_str(), message.sender), ("verona@rooms.example", Sender::Contact));
        let occupant = message.occupant.expect("an author");
        assert_eq!((occupant.nick.as_str(), occupant.mentions_me), ("Romeo", true));
        assert_eq!(read("mallory@rooms.example/Romeo", "<body>hi</body>"), None);
    }

    #[test]
    fn a_reference_mentions_too() {
        let reference =
            |uri: &str| format!("<body>hi</body><reference xmlns='{REFERENCE}' type='mention' uri='{uri}'/>");
        let mentions = |uri: &str| {
            read("verona@rooms.example/x", &reference(uri)).and_then(|it| it.occupant).map(|it| it.mentions_me)
        };
        assert_eq!(mentions("xmpp:juliet@chat.example"), Some(true));
        assert_eq!(mentions("xmpp:romeo@chat.example"), Some(false));
    }

    #[test]
    fn the_room_says_what_is_mine() {
        let item = |jid: &str| format!("<body>hi</body><x xmlns='{}'><item jid='{jid}'/></x>", ns::MUC_USER);
        let sender = |jid: &str| read("verona@rooms.example/Jules", &item(jid)).map(|message| message.sender);
        assert_eq!(sender("juliet@chat.example/phone"), Some(Sender::Me));
        assert_eq!(sender("romeo@chat.example/phone"), Some(Sender::Contact));
        assert_eq!(sender(&format!("juliet@chat.example/{RESOURCE_PREFIX}1")), Some(Sender::MyScripts));
        let by_script = |jid: &str| {
            let payload = format!("<body>hi</body><sent xmlns='{BY_SCRIPT}'/><x xmlns='{}'>", ns::MUC_USER);
            read("verona@rooms.example/Jules", &format!("{payload}<item jid='{jid}'/></x>")).map(|it| it.sender)
        };
        assert_eq!(by_script("juliet@chat.example"), Some(Sender::MyScripts), "the room tells no client");
        assert_eq!(by_script("romeo@chat.example"), Some(Sender::Contact), "others prove nothing about me");
        let item = |jid: &str| format!("<x xmlns='{}'><item jid='{jid}'/></x>", ns::MUC_USER);
        let forged = format!("<body>hi</body>{}{}", item("juliet@chat.example"), item("romeo@chat.example"));
        let message = read("verona@rooms.example/Jules", &forged).expect("a message");
        assert_eq!(message.sender, Sender::Contact, "what the room added counts");
    }

    #[test]
    fn a_new_subject_is_no_message() {
        let message = read("verona@rooms.example/Romeo", "<subject>peace</subject>").expect("a message");
        assert_eq!(*message.content.outline(), Content::Nothing);
    }

    #[test]
    fn what_the_room_does_itself_has_no_author() {
        let retraction = "<retract xmlns='urn:xmpp:message-retract:1' id='17'>\
            <moderated xmlns='urn:xmpp:message-moderate:1'/></retract>";
        let message = read("verona@rooms.example", retraction).expect("a message");
        assert_eq!((message.sender, message.occupant), (Sender::Room, None));
        assert_eq!(*message.content.outline(), Content::Retraction { of: "17".into() });
    }
}
