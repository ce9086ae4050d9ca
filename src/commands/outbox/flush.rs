//! Sending what waits in the queue of the account.

use std::cell::RefCell;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::super::access::Access;
use super::inside;
use super::kept::{Failures, Kept};
use super::queue::Again;
use super::report::Report;
use super::sending::{Deadline, Earlier, Known, Sending};
use crate::conversation::delivery::{Level, Outgoing};
use crate::error::Error;
use crate::output::talk;
use crate::state::spool::Batch;
use crate::xmpp::delivery::Source;

/// Places of the queue that are worked off in one session; each is an open file.
const TOGETHER: usize = 200;

/// Sends what waits, in its order; returns what ended it before its time. What failed for good is put aside.
///
/// Only one process does it at a time, and another waits for it. Where nothing waits, nobody is connected to.
pub(in super::super) fn flush(access: &Access, report: &RefCell<Report>) -> Result<Option<Error>, Error> {
    let spool = access.state.spool();
    let _lock = access.network.wait_here(|left| spool.lock(left))?;
    let (mut last, mut notes) = (None, Vec::new());
    loop {
        let taken = spool.take(last.as_ref(), TOGETHER, &mut notes)?;
        notes.drain(..).for_each(|note| talk::note(&note));
        let Some((name, _)) = taken.last() else { return Ok(None) };
        last = Some(name.clone());
        let batches = taken.into_iter().map(|(_, batch)| batch).collect();
        if let Some(failure) = send(access, report, batches)? {
            return Ok(Some(failure));
        }
    }
}

fn send(access: &Access, report: &RefCell<Report>, batches: Vec<Batch>) -> Result<Option<Error>, Error> {
    let (earlier, since) = earlier(&batches);
    let Some(since) = since else { return Ok(None) };
    let kept = RefCell::new(Kept::new(batches, Failures::ArePutAside));
    let known = RefCell::new(Known::default());
    let doors = inside::doors(earlier.again.iter().map(|again| &again.message));
    let sending = Sending {
        access,
        report,
        level: Level::Acked,
        once: None,
        kept: Some(&kept),
        since,
        doors,
        files: Vec::new(),
        about: None,
        known,
    };
    let failure = sending.run(&mut Nothing, earlier, Deadline::EachWait);
    kept.borrow_mut().finish()?;
    failure
}

/// What waits, each message once, and when the first of it was queued.
fn earlier(batches: &[Batch]) -> (Earlier, Option<DateTime<Utc>>) {
    let (mut earlier, mut seen, mut since) = (Earlier::default(), BTreeSet::new(), None);
    for batch in batches {
        let waiting = batch.entries().filter(|entry| entry.failed.is_none());
        for entry in waiting.filter(|entry| seen.insert((entry.message.to.clone(), entry.message.id.clone()))) {
            since = since.into_iter().chain([entry.at]).min();
            earlier.again.push_back(Again {
                message: entry.message.clone(),
                unsure: batch.session().is_some() && !entry.came_back,
            });
        }
        earlier.sessions.extend(batch.session().into_iter().flat_map(str::lines).map(str::to_owned));
    }
    (earlier, since)
}

/// Nothing is to be sent but what waits.
struct Nothing;

impl Source for Nothing {
    async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
        Ok(None)
    }

    fn rest(&mut self) -> Vec<Outgoing> {
        Vec::new()
    }
}
