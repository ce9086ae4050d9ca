//! Parses, runs, prints the error, and ends with its status.

use std::process::ExitCode;

use chat::output::talk;
use chat::{Error, Failure};

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(end_with_a_bug));
    match chat::run(std::env::args_os()) {
        Ok(code) => code.into(),
        Err(Failure::Usage(error)) => talk::usage(&error).into(),
        Err(Failure::Command(error)) => talk::failure(&error).into(),
    }
}

/// A panic is a bug, and ends with the status of one. What it says is a line of the source, never a user's text.
#[expect(clippy::exit, clippy::disallowed_methods, reason = "only main.rs ends the process")]
fn end_with_a_bug(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(|| "unknown".into(), ToString::to_string);
    let code = talk::failure(&Error::Bug(format!("this is a bug in chat {}, at {place}", env!("CARGO_PKG_VERSION"))));
    std::process::exit(code.number().into());
}
