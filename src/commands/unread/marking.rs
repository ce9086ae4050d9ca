//! Marking what was shown as read, for all of the person's devices.

use super::super::access::Access;
use super::keeper::Keeper;
use crate::conversation::marks::{self, Outcome};
use crate::conversation::memory::Memory;
use crate::conversation::unread::Judgement;
use crate::error::Error;
use crate::output::talk;
use crate::xmpp::displayed::{self, Displayed, Home};
use crate::xmpp::handover::Taken;
use crate::xmpp::offline;
use crate::xmpp::session::Session;

/// What it takes to mark.
pub(super) struct Marking<'a> {
    pub(super) access: &'a Access,
    pub(super) keeper: Keeper,
    pub(super) session: Session,
    pub(super) judgement: &'a Judgement<'a>,
    pub(super) displayed: &'a Displayed,
    pub(super) taken: &'a Taken,
}

impl Marking<'_> {
    /// Marks the first `shown` of the unread messages, and empties the offline queue of them.
    ///
    /// Each step is kept before the next depends on it: a crash in between costs a repeat, never a message.
    pub(super) fn mark(mut self, shown: usize) -> Result<(), Error> {
        let Outcome { marks, offline_nodes, queue, mut memory } =
            self.judgement.after_showing(shown, marks::Marking::Yes);
        let before = self.keeper.memory();
        self.access.network.wait(async {
            if !marks.is_empty() {
                let latest = displayed::latest(&mut self.session, self.displayed).await?;
                let marks = self.judgement.forward_only(marks, &latest.positions);
                self.keeper.keep(before.about_to_publish(&marks))?;
                displayed::publish(&mut self.session, &marks, &latest).await?;
            }
            if !offline_nodes.is_empty() {
                offline::remove(&mut self.session, &offline_nodes).await?;
            }
            self.taken.acknowledge(&mut self.session, &queue).await
        })?;
        if self.displayed.home == Home::Nowhere {
            tell_local(&mut memory);
        }
        self.keeper.keep(memory)?;
        self.keeper.journal().keep_only(&self.taken.left(&queue))?;
        self.access.close(self.session)
    }
}

/// Says once that other devices cannot know what is read here.
fn tell_local(memory: &mut Memory) {
    memory.published.clear();
    if !std::mem::replace(&mut memory.told_local, true) {
        talk::note("this server keeps no read positions: what is marked as read is known on this machine only");
    }
}
