//! Passwords in real places: a gnome-keyring on a session bus of its own, the kernel keyring, files and commands.
//!
//! Each order is carried out by a new process, because a process connects to its keyring once.

mod commands;
mod home;
mod named_places;

use std::io::{self, Write};
use std::os::unix::net::UnixListener;
use std::thread;
use std::time::{Duration, Instant};

use chat::cli::ConnectionOptions;
use chat::config::{Environment, Settings};
use chat::credentials::{self, Asking, Password};
use home::{Home, OWN_KERNEL_KEYRING, ask, namespaces_allowed};
use jid::BareJid;

const LIMIT: Duration = Duration::from_secs(15);

/// Not a test: what the processes do that the tests start. Its order is on standard input.
#[test]
#[ignore = "the other tests start it"]
fn carry_out_an_order() {
    let order = io::read_to_string(io::stdin()).expect("an order");
    let words: Vec<&str> = order.split_whitespace().collect();
    let juliet = BareJid::new("juliet@chat.example").expect("an address");
    let find = |file: Option<&str>| {
        let options = ConnectionOptions { password_file: file.map(Into::into), ..ConnectionOptions::default() };
        let sources = Settings::resolve(&options, &Environment::current())?.password;
        let tell = |text: &str| writeln!(io::stdout(), "\n=> told: {text}").expect("standard output");
        let password = credentials::find(&juliet, &sources, Asking::Allowed, &tell)?;
        Ok(format!("found {}", password.expose()))
    };
    let locate = || {
        let sources = Settings::resolve(&ConnectionOptions::default(), &Environment::current())?.password;
        Ok(credentials::locate(&juliet, &sources).to_string())
    };
    let store = |password: &str| {
        credentials::store(&juliet, &Password::new(password.into())).map(|place| format!("stored in {place}"))
    };
    let result: Result<String, chat::error::Error> = match words[..] {
        ["store", password] => store(password),
        ["find"] => find(None),
        ["find", file] => find(Some(file)),
        ["forget"] => credentials::forget(&juliet).map(|()| "forgotten".into()),
        ["locate"] => locate(),
        _ => panic!("what does {order} mean?"),
    };
    let answer = result.unwrap_or_else(|error| error.to_string());
    writeln!(io::stdout(), "\n=> {answer}").expect("standard output");
}

#[test]
fn the_keyring_keeps_finds_and_forgets_a_password() {
    let mut home = Home::new("");
    home.start_keyring("open sesame");
    assert_eq!(home.order("store s3cret"), "stored in OS keyring (Secret Service)");
    assert_eq!(home.order("locate"), "OS keyring (Secret Service)");
    assert_eq!(home.order("find"), "found s3cret");
    assert_eq!(home.order("store changed"), "stored in OS keyring (Secret Service)");

    let lookup = ["lookup", "service", "chat", "username", "juliet@chat.example"];
    let seen = home.command("secret-tool".as_ref()).args(lookup).output().expect("secret-tool");
    assert_eq!(String::from_utf8_lossy(&seen.stdout), "changed", "other programs see it under this name");

    assert_eq!(home.order("forget"), "forgotten");
    assert_eq!(home.order("forget"), "forgotten", "once more is no error");
    assert!(home.order("find").contains("OS keyring (Secret Service): holds none"));
}

#[test]
fn a_locked_keyring_is_named() {
    let mut home = Home::new("");
    home.start_keyring("open sesame");
    home.order("store s3cret");
    home.start_locked_keyring();
    let locked = "OS keyring (Secret Service): it is locked: unlock it in the desktop's program for passwords, or GNOME's with \
        “gnome-keyring-daemon --replace --unlock”";
    assert!(home.order("find").contains(locked));
    assert_eq!(home.order("store other"), format!("the password of juliet@chat.example could not be stored: {locked}"));
    assert_eq!(home.order("forget"), format!("the password of juliet@chat.example could not be removed: {locked}"));
    home.start_keyring("open sesame");
    assert_eq!(home.order("find"), "found s3cret");
}

#[test]
fn a_keyring_that_hangs_costs_three_seconds_and_is_named() {
    let mut home = Home::new("");
    home.start_bus(Some("/bin/sleep 20"));
    assert_hangs(&home);
}

#[test]
fn a_bus_that_hangs_costs_three_seconds_and_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let socket = directory.path().join("silent");
    let _silent = UnixListener::bind(&socket).expect("a socket");
    assert_hangs(&Home::new("").with_bus(format!("unix:path={}", socket.display())));
}

fn assert_hangs(home: &Home) {
    let assert_hangs = |order| {
        let start = Instant::now();
        let answer = home.order(order);
        assert!(answer.contains("OS keyring (Secret Service): no answer within 3 s"), "{order}: {answer}");
        assert!(start.elapsed() < LIMIT, "{order} took {:?}", start.elapsed());
    };
    thread::scope(|scope| {
        for order in ["find", "store s3cret", "forget", "locate"] {
            scope.spawn(move || assert_hangs(order));
        }
    });
}

#[test]
fn without_any_keyring_the_error_says_what_was_tried() {
    let mut home = Home::new("");
    let tried = home.order("find");
    assert!(
        tried.starts_with(
            "no password for juliet@chat.example: OS keyring (Secret Service): there is no session bus; kernel keyring"
        ),
        "{tried}"
    );
    assert!(tried.ends_with("; no terminal to ask on"), "{tried}");

    home.start_bus(None);
    let tried = home.order("find");
    assert!(
        tried.contains("OS keyring (Secret Service): nothing on the session bus offers it; kernel keyring"),
        "{tried}"
    );
}

#[test]
fn the_kernel_keyring_keeps_a_password_where_there_is_no_bus() {
    if !namespaces_allowed() {
        return skip("no user namespace can be made here, and yours is not for tests");
    }
    let home = Home::new("");
    let test = std::env::current_exe().expect("this test");
    // Each order is a process with a session keyring of its own, or with none, as in cron.
    for session in ["", "keyctl session - "] {
        let orders =
            ["store s3cret", "locate", "find", "forget", "forget", "find"].map(|order| format!("'{order}'")).join(" ");
        let script =
            format!("for order in {orders}; do echo $order | {session}'{}' \"$@\" 2>/dev/null; done", test.display());
        let mut command = home.command(OWN_KERNEL_KEYRING[0].as_ref());
        command.args(&OWN_KERNEL_KEYRING[1..]).args(["sh", "-c", &script, "sh"]);
        let answers = ask(command, "");
        if answers.contains("the kernel does not allow it") {
            return skip("the kernel allows no keyrings here");
        }
        let kept = "kernel keyring (until reboot, or 3 days unused)";
        let expected = format!(
            "stored in {kept}\n{kept}\nfound s3cret\nforgotten\nforgotten\nno password for juliet@chat.example: \
             OS keyring (Secret Service): there is no session bus; {kept}: holds none; no terminal to ask on"
        );
        assert_eq!(answers, expected, "{session}");
    }
}

fn skip(reason: &str) {
    writeln!(io::stderr(), "skipped: {reason}").expect("standard error");
}
