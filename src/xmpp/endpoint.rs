//! Where a server listens, as the user names it.

use std::fmt;
use std::str::FromStr;

/// How a connection is encrypted; there is no way without (RFC 6120 §5, XEP-0368).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// In clear until `<starttls/>`, then TLS: port 5222.
    StartTls,
    /// TLS from the first byte: port 5223.
    DirectTls,
}

/// A host and port to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub host: String,
    pub port: u16,
    pub security: Security,
}

impl FromStr for Endpoint {
    type Err = String;

    /// Reads `HOST`, `HOST:PORT`, `[IPv6]:PORT`, each with an optional `xmpp:` or `xmpps:` in front.
    ///
    /// Without a port it is 5222, or 5223 after `xmpps:`; port 5223 alone means TLS from the first byte.
    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme @ ("xmpp" | "xmpps"), rest)) => (Some(scheme), rest),
            _ => (None, text),
        };
        let (host, port) = split_port(rest)?;
        let security = match (scheme, port) {
            (Some("xmpps"), _) | (None, Some(5223)) => Security::DirectTls,
            _ => Security::StartTls,
        };
        let port = port.unwrap_or(if security == Security::DirectTls { 5223 } else { 5222 });
        Ok(Self { host: host.to_owned(), port, security })
    }
}

pub(crate) fn split_port(text: &str) -> Result<(&str, Option<u16>), String> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("an IPv6 address in brackets lacks its ]")?;
        (host, after.strip_prefix(':').or_else(|| after.is_empty().then_some("")).ok_or("a : is needed after the ]")?)
    } else {
        match text.rsplit_once(':') {
            Some((host, _)) if host.contains(':') => (text, ""),
            Some(("", _)) | None => (text, ""),
            Some((_, "")) => return Err("a port number is needed after the :".into()),
            Some(pair) => pair,
        }
    };
    if host.is_empty() || host.starts_with(':') && !host.contains("::") {
        return Err("a host name is needed".into());
    }
    match port {
        "" => Ok((host, None)),
        digits => digits
            .parse()
            .ok()
            .filter(|port| *port > 0)
            .map(|port| (host, Some(port)))
            .ok_or_else(|| format!("“{digits}” is not a port number from 1 to 65535")),
    }
}

impl fmt::Display for Endpoint {
    /// In the form that [`Endpoint::from_str`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::StartTls => "xmpp",
            Security::DirectTls => "xmpps",
        };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}:{open}{}{close}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<Endpoint>().map_or_else(|error| error, |endpoint| endpoint.to_string())
    }

    #[test]
    fn a_host_alone_means_starttls_on_5222() {
        assert_eq!(read("chat.example"), "xmpp:chat.example:5222");
    }

    #[test]
    fn port_5223_means_tls_from_the_first_byte() {
        assert_eq!(read("chat.example:5223"), "xmpps:chat.example:5223");
        assert_eq!(read("xmpp:chat.example:5223"), "xmpp:chat.example:5223");
    }

    #[test]
    fn the_scheme_chooses_the_security() {
        assert_eq!(read("xmpps:chat.example"), "xmpps:chat.example:5223");
        assert_eq!(read("xmpps:10.0.0.1:443"), "xmpps:10.0.0.1:443");
    }

    #[test]
    fn ipv6_is_read_with_and_without_brackets() {
        assert_eq!(read("[2001:db8::1]:5223"), "xmpps:[2001:db8::1]:5223");
        assert_eq!(read("2001:db8::1"), "xmpp:[2001:db8::1]:5222");
        assert_eq!(read("::1"), "xmpp:[::1]:5222");
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", ":5222", "host:", "host:0", "host:70000", "host:x", "[::1", "[::1]x"] {
            assert!(bad.parse::<Endpoint>().is_err(), "{bad} was accepted");
        }
    }
}
