//! `chat help`

use clap::{Args, CommandFactory};

use crate::cli::Cli;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{Answer, reference, talk};
use crate::topics::topics;

/// Explain a command or a topic
///
/// Without an operand it lists the commands. The topics are exit-codes, environment, files, passwords and syntax.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  chat help send\n  chat help exit-codes")]
pub struct Options {
    /// The name of a command, or a topic
    #[arg(value_name = "TOPIC")]
    pub topic: Option<String>,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, Error> {
    let Some(name) = options.topic.as_deref() else { return help_of(&["--help"]) };
    if Cli::command().find_subcommand(name).is_some() {
        return help_of(&[name, "--help"]);
    }
    let topics = topics();
    let Some(topic) = topics.iter().find(|topic| topic.name == name) else {
        let names: Vec<&str> = topics.iter().map(|topic| topic.name).collect();
        return Err(Error::Usage(format!(
            "there is no command and no topic “{name}”; the topics are {}",
            names.join(", ")
        )));
    };
    let mut answer = Answer::new();
    for line in reference::lines(topic.about, topic.text, &topic.terms) {
        answer.record(&line)?;
    }
    answer.finish()?;
    Ok(ExitCode::Done)
}

/// What `chat WORDS` explains.
fn help_of(words: &[&str]) -> Result<ExitCode, Error> {
    match Cli::command().try_get_matches_from(["chat"].iter().chain(words)) {
        Err(help) => Ok(talk::usage(&help)),
        Ok(_) => Err(Error::Bug("--help was not understood".into())),
    }
}
