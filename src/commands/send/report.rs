//! What is said about each message, and the status that all of them give.

use crate::conversation::delivery::{Delivery, Outgoing};
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{Answer, json, talk, text};

/// How results are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Nothing for a success; a failure is an error like any other.
    Single,
    /// A line each.
    Each,
    /// A line for each failure.
    Failures,
    /// An object each.
    Json,
}

/// See the module.
pub(super) struct Report {
    style: Style,
    answer: Answer,
    worst: ExitCode,
    single: Option<Error>,
}

impl Report {
    pub(super) fn new(style: Style) -> Self {
        Self { style, answer: Answer::new(), worst: ExitCode::Done, single: None }
    }

    /// What became of a message.
    pub(super) fn settled(&mut self, message: &Outgoing, delivery: Delivery) -> Result<(), Error> {
        match delivery.into_result(&message.to) {
            Ok(word) => self.write(message, Ok(word)),
            Err(error) => self.failed(message, error),
        }
    }

    /// A message of its own failed.
    pub(super) fn failed(&mut self, message: &Outgoing, error: Error) -> Result<(), Error> {
        self.write(message, Err(&error))?;
        if self.style == Style::Single {
            self.single = Some(error);
        }
        Ok(())
    }

    /// A message failed with all others.
    pub(super) fn failed_with_all(&mut self, message: &Outgoing, error: &Error) -> Result<(), Error> {
        self.write(message, Err(error))
    }

    fn write(&mut self, message: &Outgoing, result: Result<&'static str, &Error>) -> Result<(), Error> {
        self.worst = self.worst.max(result.map_or_else(Error::exit_code, |_| ExitCode::Done));
        let line = match self.style {
            Style::Single => return Ok(()),
            Style::Failures if result.is_ok() => return Ok(()),
            Style::Json => json::sent(message, result),
            Style::Each | Style::Failures => text::sent(message, result),
        };
        self.answer.record(&line)
    }

    /// The end: `failure` is what ended everything before its time.
    pub(super) fn finish(self, failure: Option<Error>) -> Result<ExitCode, Error> {
        self.answer.finish()?;
        match (self.single, failure) {
            (Some(error), _) => Err(error),
            (None, Some(error)) if error.exit_code() >= self.worst => Err(error),
            (None, Some(error)) => {
                talk::failure(&error);
                Ok(self.worst)
            }
            (None, None) => Ok(self.worst),
        }
    }
}
