//! What binds a login to the encrypted connection that it happens on, so that nobody can sit in between: `tls-exporter`
//! (RFC 9266) and `tls-server-end-point` (RFC 5929 §4). A server says by XEP-0440 which of them it can check.

use ring::digest;

/// One of them, and its data on this connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) name: &'static str,
    pub(crate) data: Vec<u8>,
}

/// Those that this connection has, the strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Channel(Vec<Binding>);

pub(crate) const EXPORTER: &str = "tls-exporter";
pub(crate) const END_POINT: &str = "tls-server-end-point";

impl Channel {
    /// Of the secret that both sides share, where the version of TLS gives it, and of the server's certificate.
    pub(crate) fn new(exporter: Option<Vec<u8>>, certificate: Option<&[u8]>) -> Self {
        let end_point = certificate.and_then(end_point).map(|data| Binding { name: END_POINT, data });
        Self(exporter.map(|data| Binding { name: EXPORTER, data }).into_iter().chain(end_point).collect())
    }

    /// The strongest one that `wanted` takes.
    pub(crate) fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<&Binding> {
        self.0.iter().find(|binding| wanted(binding.name))
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Binding> {
        self.find(|known| known == name)
    }
}

/// The hash of the certificate, by the function of its signature (RFC 5929 §4.1); nothing where that names none or several.
fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { algorithm OID, … }, … }
    let (parts, _) = element(certificate)?;
    let (_, after_content) = element(parts)?;
    let (algorithm, _) = element(after_content)?;
    let (oid, _) = element(algorithm)?;
    let hash = match oid {
        // sha…WithRSAEncryption (RFC 8017), ecdsa-with-SHA… (RFC 5758).
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11] | [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2] => &digest::SHA256,
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12] | [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3] => &digest::SHA384,
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13] | [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4] => &digest::SHA512,
        _ => return None,
    };
    Some(digest::digest(hash, certificate).as_ref().to_vec())
}

/// The content of the first DER element, and what follows it (X.690 §8.1).
fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[_tag, length], rest) = der.split_first_chunk()?;
    let (length, rest) = match usize::from(length) {
        short @ 0..128 => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long - 128).filter(|(digits, _)| digits.len() <= 4)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Content, algorithm, signature: as much of a certificate as matters.
    fn certificate(oid: &[u8]) -> Vec<u8> {
        let wrap = |tag, content: &[u8]| [&[tag, u8::try_from(content.len()).expect("short")], content].concat();
        let algorithm = wrap(0x30, &wrap(6, oid));
        wrap(0x30, &[wrap(0x30, b"content"), algorithm, wrap(3, b"signature")].concat())
    }

    #[test]
    fn the_certificate_is_hashed_as_its_signature_is() {
        let rsa = |last| [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last];
        let length = |oid: &[u8]| end_point(&certificate(oid)).map(|hash| hash.len());
        assert_eq!([11, 12, 13].map(|last| length(&rsa(last))), [Some(32), Some(48), Some(64)]);
        assert_eq!(length(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3]), Some(48));
        // Ed25519 has no hash of its own, RSA-PSS names it elsewhere.
        assert_eq!((length(&[0x2b, 0x65, 0x70]), length(&rsa(10))), (None, None));
    }

    #[test]
    fn what_is_no_certificate_has_no_end_point() {
        let whole = certificate(&[0x2b, 0x65, 0x70]);
        for bad in [&b""[..], b"\x30", b"\x30\x84", b"\x30\x89aaaaaaaaa", b"\x30\x84\xff\xff\xff\xff", &whole[..12]] {
            assert_eq!(end_point(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_strongest_that_both_sides_know_is_taken() {
        let rsa = certificate(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]);
        let name = |channel: &Channel, known: &[&str]| channel.find(|name| known.contains(&name)).map(|it| it.name);
        let both = Channel::new(Some(vec![1; 32]), Some(&rsa));
        assert_eq!(name(&both, &[END_POINT, EXPORTER]), Some(EXPORTER));
        assert_eq!(name(&both, &[END_POINT]), Some(END_POINT));
        assert_eq!(name(&Channel::new(None, Some(&rsa)), &[EXPORTER]), None);
    }
}
