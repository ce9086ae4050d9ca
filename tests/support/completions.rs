//! Tab completion for bash, zsh and fish.

use clap::{Arg, Command, ValueHint};
use clap_complete::{Generator, Shell, generate};

use super::fresh::Files;

/// Every completion script by its file name.
pub(crate) fn completions(command: &Command) -> Files {
    let command = with_hints(command.clone());
    let bash = script(command.clone(), Shell::Bash);
    let zsh = offer_no_operands(&script(command.clone(), Shell::Zsh));
    let fish = script(command, Shell::Fish);
    [("chat.bash", bash), ("_chat", zsh), ("chat.fish", fish)].map(|(name, text)| (name.to_owned(), text)).into()
}

/// `'*::senders -- Only messages from these people:' \` makes zsh show that text as a message, and then it completes an
/// option only at the second Tab. With the empty list `()` it does at the first.
fn offer_no_operands(script: &str) -> String {
    let is_operand = |line: &str| (line.starts_with("':") || line.starts_with("'*:")) && line.ends_with(":' \\");
    let lines = script.lines().map(|line| match is_operand(line).then(|| line.strip_suffix("' \\")).flatten() {
        Some(start) => format!("{start}()' \\\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}

fn script(mut command: Command, shell: impl Generator) -> String {
    let mut script = Vec::new();
    generate(shell, &mut command, "chat", &mut script);
    String::from_utf8(script).expect("completion scripts are text")
}

/// Says for every option with an argument and every operand what the shell may offer, by the name of its value.
fn with_hints(command: Command) -> Command {
    command.mut_args(|arg| if arg.get_action().takes_values() { hinted(arg) } else { arg }).mut_subcommands(with_hints)
}

fn hinted(arg: Arg) -> Arg {
    let hint = match arg.get_value_names().and_then(|names| names.first()).map(clap::builder::Str::as_str) {
        Some("FILE") => ValueHint::FilePath,
        Some("HOST[:PORT]") => ValueHint::Hostname,
        // Addresses and numbers: offering files there would be wrong.
        _ => ValueHint::Other,
    };
    arg.value_hint(hint)
}
