//! The commands for accounts, as the person types them. What they do with a server is tested with real servers.

use std::fs;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::process::Stdio;

use super::home::Home;

/// What the program wrote to standard output and standard error, and its status.
fn chat(home: &Home, arguments: &[&str]) -> (String, String, Option<i32>) {
    let mut command = home.isolated_command(Path::new(env!("CARGO_BIN_EXE_chat")));
    let output = command.args(arguments).stdin(Stdio::null()).output().expect("chat starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn accounts_says_where_each_password_lives() {
    let mut home = Home::new("");
    home.start_keyring("open sesame");
    home.order("store s3cret");
    let (output, _, status) = chat(&home, &["accounts", "-v"]);
    assert_eq!((output.as_str(), status), ("* juliet@chat.example  OS keyring (Secret Service)\n", Some(0)));
    let (output, _, _) = chat(&home, &["accounts", "-j"]);
    assert_eq!(output, "{\"version\":1,\"type\":\"account\",\"account\":\"juliet@chat.example\",\"default\":true}\n");
}

#[test]
fn logout_removes_the_password_the_settings_and_the_state() {
    let mut home = Home::new("");
    home.start_keyring("open sesame");
    home.order("store s3cret");
    home.write(".local/state/chat/juliet@chat.example/login.json", 0o600, "{}");
    assert_eq!(chat(&home, &["logout", "juliet@chat.example"]), (String::new(), String::new(), Some(0)));
    assert_eq!(fs::read_to_string(home.path(".config/chat/config.toml")).expect("the file").trim(), "");
    assert!(!home.path(".local/state/chat/juliet@chat.example").exists());
    home.write(".config/chat/config.toml", 0o600, "[account.\"juliet@chat.example\"]\n");
    assert!(home.order("find").contains("holds none"), "the password is still there");

    let (_, error, status) = chat(&home, &["logout", "romeo@chat.example"]);
    assert!(error.starts_with("chat: there is no account romeo@chat.example\n"), "{error}");
    assert_eq!(status, Some(78));
}

#[test]
fn logout_changes_nothing_while_the_keyring_is_locked() {
    let mut home = Home::new("");
    home.start_keyring("open sesame");
    home.order("store s3cret");
    home.start_locked_keyring();
    let (_, error, status) = chat(&home, &["logout", "juliet@chat.example"]);
    assert_eq!(status, Some(75), "{error}");
    assert_eq!(chat(&home, &["accounts"]).0, "* juliet@chat.example\n");
}

#[test]
fn nothing_is_kept_when_the_login_fails() {
    let mut home = Home::new("");
    home.start_keyring("open sesame");
    let file = home.write("pw", 0o600, "s3cret\n").display().to_string();
    let before = fs::read_to_string(home.path(".config/chat/config.toml")).expect("the file");
    let (_, error, status) = chat(&home, &["login", "-H", "127.0.0.1:1", "-p", &file, "juliet@chat.example"]);
    assert_eq!(status, Some(75), "{error}");
    assert!(!error.contains("s3cret"), "{error}");
    assert_eq!(fs::read_to_string(home.path(".config/chat/config.toml")).expect("the file"), before);
    assert!(home.order("find").contains("holds none"));
}

#[test]
fn without_a_terminal_login_says_how_to_give_the_password() {
    let (_, error, status) = chat(&Home::new(""), &["login", "juliet@chat.example"]);
    assert_eq!(status, Some(64));
    assert!(error.contains("no terminal to ask for the password on; give it with -p FILE"), "{error}");
}

#[test]
fn at_a_terminal_the_password_is_asked_for() {
    let home = Home::new("");
    // script(1) makes a terminal, and ends with the status of the command.
    let line = format!("{} login -H 127.0.0.1:1 juliet@chat.example", env!("CARGO_BIN_EXE_chat"));
    let mut script = home
        .command(Path::new("script"))
        .args(["-qec", &line, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script: bsdutils has it");
    let mut output = BufReader::new(script.stdout.take().expect("it is piped"));
    let prompt = "Password of juliet@chat.example: ";
    let mut shown = vec![0; prompt.len()];
    output.read_exact(&mut shown).expect("a prompt");
    assert_eq!(String::from_utf8_lossy(&shown), prompt);
    writeln!(script.stdin.take().expect("it is piped"), "s3cret").expect("it is typed");
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("the end");
    assert!(rest.contains("cannot connect to"), "{rest}");
    assert_eq!(script.wait().expect("it ends").code(), Some(75));
}
