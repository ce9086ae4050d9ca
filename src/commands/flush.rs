//! `chat flush`

use std::cell::RefCell;

use clap::Args;

use super::access::Access;
use super::outbox::{Report, Style, flush};
use crate::cli::ConnectionOptions;
use crate::credentials::Asking;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::talk;

/// Send the messages that “chat send -Q” has queued
///
/// They are sent in their order and with the ids that they have. Of one that may have been sent before, because somebody
/// pulled a plug or killed chat, the archive of the account is asked first, so that nothing is sent twice. Where there is
/// none, the status is 69: find out whether it arrived, and say so by “chat queue -d” or “chat queue -r”.
///
/// It is made for cron and for timers of systemd: it says nothing when all is well, and does not even log in when nothing
/// is queued. If it runs twice at once, the second waits for the first. -t limits how long the server may take for an answer.
///
/// A message that cannot ever be delivered is told on standard output and put aside; “chat queue” shows it. The exit status
/// is 75 when messages are left for the next time, else the highest of all.
#[derive(Args, Debug)]
#[command(
    after_long_help = "Examples:\n  chat flush\n  chat flush -t 120 -u ops@chat.example || chat queue -u ops@chat.example"
)]
pub struct Options {
    /// Write one JSON object for each message to standard output
    #[arg(short = 'j', long = "json")]
    pub json: bool,
    #[command(flatten)]
    pub connection: ConnectionOptions,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, Error> {
    let access = Access::when_needed(&options.connection, Asking::Allowed, |state| Ok(!state.spool().is_empty()?))?;
    let Some(access) = access else { return Ok(ExitCode::Done) };
    let report = RefCell::new(Report::new(if options.json { Style::Json } else { Style::Failures }));
    let failure = flush(&access, &report)?;
    let left = access.state.spool().holds_anything()?;
    let is_told = failure.is_some();
    let code = report.into_inner().finish(failure)?;
    if left && !is_told {
        talk::note("messages are left: another chat has them in its hands, or they came meanwhile or came back");
    }
    Ok(if left { code.max(ExitCode::TryLater) } else { code })
}
