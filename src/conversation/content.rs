//! What a message says, whatever the wire looked like.

use jid::{BareJid, Jid};
use serde::{Deserialize, Serialize};

/// What a message says. Every text in it is exactly as sent, and hostile until `output/sanitize.rs` has seen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// That a message arrived (XEP-0184), or that somebody types (XEP-0085): of no use once it waited.
    Receipt,
    /// Nothing for people: errors, keys, what `chat` does not know.
    Nothing,
}

/// A file that lies somewhere to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub url: String,
    pub name: Option<String>,
    /// In bytes, as the sender says.
    pub size: Option<u64>,
    pub media_type: Option<String>,
}

/// An invitation into a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
            Self::Retraction { .. } | Self::Reactions { .. } | Self::Displayed(_) | Self::Receipt | Self::Nothing => {
                false
            }
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

    /// All of it but the texts, which are empty: of the same kind, about the same message.
    pub(super) fn outline(&self) -> Self {
        match self {
            Self::Text(_) => Self::Text(String::new()),
            Self::Letter { .. } => Self::Letter { subject: String::new(), text: String::new() },
            Self::Files { .. } => Self::Files { files: Vec::new(), text: None },
            Self::Invitation(invitation) => Self::Invitation(Invitation { reason: None, ..invitation.clone() }),
            Self::Correction { of, content } => {
                Self::Correction { of: of.clone(), content: Box::new(content.outline()) }
            }
            Self::Reactions { to, .. } => Self::Reactions { to: to.clone(), emoji: Vec::new() },
            // Attributes, which are short.
            Self::Encrypted(_)
            | Self::Retraction { .. }
            | Self::Retracted
            | Self::Displayed(_)
            | Self::Receipt
            | Self::Nothing => self.clone(),
        }
    }

    /// How many bytes its texts take, about.
    pub fn size(&self) -> usize {
        let long = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        match self {
            Self::Text(text) => text.len(),
            Self::Letter { subject, text } => subject.len() + text.len(),
            Self::Files { files, text } => files.iter().map(File::size_in_memory).sum::<usize>() + long(text),
            Self::Invitation(invitation) => long(&invitation.reason),
            Self::Correction { content, .. } => content.size(),
            Self::Reactions { emoji, .. } => emoji.iter().map(|emoji| emoji.len() + size_of::<String>()).sum(),
            Self::Encrypted(_)
            | Self::Retraction { .. }
            | Self::Retracted
            | Self::Displayed(_)
            | Self::Receipt
            | Self::Nothing => 0,
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

impl File {
    fn size_in_memory(&self) -> usize {
        let Self { url, name, media_type, .. } = self;
        let texts = name.iter().chain(media_type).map(String::len).sum::<usize>();
        size_of::<Self>() + url.len() + texts
    }
}
