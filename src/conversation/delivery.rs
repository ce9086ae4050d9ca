//! What became of a message that was sent, and what that means to the caller.

use std::rc::Rc;

use jid::{BareJid, Jid};
use serde::{Deserialize, Serialize};

use super::about::About;
use super::attachment::Shared;
use super::entry::{Door, Entry, Exclusion};
use crate::error::Error;
use crate::exit_code::ExitCode;

/// A message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub to: Jid,
    /// Its own id: the stanza's and the origin id (XEP-0359).
    pub id: String,
    pub body: String,
    /// The line of the input that it was, where each line is a message.
    pub line: Option<u64>,
    pub manner: Rc<Manner>,
}

/// To whom a message speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Person,
    /// Everybody in a room.
    Room,
    /// One of those in a room.
    Occupant,
}

impl Outgoing {
    pub fn audience(&self) -> Audience {
        match (&self.manner.entry, self.to.resource()) {
            (None, _) => Audience::Person,
            (Some(_), None) => Audience::Room,
            (Some(_), Some(_)) => Audience::Occupant,
        }
    }

    /// The room that must be entered first.
    pub fn door(&self) -> Option<Door> {
        let entry = self.manner.entry.clone()?;
        Some(Door { room: self.to.to_bare(), entry })
    }

    /// How many bytes of a stanza the words take, where XML escapes some: servers limit the size of stanzas.
    pub fn weight(&self) -> usize {
        let weight = |byte| match byte {
            b'<' | b'>' => "&lt;".len(),
            b'&' => "&amp;".len(),
            b'"' | b'\'' => "&quot;".len(),
            _ => 1,
        };
        self.body.bytes().map(weight).sum()
    }
}

/// What a message is sent as (RFC 6121 §5.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A part of a conversation.
    #[default]
    Chat,
    /// A message that stands alone, such as a letter.
    Normal,
    /// An alert for who is online: it is not kept for later.
    Headline,
}

impl Kind {
    /// The names that the command line and the protocol know.
    pub const NAMES: [&str; 3] = ["chat", "normal", "headline"];

    pub fn named(name: &str) -> Option<Self> {
        [Self::Chat, Self::Normal, Self::Headline].into_iter().find(|kind| kind.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => Self::NAMES[0],
            Self::Normal => Self::NAMES[1],
            Self::Headline => Self::NAMES[2],
        }
    }
}

/// What all messages of a command have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Manner {
    pub kind: Kind,
    pub subject: Option<String>,
    /// For a room: how to get in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// The earlier message that it is about; such a message is never queued.
    #[serde(skip)]
    pub about: Option<About>,
    /// The message is a file.
    #[serde(skip)]
    pub file: Option<Attachment>,
}

/// A file as a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// The file with this number among those to be uploaded.
    Waiting(usize),
    There(Shared),
}

/// How far a message must have come to count as delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The server has it, and nobody bounced it.
    #[default]
    Acked,
    /// One of the recipient's clients has it (XEP-0184).
    Received,
    /// The recipient has seen it (XEP-0333).
    Displayed,
}

impl Level {
    /// The names that the command line knows.
    pub const NAMES: [&str; 3] = ["acked", "received", "displayed"];

    pub fn named(name: &str) -> Option<Self> {
        [Self::Acked, Self::Received, Self::Displayed].into_iter().find(|level| level.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Acked => Self::NAMES[0],
            Self::Received => Self::NAMES[1],
            Self::Displayed => Self::NAMES[2],
        }
    }
}

/// What is known of a message after it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It came as far as was asked, or further.
    Reached(Level),
    /// It came back.
    Bounced(Bounce),
    /// The server has it, but it did not come as far as was asked before the time was up.
    Unconfirmed(Level),
    /// The server has it, but whether it came back was told to a connection that was lost.
    Archived,
    /// It was not sent: it was for a room that keeps the person out.
    KeptOut(BareJid, Exclusion),
}

impl Delivery {
    /// The word for a success, or the error of a command whose message to `to` ended so.
    pub fn into_result(self, to: &Jid) -> Result<&'static str, Error> {
        match self {
            Self::Reached(Level::Acked) => Ok("sent"),
            Self::Reached(level) => Ok(level.name()),
            Self::Bounced(bounce) => Err(bounce.into_error(to)),
            Self::Archived => Err(Error::PerhapsBounced { to: to.to_string() }),
            Self::KeptOut(room, exclusion) => Err(exclusion.into_error(&room)),
            // Only a room says on its own that it has shown a message.
            Self::Unconfirmed(Level::Acked) => Err(Error::Unconfirmed { to: to.to_string(), level: "shown" }),
            Self::Unconfirmed(level) => Err(Error::Unconfirmed { to: to.to_string(), level: level.name() }),
        }
    }
}

/// Why a message came back (RFC 6120 §8.3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The defined condition, such as `item-not-found`.
    pub condition: String,
    /// What the other side added in words; hostile until sanitised.
    pub text: String,
    /// The recipient is on another server than the account.
    pub remote: bool,
    /// The person was in the room that it was for.
    pub in_room: bool,
}

impl Bounce {
    /// The status for a bounce.
    ///
    /// Servers answer `service-unavailable` for an unknown user, so as not to tell who exists (RFC 6121 §8.5.1). A
    /// server that speaks with no other server answers `forbidden` for every foreign domain.
    fn exit_code(&self) -> ExitCode {
        match self.condition.as_str() {
            "item-not-found" | "service-unavailable" | "recipient-unavailable" | "gone" => ExitCode::NoUser,
            "remote-server-not-found" | "remote-server-timeout" => ExitCode::NoHost,
            "forbidden" | "not-allowed" if self.remote && !self.in_room => ExitCode::NoHost,
            "resource-constraint" | "internal-server-error" => ExitCode::TryLater,
            "jid-malformed" => ExitCode::BadData,
            _ => ExitCode::Unavailable,
        }
    }

    fn into_error(self, to: &Jid) -> Error {
        Error::NotDelivered { reason: self.reason(to), code: self.exit_code(), said: self.text }
    }

    fn reason(&self, to: &Jid) -> String {
        let domain = to.domain();
        match self.exit_code() {
            ExitCode::NoUser => format!("{to} does not exist on {domain}, or takes no messages"),
            ExitCode::NoHost => format!("{domain} does not exist, or your server does not exchange messages with it"),
            ExitCode::TryLater => format!("{to} cannot take the message now"),
            _ if self.in_room => format!("the room did not take the message to {to}"),
            // What rooms say to who is not there.
            _ if self.condition == "not-acceptable" => {
                format!("the message to {to} was refused; if that is a room, send with -m")
            }
            _ => format!("the message to {to} was refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn romeo() -> Jid {
        Jid::new("romeo@chat.example").expect("an address")
    }

    fn code(condition: &str, remote: bool) -> ExitCode {
        Bounce { condition: condition.into(), text: String::new(), remote, in_room: false }
            .into_error(&romeo())
            .exit_code()
    }

    #[test]
    fn an_unknown_user_is_told_from_an_unknown_host() {
        assert_eq!(code("service-unavailable", false), ExitCode::NoUser);
        assert_eq!(code("remote-server-not-found", true), ExitCode::NoHost);
    }

    #[test]
    fn a_server_that_speaks_with_no_other_has_no_such_host() {
        assert_eq!(code("forbidden", true), ExitCode::NoHost);
        assert_eq!(code("forbidden", false), ExitCode::Unavailable);
    }

    #[test]
    fn a_full_queue_may_be_tried_later() {
        assert_eq!(code("resource-constraint", false), ExitCode::TryLater);
    }

    #[test]
    fn what_is_not_known_is_a_refusal() {
        assert_eq!(code("undefined-condition", false), ExitCode::Unavailable);
    }

    #[test]
    fn a_message_without_its_receipt_is_neither_a_success_nor_to_be_sent_again() {
        let error = Delivery::Unconfirmed(Level::Received).into_result(&romeo()).expect_err("not confirmed");
        assert_eq!(error.exit_code(), ExitCode::Unconfirmed);
        assert_ne!(error.exit_code(), ExitCode::TryLater, "who retries on 75 would send it twice");
    }

    #[test]
    fn every_level_is_found_by_its_name() {
        let found: Vec<_> = Level::NAMES.iter().filter_map(|name| Level::named(name)).collect();
        assert_eq!(found, [Level::Acked, Level::Received, Level::Displayed]);
        assert_eq!(Level::named("read"), None);
    }
}
