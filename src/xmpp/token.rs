//! The login by a token (XEP-0484), in one flight with the first requests; what fails there is done again by the password.

use std::rc::Rc;

use minidom::Element;

use super::binding::Channel;
use super::dialect::{self, Dialect, SASL2};
use super::fast::Proof;
use super::memory::ServerMemory;
use super::sasl::user;
use super::session::Login;
use super::stream::Stream;
use super::wire::Io;
use crate::error::Error;

/// An encrypted connection on which nothing was said yet, and the token for it.
pub(crate) struct Prepared {
    io: Box<dyn Io>,
    pub(crate) login: Login,
    mechanism: &'static str,
    proof: Proof,
}

/// How a login by a token ended, where the connection did not.
pub(crate) enum Entrance {
    Open(Box<Stream>, Box<ServerMemory>),
    /// The server did not take it, and nothing of what travelled along.
    Refused,
}

/// Whether the token is the last word of this installation to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Again,
    ForTheLastTime,
}

impl Prepared {
    /// Gives the connection back where there is no token for it.
    pub(crate) fn new(login: &Login, io: Box<dyn Io>, channel: &Channel) -> Result<Self, Box<dyn Io>> {
        let token = login.memory.token.as_ref().filter(|_| login.memory.sasl2);
        let proof = token.and_then(|token| Some((token.mechanism(), token.proof(&user(&login.account), channel)?)));
        match proof {
            Some((mechanism, proof)) => Ok(Self { io, login: login.clone(), mechanism, proof }),
            None => Err(io),
        }
    }

    /// Logs in; `flight` travels along.
    pub(crate) async fn enter(self, flight: &[Element], how: Use) -> Result<Entrance, Error> {
        let Login { account, memory, progress, .. } = self.login;
        progress.step(format!("talking to {}", account.domain()));
        let device = memory.device.clone().unwrap_or_default();
        let fast = if how == Use::Again { dialect::by_token() } else { dialect::by_last_token() };
        let mut out = vec![dialect::authenticate(self.mechanism, &self.proof.first, &device, Some(fast))];
        out.extend_from_slice(flight);
        let opened = Stream::open(self.io, &account, &out, Rc::clone(&progress)).await;
        let mut stream = match opened {
            Ok(stream) if !Dialect::Sasl2.is_offered(stream.features()) => return Ok(Entrance::Refused),
            Err(Error::StreamEnded { later: false, .. }) => return Ok(Entrance::Refused),
            opened => opened?,
        };
        // Before a success the server has done nothing of what follows the login: so it may be sent again.
        let success = match stream.next().await {
            Ok(element) if element.is("success", SASL2) => element,
            Ok(element) if element.is("failure", SASL2) => return Ok(Entrance::Refused),
            Ok(element) => return Err(stream.unexpected(&element)),
            Err(Error::StreamEnded { later: false, .. }) => return Ok(Entrance::Refused),
            Err(error) => return Err(error),
        };
        let said = Dialect::Sasl2.said(&success).unwrap_or_default();
        if !self.proof.is_answered_by(&said) {
            let reason = "the server did not prove that it knows the token".into();
            return Err(Error::LoginRefused { account: account.to_string(), reason });
        }
        let token = dialect::given_token(&success, self.mechanism).or_else(|| memory.token.clone());
        progress.tell(&format!("logged in by a token: {}", self.mechanism));
        stream.read_features().await?;
        let memory = ServerMemory { token, ..memory };
        Ok(Entrance::Open(Box::new(stream), Box::new(memory)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xmpp::fast::Token;
    use crate::xmpp::scripted_server::{self, HEADER};

    const FEATURES: &str = "<stream:features><authentication xmlns='urn:xmpp:sasl:2'>\
        <mechanism>SCRAM-SHA-256</mechanism></authentication></stream:features>";
    const FLIGHT: &str = "<iq xmlns='jabber:client' type='get' id='1'/>";

    fn enter(answer: String, how: Use) -> Result<Entrance, Error> {
        let token = Token::new("HT-SHA-256-NONE", "s3cret");
        let memory = ServerMemory { sasl2: true, device: Some("d".into()), token, ..ServerMemory::default() };
        let mut expected = "<authenticate";
        if how == Use::ForTheLastTime {
            expected = "invalidate";
        }
        // The flight is there before the server has said a word.
        let script = vec![(expected, String::new()), ("<iq", answer)];
        scripted_server::run(async {
            let io = Box::new(scripted_server::start(script));
            let prepared = Prepared::new(&scripted_server::login(memory), io, &Channel::default());
            let flight: Element = FLIGHT.parse().expect("an element");
            prepared.ok().expect("there is a token").enter(&[flight], how).await
        })
    }

    fn success(proof: &str) -> String {
        format!(
            "{HEADER}{FEATURES}<success xmlns='urn:xmpp:sasl:2'><additional-data>{proof}</additional-data>\
             <authorization-identifier>juliet@chat.example/chat-cli.1</authorization-identifier>\
             <token xmlns='urn:xmpp:fast:0' token='n3w'/></success><stream:features/>"
        )
    }

    /// HMAC-SHA-256 of “Responder” with the key “s3cret”.
    fn answer() -> String {
        use base64::Engine;
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"s3cret");
        base64::engine::general_purpose::STANDARD.encode(ring::hmac::sign(&key, b"Responder"))
    }

    #[test]
    fn the_first_requests_travel_with_the_token_and_a_new_one_replaces_it() {
        for how in [Use::Again, Use::ForTheLastTime] {
            let Ok(Entrance::Open(_, memory)) = enter(success(&answer()), how) else { panic!("it was not let in") };
            assert_eq!(memory.token, Token::new("HT-SHA-256-NONE", "n3w"));
        }
    }

    #[test]
    fn a_server_that_does_not_know_the_token_is_noticed() {
        for proof in ["", "AAAA"] {
            let error = enter(success(proof), Use::Again).err().expect("an error");
            assert_eq!(error.exit_code().number(), 77, "{error}");
        }
    }

    #[test]
    fn what_is_refused_before_a_success_may_be_done_again() {
        let failure = "<failure xmlns='urn:xmpp:sasl:2'><credentials-expired xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>";
        let error = "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
        let older = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></stream:features>";
        let answers = [format!("{FEATURES}{failure}"), format!("{FEATURES}{error}"), error.into(), older.into()];
        for answer in answers {
            let entered = enter(format!("{HEADER}{answer}"), Use::Again);
            assert!(matches!(entered, Ok(Entrance::Refused)), "{answer}");
        }
    }

    #[test]
    fn a_connection_that_ends_without_a_word_is_not_done_again() {
        let entered = enter(format!("{HEADER}{FEATURES}"), Use::Again);
        assert!(matches!(entered, Err(Error::ConnectionLost { .. })));
    }
}
