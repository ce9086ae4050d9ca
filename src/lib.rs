//! `chat`: messaging for the command line.
//!
//! The map, in reading order:
//! - [`cli`]: the command line, read by the rules of `posix.rs`; [`commands`]: one file per command, from options to what is printed
//! - [`conversation`]: pure decisions about messages, such as what is unread
//! - [`xmpp`]: the protocol, one file per feature
//! - [`output`]: text and JSON, sanitised; the only place that prints
//! - [`config`], [`credentials`], [`state`]: settings, passwords, and what is remembered between runs
//! - [`error`], [`exit_code`]: what can go wrong, and the status it ends with
//! - `platform`: what Unix and Windows do differently
//! - [`topics`]: what help and manual say beyond one command

pub mod cli;
pub mod commands;
pub mod config;
pub mod conversation;
pub mod credentials;
pub mod error;
pub mod exit_code;
mod lock;
pub mod output;
mod platform;
mod posix;
pub mod state;
pub mod topics;
pub mod xmpp;

use clap::{CommandFactory, FromArgMatches};

pub use error::Error;
pub use exit_code::ExitCode;

/// The command line as data: for parsing, and for man pages and completions.
pub fn command() -> clap::Command {
    cli::Cli::command().mut_subcommands(|command| command.args_override_self(true))
}

/// Parses `arguments` (the first is the program's name) and carries the command out.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<ExitCode, Failure> {
    Ok(commands::run(parse(arguments)?.command)?)
}

/// What `arguments` (the first is the program's name) ask for.
pub fn parse(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<cli::Cli, Failure> {
    let mut command = command();
    command.build();
    let arguments = posix::arrange(&command, arguments);
    let matches = command.try_get_matches_from(arguments)?;
    Ok(cli::Cli::from_arg_matches(&matches)?)
}

/// Why [`run`] did not end with a status of its own.
#[derive(Debug)]
pub enum Failure {
    /// The line was not understood, or asked for help or the version.
    Usage(clap::Error),
    /// The command failed.
    Command(Error),
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        // A malformed address is bad data, on the command line as anywhere else; and not every value may be repeated.
        match std::error::Error::source(&error).and_then(|source| source.downcast_ref()) {
            Some(Error::InvalidAddress { text, reason }) => {
                Self::Command(Error::InvalidAddress { text: text.clone(), reason: reason.clone() })
            }
            Some(Error::Usage(text)) => Self::Command(Error::Usage(text.clone())),
            _ => Self::Usage(error),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Command(error)
    }
}
