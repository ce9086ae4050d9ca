//! Pure decisions about messages: what a message is, and which are unread.
//!
//! No async, no input or output, no clock, no XML: `now` and everything fetched come in as arguments. In reading order:
//! - [`message`]: what a message is; [`content`]: what it says; [`said`]: where that is kept meanwhile
//! - [`unread`]: which messages are unread; from `timeline` (one order for all) and `read_evidence` (what other devices read)
//! - [`changes`]: corrections and retractions, and what a changed message says now
//! - [`overview`]: the unread messages by conversation; [`contacts`]: names; [`rooms`]: mentions
//! - [`marks`]: what may be marked as read once messages were written out
//! - [`memory`]: what the next run must know; `remembering` works it out; [`journal`]: messages that only we have
//! - [`entry`]: what it takes to get into a room
//! - [`about`]: replies, corrections, retractions and reactions
//! - [`attachment`]: files that go out
//! - [`body`], [`delivery`], [`window`]: what can be sent, what became of it, and what is on its way

pub mod about;
pub mod addresses;
pub mod attachment;
pub mod body;
pub mod changes;
pub mod contacts;
pub mod content;
pub mod delivery;
pub mod entry;
pub mod journal;
pub mod marks;
pub mod memory;
pub mod message;
pub mod overview;
mod read_evidence;
mod remembering;
pub mod rooms;
pub mod said;
mod timeline;
pub mod unread;
pub mod window;

#[cfg(test)]
mod tests;
