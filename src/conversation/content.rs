//! What a message says, whatever the wire looked like.

use jid::{BareJid, Jid};

/// What a message says. Every text in it is exactly as sent, and hostile until `output/sanitize.rs` has seen it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Words.
    Text(String),
    /// Words below a subject; perhaps none.
    Letter { subject: String, text: String },
    /// Files, and the words that came with them.
    Files { files: Vec<File>, text: Option<String> },
    /// An invitation into a room.
    Invitation(Invitation),
    /// Encrypted in the way of this name for the person's other devices; cannot be shown here.
    Encrypted(String),
    /// New words for the message that its sender gave the id `of` (XEP-0308).
    Correction { of: String, content: Box<Content> },
    /// The sender takes back the message with the id `of` (XEP-0424).
    Retraction { of: String },
    /// Was taken back; the archive has nothing else any more.
    Retracted,
    /// All of the sender's reactions to the message with the id `to` (XEP-0444); none takes earlier ones back.
    Reactions { to: String, emoji: Vec<String> },
    /// A displayed marker (XEP-0333) for the contact's message with this id.
    Displayed(String),
    /// Nothing for people: receipts, chat states, errors.
    Nothing,
}

/// A file that lies somewhere to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    pub url: String,
    pub name: Option<String>,
    /// In bytes, as the sender says.
    pub size: Option<u64>,
    pub media_type: Option<String>,
}

/// An invitation into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub room: BareJid,
    /// Who invites, where the room says so; else it is the sender.
    pub from: Option<Jid>,
    pub reason: Option<String>,
}

impl Content {
    /// Whether it is made to be read by people.
    pub fn is_for_people(&self) -> bool {
        match self {
            Self::Text(_)
            | Self::Letter { .. }
            | Self::Files { .. }
            | Self::Invitation(_)
            | Self::Encrypted(_)
            | Self::Correction { .. }
            | Self::Retracted => true,
            Self::Retraction { .. } | Self::Reactions { .. } | Self::Displayed(_) | Self::Nothing => false,
        }
    }

    /// Whether only another device can show it.
    pub fn is_encrypted(&self) -> bool {
        matches!(self, Self::Encrypted(_))
    }

    /// What it says, without saying that it corrects.
    pub fn words(&self) -> &Self {
        match self {
            Self::Correction { content, .. } => content.words(),
            _ => self,
        }
    }

    /// The sender's id of the message that it changes.
    pub(super) fn changes(&self) -> Option<&str> {
        match self {
            Self::Correction { of, .. } | Self::Retraction { of } => Some(of),
            _ => None,
        }
    }
}
