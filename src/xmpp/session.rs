//! A logged-in session: connect, encrypt, log in, bind a resource (RFC 6120 §7).

use std::path::Path;
use std::rc::Rc;

use jid::{BareJid, FullJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::connect;
use super::endpoint::{Endpoint, Security};
use super::iq;
use super::login::Attempt;
use super::memory::ServerMemory;
use super::progress::Progress;
use super::stream::Stream;
use super::tls;
use super::wire::Io;
use crate::error::Error;

/// Resources of `chat` start with this, so that its own messages can be told from those of other clients.
pub const RESOURCE_PREFIX: &str = "chat-cli.";

/// What a login needs.
pub struct Login<'a> {
    pub account: &'a BareJid,
    pub password: &'a str,
    pub endpoint: Option<&'a Endpoint>,
    pub ca_file: Option<&'a Path>,
    /// From the last login, or the default.
    pub memory: ServerMemory,
    pub progress: Rc<Progress>,
}

/// The password was accepted; nothing is bound yet, so that the first requests can travel with the binding.
pub struct Ready {
    stream: Stream,
    account: BareJid,
    resource: String,
    memory: ServerMemory,
}

/// A session with a resource, that sends no presence: it takes no messages away from other clients.
pub struct Session {
    pub(crate) stream: Stream,
    account: BareJid,
    bound: FullJid,
    memory: ServerMemory,
}

/// Connects, encrypts and logs in.
pub async fn authenticate(login: &Login<'_>) -> Result<Ready, Error> {
    let (io, exporter) = secured(login).await?;
    let (attempt, first) = Attempt::prepare(login.account, login.password, exporter, &login.memory)?;
    login.progress.step(format!("talking to {}", login.account.domain()));
    let mut stream = Stream::open(io, login.account, &[first], Rc::clone(&login.progress)).await?;
    let memory = attempt.finish(&mut stream).await?;
    Ok(Ready::new(stream, login.account.clone(), memory))
}

/// Logs in and binds, and nothing more; returns what to remember.
pub async fn open(login: &Login<'_>) -> Result<(Session, ServerMemory), Error> {
    let session = authenticate(login).await?.bind(&[]).await?;
    let memory = session.memory.clone();
    Ok((session, memory))
}

async fn secured(login: &Login<'_>) -> Result<(Box<dyn Io>, tls::Exporter), Error> {
    let domain = login.account.domain().as_str();
    let ascii = dns_name(domain)?;
    let (tcp, security) = connect::connect(&ascii, login.endpoint, &login.progress).await?;
    let io = match security {
        Security::DirectTls => Box::new(tcp),
        Security::StartTls => start_tls(Box::new(tcp), login).await?,
    };
    login.progress.step(format!("checking the certificate of {domain}"));
    tls::encrypt(io, &ascii, security, login.ca_file).await
}

/// The name that DNS and certificates know a domain by: ASCII, and an IPv6 address without its brackets (RFC 7622 §3.2).
fn dns_name(domain: &str) -> Result<String, Error> {
    let bare = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(domain);
    if bare.contains(':') {
        return Ok(bare.to_owned());
    }
    let invalid = |error: idna::Errors| Error::InvalidAddress { text: domain.to_owned(), reason: error.to_string() };
    idna::domain_to_ascii(bare).map_err(invalid)
}

/// RFC 6120 §5: asks for TLS, and takes no for an error.
async fn start_tls(tcp: Box<dyn Io>, login: &Login<'_>) -> Result<Box<dyn Io>, Error> {
    login.progress.step(format!("asking {} for encryption", login.account.domain()));
    let opened = Stream::open(tcp, login.account, &[], Rc::clone(&login.progress)).await;
    let mut stream = opened.map_err(no_starttls)?;
    if !stream.features().has_child("starttls", ns::TLS) {
        return Err(Error::NoEncryption { server: stream.domain().to_owned() });
    }
    stream.send(&[Element::bare("starttls", ns::TLS)]).await?;
    let answer = stream.next().await?;
    if answer.is("proceed", ns::TLS) {
        Ok(stream.into_io())
    } else {
        Err(Error::NoEncryption { server: stream.domain().to_owned() })
    }
}

/// A port that speaks TLS from the first byte says nothing that we understand, and hangs up.
fn no_starttls(error: Error) -> Error {
    match error {
        Error::ConnectionLost { step, reason } => {
            let reason = format!("{reason} (does this port speak TLS from the start? then name it xmpps:HOST)");
            Error::ConnectionLost { step, reason }
        }
        other => other,
    }
}

impl Ready {
    pub(crate) fn new(stream: Stream, account: BareJid, memory: ServerMemory) -> Self {
        let resource = format!("{RESOURCE_PREFIX}{}", uuid::Uuid::new_v4().simple());
        Self { stream, account, resource, memory }
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
        Jid::new(self.stream.domain()).map_err(|error| Error::Bug(error.to_string()))
    }

    /// Binds a resource. `flight` is sent behind the request, without waiting for the answer to it.
    pub async fn bind(self, flight: &[Element]) -> Result<Session, Error> {
        self.stream.progress.step("opening the session");
        let bind = Element::builder("bind", ns::BIND)
            .append(Element::builder("resource", ns::BIND).append(self.resource).build())
            .build();
        let request = iq::Request::set(None, bind);
        let mut out = vec![request.to_element()];
        // A server that refuses what is too large says so only where its words can be read meanwhile.
        let (along, after) = if is_large(flight) { (&[][..], flight) } else { (flight, &[][..]) };
        out.extend_from_slice(along);
        let mut stream = self.stream.restart(&out).await?;
        let answer = stream.next().await?;
        let bound = bound_jid(&request, &answer, &self.account)?.ok_or_else(|| stream.unexpected(&answer))?;
        let stream_management = stream.features().has_child("sm", ns::SM);
        let memory = ServerMemory { stream_management, max_stanza: max_stanza(stream.features()), ..self.memory };
        if !after.is_empty() {
            stream.send(after).await?;
        }
        Ok(Session { stream, account: self.account, bound, memory })
    }
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

/// The address that the server bound; `None` where `answer` does not answer `request` or does not belong to `account`.
fn bound_jid(request: &iq::Request, answer: &Element, account: &BareJid) -> Result<Option<FullJid>, Error> {
    let Some(result) = request.answered_by(answer, account) else { return Ok(None) };
    let bind = result.map_err(|refusal| refusal.into_error("to open a session"))?;
    let jid = bind.and_then(|bind| bind.get_child("jid", ns::BIND).map(Element::text));
    let jid = jid.and_then(|text| FullJid::new(&text).ok());
    Ok(jid.filter(|jid| jid.to_bare() == *account))
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

#[cfg(test)]
mod tests {
    use super::dns_name;

    #[test]
    fn dns_and_certificates_know_a_domain_in_ascii() {
        let name = |domain: &str| dns_name(domain).expect("a domain");
        assert_eq!(name("bücher.example"), "xn--bcher-kva.example");
        assert_eq!(
            (name("[::1]"), name("127.0.0.1"), name("localhost")),
            ("::1".into(), "127.0.0.1".into(), "localhost".into())
        );
    }
}
