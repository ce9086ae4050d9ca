//! What is said beside the answer: errors, hints and notes, on standard error.
//!
//! Where standard error cannot be written there is nobody left to tell, so those failures are passed over.

use std::io::{self, Write};

use super::sanitize;
use crate::error::Error;
use crate::exit_code::ExitCode;

/// Help and version are answers, on standard output; a line that was not understood is explained on standard error.
pub fn usage(error: &clap::Error) -> ExitCode {
    let asked_for = !error.use_stderr();
    match (error.print().and_then(|()| io::stdout().flush()), asked_for) {
        (Ok(()), true) => ExitCode::Done,
        (Err(problem), true) => failure(&Error::CannotWrite(problem)),
        (_, false) => ExitCode::Usage,
    }
}

/// Says what went wrong and what to do about it, and returns the status to end with.
pub fn failure(error: &Error) -> ExitCode {
    say(&explanation(error));
    error.exit_code()
}

/// Something worth knowing that is no failure.
pub fn note(text: &str) {
    say(&format!("chat: {}\n", sanitize::talk(text)));
}

/// A reader that closed its pipe (`| head -1`) knows; the status tells scripts.
fn explanation(error: &Error) -> String {
    if matches!(error, Error::CannotWrite(problem) if problem.kind() == io::ErrorKind::BrokenPipe) {
        return String::new();
    }
    let hint = error.hint().map(|hint| format!("hint: {}\n", sanitize::talk(&hint))).unwrap_or_default();
    format!("chat: {}\n{hint}", sanitize::talk(&error.to_string()))
}

fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_followed_by_its_hint() {
        assert_eq!(
            explanation(&Error::NoAccount),
            "chat: no account is set up\nhint: set one up with: chat login you@your.server\n"
        );
        assert_eq!(explanation(&Error::Usage("no".into())), "chat: no\n");
    }

    #[test]
    fn what_a_server_says_cannot_harm_the_terminal() {
        let error = Error::Refused { what: "it".into(), reason: "\u{1b}[2J\nhint: rm -rf".into() };
        assert_eq!(explanation(&error), "chat: the server refused it: \\u{1b}[2J\\nhint: rm -rf\n");
    }

    #[test]
    fn a_closed_pipe_ends_silently_with_74() {
        let error = Error::CannotWrite(io::ErrorKind::BrokenPipe.into());
        assert_eq!((explanation(&error), error.exit_code()), (String::new(), ExitCode::CannotWrite));
    }
}
