//! The XML stream (RFC 6120 §4): headers, features, elements out and in, and what its end means.
//!
//! Everything is read as a plain element and interpreted later: an answer that does not fit a type is then an answer
//! that can be reported, not one that is silently missing.

use std::borrow::Cow;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use jid::BareJid;
use minidom::Element;
use tokio::io::BufStream;
use tokio_xmpp::xmlstream::{
    InitiatingStream, PendingFeaturesRecv, ReadError, StreamHeader, Timeouts, XmlStream, initiate_stream,
};
use xmpp_parsers::ns;

use super::progress::Progress;
use super::wire::{Io, Wire, WireControl};
use crate::error::Error;

/// For what is left to read of a connection that is broken.
const LAST_WORDS: Duration = Duration::from_secs(1);

type XmlOverWire = XmlStream<BufStream<Wire>, Element>;

/// An open stream whose features are known.
pub(crate) struct Stream {
    xml: XmlOverWire,
    control: WireControl,
    features: Element,
    header: Header,
    pub(crate) progress: Rc<Progress>,
}

/// What our stream header says.
struct Header {
    domain: String,
    /// Where the connection is encrypted (RFC 6120 §4.7.1): ejabberd offers SASL2 only to who says who it is.
    from: Option<String>,
}

impl Header {
    fn typed(&self) -> StreamHeader<'_> {
        StreamHeader { from: self.from.as_deref().map(Cow::Borrowed), to: Some(Cow::Borrowed(&self.domain)), id: None }
    }
}

impl Stream {
    /// Starts a stream in clear, for nothing but STARTTLS.
    pub(crate) async fn open_in_clear(
        io: Box<dyn Io>,
        account: &BareJid,
        trailer: &[Element],
        progress: Rc<Progress>,
    ) -> Result<Self, Error> {
        Self::open_with(io, Header { domain: account.domain().to_string(), from: None }, trailer, progress).await
    }

    /// Exchanges stream headers with `domain` over `io` and reads the features. `trailer` travels behind our header.
    pub(crate) async fn open(
        io: Box<dyn Io>,
        account: &BareJid,
        trailer: &[Element],
        progress: Rc<Progress>,
    ) -> Result<Self, Error> {
        let header = Header { domain: account.domain().to_string(), from: account.node().map(|_| account.to_string()) };
        Self::open_with(io, header, trailer, progress).await
    }

    async fn open_with(
        io: Box<dyn Io>,
        header: Header,
        trailer: &[Element],
        progress: Rc<Progress>,
    ) -> Result<Self, Error> {
        let control = WireControl::default();
        control.next_header(bytes(trailer));
        let wire = BufStream::new(Wire::new(io, control.clone()));
        let opened = initiate_stream(wire, ns::JABBER_CLIENT, header.typed(), no_timeouts()).await;
        Self::with_features(opened, control, header, progress).await
    }

    /// Starts the stream anew, as it must be after a login (RFC 6120 §6.4.6). `trailer` travels behind our header.
    pub(crate) async fn restart(self, trailer: &[Element]) -> Result<Self, Error> {
        self.control.next_header(bytes(trailer));
        let restarting: InitiatingStream<_> = self.xml.initiate_reset();
        let opened = restarting.send_header(self.header.typed()).await;
        Self::with_features(opened, self.control, self.header, self.progress).await
    }

    async fn with_features(
        opened: io::Result<PendingFeaturesRecv<BufStream<Wire>>>,
        control: WireControl,
        header: Header,
        progress: Rc<Progress>,
    ) -> Result<Self, Error> {
        let xml = opened.map_err(|error| lost(&progress, &error))?.skip_features();
        let features = Element::bare("features", ns::STREAM);
        let mut stream = Self { xml, control, features, header, progress };
        stream.read_features().await?;
        Ok(stream)
    }

    /// Reads the features; SASL2 sends them anew without a new header (XEP-0388).
    pub(crate) async fn read_features(&mut self) -> Result<(), Error> {
        self.features = self.next().await?;
        if self.features.is("features", ns::STREAM) { Ok(()) } else { Err(self.unexpected(&self.features)) }
    }

    /// What the server offered last (RFC 6120 §4.3.2).
    pub(crate) fn features(&self) -> &Element {
        &self.features
    }

    /// The domain that the stream was opened to.
    pub(crate) fn domain(&self) -> &str {
        &self.header.domain
    }

    /// Sends `elements` in one flight.
    pub(crate) async fn send(&mut self, elements: &[Element]) -> Result<(), Error> {
        for element in elements {
            if let Err(error) = self.xml.feed(element).await {
                return Err(Box::pin(self.last_words(&error)).await);
            }
        }
        match SinkExt::<&Element>::flush(&mut self.xml).await {
            Ok(()) => Ok(()),
            Err(error) => Err(Box::pin(self.last_words(&error)).await),
        }
    }

    /// A server that hangs up in the middle of what we send has often said why; what came in before can still be read.
    async fn last_words(&mut self, error: &io::Error) -> Error {
        let said = async {
            loop {
                if let Err(error) = self.next().await {
                    return error;
                }
            }
        };
        match tokio::time::timeout(LAST_WORDS, said).await {
            Ok(reason @ Error::StreamEnded { .. }) => reason,
            _ => lost(&self.progress, error),
        }
    }

    /// The next element from the server; a stream error or the end of the stream is an [`Error`].
    pub(crate) async fn next(&mut self) -> Result<Element, Error> {
        loop {
            match self.xml.next().await {
                Some(Ok(element)) if element.is("error", ns::STREAM) => return Err(self.stream_error(&element)),
                Some(Ok(element)) => return Ok(element),
                Some(Err(ReadError::SoftTimeout)) => (),
                Some(Err(ReadError::HardError(error))) => return Err(lost(&self.progress, &error)),
                Some(Err(ReadError::ParseError(error))) => {
                    return Err(Error::Protocol { step: self.progress.current(), reason: error.to_string() });
                }
                Some(Err(ReadError::StreamFooterReceived)) | None => {
                    return Err(self.lost("the server closed the stream"));
                }
            }
        }
    }

    /// The connection below, for STARTTLS.
    pub(crate) fn into_io(self) -> Box<dyn Io> {
        self.xml.into_inner().into_inner().into_inner()
    }

    /// Says goodbye and does not wait for the answer: all that mattered has been answered before.
    pub(crate) async fn close(mut self) {
        let _nothing_more_to_lose = self.xml.shutdown().await;
    }

    /// The error for an element that has no place here.
    pub(crate) fn unexpected(&self, element: &Element) -> Error {
        Error::Protocol { step: self.progress.current(), reason: format!("unexpected <{}/>", element.name()) }
    }

    fn lost(&self, reason: &str) -> Error {
        Error::ConnectionLost { step: self.progress.current(), reason: reason.to_owned() }
    }

    /// RFC 6120 §4.9.3.
    fn stream_error(&self, element: &Element) -> Error {
        let condition = condition(element, ns::XMPP_STREAMS);
        match condition.split(' ').next().unwrap_or_default() {
            "host-unknown" | "host-gone" => Error::NoSuchHost {
                domain: self.header.domain.clone(),
                reason: "the server that answered does not serve this domain".into(),
            },
            "system-shutdown"
            | "reset"
            | "resource-constraint"
            | "connection-timeout"
            | "internal-server-error"
            | "remote-connection-failed" => Error::StreamEnded { condition, later: true },
            _ => Error::StreamEnded { condition, later: false },
        }
    }
}

/// The condition of an error element and, in parentheses, its text.
pub(crate) fn condition(error: &Element, namespace: &str) -> String {
    let is_text = |child: &&Element| child.name() == "text";
    let name =
        error.children().find(|child| child.ns() == namespace && !is_text(child)).map_or("unknown", Element::name);
    match error.children().find(is_text).map(Element::text).filter(|text| !text.is_empty()) {
        Some(text) => format!("{name} ({text})"),
        None => name.to_owned(),
    }
}

/// The one deadline over the whole command is kept by `commands/`, so the stream needs none of its own.
fn no_timeouts() -> Timeouts {
    let day = Duration::from_secs(86_400);
    Timeouts { read_timeout: day, response_timeout: day }
}

fn bytes(elements: &[Element]) -> Vec<u8> {
    elements.iter().flat_map(|element| String::from(element).into_bytes()).collect()
}

fn lost(progress: &Progress, error: &io::Error) -> Error {
    let step = progress.current();
    let ended = matches!(
        error.get_ref().and_then(|inner| inner.downcast_ref::<rxml::Error>()),
        Some(rxml::Error::InvalidEof(_))
    );
    match error.kind() {
        _ if ended || error.kind() == io::ErrorKind::UnexpectedEof => {
            Error::ConnectionLost { step, reason: "the server closed the connection".into() }
        }
        io::ErrorKind::InvalidData => Error::Protocol { step, reason: error.to_string() },
        _ => Error::ConnectionLost { step, reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::ServerMemory;
    use super::super::scripted_server::{self, HEADER};
    use super::*;

    fn login_error(answer: &str) -> Error {
        let script = vec![("<stream:stream", answer.to_owned())];
        let result = scripted_server::run(scripted_server::log_in(script, &ServerMemory::default()));
        result.err().expect("an error")
    }

    #[test]
    fn a_server_for_another_domain_is_no_such_host() {
        let error = "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
        assert_eq!(login_error(&format!("{HEADER}{error}")).exit_code().number(), 68);
    }

    #[test]
    fn garbage_is_a_broken_protocol_and_silence_a_lost_connection() {
        assert_eq!(login_error("HTTP/1.1 400 Bad Request\r\n\r\n").exit_code().number(), 76);
        assert_eq!(login_error("").exit_code().number(), 75);
        assert_eq!(login_error(HEADER).exit_code().number(), 75);
    }

    #[test]
    fn a_server_without_a_known_login_is_refused() {
        let features = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
            <mechanism>DIGEST-MD5</mechanism></mechanisms></stream:features>";
        let refused = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><invalid-mechanism/></failure>";
        assert_eq!(login_error(&format!("{HEADER}{features}{refused}")).exit_code().number(), 77);
    }

    #[test]
    fn deep_nesting_does_not_end_the_session() {
        let deep = format!("<message>{}{}</message>", "<a>".repeat(33_000), "</a>".repeat(33_000));
        let mut script = scripted_server::welcome("");
        script[3].1.push_str(&deep);
        scripted_server::run(async {
            let ready = scripted_server::log_in(script, &ServerMemory::default()).await.expect("a login");
            let mut session = ready.bind(&[]).await.expect("a session");
            assert_eq!(session.stream.next().await.expect("the message").name(), "message");
        });
    }
}
