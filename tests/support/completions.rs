//! Tab completion for the shells that do not ask the program (bash, zsh and fish do, see `chat complete`).

use clap::Command;
use clap_complete::{Generator, Shell, generate};

use super::fresh::Files;

/// The completion scripts by their file names: commands and options, as they are defined.
pub(crate) fn completions(command: &Command) -> Files {
    let script = |shell: Shell| {
        let mut script = Vec::new();
        generate(shell, &mut command.clone(), "chat", &mut script);
        (shell.file_name("chat"), String::from_utf8(script).expect("completion scripts are text"))
    };
    [Shell::Elvish, Shell::PowerShell].map(script).into()
}
