//! The login on the stream (SASL, RFC 6120 §6).

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use jid::BareJid;
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::mechanism::{self, NoChoice, Offer};
use super::memory::ServerMemory;
use super::sasl::Exchange;
use super::stream::{Stream, condition};
use super::tls::Exporter;
use crate::error::Error;

/// A login that may have been started before the server offered anything.
pub(crate) struct Attempt<'a> {
    account: &'a BareJid,
    password: &'a str,
    exporter: Exporter,
    memory: &'a ServerMemory,
    started: Option<Exchange>,
}

enum Outcome {
    Done,
    MechanismRefused,
}

impl<'a> Attempt<'a> {
    /// Returns the attempt, and what travels with the stream header.
    pub(crate) fn prepare(
        account: &'a BareJid,
        password: &'a str,
        exporter: Exporter,
        memory: &'a ServerMemory,
    ) -> Result<(Self, Element), Error> {
        let mut attempt = Self { account, password, exporter, memory, started: None };
        let first = attempt.start(mechanism::first_try(memory, &attempt.exporter))?;
        Ok((attempt, first))
    }

    /// Carries the login out on `stream`; returns what to remember.
    pub(crate) async fn finish(mut self, stream: &mut Stream) -> Result<ServerMemory, Error> {
        stream.progress.step(self.what());
        let offer = Offer::read(stream.features());
        let mut refused = Vec::new();
        loop {
            let exchange = match self.started.take() {
                Some(exchange) => exchange,
                None => self.begin(&offer, &refused, stream).await?,
            };
            let mechanism = exchange.mechanism;
            match self.converse(exchange, stream).await {
                Ok(Outcome::Done) => return Ok(self.learned(mechanism, &offer, &refused)),
                Ok(Outcome::MechanismRefused) => refused.push(mechanism),
                // A first try that the server does not offer; whatever it says, the password was not looked at.
                Err(Error::LoginRefused { .. }) if !offer.mechanisms.iter().any(|name| name == mechanism) => {
                    refused.push(mechanism);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn what(&self) -> String {
        format!("checking the password of {}", self.account)
    }

    /// The best that is offered is for next time, even if something else was tried first and did.
    fn learned(&self, mechanism: &str, offer: &Offer, refused: &[&str]) -> ServerMemory {
        let scram_seen = self.memory.scram_seen || offer.has_scram();
        let best = offer.choose(&self.exporter, self.memory, refused);
        let mechanism = Some(best.map_or_else(|_| mechanism.to_owned(), str::to_owned));
        ServerMemory { mechanism, scram_seen, ..self.memory.clone() }
    }

    async fn begin(&mut self, offer: &Offer, refused: &[&str], stream: &mut Stream) -> Result<Exchange, Error> {
        let account = || self.account.to_string();
        let offered = offer.mechanisms.join(", ");
        let choice = offer.choose(&self.exporter, self.memory, refused).map_err(|no| match no {
            NoChoice::Downgraded => Error::LoginDowngraded { account: account(), offered },
            NoChoice::NothingKnown => {
                let reason = format!("the server offers no login that chat knows ({offered})");
                Error::LoginRefused { account: account(), reason }
            }
        })?;
        let first = self.start(choice)?;
        stream.send(&[first]).await?;
        self.started.take().ok_or_else(|| Error::Bug("no login was started".into()))
    }

    fn start(&mut self, mechanism: &'static str) -> Result<Element, Error> {
        let user = self.account.node().map(ToString::to_string).unwrap_or_default();
        let mut exchange = Exchange::start(mechanism, &user, self.password, &self.exporter).map_err(Error::Bug)?;
        let first = exchange.step(None).map_err(Error::Bug)?;
        self.started = Some(exchange);
        let auth = Element::builder("auth", ns::SASL).with("mechanism", mechanism);
        Ok(auth.append(BASE64.encode(first)).build())
    }

    async fn converse(&self, mut exchange: Exchange, stream: &mut Stream) -> Result<Outcome, Error> {
        loop {
            let element = stream.next().await?;
            match element.name() {
                _ if element.ns() != ns::SASL => return Err(stream.unexpected(&element)),
                "challenge" => {
                    let answer = self.step(&mut exchange, &element)?;
                    let response = Element::builder("response", ns::SASL).append(BASE64.encode(answer)).build();
                    stream.send(&[response]).await?;
                }
                "success" => {
                    // SCRAM ends with a signature that only a server that knows the password can make.
                    if exchange.mechanism != "PLAIN" {
                        self.step(&mut exchange, &element)?;
                    }
                    return Ok(Outcome::Done);
                }
                "failure" => return self.failure(&element),
                _ => return Err(stream.unexpected(&element)),
            }
        }
    }

    fn step(&self, exchange: &mut Exchange, element: &Element) -> Result<Vec<u8>, Error> {
        let broken = |reason: String| Error::Protocol { step: self.what(), reason };
        let said = BASE64.decode(element.text().trim()).map_err(|error| broken(error.to_string()))?;
        exchange.step(Some(&said)).map_err(|error| Error::LoginRefused {
            account: self.account.to_string(),
            reason: format!("the server did not prove that it knows the password ({error})"),
        })
    }

    /// RFC 6120 §6.5.
    fn failure(&self, failure: &Element) -> Result<Outcome, Error> {
        let account = self.account.to_string();
        let condition = condition(failure, ns::SASL);
        match condition.split(' ').next().unwrap_or_default() {
            "invalid-mechanism" | "mechanism-too-weak" => Ok(Outcome::MechanismRefused),
            "not-authorized" => {
                Err(Error::LoginRefused { account, reason: "wrong password, or no such account".into() })
            }
            "temporary-auth-failure" => Err(Error::StreamEnded { condition, later: true }),
            _ => Err(Error::LoginRefused { account, reason: condition }),
        }
    }
}
