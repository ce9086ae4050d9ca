//! `-I`: messages whose id the caller chose are sent once, however often the command is run.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jid::Jid;

use super::super::network::Network;
use crate::conversation::delivery::{Delivery, Outgoing};
use crate::error::Error;
use crate::output::talk;
use crate::state::AccountState;
use crate::state::sessions::Run;

/// Longer ids are no ids.
const LONGEST: usize = 200;

/// Reads the option-argument.
pub(in super::super) fn id(text: &str) -> Result<String, String> {
    if text.is_empty()
        || text.len() > LONGEST
        || text.chars().any(|letter| letter.is_control() || letter.is_whitespace())
    {
        return Err(format!("an id has 1 to {LONGEST} bytes and no blanks"));
    }
    Ok(text.to_owned())
}

/// The id of the caller, and what is known of earlier tries.
pub(in super::super) struct Once<'a> {
    pub(in super::super) id: &'a str,
    pub(in super::super) recipients: &'a [Jid],
    /// Each line of input has its number behind the id.
    pub(in super::super) lines: bool,
    pub(in super::super) state: &'a AccountState,
    /// Begun once something is to be sent.
    pub(in super::super) run: RefCell<Option<Run>>,
}

impl Once<'_> {
    /// Begins, behind the runs of this machine that send the same.
    pub(in super::super) fn begin(&self, network: &Network) -> Result<(), Error> {
        let key = if self.lines { format!("{}-", self.id) } else { self.id.to_owned() };
        // After an outage it is still the same run, which must not wait for itself.
        let begun = self.run.take().map(Ok);
        let recipients = || self.recipients.iter().map(Jid::to_string).collect();
        let mut run = match begun.unwrap_or_else(|| self.state.begin_run(&key, recipients())) {
            Ok(run) => run,
            Err(error) => {
                talk::note(&format!("{error}; if this run is killed, the next one with the same id may send twice"));
                return Ok(());
            }
        };
        if run.has_others() {
            network.progress().step("waiting for an earlier run with the same id to end");
        }
        let alone = network.wait_here(|left| run.wait(left));
        *self.run.borrow_mut() = Some(run);
        if alone? { Ok(()) } else { Err(network.timeout()) }
    }

    /// The sessions of earlier runs that may still be at it.
    pub(in super::super) fn earlier(&self) -> BTreeSet<String> {
        self.run.borrow().as_ref().map(|run| run.earlier().clone()).unwrap_or_default()
    }

    /// The same, as the queue keeps them.
    pub(super) fn may_have_sent(&self) -> String {
        Vec::from_iter(self.earlier()).join("\n")
    }

    /// `session` sends from now on.
    pub(in super::super) fn sends(&self, session: &str) {
        if let Some(Err(error)) = self.run.borrow_mut().as_mut().map(|run| run.sends(session)) {
            talk::note(&format!("{error}; if this run is killed, the next one with the same id may send twice"));
        }
    }

    /// Everything was sent, and the archive has told what earlier runs had.
    pub(in super::super) fn is_over(&self) {
        if let Some(run) = self.run.take() {
            run.done();
        }
    }

    /// The id of a message, which is the line with this number.
    pub(in super::super) fn of_line(id: &str, line: u64) -> String {
        format!("{id}-{line}")
    }

    /// What the id of an own message says: the number of its line, or 0.
    pub(in super::super) fn number(&self, id: &str) -> Option<u64> {
        let rest = id.strip_prefix(self.id)?;
        if self.lines { rest.strip_prefix('-')?.parse().ok() } else { rest.is_empty().then_some(0) }
    }

    /// Whether `message` need not be sent, where the archive has messages up to `found` for each recipient: they are
    /// kept in the order in which they were sent. What came back is sent again.
    pub(in super::super) fn is_there(&self, message: &Outgoing, found: &[Option<u64>]) -> bool {
        let index = self.recipients.iter().position(|to| *to == message.to);
        let newest = index.and_then(|index| found.get(index).copied().flatten());
        let sent = newest.is_some_and(|newest| message.line.unwrap_or(0) <= newest);
        sent && !self.state.has_bounced(message.to.as_str(), &message.id)
    }

    /// Keeps what the archive does not tell.
    pub(in super::super) fn remember(&self, message: &Outgoing, delivery: &Delivery) {
        let (to, id) = (message.to.as_str(), message.id.as_str());
        tell(match delivery {
            Delivery::Bounced(_) => self.state.keep_bounce(to, id),
            Delivery::KeptOut(..) => return,
            Delivery::Reached(_) | Delivery::Unconfirmed(_) | Delivery::Archived => self.state.forget_bounce(to, id),
        });
    }

    /// The server does not take `message`: that it has later ones says nothing about this one.
    pub(super) fn was_refused(&self, message: &Outgoing) {
        tell(self.state.keep_bounce(message.to.as_str(), &message.id));
    }
}

fn tell(kept: Result<(), Error>) {
    if let Err(error) = kept {
        talk::note(&format!("{error}; with the same id the next try will believe that the message was taken"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jid::BareJid;

    fn outgoing(id: &str, line: Option<u64>) -> Outgoing {
        Outgoing { to: romeo(), id: id.into(), body: "hi".into(), line, manner: std::rc::Rc::default() }
    }

    fn romeo() -> Jid {
        Jid::new("romeo@chat.example").expect("an address")
    }

    fn with(lines: bool, test: impl FnOnce(&Once<'_>)) {
        let directory = tempfile::tempdir().expect("a directory");
        let state = AccountState::of(&BareJid::new("juliet@chat.example").expect("an address"), directory.path());
        test(&Once { id: "job", recipients: &[romeo()], lines, state: &state, run: RefCell::default() });
    }

    #[test]
    fn an_id_has_no_blanks_and_is_not_empty() {
        assert!(["", "a b", "a\n", &"x".repeat(201)].iter().all(|bad| id(bad).is_err()));
        assert_eq!(id("backup-2026-11-24"), Ok("backup-2026-11-24".into()));
    }

    #[test]
    fn lines_up_to_the_newest_in_the_archive_are_there() {
        with(true, |once| {
            assert_eq!((once.number("job-7"), once.number("job"), once.number("job-x")), (Some(7), None, None));
            assert!(once.is_there(&outgoing("job-7", Some(7)), &[Some(7)]));
            assert!(!once.is_there(&outgoing("job-8", Some(8)), &[Some(7)]));
            assert!(!once.is_there(&outgoing("job-1", Some(1)), &[None]));
        });
    }

    #[test]
    fn what_came_back_is_sent_again_until_it_is_taken() {
        with(false, |once| {
            let message = outgoing("job", None);
            let (condition, text) = ("gone".into(), String::new());
            let bounce = crate::conversation::delivery::Bounce { condition, text, remote: false, in_room: false };
            assert!(once.is_there(&message, &[Some(0)]));
            once.remember(&message, &Delivery::Bounced(bounce));
            assert!(!once.is_there(&message, &[Some(0)]));
            once.remember(&message, &Delivery::Reached(crate::conversation::delivery::Level::Acked));
            assert!(once.is_there(&message, &[Some(0)]));
        });
    }
}
