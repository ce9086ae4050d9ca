//! A file sent by HTTP/1.1 over the TLS of [`super::super::tls`], in constant memory.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::client::conn::http1;
use hyper::{Method, Request, StatusCode, Uri};
use ring::digest::{self, SHA256};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::super::connect;
use super::super::endpoint::{Endpoint, Security};
use super::super::progress::Progress;
use super::super::tls;
use super::super::wire::Io;
use super::{Slot, Way, not_uploaded};
use crate::conversation::attachment::LocalFile;
use crate::error::Error;
use crate::exit_code::ExitCode;

const CHUNK: usize = 64 * 1024;

/// The parts of an address that begins with `https://`.
pub(super) struct Target {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) path: String,
    authority: String,
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        let bad = || Error::Refused {
            what: "a place for the file".into(),
            reason: "its address is no https:// address".into(),
        };
        let uri: Uri = url.parse().map_err(|_| bad())?;
        let authority = uri.authority().filter(|_| uri.scheme_str() == Some("https")).ok_or_else(bad)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let port = authority.port_u16().unwrap_or(443);
        Ok(Self { host: authority.host().to_owned(), port, path, authority: authority.to_string() })
    }
}

/// Sends the file, and returns the SHA-256 of what was sent. `own` is how the account's server is reached, where it is the
/// same.
pub(super) async fn put(
    slot: &Slot,
    own: Option<&Endpoint>,
    way: &Way<'_>,
    steps: &Progress,
    file: &LocalFile,
    progress: &dyn Fn(&LocalFile, u64),
) -> Result<String, Error> {
    let io = open(&slot.put, own, way, steps).await?;
    let source = Rc::new(RefCell::new(Source::open(file)?));
    let lost = |error: hyper::Error| not_uploaded(&file.name, &said(&error), ExitCode::TryLater);
    let (mut sender, connection) = http1::handshake(Wire(io)).await.map_err(lost)?;
    let request = request(slot, file, Outgoing(Rc::clone(&source)))?;
    let told = async {
        let answer = sender.send_request(request);
        tokio::pin!(answer);
        futures::future::poll_fn(|context| {
            progress(file, source.borrow().sent);
            answer.as_mut().poll(context)
        })
        .await
    };
    tokio::pin!(told, connection);
    let answer = tokio::select! {
        answer = &mut told => answer,
        ended = &mut connection => match ended {
            Ok(()) => told.await,
            Err(error) => Err(error),
        },
    };
    if let Some(problem) = source.borrow_mut().problem.take() {
        return Err(Error::CannotRead { what: file.path.display().to_string(), source: problem });
    }
    judge(answer.map_err(lost)?.status(), file)?;
    Ok(source.borrow().sha256())
}

async fn open(target: &Target, own: Option<&Endpoint>, way: &Way<'_>, steps: &Progress) -> Result<Box<dyn Io>, Error> {
    let host = own.map_or(&target.host, |own| &own.host).clone();
    // No protocol is named within TLS, which means HTTP/1.1 to a server that knows several.
    let security = Security::StartTls;
    let endpoint = Endpoint { host, port: target.port, security };
    let (tcp, _) = connect::connect(&target.host, Some(&endpoint), way.via, steps).await?;
    let files = tls::Files { authorities: way.authorities, client: None };
    Ok(tls::encrypt(Box::new(tcp), &target.host, security, &files).await?.0)
}

fn request(slot: &Slot, file: &LocalFile, body: Outgoing) -> Result<Request<Outgoing>, Error> {
    let mut request = Request::builder()
        .method(Method::PUT)
        .uri(&slot.put.path)
        .header("host", &slot.put.authority)
        .header("content-type", file.media_type)
        .header("content-length", file.size);
    for (name, value) in &slot.headers {
        request = request.header(name, value);
    }
    let bad = |error: hyper::http::Error| not_uploaded(&file.name, &error.to_string(), ExitCode::Unavailable);
    request.body(body).map_err(bad)
}

fn judge(status: StatusCode, file: &LocalFile) -> Result<(), Error> {
    let code = match status {
        _ if status.is_success() => return Ok(()),
        StatusCode::PAYLOAD_TOO_LARGE => ExitCode::BadData,
        _ if status.is_server_error() => ExitCode::TryLater,
        _ => ExitCode::Unavailable,
    };
    Err(not_uploaded(&file.name, &format!("the server says {}", status.as_u16()), code))
}

fn said(error: &hyper::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

/// The file while it is being read.
struct Source {
    file: File,
    left: u64,
    sent: u64,
    digest: digest::Context,
    problem: Option<io::Error>,
}

impl Source {
    fn open(file: &LocalFile) -> Result<Self, Error> {
        let failed = |source| Error::CannotRead { what: file.path.display().to_string(), source };
        let opened = File::open(&file.path).map_err(failed)?;
        Ok(Self { file: opened, left: file.size, sent: 0, digest: digest::Context::new(&SHA256), problem: None })
    }

    /// No more than was announced; less is an error.
    fn next(&mut self) -> io::Result<Option<Bytes>> {
        let most = usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK);
        if most == 0 {
            return Ok(None);
        }
        let mut chunk = vec![0; most];
        let length = self.file.read(&mut chunk)?;
        if length == 0 {
            return Err(io::Error::other("it became shorter meanwhile"));
        }
        chunk.truncate(length);
        self.digest.update(&chunk);
        self.left -= length as u64;
        self.sent += length as u64;
        Ok(Some(chunk.into()))
    }

    fn sha256(&self) -> String {
        BASE64_STANDARD.encode(self.digest.clone().finish())
    }
}

/// The body of the request.
struct Outgoing(Rc<RefCell<Source>>);

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let mut source = self.0.borrow_mut();
        Poll::Ready(match source.next() {
            Ok(chunk) => chunk.map(|chunk| Ok(Frame::data(chunk))),
            Err(error) => {
                source.problem = Some(io::Error::new(error.kind(), error.to_string()));
                Some(Err(error))
            }
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.borrow().left)
    }

    fn is_end_stream(&self) -> bool {
        self.0.borrow().left == 0
    }
}

/// Between the two ways to say what can be read and written.
struct Wire(Box<dyn Io>);

impl hyper::rt::Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut cursor: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut space = [0; 8 * 1024];
        let most = cursor.remaining().min(space.len());
        let mut buffer = ReadBuf::new(&mut space[..most]);
        std::task::ready!(Pin::new(&mut self.0).poll_read(context, &mut buffer))?;
        cursor.put_slice(buffer.filled());
        Poll::Ready(Ok(()))
    }
}

impl hyper::rt::Write for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(size: u64) -> (tempfile::NamedTempFile, LocalFile) {
        let kept = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(kept.path(), b"abc").expect("written");
        let path = kept.path().to_owned();
        (kept, LocalFile { path, name: "abc".into(), size, media_type: "text/plain" })
    }

    #[test]
    fn what_grew_meanwhile_is_cut_and_what_shrank_is_an_error() {
        let (_kept, grown) = file(2);
        let mut source = Source::open(&grown).expect("readable");
        assert_eq!(source.next().expect("two bytes"), Some(Bytes::from_static(b"ab")));
        assert_eq!(source.next().expect("the end"), None);
        let (_kept, shrunk) = file(4);
        let mut source = Source::open(&shrunk).expect("readable");
        assert_eq!(source.next().expect("three bytes").map(|chunk| chunk.len()), Some(3));
        assert!(source.next().is_err());
        assert_eq!(source.sha256(), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }

    #[test]
    fn what_the_server_says_tells_whether_to_try_again() {
        let (_kept, file) = file(3);
        let code = |status| {
            judge(StatusCode::from_u16(status).expect("a status"), &file).err().map(|error| error.exit_code().number())
        };
        assert_eq!(
            (code(201), code(413), code(403), code(500), code(503)),
            (None, Some(65), Some(69), Some(75), Some(75))
        );
    }
}
