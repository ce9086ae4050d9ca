//! Writing the answer, in the form that was asked for or that fits who reads.

use chrono::Local;
use jid::BareJid;

use super::Options;
use crate::config::Environment;
use crate::conversation::changes::Unread;
use crate::conversation::contacts::Names;
use crate::conversation::overview::{self, Count, Extent};
use crate::conversation::said::Storage;
use crate::error::Error;
use crate::output::people::People;
use crate::output::{Answer, json, talk, terminal, text};

/// How the messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One number.
    Total,
    /// One line a conversation.
    Counts,
    /// One object a message.
    Json,
    /// One line a message.
    Lines,
    /// By conversation, for reading.
    Grouped,
}

impl Form {
    pub(super) fn of(options: &Options) -> Self {
        match options {
            Options { total: true, .. } => Self::Total,
            Options { count: true, .. } => Self::Counts,
            Options { json: true, .. } => Self::Json,
            Options { group: true, .. } => Self::Grouped,
            _ if terminal::is_terminal() => Self::Grouped,
            _ => Self::Lines,
        }
    }
}

/// What is written about.
pub(super) struct Showing<'a> {
    pub(super) account: &'a BareJid,
    pub(super) names: &'a Names,
    pub(super) storage: &'a dyn Storage,
    pub(super) options: &'a Options,
    pub(super) form: Form,
}

impl Showing<'_> {
    /// Leaves only what is to be shown, in the order in which it is; returns how many there are without a limit.
    pub(super) fn choose(&self, unread: &mut Vec<Unread<'_>>, extent: Extent) -> Vec<Count> {
        if let Some(time) = self.options.since {
            overview::keep_since(unread, time);
        }
        let counts = overview::take(unread, extent);
        if let Some(limit) = self.options.last {
            overview::keep_last(unread, limit.get());
        }
        if self.form == Form::Grouped {
            overview::group(unread);
        }
        counts
    }

    /// Writes the answer; says how many messages were written out completely, and what went wrong after them.
    pub(super) fn show(&self, answer: Answer, unread: &[Unread<'_>], counts: &[Count]) -> (usize, Result<(), Error>) {
        let style = terminal::style(Environment::current().no_color);
        let mut people = People::new(Local, style, self.names, counts);
        // One after the other: together they may be more than fits into memory.
        let messages = unread.iter().map(|unread| unread.whole(self.storage));
        match self.form {
            Form::Total => (0, write(answer, std::iter::once(Ok(self.total(counts)))).1),
            Form::Counts => (0, write(answer, counts.iter().map(|count| Ok(self.count(count)))).1),
            Form::Json => lines(answer, counts, messages.map(|message| Ok(json::message(self.account, &message?)))),
            Form::Lines => lines(answer, counts, messages.map(|message| Ok(text::message(&message?, &Local)))),
            Form::Grouped => {
                let counted = people.only_counted(counts);
                let messages = messages.map(|message| Ok(people.message(&message?)));
                let (written, result) = write(answer, messages.chain(counted.into_iter().map(Ok)));
                (written.min(unread.len()), result)
            }
        }
    }

    fn total(&self, counts: &[Count]) -> String {
        let total = counts.iter().map(|count| count.unread - count.aside).sum();
        if self.options.json { json::count(self.account, total) } else { total.to_string() }
    }

    fn count(&self, count: &Count) -> String {
        if self.options.json { json::conversation(self.account, count) } else { text::count(count) }
    }
}

fn write(mut answer: Answer, records: impl Iterator<Item = Result<String, Error>>) -> (usize, Result<(), Error>) {
    for record in records {
        if let Err(error) = record.and_then(|record| answer.record(&record)) {
            return (answer.written(), Err(error));
        }
    }
    (answer.written(), answer.finish())
}

/// Writes a line a message. What is only counted is told beside the answer: no line of that can be taken for a message.
fn lines(
    answer: Answer,
    counts: &[Count],
    lines: impl Iterator<Item = Result<String, Error>>,
) -> (usize, Result<(), Error>) {
    let shown = write(answer, lines);
    if let Some(aside) = text::aside(counts).filter(|_| shown.1.is_ok()) {
        talk::note(&aside);
    }
    shown
}
