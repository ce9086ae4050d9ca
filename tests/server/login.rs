//! `chat login` against a real server; the keyrings are tested in tests/credentials.

use std::os::unix::fs::PermissionsExt;

use crate::account::{Account, Ended, address, ca_file, with_input};

fn log_in(account: &Account, password_file: &str) -> Ended {
    let arguments = ["login", "-H", &address(), "-C", &ca_file(), "-p", password_file, &account.jid];
    Ended::from(account.bare(&arguments).output().expect("chat runs"))
}

#[test]
fn after_login_no_option_is_needed() {
    let (alice, bob) = (Account::new(), Account::new());
    log_in(&alice, &alice.password_file().display().to_string()).expect_status(0);
    let sent = Ended::from(alice.bare(&["send", &bob.jid, "hi"]).output().expect("chat runs"));
    sent.expect_status(0);
    assert_eq!(bob.unread(&["-T"]), ["1"]);
    let listed = Ended::from(alice.bare(&["accounts", "-v"]).output().expect("chat runs")).expect_status(0);
    assert!(listed.out.starts_with(&format!("* {}", alice.jid)), "{listed:?}");
    assert!(listed.out.contains(&alice.password_file().display().to_string()), "{listed:?}");
}

#[test]
fn a_wrong_password_sets_nothing_up() {
    let alice = Account::new();
    alice.write_password("wrong");
    log_in(&alice, &alice.password_file().display().to_string()).expect_status(77);
    let listed = Ended::from(alice.bare(&["accounts"]).output().expect("chat runs")).expect_status(0);
    assert_eq!(listed.out, "");
    Ended::from(alice.bare(&["send", "bob@chat.example", "hi"]).output().expect("chat runs")).expect_status(78);
}

#[test]
fn logout_forgets_the_account() {
    let alice = Account::new();
    log_in(&alice, &alice.password_file().display().to_string()).expect_status(0);
    Ended::from(alice.bare(&["logout", &alice.jid]).output().expect("chat runs")).expect_status(0);
    Ended::from(alice.bare(&["unread"]).output().expect("chat runs")).expect_status(78).expect_error("no account");
}

#[test]
fn a_wrong_password_on_standard_input_is_77_too() {
    let alice = Account::new();
    let command = alice.bare(&["login", "-H", &address(), "-C", &ca_file(), "-p", "-", &alice.jid]);
    with_input(command, b"wrong\n").expect_status(77);
}

/// The password itself would go to the keyring of whoever runs the tests.
#[test]
fn the_account_of_another_program_is_taken_over() {
    let (alice, bob) = (Account::new(), Account::new());
    let file = alice.password_file().with_file_name("go-sendxmpp");
    let secret = format!("cat '{}'", alice.password_file().display());
    let text = format!("username: {}\njserver: {}\neval_password: {secret}\n", alice.jid, address());
    std::fs::write(&file, text).expect("written");
    let log_in = || {
        let arguments = ["login", "-C", &ca_file(), "-i", &file.display().to_string()];
        Ended::from(alice.bare(&arguments).output().expect("chat runs"))
    };
    log_in().expect_status(78).expect_error("not private");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("our file");
    log_in().expect_status(0);
    Ended::from(alice.bare(&["send", &bob.jid, "hi"]).output().expect("chat runs")).expect_status(0);
}

/// As the server comes with one: pki/login.toml. What the command line says comes first.
#[test]
fn a_file_of_chat_says_all_but_the_password() {
    let (alice, bob) = (Account::new(), Account::new());
    let file = alice.password_file().with_file_name("login.toml");
    let text = format!("[account.\"{}\"]\nhost = \"{}\"\nca_file = \"{}\"\n", alice.jid, address(), ca_file());
    std::fs::write(&file, format!("{text}[account.\"{}\"]\n", bob.jid)).expect("written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("our file");
    let (file, password) = (file.display().to_string(), alice.password_file().display().to_string());
    let run = |arguments: &[&str]| Ended::from(alice.bare(arguments).output().expect("chat runs"));
    run(&["login", "-p", &password, "-i", &file]).expect_status(78).expect_error("name one of them");
    run(&["login", "-p", &password, "-i", &file, "nobody@chat.example"]).expect_status(78).expect_error("nobody@");
    run(&["login", "-p", &password, "-H", "127.0.0.1:1", "-i", &file, &alice.jid]).expect_status(75);
    run(&["login", "-p", &password, "-i", &file, &alice.jid]).expect_status(0);
    run(&["send", &bob.jid, "hi"]).expect_status(0);
}
