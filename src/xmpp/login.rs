//! The login on the stream by the password: SASL (RFC 6120 §6) or SASL2 (XEP-0388), see [`super::dialect`].

use jid::BareJid;
use minidom::Element;

use super::binding::{Binding, Channel, EXPORTER};
use super::dialect::{self, Dialect};
use super::fast;
use super::mechanism::{self, Means, NoChoice, Offer};
use super::memory::ServerMemory;
use super::sasl::Exchange;
use super::scram::Refusal;
use super::session::Login;
use super::stream::{Stream, condition};
use super::upgrade::Task;
use crate::error::Error;

/// A login that may have been started before the server offered anything.
pub(crate) struct Attempt<'a> {
    login: &'a Login,
    device: String,
    channel: Channel,
    started: Option<(Dialect, Exchange)>,
    /// The upgrade that was asked for with it.
    upgrade: Option<Task>,
}

/// How a login ended that was not refused.
pub(crate) enum Passage {
    Open(LoggedIn),
    /// The upgrade that was asked for did not succeed; it is to be done without, on a new connection. With what was learned.
    WithoutUpgrade(ServerMemory),
}

/// What a login came to.
pub(crate) struct LoggedIn {
    pub(crate) memory: ServerMemory,
    /// After SASL the stream starts anew, and after SASL2 it goes on.
    pub(crate) dialect: Dialect,
}

enum Outcome {
    Done(Element),
    MechanismRefused,
    /// Why.
    NotUpgraded(String),
}

/// What is asked for together with a login.
#[derive(Clone, Copy, Default)]
struct Wishes {
    token: Option<&'static str>,
    upgrade: Option<Task>,
}

impl<'a> Attempt<'a> {
    /// Returns the attempt, and what travels with the stream header.
    pub(crate) fn prepare(login: &'a Login, channel: Channel) -> Result<(Self, Vec<Element>), Error> {
        let device = login.memory.device.clone().unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        let mut attempt = Self { login, device, channel, started: None, upgrade: None };
        let dialect = if login.memory.sasl2 { Dialect::Sasl2 } else { Dialect::Sasl };
        if login.may_wait {
            return Ok((attempt, Vec::new()));
        }
        let (mechanism, binding) = mechanism::first_try(attempt.means(), &login.memory, &attempt.channel);
        let binding = binding.cloned();
        let upgrade = login.memory.upgrade.as_deref().and_then(Task::named);
        let wishes = Wishes { token: attempt.remembered_token_mechanism(), upgrade };
        let first = attempt.start(dialect, mechanism, binding.as_ref(), wishes)?;
        Ok((attempt, vec![first]))
    }

    /// Carries the login out on `stream`.
    pub(crate) async fn finish(mut self, stream: &mut Stream) -> Result<Passage, Error> {
        stream.progress.step(what(&self.login.account));
        let mut dialect = self.dialect(stream.features())?;
        let mut offer = Offer::read(stream.features(), dialect);
        let foreign = mechanism::of_other_accounts(stream.features());
        let mut refused = Vec::new();
        loop {
            let guessed = self.started.is_some();
            let exchange = match self.started.take() {
                Some((_, exchange)) => exchange,
                None => match offer.choose(self.means(), &self.channel, &self.login.memory, &refused) {
                    Ok(mechanism) => self.begin(dialect, mechanism, stream).await?,
                    // What SASL2 cannot do, its elder perhaps can.
                    Err(_) if dialect == Dialect::Sasl2 => {
                        (dialect, offer) = (Dialect::Sasl, Offer::read(stream.features(), Dialect::Sasl));
                        refused.clear();
                        continue;
                    }
                    Err(no) => return Err(self.no_choice(no, &offer)),
                },
            };
            let mechanism = exchange.mechanism;
            match self.outcome(dialect, exchange, stream).await {
                Ok(Outcome::Done(success)) => {
                    let how = if dialect == Dialect::Sasl2 { "SASL2" } else { "SASL" };
                    stream.progress.tell(&format!("logged in by {how}: {mechanism}"));
                    let memory = self.learned(mechanism, &offer, &refused, stream.features());
                    return self.entered(dialect, memory, &success, stream).await.map(Passage::Open);
                }
                Ok(Outcome::NotUpgraded(reason)) => {
                    stream.progress.tell(&format!("logging in again without an upgrade of the password: {reason}"));
                    return Ok(Passage::WithoutUpgrade(self.learned(mechanism, &offer, &refused, stream.features())));
                }
                Ok(Outcome::MechanismRefused) => refused.push(mechanism),
                // A first try that the server does not offer; whatever it says, the password was not looked at.
                Err(Error::LoginRefused { .. })
                    if foreign.contains(&mechanism) || guessed && !offer.has(mechanism, self.guessed_binding()) =>
                {
                    refused.push(mechanism);
                    refused.extend(&foreign);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What a first try was bound to, if it was one that binds: a node of a cluster may offer more than the next one.
    fn guessed_binding(&self) -> &str {
        self.login.memory.binding.as_deref().unwrap_or(EXPORTER)
    }

    /// The dialect to go on with: the one that was started with, else the best.
    fn dialect(&self, features: &Element) -> Result<Dialect, Error> {
        match self.started {
            Some((Dialect::Sasl2, _)) if !Dialect::Sasl2.is_offered(features) => {
                Err(Error::StreamEnded { condition: "it offers another login than before".into(), later: false })
            }
            Some((dialect, _)) => Ok(dialect),
            None if Dialect::Sasl2.is_offered(features) => Ok(Dialect::Sasl2),
            None => Ok(Dialect::Sasl),
        }
    }

    /// The best that is offered is for next time, even if something else was tried first and did.
    fn learned(&self, used: &str, offer: &Offer, refused: &[&str], features: &Element) -> ServerMemory {
        let memory = &self.login.memory;
        let sasl2 = Dialect::Sasl2.is_offered(features);
        let all = [Dialect::Sasl, Dialect::Sasl2].map(|dialect| Offer::read(features, dialect));
        let scram_seen = memory.scram_seen || all.iter().any(Offer::has_scram);
        let best = offer.choose(self.means(), &self.channel, memory, refused);
        let binding = offer.binding(&self.channel).map(|binding| binding.name.to_owned());
        let mechanism = Some(best.map_or_else(|_| used.to_owned(), str::to_owned));
        let device = memory.device.clone().or_else(|| sasl2.then(|| self.device.clone()));
        let token_kind = self.offered_token(features).map(str::to_owned);
        let tried_upgrade = self.upgrade.map(|task| task.name.to_owned()).or_else(|| memory.tried_upgrade.clone());
        let memory =
            ServerMemory { mechanism, binding, scram_seen, sasl2, device, token_kind, token: None, ..memory.clone() };
        let memory = ServerMemory { tried_upgrade, ..memory };
        let upgrade = wanted_upgrade(features, used, &memory).map(|task| task.name.to_owned());
        ServerMemory { upgrade, ..memory }
    }

    async fn entered(
        &self,
        dialect: Dialect,
        mut memory: ServerMemory,
        success: &Element,
        stream: &mut Stream,
    ) -> Result<LoggedIn, Error> {
        if dialect == Dialect::Sasl {
            return Ok(LoggedIn { memory, dialect });
        }
        let wanted = self.token_mechanism(stream.features()).or_else(|| self.remembered_token_mechanism());
        memory.token = wanted.and_then(|mechanism| dialect::given_token(success, mechanism));
        stream.read_features().await?;
        Ok(LoggedIn { memory, dialect })
    }

    async fn begin(
        &mut self,
        dialect: Dialect,
        mechanism: &'static str,
        stream: &mut Stream,
    ) -> Result<Exchange, Error> {
        let features = stream.features();
        let binding = Offer::read(features, dialect).binding(&self.channel).cloned();
        let upgrade = wanted_upgrade(features, mechanism, &self.login.memory);
        let wishes = Wishes { token: self.token_mechanism(features), upgrade };
        let first = self.start(dialect, mechanism, binding.as_ref(), wishes)?;
        stream.send(&[first]).await?;
        self.started.take().map(|(_, exchange)| exchange).ok_or_else(|| Error::Bug("no login was started".into()))
    }

    fn start(
        &mut self,
        dialect: Dialect,
        mechanism: &'static str,
        binding: Option<&Binding>,
        wishes: Wishes,
    ) -> Result<Element, Error> {
        let exchange = Exchange::start(mechanism, &self.login.account, self.login.credentials.password(), binding);
        let exchange = exchange.map_err(Error::Bug)?;
        let first = exchange.first();
        self.started = Some((dialect, exchange));
        self.upgrade = wishes.upgrade.filter(|task| dialect == Dialect::Sasl2 && task.is_better_than(mechanism));
        Ok(match dialect {
            Dialect::Sasl => dialect::auth(mechanism, &first),
            Dialect::Sasl2 => {
                let more = wishes.token.map(dialect::token_request).into_iter().chain(self.upgrade.map(Task::request));
                dialect::authenticate(mechanism, &first, &self.device, more)
            }
        })
    }

    /// For what to ask a token, if one can be kept.
    fn token_mechanism(&self, features: &Element) -> Option<&'static str> {
        self.offered_token(features).filter(|_| self.login.keeps_tokens)
    }

    fn offered_token(&self, features: &Element) -> Option<&'static str> {
        fast::wanted(&dialect::token_mechanisms(features), &self.channel)
    }

    fn remembered_token_mechanism(&self) -> Option<&'static str> {
        let kind = self.login.memory.token_kind.as_deref()?;
        fast::wanted(&[kind.to_owned()], &self.channel).filter(|_| self.login.keeps_tokens)
    }

    fn no_choice(&self, no: NoChoice, offer: &Offer) -> Error {
        let (account, offered) = (self.login.account.to_string(), offer.mechanisms.join(", "));
        match no {
            NoChoice::Downgraded => Error::LoginDowngraded { account, offered },
            NoChoice::NothingKnown => {
                let reason = self.means().not_offered(&offered);
                Error::LoginRefused { account, reason }
            }
        }
    }

    fn means(&self) -> Means {
        self.login.credentials.means()
    }

    /// A server that is asked for an upgrade may also end the stream, or fall down.
    async fn outcome(&self, dialect: Dialect, exchange: Exchange, stream: &mut Stream) -> Result<Outcome, Error> {
        match self.converse(dialect, exchange, stream).await {
            Err(
                error @ (Error::StreamEnded { later: false, .. }
                | Error::Protocol { .. }
                | Error::ConnectionLost { .. }),
            ) if self.upgrade.is_some() => Ok(Outcome::NotUpgraded(error.to_string())),
            result => result,
        }
    }

    async fn converse(&self, dialect: Dialect, mut exchange: Exchange, stream: &mut Stream) -> Result<Outcome, Error> {
        let offered = Offer::read(stream.features(), dialect).to_hash();
        loop {
            let element = stream.next().await?;
            match element.name() {
                _ if element.ns() != dialect.namespace() => return Err(stream.unexpected(&element)),
                "challenge" => {
                    let answer = exchange.step(&self.said(dialect, &element)?, &offered);
                    let answer = answer.map_err(|refusal| self.refused(refusal))?;
                    stream.send(&[dialect.response(&answer)]).await?;
                }
                "success" => {
                    self.prove_server(dialect, &mut exchange, &element)?;
                    return Ok(Outcome::Done(element));
                }
                "failure" => return self.failure(&element),
                "continue" => {
                    let Some(task) = self.upgrade else {
                        let reason = "the server wants more than the password, which chat cannot give".into();
                        return Err(Error::LoginRefused { account: self.login.account.to_string(), reason });
                    };
                    // The hash is as good as the password, so it is for nobody who does not know that.
                    self.prove_server(dialect, &mut exchange, &element)?;
                    return Ok(self.upgrade(task, &element, stream).await);
                }
                _ => return Err(stream.unexpected(&element)),
            }
        }
    }

    async fn upgrade(&self, task: Task, asked: &Element, stream: &mut Stream) -> Outcome {
        stream.progress.step("giving the server a stronger hash of the password");
        match task.perform(asked, self.login.credentials.password(), stream).await {
            Ok(success) => {
                stream.progress.tell(&format!("gave the server a stronger hash of the password: {}", task.name));
                Outcome::Done(success)
            }
            Err(error) => Outcome::NotUpgraded(error.to_string()),
        }
    }

    /// RFC 6120 §6.5; SASL2 has the same conditions, in the same namespace.
    fn failure(&self, failure: &Element) -> Result<Outcome, Error> {
        let account = self.login.account.to_string();
        let condition = condition(failure, xmpp_parsers::ns::SASL);
        match condition.split(' ').next().unwrap_or_default() {
            "invalid-mechanism" | "mechanism-too-weak" => Ok(Outcome::MechanismRefused),
            "not-authorized" => Err(Error::LoginRefused { account, reason: self.means().refused().into() }),
            "temporary-auth-failure" => Err(Error::StreamEnded { condition, later: true }),
            "malformed-request" if self.upgrade.is_some() => Ok(Outcome::NotUpgraded(condition)),
            _ => Err(Error::LoginRefused { account, reason: condition }),
        }
    }

    fn prove_server(&self, dialect: Dialect, exchange: &mut Exchange, end: &Element) -> Result<(), Error> {
        if !exchange.is_mutual() {
            return Ok(());
        }
        exchange.end(&self.said(dialect, end)?).map_err(|refusal| self.refused(refusal))
    }

    fn said(&self, dialect: Dialect, element: &Element) -> Result<Vec<u8>, Error> {
        let step = what(&self.login.account);
        dialect.said(element).map_err(|reason| Error::Protocol { step, reason })
    }

    fn refused(&self, refusal: Refusal) -> Error {
        let account = self.login.account.to_string();
        match refusal {
            Refusal::Changed => Error::OfferChanged { account },
            Refusal::Unproved(reason) => {
                let reason = format!("the server did not prove that it knows the password ({reason})");
                Error::LoginRefused { account, reason }
            }
        }
    }
}

/// What to ask for, if it was not tried before.
fn wanted_upgrade(features: &Element, mechanism: &str, memory: &ServerMemory) -> Option<Task> {
    Task::offered(features, mechanism).filter(|task| memory.tried_upgrade.as_deref() != Some(task.name))
}

fn what(account: &BareJid) -> String {
    format!("checking the password of {account}")
}

#[cfg(test)]
mod tests;
