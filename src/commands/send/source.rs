//! Where the messages come from: one text for all recipients, or each line of the input.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::os::fd::AsFd;

use jid::Jid;

use super::lines::{Line, Lines};
use super::once::Once;
use super::report::Report;
use crate::conversation::body::{Body, MAX_BYTES};
use crate::conversation::delivery::{Delivery, Level, Outgoing};
use crate::error::Error;
use crate::xmpp::delivery::Source;

/// A message with the id that the caller chose, or one of its own.
pub(super) fn message(to: &Jid, body: &str, line: Option<u64>, id: Option<&str>) -> Outgoing {
    let id = match (id, line) {
        (Some(id), Some(line)) => Once::of_line(id, line),
        (Some(id), None) => id.to_owned(),
        (None, _) => uuid::Uuid::now_v7().to_string(),
    };
    Outgoing { to: to.clone(), id, body: body.to_owned(), line }
}

/// What of a source was not sent by an earlier try.
pub(super) struct Fresh<'a, S> {
    pub(super) source: &'a mut S,
    pub(super) once: &'a Once<'a>,
    /// How far the archive has messages, for each recipient.
    pub(super) found: Vec<Option<u64>>,
    pub(super) report: &'a RefCell<Report>,
}

impl<S: Source> Source for Fresh<'_, S> {
    async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
        loop {
            match self.source.next().await? {
                Some(message) if self.once.is_there(&message, &self.found) => {
                    self.report.borrow_mut().settled(&message, Delivery::Reached(Level::Acked))?;
                }
                next => return Ok(next),
            }
        }
    }

    fn rest(&mut self) -> Vec<Outgoing> {
        self.source.rest()
    }
}

/// Messages that are all known before the first is sent.
pub(super) struct Batch(pub(super) VecDeque<Outgoing>);

impl Source for Batch {
    async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
        Ok(self.0.pop_front())
    }

    fn rest(&mut self) -> Vec<Outgoing> {
        self.0.drain(..).collect()
    }
}

/// A message for each line of the input and each recipient.
pub(super) struct LineByLine<'a, F: AsFd> {
    lines: Lines<F>,
    recipients: &'a [Jid],
    /// Of the last line, those that were not asked for yet.
    waiting: VecDeque<Outgoing>,
    report: &'a RefCell<Report>,
    id: Option<&'a str>,
}

impl<'a, F: AsFd> LineByLine<'a, F> {
    /// Lines that cannot be sent are told to `report`.
    pub(super) fn new(input: F, recipients: &'a [Jid], report: &'a RefCell<Report>, id: Option<&'a str>) -> Self {
        Self { lines: Lines::of(input), recipients, waiting: VecDeque::new(), report, id }
    }

    fn take(&mut self, line: Line) -> Result<(), Error> {
        let number = line.number;
        let id = self.id;
        let message = |to: &Jid, body: &str| message(to, body, Some(number), id);
        match body(line) {
            Ok(body) => self.waiting.extend(self.recipients.iter().map(|to| message(to, body.as_str()))),
            // A log has blank lines; they say nothing to anybody.
            Err(Error::EmptyMessage) => (),
            Err(error) => {
                let mut report = self.report.borrow_mut();
                self.recipients.iter().try_for_each(|to| report.failed_with_all(&message(to, ""), &error))?;
            }
        }
        Ok(())
    }
}

fn body(line: Line) -> Result<Body, Error> {
    if line.length > MAX_BYTES {
        return Err(Error::MessageTooLarge { limit: MAX_BYTES });
    }
    Body::new(line.bytes)
}

impl<F: AsFd> Source for LineByLine<'_, F> {
    async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
        loop {
            if let Some(message) = self.waiting.pop_front() {
                return Ok(Some(message));
            }
            match self.lines.next().await? {
                Some(line) => self.take(line)?,
                None => return Ok(None),
            }
        }
    }
    fn rest(&mut self) -> Vec<Outgoing> {
        self.waiting.drain(..).collect()
    }
}
