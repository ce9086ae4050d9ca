//! One SASL exchange, whatever the mechanism.

use zeroize::Zeroizing;

use super::scram::Scram;
use super::tls::Exporter;

/// A login in progress, with one mechanism.
pub(crate) struct Exchange {
    pub(crate) mechanism: &'static str,
    state: State,
}

enum State {
    Scram(Box<Scram>),
    Plain(Zeroizing<String>),
}

impl Exchange {
    /// Starts a login; `mechanism` is one of [`super::mechanism`]'s names.
    pub(crate) fn start(
        mechanism: &'static str,
        user: &str,
        password: &str,
        exporter: &Exporter,
    ) -> Result<Self, String> {
        // Servers store prepared passwords (RFC 5802 §5.1); what cannot be prepared goes as it is.
        let prepared = stringprep::saslprep(password).map_or_else(|_| password.to_owned(), Into::into);
        let password = Zeroizing::new(prepared);
        let state = if mechanism == "PLAIN" {
            State::Plain(Zeroizing::new(format!("\0{user}\0{}", *password)))
        } else {
            let scram = Scram::new(mechanism, user, &password, exporter);
            State::Scram(Box::new(scram.ok_or_else(|| format!("no login with {mechanism}"))?))
        };
        Ok(Self { mechanism, state })
    }

    /// Takes what the server said, if it said something yet, and gives the answer to it.
    pub(crate) fn step(&mut self, said: Option<&[u8]>) -> Result<Vec<u8>, String> {
        match (&mut self.state, said) {
            (State::Plain(credentials), None) => Ok(credentials.as_bytes().to_vec()),
            (State::Plain(_), Some(_)) => Err("it asked for more than a password".into()),
            (State::Scram(scram), None) => Ok(scram.first().into_bytes()),
            (State::Scram(scram), Some(said)) => {
                let said = std::str::from_utf8(said).map_err(|error| error.to_string())?;
                scram.step(said).map(String::into_bytes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_carries_user_and_password_once() {
        let mut exchange = Exchange::start("PLAIN", "user", "pencil", &None).expect("a known mechanism");
        assert_eq!(exchange.step(None), Ok(b"\0user\0pencil".to_vec()));
        assert!(exchange.step(Some(b"more")).is_err());
    }

    #[test]
    fn a_password_is_prepared_as_servers_store_it() {
        let mut exchange = Exchange::start("PLAIN", "user", "p\u{ad}w", &None).expect("a known mechanism");
        assert_eq!(exchange.step(None), Ok(b"\0user\0pw".to_vec()));
    }

    #[test]
    fn a_mechanism_that_is_unknown_here_is_not_started() {
        assert!(Exchange::start("GSSAPI", "user", "pencil", &None).is_err());
    }
}
