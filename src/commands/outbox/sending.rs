//! The way of the messages from their source to the report, whatever happens on it.
//!
//! A connection that is lost is opened again before the deadline. What was on its way then is looked for in the archive
//! first, so that nothing is sent twice.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use jid::Jid;

use super::super::access::Access;
use super::inside;
use super::kept::Kept;
use super::leaving::NextTry;
use super::once::Once;
use super::queue::{Again, Queue};
use super::report::Report;
use super::tries::Tries;
use crate::conversation::about::About;
use crate::conversation::attachment::{LocalFile, Shared};
use crate::conversation::delivery::{Audience, Delivery, Level, Outgoing};
use crate::conversation::entry::Door;
use crate::conversation::window::Window;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::progress::Bar;
use crate::xmpp::delivery::{self, Source, Start};
use crate::xmpp::occupancy::Occupancies;
use crate::xmpp::original;
use crate::xmpp::resend;
use crate::xmpp::session::{Ready, Session};
use crate::xmpp::upload::{self, Way};

/// See the module.
pub(in super::super) struct Sending<'a> {
    pub(in super::super) access: &'a Access,
    pub(in super::super) report: &'a RefCell<Report>,
    pub(in super::super) level: Level,
    /// The caller chose the ids.
    pub(in super::super) once: Option<Once<'a>>,
    /// Where the messages are kept meanwhile.
    pub(in super::super) kept: Option<&'a RefCell<Kept>>,
    /// When the first of them may have been sent.
    pub(in super::super) since: DateTime<Utc>,
    /// The rooms that messages are for.
    pub(in super::super) doors: Vec<Door>,
    /// To be uploaded before messages can name them.
    pub(in super::super) files: Vec<LocalFile>,
    /// Of a message that is about an earlier one: to whom it goes, and what it does.
    pub(in super::super) about: Option<(Jid, About)>,
    pub(in super::super) known: RefCell<Known>,
}

/// What the deadline is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Deadline {
    /// Everything.
    Whole,
    /// Each wait for the server: the source may never end.
    EachWait,
}

/// What earlier tries may have sent, and in which sessions.
#[derive(Default)]
pub(in super::super) struct Earlier {
    pub(in super::super) again: VecDeque<Again>,
    pub(in super::super) sessions: BTreeSet<String>,
}

/// What is known beyond the single message.
#[derive(Default)]
pub(in super::super) struct Known {
    /// Who takes messages: one of this run came to them.
    reached: BTreeSet<Jid>,
    /// In the archive; whether they came back was told to a session that is no more.
    archived: Vec<Outgoing>,
    /// The ids of messages that the server has, and that no room was seen to show.
    unseen: BTreeSet<String>,
    /// Messages whose confirmation nobody waits for any longer.
    given_up: usize,
    /// Where the files are.
    pub(super) shared: Option<Vec<Shared>>,
    logged_in: bool,
    /// The last try brought a message to its end.
    got_on: bool,
}

impl Sending<'_> {
    /// Sends `earlier` and then what `source` gives; returns what ended it before its time.
    pub(in super::super) fn run(
        &self,
        source: &mut impl Source,
        earlier: Earlier,
        deadline: Deadline,
    ) -> Result<Option<Error>, Error> {
        let Earlier { again, sessions } = earlier;
        let mut queue = Queue::new(again, sessions, source, self);
        if let Err(error) = self.begin() {
            return self.end(queue, Some(error), deadline);
        }
        let mut tries = Tries::default();
        loop {
            let mut window = Window::new(self.level);
            let Err(error) = self.attempt(&mut queue, &mut window, deadline) else {
                return self.end(queue, None, deadline);
            };
            if matches!(error, Error::CannotWrite(_) | Error::CannotKeep { .. }) {
                return Err(error);
            }
            if self.take_back(window, &mut queue, &error, deadline)? {
                // One of any number is out of the way.
                self.access.network.renew();
                continue;
            }
            let Known { logged_in, got_on, .. } = *self.known.borrow();
            if deadline == Deadline::EachWait && got_on {
                self.access.network.renew();
            }
            let told = !queue.unsure().is_empty() || self.known.borrow().given_up > 0;
            let only_once = self.level > Level::Acked && told;
            if let Err(error) = tries.again(error, logged_in, only_once, &self.access.network) {
                return self.end(queue, Some(error), deadline);
            }
        }
    }

    /// Where the caller chose the ids, this run waits for those before it, and what is kept may have been sent by them.
    fn begin(&self) -> Result<(), Error> {
        let Some(once) = &self.once else { return Ok(()) };
        let begun = once.begin(&self.access.network);
        self.kept.map_or(Ok(()), |kept| kept.borrow_mut().sending(&once.may_have_sent()))?;
        begun
    }

    fn attempt<S: Source>(
        &self,
        queue: &mut Queue<'_, S>,
        window: &mut Window,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let patience = (deadline == Deadline::EachWait).then(|| self.access.network.limit());
        let mut delivered = false;
        self.known.borrow_mut().got_on = false;
        let work = async |ready: Ready| {
            self.known.borrow_mut().logged_in = true;
            if patience.is_some() {
                self.access.remember(ready.memory());
            }
            let start = Box::pin(self.start(ready, queue)).await?;
            let settled = &mut |message, delivery| self.settled(&message, delivery);
            let session = delivery::deliver(start, queue, window, patience, settled).await?;
            delivered = true;
            self.once.iter().for_each(Once::is_over);
            self.access.remember(session.memory());
            session.close().await;
            Ok(())
        };
        let result = match deadline {
            Deadline::Whole => self.access.with_login(work),
            Deadline::EachWait => self.access.with_long_login(work),
        };
        if delivered { Ok(()) } else { result }
    }

    /// Looks first for what may be there already, where there is such.
    async fn start<S: Source>(&self, ready: Ready, queue: &mut Queue<'_, S>) -> Result<Start, Error> {
        queue.session = ready.address();
        let alone = self.kept.is_none() && self.doors.is_empty() && self.about.is_none() && self.files.is_empty();
        let knows = self.once.is_none() || queue.found.is_some();
        if knows && queue.unsure().is_empty() && alone {
            self.once.iter().for_each(|once| once.sends(&queue.session));
            return Ok(Start::Ready(ready));
        }
        let limit = self.access.network.limit();
        let late = |_| Err(Error::Timeout { limit, step: self.access.network.progress().current() });
        let looked = tokio::time::timeout(limit, Box::pin(self.look(ready, queue))).await;
        looked.unwrap_or_else(late).map(|(session, rooms)| Start::Session(Box::new(session), rooms))
    }

    async fn look<S: Source>(&self, ready: Ready, queue: &mut Queue<'_, S>) -> Result<(Session, Occupancies), Error> {
        let mut session = ready.bind(&[]).await?;
        queue.session = session.bound().to_string();
        self.once.iter().for_each(|once| once.sends(&queue.session));
        let (rooms, outside) = inside::enter(&mut session, &self.doors).await?;
        queue.outside = outside;
        self.upload(&mut session).await?;
        if let Some((to, about)) = self.about.as_ref().filter(|_| queue.outside.is_empty()) {
            let found = original::find(&mut session, &rooms, to, &about.id).await?;
            let in_room = rooms.in_room(&to.to_bare()).is_some() && to.resource().is_none();
            queue.about = found.map(|found| about.clone().resolved(found, in_room)).transpose()?;
        }
        if let Some(once) = self.once.as_ref().filter(|_| queue.found.is_none()) {
            let number = |id: &str| once.number(id);
            let look = resend::look_back(&mut session, &rooms, once.recipients, once.lines, once.earlier(), &number);
            queue.found = Some(look.await?);
        }
        let unsure = queue.unsure();
        if !unsure.is_empty() {
            let there = resend::were_sent(&mut session, &rooms, &unsure, &queue.sessions, self.since).await?;
            let archived = queue.sure(there);
            self.known.borrow_mut().archived.extend(archived);
        }
        self.kept.map_or(Ok(()), |kept| kept.borrow_mut().sending(&queue.session))?;
        Ok((session, rooms))
    }

    /// Uploads the files, once.
    async fn upload(&self, session: &mut Session) -> Result<(), Error> {
        if self.files.is_empty() || self.known.borrow().shared.is_some() {
            return Ok(());
        }
        let settings = &self.access.settings;
        let (endpoint, via) = (settings.endpoint.as_ref(), self.access.via());
        let way = Way { endpoint, authorities: &settings.authorities, via };
        let bar = Bar::new();
        let progress = |file: &LocalFile, sent| bar.show(&file.name, sent, file.size);
        let shared = upload::upload(session, way, &self.files, &progress).await?;
        self.known.borrow_mut().shared = Some(shared);
        Ok(())
    }

    /// Notes what became of a message, and tells it.
    pub(super) fn settled(&self, message: &Outgoing, delivery: Delivery) -> Result<(), Error> {
        if let Some(once) = &self.once {
            once.remember(message, &delivery);
        }
        if let Delivery::Reached(_) = delivery {
            let mut known = self.known.borrow_mut();
            known.got_on = true;
            known.reached.insert(message.to.clone());
        }
        let result = delivery.into_result(&message.to);
        if let (Some(kept), Err(error)) = (self.kept, &result)
            && error.exit_code() == ExitCode::TryLater
        {
            kept.borrow_mut().came_back(message)?;
            return self.report.borrow_mut().queued(message, error);
        }
        self.kept.map_or(Ok(()), |kept| kept.borrow_mut().settled(message, result.as_ref().map(drop)))?;
        self.report.borrow_mut().settled(message, result)
    }

    /// What was on its way and is not known to be there is to be looked for, and sent if need be. Returns whether the
    /// message is out of the way that was to blame.
    fn take_back<S: Source>(
        &self,
        mut window: Window,
        queue: &mut Queue<'_, S>,
        error: &Error,
        deadline: Deadline,
    ) -> Result<bool, Error> {
        let poison = poison(error).filter(|_| deadline == Deadline::EachWait);
        let (mut lost, mut blamed) = (Vec::new(), false);
        while let Some((message, delivery)) = window.give_up() {
            match delivery {
                // The archive of the room may tell.
                Some(Delivery::Unconfirmed(Level::Acked)) => {
                    self.known.borrow_mut().unseen.insert(message.id.clone());
                    lost.push(message);
                }
                Some(delivery) => {
                    self.known.borrow_mut().given_up += 1;
                    self.settled(&message, delivery)?;
                }
                None if poison == Some(message.weight()) => {
                    self.once.iter().for_each(|once| once.was_refused(&message));
                    self.failed(&message, error)?;
                    blamed = true;
                }
                None => lost.push(message),
            }
        }
        queue.put_back(lost);
        Ok(blamed)
    }

    fn failed(&self, message: &Outgoing, error: &Error) -> Result<(), Error> {
        self.kept.map_or(Ok(()), |kept| kept.borrow_mut().settled(message, Err(error)))?;
        self.report.borrow_mut().failed_with_all(message, error)
    }

    /// Tells what is known of the messages that did not come to an end, or not even that.
    fn end<S: Source>(
        &self,
        mut queue: Queue<'_, S>,
        failure: Option<Error>,
        deadline: Deadline,
    ) -> Result<Option<Error>, Error> {
        let archived = std::mem::take(&mut self.known.borrow_mut().archived);
        for message in archived {
            // What a room has kept, it has shown.
            let is_shown = message.audience() == Audience::Room;
            let proven = is_shown || self.known.borrow().reached.contains(&message.to);
            let delivery = match (proven, self.level) {
                (true, Level::Acked) => Delivery::Reached(Level::Acked),
                // Its receipt went to the session that is no more.
                (true, level) => Delivery::Unconfirmed(level),
                (false, _) => Delivery::Archived,
            };
            self.settled(&message, delivery)?;
        }
        let Some(error) = failure else { return Ok(None) };
        if let Some(kept) = self.kept.filter(|_| error.exit_code() == ExitCode::TryLater) {
            let goes_on = deadline == Deadline::EachWait && kept.borrow().tells_failures();
            return self.leave(kept, queue, error, if goes_on { NextTry::FIRST } else { NextTry::Elsewhere });
        }
        let (unseen, left): (Vec<_>, Vec<_>) =
            queue.left().into_iter().partition(|message| self.known.borrow().unseen.contains(&message.id));
        for message in unseen {
            self.known.borrow_mut().given_up += 1;
            self.settled(&message, Delivery::Unconfirmed(Level::Acked))?;
        }
        if left.is_empty() && self.known.borrow().given_up > 0 {
            // The time was up for confirmations, which each of those messages has said already.
            return Ok(None);
        }
        // It is not the fault of what waits in the queue.
        let stays = self.kept.is_some_and(|kept| !kept.borrow().tells_failures());
        left.iter().filter(|_| !stays).try_for_each(|message| self.failed(message, &error))?;
        Ok(Some(error))
    }
}

/// The size of a message that ends every session that it is sent in.
fn poison(error: &Error) -> Option<usize> {
    match error {
        Error::TooLargeForServer { bytes, .. } => Some(*bytes),
        _ => None,
    }
}
