//! The messages that are on their way, in their order, and what is known of each.
//!
//! A message is settled when the server has counted it (XEP-0198), the question behind it was answered (so a bounce of
//! the own server would have come before) and, where that was asked for, its receipt is there. One for a room is settled
//! when the room has shown it. Messages are settled in the order in which they were sent. Only so many are on their way at once: the input may have no end.

use std::collections::VecDeque;
use std::time::Duration;

use jid::{BareJid, Jid};

use super::delivery::{Audience, Bounce, Delivery, Level, Outgoing};

/// Messages that the server has not counted yet, at most. More would fill buffers and speed nothing up.
const MOST_UNCOUNTED: usize = 256;
/// Their bytes together, at most: a single message may be larger.
const MOST_BYTES: usize = 512 * 1024;
/// Messages at most, with those that wait for a receipt.
const MOST: usize = 4096;

/// See the module.
#[derive(Debug, Default)]
pub struct Window {
    level: Level,
    messages: VecDeque<OnItsWay>,
    /// The server does not count stanzas: an answered question is all there will be.
    uncounting: bool,
    /// Stanzas sent so far, modulo 2^32 as XEP-0198 counts.
    stanzas: u32,
    handled: u32,
    uncounted: usize,
    uncounted_bytes: usize,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is known on its own, from another place")]
struct OnItsWay {
    message: Outgoing,
    /// Its number among the stanzas.
    number: u32,
    since: Duration,
    counted: bool,
    passed: bool,
    /// The room has shown it; to a person nothing need be shown.
    shown: bool,
    /// The other server, or whatever the address belongs to, has nothing more to say of it.
    answered: bool,
    reached: Level,
    bounce: Option<Bounce>,
}

/// The server claims to have handled more than it was sent.
#[derive(Debug, PartialEq, Eq)]
pub struct CountTooHigh;

impl Window {
    /// Messages are to come as far as `level`.
    pub fn new(level: Level) -> Self {
        Self { level, ..Self::default() }
    }

    #[cfg(test)]
    pub(super) fn counting_from(self, stanzas: u32) -> Self {
        Self { stanzas, handled: stanzas, ..self }
    }

    pub fn level(&self) -> Level {
        self.level
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Whether one more message may be sent now.
    pub fn has_room(&self) -> bool {
        self.uncounted < MOST_UNCOUNTED && self.uncounted_bytes < MOST_BYTES && self.messages.len() < MOST
    }

    /// `message` is sent at the time `now`.
    pub fn add(&mut self, message: Outgoing, now: Duration) {
        let number = self.count();
        self.uncounted += 1;
        self.uncounted_bytes += message.body.len();
        let shown = message.audience() == Audience::Person;
        self.messages.push_back(OnItsWay {
            message,
            number,
            since: now,
            counted: false,
            passed: false,
            shown,
            answered: true,
            reached: Level::Acked,
            bounce: None,
        });
    }

    /// The newest message is for an address that the own server does not answer for.
    pub fn awaits_answer(&mut self) {
        if let Some(newest) = self.messages.back_mut() {
            newest.answered = false;
        }
    }

    /// `from` answered the question with this number, so it has worked off what came to it before.
    pub fn answered(&mut self, number: u32, from: &BareJid) {
        let before = self.messages.iter_mut().take_while(|message| is_before(message.number, number));
        before.filter(|message| message.message.to.to_bare() == *from).for_each(|message| message.answered = true);
    }

    /// Whether the server is known to have the oldest message, and only the other side has not said that it did not send
    /// it back.
    pub fn oldest_awaits_answer(&self) -> bool {
        self.level == Level::Acked && self.messages.front().is_some_and(|front| front.is_accepted() && !front.answered)
    }

    /// The other side of the oldest message is not waited for any longer.
    pub fn without_answer(&mut self) {
        if let Some(oldest) = self.messages.front_mut() {
            oldest.answered = true;
        }
    }

    /// Another stanza is sent; returns its number.
    pub fn count(&mut self) -> u32 {
        self.stanzas = self.stanzas.wrapping_add(1);
        self.stanzas
    }

    /// The server has handled `handled` stanzas.
    pub fn acknowledge(&mut self, handled: u32) -> Result<(), CountTooHigh> {
        let (news, possible) = (handled.wrapping_sub(self.handled), self.stanzas.wrapping_sub(self.handled));
        if news > possible {
            return Err(CountTooHigh);
        }
        self.handled = handled;
        self.count_up_to(handled);
        Ok(())
    }

    /// The server answered the question with this number, so it has worked off everything before it.
    pub fn pass(&mut self, number: u32) {
        for message in self.messages.iter_mut().take_while(|message| is_before(message.number, number)) {
            message.passed = true;
        }
        if self.uncounting {
            self.count_up_to(number);
        }
    }

    /// The server does not count what it handles, so the answers to questions alone decide.
    pub fn without_counting(&mut self) {
        self.uncounting = true;
        if let Some(last) = self.messages.iter().rfind(|one| one.passed).map(|one| one.number) {
            self.count_up_to(last);
        }
    }

    fn count_up_to(&mut self, number: u32) {
        for one in self.messages.iter_mut().take_while(|one| one.number == number || is_before(one.number, number)) {
            if !std::mem::replace(&mut one.counted, true) {
                self.uncounted -= 1;
                self.uncounted_bytes -= one.message.body.len();
            }
        }
    }

    /// A message with this id came back. Only the recipient or a server on the way may send it back.
    pub fn bounce(&mut self, id: &str, from: Option<&Jid>, own: &BareJid, condition: String, text: String) {
        let believed = |to: &Jid| from.is_none_or(|from| from.to_bare() == to.to_bare() || from.node().is_none());
        // Several recipients may have got the same id; the bounce then names whose it is.
        let named = |to: &Jid| from.is_some_and(|from| from.to_bare() == to.to_bare());
        let with_id = |one: &OnItsWay| one.message.id == id && one.bounce.is_none();
        let index = self.messages.iter().position(|one| with_id(one) && named(&one.message.to));
        let index = index.or_else(|| self.messages.iter().position(|one| with_id(one) && believed(&one.message.to)));
        if let Some(one) = index.and_then(|index| self.messages.get_mut(index)) {
            let remote = one.message.to.domain() != own.domain();
            let in_room = one.message.audience() != Audience::Person;
            one.bounce = Some(Bounce { condition, text, remote, in_room });
        }
    }

    /// `from` says that the message with this id has come to `level`.
    pub fn receipt(&mut self, id: &str, from: &BareJid, level: Level) {
        let is_it = |one: &&mut OnItsWay| one.message.id == id && one.message.to.to_bare() == *from;
        if let Some(one) = self.messages.iter_mut().find(is_it) {
            one.reached = one.reached.max(level);
        }
    }

    /// `room` has shown the message with this id, or handed it to its occupant.
    pub fn shown(&mut self, id: &str, room: &BareJid) {
        let is_it = |one: &&mut OnItsWay| !one.shown && one.message.id == id && one.message.to.to_bare() == *room;
        if let Some(one) = self.messages.iter_mut().find(is_it) {
            one.shown = true;
        }
    }

    /// Takes the oldest message out, if it is settled.
    pub fn settled(&mut self) -> Option<(Outgoing, Delivery)> {
        let front = self.messages.front()?;
        // A receipt tells more than an answer.
        let arrived = front.shown && front.reached >= self.level && (front.answered || self.level > Level::Acked);
        if !(front.is_accepted() && (arrived || front.bounce.is_some())) {
            return None;
        }
        let OnItsWay { message, reached, bounce, .. } = self.take_front()?;
        Some((message, bounce.map_or(Delivery::Reached(reached), Delivery::Bounced)))
    }

    /// Since when the oldest message has been on its way.
    pub fn oldest(&self) -> Option<Duration> {
        self.messages.front().map(|front| front.since)
    }

    /// Takes the oldest message out, which nobody waits for any longer: `None` for what became of it means that not
    /// even the server is known to have it.
    pub fn give_up(&mut self) -> Option<(Outgoing, Option<Delivery>)> {
        if self.oldest_awaits_answer() {
            self.without_answer();
        }
        if let Some((message, delivery)) = self.settled() {
            return Some((message, Some(delivery)));
        }
        let front = self.take_front()?;
        let unconfirmed = front.is_accepted().then_some(Delivery::Unconfirmed(self.level));
        Some((front.message, front.bounce.map(Delivery::Bounced).or(unconfirmed)))
    }

    fn take_front(&mut self) -> Option<OnItsWay> {
        let front = self.messages.pop_front()?;
        if !front.counted {
            self.uncounted -= 1;
            self.uncounted_bytes -= front.message.body.len();
        }
        Some(front)
    }

    /// Whether the server is known to have the oldest message.
    pub fn oldest_is_accepted(&self) -> bool {
        self.messages.front().is_some_and(OnItsWay::is_accepted)
    }

    /// The weight of the largest message that the server has not counted.
    pub fn largest(&self) -> usize {
        self.messages.iter().filter(|one| !one.counted).map(|one| one.message.weight()).max().unwrap_or(0)
    }
}

impl OnItsWay {
    /// Whether the server has it: it says so, or the room has it already.
    fn is_accepted(&self) -> bool {
        self.counted && self.passed || self.shown && self.message.audience() != Audience::Person
    }
}

/// Numbers wrap around, and what is on its way is much less than half of them.
fn is_before(number: u32, other: u32) -> bool {
    number != other && other.wrapping_sub(number) < u32::MAX / 2
}
