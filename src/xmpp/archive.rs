//! The person's archive on the server (XEP-0313), or that of a room, read backwards in pages from the newest message.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
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
    /// Only what was said with this contact, or in this room of the person's own archive.
    with: Option<BareJid>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
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

/// What is archived, from the answer to [`preferences_request`]: `always`, `never` or `roster`, or that some are left out
/// of `always` (XEP-0441 §3).
pub(crate) fn preference(answer: &Answer) -> Option<&str> {
    let preferences = answer.as_ref().ok()?.as_ref()?;
    let is_left_out = preferences.get_child("never", MAM).is_some_and(|never| never.children().next().is_some());
    match preferences.attr("default") {
        Some("always") if is_left_out => Some("always, with exceptions"),
        default => default,
    }
}

impl Default for Query {
    fn default() -> Self {
        Self { room: None, with: None, since: None, until: None, before: None, size: FIRST_PAGE, again: 0 }
    }
}

impl Query {
    fn to_element(&self, query_id: &str) -> Element {
        let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Micros, true);
        let fields = [
            ("with", self.with.as_ref().map(BareJid::to_string)),
            ("start", self.since.map(time)),
            ("end", self.until.map(time)),
        ];
        let fields: Vec<(&str, &str)> =
            fields.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        let set = Element::builder("set", ns::RSM)
            .append(Element::builder("max", ns::RSM).append((self.size + self.again).to_string()).build())
            .append(Element::builder("before", ns::RSM).append(self.before.as_deref().unwrap_or_default()).build());
        Element::builder("query", MAM).with("queryid", query_id).append(form(MAM, &fields)).append(set.build()).build()
    }
}

impl Page {
    /// Asks for the newest page of the messages since `since`.
    pub(crate) fn new(since: Option<DateTime<Utc>>) -> Self {
        Self::of(Query { since, ..Query::default() })
    }

    /// Asks for the newest page of what was said with a contact, or in a room of the own archive, in this time.
    pub(crate) fn of_conversation(with: BareJid, since: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Self {
        Self::of(Query { with: Some(with), since: Some(since), until, ..Query::default() })
    }

    /// The same, of the archive of a room.
    pub(crate) fn of_room(room: &Room, since: Option<DateTime<Utc>>) -> Self {
        Self::of(Query { room: Some(room.clone()), since, ..Query::default() })
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

/// How far an archive is read.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// About so many messages,
    pub messages: usize,
    /// and everything since this time.
    pub but_all_since: Option<DateTime<Utc>>,
}

impl Limit {
    /// Everything that was asked for.
    pub const NONE: Self = Self { messages: usize::MAX, but_all_since: None };

    /// About so many messages.
    pub fn of(messages: usize) -> Self {
        Self { messages, but_all_since: None }
    }

    fn is_reached(&self, messages: &[Message]) -> bool {
        let is_far_enough = |since| messages.first().is_some_and(|oldest| oldest.time < since);
        messages.len() >= self.messages && self.but_all_since.is_none_or(is_far_enough)
    }
}

/// How many messages the account received and sent until `time`, where the archive tells that; the last of them is known.
pub(crate) async fn count_before(session: &mut Session, time: DateTime<Utc>) -> Result<Option<u64>, Error> {
    session.stream.progress.step("counting older messages");
    let before = time.checked_sub_signed(TimeDelta::microseconds(1));
    let page = Page::of(Query { until: before, size: 0, ..Query::default() });
    let answer = session.ask(&[page.request], |_| Ok(())).await?.pop();
    let fin = answer.and_then(Result::ok).flatten();
    Ok(fin.and_then(|fin| fin.get_child("set", ns::RSM)?.get_child("count", ns::RSM)?.text().parse().ok()))
}

/// Completes an excerpt of an archive from its newest page, which was answered already, reading on backwards until it is
/// whole or the `limit` is reached.
pub(crate) async fn complete(
    session: &mut Session,
    first: (Page, Answer),
    limit: Limit,
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
                excerpt.cut = first.is_some() && limit.is_reached(&excerpt.messages);
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

/// Leaves the first of messages that are the same one of the archive.
pub(crate) fn each_once(mut messages: Vec<Message>) -> Vec<Message> {
    let mut known = HashSet::new();
    messages.retain(|message| is_new(message, &mut known));
    messages
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
mod tests;
