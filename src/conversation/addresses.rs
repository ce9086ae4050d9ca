//! Whom the person knows, for Tab: learned by the way, never asked for.

use std::collections::BTreeMap;

use jid::BareJid;
use serde::{Deserialize, Serialize};

use super::contacts::Names;

/// More than a person can choose from; a bound for what others can fill.
const MOST: usize = 5_000;

/// Addresses with their names, which may be empty. Others may have chosen both: hostile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// From the contact list, as it was last seen.
    #[serde(default)]
    pub contacts: BTreeMap<String, String>,
    /// Whom the person wrote to, and what they named.
    #[serde(default)]
    pub used: BTreeMap<String, String>,
}

impl Addresses {
    /// All of them.
    pub fn all(&self) -> BTreeMap<String, String> {
        let mut all = self.used.clone();
        all.extend(self.contacts.clone());
        all
    }

    /// With the contact list and rooms that were just seen; an empty one says nothing.
    #[must_use]
    pub fn with_contacts(mut self, names: &Names) -> Self {
        if !names.0.is_empty() {
            let seen = names.0.iter().take(MOST);
            self.contacts = seen.map(|(address, name)| (address.to_string(), name.clone())).collect();
        }
        self
    }

    /// With addresses that the person used.
    #[must_use]
    pub fn with_used<'a>(mut self, used: impl Iterator<Item = &'a BareJid>) -> Self {
        for address in used.take(MOST) {
            if self.used.len() < MOST {
                self.used.entry(address.to_string()).or_default();
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contact_list_is_replaced_and_what_was_used_stays() {
        let jid = |text: &str| BareJid::new(text).expect("an address");
        let names = |text: &str| Names([(jid(text), "Name".to_owned())].into());
        let known = Addresses::default().with_used([jid("ops@chat.example")].iter());
        let known = known.with_contacts(&names("romeo@chat.example")).with_contacts(&names("nurse@chat.example"));
        let known = known.with_contacts(&Names::default());
        assert_eq!(known.all().into_keys().collect::<Vec<_>>(), ["nurse@chat.example", "ops@chat.example"]);
    }
}
