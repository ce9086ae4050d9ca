//! The scripts of contrib/: what they call is a line that `chat` understands, with the words that came from elsewhere whole.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

/// What a script gave to `chat`: its arguments, and its standard input.
struct Call {
    arguments: Vec<String>,
    input: String,
    status: Option<i32>,
}

/// Runs `contrib/SCRIPT` where `chat` is a program that only notes how it is called.
fn call(script: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Call {
    let notes = tempfile::tempdir().expect("a temporary directory");
    let read = |name: &str| fs::read_to_string(notes.path().join(name)).unwrap_or_default();
    let mut command = script_of_contrib(script);
    command.args(arguments).env("NOTES", notes.path()).envs(environment.iter().copied());
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().expect("it runs").code();
    Call { arguments: read("arguments").lines().map(str::to_owned).collect(), input: read("input"), status }
}

fn script_of_contrib(script: &str) -> Command {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut command = Command::new(format!("{root}/contrib/{script}"));
    command.env_clear().env("PATH", format!("{root}/tests/contrib:/usr/bin:/bin"));
    command
}

impl Call {
    fn is_understood(&self) {
        let read = chat::parse(self.arguments.iter().map(Into::into));
        assert!(read.is_ok(), "{:?}", self.arguments);
    }
}

#[test]
fn a_job_of_cron_that_fails_is_told_of_and_keeps_its_status() {
    let job = ["ops@chat.example", "sh", "-c", "echo 'disk full'; exit 3"];
    let call = call("chat-cron", &job, &[]);
    call.is_understood();
    assert_eq!(call.arguments, ["chat", "send", "--", "ops@chat.example"]);
    assert!(call.input.ends_with("status 3\ndisk full\n"), "{}", call.input);
    assert_eq!(call.status, Some(3));
}

#[test]
fn a_job_of_cron_that_is_done_says_nothing() {
    let call = call("chat-cron", &["ops@chat.example", "echo", "done"], &[]);
    assert_eq!((call.arguments.len(), call.status), (0, Some(0)));
}

#[test]
fn what_a_plugin_says_reaches_no_shell() {
    let output = "$(touch /tmp/x) `id` -v";
    let call = call("icinga-notify", &["a@b.example", "PROBLEM", "www", "", "DOWN", output], &[]);
    call.is_understood();
    assert_eq!(call.input, format!("PROBLEM: host on www is DOWN\n{output}\n"));
}

#[test]
fn a_failing_disk_is_told_of() {
    let call = call("smartd-warn", &[], &[("SMARTD_SUBJECT", "SMART error"), ("SMARTD_FULLMESSAGE", "sda is ill")]);
    call.is_understood();
    assert_eq!((call.arguments[3].as_str(), call.input.as_str()), ("SMART error", "sda is ill\n"));
}

#[test]
fn a_program_that_wants_a_mailer_gets_one() {
    let mail = call("chat-mail", &["-s", "two words", "a@b.example", "c@d.example"], &[]);
    mail.is_understood();
    assert_eq!(mail.arguments, ["chat", "send", "-s", "two words", "--", "a@b.example,c@d.example"]);
    assert_eq!(
        call("chat-mail", &["root"], &[("CHAT_TO", "a@b.example")]).arguments,
        ["chat", "send", "--", "a@b.example"]
    );
    assert_eq!(call("chat-mail", &["-x", "a@b.example"], &[]).status, Some(64));
}

#[test]
fn each_alert_is_one_line_whatever_it_says() {
    let posted = r#"{"alerts":[
        {"status":"firing","labels":{"alertname":"Disk","instance":"www"},"annotations":{"summary":"full\nof it"}},
        {"status":"resolved","labels":{"alertname":"Load"},"annotations":{}}]}"#;
    let mut command = script_of_contrib("alertmanager-line");
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.expect("it runs");
    child.stdin.take().expect("a pipe").write_all(posted.as_bytes()).expect("it reads everything");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "FIRING Disk www: full of it\nRESOLVED Load : \n");
}

#[test]
fn the_unit_calls_chat_as_it_wants_to_be_called() {
    let unit = include_str!("../contrib/chat-failure@.service");
    let (_, line) = unit.split_once("| chat ").expect("it calls chat");
    let (line, _) = line.split_once('\'').expect("the shell's word ends");
    let words = std::iter::once("chat").chain(line.split(' ').filter(|word| *word != "failed\""));
    assert!(chat::parse(words.map(Into::into)).is_ok(), "{line}");
}
