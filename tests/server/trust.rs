//! Who is believed: passwords, certificates.

use std::time::Instant;

use crate::account::{Account, Ended, PROMPT, address};

#[test]
fn a_wrong_password_is_77_at_once() {
    let alice = Account::new();
    alice.write_password("wrong");
    let started = Instant::now();
    alice.chat("send", &["bob@chat.example", "hi"]).expect_status(77).expect_error("wrong password");
    assert!(started.elapsed() < PROMPT, "it took {:?}", started.elapsed());
}

#[test]
fn an_unknown_authority_is_77_and_says_what_to_do() {
    let alice = Account::new();
    let mut command = alice.bare(&["send", "-u", &alice.jid, "-H", &address(), "-p"]);
    let output = command.arg(alice.password_file()).args(["bob@chat.example", "hi"]).output().expect("chat runs");
    Ended::from(output)
        .expect_status(77)
        .expect_error("authority that this machine does not know")
        .expect_error("-C ca.pem");
}

#[test]
fn an_authority_that_the_environment_names_is_trusted() {
    let alice = Account::new();
    let mut command = alice.bare(&["send", "-u", &alice.jid, "-H", &address(), "-p"]);
    command.env("SSL_CERT_FILE", crate::account::ca_file());
    let output = command.arg(alice.password_file()).args([&alice.jid, "hi"]).output().expect("chat runs");
    Ended::from(output).expect_status(0);
}

#[test]
fn a_certificate_for_another_name_is_77() {
    let alice = Account::new();
    let host = format!("xmpps:{}", address());
    let ca = crate::account::ca_file();
    let mut command = alice.bare(&["send", "-u", "alice@other.example", "-H", &host, "-C", &ca, "-p"]);
    let output = command.arg(alice.password_file()).args(["bob@chat.example", "hi"]).output().expect("chat runs");
    Ended::from(output).expect_status(77).expect_error("another name than other.example");
}

#[test]
fn a_domain_that_the_server_does_not_serve_is_68() {
    let alice = Account::new();
    let ca = crate::account::ca_file();
    let mut command = alice.bare(&["send", "-u", "alice@other.example", "-H", &address(), "-C", &ca, "-p"]);
    let output = command.arg(alice.password_file()).args(["bob@chat.example", "hi"]).output().expect("chat runs");
    Ended::from(output).expect_status(68).expect_error("does not serve this domain");
}

#[test]
fn a_password_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let alice = Account::new();
    std::fs::set_permissions(alice.password_file(), std::fs::Permissions::from_mode(0o644)).expect("permissions");
    let ended = alice.chat("send", &["bob@chat.example", "hi"]);
    assert!(ended.status > 64 && ended.err.contains("chmod 600"), "{ended:?}");
}
