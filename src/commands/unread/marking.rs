//! Marking what was shown as read, for all of the person's devices.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::super::access::Access;
use super::keeper::Keeper;
use super::rooms::Rooms;
use crate::conversation::marks::{self, Mark, Outcome};
use crate::conversation::memory::Memory;
use crate::conversation::unread::Judgement;
use crate::error::Error;
use crate::output::talk;
use crate::xmpp::displayed::{self, Displayed, Home};
use crate::xmpp::handover::Taken;
use crate::xmpp::marking::{self, Marks, Published, Telling};
use crate::xmpp::session::Session;

/// Read positions as old as this are asked for again: while a pager blocks, the person may read on elsewhere. What
/// happens in less is put right afterwards.
const MOMENT: Duration = Duration::from_millis(250);

/// What it takes to mark.
pub(super) struct Marking<'a> {
    pub(super) access: &'a Access,
    pub(super) keeper: Keeper,
    pub(super) session: Session,
    pub(super) judgement: &'a Judgement<'a>,
    pub(super) rooms: &'a Rooms,
    pub(super) in_rooms: &'a [Judgement<'a>],
    pub(super) displayed: &'a Displayed,
    /// When the server had told [`Marking::displayed`].
    pub(super) looked: Instant,
    pub(super) taken: &'a Taken,
}

impl<'a> Marking<'a> {
    /// Marks the first `shown` of the unread messages, those of contacts before those in rooms, and empties the offline
    /// queue of them.
    ///
    /// Each step is kept before the next depends on it: a crash in between costs a repeat, never a message.
    pub(super) fn mark(mut self, shown: usize) -> Result<(), Error> {
        let of_contacts = shown.min(self.judgement.unread.len());
        let Outcome { marks, offline_nodes, queue, mut memory } =
            self.judgement.after_showing(of_contacts, marks::Marking::Yes);
        let of_rooms = Rooms::after_showing(self.in_rooms, shown - of_contacts);
        let access = self.access;
        // What was shown must not be shown again only because showing it took long.
        access.network.renew();
        let (telling, refused, overtaken) = access.network.wait(self.publish(marks, &of_rooms, &offline_nodes))?;
        if self.displayed.home == Home::Nowhere {
            tell_local(&mut memory);
        }
        self.keeper.keep(memory)?;
        self.rooms.keep_memories(access, &self.keeper, of_rooms.into_iter().map(|room| room.memory).collect())?;
        let removed = access.network.wait(async {
            let removed = telling.removed(&mut self.session).await;
            restore(&mut self.session, &overtaken, self.displayed).await?;
            self.taken.acknowledge(&mut self.session, &queue).await?;
            Ok(removed)
        })?;
        self.keeper.journal().keep_only(&self.taken.left(&queue))?;
        access.close(self.session)?;
        removed.and(refused.map_or(Ok(()), Err))
    }

    /// Tells the server. Returns what it has not answered yet, what it refused, and which positions have to be put back.
    async fn publish(
        &mut self,
        marks: Vec<Mark>,
        of_rooms: &[Outcome],
        offline_nodes: &[String],
    ) -> Result<(Telling, Option<Error>, Overtaken), Error> {
        let latest = self.latest(&marks, of_rooms).await?;
        let own = self.judgement.forward_only(marks, &latest.positions);
        let in_rooms = Rooms::forward_only(self.in_rooms, of_rooms, &latest.in_rooms);
        self.keep_before(&own, &in_rooms)?;
        let marks = Marks { own: &own, in_rooms: &in_rooms.concat(), offline_nodes };
        let mut telling = marking::tell(&mut self.session, &marks, &latest).await?;
        let Published { before, refused } = telling.published(&mut self.session).await?;
        let overtaken = before.map_or_else(Overtaken::default, |before| Overtaken {
            own: self.judgement.overtaken(&own, &before.positions),
            in_rooms: Rooms::overtaken(self.in_rooms, &in_rooms, &before.in_rooms),
        });
        Ok((telling, refused, overtaken))
    }

    /// The read positions as they are now, as far as that matters.
    async fn latest(&mut self, marks: &[Mark], of_rooms: &[Outcome]) -> Result<Cow<'a, Displayed>, Error> {
        let nothing = marks.is_empty() && of_rooms.iter().all(|room| room.marks.is_empty());
        // Private storage is written as a whole, with the positions that others keep there.
        let is_sure = self.displayed.home != Home::PrivateStorage && self.looked.elapsed() < MOMENT;
        if nothing || is_sure {
            return Ok(Cow::Borrowed(self.displayed));
        }
        displayed::latest(&mut self.session, self.displayed).await.map(Cow::Owned)
    }

    /// Keeps what is about to be published.
    fn keep_before(&mut self, own: &[Mark], in_rooms: &[Vec<Mark>]) -> Result<(), Error> {
        if !own.is_empty() {
            let before = self.keeper.memory();
            self.keeper.keep(before.about_to_publish(own))?;
        }
        if in_rooms.iter().all(Vec::is_empty) {
            return Ok(());
        }
        self.rooms.keep_memories(self.access, &self.keeper, self.rooms.about_to_publish(in_rooms))
    }
}

/// Positions that led further than those that were published over them.
#[derive(Default)]
struct Overtaken {
    own: Vec<Mark>,
    in_rooms: Vec<Mark>,
}

/// Puts positions back that another client published in the last moment.
async fn restore(session: &mut Session, overtaken: &Overtaken, displayed: &Displayed) -> Result<(), Error> {
    if overtaken.own.is_empty() && overtaken.in_rooms.is_empty() {
        return Ok(());
    }
    let marks = Marks { own: &overtaken.own, in_rooms: &overtaken.in_rooms, offline_nodes: &[] };
    let restored = marking::tell(session, &marks, displayed).await?.published(session).await?;
    restored.refused.map_or(Ok(()), Err)
}

/// Says once that other devices cannot know what is read here.
fn tell_local(memory: &mut Memory) {
    memory.published.clear();
    if !std::mem::replace(&mut memory.told_local, true) {
        talk::note("this server keeps no read positions: what is marked as read is known on this machine only");
    }
}
