//! The manual pages: chat(1) and one for each command, by `clap_mangen` and with the sections that it has not.

use std::io::{self, Write};

use chat::ExitCode;
use chat::topics::{ENVIRONMENT, FILES, NOTES, PASSWORDS};
use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use super::fresh::Files;
use super::reference_pages::reference_pages;
use super::roff::{joined, list, prose, section};
use super::synopsis::{operands, synopsis};

/// Every page by its file name.
pub(crate) fn pages(command: &Command, date: &str) -> Files {
    let mut main = command.clone().disable_help_subcommand(true).subcommand_help_heading("COMMANDS");
    main.build();
    let all = std::iter::once(&main).chain(shown_commands(&main));
    let of_commands = all.map(|each| (format!("{}.1", name(each)), page(&main, each, date)));
    of_commands.chain(reference_pages(main.get_version().expect("the version is set"), date)).collect()
}

fn shown_commands(main: &Command) -> impl Iterator<Item = &Command> {
    main.get_subcommands().filter(|command| !command.is_hide_set())
}

fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(main: &Command, command: &Command, date: &str) -> String {
    let version = main.get_version().expect("the version is set");
    let manual = Man::new(for_clap_mangen(command))
        .title(name(command).to_uppercase().replace('-', "\\-"))
        .date(date)
        .source(format!("chat {version}"))
        .manual("User Commands");
    let mut sections = vec![heading(&manual), rendered(&manual, Man::render_name_section), synopsis(command).render()];
    sections.push(rendered(&manual, Man::render_description_section));
    if command.has_subcommands() {
        sections.push(rendered(&manual, Man::render_subcommands_section));
    }
    sections.push(rendered(&manual, Man::render_options_section));
    sections.extend(own_sections(main, command).iter().map(Roff::render));
    joined(&sections)
}

/// The command with its texts as `clap_mangen` shall print them.
fn for_clap_mangen(command: &Command) -> Command {
    let about = command.get_about().expect("every command says what it is for").to_string();
    // The long text begins with the short one, which is in NAME already.
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    let description = long.split_once("\n\n").map_or_else(|| format!("{about}."), |(_, rest)| rest.to_owned());
    let about = first_letter(&about, char::to_ascii_lowercase);
    command.clone().about(about).long_about(description).mut_args(|arg| {
        // OPERANDS has these.
        if arg.is_positional() { arg.hide(true) } else { values_in_sentence(arg) }
    })
}

/// `clap_mangen`'s list of possible values has mistakes that mandoc warns of; a sentence is shorter, too.
fn values_in_sentence(arg: Arg) -> Arg {
    let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if values.is_empty() || !arg.get_action().takes_values() {
        return arg;
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    arg.help(format!("{help} (one of {})", values.join(", "))).hide_possible_values(true)
}

fn rendered(man: &Man, part: impl Fn(&Man, &mut dyn Write) -> io::Result<()>) -> String {
    let mut text = Vec::new();
    part(man, &mut text).expect("memory can be written");
    String::from_utf8(text).expect("manual pages are text")
}

/// The title. Program names and options must not be hyphenated or spread out.
fn heading(man: &Man) -> String {
    rendered(man, Man::render_title) + ".nh\n.ad l\n"
}

fn own_sections(main: &Command, command: &Command) -> Vec<Roff> {
    let mut sections: Vec<Roff> = operands(command).into_iter().collect();
    sections.push(exit_status());
    if command.has_subcommands() {
        sections.push(prose("PASSWORDS", PASSWORDS));
        let variables = ENVIRONMENT.iter().map(|(name, text)| (vec![bold(*name)], (*text).into()));
        sections.push(list(section("ENVIRONMENT"), variables));
        let files = FILES.iter().map(|(path, text)| (vec![italic(*path)], (*text).into()));
        sections.push(list(section("FILES"), files));
        sections.push(prose("NOTES", NOTES));
    }
    sections.extend(examples(command));
    sections.push(see_also(main, command));
    sections
}

fn exit_status() -> Roff {
    let meaning = |code: ExitCode| first_letter(code.sentence(), char::to_ascii_uppercase) + ".";
    let items = ExitCode::ALL.map(|code| (vec![bold(code.number().to_string())], meaning(code)));
    list(prose("EXIT STATUS", "The numbers are those of sysexits(3)."), items)
}

/// The indented lines of the block `Examples:` that ends the help.
pub(crate) fn example_lines(command: &Command) -> Vec<String> {
    let text = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    text.lines().filter_map(|line| line.strip_prefix("  ")).map(str::to_owned).collect()
}

fn examples(command: &Command) -> Option<Roff> {
    let lines = example_lines(command);
    let mut roff = section("EXAMPLES");
    roff.control("RS", ["4"]).control("EX", []);
    for line in &lines {
        roff.text([roman(line)]);
    }
    roff.control("EE", []).control("RE", []);
    (!lines.is_empty()).then_some(roff)
}

fn see_also(main: &Command, command: &Command) -> Roff {
    let all = std::iter::once(main).chain(shown_commands(main));
    let others: Vec<&str> = all.map(name).filter(|other| *other != name(command)).collect();
    let mut roff = section("SEE ALSO");
    for other in others {
        roff.text([bold(other), roman("(1),")]);
    }
    roff.text([bold("chat-config"), roman("(5),")]).text([bold("chat-xmpp"), roman("(7)")]);
    roff
}

fn first_letter(text: &str, change: fn(&char) -> char) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| std::iter::once(change(&first)).chain(letters).collect()).unwrap_or_default()
}
