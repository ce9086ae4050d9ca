//! Sending, and when a message counts as delivered.
//!
//! Messages, a request for an acknowledgement (XEP-0198) and a ping (XEP-0199) go out in one flight. The server works
//! them off in order, so the answer to the ping is a barrier: a bounce of its own comes before it. A message counts as
//! delivered when it is acknowledged and no bounce came before the barrier. Without XEP-0198 the barrier alone decides.
//!
//! Other servers, and services beside the own one such as that of rooms, work on their own time: of each address there that
//! a flight is for is asked what it is (XEP-0030), and a bounce comes before the answer. One that keeps silent is not waited
//! for as long as the own server.
//!
//! Flight follows flight without waiting for the answers to the one before, as long as the [`Window`] has room.

use std::time::Duration;

use futures::FutureExt;
use jid::Jid;
use minidom::Element;
use tokio::time::{Instant, timeout_at};
use xmpp_parsers::ns;

use super::flight::{Flight, Probes};
use super::occupancy::Occupancies;
use super::receipts::Receipt;
use super::session::{Ready, Session};
use super::stanza;
use crate::conversation::delivery::{Audience, Delivery, Outgoing};
use crate::conversation::window::Window;
use crate::error::Error;

/// A server that was not heard for so long is asked whether it is still there, while there is nothing to send.
const IDLE: Duration = Duration::from_secs(60);
/// So long an address elsewhere may take to send a message back or to answer; the own server has it by then.
const ABROAD: Duration = Duration::from_secs(10);
/// For waits that the command's own deadline ends.
const DAY: Duration = Duration::from_secs(86_400);

/// Where messages come from, one after the other.
pub trait Source {
    /// The next message; `None` at the end. A wait for it may be given up and begun again.
    fn next(&mut self) -> impl Future<Output = Result<Option<Outgoing>, Error>>;

    /// The messages that are known and were not asked for.
    fn rest(&mut self) -> Vec<Outgoing>;

    /// Called before the messages that were given since the last time are sent.
    fn before_sending(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// What to send with.
pub enum Start {
    /// The messages travel with the binding.
    Ready(Ready),
    /// The rooms that the messages are for were entered.
    Session(Box<Session>, Occupancies),
}

/// Sends what `source` gives; tells `settled` what became of each message, in their order. What is in `window` after an
/// error was on its way. `patience` is how long the server may take for one answer, where no deadline over everything
/// waits for it. Returns the open session.
pub async fn deliver(
    start: Start,
    source: &mut impl Source,
    window: &mut Window,
    patience: Option<Duration>,
    settled: &mut dyn FnMut(Outgoing, Delivery) -> Result<(), Error>,
) -> Result<Session, Error> {
    let mut sending = Sending { source, window, ended: false, began: Instant::now() };
    let flight;
    let (session, probes, rooms) = match start {
        // Whether the server has stream management is known from the last login; the first time the barrier has to do.
        Start::Ready(ready) => {
            let managed = ready.memory().stream_management;
            if !managed {
                sending.window.without_counting();
            }
            let mut probes = Probes::new(ready.account_domain()?);
            let mut opening = Flight::opening(managed);
            sending.fill(&mut opening, &mut probes)?;
            sending.source.before_sending()?;
            let bound = ready.bind(&opening.take()).await;
            let session = bound.map_err(|error| too_large(error, sending.window.largest()))?;
            flight = opening;
            (session, probes, Occupancies::default())
        }
        Start::Session(session, rooms) => {
            flight = Flight::opening(session.offers_stream_management());
            if !session.offers_stream_management() {
                sending.window.without_counting();
            }
            let domain = session.account_domain()?;
            (*session, Probes::new(domain), rooms)
        }
    };
    let (heard, patience) = (Instant::now(), patience.unwrap_or(DAY));
    let mut courier = Courier { session, rooms, sending, probes, flight, received: 0, enabled: false, patience, heard };
    let result = courier.run(settled).await;
    result.map_err(|error| too_large(error, courier.sending.window.largest()))?;
    courier.leave().await;
    Ok(courier.session)
}

/// The side of the messages.
struct Sending<'a, S> {
    source: &'a mut S,
    window: &'a mut Window,
    ended: bool,
    began: Instant,
}

impl<S: Source> Sending<'_, S> {
    /// Takes what is there without waiting, as far as there is room.
    fn fill(&mut self, flight: &mut Flight, probes: &mut Probes) -> Result<(), Error> {
        while !self.ended && self.window.has_room() {
            match self.source.next().now_or_never() {
                Some(Ok(Some(message))) => {
                    self.put(message, flight, probes);
                    if flight.is_full() {
                        flight.close(probes, self.window);
                    }
                }
                Some(Ok(None)) => self.ended = true,
                Some(Err(error)) => return Err(error),
                None => break,
            }
        }
        if flight.has_messages() {
            flight.close(probes, self.window);
        }
        Ok(())
    }

    fn put(&mut self, message: Outgoing, flight: &mut Flight, probes: &mut Probes) {
        flight.prepare(self.window);
        let is_abroad = probes.is_abroad(&message);
        flight.add(&message, self.window.level(), is_abroad);
        let whispered = (message.audience() == Audience::Occupant).then(|| (message.to.to_bare(), message.id.clone()));
        self.window.add(message, self.began.elapsed());
        if is_abroad {
            self.window.awaits_answer();
        }
        if let Some((room, id)) = whispered {
            flight.ask(probes.of_room(&room, id), self.window);
        }
    }
}

/// The side of the server.
struct Courier<'a, S> {
    session: Session,
    rooms: Occupancies,
    sending: Sending<'a, S>,
    probes: Probes,
    flight: Flight,
    /// Stanzas of the server since it enabled stream management: it wants to know, too.
    received: u32,
    enabled: bool,
    patience: Duration,
    heard: Instant,
}

enum Event {
    Said(Element),
    Message(Option<Outgoing>),
    Silence,
}

impl<S: Source> Courier<'_, S> {
    async fn run(&mut self, settled: &mut dyn FnMut(Outgoing, Delivery) -> Result<(), Error>) -> Result<(), Error> {
        loop {
            while let Some((message, delivery)) = self.sending.window.settled() {
                settled(message, delivery)?;
            }
            self.sending.fill(&mut self.flight, &mut self.probes)?;
            self.send().await?;
            if self.sending.ended && self.sending.window.is_empty() {
                return Ok(());
            }
            match self.event().await? {
                Event::Said(element) => self.take(&element)?,
                Event::Message(Some(message)) => self.sending.put(message, &mut self.flight, &mut self.probes),
                Event::Message(None) => self.sending.ended = true,
                Event::Silence => self.silence(settled)?,
            }
        }
    }

    async fn send(&mut self) -> Result<(), Error> {
        let flight = self.flight.take();
        if flight.is_empty() {
            return Ok(());
        }
        self.sending.source.before_sending()?;
        let until = Instant::now() + self.patience;
        timeout_at(until, self.session.stream.send(&flight)).await.unwrap_or_else(|_| Err(self.timeout()))
    }

    async fn event(&mut self) -> Result<Event, Error> {
        let step = if self.sending.window.is_empty() {
            "waiting for input"
        } else {
            "waiting for the server to take the message"
        };
        if self.session.stream.progress.current() != step {
            self.session.stream.progress.step(step);
        }
        let until = self.until();
        let (stream, source) = (&mut self.session.stream, &mut *self.sending.source);
        let may_take = !self.sending.ended && self.sending.window.has_room();
        let event = async {
            tokio::select! {
                biased;
                element = stream.next() => Ok(Event::Said(element?)),
                message = source.next(), if may_take => Ok(Event::Message(message?)),
            }
        };
        timeout_at(until, event).await.unwrap_or(Ok(Event::Silence))
    }

    /// When silence means something.
    fn until(&self) -> Instant {
        match self.sending.window.oldest() {
            Some(since) if self.sending.window.oldest_awaits_answer() => {
                self.sending.began + since + self.patience.min(ABROAD)
            }
            Some(since) => self.sending.began + since + self.patience,
            None => self.heard + if self.probes.are_open() { self.patience } else { IDLE },
        }
    }

    fn silence(&mut self, settled: &mut dyn FnMut(Outgoing, Delivery) -> Result<(), Error>) -> Result<(), Error> {
        if self.sending.window.oldest_awaits_answer() {
            self.sending.window.without_answer();
            return Ok(());
        }
        if self.sending.window.oldest_is_accepted() {
            // Only its receipt is missing, for which the others need not wait.
            if let Some((message, Some(delivery))) = self.sending.window.give_up() {
                settled(message, delivery)?;
            }
            return Ok(());
        }
        if !self.sending.window.is_empty() || self.probes.are_open() {
            return Err(self.timeout());
        }
        self.heard = Instant::now();
        self.flight.close(&mut self.probes, self.sending.window);
        Ok(())
    }

    fn take(&mut self, element: &Element) -> Result<(), Error> {
        self.heard = Instant::now();
        let account = self.session.account();
        if element.ns() == ns::SM {
            return self.manage(element);
        }
        self.received = self.received.wrapping_add(u32::from(self.enabled));
        self.rooms.hear(element, self.sending.window)?;
        if let Some((room, id)) = self.probes.answered_by_room(element, account) {
            self.sending.window.shown(&id, &room);
        } else if let Some((address, number)) = self.probes.answered_by_address(element, account) {
            self.sending.window.answered(number, &address);
        } else if let Some(number) = self.probes.answered_by(element, account) {
            // An error is as good as an answer: it too was made after the messages were worked off.
            self.sending.window.pass(number);
        } else if element.is("iq", ns::JABBER_CLIENT) && matches!(element.attr("type"), Some("get" | "set")) {
            self.flight.answer(element, account, self.sending.window);
        } else if element.is("message", ns::JABBER_CLIENT) {
            if element.attr("type") == Some("error") {
                let from = element.attr("from").and_then(|from| Jid::new(from).ok());
                let refusal = stanza::refusal(element);
                let id = element.attr("id").unwrap_or_default();
                self.sending.window.bounce(id, from.as_ref(), account, refusal.condition, refusal.text);
            } else if let Some(receipt) = Receipt::read(element, account) {
                self.sending.window.receipt(&receipt.id, &receipt.from, receipt.level);
            }
        }
        Ok(())
    }

    /// XEP-0198.
    fn manage(&mut self, element: &Element) -> Result<(), Error> {
        match element.name() {
            "enabled" => self.enabled = true,
            // No stream management after all: the barrier alone decides.
            "failed" => self.sending.window.without_counting(),
            "r" => self.flight.acknowledge(self.received),
            "a" => {
                let handled = element.attr("h").and_then(|handled| handled.parse().ok());
                let right = handled.is_some_and(|handled| self.sending.window.acknowledge(handled).is_ok());
                if !right {
                    return Err(self.session.stream.unexpected(element));
                }
            }
            _ => (),
        }
        Ok(())
    }

    /// All that mattered has been answered.
    async fn leave(&mut self) {
        let leave = self.rooms.leave();
        if !leave.is_empty() {
            drop(timeout_at(Instant::now() + self.patience, self.session.stream.send(&leave)).await);
        }
    }

    fn timeout(&self) -> Error {
        Error::Timeout { limit: self.patience, step: self.session.stream.progress.current() }
    }
}

/// Servers end the stream at a stanza over their limit (RFC 6120 §4.9.3.14), which nobody told us before.
fn too_large(error: Error, largest: usize) -> Error {
    match error {
        Error::StreamEnded { condition, .. } if condition.starts_with("policy-violation") && largest > 10_000 => {
            Error::TooLargeForServer { bytes: largest, reason: condition }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
