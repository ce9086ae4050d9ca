//! One SASL exchange, whatever the mechanism.

use jid::BareJid;
use zeroize::Zeroizing;

use super::binding::Binding;
use super::scram::{Refusal, Scram};

/// A login in progress, with one mechanism.
pub(crate) struct Exchange {
    pub(crate) mechanism: &'static str,
    state: State,
}

enum State {
    Scram(Box<Scram>),
    /// All is said at once: PLAIN (RFC 4616), EXTERNAL (RFC 4422, Appendix A), ANONYMOUS (RFC 4505).
    Said(Zeroizing<String>),
}

impl Exchange {
    /// Starts a login; `mechanism` is one of [`super::mechanism`]'s names.
    pub(crate) fn start(
        mechanism: &'static str,
        account: &BareJid,
        password: &str,
        binding: Option<&Binding>,
    ) -> Result<Self, String> {
        let password = prepared(password);
        let user = &user(account);
        let state = match mechanism {
            "PLAIN" => State::Said(Zeroizing::new(format!("\0{user}\0{}", *password))),
            "EXTERNAL" => State::Said(Zeroizing::new(account.to_string())),
            "ANONYMOUS" => State::Said(Zeroizing::new("chat".into())),
            _ => {
                let scram = Scram::new(mechanism, user, &password, binding);
                State::Scram(Box::new(scram.ok_or_else(|| format!("no login with {mechanism}"))?))
            }
        };
        Ok(Self { mechanism, state })
    }

    /// What the client begins with.
    pub(crate) fn first(&self) -> Vec<u8> {
        match &self.state {
            State::Said(credentials) => credentials.as_bytes().to_vec(),
            State::Scram(scram) => scram.first().into_bytes(),
        }
    }

    /// Whether the server proves itself, too: SCRAM ends with a signature that only one that knows the password can make.
    pub(crate) fn is_mutual(&self) -> bool {
        matches!(self.state, State::Scram(_))
    }

    /// Takes what the server said with the success.
    pub(crate) fn end(&mut self, said: &[u8]) -> Result<(), Refusal> {
        match &mut self.state {
            State::Said(_) => Ok(()),
            State::Scram(scram) => scram.end(std::str::from_utf8(said).map_err(|error| error.to_string())?),
        }
    }

    /// Takes what the server said, and gives the answer to it. `offered` is for [`Scram::step`].
    pub(crate) fn step(&mut self, said: &[u8], offered: &str) -> Result<Vec<u8>, Refusal> {
        match &mut self.state {
            State::Said(_) => Err(String::from("it asked for more than it was told").into()),
            State::Scram(scram) => {
                let said = std::str::from_utf8(said).map_err(|error| error.to_string())?;
                scram.step(said, offered).map(String::into_bytes)
            }
        }
    }
}

/// As servers store it (RFC 5802 §5.1); what cannot be prepared stays as it is.
pub(crate) fn prepared(password: &str) -> Zeroizing<String> {
    Zeroizing::new(stringprep::saslprep(password).map_or_else(|_| password.to_owned(), Into::into))
}

/// The name that the server knows the account by.
pub(crate) fn user(account: &BareJid) -> String {
    account.node().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> BareJid {
        BareJid::new("user@chat.example").expect("an address")
    }

    #[test]
    fn plain_carries_user_and_password_once() {
        let mut exchange = Exchange::start("PLAIN", &account(), "pencil", None).expect("a known mechanism");
        assert_eq!(exchange.first(), b"\0user\0pencil");
        assert!(exchange.step(b"more", "").is_err());
    }

    #[test]
    fn a_password_is_prepared_as_servers_store_it() {
        let exchange = Exchange::start("PLAIN", &account(), "p\u{ad}w", None).expect("a known mechanism");
        assert_eq!(exchange.first(), b"\0user\0pw");
    }

    #[test]
    fn without_a_password_none_is_said() {
        let first = |mechanism| Exchange::start(mechanism, &account(), "pencil", None).map(|exchange| exchange.first());
        assert_eq!(first("EXTERNAL"), Ok(b"user@chat.example".to_vec()));
        assert_eq!(first("ANONYMOUS"), Ok(b"chat".to_vec()));
    }

    #[test]
    fn a_mechanism_that_is_unknown_here_is_not_started() {
        assert!(Exchange::start("GSSAPI", &account(), "pencil", None).is_err());
    }
}
