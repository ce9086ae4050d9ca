//! Certificates that prove nothing: each is refused with 77 before a word of XMPP, and what is wrong with it is said.

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

use crate::account::{Account, Ended};

/// How a server's certificate is made.
struct Made<'a> {
    key: &'a str,
    days: &'a str,
    name: &'a str,
    /// By itself, or by the authority that `chat` is told to trust.
    signed_by_itself: bool,
}

const GOOD: Made<'static> = Made { key: "rsa:2048", days: "30", name: "chat.example", signed_by_itself: false };

#[test]
fn a_good_certificate_is_accepted() {
    // What answers is a TLS server only, which leaves the next step without an answer.
    refused(&GOOD, 75, "while talking to chat.example");
}

#[test]
fn an_expired_certificate_is_77() {
    refused(&Made { days: "-1", ..GOOD }, 77, "its certificate has expired");
}

#[test]
fn a_certificate_for_a_wrong_name_is_77() {
    refused(&Made { name: "other.example", ..GOOD }, 77, "its certificate is for another name than chat.example");
}

#[test]
fn a_self_signed_certificate_is_77() {
    let made = Made { signed_by_itself: true, ..GOOD };
    refused(&made, 77, "signed by an authority that this machine does not know");
}

#[test]
fn a_weak_key_is_77() {
    refused(&Made { key: "rsa:1024", ..GOOD }, 77, "too weak");
}

fn refused(made: &Made<'_>, status: i32, words: &str) {
    let alice = Account::new();
    let directory = make(made);
    let server = Server::start(directory.path());
    let ca = directory.path().join("ca.pem");
    let mut command = alice.bare(&["send", "-t", "10", "-u", "alice@chat.example", "-H", &server.host, "-C"]);
    command.arg(ca).arg("-p").arg(alice.password_file()).args(["bob@chat.example", "hi"]);
    Ended::from(command.output().expect("chat runs")).expect_status(status).expect_error(words);
}

/// An authority, and a server's certificate: `ca.pem`, `server.pem`, `server.key`.
fn make(made: &Made<'_>) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let ca_of_its_own = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=authority -keyout ca.key -out ca.pem";
    openssl(directory.path(), ca_of_its_own);
    let (key, days, name) = (made.key, made.days, made.name);
    let request = format!("req -newkey {key} -nodes -subj /CN={name} -addext subjectAltName=DNS:{name}");
    openssl(directory.path(), &format!("{request} -keyout server.key -out request.pem"));
    let signer = if made.signed_by_itself { "-key server.key" } else { "-CA ca.pem -CAkey ca.key -CAcreateserial" };
    let sign = format!("x509 -req -in request.pem -days {days} -copy_extensions copy {signer} -out server.pem");
    openssl(directory.path(), &sign);
    directory
}

fn openssl(directory: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(directory).output();
    let output = output.expect("openssl runs");
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A TLS server that takes any connection and never answers in XMPP.
struct Server {
    process: Child,
    /// It ends when nobody reads this.
    _output: Lines<BufReader<ChildStdout>>,
    host: String,
}

impl Server {
    fn start(directory: &Path) -> Self {
        // Without these checks of its own it would not serve a key so weak.
        let arguments =
            "s_server -accept 127.0.0.1:0 -cert server.pem -key server.key -cipher ALL@SECLEVEL=0 -naccept 1";
        let mut command = Command::new("openssl");
        command.args(arguments.split(' ')).current_dir(directory).stdin(Stdio::piped());
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("openssl runs");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let port =
            lines.find_map(|line| Some(line.expect("text").strip_prefix("ACCEPT ")?.rsplit(':').next()?.to_owned()));
        Self { process, _output: lines, host: format!("xmpps:127.0.0.1:{}", port.expect("it accepts")) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.process.kill());
        self.process.wait().expect("it ends");
    }
}
