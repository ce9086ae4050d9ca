//! A logged-in session: connect, encrypt, log in, bind a resource (RFC 6120 §7).

use std::rc::Rc;

use jid::{BareJid, FullJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::authorities::Authorities;
use super::binding::Channel;
use super::credentials::Credentials;
use super::dialect::Dialect;
use super::encryption::secured;
use super::endpoint::Endpoint;
use super::iq;
use super::login::{Attempt, LoggedIn, Passage};
use super::memory::ServerMemory;
use super::progress::Progress;
use super::proxy::Via;
use super::stream::Stream;
use super::token::{Entrance, Prepared, Use};
use super::wire::Io;
use crate::error::Error;

/// Resources of `chat` start with this, so that its own messages can be told from those of other clients.
pub const RESOURCE_PREFIX: &str = "chat-cli.";

/// What a login needs.
#[derive(Clone)]
pub struct Login {
    pub account: BareJid,
    pub credentials: Credentials,
    pub endpoint: Option<Endpoint>,
    /// The proxy that the connection goes through.
    pub via: Option<Via>,
    pub authorities: Authorities,
    /// From the last login, or the default.
    pub memory: ServerMemory,
    /// There is a place for a token, as safe as that of the password.
    pub keeps_tokens: bool,
    /// A round trip more does not matter: what the server offers is looked at before the first step.
    pub may_wait: bool,
    pub progress: Rc<Progress>,
}

/// The way in is free, or will be with the first requests; these can travel with what opens the session.
pub struct Ready {
    way: Way,
    account: BareJid,
    resource: String,
    memory: Box<ServerMemory>,
}

enum Way {
    /// The password was accepted, in this dialect.
    ByPassword(Box<Stream>, Dialect),
    /// Nothing was said yet: the first requests travel with the token.
    ByToken(Box<Prepared>),
}

/// [`Passage`], for a session.
pub(crate) enum Entered {
    Open(Ready),
    WithoutUpgrade(Box<ServerMemory>),
}

/// A session with a resource, that sends no presence: it takes no messages away from other clients.
pub struct Session {
    pub(crate) stream: Stream,
    account: BareJid,
    bound: FullJid,
    memory: ServerMemory,
}

/// Connects, encrypts and logs in; where there is a token, the last comes with the first requests.
pub async fn authenticate(login: &Login) -> Result<Ready, Error> {
    let (io, channel) = secured(login).await?;
    match Prepared::new(login, io, &channel) {
        Ok(prepared) => {
            let (account, memory) = (login.account.clone(), Box::new(login.memory.clone()));
            Ok(Ready { way: Way::ByToken(Box::new(prepared)), account, resource: new_resource(), memory })
        }
        Err(io) => by_password(login, io, channel).await,
    }
}

/// A server that no longer knows the login of last time ends the stream: then it is asked what it offers, once.
async fn by_password(login: &Login, io: Box<dyn Io>, channel: Channel) -> Result<Ready, Error> {
    match on_stream(login, io, channel).await {
        Err(Error::StreamEnded { later: false, .. } | Error::Protocol { .. }) if login.memory.sasl2 => {
            let memory = ServerMemory { sasl2: false, token_kind: None, ..login.memory.clone() };
            let login = Login { memory, ..login.clone() };
            let (io, channel) = secured(&login).await?;
            on_stream(&login, io, channel).await
        }
        result => result,
    }
}

async fn on_stream(login: &Login, io: Box<dyn Io>, channel: Channel) -> Result<Ready, Error> {
    match enter(login, io, channel).await? {
        Entered::Open(ready) => Ok(ready),
        Entered::WithoutUpgrade(memory) => {
            let login = Login { memory: *memory, may_wait: false, ..login.clone() };
            let (io, channel) = secured(&login).await?;
            match enter(&login, io, channel).await? {
                Entered::Open(ready) => Ok(ready),
                Entered::WithoutUpgrade(_) => Err(Error::Bug("an upgrade was tried twice".into())),
            }
        }
    }
}

/// Logs in on a connection on which nothing was said yet.
pub(crate) async fn enter(login: &Login, io: Box<dyn Io>, channel: Channel) -> Result<Entered, Error> {
    let (attempt, first) = Attempt::prepare(login, channel)?;
    login.progress.step(format!("talking to {}", login.account.domain()));
    let mut stream = Stream::open(io, &login.account, &first, Rc::clone(&login.progress)).await?;
    match attempt.finish(&mut stream).await? {
        Passage::Open(logged_in) => Ok(Entered::Open(Ready::new(stream, login.account.clone(), logged_in))),
        Passage::WithoutUpgrade(memory) => Ok(Entered::WithoutUpgrade(Box::new(memory))),
    }
}

async fn without_token(login: Login) -> Result<Ready, Error> {
    let login = Login { memory: ServerMemory { token: None, ..login.memory }, ..login };
    let (io, channel) = secured(&login).await?;
    by_password(&login, io, channel).await
}

/// Logs in and binds, and nothing more; returns what to remember.
pub async fn open(login: &Login) -> Result<(Session, ServerMemory), Error> {
    let session = authenticate(login).await?.bind(&[]).await?;
    let memory = session.memory.clone();
    Ok((session, memory))
}

/// Tells the server that the token of `login` is no longer used; whether there was one that it knew.
pub async fn give_up_token(login: &Login) -> Result<bool, Error> {
    let (io, channel) = secured(login).await?;
    let Ok(prepared) = Prepared::new(login, io, &channel) else { return Ok(false) };
    match prepared.enter(&[], Use::ForTheLastTime).await? {
        Entrance::Open(stream, _) => {
            stream.close().await;
            Ok(true)
        }
        Entrance::Refused => Ok(false),
    }
}

impl Ready {
    fn new(stream: Stream, account: BareJid, LoggedIn { memory, dialect }: LoggedIn) -> Self {
        let resource = new_resource();
        Self { way: Way::ByPassword(Box::new(stream), dialect), account, resource, memory: Box::new(memory) }
    }

    /// What was learned so far, and before.
    pub fn memory(&self) -> &ServerMemory {
        &self.memory
    }

    /// The full JID that the session is going to ask for.
    pub fn address(&self) -> String {
        format!("{}/{}", self.account, self.resource)
    }

    /// The own server, as an address to ask.
    pub(crate) fn account_domain(&self) -> Result<Jid, Error> {
        Jid::new(self.account.domain().as_str()).map_err(|error| Error::Bug(error.to_string()))
    }

    /// Opens the session. `flight` is sent behind the request, without waiting for the answer to it.
    pub async fn bind(self, flight: &[Element]) -> Result<Session, Error> {
        // A server that refuses what is too large says so only where its words can be read meanwhile.
        let (along, after) = if is_large(flight) { (&[][..], flight) } else { (flight, &[][..]) };
        let (request, out) = bind_request(&self.resource, along);
        let (mut stream, memory) = match self.way {
            Way::ByPassword(stream, dialect) => {
                stream.progress.step("opening the session");
                (Box::pin(opened(*stream, dialect, &out)).await?, *self.memory)
            }
            Way::ByToken(prepared) => {
                let login = prepared.login.clone();
                let Entrance::Open(stream, memory) = Box::pin(prepared.enter(&out, Use::Again)).await? else {
                    // Of the same name: who asks for this session later must find it.
                    let ready = Self { resource: self.resource, ..Box::pin(without_token(login)).await? };
                    return Box::pin(ready.bind(flight)).await;
                };
                (*stream, *memory)
            }
        };
        let bound = bound_jid(&request, &mut stream, &self.account).await?;
        let stream_management = stream.features().has_child("sm", ns::SM);
        let memory = ServerMemory { stream_management, max_stanza: max_stanza(stream.features()), ..memory };
        if !after.is_empty() {
            stream.send(after).await?;
        }
        // Where the server made the account up, this is when it is known.
        Ok(Session { stream, account: bound.to_bare(), bound, memory })
    }
}

fn new_resource() -> String {
    format!("{RESOURCE_PREFIX}{}", uuid::Uuid::new_v4().simple())
}

/// Sends `flight` behind a login.
async fn opened(mut stream: Stream, dialect: Dialect, flight: &[Element]) -> Result<Stream, Error> {
    match dialect {
        Dialect::Sasl => stream.restart(flight).await,
        Dialect::Sasl2 => stream.send(flight).await.map(|()| stream),
    }
}

/// RFC 6120 §7, with `flight` behind the request.
fn bind_request(resource: &str, flight: &[Element]) -> (iq::Request, Vec<Element>) {
    let bind = Element::builder("bind", ns::BIND)
        .append(Element::builder("resource", ns::BIND).append(resource).build())
        .build();
    let request = iq::Request::set(None, bind);
    let mut out = vec![request.to_element()];
    out.extend_from_slice(flight);
    (request, out)
}

/// More than a connection takes at once, so that a round trip more does not matter.
fn is_large(flight: &[Element]) -> bool {
    const LARGE: usize = 64 * 1024;
    flight.iter().map(|element| String::from(element).len()).sum::<usize>() > LARGE
}

/// XEP-0478.
fn max_stanza(features: &Element) -> Option<usize> {
    let limits = features.get_child("limits", "urn:xmpp:stream-limits:0")?;
    limits.get_child("max-bytes", "urn:xmpp:stream-limits:0")?.text().trim().parse().ok()
}

/// The address that the server bound for `account`.
async fn bound_jid(request: &iq::Request, stream: &mut Stream, account: &BareJid) -> Result<FullJid, Error> {
    let answer = stream.next().await?;
    let result = request.answered_by(&answer, account).ok_or_else(|| stream.unexpected(&answer))?;
    let bind = result.map_err(|refusal| refusal.into_error("to open a session"))?;
    let jid = bind.and_then(|bind| bind.get_child("jid", ns::BIND).map(Element::text));
    let jid = jid.and_then(|text| FullJid::new(&text).ok());
    let is_own = |jid: &FullJid| match account.node() {
        Some(_) => jid.to_bare() == *account,
        None => jid.domain() == account.domain(),
    };
    jid.filter(is_own).ok_or_else(|| stream.unexpected(&answer))
}

impl Session {
    /// The account's bare JID.
    pub fn account(&self) -> &BareJid {
        &self.account
    }

    /// The full JID of this session.
    pub fn bound(&self) -> &FullJid {
        &self.bound
    }

    /// The own server, as an address to ask.
    pub(crate) fn account_domain(&self) -> Result<Jid, Error> {
        Jid::new(self.stream.domain()).map_err(|error| Error::Bug(error.to_string()))
    }

    /// What to remember for the next login.
    pub fn memory(&self) -> &ServerMemory {
        &self.memory
    }

    /// Whether the server offers stream management (XEP-0198).
    pub fn offers_stream_management(&self) -> bool {
        self.memory.stream_management
    }

    /// Ends the session.
    pub async fn close(self) {
        self.stream.close().await;
    }
}
