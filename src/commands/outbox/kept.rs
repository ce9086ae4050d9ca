//! The places in the queue that this process has in its hands while it sends what is in them.

use std::cell::RefCell;

use chrono::{DateTime, Utc};

use crate::conversation::delivery::Outgoing;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::state::spool::Batch;
use crate::xmpp::delivery::Source;

/// What becomes of messages that failed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Failures {
    /// The status of the command tells them to whoever gave them.
    AreTold,
    /// Whoever gave them is not there any more: they are put aside.
    ArePutAside,
}

/// See the module.
pub(in super::super) struct Kept {
    batches: Vec<Batch>,
    failures: Failures,
    /// Why nothing is sent for now.
    rests: Option<Error>,
}

impl Kept {
    pub(in super::super) fn new(batches: Vec<Batch>, failures: Failures) -> Self {
        Self { batches, failures, rests: None }
    }

    /// One more place, in which messages are kept from now on.
    pub(super) fn begin(&mut self, batch: Batch) {
        self.batches.push(batch);
    }

    /// So much is open in it that the next message had better have another place.
    pub(super) fn is_large(&self) -> bool {
        self.batches.last().is_some_and(Batch::is_large)
    }

    /// It is time to try again what could not be sent for this reason; the source goes on.
    pub(super) fn rests(&mut self, reason: Error) {
        self.rests = Some(reason);
    }

    /// The reason, once.
    pub(in super::super) fn rested(&mut self) -> Option<Error> {
        self.rests.take()
    }

    /// One more message, in the last place.
    pub(in super::super) fn add(&mut self, message: &Outgoing, now: DateTime<Utc>) -> Result<(), Error> {
        self.batches.last_mut().map_or(Ok(()), |batch| batch.add(message, now))
    }

    /// What is open may be sent from now on by `session`.
    pub(in super::super) fn sending(&mut self, session: &str) -> Result<(), Error> {
        self.batches.iter_mut().try_for_each(|batch| batch.sending(session))?;
        self.sync()
    }

    pub(in super::super) fn sync(&mut self) -> Result<(), Error> {
        self.batches.iter_mut().try_for_each(Batch::sync)
    }

    /// The message came back, and is to be tried again later.
    pub(super) fn came_back(&mut self, message: &Outgoing) -> Result<(), Error> {
        self.batches.iter_mut().try_for_each(|batch| batch.came_back(message))?;
        self.sync()
    }

    /// Whether whoever gave the messages is told that they failed.
    pub(super) fn tells_failures(&self) -> bool {
        self.failures == Failures::AreTold
    }

    /// Notes what became of a message that does not wait any longer, wherever it is.
    pub(super) fn settled(&mut self, message: &Outgoing, result: Result<(), &Error>) -> Result<(), Error> {
        for batch in &mut self.batches {
            // The same message may be queued more than once.
            while match result {
                Err(error) if self.failures == Failures::ArePutAside && error.exit_code() != ExitCode::Unconfirmed => {
                    batch.failed(message, &error.to_string())?
                }
                _ => batch.done(message)?,
            } {}
        }
        Ok(())
    }

    /// Gives the places back; those where nothing is left go.
    pub(in super::super) fn finish(&mut self) -> Result<(), Error> {
        self.batches.drain(..).try_for_each(Batch::finish)
    }
}

/// A source of which every message is kept before it is sent.
pub(in super::super) struct Keeping<'a, S> {
    pub(in super::super) source: &'a mut S,
    pub(in super::super) kept: &'a RefCell<Kept>,
    pub(in super::super) now: fn() -> DateTime<Utc>,
}

impl<S: Source> Source for Keeping<'_, S> {
    async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
        let message = self.source.next().await?;
        if let Some(message) = &message {
            self.kept.borrow_mut().add(message, (self.now)())?;
        }
        Ok(message)
    }

    fn rest(&mut self) -> Vec<Outgoing> {
        self.source.rest()
    }
}
