//! Where the messages come from: one text for all recipients, or each line of the input.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::super::outbox::{Once, Report};
use super::lines::{Line, Lines};
use super::recipients::Recipient;
use crate::conversation::body::{Body, MAX_BYTES};
use crate::conversation::delivery::{Attachment, Manner, Outgoing};
use crate::error::Error;
use crate::xmpp::delivery::Source;

/// What the messages of a command have in common.
#[derive(Clone, Copy)]
pub(super) struct Template<'a> {
    /// The id that the caller chose.
    pub(super) id: Option<&'a str>,
    pub(super) manner: &'a Rc<Manner>,
    /// Of those in and to rooms.
    pub(super) in_rooms: &'a Rc<Manner>,
}

impl Template<'_> {
    /// A message with the id that the caller chose, or one of its own.
    pub(super) fn message(&self, to: &Recipient, body: &str, line: Option<u64>) -> Outgoing {
        let id = match (self.id, line) {
            (Some(id), Some(line)) => Once::of_line(id, line),
            (Some(id), None) => id.to_owned(),
            (None, _) => uuid::Uuid::now_v7().to_string(),
        };
        let manner = if to.is_room { self.in_rooms } else { self.manner };
        Outgoing { to: to.address.clone(), id, body: body.to_owned(), line, manner: Rc::clone(manner) }
    }
}

/// The files, each as a message of its own, and then the words, if any.
pub(super) fn all(
    template: Template<'_>,
    recipients: &[Recipient],
    files: usize,
    body: Option<&Body>,
) -> VecDeque<Outgoing> {
    let mut messages = VecDeque::new();
    for number in 0..files {
        for to in recipients {
            let message = template.message(to, "", None);
            let file = Some(Attachment::Waiting(number));
            let manner = Rc::new(Manner { file, ..message.manner.as_ref().clone() });
            messages.push_back(Outgoing { manner, ..message });
        }
    }
    let words = body.map(|body| recipients.iter().map(|to| template.message(to, body.as_str(), None)));
    messages.extend(words.into_iter().flatten());
    messages
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
pub(super) struct LineByLine<'a> {
    lines: Lines,
    recipients: &'a [Recipient],
    /// Of the last line, those that were not asked for yet.
    waiting: VecDeque<Outgoing>,
    report: &'a RefCell<Report>,
    template: Template<'a>,
}

impl<'a> LineByLine<'a> {
    /// Lines that cannot be sent are told to `report`.
    pub(super) fn new(
        lines: Lines,
        recipients: &'a [Recipient],
        report: &'a RefCell<Report>,
        template: Template<'a>,
    ) -> Self {
        Self { lines, recipients, waiting: VecDeque::new(), report, template }
    }

    fn take(&mut self, line: Line) -> Result<(), Error> {
        let number = line.number;
        let template = self.template;
        let message = |to: &Recipient, body: &str| template.message(to, body, Some(number));
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

impl Source for LineByLine<'_> {
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
