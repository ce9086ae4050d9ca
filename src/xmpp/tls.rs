//! TLS by rustls with ring: the only place that builds a TLS configuration. Nothing accepts any certificate.
//!
//! The certificate is checked against the domain of the account, whatever host was connected to (RFC 6120 §13.7.1).

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{CertificateError, ClientConfig, ProtocolVersion, RootCertStore};
use tokio_rustls::TlsConnector;

use super::authorities::Authorities;
use super::binding::Channel;
use super::endpoint::Security;
use super::wire::Io;
use crate::error::Error;

/// As in a container of which only `chat` is asked.
const NOBODY: &str = "this machine knows no authority at all that could vouch for it (Debian's are in ca-certificates)";

/// The files that certificates are in.
pub(crate) struct Files<'a> {
    pub(crate) authorities: &'a Authorities,
    /// What the client proves itself by, with its key.
    pub(crate) client: Option<&'a Path>,
}

/// Whether the files are what they are to be, without a connection.
pub(crate) fn check(files: &Files<'_>) -> Result<(), Error> {
    client_config(Security::StartTls, files, roots(files.authorities)?).map(drop)
}

/// Encrypts `io`, whose other side must prove that it is `domain`.
pub(crate) async fn encrypt(
    io: Box<dyn Io>,
    domain: &str,
    security: Security,
    files: &Files<'_>,
) -> Result<(Box<dyn Io>, Channel), Error> {
    let name = ServerName::try_from(domain.to_owned())
        .map_err(|error| Error::InvalidAddress { text: domain.to_owned(), reason: error.to_string() })?;
    let roots = roots(files.authorities)?;
    let trusts_nobody = roots.is_empty();
    let connector = TlsConnector::from(Arc::new(client_config(security, files, roots)?));
    let tls = connector.connect(name, io).await.map_err(|error| match failure(domain, &error) {
        Error::Untrusted { server, .. } if trusts_nobody => Error::Untrusted { server, problem: NOBODY.into() },
        other => other,
    })?;
    let channel = channel(tls.get_ref().1);
    Ok((Box::new(tls), channel))
}

fn client_config(security: Security, files: &Files<'_>, roots: RootCertStore) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Bug(error.to_string()))?
        .with_root_certificates(roots);
    let mut config = match files.client {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let (chain, key) = client_certificate(path)?;
            let unfit = |error: rustls::Error| Error::BadConfig { path: path.to_owned(), reason: error.to_string() };
            builder.with_client_auth_cert(chain, key).map_err(unfit)?
        }
    };
    if security == Security::DirectTls {
        // XEP-0368 §3: tells a port that serves several protocols which one is meant.
        config.alpn_protocols = vec![b"xmpp-client".to_vec()];
    }
    Ok(config)
}

fn roots(authorities: &Authorities) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    // What is no certificate in it is left out, as below.
    let bundled = authorities.bundle.as_deref().and_then(|bundle| CertificateDer::pem_file_iter(bundle).ok());
    roots.add_parsable_certificates(bundled.into_iter().flatten().filter_map(Result::ok));
    if roots.is_empty() {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if let Some(path) = &authorities.added {
        let bad = |reason: String| Error::BadConfig { path: path.clone(), reason };
        let certificates = certificates(path)?;
        if roots.add_parsable_certificates(certificates).0 == 0 {
            return Err(bad("there is no certificate in it (PEM is needed)".into()));
        }
    }
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bad = |error: pem::Error| Error::BadConfig { path: path.to_owned(), reason: error.to_string() };
    CertificateDer::pem_file_iter(path).map_err(bad)?.collect::<Result<_, _>>().map_err(bad)
}

/// The client's certificate, with those between it and its authority, and its key; who else may read it was looked at.
fn client_certificate(path: &Path) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
    let bad = |reason: String| Error::BadConfig { path: path.to_owned(), reason };
    let key = PrivateKeyDer::from_pem_file(path).map_err(|error| bad(format!("its private key: {error}")))?;
    match certificates(path)? {
        none if none.is_empty() => Err(bad("there is no certificate in it (PEM is needed)".into())),
        chain => Ok((chain, key)),
    }
}

/// `tls-exporter` (RFC 9266 §4.2) is taken of TLS 1.3 alone: in 1.2 it needs an extension that the other side may lack.
fn channel(tls: &rustls::ClientConnection) -> Channel {
    let exporter = match tls.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => {
            tls.export_keying_material(vec![0; 32], b"EXPORTER-Channel-Binding", Some(b"")).ok()
        }
        _ => None,
    };
    let certificate = tls.peer_certificates().and_then(|chain| chain.first()).map(AsRef::as_ref);
    Channel::new(exporter, certificate)
}

/// Says in words what rustls found.
fn failure(domain: &str, error: &io::Error) -> Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(problem)) => {
            Error::Untrusted { server: domain.to_owned(), problem: certificate_problem(domain, problem) }
        }
        Some(rustls::Error::NoCertificatesPresented) => {
            Error::Untrusted { server: domain.to_owned(), problem: "it shows no certificate".into() }
        }
        Some(other) => Error::Protocol {
            step: "starting TLS".into(),
            reason: format!("{other} (is this a TLS port? xmpp:HOST means STARTTLS, xmpps:HOST direct TLS)"),
        },
        None => Error::ConnectionLost { step: "starting TLS".into(), reason: error.to_string() },
    }
}

fn certificate_problem(domain: &str, problem: &CertificateError) -> String {
    match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired".into(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet (is the clock right?)".into()
        }
        CertificateError::UnknownIssuer => {
            "its certificate is signed by an authority that this machine does not know".into()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("its certificate is for another name than {domain}")
        }
        CertificateError::Revoked => "its certificate was revoked".into(),
        // The library says the same of both.
        CertificateError::BadSignature => {
            "a signature made with the key of its certificate is wrong, or the key is too weak (RSA: under 2048 bits)"
                .into()
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "its certificate is not meant for servers".into()
        }
        other => format!("its certificate is not acceptable: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_told_before_anybody_is_connected_to() {
        let empty = tempfile::NamedTempFile::new().expect("a file");
        for added in [empty.path(), Path::new("/nowhere/ca.pem")] {
            let authorities = Authorities { bundle: None, added: Some(added.to_owned()) };
            let error = check(&Files { authorities: &authorities, client: None }).expect_err("no certificate");
            assert_eq!(error.exit_code().number(), 78, "{error}");
        }
    }

    #[test]
    fn a_bundle_with_nothing_in_it_is_as_good_as_none() {
        let empty = tempfile::NamedTempFile::new().expect("a file");
        let trusted = |bundle: Option<std::path::PathBuf>| {
            roots(&Authorities { bundle, added: None }).expect("authorities").len()
        };
        assert_eq!(trusted(Some(empty.path().to_owned())), trusted(None));
        assert_eq!(trusted(Some("/nowhere/bundle.pem".into())), trusted(None));
    }
}
