//! Tokens that log in without the password, in one step (XEP-0484, with the HT mechanisms of draft-schmaus-kitten-sasl-ht).
//!
//! With a token the login and the first requests travel together: a message costs three round trips, and no password is
//! derived. A token is as good as the password until it expires, so it is kept only where the password is as safe.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::hmac;
use zeroize::Zeroizing;

use super::binding::{Channel, END_POINT, EXPORTER};

/// The mechanisms, the best first, and what each binds to the TLS connection.
const KNOWN: [(&str, Option<&str>); 3] =
    [("HT-SHA-256-EXPR", Some(EXPORTER)), ("HT-SHA-256-ENDP", Some(END_POINT)), ("HT-SHA-256-NONE", None)];

/// What a server gave to log in with instead of the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    mechanism: &'static str,
    binding: Option<&'static str>,
    text: Zeroizing<String>,
}

impl Token {
    /// `None` for a mechanism that is unknown here.
    pub(crate) fn new(mechanism: &str, text: &str) -> Option<Self> {
        let (mechanism, binding) = KNOWN.into_iter().find(|(known, _)| *known == mechanism)?;
        (!text.is_empty()).then(|| Self { mechanism, binding, text: Zeroizing::new(text.to_owned()) })
    }

    /// Reads what [`Token::to_text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let (mechanism, text) = text.split_once(' ')?;
        Self::new(mechanism, text)
    }

    /// As it is kept.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{} {}", self.mechanism, *self.text))
    }

    /// By which the password that brought the token is known again; without the token it tells nothing.
    pub fn mark(&self, password: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.text.as_bytes());
        BASE64.encode(hmac::sign(&key, &[b"Password", password.as_bytes()].concat()))
    }

    pub(crate) fn mechanism(&self) -> &'static str {
        self.mechanism
    }

    /// Starts a login as `user`; `None` where the token is bound and there is nothing to bind it to.
    pub(crate) fn proof(&self, user: &str, channel: &Channel) -> Option<Proof> {
        let binding = match self.binding {
            Some(name) => channel.named(name)?.data.clone(),
            None => Vec::new(),
        };
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.text.as_bytes());
        let mut first = format!("{user}\0").into_bytes();
        first.extend_from_slice(hmac::sign(&key, &[b"Initiator", &binding[..]].concat()).as_ref());
        Some(Proof { first, key, answer: [b"Responder", &binding[..]].concat() })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} …", self.mechanism)
    }
}

/// A login by a token in progress.
pub(crate) struct Proof {
    /// What the client says.
    pub(crate) first: Vec<u8>,
    key: hmac::Key,
    answer: Vec<u8>,
}

impl Proof {
    /// Whether what the server said shows that it has the token, too.
    pub(crate) fn is_answered_by(&self, said: &[u8]) -> bool {
        hmac::verify(&self.key, &self.answer, said).is_ok()
    }
}

/// The mechanism to ask a token for, of those that the server offers tokens for.
pub(crate) fn wanted(offered: &[String], channel: &Channel) -> Option<&'static str> {
    let is_usable = |(name, binding): &(&str, Option<&str>)| {
        binding.is_none_or(|binding| channel.named(binding).is_some()) && offered.iter().any(|offer| offer == name)
    };
    KNOWN.into_iter().find(is_usable).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: &str = "HT-SHA-256-EXPR";
    const END_POINT_BOUND: &str = "HT-SHA-256-ENDP";
    const UNBOUND: &str = "HT-SHA-256-NONE";

    fn exporter(byte: u8) -> Channel {
        Channel::new(Some(vec![byte; 32]), None)
    }

    fn token(mechanism: &str) -> Token {
        Token::new(mechanism, "s3cret-token").expect("a known mechanism")
    }

    #[test]
    fn a_token_is_proved_and_not_shown() {
        let proof = token(UNBOUND).proof("juliet", &Channel::default()).expect("nothing to bind to is needed");
        assert!(proof.first.starts_with(b"juliet\0") && proof.first.len() == "juliet".len() + 1 + 32);
        assert!(!proof.first.windows(6).any(|part| part == b"s3cret"));
        assert_eq!(format!("{:?}", token(UNBOUND)), "HT-SHA-256-NONE …");
    }

    #[test]
    fn only_a_server_that_has_the_token_can_answer() {
        let proof = token(UNBOUND).proof("juliet", &Channel::default()).expect("a proof");
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"s3cret-token");
        assert!(proof.is_answered_by(hmac::sign(&key, b"Responder").as_ref()));
        assert!(!proof.is_answered_by(hmac::sign(&key, b"Initiator").as_ref()));
        assert!(!proof.is_answered_by(b""));
    }

    #[test]
    fn a_bound_token_is_of_use_on_its_kind_of_connection_only() {
        let on = |channel: &Channel| token(BOUND).proof("juliet", channel).map(|proof| proof.first);
        assert_eq!(on(&Channel::default()), None);
        assert_ne!(on(&exporter(1)), on(&exporter(2)));
        assert!(token(END_POINT_BOUND).proof("juliet", &exporter(1)).is_none());
    }

    #[test]
    fn a_token_is_asked_for_with_binding_where_both_sides_can() {
        let offered = [UNBOUND, END_POINT_BOUND, BOUND].map(str::to_owned);
        assert_eq!(wanted(&offered, &exporter(1)), Some(BOUND));
        assert_eq!(wanted(&offered, &Channel::default()), Some(UNBOUND));
        assert_eq!(wanted(&offered[1..2], &exporter(1)), None);
    }

    #[test]
    fn a_token_knows_the_password_that_brought_it() {
        assert_eq!(token(UNBOUND).mark("secret"), token(UNBOUND).mark("secret"));
        assert_ne!(token(UNBOUND).mark("secret"), token(UNBOUND).mark("wrong"));
        assert_ne!(token(UNBOUND).mark("secret"), Token::new(UNBOUND, "other").expect("a token").mark("secret"));
    }

    #[test]
    fn what_is_kept_can_be_read_again() {
        assert_eq!(Token::from_text(&token(BOUND).to_text()), Some(token(BOUND)));
        for bad in ["", "HT-SHA-256-NONE", "HT-SHA-256-NONE ", "PLAIN secret"] {
            assert_eq!(Token::from_text(bad), None, "{bad}");
        }
    }
}
