//! SASL upgrade tasks (XEP-0480): a server that has only a weak hash of the password is given a stronger one, which it cannot
//! make of the first. This costs two round trips, once, in a login by the password.

use minidom::Element;

use super::dialect::{self, SASL2};
use super::sasl::prepared;
use super::scram;
use super::stream::Stream;
use crate::error::Error;

const UPGRADE: &str = "urn:xmpp:sasl:upgrade:0";
const SCRAM_UPGRADE: &str = "urn:xmpp:scram-upgrade:0";

/// The hashes that can be given, with the mechanisms that they are for, the best first.
const KNOWN: [Task; 2] = [
    Task { name: "UPGR-SCRAM-SHA-512", mechanism: "SCRAM-SHA-512", weaker: &["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"] },
    Task { name: "UPGR-SCRAM-SHA-256", mechanism: "SCRAM-SHA-256", weaker: &["PLAIN", "SCRAM-SHA-1"] },
];

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) name: &'static str,
    mechanism: &'static str,
    weaker: &'static [&'static str],
}

impl Task {
    /// The best of what `features` offers for an account that logs in with `mechanism`. Servers do one at a time.
    pub(crate) fn offered(features: &Element, mechanism: &str) -> Option<Self> {
        let offers = features.get_child("authentication", SASL2)?;
        let is_offered = |task: &Self| {
            let mut upgrades = offers.children().filter(|child| child.is("upgrade", UPGRADE));
            upgrades.any(|upgrade| upgrade.text().trim() == task.name)
        };
        KNOWN.into_iter().filter(|task| task.is_better_than(mechanism)).find(is_offered)
    }

    /// The one that is called `name`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        KNOWN.into_iter().find(|task| task.name == name)
    }

    pub(crate) fn is_better_than(&self, mechanism: &str) -> bool {
        self.weaker.contains(&mechanism.trim_end_matches("-PLUS"))
    }

    /// Asks for it, in the first step of a login.
    pub(crate) fn request(self) -> Element {
        Element::builder("upgrade", UPGRADE).append(self.name).build()
    }

    /// Does what the server asks for by `asked`, after it has proved that it knows the password, where it can; returns
    /// the success.
    pub(crate) async fn perform(self, asked: &Element, password: &str, stream: &mut Stream) -> Result<Element, Error> {
        if !dialect::asks_for(asked, self.name) {
            return Err(stream.unexpected(asked));
        }
        stream.send(&[dialect::next(self.name)]).await?;
        let data = stream.next().await?;
        let hash = self.hash(&data, password).map_err(|reason| Error::Protocol { step: step(), reason })?;
        stream.send(&[dialect::task_data(hash)]).await?;
        let end = stream.next().await?;
        if end.is("success", SASL2) { Ok(end) } else { Err(stream.unexpected(&end)) }
    }

    fn hash(self, data: &Element, password: &str) -> Result<Element, String> {
        let salt = data.get_child("salt", SCRAM_UPGRADE).filter(|_| data.is("task-data", SASL2));
        let salt = salt.ok_or_else(|| format!("unexpected <{}/>", data.name()))?;
        let rounds = salt.attr("iterations").unwrap_or_default();
        let hash = scram::to_store(self.mechanism, &prepared(password), salt.text().trim(), rounds)?;
        Ok(Element::builder("hash", SCRAM_UPGRADE).append(hash.as_str()).build())
    }
}

fn step() -> String {
    "giving the server a stronger hash of the password".into()
}

#[cfg(test)]
mod tests;
