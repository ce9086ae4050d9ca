//! The rules of ARCHITECTURE.md that neither the compiler nor a lint knows, as searches of the source text.
//!
//! A rule that fails names the lines that break it, and says what to do instead.

#[path = "support/ban.rs"]
mod ban;
#[path = "support/source.rs"]
mod source;

use ban::Ban;
use source::Source;

/// Who may use whom: a module and the modules of ours that it may name. `error`, `exit_code` and `platform` are open to all.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("main", &[]),
    ("cli", &["commands", "xmpp::endpoint", "xmpp::proxy"]),
    ("commands", &["cli", "config", "conversation", "credentials", "output", "posix", "state", "topics", "xmpp"]),
    ("config", &["cli", "credentials", "lock", "xmpp::authorities", "xmpp::endpoint", "xmpp::proxy"]),
    ("conversation", &[]),
    ("credentials", &[]),
    ("error", &[]),
    ("exit_code", &[]),
    ("lock", &[]),
    ("output", &["conversation"]),
    ("platform", &[]),
    ("posix", &[]),
    ("state", &["conversation", "lock"]),
    ("topics", &[]),
    ("xmpp", &["conversation"]),
];

#[test]
fn modules_use_each_other_in_one_direction_only() {
    let program = source::program();
    let breaches: Vec<String> = program.iter().filter(|file| file.name != "src/lib.rs").flat_map(wrong_uses).collect();
    assert!(
        breaches.is_empty(),
        "\n{}\n=> see DIRECTIONS in tests/architecture.rs: move what is shared into a lower layer, or pass it in\n",
        breaches.join("\n")
    );
}

fn wrong_uses(file: &Source) -> Vec<String> {
    let module = module_of(&file.name);
    let (_, allowed) =
        DIRECTIONS.iter().find(|(name, _)| *name == module).expect("a new module is added to DIRECTIONS");
    let may = |used: &str| {
        let open = ["error", "exit_code", "platform", module];
        open.iter().chain(*allowed).any(|name| used == *name || used.starts_with(&format!("{name}::")))
    };
    let uses = file.code().flat_map(|(number, line)| uses_in(line).into_iter().map(move |used| (number, used)));
    let wrong = uses.filter(|(_, used)| !may(used));
    wrong.map(|(number, used)| format!("{}:{number}: {module} uses {used}", file.name)).collect()
}

/// `src/xmpp/tls.rs` is part of `xmpp`, `src/error.rs` of `error`.
fn module_of(name: &str) -> &str {
    let path = name.trim_start_matches("src/");
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// The paths after `crate::`, such as `xmpp::tls`.
fn uses_in(line: &str) -> Vec<&str> {
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let paths = line.split("crate::").skip(1);
    paths.map(|rest| rest.split(|letter| !is_path(letter)).next().unwrap_or(rest)).collect()
}

#[test]
fn commands_do_not_use_each_other() {
    const RULE: Ban = Ban {
        words: &["commands::"],
        inside: &["src/commands/"],
        home: &["src/commands/mod.rs"],
        instead: "put what two commands share into the layer below",
    };
    RULE.check(&source::program());
}

#[test]
fn decisions_about_conversations_are_pure() {
    const RULE: Ban = Ban {
        words: &[
            "async ",
            ".await",
            "tokio",
            "std::io",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "::now(",
            "SystemTime",
            "Instant",
            "minidom",
            "rxml",
            "xso",
            "xmpp_parsers",
        ],
        inside: &["src/conversation/"],
        home: &[],
        instead: "fetch it in xmpp/, read it in commands/, and pass it in: also the time and the ids",
    };
    RULE.check(&source::program());
}

#[test]
fn xml_stays_in_the_protocol() {
    const RULE: Ban = Ban {
        words: &["minidom", "rxml", "xso", "xmpp_parsers", "tokio_xmpp"],
        inside: &[],
        home: &["src/xmpp/"],
        instead: "give the function in xmpp/ a return type of conversation/",
    };
    RULE.check(&source::program());
}

#[test]
fn only_output_and_main_print() {
    const RULE: Ban = Ban {
        words: &["print!", "println!", "eprint!", "eprintln!", "stdout()", "stderr()"],
        inside: &[],
        home: &["src/output/", "src/main.rs"],
        instead: "return what there is to say, and let output/ write it",
    };
    RULE.check(&source::program());
}

#[test]
fn only_main_ends_the_process() {
    const RULE: Ban = Ban {
        words: &["process::exit", "process::abort", "process::ExitCode"],
        inside: &[],
        home: &["src/main.rs", "src/exit_code.rs", "src/output/talk.rs"],
        instead: "return an Error; its exit_code() says how the process ends",
    };
    RULE.check(&source::program());
}

#[test]
fn only_config_reads_the_environment() {
    const RULE: Ban = Ban {
        words: &["env::var", "env::vars", "env::home_dir", "env::args"],
        inside: &[],
        home: &["src/config/environment.rs", "src/main.rs"],
        instead: "add a field to config::Environment",
    };
    RULE.check(&source::program());
}

#[test]
fn only_tls_configures_tls() {
    const RULE: Ban = Ban {
        words: &["ClientConfig::", "RootCertStore", "rustls_native_certs"],
        inside: &[],
        home: &["src/xmpp/tls.rs"],
        instead: "let xmpp/tls.rs make the configuration",
    };
    RULE.check(&source::program());
}

#[test]
fn nothing_accepts_any_certificate() {
    const RULE: Ban = Ban {
        words: &["dangerous()", "ServerCertVerified::assertion", "impl ServerCertVerifier", "danger_accept"],
        inside: &[],
        home: &[],
        instead: "there is no option for that: the user names the authority with -C",
    };
    RULE.check(&source::program());
}

#[test]
fn only_credentials_reads_passwords_and_asks_for_them() {
    const RULE: Ban = Ban {
        words: &["rpassword::", "keyring::", "keyring_core", "linux_keyutils", "zbus_secret_service", "Zeroizing<"],
        inside: &[],
        // SASL, proxies and the doors of rooms need the words themselves, and a token is one.
        home: &[
            "src/credentials/",
            "src/xmpp/credentials.rs",
            "src/xmpp/proxy.rs",
            "src/xmpp/sasl.rs",
            "src/xmpp/scram.rs",
            "src/xmpp/fast.rs",
            "src/xmpp/occupancy.rs",
        ],
        instead: "take a credentials::Password, which cannot be printed and wipes itself",
    };
    RULE.check(&source::program());
}

#[test]
fn nothing_sleeps_or_runs_without_an_owner() {
    const RULE: Ban = Ban {
        words: &["thread::sleep", "time::sleep", "tokio::spawn", "thread::spawn", "new_multi_thread"],
        inside: &[],
        // A keyring, a password command or a lock, and input on Windows, may hang for ever: the only limit is a thread that is left behind.
        home: &["src/credentials/", "src/lock.rs", "src/platform/windows.rs"],
        instead: "await it, under the command's deadline, on the one runtime",
    };
    RULE.check(&source::program());
}

#[test]
fn every_file_of_the_program_says_what_it_is_for() {
    for file in source::program() {
        assert!(file.text.starts_with("//! "), "{}: begin with a //! line: what it is responsible for", file.name);
    }
}

#[test]
fn no_file_is_longer_than_350_lines() {
    const GENERATED: &[&str] = &[
        "man/",
        "puppet/modules/chat/REFERENCE.md",
        "puppet/modules/ejabberd/REFERENCE.md",
        "Cargo.lock",
        "LICENSE-APACHE",
    ];
    for file in source::all().iter().filter(|file| !file.is_in(GENERATED)) {
        let lines = file.text.lines().count();
        assert!(lines <= 350, "{} has {lines} lines: split it by ideas", file.name);
    }
}

#[test]
fn a_rule_sees_what_breaks_it_and_only_that() {
    const RULE: Ban = Ban { words: &["env::var"], inside: &[], home: &["src/config/"], instead: "" };
    let file = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let bad = "let home = std::env::var(\"HOME\");";
    assert_eq!(RULE.breaches(&[file("src/cli.rs", bad)]), [format!("src/cli.rs:1: {bad}")]);
    assert_eq!(RULE.breaches(&[file("src/config/environment.rs", bad)]), [""; 0]);
    assert_eq!(RULE.breaches(&[file("src/cli.rs", &format!("/// {bad}\n#[cfg(test)]\nmod tests {{\n{bad}"))]), [""; 0]);
    assert_eq!(wrong_uses(&file("src/output/text.rs", "use crate::xmpp::tls;\nuse crate::error::Error;")).len(), 1);
}
