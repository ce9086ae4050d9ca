//! The person's archive on the server (XEP-0313), or that of a room, read backwards in pages from the newest message.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, Utc};
use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::build::{With, form};
use super::incoming::{self, Found};
use super::iq::{Answer, Request};
use super::rooms;
use super::session::Session;
use super::stanza;
use crate::conversation::message::Message;
use crate::conversation::rooms::Room;
use crate::conversation::said::Storage;
use crate::error::Error;

const MAM: &str = "urn:xmpp:mam:2";
/// How many messages the first page has: the usual ten minutes of the overlap fit, and few kilobytes come twice.
const FIRST_PAGE: usize = 100;
/// The most messages in a page that servers give (ejabberd's limit).
const LARGEST_PAGE: usize = 250;
/// Pages after the first have about as many bytes of text at most: servers put a page together in memory.
const PAGE_BYTES: usize = 8_000_000;

/// What a page is to hold: the newest messages of an archive that fit.
#[derive(Clone, Debug)]
struct Query {
    /// Whose archive it is, where it is not the person's own.
    room: Option<Room>,
    since: Option<DateTime<Utc>>,
    /// Only what is older than this archive id.
    before: Option<String>,
    /// So many messages at most,
    size: usize,
    /// beside so many that are known, and come again.
    again: usize,
}

/// A page in the making: what was asked, and what has come.
pub(crate) struct Page {
    query: Query,
    query_id: String,
    pub(crate) request: Request,
    messages: Vec<Message>,
    /// How large the texts are.
    bytes: usize,
}

/// What the archive holds since some time.
#[derive(Debug, Default)]
pub struct Excerpt {
    /// Oldest first, each id once.
    pub messages: Vec<Message>,
    /// There are older messages since that time, which were not fetched.
    pub cut: bool,
}

/// Asks what the server archives for this account (XEP-0441): an archive may be there and stay empty.
pub(crate) fn preferences_request() -> Request {
    Request::get(None, Element::bare("prefs", MAM))
}

/// What is archived by default, from the answer to [`preferences_request`]: `always`, `never` or `roster`.
pub(crate) fn default_preference(answer: &Answer) -> Option<&str> {
    answer.as_ref().ok()?.as_ref()?.attr("default")
}

impl Query {
    fn to_element(&self, query_id: &str) -> Element {
        let since = self.since.map(|since| since.to_rfc3339_opts(SecondsFormat::Micros, true));
        let fields: Vec<(&str, &str)> = since.iter().map(|since| ("start", since.as_str())).collect();
        let set = Element::builder("set", ns::RSM)
            .append(Element::builder("max", ns::RSM).append((self.size + self.again).to_string()).build())
            .append(Element::builder("before", ns::RSM).append(self.before.as_deref().unwrap_or_default()).build());
        Element::builder("query", MAM).with("queryid", query_id).append(form(MAM, &fields)).append(set.build()).build()
    }
}

impl Page {
    /// Asks for the newest page of the messages since `since`.
    pub(crate) fn new(since: Option<DateTime<Utc>>) -> Self {
        Self::of(Query { room: None, since, before: None, size: FIRST_PAGE, again: 0 })
    }

    /// The same, of the archive of a room.
    pub(crate) fn of_room(room: &Room, since: Option<DateTime<Utc>>) -> Self {
        Self::of(Query { room: Some(room.clone()), since, before: None, size: FIRST_PAGE, again: 0 })
    }

    fn of(query: Query) -> Self {
        let query_id = stanza::new_id();
        let to = query.room.as_ref().map(|room| Jid::from(room.address.clone()));
        let request = Request::set(to, query.to_element(&query_id));
        Self { query, query_id, request, messages: Vec::new(), bytes: 0 }
    }

    /// Takes a result of this query; anything else is left alone.
    pub(crate) fn take(&mut self, stanza: &Element, account: &BareJid, storage: &dyn Storage) -> Result<(), Error> {
        // Anyone can send something that looks like a result: only those of whom was asked count, with our query's id.
        let is_from_archive = match &self.query.room {
            Some(room) => stanza.attr("from").is_some_and(|from| stanza::is_own(from, &room.address)),
            None => stanza::from_own_server(stanza, account),
        };
        let is_ours = |result: &&Element| is_from_archive && result.attr("queryid") == Some(self.query_id.as_str());
        let result = stanza.get_child("result", MAM).filter(is_ours);
        if let Some(message) = result.and_then(|result| message(result, account, self.query.room.as_ref())) {
            self.bytes += message.content.outline().size();
            self.messages.push(message.stored(storage)?);
        }
        Ok(())
    }

    /// How many messages the next page may have, by what those of this one are like.
    fn next_size(&self) -> usize {
        (PAGE_BYTES * self.messages.len()).checked_div(self.bytes).unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE)
    }

    /// The messages of the page, oldest first, and before which id there may be more.
    ///
    /// The server says where its page begins: the first message that makes sense here may be a later one. A page that is
    /// empty and not the last comes from a database that fails.
    fn finish(self, answer: Answer, account: &BareJid) -> Result<(Vec<Message>, Option<String>), Error> {
        let fin = answer.map_err(|refusal| refusal.into_error("to read the archive"))?;
        if fin.as_ref().is_some_and(|fin| fin.attr("complete") == Some("true")) {
            return Ok((self.messages, None));
        }
        let first = fin.as_ref().and_then(|fin| fin.get_child("set", ns::RSM)?.get_child("first", ns::RSM));
        let whose = || self.query.room.as_ref().map_or(account, |room| &room.address).to_string();
        let first = first.ok_or_else(|| Error::IncompleteArchive { whose: whose() })?;
        Ok((self.messages, Some(first.text())))
    }
}

/// The id and the time are those around the message, never any from inside it.
fn message(result: &Element, account: &BareJid, room: Option<&Room>) -> Option<Message> {
    let forwarded = result.get_child("forwarded", ns::FORWARD)?;
    let time = incoming::stamp(forwarded.get_child("delay", ns::DELAY)?)?;
    let archive_id = Some(result.attr("id")?.to_owned());
    let inner = forwarded.get_child("message", ns::JABBER_CLIENT)?;
    let found = Found { archive_id, offline_node: None };
    match room {
        Some(room) => rooms::message(inner, account, room, time, found),
        None => incoming::message(inner, account, time, found),
    }
}

/// Completes an excerpt of an archive from its newest page, which was answered already, reading on backwards until it is
/// whole or holds `limit` messages.
pub(crate) async fn complete(
    session: &mut Session,
    first: (Page, Answer),
    limit: usize,
    storage: &dyn Storage,
) -> Result<Excerpt, Error> {
    let (mut page, mut answer) = first;
    let (mut excerpt, mut known) = (Excerpt::default(), HashSet::new());
    loop {
        let (query, size) = (page.query.clone(), page.next_size());
        let next = match page.finish(answer, session.account()) {
            // ejabberd's database gives up on a page that takes it a minute: a smaller one may do.
            Err(Error::IncompleteArchive { .. }) if query.size > 1 => Query { size: (query.size / 10).max(1), ..query },
            Err(error) => return Err(error),
            Ok((messages, first)) => {
                excerpt.messages.splice(0..0, messages.into_iter().filter(|message| is_new(message, &mut known)));
                excerpt.cut = first.is_some() && excerpt.messages.len() >= limit;
                let Some(first) = first.filter(|_| !excerpt.cut) else { break };
                let (before, again) = behind_twins(first, &excerpt.messages);
                let next = Query { before: Some(before), size, again, ..query.clone() };
                if (&next.before, again) == (&query.before, query.again) {
                    // Nothing is older: what shares an id came again.
                    break;
                }
                next
            }
        };
        page = Page::of(next);
        answer = fetch(session, &mut page, storage).await?;
    }
    Ok(excerpt)
}

fn is_new(message: &Message, known: &mut HashSet<(String, Jid, Option<String>)>) -> bool {
    let place = message.in_archive();
    place.is_none_or(|(id, conversation, sent)| {
        known.insert((id.to_owned(), conversation.clone(), sent.map(str::to_owned)))
    })
}

/// Before which id the next page ends, and how many of `messages` come again with it.
///
/// Where ids are times in microseconds (ejabberd), messages that came at once share one, and the page may have begun
/// between them; then the next ends with that id, too.
fn behind_twins(first: String, messages: &[Message]) -> (String, usize) {
    let is_first = |message: &&Message| message.archive_id.as_ref() == Some(&first);
    let time = messages.iter().find(is_first).map(|message| message.time.timestamp_micros());
    match time.filter(|time| time.to_string() == first) {
        Some(time) => ((time + 1).to_string(), messages.iter().filter(is_first).count()),
        None => (first, 0),
    }
}

async fn fetch(session: &mut Session, page: &mut Page, storage: &dyn Storage) -> Result<Answer, Error> {
    session.stream.progress.step("reading the archive");
    let account = session.account().clone();
    let request = page.request.clone();
    let answers = session.ask(&[request], |stanza| page.take(&stanza, &account, storage)).await?;
    answers.into_iter().next().ok_or_else(|| Error::Bug("an answer is missing".into()))
}

#[cfg(test)]
mod tests {
    use super::super::scripted_server::Memory;
    use super::*;

    fn result(attributes: &str, query_id: &str) -> Element {
        format!(
            "<message xmlns='jabber:client' {attributes}><result xmlns='{MAM}' queryid='{query_id}' id='17'>\
             <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05.678901Z'/>\
             <message xmlns='jabber:client' from='romeo@chat.example/x' to='juliet@chat.example' type='chat'>\
             <body>hi</body><delay xmlns='urn:xmpp:delay' stamp='1970-01-01T00:00:00Z'/>\
             <stanza-id xmlns='urn:xmpp:sid:0' by='juliet@chat.example' id='99'/></message></forwarded></result></message>"
        )
        .parse()
        .expect("XML")
    }

    fn own() -> BareJid {
        BareJid::new("juliet@chat.example").expect("an address")
    }

    fn taken(attributes: &str, right_query: bool) -> Vec<Message> {
        let mut page = Page::new(None);
        let query_id = if right_query { page.query_id.clone() } else { "guess".into() };
        page.take(&result(attributes, &query_id), &own(), &Memory).expect("memory");
        page.messages
    }

    #[test]
    fn a_result_has_the_id_and_the_time_around_the_message() {
        let messages = taken("from='juliet@chat.example'", true);
        assert_eq!(messages[0].archive_id.as_deref(), Some("17"));
        assert_eq!(messages[0].time.to_rfc3339(), "2026-01-02T03:04:05.678901+00:00");
    }

    fn page_begins(fin: &str) -> Option<String> {
        end(&format!("{fin}><set xmlns='http://jabber.org/protocol/rsm'><first>7</first></set>")).expect("a page")
    }

    fn end(fin: &str) -> Result<Option<String>, Error> {
        let fin = format!("<fin xmlns='{MAM}' {fin}</fin>").parse().expect("XML");
        Page::new(None).finish(Ok(Some(fin)), &own()).map(|(_, first)| first)
    }

    #[test]
    fn where_ids_are_times_the_next_page_ends_behind_the_id() {
        let messages = |id: &str, time: i64| {
            let mut message =
                message(&result("", "").children().next().expect("a result").clone(), &own(), None).expect("one");
            (message.archive_id, message.time) =
                (Some(id.into()), DateTime::from_timestamp_micros(time).expect("a time"));
            vec![message]
        };
        let behind = |id: &str| behind_twins(id.into(), &messages(id, 1_790_000_000_000_000));
        assert_eq!(behind("1790000000000000"), ("1790000000000001".into(), 1));
        assert_eq!(behind("17"), ("17".into(), 0));
    }

    #[test]
    fn a_page_of_which_nothing_makes_sense_is_not_the_end() {
        assert_eq!(page_begins(""), Some("7".into()));
        assert_eq!(page_begins("complete='false'"), Some("7".into()));
        assert_eq!(page_begins("complete='true'"), None);
    }

    #[test]
    fn an_empty_page_is_the_end_only_where_the_server_says_so() {
        assert_eq!(end("complete='true'><set xmlns='http://jabber.org/protocol/rsm'/>").expect("the end"), None);
        for unfinished in
            [">", "complete='false'>", "><set xmlns='http://jabber.org/protocol/rsm'><count>3</count></set>"]
        {
            let error = end(unfinished).expect_err(unfinished);
            assert_eq!(error.exit_code().number(), 75, "{error}");
        }
    }

    #[test]
    fn a_forged_result_is_ignored() {
        assert!(taken("from='mallory@chat.example'", true).is_empty());
        assert!(taken("from='juliet@chat.example/phone'", true).is_empty());
        assert!(taken("", false).is_empty());
    }
}
