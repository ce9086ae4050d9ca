//! `-Q`: what is sent is kept first, and stays in the queue where it cannot be sent now.

use std::cell::RefCell;

use jid::Jid;

use super::super::access::Access;
use super::super::clock;
use super::super::outbox::{Deadline, Earlier, Failures, Keeping, Kept, NextTry, Report, Sending, Style, flush};
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::talk;
use crate::xmpp::delivery::Source;

/// Sends what `source` gives, behind what waits for the same people. While it goes on, what could not be sent is tried
/// again; in between it is nobody's, so that another command may send it, too.
pub(super) fn run(
    sending: Sending<'_>,
    source: &mut impl Source,
    recipients: &[Jid],
    deadline: Deadline,
) -> Result<Option<Error>, Error> {
    let access = sending.access;
    let mut held_up = if access.state.spool().holds_up(recipients)? { flush_first(access, recipients)? } else { None };
    if held_up.as_ref().is_some_and(|error| error.exit_code() != ExitCode::TryLater) {
        return Ok(held_up);
    }
    let kept = RefCell::new(Kept::new(Vec::new(), Failures::AreTold));
    let mut source = Keeping { source, kept: &kept, now: clock::now };
    let sending = Sending { kept: Some(&kept), ..sending };
    let (mut last, mut is_told) = (None, false);
    loop {
        sending.begin_place(&kept)?;
        let result = match held_up.take() {
            None => sending.run(&mut source, Earlier::default(), deadline),
            Some(reason) => {
                let next = NextTry::behind(last, deadline);
                last = Some(next);
                sending.queue_all(&kept, &mut source, reason, next)
            }
        };
        kept.borrow_mut().finish()?;
        let failure = result?;
        let Some(reason) = kept.borrow_mut().rested() else { return Ok(failure) };
        if !std::mem::replace(&mut is_told, true) {
            talk::note(&format!("lines are queued for now, and tried again: {reason}"));
        }
        access.network.renew();
        held_up = flush_first(access, recipients)?;
        if held_up.is_none() {
            sending.report.borrow_mut().nothing_waits();
            (last, is_told) = (None, false);
        }
    }
}

/// Sends the queue; why it is still in the way, if it is.
fn flush_first(access: &Access, recipients: &[Jid]) -> Result<Option<Error>, Error> {
    let quiet = RefCell::new(Report::new(Style::Failures));
    let failure = match flush(access, &quiet) {
        Err(error @ (Error::CannotWrite(_) | Error::CannotKeep { .. })) => return Err(error),
        Err(error) => Some(error),
        Ok(failure) => failure,
    };
    if !access.state.spool().holds_up(recipients)? {
        if let Some(error) = failure {
            talk::note(&error.to_string());
        }
        return Ok(None);
    }
    Ok(Some(failure.unwrap_or_else(|| Error::NotDelivered {
        reason: "messages that were queued before it still wait".into(),
        said: String::new(),
        code: ExitCode::TryLater,
    })))
}
