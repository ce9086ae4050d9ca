//! Lines of `chat`, made from the command definitions, and what they are read as.

use std::process::{Command as Process, Output};

use chat::Failure;
use clap::{Arg, Command};

/// Every command, as built by clap.
pub(crate) fn commands() -> Vec<Command> {
    let mut main = chat::command();
    main.build();
    main.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect()
}

/// The letters of the options without argument, but -h.
pub(crate) fn flags(command: &Command) -> Vec<char> {
    let flags = command.get_arguments().filter(|arg| !arg.is_positional() && !arg.get_action().takes_values());
    flags.filter_map(Arg::get_short).filter(|letter| *letter != 'h').collect()
}

/// The letters of the options with an argument, each with an argument that fits.
pub(crate) fn options_with_argument(command: &Command) -> Vec<(char, String)> {
    let options = command.get_arguments().filter(|arg| !arg.is_positional() && arg.get_action().takes_values());
    options.map(|arg| (arg.get_short().expect("guideline 3"), sample(arg))).collect()
}

fn sample(arg: &Arg) -> String {
    if let Some(value) = arg.get_possible_values().first() {
        return value.get_name().to_owned();
    }
    let name = arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
    match name {
        "DATE" => "2026-11-24",
        "SECONDS" | "N" => "5",
        "PROXY" => "http://proxy.example:3128",
        "FILE" | "HOST[:PORT]" | "TEXT" | "ID" => "word",
        _ => "a@b.example",
    }
    .to_owned()
}

/// A line: the command, its options, its operands.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    options: Vec<String>,
    operands: Vec<String>,
}

/// These words, separated by spaces.
pub(crate) fn line(words: &str) -> Line {
    Line { options: words.split(' ').map(str::to_owned).collect(), operands: Vec::new() }
}

impl Line {
    /// The command with no options, and the operands that it must have.
    pub(crate) fn of(command: &Command) -> Self {
        let mut plain = line(command.get_name());
        if plain.read().is_err() {
            plain.operands = command.get_positionals().map(sample).collect();
        }
        plain
    }

    pub(crate) fn with(&self, words: &[&str]) -> Self {
        let mut line = self.clone();
        line.options.extend(words.iter().map(|word| (*word).to_owned()));
        line
    }

    fn words(&self) -> impl Iterator<Item = &String> {
        self.options.iter().chain(&self.operands)
    }

    /// The options that it is read into, or why not.
    pub(crate) fn read(&self) -> Result<String, String> {
        let words = std::iter::once("chat".into()).chain(self.words().map(Into::into));
        match chat::parse(words) {
            Ok(options) => Ok(format!("{options:?}")),
            Err(Failure::Usage(error)) => Err(error.to_string()),
            Err(Failure::Command(error)) => Err(error.to_string()),
        }
    }

    /// Accepted both, with the same meaning.
    pub(crate) fn means(&self, other: &Self) {
        self.is_accepted();
        self.ends_like(other);
    }

    /// Accepted both with the same meaning, or refused both for the same reason.
    pub(crate) fn ends_like(&self, other: &Self) {
        assert_eq!(self.read(), other.read(), "{self:?} and {other:?}");
    }

    pub(crate) fn is_accepted(&self) {
        assert_eq!(self.read().err(), None, "{self:?}");
    }

    /// A usage error, with nothing on standard output.
    pub(crate) fn is_refused(&self) {
        self.fails_with(64);
    }

    /// The program itself ends so, with `POSIXLY_CORRECT` and without.
    pub(crate) fn fails_with(&self, status: i32) {
        let [plain, correct] = [false, true].map(|posixly_correct| self.run(posixly_correct));
        assert_eq!(plain.status.code(), Some(status), "{self:?}: {}", String::from_utf8_lossy(&plain.stderr));
        assert_eq!(String::from_utf8_lossy(&plain.stdout), "", "{self:?}");
        assert_eq!(plain, correct, "{self:?} under POSIXLY_CORRECT");
    }

    /// In a home where nothing is set up, so that it goes nowhere.
    fn run(&self, posixly_correct: bool) -> Output {
        let mut process = Process::new(env!("CARGO_BIN_EXE_chat"));
        process.args(self.words()).env_clear().env("HOME", "/nonexistent").stdin(std::process::Stdio::null());
        process.envs(posixly_correct.then_some(("POSIXLY_CORRECT", "1"))).output().expect("it runs")
    }
}
