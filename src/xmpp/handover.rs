//! The queue of a server that only hands it over (RFC 6121 §8.5.2.1.1, XEP-0160): to who is present, all at once.
//!
//! Present, a question, not present, a question: one write. What waits comes before the first answer, and after the second
//! nothing comes any more that would be lost; contacts see the account for one round trip. With stream management
//! (XEP-0198) the server puts back what is not acknowledged; it is never asked to resume, which would hide it for minutes.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::iq::Request;
use super::offline;
use super::session::Session;
use crate::conversation::journal::Journal;
use crate::conversation::marks::Fate;
use crate::conversation::message::Message;
use crate::conversation::said::Storage;
use crate::error::Error;

/// Prosody 0.12 remembers only the last 500 stanzas that were not acknowledged and loses the others for good.
const GIVEN_BACK: u32 = 400;

/// Messages that were taken out of the queue, in this run or by one that ended before it could show them.
#[derive(Debug, Default)]
pub struct Taken {
    /// In the order of the queue.
    messages: Vec<InJournal>,
    /// What came in this run, to know it again in the journal of an earlier one.
    digests: HashSet<Vec<u8>>,
    /// How many have come altogether, where the server counts with us.
    counted: Option<u32>,
}

/// A message as the journal has it.
#[derive(Debug)]
struct InJournal {
    number: usize,
    /// How many stanzas had come with it; `None` for those of earlier runs.
    handled: Option<u32>,
}

/// What is taken is written to these, one message after the other.
pub struct Keeping<'a> {
    pub journal: &'a mut dyn Journal,
    pub storage: &'a dyn Storage,
}

impl Taken {
    /// Adds what the journal of an earlier run holds; returns the messages. What is `known` was given back by the server
    /// meanwhile, with a time more: it is the same message all the same.
    pub(crate) fn recall(
        &mut self,
        keeping: &Keeping<'_>,
        account: &BareJid,
        has_archive: bool,
        known: &[Message],
    ) -> Result<Vec<Message>, Error> {
        let mut messages = Vec::new();
        for (number, text) in keeping.journal.earlier()?.enumerate() {
            let text = text?;
            let stanza: Option<Element> = if self.digests.contains(&digest(&text)) { None } else { text.parse().ok() };
            let message = stanza.and_then(|stanza| offline::queued(&stanza, account, None, has_archive));
            if let Some(message) = message.filter(|message| !known.contains(message)) {
                messages.push(message.stored(keeping.storage)?);
                self.messages.push(InJournal { number, handled: None });
            }
        }
        Ok(messages)
    }

    /// Takes everything that waits out of the queue; `now` is the time of what comes in just now.
    pub(crate) async fn take(
        &mut self,
        session: &mut Session,
        now: DateTime<Utc>,
        has_archive: bool,
        keeping: &mut Keeping<'_>,
    ) -> Result<Vec<Message>, Error> {
        session.stream.progress.step("taking the messages that wait");
        keeping.journal.prepare()?;
        let account = session.account().clone();
        let server = Jid::from(BareJid::from_parts(None, account.domain()));
        let questions = [ping(&server), ping(&server)];
        session.stream.send(&flight(&questions, session.offers_stream_management())).await?;
        let (mut messages, mut answered) = (Vec::new(), 0);
        while answered < questions.len() {
            let stanza = session.stream.next().await?;
            if stanza.is("enabled", ns::SM) {
                self.counted = Some(0);
                continue;
            }
            let is_stanza = ["message", "presence", "iq"].iter().any(|name| stanza.is(*name, ns::JABBER_CLIENT));
            self.counted = self.counted.map(|counted| counted.wrapping_add(u32::from(is_stanza)));
            // In their order: an answer to the second question alone says nothing.
            if questions[answered].answered_by(&stanza, &account).is_some() {
                answered += 1;
            } else if stanza.is("message", ns::JABBER_CLIENT) {
                messages.extend(self.receive(stanza, &account, now, has_archive, keeping)?);
            }
        }
        Ok(messages)
    }

    /// Takes one that was handed over.
    fn receive(
        &mut self,
        stanza: Element,
        account: &BareJid,
        now: DateTime<Utc>,
        has_archive: bool,
        keeping: &mut Keeping<'_>,
    ) -> Result<Option<Message>, Error> {
        let stanza = offline::stamped(stanza, account, now);
        let Some(message) = offline::queued(&stanza, account, None, has_archive) else { return Ok(None) };
        self.add(&String::from(&stanza), keeping.journal)?;
        message.stored(keeping.storage).map(Some)
    }

    fn add(&mut self, stanza: &str, journal: &mut dyn Journal) -> Result<(), Error> {
        self.messages.push(InJournal { number: journal.add(stanza)?, handled: self.counted });
        self.digests.insert(digest(stanza));
        Ok(())
    }

    /// Whether the server puts back what is not acknowledged.
    pub fn is_given_back(&self) -> bool {
        self.counted.is_some_and(|counted| counted <= GIVEN_BACK)
    }

    /// The numbers of what must stay in the journal after the messages met their `fates`.
    pub fn left(&self, fates: &[Fate]) -> BTreeSet<usize> {
        let only_here = |message: &InJournal| message.handled.is_none() || !self.is_given_back();
        let left = self.messages.iter().zip(fates).filter(|(it, fate)| **fate == Fate::Unshown && only_here(it));
        left.map(|(message, _)| message.number).collect()
    }

    /// Tells the server which messages it need not put back.
    pub async fn acknowledge(&self, session: &mut Session, fates: &[Fate]) -> Result<(), Error> {
        let Some(handled) = self.handled(fates) else { return Ok(()) };
        session.stream.progress.step("acknowledging what was taken");
        let acknowledgement = Element::builder("a", ns::SM).with("h", &handled.to_string()).build();
        session.stream.send(&[acknowledgement]).await
    }

    /// How many stanzas nobody needs from the server any more: those before the first that somebody still does.
    fn handled(&self, fates: &[Fate]) -> Option<u32> {
        let counted = self.counted?;
        let needed =
            self.messages.iter().zip(fates).find(|(message, fate)| message.handled.is_some() && **fate != Fate::Done);
        match needed {
            Some((InJournal { handled: Some(handled), .. }, _)) if self.is_given_back() => Some(handled - 1),
            _ => Some(counted),
        }
    }
}

/// Nobody can make another stanza that has the same.
fn digest(stanza: &str) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, stanza.as_bytes()).as_ref().to_vec()
}

fn flight(questions: &[Request; 2], can_enable: bool) -> Vec<Element> {
    let presence = Element::builder("presence", ns::JABBER_CLIENT);
    let unavailable = Element::builder("presence", ns::JABBER_CLIENT).with("type", "unavailable").build();
    let mut flight = if can_enable { vec![Element::bare("enable", ns::SM)] } else { Vec::new() };
    flight.extend([presence.build(), questions[0].to_element(), unavailable, questions[1].to_element()]);
    flight
}

/// XEP-0199; a server that does not know it refuses it, which is an answer too.
fn ping(server: &Jid) -> Request {
    Request::get(Some(server.clone()), Element::bare("ping", ns::PING))
}

#[cfg(test)]
mod tests;
