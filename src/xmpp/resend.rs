//! Whether a message was sent before: the own archive (XEP-0313) knows its id.
//!
//! Archives cannot be searched for the id that a sender gave (XEP-0359), so the latest messages to the recipient are
//! looked through, newest first. What was said in a room is in the archive of the room.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use jid::{BareJid, FullJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::build::{With, form};
use super::iq::{Answer, Request};
use super::occupancy::Occupancies;
use super::rooms;
use super::session::Session;
use super::stanza;
use crate::conversation::delivery::Outgoing;
use crate::error::Error;

const MAM: &str = "urn:xmpp:mam:2";
/// The most messages in a page that servers give (ejabberd's limit).
const PAGE: usize = 250;
/// Pages of one recipient, at most: 1000 messages.
const PAGES: usize = 4;
/// So long nobody is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 5 });
/// The clocks of the machine and of the server may differ by so much.
const CLOCKS: TimeDelta = TimeDelta::days(1);

/// Returns for each recipient the greatest number that `number` gives for the id of one of the
/// own messages to them, looking back until the page where there is one.
///
/// The server may still be at what a killed run had sent: what is not found counts as not sent only when the `earlier`
/// sessions have ended. With `others_may_follow`, they must have ended before the newest message found counts, and the
/// session that sent it, too, which another machine may have had.
pub async fn look_back(
    session: &mut Session,
    rooms: &Occupancies,
    recipients: &[Jid],
    others_may_follow: bool,
    mut earlier: BTreeSet<String>,
    number: &dyn Fn(&str) -> Option<u64>,
) -> Result<Vec<Option<u64>>, Error> {
    let mut newest = Vec::new();
    for to in recipients {
        session.stream.progress.step("looking for the message in the archive");
        let place = Place::of(to, rooms);
        let mut found = search(session, &place, number).await?;
        if others_may_follow || (found.is_none() && !earlier.is_empty()) {
            let mut at_work = std::mem::take(&mut earlier);
            at_work.extend(found.take().and_then(|found| found.sender).map(|sender| sender.to_string()));
            wait_for_ends(session, &at_work).await?;
            found = search(session, &place, number).await?;
        }
        newest.push(found.map(|found| found.number));
    }
    Ok(newest)
}

/// Whether the archive has each of `messages`, in their order, which were sent after `since` by `sessions`, if at all. Those
/// sessions must have ended, so that nothing of theirs is still to come.
pub async fn were_sent(
    session: &mut Session,
    rooms: &Occupancies,
    messages: &[&Outgoing],
    sessions: &BTreeSet<String>,
    since: DateTime<Utc>,
) -> Result<Vec<bool>, Error> {
    wait_for_ends(session, sessions).await?;
    session.stream.progress.step("looking in the archive for what was sent");
    let mut wanted: BTreeMap<&Jid, BTreeSet<&str>> = BTreeMap::new();
    for message in messages {
        wanted.entry(&message.to).or_default().insert(&message.id);
    }
    let mut missing = BTreeMap::new();
    for (to, ids) in wanted {
        missing.insert(to, not_in_archive(session, &Place::of(to, rooms), ids, since).await?);
    }
    let is_missing = |message: &Outgoing| missing.get(&message.to).is_some_and(|ids| ids.contains(message.id.as_str()));
    Ok(messages.iter().map(|message| !is_missing(message)).collect())
}

/// Those of the `wanted` ids that no own message to the recipient has.
async fn not_in_archive<'a>(
    session: &mut Session,
    place: &Place,
    mut wanted: BTreeSet<&'a str>,
    since: DateTime<Utc>,
) -> Result<BTreeSet<&'a str>, Error> {
    let start = since.checked_sub_signed(CLOCKS).map(|start| start.to_rfc3339_opts(SecondsFormat::Secs, true));
    let mut before = String::new();
    loop {
        let page = Page::new(place, start.as_deref(), &before);
        let (page, complete) = fetch(session, page).await?;
        for (id, _) in &page.sent {
            wanted.remove(id.as_str());
        }
        match page.oldest {
            Some(oldest) if !complete && !wanted.is_empty() => before = oldest,
            _ => return Ok(wanted),
        }
    }
}

/// A ping to a session that is no more comes back at once; it waits behind everything that the session still does. One that
/// comes in the moment in which the session ends, the server loses: it is asked again.
async fn wait_for_ends(session: &mut Session, sessions: &BTreeSet<String>) -> Result<(), Error> {
    let mut left: Vec<Jid> = sessions.iter().filter_map(|other| Jid::new(other).ok()).collect();
    while !left.is_empty() {
        session.stream.progress.step("waiting for an earlier run with the same id to end");
        let ping = |other: &Jid| Request::get(Some(other.clone()), Element::bare("ping", ns::PING));
        let pings: Vec<_> = left.iter().map(ping).collect();
        let answers = session.ask_patiently(&pings, ASK_AGAIN, |_| Ok(())).await?;
        if answers.iter().flatten().any(Result::is_ok) {
            let condition = "an earlier run with the same id is not over yet".into();
            return Err(Error::StreamEnded { condition, later: true });
        }
        let mut answers = answers.iter();
        left.retain(|_| answers.next().is_some_and(Option::is_none));
    }
    Ok(())
}

/// A message that was sent before.
struct Found {
    number: u64,
    /// The session that sent it.
    sender: Option<Jid>,
}

async fn search(
    session: &mut Session,
    place: &Place,
    number: &dyn Fn(&str) -> Option<u64>,
) -> Result<Option<Found>, Error> {
    let mut before = String::new();
    for _ in 0..PAGES {
        let (page, complete) = fetch(session, Page::new(place, None, &before)).await?;
        let numbered = page.sent.into_iter().filter_map(|(id, sender)| Some(Found { number: number(&id)?, sender }));
        let newest = numbered.max_by_key(|found| found.number);
        match page.oldest {
            Some(oldest) if newest.is_none() && !complete => before = oldest,
            _ => return Ok(newest),
        }
    }
    Ok(None)
}

/// Fills the page; tells whether there is nothing before it.
async fn fetch(session: &mut Session, mut page: Page) -> Result<(Page, bool), Error> {
    let (request, account) = (page.request.clone(), session.account().clone());
    let answers = session
        .ask(&[request], |stanza| {
            page.take(&stanza, &account);
            Ok(())
        })
        .await?;
    let answer = answers.into_iter().next().ok_or_else(|| Error::Bug("an answer is missing".into()))?;
    let complete = is_complete(answer, &page.place, session)?;
    if page.oldest.is_none() && !complete {
        // A database that fails must not make a message look as if it had never been sent.
        return Err(Error::IncompleteArchive { whose: page.place.owner(&account).to_string() });
    }
    Ok((page, complete))
}

fn is_complete(answer: Answer, place: &Place, session: &Session) -> Result<bool, Error> {
    let fin = answer.map_err(|refusal| match refusal.condition.as_str() {
        "service-unavailable" | "feature-not-implemented" => Error::NoArchive {
            server: place.room().map_or_else(|| session.account().domain().to_string(), |room| room.to_string()),
        },
        _ => refusal.into_error("to look into the archive"),
    })?;
    Ok(fin.is_none_or(|fin| fin.attr("complete") == Some("true")))
}

/// A page of the conversation with a recipient.
struct Page {
    query_id: String,
    request: Request,
    place: Place,
    /// The ids of the own messages on it, and the sessions that sent them.
    sent: Vec<(String, Option<Jid>)>,
    /// The archive id of its oldest message.
    oldest: Option<String>,
}

impl Page {
    fn new(place: &Place, start: Option<&str>, before: &str) -> Self {
        let query_id = stanza::new_id();
        let bare = place.recipient.to_bare();
        let mut fields = Vec::new();
        fields.extend(place.me.is_none().then_some(("with", bare.as_str())));
        fields.extend(start.map(|start| ("start", start)));
        let set = Element::builder("set", ns::RSM)
            .append(Element::builder("max", ns::RSM).append(PAGE.to_string()).build())
            .append(Element::builder("before", ns::RSM).append(before).build());
        let query = Element::builder("query", MAM)
            .with("queryid", query_id.as_str())
            .append(form(MAM, &fields))
            .append(set.build());
        let request = Request::set(place.room().map(Jid::from), query.build());
        Self { query_id, request, place: place.clone(), sent: Vec::new(), oldest: None }
    }

    /// Takes a result of this query from the own server; anything else is left alone.
    fn take(&mut self, stanza: &Element, account: &BareJid) {
        let is_ours = |result: &&Element| result.attr("queryid") == Some(self.query_id.as_str());
        let result = stanza.get_child("result", MAM).filter(is_ours);
        let is_from_archive = match self.place.room() {
            Some(room) => stanza.attr("from").is_some_and(|from| stanza::is_own(from, &room)),
            None => stanza::from_own_server(stanza, account),
        };
        let Some(result) = result.filter(|_| is_from_archive) else { return };
        if self.oldest.is_none() {
            self.oldest = result.attr("id").map(str::to_owned);
        }
        let message = result
            .get_child("forwarded", ns::FORWARD)
            .and_then(|forwarded| forwarded.get_child("message", ns::JABBER_CLIENT))
            .filter(|message| self.place.has_sent(message, account));
        if let Some(message) = message {
            let origin = message.get_child("origin-id", ns::SID).and_then(|origin| origin.attr("id"));
            // A room does not tell which session it was.
            let sender = message.attr("from").filter(|_| self.place.me.is_none());
            let sender = sender.and_then(|from| Jid::new(from).ok());
            self.sent.extend(origin.or(message.attr("id")).map(|id| (id.to_owned(), sender)));
        }
    }
}

/// Where messages to a recipient are archived.
#[derive(Clone)]
struct Place {
    recipient: Jid,
    /// In a room: who the person is there.
    me: Option<FullJid>,
}

impl Place {
    fn of(recipient: &Jid, rooms: &Occupancies) -> Self {
        let me = rooms.in_room(&recipient.to_bare()).filter(|_| recipient.resource().is_none());
        Self { recipient: recipient.clone(), me: me.cloned() }
    }

    fn room(&self) -> Option<BareJid> {
        self.me.as_ref().map(|me| me.to_bare())
    }

    /// Whose archive it is.
    fn owner(&self, account: &BareJid) -> BareJid {
        self.room().unwrap_or_else(|| account.clone())
    }

    /// Whether the person sent `message` to the recipient.
    fn has_sent(&self, message: &Element, account: &BareJid) -> bool {
        let address = |name| message.attr(name).and_then(|address| Jid::new(address).ok());
        if message.attr("type") == Some("error") {
            return false;
        }
        if let Some(me) = &self.me {
            return address("from").is_some_and(|from| *me == from) || rooms::is_mine(message, account);
        }
        let by_me = address("from").is_none_or(|from| from.to_bare() == *account);
        by_me && address("to").is_some_and(|to| to == self.recipient)
    }
}

#[cfg(test)]
mod tests;
