//! What `chat send` finds out before it connects to anybody, and what it leaves in the queue then, seen from outside: no
//! line reaches a server.

#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Somebody with a password file and no server.
struct Home(tempfile::TempDir);

struct Ended {
    status: Option<i32>,
    out: String,
    err: String,
}

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("a folder"));
        home.write("password", "s3cret\n");
        home.set_mode("0600");
        home
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.file(name), text).expect("written");
        self.file(name).display().to_string()
    }

    fn set_mode(&self, mode: &str) {
        let changed = Command::new("chmod").arg(mode).arg(self.file("password")).status().expect("chmod runs");
        assert!(changed.success());
    }

    /// `chat send` with the account, with `input` on standard input.
    fn send(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chat"));
        command.args(["send", "-u", "juliet@chat.example", "-p"]).arg(self.file("password")).args(arguments);
        self.run(command, input)
    }

    fn run(&self, mut command: Command, input: &str) -> Ended {
        command.env_clear().env("HOME", self.0.path()).env("LANG", "C.UTF-8");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().expect("chat runs");
        // One that reads nothing may have ended.
        let _ = running.stdin.take().expect("a pipe").write_all(input.as_bytes());
        let output = running.wait_with_output().expect("chat ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ended { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[test]
fn a_password_in_the_address_of_a_proxy_is_never_repeated() {
    let home = Home::new();
    for proxy in ["socks5://me:s3cretpw@127.0.0.1:1", "socks5://me:s3cretpw", "me:s3cretpw@127.0.0.1:1"] {
        for arguments in [&["-X", proxy, "romeo@chat.example", "hi"][..], &[&format!("--proxy={proxy}"), "a@b", "hi"]] {
            let ended = home.send(arguments, "");
            assert_eq!(ended.status, Some(64), "{}", ended.err);
            assert!(!ended.err.contains("s3cretpw") && ended.err.contains("-X"), "{}", ended.err);
        }
    }
    fs::create_dir_all(home.file(".config/chat")).expect("a folder");
    home.write(".config/chat/config.toml", "[account.\"juliet@chat.example\"]\nproxy = \"socks5://me:s3cretpw\"\n");
    let ended = home.send(&["romeo@chat.example", "hi"], "");
    assert_eq!(ended.status, Some(78), "{}", ended.err);
    assert!(!ended.err.contains("s3cretpw") && ended.err.contains("line 2: proxy"), "{}", ended.err);
}

#[test]
fn a_dry_run_says_what_would_be_sent_and_how() {
    let home = Home::new();
    let line = ["-n", "-I", "job-1", "-Q", "-s", "Dinner", "-T", "normal", "romeo@chat.example", "two\r\nlines\u{1b}"];
    let ended = home.send(&line[..9], "two\r\nlines\n");
    let password = format!("password  file {}", home.file("password").display());
    let expected = [
        "account   juliet@chat.example",
        &password,
        "to        romeo@chat.example",
        "type      normal",
        "wait      acked",
        "queue     where it cannot be sent now",
        "id        job-1",
        "subject   Dinner",
        "text      two\\nlines",
        "bytes     9",
    ];
    assert_eq!(ended.out.lines().collect::<Vec<_>>(), expected, "{}", ended.err);
    let retraction = home.send(&["-n", "-x", "m1", "romeo@chat.example"], "");
    assert!(retraction.out.contains("about     takes back m1\n"), "{}", retraction.out);
    assert_eq!(home.send(&line, "").status, Some(65));
}

#[test]
fn a_dry_run_finds_what_a_real_one_would() {
    let home = Home::new();
    let status = |arguments: &[&str]| home.send(arguments, "").status;
    assert_eq!(status(&["-n", "-C", "/nope", "romeo@chat.example", "hi"]), Some(78));
    assert_eq!(status(&["-n", "-p", "/nope", "romeo@chat.example", "hi"]), Some(66));
    assert_eq!(status(&["-n", "-X", "socks5://me@127.0.0.1:1", "romeo@chat.example", "hi"]), Some(78));
    assert_eq!(status(&["-n", "romeo@chat.example", "hi"]), Some(0));
    home.set_mode("0644");
    assert_eq!(status(&["-n", "romeo@chat.example", "hi"]), Some(78));
}

#[test]
fn recipients_come_from_standard_input_too() {
    let home = Home::new();
    let ended =
        home.send(&["-n", "-r", "-", "hi"], "\u{feff}# on call\r\nromeo@chat.example\r\nnurse@chat.example\r\n");
    assert!(ended.out.contains("to        romeo@chat.example\nto        nurse@chat.example\n"), "{}", ended.err);
    let both = home.send(&["-n", "-r", "-"], "romeo@chat.example\n");
    assert_eq!(both.status, Some(64));
    assert!(both.err.contains("-r - and the message"), "{}", both.err);
}

#[test]
fn tab_offers_the_ids_of_what_waits_in_the_queue() {
    let home = Home::new();
    // Nobody listens there.
    for (id, to) in [("job-1", "romeo@chat.example"), ("job-2", "nurse@chat.example"), ("$(reboot)", "a@b.example")] {
        let ended = home.send(&["-Q", "-H", "127.0.0.1:1", "-I", id, to, "two\nlines"], "");
        assert_eq!(ended.status, Some(0), "{}", ended.err);
    }
    let offered = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chat"));
        command.args(["complete", "--", "queue", "-u", "juliet@chat.example"]).args(words);
        home.run(command, "").out
    };
    let [first, second] = ["job-1\tromeo@chat.example: two\\nlines\n", "job-2\tnurse@chat.example: two\\nlines\n"];
    assert_eq!(offered(&["-d", ""]), format!("{first}{second}"));
    assert_eq!(offered(&["-d", "job-1", "job-2"]), second);
}
