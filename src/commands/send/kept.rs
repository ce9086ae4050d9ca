//! `-Q`: what is sent is kept first, and stays in the queue where it cannot be sent now.

use std::cell::RefCell;

use jid::Jid;

use super::super::clock;
use super::super::outbox::{Deadline, Earlier, Failures, Keeping, Kept, Report, Sending, Style, flush};
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::talk;
use crate::xmpp::delivery::Source;

/// Sends what `source` gives, behind what waits for the same people.
pub(super) fn run(
    sending: Sending<'_>,
    source: &mut impl Source,
    recipients: &[Jid],
    deadline: Deadline,
) -> Result<Option<Error>, Error> {
    let spool = sending.access.state.spool();
    let held_up = if spool.holds_up(recipients)? { flush_first(&sending, recipients)? } else { None };
    let kept = RefCell::new(Kept::new(vec![spool.begin()?], Failures::AreTold));
    if sending.once.is_some() {
        // Whoever chooses the ids may have sent it before.
        kept.borrow_mut().sending("")?;
    }
    let failure = {
        let mut source = Keeping { source, kept: &kept, now: clock::now };
        let sending = Sending { kept: Some(&kept), ..sending };
        match held_up {
            Some(error) => sending.queue_all(&mut source, error),
            None => sending.run(&mut source, Earlier::default(), deadline),
        }
    };
    kept.into_inner().finish()?;
    failure
}

/// Sends the queue; why it is still in the way, if it is.
fn flush_first(sending: &Sending<'_>, recipients: &[Jid]) -> Result<Option<Error>, Error> {
    let quiet = RefCell::new(Report::new(Style::Failures));
    let failure = flush(sending.access, &quiet)?;
    if !sending.access.state.spool().holds_up(recipients)? {
        if let Some(error) = failure {
            talk::note(&error.to_string());
        }
        return Ok(None);
    }
    match failure {
        Some(error) if error.exit_code() != ExitCode::TryLater => Err(error),
        failure => Ok(Some(failure.unwrap_or_else(|| Error::NotDelivered {
            reason: "messages that were queued before it still wait".into(),
            said: String::new(),
            code: ExitCode::TryLater,
        }))),
    }
}
