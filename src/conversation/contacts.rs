//! What the person calls those who write.

use std::collections::BTreeMap;

use jid::{BareJid, Jid};

/// Names of contacts and rooms. Others may have chosen them: hostile until `output/sanitize.rs` has seen them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub BTreeMap<BareJid, String>);

impl Names {
    /// The name of a conversation; a private message in a room is known by its address only.
    pub fn of(&self, conversation: &Jid) -> Option<&str> {
        let bare = conversation.resource().is_none().then(|| conversation.to_bare())?;
        self.0.get(&bare).map(String::as_str)
    }
}
