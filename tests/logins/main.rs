//! The matrix of logins on one server with one version of TLS: every mechanism that it can be set to, over STARTTLS and
//! direct TLS. A line for each cell, then the counts. Started by tests/logins/run, which says what the server is.
//!
//! A cell is a login and a message that arrives, three times (with nothing remembered, with the mechanism remembered, by a
//! token where there are any), and 77 for a wrong password; or the refusal that is right for the server.

mod cell;

use std::env;
use std::process::ExitCode;

use cell::{Cell, Expected, Means};

const PASSWORDS: [&str; 8] = [
    "PLAIN",
    "DIGEST-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-512-PLUS",
];

/// The server under test.
pub(crate) struct Server {
    name: String,
    tls: String,
    pub(crate) address: String,
    pub(crate) certificates: String,
}

impl Server {
    #[expect(clippy::disallowed_methods, reason = "tests/logins/run says where the server is")]
    fn current() -> Self {
        let setting = |name| env::var(name).unwrap_or_else(|_| panic!("{name} is not set: start tests/logins/run"));
        Self {
            name: setting("CHAT_LOGINS_SERVER"),
            tls: setting("CHAT_LOGINS_TLS"),
            address: setting("CHAT_LOGINS_ADDRESS"),
            certificates: setting("CHAT_LOGINS_CERTIFICATES"),
        }
    }

    fn is_prosody(&self) -> bool {
        self.name.starts_with("prosody")
    }

    /// Whether it says what it can bind to (XEP-0440), and gives tokens (XEP-0484).
    fn is_modern(&self) -> bool {
        !self.is_prosody() && self.name != "ejabberd-23.01"
    }

    fn mechanisms(&self) -> Vec<&'static str> {
        let known = |name: &&str| !self.is_prosody() || !(name.contains("512") || name.contains("MD5"));
        PASSWORDS.into_iter().filter(known).collect()
    }

    /// What comes of a domain that offers `mechanism` alone.
    fn expected(&self, mechanism: &'static str) -> Expected {
        let nothing_known = Expected::Refused(77, "the server offers no login that chat knows");
        match mechanism {
            // Of the old, only PLAIN is as safe as TLS.
            "DIGEST-MD5" => nothing_known,
            // It has no binding for TLS 1.3, so nothing is left that it could offer, and it says so.
            bound if bound.ends_with("-PLUS") && self.is_prosody() && self.tls == "1.3" => {
                Expected::Refused(69, "No stream features to proceed with")
            }
            // Bound to what the server does not say: it may be one that it cannot check.
            bound if bound.ends_with("-PLUS") && !self.is_modern() => nothing_known,
            usable => Expected::By(usable, usable),
        }
    }

    /// What comes of a domain that offers all of them.
    fn best(&self) -> Expected {
        let best = match self.is_modern() {
            true => "SCRAM-SHA-512-PLUS",
            false if self.is_prosody() => "SCRAM-SHA-256",
            false => "SCRAM-SHA-512",
        };
        // With the first words that chat says, before it knows what is offered.
        Expected::By("SCRAM-SHA-256", best)
    }

    fn token(&self) -> Option<&'static str> {
        self.is_modern().then_some(if self.tls == "1.3" { "HT-SHA-256-EXPR" } else { "HT-SHA-256-ENDP" })
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let mut cells = Vec::new();
        let only = |mechanism| Expected::By(mechanism, mechanism);
        for (transport, scheme, usual) in [("STARTTLS", "xmpp", 5222), ("direct TLS", "xmpps", 5223)] {
            let mut add = |what: &str, domain: String, port: u16, means, expected| {
                let name = format!("{}, {transport}, TLS {}, {what}", self.name, self.tls);
                let at = |port| format!("{scheme}:{}:{port}", self.address);
                let (host, usual_host, token) = (at(port), at(usual), self.token());
                cells.push(Cell { server: self, name, host, usual_host, domain, means, expected, token });
            };
            for mechanism in self.mechanisms() {
                let domain = format!("{}.chat.example", mechanism.to_lowercase());
                add(mechanism, domain, usual, Means::Password, self.expected(mechanism));
            }
            add("all of them", "chat.example".into(), usual, Means::Password, self.best());
            add("ANONYMOUS", "anonymous.chat.example".into(), usual, Means::Nothing, only("ANONYMOUS"));
            if !self.is_prosody() {
                let external = "external.chat.example";
                add("EXTERNAL", external.into(), usual + 30, Means::Certificate, only("EXTERNAL"));
            }
        }
        cells
    }
}

#[expect(clippy::print_stdout, reason = "the result of the test")]
fn main() -> ExitCode {
    let server = Server::current();
    let filter = env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let (mut passed, mut failed) = (0, 0);
    for cell in server.cells().iter().filter(|cell| cell.name.contains(&filter)) {
        let result = cell.check();
        *(if result.is_ok() { &mut passed } else { &mut failed }) += 1;
        println!(
            "test {} ... {}",
            cell.name,
            result.map_or_else(|problem| format!("FAILED: {problem}"), |()| "ok".into())
        );
    }
    println!("test result: {passed} passed; {failed} failed");
    ExitCode::from(u8::from(failed > 0))
}
