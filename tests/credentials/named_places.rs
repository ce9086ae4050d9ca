//! Places that the user or the system named: they are taken as they are, and when they fail nothing else is tried.

use std::process::Stdio;
use std::time::Instant;

use super::LIMIT;
use super::home::Home;

#[test]
fn a_credential_of_systemd_comes_before_the_configuration() {
    let home = Home::new("password_command = \"echo from-the-command\"");
    let directory = home.path("credentials");
    home.write("credentials/chat-password", 0o440, "from-systemd\n");
    let environment = [("CREDENTIALS_DIRECTORY", directory.as_path())];
    assert_eq!(home.order_with("find", &environment), "found from-systemd");
    home.write("credentials/juliet@chat.example", 0o440, "for-juliet\n");
    assert_eq!(home.order_with("find", &environment), "found for-juliet");
    let path = directory.join("juliet@chat.example");
    assert_eq!(home.order_with("locate", &environment), format!("systemd credential {}", path.display()));
}

#[test]
fn the_file_of_p_comes_first() {
    let home = Home::new("password_command = \"echo from-the-command\"");
    let file = home.write("pw", 0o600, "from-the-file\nignored\n");
    assert_eq!(home.order(&format!("find {}", file.display())), "found from-the-file");
}

#[test]
fn a_file_that_others_can_read_is_refused_and_not_shown() {
    let home = Home::new("");
    let file = home.write("pw", 0o644, "s3cret\n");
    let answer = home.order(&format!("find {}", file.display()));
    assert_eq!(answer, format!("{} is not private: others can read or change it (mode 0644)", file.display()));
}

#[test]
fn the_command_of_the_configuration_comes_before_its_file() {
    let home = Home::new("password_command = \"echo from-the-command\"\npassword_file = \"/nonexistent\"");
    assert_eq!(home.order("find"), "found from-the-command");
    assert_eq!(home.order("locate"), "command echo from-the-command");
}

#[test]
fn the_file_of_the_configuration_is_read() {
    let home = Home::new("");
    let file = home.write("pw", 0o600, "s3cret");
    home.write(
        ".config/chat/config.toml",
        0o600,
        &format!("[account.\"juliet@chat.example\"]\npassword_file = \"{}\"\n", file.display()),
    );
    assert_eq!(home.order("find"), "found s3cret");
    assert_eq!(home.order("locate"), format!("file {}", file.display()));
}

#[test]
fn a_command_that_fails_is_named() {
    let failed = "no password for juliet@chat.example: the password command failed (exit status: 7): exit 7";
    assert_eq!(Home::new("password_command = \"exit 7\"").order("find"), failed);
    let answer = Home::new("password_command = \"true\"").order("find");
    assert!(answer.ends_with("(the first line is empty): true"), "{answer}");
}

#[test]
fn a_slow_command_is_told_and_waited_for() {
    let home = Home::new("password_command = \"sleep 4; echo s3cret\"");
    let start = Instant::now();
    assert_eq!(home.order("find"), "told: waiting for the password command: sleep 4; echo s3cret\nfound s3cret");
    assert!(start.elapsed() < LIMIT + LIMIT, "it took {:?}", start.elapsed());
}

/// A prompt of the shell calls it each time: there is a terminal, and still nobody is asked.
#[test]
fn unread_q_never_asks_for_a_password() {
    let home = Home::new("");
    let command = format!("{} unread -q; echo \"status $?\"", env!("CARGO_BIN_EXE_chat"));
    let mut terminal = home.isolated_command("timeout".as_ref());
    terminal.args(["60", "script", "--quiet", "--command", &command, "/dev/null"]).stdin(Stdio::null());
    let shown = terminal.output().expect("script, of util-linux").stdout;
    let shown = String::from_utf8_lossy(&shown);
    assert!(!shown.contains("Password of") && shown.contains("status 78"), "{shown}");
}
