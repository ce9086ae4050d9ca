//! One file per command: its doc comment is the help and the manual page, then its options, then `run`.

pub mod access;
pub mod accounts;
mod clock;
pub mod complete;
pub mod flush;
pub mod help;
pub mod login;
pub mod logout;
pub mod moment;
pub mod network;
mod outbox;
pub mod queue;
pub mod send;
mod tokens;
pub mod unread;

use crate::cli::Command;
use crate::error::Error;
use crate::exit_code::ExitCode;

/// Carries a command out.
pub fn run(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Send(options) => send::run(&options),
        Command::Flush(options) => flush::run(&options),
        Command::Queue(options) => queue::run(&options),
        Command::Unread(options) => unread::run(&options),
        Command::Login(options) => login::run(&options),
        Command::Accounts(options) => accounts::run(&options),
        Command::Logout(options) => logout::run(&options),
        Command::Help(options) => help::run(&options),
        Command::Complete(options) => complete::run(&options),
    }
}
