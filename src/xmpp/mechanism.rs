//! Which SASL mechanism to log in with (RFC 6120 §6.3.3): the strongest that both sides can do, and never PLAIN where
//! the account was ever offered better.

use minidom::Element;

use super::dialect::Dialect;
use super::memory::ServerMemory;
use super::tls::Exporter;

/// XEP-0440: which channel bindings a server can check.
const CHANNEL_BINDING: &str = "urn:xmpp:sasl-cb:0";

/// Strongest first. With channel binding nobody can sit in between, whatever the hash.
const PREFERENCE: [&str; 7] = [
    "SCRAM-SHA-512-PLUS",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-256",
    "SCRAM-SHA-1",
    "PLAIN",
];

/// What a server offers for logging in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) mechanisms: Vec<String>,
    bindings: Vec<String>,
}

/// No mechanism is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoChoice {
    /// PLAIN alone, where something better was offered once.
    Downgraded,
    NothingKnown,
}

impl Offer {
    /// What `features` offers in `dialect`.
    pub(crate) fn read(features: &Element, dialect: Dialect) -> Self {
        let bindings = features
            .get_child("sasl-channel-binding", CHANNEL_BINDING)
            .map(|list| list.children().filter_map(|child| child.attr("type").map(str::to_owned)).collect());
        Self { mechanisms: dialect.mechanisms(features), bindings: bindings.unwrap_or_default() }
    }

    /// Whether both sides can bind a login to this connection.
    pub(crate) fn can_bind(&self, exporter: &Exporter) -> bool {
        exporter.is_some() && self.bindings.iter().any(|binding| binding == "tls-exporter")
    }

    /// Whether a SCRAM mechanism is among the offered ones.
    pub(crate) fn has_scram(&self) -> bool {
        self.mechanisms.iter().any(|name| name.starts_with("SCRAM-"))
    }

    /// The best of the offered mechanisms, leaving out those in `refused`.
    pub(crate) fn choose(
        &self,
        exporter: &Exporter,
        memory: &ServerMemory,
        refused: &[&str],
    ) -> Result<&'static str, NoChoice> {
        let usable = |name: &&str| {
            let bound = !name.ends_with("-PLUS") || self.can_bind(exporter);
            bound && !refused.contains(name) && self.mechanisms.iter().any(|offered| offered == name)
        };
        match PREFERENCE.into_iter().find(usable) {
            Some("PLAIN") if memory.scram_seen || self.has_scram() => Err(NoChoice::Downgraded),
            Some(name) => Ok(name),
            None => Err(NoChoice::NothingKnown),
        }
    }
}

/// The mechanism to start with before anything is offered, which saves a round trip: the one to use since last time, or
/// at first the one that most servers have. A wrong guess costs nothing but the server's refusal, and gives away nothing.
pub(crate) fn first_try(memory: &ServerMemory, exporter: &Exporter) -> &'static str {
    let can = |name: &&str| !name.ends_with("-PLUS") || exporter.is_some();
    let may = |name: &&str| !(*name == "PLAIN" && memory.scram_seen);
    let remembered = PREFERENCE.into_iter().find(|name| Some(*name) == memory.mechanism.as_deref());
    remembered.filter(can).filter(may).unwrap_or("SCRAM-SHA-256")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(mechanisms: &[&str], bindings: &[&str]) -> Offer {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Offer { mechanisms: own(mechanisms), bindings: own(bindings) }
    }

    fn choose(offer: &Offer, exporter: &Exporter) -> Result<&'static str, NoChoice> {
        offer.choose(exporter, &ServerMemory::default(), &[])
    }

    #[test]
    fn the_strongest_hash_is_chosen() {
        let offer = offer(&["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "X-OAUTH2"], &[]);
        assert_eq!(choose(&offer, &None), Ok("SCRAM-SHA-256"));
    }

    #[test]
    fn binding_needs_both_sides_to_know_tls_exporter() {
        let exporter = Some(vec![0; 32]);
        let names = ["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"];
        assert_eq!(choose(&offer(&names, &["tls-exporter"]), &exporter), Ok("SCRAM-SHA-1-PLUS"));
        assert_eq!(choose(&offer(&names, &["tls-exporter"]), &None), Ok("SCRAM-SHA-1"));
        assert_eq!(choose(&offer(&names, &["tls-server-end-point"]), &exporter), Ok("SCRAM-SHA-1"));
        assert_eq!(choose(&offer(&names, &[]), &exporter), Ok("SCRAM-SHA-1"));
    }

    #[test]
    fn plain_is_used_only_where_nothing_better_was_ever_offered() {
        let plain = offer(&["PLAIN"], &[]);
        let memory = ServerMemory { scram_seen: true, ..ServerMemory::default() };
        assert_eq!(choose(&plain, &None), Ok("PLAIN"));
        assert_eq!(plain.choose(&None, &memory, &[]), Err(NoChoice::Downgraded));
        assert_eq!(
            offer(&["PLAIN", "SCRAM-SHA-1"], &[]).choose(&None, &memory, &["SCRAM-SHA-1"]),
            Err(NoChoice::Downgraded)
        );
    }

    #[test]
    fn without_a_known_mechanism_there_is_no_choice() {
        assert_eq!(choose(&offer(&["DIGEST-MD5"], &[]), &None), Err(NoChoice::NothingKnown));
    }

    #[test]
    fn the_first_try_is_what_is_remembered_unless_it_is_weaker_than_once_offered() {
        let memory = |name: &str, scram_seen| ServerMemory {
            mechanism: Some(name.into()),
            scram_seen,
            ..ServerMemory::default()
        };
        assert_eq!(first_try(&memory("SCRAM-SHA-1", true), &None), "SCRAM-SHA-1");
        assert_eq!(first_try(&memory("PLAIN", false), &None), "PLAIN");
        assert_eq!(first_try(&memory("PLAIN", true), &None), "SCRAM-SHA-256");
        assert_eq!(first_try(&memory("SCRAM-SHA-1-PLUS", true), &None), "SCRAM-SHA-256");
        assert_eq!(first_try(&ServerMemory::default(), &None), "SCRAM-SHA-256");
    }
}
