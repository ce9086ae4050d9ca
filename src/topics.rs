//! What there is to say beyond one command: for `chat help TOPIC`, and for chat(1).
//!
//! `tests/generated.rs` holds ENVIRONMENT against what `src/config/environment.rs` reads.

use crate::exit_code::ExitCode;

/// A text that `chat help` shows.
#[derive(Debug, Default)]
pub struct Topic {
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Paragraphs, with a blank line between them.
    pub text: &'static str,
    /// Terms and their meanings.
    pub terms: Vec<(String, &'static str)>,
}

/// All topics.
pub fn topics() -> [Topic; 5] {
    let list = |terms: &[(&str, &'static str)]| terms.iter().map(|(term, text)| ((*term).to_owned(), *text)).collect();
    let codes = ExitCode::ALL.map(|code| (code.number().to_string(), code.sentence()));
    [
        Topic {
            name: "exit-codes",
            about: "The exit status, as a script sees it in $?",
            terms: codes.into(),
            ..Topic::default()
        },
        Topic {
            name: "environment",
            about: "The environment variables that are read",
            terms: list(ENVIRONMENT),
            ..Topic::default()
        },
        Topic { name: "files", about: "The files that are read and written", terms: list(FILES), ..Topic::default() },
        Topic { name: "passwords", about: "Where passwords are looked for", text: PASSWORDS, ..Topic::default() },
        Topic { name: "syntax", about: "The order of options and operands", text: NOTES, ..Topic::default() },
    ]
}

/// Every environment variable that is read.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "CREDENTIALS_DIRECTORY",
        "Where systemd puts the credentials of a service: `chat-password`, or one named like the account.",
    ),
    (
        "DBUS_SESSION_BUS_ADDRESS",
        "Where the desktop's keyring (Secret Service) is reached. Without it, the keyring of the kernel is used.",
    ),
    ("EDITOR", "The editor of `chat send -e`, a command for the shell, where VISUAL is not set."),
    ("HOME", "Where the configuration and the state are, when the two XDG variables below are not set."),
    (
        "NO_COLOR",
        "If set and not empty, no colours are written; they never are when standard output is not a terminal.",
    ),
    ("SSL_CERT_DIR", "Folders, separated by colons, with the authorities to trust instead of the system's."),
    (
        "SSL_CERT_FILE",
        "A file with the authorities to trust instead of the system's; with both variables, all of them.",
    ),
    ("VISUAL", "The editor of `chat send -e`, before EDITOR; without both it is `vi`."),
    ("XDG_CONFIG_HOME", "The folder for configurations, instead of `~/.config`."),
    ("XDG_STATE_HOME", "The folder for what is remembered between runs, instead of `~/.local/state`."),
];

/// Every file that is read or written.
pub const FILES: &[(&str, &str)] = &[
    (
        "~/.config/chat/config.toml",
        "The accounts and which is the default one; written by `chat-login`(1), and free to be edited. It holds no password.",
    ),
    (
        "~/.local/state/chat/",
        "What is remembered between runs, per account, and the queue of `chat send -Q`. Where that is empty it can be deleted: the next run takes longer.",
    ),
    ("/etc/resolv.conf, /etc/hosts", "Where servers are looked up."),
];

/// Where passwords are looked for.
pub const PASSWORDS: &str = "\
A password is taken from the first of these places that is set up: the file of `-p`, the credential that systemd gives \
to a service, the password command of the configuration, the password file that `chat-login`(1) was given, the \
keyring of the operating system, the keyring of the Linux kernel, and the person at the terminal. \
It is never an argument or an environment variable, and never written to a file. \
`chat accounts -v` says where each password lives.

Some servers give a token that logs in instead of the password for some time. It is kept beside a password in a \
keyring; beside a password in a file it is in `~/.local/state/chat`, readable by you alone; and beside no other.";

/// The syntax, and the other program of this name.
pub const NOTES: &str = "\
Options come before operands, as POSIX wants it: after the first operand nothing is an option, so \
`chat send romeo@chat.example -5 degrees` sends \u{201c}-5 degrees\u{201d}. Long options cannot be abbreviated.

The package ppp has another program of this name, `/usr/sbin/chat`, for modems. Scripts for pppd call it by that full \
name and are not disturbed. Its manual page is shown by `man 8 chat`. Where `sudo` of a system sets a path without \
`/usr/local/bin`, `sudo chat` is that program; write `sudo /usr/bin/chat` there.";
