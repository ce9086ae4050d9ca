//! `man/` says what the command definitions say; `UPDATE_EXPECT=1 cargo test --test generated` rewrites them.

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::{fresh, manual, manual_common};

#[test]
fn the_manual_pages_are_as_generated() {
    fresh::assert_fresh("man", &manual::pages(&chat::command(), &release_date()));
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
    let told: BTreeSet<&str> = manual_common::ENVIRONMENT.iter().map(|(name, _)| *name).collect();
    assert_eq!(read, told, "change ENVIRONMENT in tests/support/manual_common.rs");
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
