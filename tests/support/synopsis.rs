//! SYNOPSIS and OPERANDS of a manual page, in POSIX's notation, which `clap_mangen` does not write.

use clap::{Arg, Command};
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::roff::{list, placeholder, section};

pub(crate) fn synopsis(command: &Command) -> Roff {
    let mut roff = section("SYNOPSIS");
    if command.has_subcommands() {
        roff.text([bold("chat"), roman(" "), italic("command"), roman(" ["), italic("argument"), roman("...]")]);
        roff.control("br", []).text([bold("chat"), roman(" "), bold("-h"), roman("|"), bold("-V")]);
        return roff;
    }
    roff.text([bold(format!("chat {}", command.get_name()))]);
    for part in parts(command) {
        roff.text(part);
    }
    roff
}

/// `[-abc] [-o VALUE] OPERAND`; -h is left to OPTIONS.
fn parts(command: &Command) -> Vec<Vec<Inline>> {
    let (with_value, without): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(|arg| !arg.is_positional()).partition(|arg| arg.get_action().takes_values());
    let mut flags: Vec<char> = without.iter().filter_map(|arg| arg.get_short()).filter(|flag| *flag != 'h').collect();
    flags.sort_by_key(|flag| (flag.to_ascii_lowercase(), *flag));
    let flags = (!flags.is_empty()).then(|| bracketed(vec![bold(format!("-{}", String::from_iter(flags)))], true));
    let mut options = with_value;
    options.sort_by_key(|arg| arg.get_short().map(|flag| (flag.to_ascii_lowercase(), flag)));
    let operands = command.get_positionals().map(operand);
    flags.into_iter().chain(options.into_iter().map(option)).chain(operands).collect()
}

fn option(arg: &Arg) -> Vec<Inline> {
    let flag = arg.get_short().expect("an option has a letter (XBD 12.2, guideline 3)");
    let mut text = vec![bold(format!("-{flag}")), roman("\u{a0}")];
    text.extend(placeholder(&value_name(arg)));
    bracketed(text, !arg.is_required_set())
}

fn operand(arg: &Arg) -> Vec<Inline> {
    let mut text = placeholder(&value_name(arg));
    let many = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
    if many && !value_name(arg).contains("...") {
        text.push(roman("..."));
    }
    bracketed(text, !arg.is_required_set())
}

fn bracketed(mut text: Vec<Inline>, optional: bool) -> Vec<Inline> {
    if optional {
        text.insert(0, roman("["));
        text.push(roman("]"));
    }
    text
}

fn value_name(arg: &Arg) -> String {
    arg.get_value_names().map(|names| names.join(" ")).unwrap_or_default()
}

pub(crate) fn operands(command: &Command) -> Option<Roff> {
    let help = |arg: &Arg| arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let items: Vec<_> = command.get_positionals().map(|arg| (operand(arg), help(arg))).collect();
    (!items.is_empty()).then(|| list(section("OPERANDS"), items))
}
