//! An encrypted connection to the account's server, on which nothing was said yet: direct TLS, or STARTTLS (RFC 6120 §5).

use std::rc::Rc;

use minidom::Element;
use xmpp_parsers::ns;

use super::binding::Channel;
use super::connect;
use super::endpoint::Security;
use super::session::Login;
use super::stream::Stream;
use super::tls;
use super::wire::Io;
use crate::error::Error;

/// Connects and encrypts.
pub(crate) async fn secured(login: &Login) -> Result<(Box<dyn Io>, Channel), Error> {
    let domain = login.account.domain().as_str();
    let ascii = dns_name(domain)?;
    let (tcp, security) =
        connect::connect(&ascii, login.endpoint.as_ref(), login.via.as_ref(), &login.progress).await?;
    let io = match security {
        Security::DirectTls => Box::new(tcp),
        Security::StartTls => start_tls(Box::new(tcp), login).await?,
    };
    login.progress.step(format!("checking the certificate of {domain}"));
    let files = tls::Files { authorities: &login.authorities, client: login.credentials.certificate() };
    tls::encrypt(io, &ascii, security, &files).await
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

/// RFC 6120 §5: asks for TLS, and takes no for an error. The request travels with the stream header: nothing of it is
/// secret, and what the server offers is looked at before its answer.
async fn start_tls(tcp: Box<dyn Io>, login: &Login) -> Result<Box<dyn Io>, Error> {
    login.progress.step(format!("asking {} for encryption", login.account.domain()));
    let request = Element::bare("starttls", ns::TLS);
    let opened = Stream::open_in_clear(tcp, &login.account, &[request], Rc::clone(&login.progress)).await;
    let mut stream = opened.map_err(no_starttls)?;
    if !stream.features().has_child("starttls", ns::TLS) {
        return Err(Error::NoEncryption { server: stream.domain().to_owned() });
    }
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

#[cfg(test)]
mod tests {
    use super::super::memory::ServerMemory;
    use super::super::scripted_server::{self, HEADER};
    use super::*;

    /// Asks a server for encryption that says `answer` when it was asked.
    fn ask_for_encryption(answer: &str) -> Result<(), Error> {
        let script = vec![("<starttls", format!("{HEADER}{answer}"))];
        scripted_server::run(async {
            let login = scripted_server::login(ServerMemory::default());
            start_tls(Box::new(scripted_server::start(script)), &login).await.map(drop)
        })
    }

    #[test]
    fn encryption_is_asked_for_before_the_server_says_a_word_and_only_yes_is_an_answer() {
        let features = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>";
        let answer = |name: &str| format!("{features}<{name} xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        ask_for_encryption(&answer("proceed")).expect("encryption");
        let none = answer("proceed").replace(features, "<stream:features/>");
        for no in [answer("failure"), none, features.replace("starttls", "mechanisms")] {
            assert!(matches!(ask_for_encryption(&no), Err(Error::NoEncryption { .. })), "{no}");
        }
    }

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
