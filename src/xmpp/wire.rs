//! The bytes below the XML stream: what comes in passes the [`Guard`], what goes out can be joined into one flight.
//!
//! `tokio_xmpp::xmlstream` sends a stream header and then waits for the answer. What is known to follow it (the first
//! step of a login, the binding of a resource, the requests behind it) can travel in the same flight: it is left here
//! as a *trailer* and goes out with the header. That saves a round trip each time.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::guard::{Guard, MAX_STANZA};

/// A connection that can carry an XML stream: TCP, TLS, or a pipe in tests.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// What the owner of the XML stream says to the [`Wire`] below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct WireControl(Arc<Mutex<Orders>>);

#[derive(Debug, Default)]
struct Orders {
    trailer: Vec<u8>,
    restarted: bool,
}

impl WireControl {
    /// Before a stream header is sent: `trailer` goes out behind it, and the server's elements are counted from anew.
    pub(crate) fn next_header(&self, trailer: Vec<u8>) {
        *self.orders() = Orders { trailer, restarted: true };
    }

    fn orders(&self) -> std::sync::MutexGuard<'_, Orders> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection with the guard in front of its reader and the trailer behind its writer.
pub(crate) struct Wire {
    io: Box<dyn Io>,
    control: WireControl,
    guard: Guard,
    /// Passed the guard, not yet read: `clean[taken..]`.
    clean: Vec<u8>,
    taken: usize,
    trailer_sent: usize,
}

impl Wire {
    pub(crate) fn new(io: Box<dyn Io>, control: WireControl) -> Self {
        Self { io, control, guard: Guard::new(), clean: Vec::new(), taken: 0, trailer_sent: 0 }
    }

    /// The connection itself; bytes that were read but not used are dropped, as STARTTLS demands (RFC 6120 §5.4.3.3).
    pub(crate) fn into_inner(self) -> Box<dyn Io> {
        self.io
    }

    fn fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let mut raw = [0; 8192];
        let mut raw = ReadBuf::new(&mut raw);
        ready!(Pin::new(&mut self.io).poll_read(cx, &mut raw))?;
        if std::mem::take(&mut self.control.orders().restarted) {
            self.guard = Guard::new();
        }
        self.clean.clear();
        self.taken = 0;
        self.guard.pass(raw.filled(), &mut self.clean).map_err(|_| too_large())?;
        Poll::Ready(Ok(raw.filled().is_empty()))
    }

    fn poll_trailer(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let trailer = self.control.orders().trailer.clone();
        while self.trailer_sent < trailer.len() {
            let sent = ready!(Pin::new(&mut self.io).poll_write(cx, &trailer[self.trailer_sent..]))?;
            self.trailer_sent += sent;
        }
        self.control.orders().trailer.clear();
        self.trailer_sent = 0;
        Poll::Ready(Ok(()))
    }
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a stanza is larger than {MAX_STANZA} bytes"))
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.taken == self.clean.len() {
            let ended = ready!(self.fill(cx))?;
            if ended {
                return Poll::Ready(Ok(()));
            }
        }
        let length = buf.remaining().min(self.clean.len() - self.taken);
        let end = self.taken + length;
        buf.put_slice(&self.clean[self.taken..end]);
        self.taken = end;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_trailer(cx))?;
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
