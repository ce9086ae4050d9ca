//! Looking at what the server holds, in as many sessions as that takes.

use super::super::access::Access;
use super::keeper::Keeper;
use crate::conversation::marks::{Marking, Outcome};
use crate::conversation::said::Storage;
use crate::conversation::unread::Judgement;
use crate::error::Error;
use crate::output::talk;
use crate::xmpp::handover::{Keeping, Taken};
use crate::xmpp::mailbox::{self, Mailbox, Question};
use crate::xmpp::session::Session;

/// Logs in and looks. What was taken out of the queue for good is in the journal before this returns.
pub(super) fn look(
    access: &Access,
    keeper: &mut Keeper,
    question: &Question<'_>,
    storage: &dyn Storage,
) -> Result<(Session, Mailbox), Error> {
    let keeping = &mut Keeping { journal: keeper.journal(), storage };
    let (mut session, mut mailbox) = access.with_login(async |ready| {
        let (session, mailbox) = mailbox::look(ready, question, keeping).await?;
        access.remember(session.memory());
        Ok((session, mailbox))
    })?;
    if mailbox.needs_another_session() && question.may_take {
        access.close(session)?;
        session = access.with_login(async |ready| mailbox::take(ready, question, &mut mailbox, keeping).await)?;
    }
    if mailbox.left_alone() {
        talk::note("another chat is at work: what waits on the server is not looked at now");
    }
    if question.marks || !mailbox.taken.is_given_back() {
        keeper.journal().sync()?;
    } else {
        keeper.journal().forget_new()?;
    }
    Ok((session, mailbox))
}

/// Keeps what was learned by a look, and gives everything back.
pub(super) fn end_look(
    access: &Access,
    mut keeper: Keeper,
    mut session: Session,
    judgement: &Judgement<'_>,
    taken: &Taken,
) -> Result<(), Error> {
    let Outcome { memory, queue, .. } = judgement.after_showing(0, Marking::No);
    keeper.keep_or_tell(memory);
    if !taken.is_given_back() {
        access.network.wait(taken.acknowledge(&mut session, &queue))?;
        keeper.journal().keep_only(&taken.left(&queue))?;
    }
    drop(keeper);
    access.close(session)
}
