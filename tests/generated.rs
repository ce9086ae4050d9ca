//! `man/` and `completions/other/` say what the command definitions say; `UPDATE_EXPECT=1 cargo test --test generated` rewrites them.

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{completions, fresh, manual};

#[test]
fn the_manual_pages_are_as_generated() {
    fresh::assert_fresh("man", &manual::pages(&chat::command(), &release_date()));
}

#[test]
fn the_completions_of_other_shells_are_as_generated() {
    fresh::assert_fresh("completions/other", &completions::completions(&chat::command()));
}

#[test]
fn every_example_of_the_manual_is_understood() {
    let main = chat::command();
    for line in main.get_subcommands().flat_map(manual::example_lines) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut commands = words.split(|word| ["|", "&&", "||", "#", "<", ">"].contains(word));
        let call = commands.find(|command| command.first() == Some(&"chat")).expect("an example calls chat");
        if let Err(error) = main.clone().try_get_matches_from(call) {
            panic!("{line}\n{error}");
        }
    }
}

#[test]
fn the_example_of_the_configuration_is_one() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), support::reference_pages::CONFIG_EXAMPLE).expect("written");
    let config = chat::config::Config::load(file.path()).expect("the example is understood");
    assert_eq!(config.accounts().len(), 2);
}

/// Whoever reads the program's comments for what is spoken, and who reads chat-xmpp(7), find the same.
#[test]
fn the_manual_names_only_standards_that_the_program_knows() {
    let pages = support::reference_pages::reference_pages("1.0", "2026-01-01");
    let (_, page) = pages.iter().find(|(name, _)| name == "chat-xmpp.7").expect("the page");
    let mut source = String::new();
    for file in walk(&fresh::root().join("src")) {
        source += &fs::read_to_string(file).expect("a source file");
    }
    let page = page.replace("\\-", "-");
    let named: BTreeSet<&str> = page.match_indices("XEP-").map(|(at, _)| &page[at..at + "XEP-0000".len()]).collect();
    assert!(named.len() > 10, "{named:?}");
    let unknown: Vec<_> = named.iter().filter(|xep| !source.contains(**xep)).collect();
    assert!(unknown.is_empty(), "nowhere in src/: {unknown:?}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn the_changelog_of_the_package_names_this_version() {
    let first = changelog().lines().next().unwrap_or_default().to_owned();
    assert!(
        first.starts_with(&format!("chat ({}-", env!("CARGO_PKG_VERSION"))),
        "debian/changelog and Cargo.toml disagree: {first}"
    );
}

#[test]
fn the_manual_names_every_environment_variable_that_is_read() {
    let source = fs::read_to_string(fresh::root().join("src/config/environment.rs")).expect("the file is there");
    let is_variable =
        |text: &&str| text.len() > 3 && text.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
    let mut read: BTreeSet<&str> = source.split('"').filter(is_variable).collect();
    // These are read by the libraries: the home directory, and the session bus with the keyring.
    read.extend(["HOME", "DBUS_SESSION_BUS_ADDRESS"]);
    let told: BTreeSet<&str> = chat::topics::ENVIRONMENT.iter().map(|(name, _)| *name).collect();
    assert_eq!(read, told, "change ENVIRONMENT in src/topics.rs");
}

/// When this version was made, by the package's changelog: the date on the manual pages.
fn release_date() -> String {
    let changelog = changelog();
    let signed = changelog.lines().find(|line| line.starts_with(" -- ")).expect("a changelog entry is signed");
    let (_, date) = signed.split_once(">  ").expect("two spaces stand before the date");
    chrono::DateTime::parse_from_rfc2822(date).expect("the date is as RFC 2822 has it").format("%Y-%m-%d").to_string()
}

fn changelog() -> String {
    fs::read_to_string(fresh::root().join("debian/changelog")).expect("debian/changelog is there")
}
