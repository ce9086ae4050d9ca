//! What can be offered at a place.

use std::collections::BTreeMap;

use clap::{Arg, Command, CommandFactory};
use jid::BareJid;

use super::place::{Place, Wanted, is_recipient, value_name};
use crate::config::{Config, Environment, Paths};
use crate::conversation::addresses::Addresses;
use crate::output::sanitize;
use crate::state::AccountState;
use crate::state::spool::Spool;
use crate::topics::topics;

/// The addresses and ids that can be offered. Where the configuration cannot be read there are none: Tab is no time for errors.
#[derive(Default)]
pub(super) struct Candidates {
    accounts: Vec<String>,
    known: Addresses,
    queue: Option<Spool>,
}

impl Candidates {
    /// For the account `user`, or the default one.
    pub(super) fn new(environment: &Environment, user: Option<&str>) -> Self {
        let Ok(paths) = Paths::of(environment) else { return Self::default() };
        let Ok(config) = Config::load(&paths.config_file) else { return Self::default() };
        let user = user.map(|text| BareJid::new(text).ok());
        let account = user.unwrap_or_else(|| config.default_account().ok().flatten().cloned());
        let state = account.map(|account| AccountState::of(&account, &paths.state_dir));
        Self {
            accounts: config.accounts().keys().map(BareJid::to_string).collect(),
            known: state.as_ref().map(AccountState::addresses).unwrap_or_default(),
            queue: state.as_ref().map(AccountState::spool),
        }
    }

    /// The answer's lines.
    pub(super) fn lines(&self, place: &Place<'_>, typed: &str) -> Vec<String> {
        match place.wanted {
            Wanted::Nothing => Vec::new(),
            Wanted::Command => fitting(typed, commands(place.command)),
            Wanted::Option => fitting(typed, options(place.command)),
            Wanted::Value(arg) => self.values(arg, typed.split_at(place.offset)),
        }
    }

    fn values(&self, arg: &Arg, (start, typed): (&str, &str)) -> Vec<String> {
        let (start, typed) = match typed.rsplit_once(',').filter(|_| is_recipient(arg)) {
            Some((others, last)) => (format!("{start}{others},"), last),
            None => (start.to_owned(), typed),
        };
        let values = match value_name(arg) {
            "FILE" => return vec![format!(":files\t{start}")],
            "JID" => harmless(self.accounts.iter().map(|account| (account.clone(), String::new())).collect()),
            "TOPIC" => commands(&crate::cli::Cli::command())
                .into_iter()
                .chain(topics().map(|topic| (topic.name.to_owned(), topic.about.to_owned())))
                .collect(),
            name if name == "SENDER" || is_recipient(arg) => harmless(self.known.all()),
            "ID" if arg.is_positional() => harmless(self.queued()),
            _ => {
                let values = arg.get_possible_values();
                values.iter().map(|value| (value.get_name().to_owned(), text(value.get_help()))).collect()
            }
        };
        fitting(typed, values).iter().map(|line| format!("{start}{line}")).collect()
    }

    /// The ids of what waits in the queue, with what each is.
    fn queued(&self) -> BTreeMap<String, String> {
        let entries = self.queue.as_ref().and_then(|queue| queue.look().ok()).unwrap_or_default();
        let messages = entries.into_iter().map(|entry| entry.message);
        messages.map(|message| (message.id, format!("{}: {}", message.to, message.body))).collect()
    }
}

fn fitting(typed: &str, candidates: Vec<(String, String)>) -> Vec<String> {
    let fitting = candidates.into_iter().filter(|(candidate, _)| candidate.starts_with(typed));
    fitting.map(|(candidate, meaning)| format!("{candidate}\t{meaning}")).collect()
}

fn commands(command: &Command) -> Vec<(String, String)> {
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    shown.map(|command| (command.get_name().to_owned(), text(command.get_about()))).collect()
}

fn options(command: &Command) -> Vec<(String, String)> {
    let options = command.get_arguments().filter(|arg| !arg.is_positional() && !arg.is_hide_set());
    options.filter_map(|option| Some((format!("--{}", option.get_long()?), text(option.get_help())))).collect()
}

/// Addresses and ids that no shell takes for more than a word, with what they are. A contact called `$(reboot)@…` is
/// not offered: the line is about to be run.
fn harmless(known: BTreeMap<String, String>) -> Vec<(String, String)> {
    let is_safe = |letter: char| letter.is_alphanumeric() || "@._-+".contains(letter);
    let safe = |word: &String| word.chars().all(is_safe) && word.starts_with(char::is_alphanumeric);
    let shown = |meaning: &str| sanitize::field(meaning).chars().take(40).collect();
    known.into_iter().filter(|(word, _)| safe(word)).map(|(word, meaning)| (word, shown(&meaning))).collect()
}

fn text(words: Option<&clap::builder::StyledStr>) -> String {
    words.map(ToString::to_string).unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(words: &[&str]) -> Vec<String> {
        let mut main = crate::cli::Cli::command();
        main.build();
        let known = [
            ("romeo@chat.example", "Romeo\u{1b}[2J\t$(reboot)"),
            ("rosaline@chat.example", ""),
            ("$(reboot)@evil.example", ""),
            ("-v@evil.example", ""),
            ("a;b@evil.example", ""),
            ("hall@rooms.chat.example", "The hall"),
        ];
        let known = known.map(|(address, name)| (address.to_owned(), name.to_owned())).into();
        let candidates = Candidates {
            accounts: vec!["juliet@chat.example".into(), "ops@chat.example".into()],
            known: Addresses { contacts: known, ..Addresses::default() },
            queue: None,
        };
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let (typed, before) = words.split_last().expect("a word is completed");
        let lines = candidates.lines(&Place::of(&main, before, typed), typed);
        lines.iter().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn commands_and_their_long_options_are_offered() {
        assert_eq!(answer(&["unr"]), ["unread"]);
        assert_eq!(answer(&["--", "unr"]), ["unread"]);
        assert_eq!(answer(&["complet"]), [""; 0]);
        assert_eq!(answer(&["unread", "--cou"]), ["--count"]);
        assert_eq!(answer(&["unread", "-c", "--time"]), ["--timeout"]);
        assert_eq!(answer(&["unread", "romeo@chat.example", "--cou"]), [""; 0]);
        assert_eq!(answer(&["unread", "--", "--cou"]), [""; 0]);
    }

    #[test]
    fn accounts_follow_u_in_each_of_its_forms() {
        assert_eq!(answer(&["send", "-u", "jul"]), ["juliet@chat.example"]);
        assert_eq!(answer(&["send", "-ujul"]), ["-ujuliet@chat.example"]);
        assert_eq!(answer(&["send", "-vujul"]), ["-vujuliet@chat.example"]);
        assert_eq!(answer(&["send", "--user=jul"]), ["--user=juliet@chat.example"]);
        assert_eq!(answer(&["logout", ""]), ["juliet@chat.example", "ops@chat.example"]);
    }

    #[test]
    fn contacts_and_rooms_are_recipients_and_senders() {
        assert_eq!(answer(&["send", "rom"]), ["romeo@chat.example"]);
        assert_eq!(answer(&["send", "-t", "5", "hall@r"]), ["hall@rooms.chat.example"]);
        assert_eq!(answer(&["send", "rosaline@chat.example,rom"]), ["rosaline@chat.example,romeo@chat.example"]);
        assert_eq!(answer(&["send", "romeo@chat.example", "ro"]), [""; 0]);
        assert_eq!(answer(&["unread", "romeo@chat.example", "rosa"]), ["rosaline@chat.example"]);
    }

    #[test]
    fn what_a_shell_could_run_is_not_offered_and_names_are_harmless() {
        assert_eq!(answer(&["send", ""]), ["hall@rooms.chat.example", "romeo@chat.example", "rosaline@chat.example"]);
        let known = [("romeo@chat.example".to_owned(), "Romeo\u{1b}[2J\tx\n".to_owned())];
        assert_eq!(harmless(known.into())[0].1, "Romeo\\u{1b}[2J\\tx\\n");
    }

    #[test]
    fn files_are_left_to_the_shell() {
        assert_eq!(answer(&["send", "-C", "/et"]), [":files"]);
        assert_eq!(answer(&["send", "--ca-file=/et"]), [":files"]);
        assert_eq!(answer(&["send", "-w", "d"]), ["displayed"]);
        assert_eq!(answer(&["help", "ex"]), ["exit-codes"]);
    }
}
