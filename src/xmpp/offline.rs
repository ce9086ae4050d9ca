//! The queue of messages that came while no client was there (XEP-0013): looked at without taking anything out.
//!
//! It usually repeats the archive. But some messages are only there, and a queue that nobody empties fills up until
//! contacts get errors; so what was shown or is archived is removed when it is marked as read.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use jid::BareJid;
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::incoming::{self, Found};
use super::iq::{Answer, Request};
use super::session::Session;
use super::stanza;
use crate::conversation::message::Message;
use crate::conversation::said::Storage;
use crate::error::Error;

const OFFLINE: &str = "http://jabber.org/protocol/offline";
/// How many nodes go into one request; servers limit the size of a stanza.
const BATCH: usize = 300;

/// Asks which messages are queued.
pub(crate) fn list_request() -> Request {
    let query = Element::builder("query", ns::DISCO_ITEMS).with("node", OFFLINE);
    Request::get(None, query.build())
}

/// The nodes of the queue, from the answer to [`list_request`]; none where the server has no XEP-0013.
pub(crate) fn nodes(answer: Answer) -> Vec<String> {
    let Ok(Some(query)) = answer else { return Vec::new() };
    query.children().filter_map(|item| item.attr("node").map(str::to_owned)).collect()
}

/// Looks at the messages of `nodes`; they stay where they are. `now` is the time of one that the server gave none.
pub(crate) async fn view(
    session: &mut Session,
    nodes: &[String],
    has_archive: bool,
    storage: &dyn Storage,
    now: DateTime<Utc>,
) -> Result<Vec<Message>, Error> {
    session.stream.progress.step("looking at the offline queue");
    let account = session.account().clone();
    let listed: BTreeSet<&str> = nodes.iter().map(String::as_str).collect();
    let requests: Vec<Request> = nodes.chunks(BATCH).map(|batch| Request::get(None, items("view", batch))).collect();
    let mut messages = Vec::new();
    let take = |stanza: Element| {
        let message = message(&stamped(stanza, &account, now), &account, &listed, has_archive);
        messages.extend(message.map(|message| message.stored(storage)).transpose()?);
        Ok(())
    };
    let answers = session.ask(&requests, take).await?;
    // Gone meanwhile, or only in the archive (ejabberd's `use_mam_for_storage`).
    let refused = answers.into_iter().filter_map(Result::err).find(|refusal| refusal.condition != "item-not-found");
    refused.map_or(Ok(messages), |refusal| Err(refusal.into_error("to show the offline queue")))
}

/// Removes the messages of `nodes`.
pub(super) fn removals(nodes: &[String]) -> Vec<Request> {
    nodes.chunks(BATCH).map(|batch| Request::set(None, items("remove", batch))).collect()
}

/// Reads the answers to [`removals`].
pub(super) fn removed(answers: Vec<Answer>) -> Result<(), Error> {
    // Gone already, taken by another client meanwhile: what was wanted.
    let refused = answers.into_iter().filter_map(Result::err).find(|refusal| refusal.condition != "item-not-found");
    refused.map_or(Ok(()), |refusal| Err(refusal.into_error("to empty the offline queue")))
}

fn items(action: &str, nodes: &[String]) -> Element {
    let item =
        |node: &String| Element::builder("item", OFFLINE).with("action", action).with("node", node.as_str()).build();
    Element::builder("offline", OFFLINE).append_all(nodes.iter().map(item)).build()
}

/// A queued message; what names no listed node is somebody's forgery.
fn message(stanza: &Element, account: &BareJid, listed: &BTreeSet<&str>, has_archive: bool) -> Option<Message> {
    let node = stanza.get_child("offline", OFFLINE)?.get_child("item", OFFLINE)?.attr("node")?;
    if !stanza.is("message", ns::JABBER_CLIENT) || !listed.contains(node) {
        return None;
    }
    queued(stanza, account, Some(node.to_owned()), has_archive)
}

/// A message out of the queue. An id counts as the archive's only where an archive takes forged ones out (XEP-0359 §5).
pub(super) fn queued(
    stanza: &Element,
    account: &BareJid,
    offline_node: Option<String>,
    has_archive: bool,
) -> Option<Message> {
    let mut times = server_times(stanza, account);
    // A node was queued once: the server put its time behind all that the sender wrote. What was given back was queued
    // again, with a time more each time; then the first is better, though the sender can forge an earlier one.
    let last = times.pop()?;
    let first = times.into_iter().find(|time| *time <= last);
    let time = first.filter(|_| offline_node.is_none()).unwrap_or(last);
    let ids = stanza.children().filter(|child| has_archive && child.is("stanza-id", ns::SID));
    let mut own = ids.filter(|id| id.attr("by").is_some_and(|by| stanza::is_own(by, account)));
    let archive_id = own.find_map(|id| id.attr("id").map(str::to_owned));
    incoming::message(stanza, account, time, Found { archive_id, offline_node })
}

/// A message without a time of the server came now (XEP-0203): it did not wait, or the server does not say since when.
pub(super) fn stamped(mut stanza: Element, account: &BareJid, now: DateTime<Utc>) -> Element {
    // A time to come is the sender's forgery; the clocks may differ.
    if server_times(&stanza, account).iter().any(|time| *time < now + TimeDelta::days(1)) {
        return stanza;
    }
    let stamp = now.to_rfc3339_opts(SecondsFormat::Millis, true);
    let delay = Element::builder("delay", ns::DELAY).with("from", account.domain().as_str()).with("stamp", &stamp);
    stanza.append_child(delay.build());
    stanza
}

/// When the own server queued it, each time that it did.
pub(super) fn server_times(stanza: &Element, account: &BareJid) -> Vec<DateTime<Utc>> {
    let domain = account.domain().as_str();
    let from_server = |from: &str| from == domain || stanza::is_own(from, account);
    let delays = stanza.children().filter(|child| child.is("delay", ns::DELAY));
    delays.filter(|delay| delay.attr("from").is_some_and(from_server)).filter_map(incoming::stamp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inside: &str) -> Option<Message> {
        let xml = format!(
            "<message xmlns='jabber:client' from='romeo@chat.example/x' to='juliet@chat.example' type='chat'>\
             <body>hi</body>{inside}</message>"
        );
        let account = BareJid::new("juliet@chat.example").expect("an address");
        let stanza = stamped(xml.parse().expect("XML"), &account, NOW);
        message(&stanza, &account, &BTreeSet::from(["7"]), true)
    }

    const NOW: DateTime<Utc> = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");

    #[test]
    fn a_message_without_a_time_of_the_server_is_not_lost() {
        assert_eq!(read(&node("7")).map(|message| message.time), Some(NOW));
        let forged = DELAY.replace("2026", "2999");
        assert_eq!(read(&format!("{forged}{}", node("7"))).map(|message| message.time), Some(NOW));
    }

    const DELAY: &str = "<delay xmlns='urn:xmpp:delay' from='chat.example' stamp='2026-01-02T03:04:05Z'/>";

    fn node(name: &str) -> String {
        format!("<offline xmlns='{OFFLINE}'><item node='{name}'/></offline>")
    }

    #[test]
    fn a_listed_node_is_a_queued_message() {
        let message = read(&format!("{DELAY}{}", node("7"))).expect("a message");
        assert_eq!(message.offline_node.as_deref(), Some("7"));
        assert_eq!(message.archive_id, None);
    }

    #[test]
    fn a_node_that_was_not_listed_is_ignored() {
        assert_eq!(read(&format!("{DELAY}{}", node("8"))), None);
    }

    #[test]
    fn only_an_id_by_the_own_account_is_the_archives() {
        let id = |by: &str| format!("{DELAY}{}<stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='99'/>", node("7"));
        assert_eq!(read(&id("juliet@chat.example")).and_then(|m| m.archive_id).as_deref(), Some("99"));
        assert_eq!(read(&id("mallory@chat.example")).and_then(|m| m.archive_id), None);
    }

    #[test]
    fn a_delay_by_the_sender_is_not_believed() {
        let forged = "<delay xmlns='urn:xmpp:delay' from='romeo@chat.example' stamp='1970-01-01T00:00:00Z'/>";
        let message = read(&format!("{forged}{DELAY}{}", node("7"))).expect("a message");
        assert_eq!(message.time.to_rfc3339(), "2026-01-02T03:04:05+00:00");
    }
}
