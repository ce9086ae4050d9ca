//! What is still to be sent: first what an earlier try may have sent, then what the source gives.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use jid::BareJid;

use super::sending::Sending;
use crate::conversation::about::About;
use crate::conversation::delivery::{Attachment, Delivery, Level, Manner, Outgoing};
use crate::conversation::entry::Exclusion;
use crate::error::Error;
use crate::xmpp::delivery::Source;

/// A message of an earlier try.
pub(in super::super) struct Again {
    pub(in super::super) message: Outgoing,
    /// The server may have it.
    pub(in super::super) unsure: bool,
}

/// See the module.
pub(super) struct Queue<'a, S> {
    pub(super) again: VecDeque<Again>,
    /// The sessions that may have sent what is unsure.
    pub(super) sessions: BTreeSet<String>,
    /// The session at work.
    pub(super) session: String,
    pub(super) source: &'a mut S,
    /// How far the archive has messages with the caller's id, for each recipient; `None` before it was asked.
    pub(super) found: Option<Vec<Option<u64>>>,
    /// The rooms that keep the session out.
    pub(super) outside: BTreeMap<BareJid, Exclusion>,
    /// What the messages are about, as far as the archive knows.
    pub(super) about: Option<About>,
    pub(super) sending: &'a Sending<'a>,
}

impl<'a, S: Source> Queue<'a, S> {
    pub(super) fn new(
        again: VecDeque<Again>,
        sessions: BTreeSet<String>,
        source: &'a mut S,
        sending: &'a Sending<'a>,
    ) -> Self {
        let session = String::new();
        Self { again, sessions, session, source, found: None, outside: BTreeMap::new(), about: None, sending }
    }

    /// What was on its way when the connection was lost comes first.
    pub(super) fn put_back(&mut self, messages: Vec<Outgoing>) {
        if !messages.is_empty() {
            self.sessions.insert(self.session.clone());
        }
        for message in messages.into_iter().rev() {
            self.again.push_front(Again { message, unsure: true });
        }
    }

    /// The messages that the server may have, in their order.
    pub(super) fn unsure(&self) -> Vec<&Outgoing> {
        self.again.iter().filter(|again| again.unsure).map(|again| &again.message).collect()
    }

    /// Keeps of the unsure messages those that the server does not have, as `there` tells in their order; returns the
    /// others.
    pub(super) fn sure(&mut self, there: Vec<bool>) -> Vec<Outgoing> {
        let (mut there, mut found) = (there.into_iter(), Vec::new());
        for again in std::mem::take(&mut self.again) {
            if again.unsure && there.next() == Some(true) {
                found.push(again.message);
            } else {
                self.again.push_back(Again { unsure: false, ..again });
            }
        }
        self.sessions.clear();
        found
    }

    /// What becomes of a message without being sent.
    fn unsent(&self, message: &Outgoing) -> Option<Delivery> {
        if self.is_there(message) {
            // What a client of the recipient confirmed, it told the session that sent it.
            let level = self.sending.level;
            let sent = if level == Level::Acked { Delivery::Reached(level) } else { Delivery::Unconfirmed(level) };
            return Some(sent);
        }
        self.kept_out(message)
    }

    /// With what is known of the message that it is about, or of where the file is.
    fn resolved(&self, message: Outgoing) -> Outgoing {
        if let Some(Attachment::Waiting(number)) = message.manner.file
            && let Some(shared) = self.sending.known.borrow().shared.as_ref().and_then(|shared| shared.get(number))
        {
            let file = Some(Attachment::There(shared.clone()));
            let manner = Rc::new(Manner { file, ..message.manner.as_ref().clone() });
            return Outgoing { manner, body: shared.url.clone(), ..message };
        }
        let Some(about) = self.about.clone() else { return message };
        let manner = Rc::new(Manner { about: Some(about), ..message.manner.as_ref().clone() });
        Outgoing { manner, ..message }
    }

    fn kept_out(&self, message: &Outgoing) -> Option<Delivery> {
        let room = message.door()?.room;
        let exclusion = self.outside.get(&room)?.clone();
        Some(Delivery::KeptOut(room, exclusion))
    }

    fn is_there(&self, message: &Outgoing) -> bool {
        self.sending.once.as_ref().zip(self.found.as_ref()).is_some_and(|(once, found)| once.is_there(message, found))
    }

    /// What is known and is not going to be sent.
    pub(super) fn left(&mut self) -> Vec<Outgoing> {
        let again = self.again.drain(..).map(|again| again.message);
        again.chain(self.source.rest()).collect()
    }
}

impl<S: Source> Source for Queue<'_, S> {
    async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
        while let Some(Again { message, .. }) = self.again.pop_front() {
            let Some(delivery) = self.kept_out(&message) else { return Ok(Some(self.resolved(message))) };
            self.sending.settled(&message, delivery)?;
        }
        while let Some(message) = self.source.next().await? {
            let Some(delivery) = self.unsent(&message) else { return Ok(Some(self.resolved(message))) };
            self.sending.settled(&message, delivery)?;
        }
        Ok(None)
    }

    fn rest(&mut self) -> Vec<Outgoing> {
        self.left()
    }

    fn before_sending(&mut self) -> Result<(), Error> {
        self.sending.kept.map_or(Ok(()), |kept| kept.borrow_mut().sync())
    }
}
