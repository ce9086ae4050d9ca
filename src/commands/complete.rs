//! `chat complete`: what the shells ask when somebody presses Tab.
//!
//! The scripts in `completions/` only carry words here and answers back, so what is offered is always what this program
//! understands. Nothing waits: addresses come from the configuration and from what earlier runs learned.

mod candidates;
mod place;

use std::ffi::OsString;

use clap::{Args, CommandFactory};

use self::candidates::Candidates;
use self::place::Place;
use crate::config::Environment;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::Answer;

/// Answer the shell that completes a line
#[derive(Args, Debug)]
pub struct Options {
    /// The words after `chat`, up to the cursor; the last is the one to complete
    #[arg(value_name = "WORD", trailing_var_arg = true)]
    pub words: Vec<OsString>,
}

/// Each line is a candidate for the whole word, a tab, and what it is. `:files`, a tab and the start of the word mean
/// that the shell shall offer files for the rest of it.
pub(super) fn run(options: &Options) -> Result<ExitCode, Error> {
    let words: Vec<String> = options.words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut main = crate::cli::Cli::command();
    main.build();
    let mut answer = Answer::new();
    if let Some((typed, before)) = words.split_last() {
        let place = Place::of(&main, before, typed);
        for line in Candidates::new(&Environment::current(), place.user.as_deref()).lines(&place, typed) {
            answer.record(&line)?;
        }
    }
    answer.finish()?;
    Ok(ExitCode::Done)
}
