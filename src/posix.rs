//! The words of the command line in the order and form of getopt (XBD 12.2), where clap reads them otherwise.
//!
//! clap takes options after operands (guideline 9), `-t=5` as `-t 5` (guideline 6: the option-argument is `=5`), and no
//! `--` before a command (guideline 10). Here it is only arranged; what a word means, and whether it is right, clap says.

use std::ffi::OsString;

use clap::{Arg, Command};

/// What a word is, read before any operand.
pub(crate) enum Word<'a> {
    /// Options that need no further word.
    Options,
    /// Options of which the last takes the next word.
    BeforeArgument(&'a Arg),
    /// An option and its argument, which begins at this byte: `-t5`, `--timeout=5`.
    WithArgument(&'a Arg, usize),
    /// `--`
    End,
    Operand,
    Unknown,
}

/// The `words` (the first is the program's name) so that clap's reading of them is that of getopt. `command` is built.
pub(crate) fn arrange(mut command: &Command, words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut words = words.into_iter();
    let mut arranged: Vec<OsString> = words.next().into_iter().collect();
    while let Some(word) = words.next() {
        match read(command, &word.to_string_lossy()) {
            Word::Options => arranged.push(word),
            Word::BeforeArgument(_) => arranged.extend([word].into_iter().chain(words.next())),
            Word::WithArgument(_, at) => arranged.extend(apart(word, at)),
            Word::End if command.has_subcommands() => {}
            Word::End | Word::Unknown => {
                arranged.push(word);
                break;
            }
            Word::Operand => {
                if let Some(inner) = word.to_str().and_then(|name| command.find_subcommand(name)) {
                    command = inner;
                    arranged.push(word);
                    continue;
                }
                arranged.extend((!command.has_subcommands()).then(|| "--".into()));
                arranged.push(word);
                break;
            }
        }
    }
    arranged.extend(words);
    arranged
}

/// `-t=5` in two words, because clap would take the argument for `5`.
fn apart(word: OsString, at: usize) -> Vec<OsString> {
    match word.to_str().and_then(|text| text.split_at_checked(at)) {
        Some((option, argument)) if argument.starts_with('=') && !option.starts_with("--") => {
            vec![option.into(), argument.into()]
        }
        _ => vec![word],
    }
}

/// What `word` is for `command`, when no operand came before it.
pub(crate) fn read<'a>(command: &'a Command, word: &str) -> Word<'a> {
    match (word, word.strip_prefix("--"), word.strip_prefix('-')) {
        ("-", ..) | (_, None, None) => Word::Operand,
        ("--", ..) => Word::End,
        (_, Some(long), _) => read_long(command, long),
        (_, None, Some(letters)) => read_letters(command, letters),
    }
}

fn read_long<'a>(command: &'a Command, text: &str) -> Word<'a> {
    let name = text.split_once('=').map_or(text, |(name, _)| name);
    match command.get_arguments().find(|arg| arg.get_long() == Some(name)) {
        None => Word::Unknown,
        Some(option) if !takes_argument(option) => Word::Options,
        Some(option) if name == text => Word::BeforeArgument(option),
        Some(option) => Word::WithArgument(option, "--=".len() + name.len()),
    }
}

fn read_letters<'a>(command: &'a Command, letters: &str) -> Word<'a> {
    for (at, letter) in letters.char_indices() {
        let Some(option) = command.get_arguments().find(|arg| arg.get_short() == Some(letter)) else {
            return Word::Unknown;
        };
        let end = at + letter.len_utf8();
        match takes_argument(option) {
            false => {}
            true if end == letters.len() => return Word::BeforeArgument(option),
            true => return Word::WithArgument(option, "-".len() + end),
        }
    }
    Word::Options
}

fn takes_argument(option: &Arg) -> bool {
    option.get_action().takes_values()
}
