//! What goes out together: messages, and behind them the questions whose answers tell that they arrived.

use std::collections::VecDeque;

use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::iq::Request;
use super::receipts;
use crate::conversation::delivery::{Level, Outgoing};
use crate::conversation::window::Window;

/// So many messages are asked about together: the answer makes room for as many while the others are on their way.
const TOGETHER: usize = 64;

/// Elements to be sent in one go.
#[derive(Default)]
pub(crate) struct Flight {
    elements: Vec<Element>,
    /// Stream management was enabled, so acknowledgements can be asked for.
    managed: bool,
    prepared: bool,
    messages: usize,
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

    pub(crate) fn add(&mut self, message: &Outgoing, level: Level) {
        self.messages += 1;
        self.elements.push(element(message, level));
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
    pub(crate) fn close(&mut self, probe: &Request) {
        if self.managed {
            self.elements.push(Element::bare("r", ns::SM));
        }
        self.elements.push(probe.to_element());
        self.messages = 0;
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
    let origin = Element::builder("origin-id", ns::SID).with("id", message.id.as_str());
    let body = Element::builder("body", ns::JABBER_CLIENT).append(message.body.as_str());
    Element::builder("message", ns::JABBER_CLIENT)
        .with("type", manner.kind.name())
        .with("to", message.to.as_str())
        .with("id", message.id.as_str())
        .append_all(subject)
        .append(body.build())
        .append_all(receipts::wanted(level))
        .append(origin.build())
        .build()
}

/// The questions that are not answered yet, with their numbers among the stanzas.
pub(crate) struct Probes {
    domain: Jid,
    open: VecDeque<(Request, u32)>,
}

impl Probes {
    /// To be asked of the server `domain`.
    pub(crate) fn new(domain: Jid) -> Self {
        Self { domain, open: VecDeque::new() }
    }

    /// One more question, behind everything that was sent.
    pub(crate) fn next(&mut self, window: &mut Window) -> &Request {
        let request = Request::get(Some(self.domain.clone()), Element::bare("ping", ns::PING));
        self.open.push_back((request, window.count()));
        &self.open[self.open.len() - 1].0
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
