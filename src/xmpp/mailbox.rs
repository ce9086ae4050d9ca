//! One look at everything on the server that decides what is unread: read positions, offline queue, archive.
//!
//! All questions travel with the binding of the session, so that nothing new costs one round trip. No presence is
//! sent where that can be avoided ([`super::mode`]): nobody sees the look, and no message is taken away from another
//! client.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use chrono::{DateTime, Utc};
use jid::{BareJid, Jid};
use minidom::Element;

use super::archive::{self, Excerpt, Limit, Page};
use super::bookmarks;
use super::displayed::{self, Displayed};
use super::handover::{Keeping, Taken};
use super::iq::{Answer, Request};
use super::mode::Mode;
use super::offline;
use super::read_node;
use super::roster;
use super::session::{Ready, Session};
use crate::conversation::contacts::Names;
use crate::conversation::memory::MOST_AGAIN;
use crate::conversation::message::{Message, not_ahead_of};
use crate::conversation::rooms::Room;
use crate::conversation::said::Storage;
use crate::error::Error;

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// From this time on in the archive,
    pub since: Option<DateTime<Utc>>,
    /// and at most about this many of its newest messages.
    pub limit: usize,
    /// Conversations in which messages wait that are older, and since when.
    pub waiting: &'a BTreeMap<String, DateTime<Utc>>,
    pub beside: Beside,
    /// Whether it will be marked as read: then the place for that is looked at, too.
    pub marks: bool,
    /// Whether messages may be taken out of the queue, where there is no other way to see them: then they go into the
    /// journal before anything else is done.
    pub may_take: bool,
    /// The time of what comes in just now.
    pub now: DateTime<Utc>,
}

/// What the server holds.
#[derive(Debug)]
pub struct Mailbox {
    pub archive: Excerpt,
    /// Conversations of which older messages that nobody has read were not fetched.
    pub cut: BTreeSet<BareJid>,
    /// How many older messages of the archive were not looked at, where there is a limit for the whole.
    pub older: Option<u64>,
    /// In the order in which they arrived. The first are those of `taken`.
    pub queue: Vec<Message>,
    pub taken: Taken,
    pub displayed: Displayed,
    /// When they had been told.
    pub heard: Instant,
    /// As far as they were asked for.
    pub names: Names,
    /// The rooms that the person is in, or why they cannot be told.
    pub rooms: Result<Vec<Room>, Error>,
    mode: Mode,
    /// The queue was handed over.
    took: bool,
}

/// What is asked for beside the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// What the contacts are called.
    Names,
}

impl Mailbox {
    /// Whether the queue can only be handed over, and only to another session: Prosody 0.12 hands nothing to one that
    /// has asked the archive.
    pub fn needs_another_session(&self) -> bool {
        self.left_alone() && self.mode.has_archive()
    }

    /// There may be more in the queue, which cannot be looked at without taking it.
    pub fn left_alone(&self) -> bool {
        self.mode.needs_handover() && !self.took
    }
}

/// Opens the session and looks.
pub async fn look(
    ready: Ready,
    question: &Question<'_>,
    keeping: &mut Keeping<'_>,
) -> Result<(Session, Mailbox), Error> {
    let mut page = Page::new(question.since);
    let mut waiting = waiting_pages(question);
    let mut requests =
        vec![displayed::request(), offline::list_request(), archive::preferences_request(), page.request.clone()];
    let bookmarks = bookmarks::requests();
    let of_rooms = bookmarks.len();
    requests.extend(bookmarks);
    requests.extend((question.beside == Beside::Names).then(roster::request));
    requests.extend(question.marks.then(read_node::settings_request));
    requests.extend(waiting.iter().map(|page| page.request.clone()));
    let flight: Vec<Element> = requests.iter().map(Request::to_element).collect();
    let mut session = ready.bind(&flight).await?;
    session.stream.progress.step("looking for new messages");
    let (account, storage) = (session.account().clone(), keeping.storage);
    let take = |stanza: Element| {
        let mut pages = std::iter::once(&mut page).chain(&mut waiting);
        pages.try_for_each(|page| page.take(&stanza, &account, storage))
    };
    let mut answers = session.answers(&requests, take).await?;
    let heard = Instant::now();
    let of_waiting = answers.split_off(answers.len() - waiting.len());
    let settings = if question.marks { answers.pop() } else { None };
    let mut beside = answers.split_off(4);
    let names = beside.split_off(of_rooms).pop().map(roster::names).unwrap_or_default();
    let rooms = bookmarks::rooms(beside, &account);
    let [positions, list, preferences, newest] = four(answers)?;
    let mode = Mode::choose(&newest, &preferences, &list, session.offers_stream_management())?;
    session.stream.progress.tell(&mode.explanation());
    let displayed = displayed::read(positions, settings.as_ref(), &mut session).await?;
    let (mut archive, mut cut, mut older) = (Excerpt::default(), BTreeSet::new(), None);
    if mode.has_archive() {
        archive = archive::complete(&mut session, (page, newest), Limit::of(question.limit), storage).await?;
        if question.limit < usize::MAX {
            older = older_than(&archive, question, &mut session).await?;
        }
        let waiting = waiting.into_iter().zip(of_waiting);
        (archive.messages, cut) = complete_waiting(&mut session, waiting, archive.messages, storage).await?;
        not_ahead_of(question.now, &mut archive.messages);
    }
    let (queue, taken) = (Vec::new(), Taken::default());
    let mut mailbox = Mailbox { archive, cut, older, queue, taken, displayed, heard, names, rooms, mode, took: false };
    if mailbox.left_alone() && !mailbox.mode.has_archive() && question.may_take {
        mailbox.be_handed(&mut session, question, keeping).await?;
    } else {
        mailbox.queue = mailbox.taken.recall(keeping, &account, mailbox.mode.has_archive(), &[])?;
    }
    let nodes = offline::nodes(list);
    if !nodes.is_empty() {
        mailbox
            .queue
            .extend(offline::view(&mut session, &nodes, mailbox.mode.has_archive(), storage, question.now).await?);
    }
    Ok((session, mailbox))
}

/// One page for each conversation in which something waits that is older than the rest of the question.
fn waiting_pages(question: &Question<'_>) -> Vec<Page> {
    let address = |conversation: &String| Jid::new(conversation).ok().map(|conversation| conversation.to_bare());
    let waiting = question.waiting.iter().filter_map(|(conversation, from)| Some((address(conversation)?, *from)));
    waiting.map(|(with, from)| Page::of_conversation(with, from, question.since)).collect()
}

/// Completes those pages; returns their messages and behind them `newer` ones, each once, and whose messages are not all
/// there.
async fn complete_waiting(
    session: &mut Session,
    pages: impl Iterator<Item = (Page, Answer)>,
    newer: Vec<Message>,
    storage: &dyn Storage,
) -> Result<(Vec<Message>, BTreeSet<BareJid>), Error> {
    let (mut messages, mut cut) = (Vec::new(), BTreeSet::new());
    for first in pages {
        let excerpt = archive::complete(session, first, Limit::of(MOST_AGAIN), storage).await?;
        let with = excerpt.messages.first().map(|message| message.conversation.to_bare());
        cut.extend(with.filter(|_| excerpt.cut));
        messages.extend(excerpt.messages);
    }
    messages.sort_by_key(|message| message.time);
    messages.extend(newer);
    Ok((archive::each_once(messages), cut))
}

/// How many messages are older than what a limited look takes in.
async fn older_than(archive: &Excerpt, question: &Question<'_>, session: &mut Session) -> Result<Option<u64>, Error> {
    let from = if archive.cut { archive.messages.first().map(|oldest| oldest.time) } else { question.since };
    match from {
        Some(from) => archive::count_before(session, from).await,
        None => Ok(None),
    }
}

/// Opens another session for what [`Mailbox::needs_another_session`].
pub async fn take(
    ready: Ready,
    question: &Question<'_>,
    mailbox: &mut Mailbox,
    keeping: &mut Keeping<'_>,
) -> Result<Session, Error> {
    let mut session = ready.bind(&[]).await?;
    mailbox.be_handed(&mut session, question, keeping).await?;
    Ok(session)
}

impl Mailbox {
    async fn be_handed(
        &mut self,
        session: &mut Session,
        question: &Question<'_>,
        keeping: &mut Keeping<'_>,
    ) -> Result<(), Error> {
        let (account, has_archive) = (session.account().clone(), self.mode.has_archive());
        self.taken = Taken::default();
        self.queue = self.taken.take(session, question.now, has_archive, keeping).await?;
        let recalled = self.taken.recall(keeping, &account, has_archive, &self.queue)?;
        self.queue.extend(recalled);
        self.took = true;
        Ok(())
    }
}

fn four(answers: Vec<Answer>) -> Result<[Answer; 4], Error> {
    answers.try_into().map_err(|_| Error::Bug("an answer is missing".into()))
}

#[cfg(test)]
mod tests;
