//! Where in the line the cursor is, by the rules of getopt (see `posix.rs`).

use clap::{Arg, Command};

use crate::posix::{Word, read};

/// What can stand where the cursor is.
#[derive(Debug)]
pub(super) enum Wanted<'a> {
    Command,
    Option,
    /// The argument of an option, or an operand.
    Value(&'a Arg),
    Nothing,
}

/// The place of the cursor.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) command: &'a Command,
    pub(super) wanted: Wanted<'a>,
    /// How many bytes of the word come before what is wanted: those of `--user=`, for one.
    pub(super) offset: usize,
    /// The argument of -u, as far as it is typed.
    pub(super) user: Option<String>,
}

impl<'a> Place<'a> {
    /// After the words `before`, in the word of which `typed` is there. `main` is built.
    pub(super) fn of(main: &'a Command, before: &[String], typed: &str) -> Self {
        let mut place = Self { command: main, wanted: Wanted::Command, offset: 0, user: None };
        let mut words = before.iter();
        while let Some(word) = words.next() {
            match read(place.command, word) {
                Word::Options => {}
                Word::BeforeArgument(option) => match words.next() {
                    Some(argument) => place.notice(option, argument),
                    None => return Self { wanted: Wanted::Value(option), ..place },
                },
                Word::WithArgument(option, at) => place.notice(option, &word[at..]),
                Word::End if place.command.has_subcommands() => {}
                Word::End => return place.at_operand(words.len()),
                Word::Unknown => return Self { wanted: Wanted::Nothing, ..place },
                Word::Operand => match place.command.find_subcommand(word) {
                    Some(inner) => place.command = inner,
                    None => return place.at_operand(1 + words.len()),
                },
            }
        }
        place.at(typed)
    }

    fn notice(&mut self, option: &Arg, argument: &str) {
        if option.get_id() == "user" {
            self.user = Some(argument.to_owned());
        }
    }

    /// Where no operand came before.
    fn at(self, typed: &str) -> Self {
        match read(self.command, typed) {
            Word::WithArgument(option, offset) => Self { wanted: Wanted::Value(option), offset, ..self },
            _ if typed.starts_with('-') => Self { wanted: Wanted::Option, ..self },
            _ => self.at_operand(0),
        }
    }

    /// After `count` operands.
    fn at_operand(self, count: usize) -> Self {
        let operands: Vec<&Arg> = self.command.get_positionals().collect();
        let many = |arg: &Arg| arg.get_num_args().is_some_and(|range| range.max_values() > 1);
        let wanted = match operands.get(count).or(operands.last().filter(|last| many(last))) {
            _ if self.command.has_subcommands() => Wanted::Command,
            // The words of a message are nobody's business.
            Some(operand) if count > 0 && is_recipient(operand) => Wanted::Nothing,
            Some(operand) => Wanted::Value(operand),
            None => Wanted::Nothing,
        };
        Self { wanted, ..self }
    }
}

/// Whether addresses can stand there, separated by commas.
pub(super) fn is_recipient(arg: &Arg) -> bool {
    value_name(arg).starts_with("RECIPIENT")
}

pub(super) fn value_name(arg: &Arg) -> &str {
    arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str())
}
