//! Rooms that the person is in, and what concerns the person there.

use jid::BareJid;

/// A room that the person is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub address: BareJid,
    /// What the person calls it.
    pub name: Option<String>,
    /// The person's nickname there.
    pub nick: String,
}

/// Whether `text` calls `nick`: as a word, in letters of either size.
pub fn mentions(text: &str, nick: &str) -> bool {
    let (text, nick) = (text.to_lowercase(), nick.to_lowercase());
    let is_part =
        |neighbour: Option<char>| neighbour.is_some_and(|neighbour| neighbour.is_alphanumeric() || neighbour == '_');
    !nick.is_empty()
        && text.match_indices(&nick).any(|(at, found)| {
            !is_part(text[..at].chars().next_back()) && !is_part(text[at + found.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_is_mentioned_as_a_word() {
        for text in ["juliet", "Juliet: look", "hey @JULIET!", "(juliet)", "ask juliet, or romeo"] {
            assert!(mentions(text, "Juliet"), "{text}");
        }
        for text in ["", "juliette", "my_juliet", "romeo"] {
            assert!(!mentions(text, "Juliet"), "{text}");
        }
        assert!(!mentions("anything", ""));
    }
}
