//! What is said beside the answer: errors, hints and notes, on standard error.
//!
//! Where standard error cannot be written there is nobody left to tell, so those failures are passed over.

use std::io::{self, Write};
use std::path::Path;

use super::sanitize;
use crate::error::Error;
use crate::exit_code::ExitCode;

/// Help and version are answers, on standard output; a line that was not understood is explained on standard error.
pub fn usage(error: &clap::Error) -> ExitCode {
    let asked_for = !error.use_stderr();
    match (error.print().and_then(|()| io::stdout().flush()), asked_for) {
        (Ok(()), true) => ExitCode::Done,
        (Err(problem), true) => failure(&Error::CannotWrite(problem)),
        (_, false) => {
            say(&other_program(Path::new(FOR_MODEMS)).unwrap_or_default());
            ExitCode::Usage
        }
    }
}

/// The package ppp has a program of our name; who calls that one without its path gets ours (debian/README.Debian).
const FOR_MODEMS: &str = "/usr/sbin/chat";

/// A hint, where there is another program than this at `path`.
fn other_program(path: &Path) -> Option<String> {
    let other = path.canonicalize().ok()?;
    (std::env::current_exe().ok()? != other)
        .then(|| format!("hint: the chat for modems, of ppp, is {}\n", path.display()))
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
    fn another_program_of_our_name_is_told_of_but_not_this_one() {
        let other = tempfile::NamedTempFile::new().expect("a file");
        let hint = format!("hint: the chat for modems, of ppp, is {}\n", other.path().display());
        assert_eq!(other_program(other.path()), Some(hint));
        assert_eq!(other_program(&std::env::current_exe().expect("this test")), None);
        assert_eq!(other_program(Path::new("/nonexistent/chat")), None);
    }

    #[test]
    fn a_closed_pipe_ends_silently_with_74() {
        let error = Error::CannotWrite(io::ErrorKind::BrokenPipe.into());
        assert_eq!((explanation(&error), error.exit_code()), (String::new(), ExitCode::CannotWrite));
    }
}
