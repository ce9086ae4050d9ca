//! A message that is about an earlier one: a reply, a correction, a retraction, a reaction.

use jid::Jid;

use crate::error::Error;

/// What is done about an earlier message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Reply,
    Correct,
    Retract,
    React,
}

/// An act, and the message that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub act: Act,
    pub id: String,
    /// Who wrote that message, where it matters.
    pub author: Option<Jid>,
    /// What a client that does not know replies shows above this one, in the body.
    pub quote: Option<String>,
}

/// The earlier message, as the archive has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// The id that its sender gave it.
    pub message_id: Option<String>,
    /// Its id in the archive.
    pub archive_id: String,
    pub author: Jid,
    pub is_mine: bool,
    pub text: Option<String>,
}

/// A quote has no more lines than that.
const QUOTED_LINES: usize = 6;

impl About {
    /// With an id as a person gave it.
    pub fn new(act: Act, id: String) -> Self {
        Self { act, id, author: None, quote: None }
    }

    /// With what the archive says. A room's id for a message tells it from all others there, except for corrections, which
    /// name the sender's (XEP-0308, XEP-0424, XEP-0444, XEP-0461).
    pub fn resolved(self, original: Original, in_room: bool) -> Result<Self, Error> {
        let Original { message_id, archive_id, author, is_mine, text } = original;
        if matches!(self.act, Act::Correct | Act::Retract) && !is_mine {
            return Err(Error::NotYours { id: self.id });
        }
        let by_archive = in_room && self.act != Act::Correct;
        let id = if by_archive { archive_id } else { message_id.unwrap_or(self.id) };
        let is_reply = self.act == Act::Reply;
        let quote = text.filter(|_| is_reply).map(|text| quoted(&text));
        Ok(Self { act: self.act, id, author: Some(author).filter(|_| is_reply), quote })
    }
}

/// XEP-0393 §5.1.3.
fn quoted(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with('>')).take(QUOTED_LINES);
    lines.map(|line| ["> ", line, "\n"].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn original(is_mine: bool) -> Original {
        Original {
            message_id: Some("m1".into()),
            archive_id: "17".into(),
            author: Jid::new("verona@rooms.example/Romeo").expect("an address"),
            is_mine,
            text: Some("> earlier\nlunch?\nat noon".into()),
        }
    }

    fn resolved(act: Act, is_mine: bool, in_room: bool) -> Result<About, Error> {
        About::new(act, "17".into()).resolved(original(is_mine), in_room)
    }

    #[test]
    fn in_a_room_all_but_corrections_go_by_the_id_of_the_room() {
        let id = |act, in_room| resolved(act, true, in_room).expect("mine").id;
        assert_eq!(
            (id(Act::Reply, true), id(Act::React, true), id(Act::Retract, true)),
            ("17".into(), "17".into(), "17".into())
        );
        assert_eq!((id(Act::Correct, true), id(Act::Reply, false)), ("m1".into(), "m1".into()));
    }

    #[test]
    fn only_own_messages_are_changed() {
        for act in [Act::Correct, Act::Retract] {
            assert!(matches!(resolved(act, false, false), Err(Error::NotYours { .. })));
        }
        assert!(resolved(Act::React, false, false).is_ok());
    }

    #[test]
    fn a_reply_quotes_what_was_said_and_not_what_that_quoted() {
        let reply = resolved(Act::Reply, false, true).expect("a reply");
        assert_eq!(reply.quote.as_deref(), Some("> lunch?\n> at noon\n"));
        assert_eq!(reply.author.map(|author| author.to_string()).as_deref(), Some("verona@rooms.example/Romeo"));
        assert_eq!(resolved(Act::React, false, true).expect("a reaction").quote, None);
    }
}
