//! SCRAM (RFC 5802, 7677): a login in which the password is proved and not told, and the server proves that it knows it, too.
//!
//! The proof covers what the server said word for word, with the extensions that a server may add (XEP-0474 does).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac, pbkdf2};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

use super::binding::Binding;

/// More rounds than this are refused: they would only keep the processor busy (about a second at the limit).
const MAX_ROUNDS: u32 = 1_000_000;

/// The functions that a mechanism is named after.
struct Hash(pbkdf2::Algorithm, hmac::Algorithm, &'static digest::Algorithm);

impl Hash {
    fn of(mechanism: &str) -> Option<Self> {
        Some(match mechanism.trim_end_matches("-PLUS") {
            "SCRAM-SHA-1" => {
                Self(pbkdf2::PBKDF2_HMAC_SHA1, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &digest::SHA1_FOR_LEGACY_USE_ONLY)
            }
            "SCRAM-SHA-256" => Self(pbkdf2::PBKDF2_HMAC_SHA256, hmac::HMAC_SHA256, &digest::SHA256),
            "SCRAM-SHA-512" => Self(pbkdf2::PBKDF2_HMAC_SHA512, hmac::HMAC_SHA512, &digest::SHA512),
            _ => return None,
        })
    }

    /// What is kept in the place of a password; `salt` in Base64.
    fn salted(&self, password: &str, salt: &str, rounds: &str) -> Result<Zeroizing<Vec<u8>>, String> {
        let salt = BASE64.decode(salt).map_err(|_| "the salt is not Base64")?;
        let rounds = rounds.parse().ok().filter(|rounds| *rounds <= MAX_ROUNDS);
        let rounds = rounds.and_then(NonZeroU32::new).ok_or("the number of rounds is out of bounds")?;
        let mut salted = Zeroizing::new(vec![0; self.2.output_len()]);
        pbkdf2::derive(self.0, rounds, &salt, password.as_bytes(), &mut salted);
        Ok(salted)
    }
}

/// The `SaltedPassword` of RFC 5802 §3 for `mechanism`, in Base64: what a server makes its keys of, to store them. So it must
/// be no easier to guess from than standards allow (RFC 7677 §4).
pub(crate) fn to_store(mechanism: &str, password: &str, salt: &str, rounds: &str) -> Result<Zeroizing<String>, String> {
    const MIN_ROUNDS: u32 = 4096;
    let hash = Hash::of(mechanism).ok_or("there is no such hash")?;
    if salt.is_empty() || rounds.parse().is_ok_and(|rounds: u32| rounds < MIN_ROUNDS) {
        return Err("the hash would be a weak one".into());
    }
    hash.salted(password, salt, rounds).map(|salted| Zeroizing::new(BASE64.encode(&*salted)))
}

/// Why a login is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Somebody changed on the way what the server offered.
    Changed,
    Unproved(String),
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self::Unproved(reason)
    }
}

/// One login in progress.
pub(crate) struct Scram {
    hash: Hash,
    password: Zeroizing<String>,
    gs2_header: String,
    /// What `c=` says: the header, and the channel binding if there is one.
    binding: String,
    nonce: String,
    first_bare: String,
    /// By which key, and of what, the server has to make its signature.
    expected: Option<(hmac::Key, String)>,
    verified: bool,
}

impl Scram {
    /// `None` for mechanisms of another kind, and for -PLUS without a channel to bind to.
    pub(crate) fn new(mechanism: &str, user: &str, password: &str, binding: Option<&Binding>) -> Option<Self> {
        let mut random = [0; 24];
        SystemRandom::new().fill(&mut random).ok()?;
        Self::with_nonce(mechanism, user, password, binding, BASE64.encode(random))
    }

    fn with_nonce(
        mechanism: &str,
        user: &str,
        password: &str,
        binding: Option<&Binding>,
        nonce: String,
    ) -> Option<Self> {
        let (gs2_header, data) = if mechanism.ends_with("-PLUS") {
            let Binding { name, data } = binding?;
            (format!("p={name},,"), &data[..])
        } else {
            ("n,,".into(), &[][..])
        };
        let binding = [gs2_header.as_bytes(), data].concat();
        Some(Self {
            hash: Hash::of(mechanism)?,
            password: Zeroizing::new(password.to_owned()),
            gs2_header,
            binding: BASE64.encode(binding),
            first_bare: format!("n={},r={nonce}", user.replace('=', "=3D").replace(',', "=2C")),
            nonce,
            expected: None,
            verified: false,
        })
    }

    /// What the client begins with.
    pub(crate) fn first(&self) -> String {
        format!("{}{}", self.gs2_header, self.first_bare)
    }

    /// Takes the server's next words, and gives the answer to them. `offered` is what it is to have hashed (XEP-0474).
    pub(crate) fn step(&mut self, said: &str, offered: &str) -> Result<String, Refusal> {
        if self.expected.is_some() {
            return self.end(said).map(|()| String::new());
        }
        if !self.is_hash_of(offered, said) {
            return Err(Refusal::Changed);
        }
        Ok(self.prove(said)?)
    }

    /// Takes what comes with the success; without the right signature, then or before, there is none.
    pub(crate) fn end(&mut self, said: &str) -> Result<(), Refusal> {
        match self.expected.take() {
            Some((key, signed)) => verify(&key, &signed, said)?,
            // The signature may come before the success (RFC 6120 §6.4.6), which is then empty.
            None if self.verified && said.is_empty() => (),
            None => return Err(String::from("it comes without a signature").into()),
        }
        self.verified = true;
        Ok(())
    }

    /// Whether the hash of the offer, where the server gives one, is that of what was `offered` here.
    fn is_hash_of(&self, offered: &str, server_first: &str) -> bool {
        let hash = BASE64.encode(digest::digest(self.hash.2, offered.as_bytes()));
        field(server_first, "h=").is_ok_and(|said| said == hash) || field(server_first, "h=").is_err()
    }

    fn prove(&mut self, server_first: &str) -> Result<String, String> {
        if server_first.starts_with("m=") {
            return Err("it wants an extension that is unknown here".into());
        }
        let nonce = field(server_first, "r=")?;
        if nonce.len() <= self.nonce.len() || !nonce.starts_with(&self.nonce) {
            return Err("the answer is to somebody else's login".into());
        }
        let (salt, rounds) = (field(server_first, "s=")?, field(server_first, "i=")?);
        let salted = self.hash.salted(&self.password, salt, rounds)?;
        let Hash(_, mac, digest) = self.hash;
        let salted = hmac::Key::new(mac, &salted);
        let client_key = hmac::sign(&salted, b"Client Key");
        let stored_key = hmac::Key::new(mac, digest::digest(digest, client_key.as_ref()).as_ref());

        let last = format!("c={},r={nonce}", self.binding);
        let signed = format!("{},{server_first},{last}", self.first_bare);
        let signature = hmac::sign(&stored_key, signed.as_bytes());
        let proof: Vec<u8> = client_key.as_ref().iter().zip(signature.as_ref()).map(|(key, sign)| key ^ sign).collect();
        self.expected = Some((hmac::Key::new(mac, hmac::sign(&salted, b"Server Key").as_ref()), signed));
        Ok(format!("{last},p={}", BASE64.encode(proof)))
    }
}

fn verify(key: &hmac::Key, signed: &str, server_last: &str) -> Result<(), String> {
    let signature = BASE64.decode(field(server_last, "v=")?).map_err(|_| "the signature is not Base64")?;
    hmac::verify(key, signed.as_bytes(), &signature).map_err(|_| "its signature is wrong".into())
}

fn field<'a>(said: &'a str, name: &str) -> Result<&'a str, String> {
    said.split(',').find_map(|field| field.strip_prefix(name)).ok_or_else(|| format!("{name} is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(mechanism: &str, nonce: &str, binding: Option<&Binding>) -> Scram {
        Scram::with_nonce(mechanism, "user", "pencil", binding, nonce.to_owned()).expect("a known mechanism")
    }

    impl Scram {
        fn hears(&mut self, said: &str) -> Result<String, Refusal> {
            self.step(said, "")
        }
    }

    /// (mechanism, nonce, what the server says first, the proof, its signature): RFC 5802 §5, RFC 7677 §3.
    const EXAMPLES: [(&str, &str, &str, &str, &str); 2] = [
        (
            "SCRAM-SHA-1",
            "fyko+d2lbbFgONRv9qkxdawL",
            "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
            "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        ),
        (
            "SCRAM-SHA-256",
            "rOprNGfwEbeRWgbNEkqO",
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        ),
    ];

    #[test]
    fn the_examples_of_the_rfcs_work() {
        for (mechanism, nonce, said, proof, signature) in EXAMPLES {
            let mut login = login(mechanism, nonce, None);
            assert!(login.hears(said).expect("a proof").ends_with(&format!(",p={proof}")), "{mechanism}");
            assert_eq!(login.hears(signature), Ok(String::new()), "{mechanism}");
        }
    }

    #[test]
    fn an_extension_is_part_of_what_is_proved() {
        let mut login = login("SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", None);
        // The hash of “optional”.
        let said = format!("{},h=7JH92SVst1rmESSbUMt+sWUz8PqRuGI57B1Dmh6gM7g=", EXAMPLES[1].2);
        let answer = login.step(&said, "optional").expect("a proof");
        assert!(answer.ends_with(",p=b4VQNXsIgYxuW0S00OP5SkIySOyPLcGxKbVO5p2jNyM="), "{answer}");
        assert_eq!(login.hears("v=ZdjsYhMuHEbDvoQ502BBZDbFK82UCbmtt+6yRyjFXfI="), Ok(String::new()));
    }

    #[test]
    fn an_offer_that_was_changed_on_the_way_is_noticed() {
        let mut first = login("SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", None);
        let said = format!("{},h=b3B0aW9uYWw=", EXAMPLES[1].2);
        assert_eq!(first.step(&said, "PLAIN\x1eSCRAM-SHA-256"), Err(Refusal::Changed));
    }

    #[test]
    fn an_extension_that_must_be_understood_is_refused() {
        assert!(login("SCRAM-SHA-1", "abc", None).hears("m=x,r=abcd,s=QSXCR+Q6sek8bf92,i=4096").is_err());
    }

    #[test]
    fn without_binding_the_client_says_that_it_does_not_bind() {
        assert_eq!(
            login("SCRAM-SHA-512", "abc", Some(&Binding { name: "tls-exporter", data: vec![1; 32] })).first(),
            "n,,n=user,r=abc"
        );
    }

    #[test]
    fn with_binding_the_client_names_tls_exporter_and_proves_it() {
        let binding = Binding { name: "tls-exporter", data: vec![1; 3] };
        let mut login = login("SCRAM-SHA-256-PLUS", "abc", Some(&binding));
        assert_eq!(login.first(), "p=tls-exporter,,n=user,r=abc");
        let answer = login.hears("r=abcd,s=QSXCR+Q6sek8bf92,i=4096").expect("a proof");
        assert!(answer.starts_with(&format!("c={},r=abcd,p=", BASE64.encode(b"p=tls-exporter,,\x01\x01\x01"))));
    }

    #[test]
    fn without_a_channel_there_is_nothing_to_bind_to() {
        assert!(Scram::new("SCRAM-SHA-256-PLUS", "user", "pencil", None).is_none());
    }

    #[test]
    fn the_user_name_is_escaped() {
        let login = Scram::new("SCRAM-SHA-256", "a=b,c", "pencil", None).expect("a known mechanism");
        assert!(login.first().starts_with("n,,n=a=3Db=2Cc,r="));
    }

    #[test]
    fn a_foreign_nonce_is_refused_and_so_is_one_that_the_server_added_nothing_to() {
        for nonce in ["somebodyelse", "abc"] {
            let said = format!("r={nonce},s=QSXCR+Q6sek8bf92,i=4096");
            assert!(login("SCRAM-SHA-1", "abc", None).hears(&said).is_err(), "{nonce}");
        }
    }

    #[test]
    fn endless_rounds_are_refused() {
        for rounds in ["0", "1000001", "4294967295", "99999999999", "x", "-1", ""] {
            let said = format!("r=abcd,s=QSXCR+Q6sek8bf92,i={rounds}");
            assert!(login("SCRAM-SHA-1", "abc", None).hears(&said).is_err(), "{rounds}");
        }
    }

    #[test]
    fn a_success_is_none_before_the_signature() {
        let (_, nonce, first, _, signature) = EXAMPLES[0];
        for too_early in [first, signature, ""] {
            assert!(login("SCRAM-SHA-1", nonce, None).end(too_early).is_err(), "{too_early}");
        }
        let mut login = login("SCRAM-SHA-1", nonce, None);
        login.hears(first).expect("a proof");
        login.hears(signature).expect("an answer");
        assert_eq!(login.end(""), Ok(()));
    }

    #[test]
    fn what_a_server_stores_is_as_in_the_standard_and_never_weak() {
        let store = |salt, rounds| to_store("SCRAM-SHA-256", "pencil", salt, rounds);
        // By Python's hashlib.pbkdf2_hmac.
        let expected = "xKSVEDI6tPlSysH6mUQZOeeOp01r6B3fcJbodRPcYV0=";
        assert_eq!(store("W22ZaJ0SNY7soEsUEjb6gQ==", "4096").expect("a hash").as_str(), expected);
        for (salt, rounds) in
            [("", "4096"), ("*", "4096"), ("W22Z", "4095"), ("W22Z", "0"), ("W22Z", "1000001"), ("W22Z", "")]
        {
            assert!(store(salt, rounds).is_err(), "{salt} {rounds}");
        }
        assert!(to_store("MD5", "pencil", "W22Z", "4096").is_err());
    }

    #[test]
    fn a_server_that_does_not_know_the_password_is_noticed() {
        for last in ["v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "v=", "e=other-error", ""] {
            let mut login = login("SCRAM-SHA-1", EXAMPLES[0].1, None);
            login.hears(EXAMPLES[0].2).expect("a proof");
            assert!(login.hears(last).is_err(), "{last}");
        }
    }
}
