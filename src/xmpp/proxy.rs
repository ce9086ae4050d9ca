//! The way through a proxy: SOCKS5 (RFC 1928, with the password of RFC 1929) or HTTP CONNECT (RFC 9110 §9.3.6).
//!
//! Names are resolved by the proxy, so that nobody on this side learns which server is talked to: Tor needs that.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use super::endpoint::{Endpoint, Security, split_port};
use crate::error::Error;

/// An HTTP answer of more is none.
const LONGEST_ANSWER: usize = 16 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Socks5,
    Http,
}

/// A proxy as the user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    kind: Kind,
    host: String,
    port: u16,
    /// Who asks it, where it wants to know.
    pub user: Option<String>,
}

/// A proxy with the password for it, which is empty where there is no user.
#[derive(Clone)]
pub struct Via {
    pub proxy: Proxy,
    pub password: Zeroizing<String>,
}

impl FromStr for Proxy {
    type Err = String;

    /// Reads `socks5://[USER@]HOST[:PORT]` or `http://[USER@]HOST:PORT`. The complaint repeats nothing of it: there may be a
    /// password where none belongs.
    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, rest) = match text.split_once("://") {
            Some(("socks5" | "socks5h", rest)) => (Kind::Socks5, rest),
            Some(("http", rest)) => (Kind::Http, rest),
            _ => return Err("a proxy looks like socks5://HOST:PORT or http://HOST:PORT".into()),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, address) = rest.rsplit_once('@').map_or((None, rest), |(user, address)| (Some(user), address));
        if user.is_some_and(|user| user.contains(':')) {
            return Err("a password in it would be seen by others: see proxy_password_file in chat-config(5)".into());
        }
        if user.is_some_and(|user| user.is_empty() || user.len() > 255) {
            return Err("the user of the proxy has 1 to 255 bytes".into());
        }
        let unclear = |_| "behind the scheme and the user HOST:PORT is needed, with a port from 1 to 65535".to_owned();
        let (host, port) = split_port(address).map_err(unclear)?;
        let port = match (kind, port) {
            (_, Some(port)) => port,
            (Kind::Socks5, None) => 1080,
            (Kind::Http, None) => return Err("the port of the proxy is needed".into()),
        };
        Ok(Self { kind, host: host.to_owned(), port, user: user.map(str::to_owned) })
    }
}

impl fmt::Display for Proxy {
    /// In the form that [`Proxy::from_str`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.kind == Kind::Socks5 { "socks5" } else { "http" };
        let user = self.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
        write!(f, "{scheme}://{user}{}", authority(&self.host, self.port))
    }
}

fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

impl Via {
    /// Where the proxy itself listens.
    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint { host: self.proxy.host.clone(), port: self.proxy.port, security: Security::StartTls }
    }

    /// Asks the proxy on `io` for a connection to `target`.
    pub(crate) async fn pass(
        &self,
        io: &mut (impl AsyncRead + AsyncWrite + Unpin),
        target: &Endpoint,
    ) -> Result<(), Error> {
        let result = match self.proxy.kind {
            Kind::Socks5 => self.socks5(io, target).await,
            Kind::Http => self.http(io, target).await,
        };
        let name = || format!("the proxy {}", self.proxy);
        result.map_err(|failure| match failure {
            Failure::Io(error) => {
                Error::ConnectionLost { step: format!("asking {}", name()), reason: error.to_string() }
            }
            Failure::NoProxy => Error::Protocol {
                step: format!("asking {}", name()),
                reason: "what answers there is no such proxy".into(),
            },
            Failure::NotAllowed(reason) => Error::ProxyRefused { proxy: self.proxy.to_string(), reason },
            Failure::NoWay(reason) => Error::CannotConnect { target: format!("{target} through {}", name()), reason },
        })
    }

    async fn socks5(&self, io: &mut (impl AsyncRead + AsyncWrite + Unpin), target: &Endpoint) -> Result<(), Failure> {
        const NOTHING: u8 = 0;
        const PASSWORD: u8 = 2;
        let methods: &[u8] = if self.proxy.user.is_some() { &[NOTHING, PASSWORD] } else { &[NOTHING] };
        io.write_all(&[&[5, u8::try_from(methods.len()).unwrap_or(1)], methods].concat()).await?;
        match read::<2>(io).await? {
            [5, NOTHING] => {}
            [5, PASSWORD] if self.proxy.user.is_some() => self.socks5_password(io).await?,
            [5, _] => return Err(Failure::NotAllowed("it wants to know who asks".into())),
            _ => return Err(Failure::NoProxy),
        }
        let mut request = vec![5, 1, 0];
        request.extend(socks5_address(&target.host)?);
        request.extend(target.port.to_be_bytes());
        io.write_all(&request).await?;
        let [version, reply, _, kind] = read::<4>(io).await?;
        match (version, reply) {
            (5, 0) => {}
            (5, 2) => return Err(Failure::NotAllowed("it does not allow this connection".into())),
            (5, reply) => return Err(Failure::NoWay(socks5_reason(reply))),
            _ => return Err(Failure::NoProxy),
        }
        // The address that it uses itself is of no interest.
        let length = match kind {
            1 => 4,
            4 => 16,
            3 => usize::from(read::<1>(io).await?[0]),
            _ => return Err(Failure::NoProxy),
        };
        io.read_exact(&mut vec![0; length + 2]).await?;
        Ok(())
    }

    /// RFC 1929.
    async fn socks5_password(&self, io: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Result<(), Failure> {
        let too_long = |_| Failure::NotAllowed("its password has more than 255 bytes".into());
        let user = self.proxy.user.as_deref().unwrap_or_default();
        let mut said = Zeroizing::new(vec![1]);
        for part in [user, &self.password] {
            said.push(u8::try_from(part.len()).map_err(too_long)?);
            said.extend_from_slice(part.as_bytes());
        }
        io.write_all(&said).await?;
        match read::<2>(io).await? {
            [_, 0] => Ok(()),
            _ => Err(Failure::NotAllowed("wrong user or password".into())),
        }
    }

    async fn http(&self, io: &mut (impl AsyncRead + AsyncWrite + Unpin), target: &Endpoint) -> Result<(), Failure> {
        let to = authority(&target.host, target.port);
        let mut request = Zeroizing::new(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n"));
        if let Some(user) = &self.proxy.user {
            let secret = Zeroizing::new(format!("{user}:{}", *self.password));
            let encoded = Zeroizing::new(BASE64.encode(secret.as_bytes()));
            for part in ["Proxy-Authorization: Basic ", &encoded, "\r\n"] {
                request.push_str(part);
            }
        }
        request.push_str("\r\n");
        io.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        // A byte at a time: what follows belongs to the server.
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(io.read_u8().await?);
            if answer.len() > LONGEST_ANSWER || !b"HTTP/1.".starts_with(&answer[..answer.len().min(7)]) {
                return Err(Failure::NoProxy);
            }
        }
        let line = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned();
        let (_, status) = line.split_once(' ').ok_or(Failure::NoProxy)?;
        match status.as_bytes() {
            [b'2', ..] => Ok(()),
            [b'4', b'0', b'7', ..] if self.proxy.user.is_some() => {
                Err(Failure::NotAllowed(format!("wrong user or password ({status})")))
            }
            [b'4', b'0', b'1' | b'3' | b'7', ..] => Err(Failure::NotAllowed(format!("it said {status}"))),
            _ => Err(Failure::NoWay(format!("it said {status}"))),
        }
    }
}

enum Failure {
    Io(io::Error),
    /// Whatever it is, it does not speak this protocol.
    NoProxy,
    NotAllowed(String),
    /// It could not connect.
    NoWay(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Io(io::Error::other("it closed the connection")),
            _ => Self::Io(error),
        }
    }
}

async fn read<const LENGTH: usize>(io: &mut (impl AsyncRead + Unpin)) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    io.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn socks5_address(host: &str) -> Result<Vec<u8>, Failure> {
    Ok(match host.parse() {
        Ok(IpAddr::V4(address)) => [&[1], &address.octets()[..]].concat(),
        Ok(IpAddr::V6(address)) => [&[4], &address.octets()[..]].concat(),
        Err(_) => {
            let length = u8::try_from(host.len()).map_err(|_| Failure::NoWay("the name is too long".into()))?;
            [&[3, length], host.as_bytes()].concat()
        }
    })
}

/// RFC 1928 §6.
fn socks5_reason(reply: u8) -> String {
    match reply {
        3 => "network unreachable".into(),
        4 => "host unreachable, or no such name".into(),
        5 => "connection refused".into(),
        6 => "it took too long".into(),
        other => format!("it failed (reply {other})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<Proxy>().map_or_else(|error| error, |proxy| proxy.to_string())
    }

    /// What comes of asking a proxy that says `answer`, whatever it is asked.
    fn pass(proxy: &str, answer: &[u8]) -> Result<(), String> {
        let via = Via { proxy: proxy.parse().expect("a proxy"), password: String::from("s3cret").into() };
        let target = "xmpp:chat.example:5222".parse().expect("a server");
        super::super::scripted_server::run(async {
            let (mut ours, mut theirs) = tokio::io::duplex(1 << 16);
            theirs.write_all(answer).await.expect("a pipe");
            theirs.shutdown().await.expect("a pipe");
            via.pass(&mut ours, &target).await.map_err(|error| format!("{} {error}", error.exit_code().number()))
        })
    }

    #[test]
    fn a_proxy_is_read_and_written() {
        assert_eq!(read("socks5://127.0.0.1"), "socks5://127.0.0.1:1080");
        assert_eq!(read("socks5h://me@[::1]:9050/"), "socks5://me@[::1]:9050");
        assert_eq!(read("http://proxy.example:3128"), "http://proxy.example:3128");
        for bad in ["proxy:1", "ftp://proxy:1", "http://proxy", "socks5://", "socks5://@proxy", "http://proxy:0"] {
            assert!(bad.parse::<Proxy>().is_err(), "{bad}");
        }
        assert!(read("http://me:secret@proxy:1").contains("proxy_password_file"));
    }

    #[test]
    fn a_complaint_repeats_no_password() {
        for bad in [
            "http://me:s3cret@proxy:1",
            "socks5://me:s3cret",
            "me:s3cret@proxy:1",
            "http://[me:s3cret@proxy",
            "http://me:s3cret/",
        ] {
            let complaint = bad.parse::<Proxy>().expect_err("no proxy");
            assert!(!complaint.contains("s3cret"), "{complaint}");
        }
    }

    #[test]
    fn what_a_proxy_says_is_told_with_its_status() {
        let socks = |answer| pass("socks5://me@proxy:1", answer);
        assert_eq!(socks(b"\x05\0\x05\0\0\x01\0\0\0\0\0\0"), Ok(()));
        assert_eq!(socks(b"\x05\x02\x01\0\x05\0\0\x03\x01a\0\0"), Ok(()));
        let end = |answer| socks(answer).expect_err("an error");
        assert_eq!(end(b"\x05\x02\x01\x01"), "77 the proxy socks5://me@proxy:1 refused: wrong user or password");
        assert!(end(b"\x05\xff").starts_with("77 "));
        assert!(end(b"\x05\0\x05\x05\0\x01").ends_with("proxy socks5://me@proxy:1: connection refused"));
        assert!(end(b"HTTP/1.1 400 Bad Request\r\n\r\n").starts_with("76 "));
        assert!(end(b"\x05").starts_with("75 the connection was lost while asking the proxy"));

        let http = |answer| pass("http://me@proxy:1", answer);
        assert_eq!(http(b"HTTP/1.0 200 OK\r\nVia: x\r\n\r\n"), Ok(()));
        assert!(http(b"HTTP/1.1 407 Who\r\n\r\n").expect_err("an error").starts_with("77 "));
        assert!(http(b"HTTP/1.1 502 Bad\r\n\r\n").expect_err("an error").starts_with("75 "));
        assert!(http(b"220 smtp.example\r\n\r\n").expect_err("an error").starts_with("76 "));
        assert!(http(&[b"HTTP/1.1 2", &vec![b'0'; 20_000][..]].concat()).expect_err("an error").starts_with("76 "));
    }
}
