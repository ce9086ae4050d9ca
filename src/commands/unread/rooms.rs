//! The person's rooms: looking, judging and marking, each room by itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::super::access::Access;
use super::Options;
use super::keeper::Keeper;
use super::showing::Showing;
use crate::conversation::contacts::Names;
use crate::conversation::marks::{Mark, Marking, Outcome};
use crate::conversation::memory::{FIRST_USE_AGE, MOST_AGAIN, Memory, window};
use crate::conversation::message::{ReadPositions, not_ahead_of};
use crate::conversation::overview::{Count, Extent};
use crate::conversation::rooms::Room;
use crate::conversation::said::Storage;
use crate::conversation::unread::{Judgement, Seen, judge};
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::talk;
use crate::xmpp::archive::Limit;
use crate::xmpp::rooms::{self, Heard, Reach};
use crate::xmpp::session::Session;

/// On the first use of a room, older messages than these many are not considered: about one page.
const FIRST_USE_MESSAGES: usize = 200;
/// Which part of the whole time rooms may take that were asked for,
const PATIENCE: u32 = 3;
/// and those that are looked at along the way.
const LITTLE_PATIENCE: u32 = 10;

/// What the rooms hold, and what is remembered of each.
#[derive(Default)]
pub(super) struct Rooms {
    heard: Vec<Heard>,
    positions: ReadPositions,
    memories: BTreeMap<String, Memory>,
    /// The person asked for rooms, so that one that cannot be read is a failure.
    asked_for: bool,
}

impl Rooms {
    /// Looks at the rooms that are wanted; those that cannot be read are told of, and left out.
    pub(super) fn look(
        access: &Access,
        session: &mut Session,
        options: &Options,
        rooms: Result<Vec<Room>, Error>,
        positions: &ReadPositions,
        now: DateTime<Utc>,
        storage: &dyn Storage,
    ) -> Result<Self, Error> {
        let wanted = options.wanted();
        let mut rooms = match rooms {
            Err(error) if options.asks_for_rooms() => return Err(error),
            rooms => rooms.unwrap_or_default(),
        };
        rooms.retain(|room| wanted.admits(&room.address.clone().into()));
        if rooms.is_empty() {
            return Ok(Self::default());
        }
        let asked_for = options.asks_for_rooms() || !options.senders.is_empty();
        let patience = access.network.limit() / if asked_for { PATIENCE } else { LITTLE_PATIENCE };
        let memories = access.state.rooms();
        let memories: BTreeMap<_, _> =
            memories.into_iter().map(|(room, memory)| (room, memory.not_ahead_of(now))).collect();
        let look =
            rooms::look(session, rooms, patience, |room| reach(memories.get(room.as_str()), options, now), storage);
        let mut heard = access.network.wait(look)?;
        heard.iter_mut().flat_map(|heard| &mut heard.said).for_each(|said| not_ahead_of(now, &mut said.messages));
        if asked_for || !options.quiet {
            heard.iter().for_each(tell);
        }
        Ok(Self { heard, positions: positions.clone(), memories, asked_for })
    }

    /// The status, where everything else went well. A script that did not ask for rooms does not fail because of one.
    pub(super) fn status(&self) -> ExitCode {
        let unreadable = self.heard.iter().any(|heard| heard.said.is_err());
        if unreadable && self.asked_for { ExitCode::Unavailable } else { ExitCode::Done }
    }

    /// Leaves of `judgements` what is to be shown; returns how much there is.
    pub(super) fn choose(&self, showing: &Showing<'_>, judgements: &mut [Judgement<'_>]) -> Vec<Count> {
        let rooms = self.read().zip(judgements);
        rooms
            .flat_map(|(room, judgement)| showing.choose(&mut judgement.unread, extent(showing.options, room)))
            .collect()
    }

    /// Adds what the person calls the rooms.
    pub(super) fn name(&self, names: &mut Names) {
        let rooms = self.heard.iter().map(|heard| &heard.room);
        names.0.extend(rooms.filter_map(|room| Some((room.address.clone(), room.name.clone()?))));
    }

    /// What is unread in each room.
    pub(super) fn judge(&self, options: &Options) -> Vec<Judgement<'_>> {
        let nothing = Memory::default();
        let judged = self.heard.iter().filter_map(|heard| {
            let excerpt = heard.said.as_ref().ok()?;
            let oldest = excerpt.messages.first().map(|oldest| oldest.time);
            let since = if excerpt.cut { oldest } else { heard.since };
            let seen = Seen { archive: &excerpt.messages, since, queue: &[], read: &self.positions };
            let memory = self.memories.get(heard.room.address.as_str()).unwrap_or(&nothing);
            Some(judge(&seen, memory, &options.wanted()))
        });
        judged.collect()
    }

    /// Keeps what was learned by a look that marks nothing. It only saves time, so a failure is worth no more than a word.
    pub(super) fn keep(&self, access: &Access, keeper: &Keeper, judgements: &[Judgement<'_>]) {
        let outcomes = judgements.iter().map(|judgement| judgement.after_showing(0, Marking::No).memory);
        if let Err(error) = self.keep_memories(access, keeper, outcomes.collect()) {
            talk::note(&error.to_string());
        }
    }

    /// What follows when the first `shown` messages of the rooms were written out, one room after the other.
    pub(super) fn after_showing(judgements: &[Judgement<'_>], shown: usize) -> Vec<Outcome> {
        let mut left = shown;
        let outcomes = judgements.iter().map(|judgement| {
            let here = left.min(judgement.unread.len());
            left -= here;
            judgement.after_showing(here, Marking::Yes)
        });
        outcomes.collect()
    }

    /// Of each room the marks that still lead forward after `latest`.
    pub(super) fn forward_only(
        judgements: &[Judgement<'_>],
        outcomes: &[Outcome],
        latest: &ReadPositions,
    ) -> Vec<Vec<Mark>> {
        let rooms = judgements.iter().zip(outcomes);
        rooms.map(|(judgement, outcome)| judgement.forward_only(outcome.marks.clone(), latest)).collect()
    }

    /// Positions that led further than `marks`, and were published just `before`.
    pub(super) fn overtaken(judgements: &[Judgement<'_>], marks: &[Vec<Mark>], before: &ReadPositions) -> Vec<Mark> {
        let rooms = judgements.iter().zip(marks);
        rooms.flat_map(|(judgement, marks)| judgement.overtaken(marks, before)).collect()
    }

    /// What to keep of the rooms before `marks` are published.
    pub(super) fn about_to_publish(&self, marks: &[Vec<Mark>]) -> Vec<Memory> {
        let nothing = Memory::default();
        let memory = |room: &str| self.memories.get(room).unwrap_or(&nothing);
        self.read().zip(marks).map(|(room, marks)| memory(room).about_to_publish(marks)).collect()
    }

    /// The rooms that could be read, in the order of their judgements.
    fn read(&self) -> impl Iterator<Item = &str> {
        self.heard.iter().filter(|heard| heard.said.is_ok()).map(|heard| heard.room.address.as_str())
    }

    pub(super) fn keep_memories(&self, access: &Access, keeper: &Keeper, new: Vec<Memory>) -> Result<(), Error> {
        let mut memories = self.memories.clone();
        memories.extend(self.read().map(str::to_owned).zip(new));
        if memories == self.memories || !matches!(keeper, Keeper::Locked(..)) {
            return Ok(());
        }
        access.state.keep_rooms(&memories)
    }
}

/// Says why a room cannot be read, or that not all of it counts.
fn tell(Heard { room, said, .. }: &Heard) {
    match said {
        Err(error) => talk::note(&error.to_string()),
        Ok(excerpt) if excerpt.cut => {
            let (address, many) = (&room.address, excerpt.messages.len());
            talk::note(&format!("only the last {many} messages of {address} count"));
        }
        Ok(_) => {}
    }
}

/// Who names a room wants to see it.
fn extent(options: &Options, room: &str) -> Extent {
    if options.mentions {
        Extent::Mentions
    } else if options.asks_for_rooms() || options.senders.iter().any(|sender| sender.as_str() == room) {
        Extent::Whole
    } else {
        Extent::MentionsOfAll
    }
}

/// A message may be as old as on the first use of the account.
fn reach(memory: Option<&Memory>, options: &Options, now: DateTime<Utc>) -> Reach {
    let usual = now.checked_sub_signed(FIRST_USE_AGE);
    match (memory.and_then(window), options.since) {
        (Some(settled), _) => {
            let waiting = memory.and_then(|memory| memory.waiting.values().min().copied());
            let limit = Limit { messages: MOST_AGAIN, but_all_since: Some(settled) };
            Reach { since: waiting.map_or(Some(settled), |waiting| Some(waiting.min(settled))), limit }
        }
        (None, Some(since)) if Some(since) < usual => Reach { since: Some(since), limit: Limit::NONE },
        (None, _) => Reach { since: usual, limit: Limit::of(FIRST_USE_MESSAGES) },
    }
}
