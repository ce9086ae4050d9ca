//! What is said about each message, and the status that all of them give.

use crate::conversation::delivery::Outgoing;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{Answer, json, talk, text};

/// How results are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Style {
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
pub(in super::super) struct Report {
    style: Style,
    answer: Answer,
    worst: ExitCode,
    single: Option<Error>,
    queued: usize,
}

impl Report {
    pub(in super::super) fn new(style: Style) -> Self {
        Self { style, answer: Answer::new(), worst: ExitCode::Done, single: None, queued: 0 }
    }

    /// What became of a message.
    pub(in super::super) fn settled(
        &mut self,
        message: &Outgoing,
        result: Result<&'static str, Error>,
    ) -> Result<(), Error> {
        match result {
            Ok(word) => self.write(message, Ok(word)),
            Err(error) => self.failed(message, error),
        }
    }

    /// A message is in the queue, for this reason.
    pub(in super::super) fn queued(&mut self, message: &Outgoing, reason: &Error) -> Result<(), Error> {
        self.queued += 1;
        match self.style {
            Style::Single => {
                talk::note(&format!("queued, for {reason}; chat flush sends it"));
                Ok(())
            }
            Style::Each => self.answer.record(&text::queued(message, reason)),
            Style::Json => self.answer.record(&json::queued(message, reason)),
            Style::Failures => Ok(()),
        }
    }

    /// The queue is empty again.
    pub(in super::super) fn nothing_waits(&mut self) {
        self.queued = 0;
    }

    /// A message of its own failed.
    pub(in super::super) fn failed(&mut self, message: &Outgoing, error: Error) -> Result<(), Error> {
        self.write(message, Err(&error))?;
        if self.style == Style::Single {
            self.single = Some(error);
        }
        Ok(())
    }

    /// A message failed with all others.
    pub(in super::super) fn failed_with_all(&mut self, message: &Outgoing, error: &Error) -> Result<(), Error> {
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
    pub(in super::super) fn finish(self, failure: Option<Error>) -> Result<ExitCode, Error> {
        self.answer.finish()?;
        if self.style == Style::Failures && self.queued > 0 {
            talk::note(&format!("queued: {}; chat flush sends them", self.queued));
        }
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
