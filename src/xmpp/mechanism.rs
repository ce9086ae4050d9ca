//! Which SASL mechanism to log in with (RFC 6120 §6.3.3): the strongest that both sides can do, and never PLAIN where
//! the account was ever offered better.

use minidom::Element;

use super::binding::{Binding, Channel, EXPORTER};
use super::dialect::Dialect;
use super::memory::ServerMemory;

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

/// By what an account proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    Password,
    /// The client's certificate (XEP-0178): TLS has proved it before.
    Certificate,
    /// Nothing: the server makes an account up, for this session alone (XEP-0175).
    Nothing,
}

impl Means {
    /// What it means that the server does not take it.
    pub(crate) fn refused(self) -> &'static str {
        match self {
            Self::Password => "wrong password, or no such account",
            Self::Certificate => "the server does not take the client certificate for this account",
            Self::Nothing => "the server lets nobody in without an account",
        }
    }

    /// What it means that the server has only logins of these names.
    pub(crate) fn not_offered(self, offered: &str) -> String {
        match self {
            Self::Password => format!("the server offers no login that chat knows ({offered})"),
            Self::Certificate | Self::Nothing => format!("{} (it offers {offered})", self.refused()),
        }
    }

    /// The mechanisms for it, the best first.
    fn mechanisms(self) -> &'static [&'static str] {
        match self {
            Self::Password => &PREFERENCE,
            Self::Certificate => &["EXTERNAL"],
            Self::Nothing => &["ANONYMOUS"],
        }
    }
}

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

    /// What both sides can bind a login to.
    pub(crate) fn binding<'a>(&self, channel: &'a Channel) -> Option<&'a Binding> {
        channel.find(|name| self.bindings.iter().any(|offered| offered == name))
    }

    /// What the server has hashed if nobody changed it on the way (XEP-0474 §5).
    pub(crate) fn to_hash(&self) -> String {
        let sorted = |names: &[String]| {
            let mut names = names.to_vec();
            names.sort_unstable();
            names.join("\x1e")
        };
        let bindings = if self.bindings.is_empty() { String::new() } else { format!("\x1f{}", sorted(&self.bindings)) };
        sorted(&self.mechanisms) + &bindings
    }

    /// Whether `mechanism` is offered and, where it binds, `binding`, too.
    pub(crate) fn has(&self, mechanism: &str, binding: &str) -> bool {
        let named = |names: &[String], wanted: &str| names.iter().any(|name| name == wanted);
        named(&self.mechanisms, mechanism) && (!mechanism.ends_with("-PLUS") || named(&self.bindings, binding))
    }

    /// Whether a SCRAM mechanism is among the offered ones.
    pub(crate) fn has_scram(&self) -> bool {
        self.mechanisms.iter().any(|name| name.starts_with("SCRAM-"))
    }

    /// The best of the offered mechanisms, leaving out those in `refused`.
    pub(crate) fn choose(
        &self,
        means: Means,
        channel: &Channel,
        memory: &ServerMemory,
        refused: &[&str],
    ) -> Result<&'static str, NoChoice> {
        let usable = |name: &&str| {
            let bound = !name.ends_with("-PLUS") || self.binding(channel).is_some();
            bound && !refused.contains(name) && self.mechanisms.iter().any(|offered| offered == name)
        };
        match means.mechanisms().iter().copied().find(usable) {
            Some("PLAIN") if memory.scram_seen || self.has_scram() => Err(NoChoice::Downgraded),
            Some(name) => Ok(name),
            None => Err(NoChoice::NothingKnown),
        }
    }
}

/// Mechanisms of which SASL tells everybody, and SASL2 not this account: the server has no such hash of its password.
pub(crate) fn of_other_accounts(features: &Element) -> Vec<&'static str> {
    if !Dialect::Sasl2.is_offered(features) {
        return Vec::new();
    }
    let [all, own] = [Dialect::Sasl, Dialect::Sasl2].map(|dialect| dialect.mechanisms(features));
    let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
    PREFERENCE.into_iter().filter(|name| has(&all, name) && !has(&own, name)).collect()
}

/// The mechanism to start with before anything is offered, which saves a round trip: the one to use since last time, or
/// at first the one that most servers have. A wrong guess costs nothing but the server's refusal, and gives away nothing.
pub(crate) fn first_try<'a>(
    means: Means,
    memory: &ServerMemory,
    channel: &'a Channel,
) -> (&'static str, Option<&'a Binding>) {
    if let (Means::Certificate | Means::Nothing, [only]) = (means, means.mechanisms()) {
        return (only, None);
    }
    let binding = channel.named(memory.binding.as_deref().unwrap_or(EXPORTER));
    let can = |name: &&str| !name.ends_with("-PLUS") || binding.is_some();
    let may = |name: &&str| !(*name == "PLAIN" && memory.scram_seen);
    let remembered = PREFERENCE.into_iter().find(|name| Some(*name) == memory.mechanism.as_deref());
    (remembered.filter(can).filter(may).unwrap_or("SCRAM-SHA-256"), binding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(mechanisms: &[&str], bindings: &[&str]) -> Offer {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Offer { mechanisms: own(mechanisms), bindings: own(bindings) }
    }

    fn choose(offer: &Offer, channel: &Channel) -> Result<&'static str, NoChoice> {
        offer.choose(Means::Password, channel, &ServerMemory::default(), &[])
    }

    fn none() -> Channel {
        Channel::default()
    }

    fn exporter() -> Channel {
        Channel::new(Some(vec![0; 32]), None)
    }

    #[test]
    fn the_strongest_hash_is_chosen() {
        let offer = offer(&["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "X-OAUTH2"], &[]);
        assert_eq!(choose(&offer, &none()), Ok("SCRAM-SHA-256"));
    }

    #[test]
    fn binding_needs_both_sides_to_know_the_same() {
        let exporter = exporter();
        let names = ["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"];
        assert_eq!(choose(&offer(&names, &["tls-exporter"]), &exporter), Ok("SCRAM-SHA-1-PLUS"));
        assert_eq!(choose(&offer(&names, &["tls-exporter"]), &none()), Ok("SCRAM-SHA-1"));
        assert_eq!(choose(&offer(&names, &["tls-server-end-point"]), &exporter), Ok("SCRAM-SHA-1"));
        assert_eq!(choose(&offer(&names, &[]), &exporter), Ok("SCRAM-SHA-1"));
    }

    #[test]
    fn plain_is_used_only_where_nothing_better_was_ever_offered() {
        let plain = offer(&["PLAIN"], &[]);
        let memory = ServerMemory { scram_seen: true, ..ServerMemory::default() };
        assert_eq!(choose(&plain, &none()), Ok("PLAIN"));
        assert_eq!(plain.choose(Means::Password, &none(), &memory, &[]), Err(NoChoice::Downgraded));
        assert_eq!(
            offer(&["PLAIN", "SCRAM-SHA-1"], &[]).choose(Means::Password, &none(), &memory, &["SCRAM-SHA-1"]),
            Err(NoChoice::Downgraded)
        );
    }

    #[test]
    fn who_has_no_password_uses_none() {
        let offer = offer(&["PLAIN", "SCRAM-SHA-1", "EXTERNAL", "ANONYMOUS"], &[]);
        let choose = |means| offer.choose(means, &none(), &ServerMemory::default(), &[]);
        assert_eq!((choose(Means::Certificate), choose(Means::Nothing)), (Ok("EXTERNAL"), Ok("ANONYMOUS")));
        let refused = offer.choose(Means::Certificate, &none(), &ServerMemory::default(), &["EXTERNAL"]);
        assert_eq!(refused, Err(NoChoice::NothingKnown));
        assert_eq!(first_try(Means::Nothing, &ServerMemory::default(), &none()).0, "ANONYMOUS");
    }

    #[test]
    fn without_a_known_mechanism_there_is_no_choice() {
        assert_eq!(choose(&offer(&["DIGEST-MD5"], &[]), &none()), Err(NoChoice::NothingKnown));
    }

    #[test]
    fn the_first_try_is_what_is_remembered_unless_it_is_weaker_than_once_offered() {
        let memory = |name: &str, scram_seen| ServerMemory {
            mechanism: Some(name.into()),
            scram_seen,
            ..ServerMemory::default()
        };
        let first = |memory: &ServerMemory| first_try(Means::Password, memory, &none()).0;
        assert_eq!(first(&memory("SCRAM-SHA-1", true)), "SCRAM-SHA-1");
        assert_eq!(first(&memory("PLAIN", false)), "PLAIN");
        assert_eq!(first(&memory("PLAIN", true)), "SCRAM-SHA-256");
        assert_eq!(first(&memory("SCRAM-SHA-1-PLUS", true)), "SCRAM-SHA-256");
        assert_eq!(first(&ServerMemory::default()), "SCRAM-SHA-256");
        assert_eq!(first_try(Means::Password, &memory("SCRAM-SHA-1-PLUS", true), &exporter()).0, "SCRAM-SHA-1-PLUS");
    }

    #[test]
    fn the_hash_is_of_everything_that_was_offered_in_order() {
        // The example of XEP-0474 §5.2.
        let offer = offer(&["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"], &["tls-server-end-point", "tls-exporter"]);
        assert_eq!(offer.to_hash(), "SCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS\x1ftls-exporter\x1etls-server-end-point");
        assert_eq!(super::Offer { bindings: Vec::new(), ..offer }.to_hash(), "SCRAM-SHA-1\x1eSCRAM-SHA-1-PLUS");
    }
}
