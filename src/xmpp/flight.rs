//! What goes out together: messages, and behind them the questions whose answers tell that they arrived.

use std::collections::{BTreeSet, VecDeque};

use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::acts;
use super::build::With;
use super::iq::Request;
use super::occupancy;
use super::receipts;
use crate::conversation::delivery::{Audience, Level, Outgoing};
use crate::conversation::window::Window;

/// So many messages are asked about together: the answer makes room for as many while the others are on their way.
const TOGETHER: usize = 64;

/// Rooms tell whose a message is, and not always by which client (Prosody): that no person wrote it, who has read what was
/// said before, the message itself must say.
pub(super) const BY_SCRIPT: &str = "urn:x-chat-cli:by-script:0";

/// Elements to be sent in one go.
#[derive(Default)]
pub(crate) struct Flight {
    elements: Vec<Element>,
    /// Stream management was enabled, so acknowledgements can be asked for.
    managed: bool,
    prepared: bool,
    messages: usize,
    /// Whom of them the own server does not answer for.
    abroad: BTreeSet<BareJid>,
}

impl Flight {
    /// The first of a session.
    pub(crate) fn opening(managed: bool) -> Self {
        // Without resumption: a one-shot program never comes back for a session.
        let elements = if managed { vec![Element::bare("enable", ns::SM)] } else { Vec::new() };
        Self { elements, managed, ..Self::default() }
    }

    /// Before the first message: what its confirmation needs.
    pub(crate) fn prepare(&mut self, window: &mut Window) {
        let first = !std::mem::replace(&mut self.prepared, true);
        if let Some(subscription) = receipts::subscription(window.level()).filter(|_| first) {
            window.count();
            self.elements.push(subscription.to_element());
        }
    }

    pub(crate) fn add(&mut self, message: &Outgoing, level: Level, is_abroad: bool) {
        self.messages += 1;
        self.abroad.extend(is_abroad.then(|| message.to.to_bare()));
        self.elements.push(element(message, level));
    }

    /// Asks a question of its own.
    pub(crate) fn ask(&mut self, question: &Request, window: &mut Window) {
        window.count();
        self.elements.push(question.to_element());
    }

    /// Whether there are messages behind the last question.
    pub(crate) fn has_messages(&self) -> bool {
        self.messages > 0
    }

    /// Whether there are enough of them for a question.
    pub(crate) fn is_full(&self) -> bool {
        self.messages >= TOGETHER
    }

    /// Asks behind everything whether it arrived.
    pub(crate) fn close(&mut self, probes: &mut Probes, window: &mut Window) {
        if self.managed {
            self.elements.push(Element::bare("r", ns::SM));
        }
        self.elements.push(probes.next(window).to_element());
        for address in std::mem::take(&mut self.abroad) {
            self.elements.push(probes.of_address(address, window).to_element());
        }
        self.messages = 0;
    }

    /// Answers a question of another client of the account, or of its server (RFC 6120 §8.2.3): who sends the same asks
    /// whether this session is still there. Others learn nothing.
    pub(crate) fn answer(&mut self, question: &Element, account: &BareJid, window: &mut Window) {
        let from = question.attr("from").and_then(|from| Jid::new(from).ok());
        let is_ours =
            from.as_ref().is_none_or(|from| from.to_bare() == *account || from.as_str() == account.domain().as_str());
        let (Some(id), true) = (question.attr("id"), is_ours) else { return };
        let is_ping = question.has_child("ping", ns::PING);
        let mut iq = Element::builder("iq", ns::JABBER_CLIENT).with("id", id);
        iq = iq.with("type", if is_ping { "result" } else { "error" });
        if let Some(from) = &from {
            iq = iq.with("to", from.as_str());
        }
        if !is_ping {
            let condition = Element::bare("service-unavailable", ns::XMPP_STANZAS);
            iq = iq
                .append(Element::builder("error", ns::JABBER_CLIENT).with("type", "cancel").append(condition).build());
        }
        window.count();
        self.elements.push(iq.build());
    }

    /// Tells the server how much of it was received.
    pub(crate) fn acknowledge(&mut self, received: u32) {
        self.elements.push(Element::builder("a", ns::SM).with("h", &received.to_string()).build());
    }

    /// What is to be sent now.
    pub(crate) fn take(&mut self) -> Vec<Element> {
        std::mem::take(&mut self.elements)
    }
}

fn element(message: &Outgoing, level: Level) -> Element {
    let manner = &message.manner;
    let subject = manner.subject.as_deref();
    let subject = subject.map(|text| Element::builder("subject", ns::JABBER_CLIENT).append(text).build());
    // XEP-0045 §7.4 and §7.5.
    let (kind, extra) = match message.audience() {
        Audience::Person => (manner.kind.name(), None),
        Audience::Room => ("groupchat", Some(Element::bare("sent", BY_SCRIPT))),
        Audience::Occupant => ("chat", Some(Element::bare("x", ns::MUC_USER))),
    };
    let origin = Element::builder("origin-id", ns::SID).with("id", message.id.as_str());
    Element::builder("message", ns::JABBER_CLIENT)
        .with("type", kind)
        .with("to", message.to.as_str())
        .with("id", message.id.as_str())
        .append_all(subject)
        .append_all(acts::body_and_marks(message))
        .append_all(receipts::wanted(level))
        .append_all(extra)
        .append(origin.build())
        .build()
}

/// The questions that are not answered yet, with their numbers among the stanzas.
pub(crate) struct Probes {
    domain: Jid,
    open: VecDeque<(Request, u32)>,
    /// Those to rooms, each behind a message to an occupant with this id.
    rooms: Vec<(Request, BareJid, String)>,
    /// Those to addresses elsewhere, with their numbers among the stanzas.
    addresses: Vec<(Request, BareJid, u32)>,
}

impl Probes {
    /// To be asked of the server `domain`.
    pub(crate) fn new(domain: Jid) -> Self {
        Self { domain, open: VecDeque::new(), rooms: Vec::new(), addresses: Vec::new() }
    }

    /// One more question, behind everything that was sent.
    pub(crate) fn next(&mut self, window: &mut Window) -> &Request {
        let request = Request::get(Some(self.domain.clone()), Element::bare("ping", ns::PING));
        self.open.push_back((request, window.count()));
        &self.open[self.open.len() - 1].0
    }

    /// A question to `room` behind the message `id` to one of its occupants: the room works in order, so it sends the
    /// message back before it answers, or has passed it on.
    pub(crate) fn of_room(&mut self, room: &BareJid, id: String) -> &Request {
        self.rooms.push((occupancy::information(room), room.clone(), id));
        &self.rooms[self.rooms.len() - 1].0
    }

    /// Whether the own server does not answer for the recipient itself: it is at another one, or belongs to a service of
    /// its own, such as a room that was not entered.
    pub(crate) fn is_abroad(&self, message: &Outgoing) -> bool {
        message.audience() == Audience::Person && message.to.domain() != self.domain.domain()
    }

    /// A question to `address` behind the messages to it: they are sent back before it is answered.
    fn of_address(&mut self, address: BareJid, window: &mut Window) -> &Request {
        self.addresses.push((occupancy::information(&address), address, window.count()));
        &self.addresses[self.addresses.len() - 1].0
    }

    /// Who answers by `element`, and the number of the question.
    pub(crate) fn answered_by_address(&mut self, element: &Element, account: &BareJid) -> Option<(BareJid, u32)> {
        let is_it = |(request, ..): &(Request, BareJid, u32)| request.answered_by(element, account).is_some();
        let index = self.addresses.iter().position(is_it)?;
        let (_, address, number) = self.addresses.swap_remove(index);
        Some((address, number))
    }

    /// The message of which `element`, the answer of a room, tells that the room has worked it off.
    pub(crate) fn answered_by_room(&mut self, element: &Element, account: &BareJid) -> Option<(BareJid, String)> {
        let is_it = |(request, ..): &(Request, BareJid, String)| request.answered_by(element, account).is_some();
        let index = self.rooms.iter().position(is_it)?;
        let (_, room, id) = self.rooms.swap_remove(index);
        Some((room, id))
    }

    pub(crate) fn are_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The number of the question that `element` answers; those before it are then answered as well.
    pub(crate) fn answered_by(&mut self, element: &Element, account: &BareJid) -> Option<u32> {
        let index = self.open.iter().position(|(request, _)| request.answered_by(element, account).is_some())?;
        self.open.drain(..=index).next_back().map(|(_, number)| number)
    }
}
