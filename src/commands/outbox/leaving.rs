//! What cannot be sent now stays in the queue, and so does what comes meanwhile.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use futures::FutureExt;
use tokio::time::{Instant, timeout_at};

use super::kept::Kept;
use super::queue::Queue;
use super::sending::{Deadline, Sending};
use crate::conversation::delivery::Outgoing;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::xmpp::delivery::Source;

/// So many messages are kept by one sync, at most.
const TOGETHER: usize = 1000;
/// And so many bytes of them, unless a single one has more.
const BYTES: usize = 1024 * 1024;

/// How long the pauses between tries are.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// When what is queued is tried again.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum NextTry {
    /// By another command.
    Elsewhere,
    /// After this time, if something waits by then.
    After(Duration),
    /// After this time: something waits already.
    Surely(Duration),
}

impl NextTry {
    pub(super) const FIRST: Self = Self::After(PAUSES.0);

    /// After one that failed, or the first. What has no end of its own tries again itself.
    pub(in super::super) fn behind(last: Option<Self>, deadline: Deadline) -> Self {
        match (deadline, last) {
            (Deadline::Whole, _) => Self::Elsewhere,
            (_, Some(Self::After(pause) | Self::Surely(pause))) => Self::Surely((pause * 2).min(PAUSES.1)),
            (_, Some(Self::Elsewhere) | None) => Self::Surely(PAUSES.0),
        }
    }

    fn over(self) -> Option<Instant> {
        match self {
            Self::Elsewhere => None,
            Self::After(pause) | Self::Surely(pause) => Some(Instant::now() + pause),
        }
    }
}

impl Sending<'_> {
    /// A new place in the queue for what comes next; the one before is given back.
    pub(in super::super) fn begin_place(&self, kept: &RefCell<Kept>) -> Result<(), Error> {
        let mut kept = kept.borrow_mut();
        kept.finish()?;
        kept.begin(self.access.state.spool().begin()?);
        // Whoever chooses the ids may have sent it before.
        self.once.as_ref().map_or(Ok(()), |once| kept.sending(&once.may_have_sent()))
    }

    /// Queues what `source` gives, for this reason.
    pub(in super::super) fn queue_all(
        &self,
        kept: &RefCell<Kept>,
        source: &mut impl Source,
        reason: Error,
        next: NextTry,
    ) -> Result<Option<Error>, Error> {
        self.leave(kept, Queue::new(VecDeque::new(), BTreeSet::new(), source, self), reason, next)
    }

    /// Everything that is still to be sent stays in the queue, also what the source has yet to give before it is time to try
    /// again.
    pub(super) fn leave<S: Source>(
        &self,
        kept: &RefCell<Kept>,
        mut queue: Queue<'_, S>,
        error: Error,
        next: NextTry,
    ) -> Result<Option<Error>, Error> {
        let over = next.over();
        let mut waits = matches!(next, NextTry::Surely(_));
        loop {
            let chunk = async { Ok(chunk_before(over.filter(|_| waits && queue.again.is_empty()), &mut queue).await) };
            let Some((messages, goes_on)) = self.access.network.wait_without_limit(chunk)? else {
                kept.borrow_mut().rests(error);
                return Ok(None);
            };
            kept.borrow_mut().sync()?;
            messages.iter().try_for_each(|message| self.report.borrow_mut().queued(message, &error))?;
            waits |= !messages.is_empty();
            if !goes_on? {
                let is_told = kept.borrow().tells_failures() && error.exit_code() == ExitCode::TryLater;
                return Ok(Some(error).filter(|_| !is_told));
            }
            if kept.borrow().is_large() {
                self.begin_place(kept)?;
            }
        }
    }
}

/// What the source has ready, at least one message unless it has ended, and whether it goes on behind that.
type Chunk = (Vec<Outgoing>, Result<bool, Error>);

/// `None` where the time is over before there is anything.
async fn chunk_before(over: Option<Instant>, source: &mut impl Source) -> Option<Chunk> {
    match over {
        None => Some(chunk(source).await),
        // A source that never pauses must not keep it from coming to an end.
        Some(over) if Instant::now() >= over => None,
        Some(over) => timeout_at(over, chunk(source)).await.ok(),
    }
}

/// Nothing is lost if the wait is given up: it is only for the first message.
async fn chunk(source: &mut impl Source) -> Chunk {
    let (mut messages, mut bytes) = (Vec::new(), 0);
    let mut next = source.next().await;
    loop {
        match next {
            Ok(Some(message)) => {
                bytes += message.body.len();
                messages.push(message);
            }
            Ok(None) => return (messages, Ok(false)),
            Err(error) => return (messages, Err(error)),
        }
        let is_full = messages.len() >= TOGETHER || bytes >= BYTES;
        let another = if is_full { None } else { source.next().now_or_never() };
        match another {
            Some(another) => next = another,
            None => return (messages, Ok(true)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jid::Jid;

    /// Gives so many messages at once, and then none for ever or the end.
    struct Numbered(usize, bool);

    impl Source for Numbered {
        async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
            match self.0.checked_sub(1) {
                Some(left) => self.0 = left,
                None if self.1 => return Ok(None),
                None => std::future::pending().await,
            }
            let to = Jid::new("romeo@chat.example").expect("an address");
            Ok(Some(Outgoing { to, id: "id".into(), body: "hi".into(), line: None, manner: std::rc::Rc::default() }))
        }

        fn rest(&mut self) -> Vec<Outgoing> {
            Vec::new()
        }
    }

    fn sizes(source: &mut Numbered) -> (usize, bool) {
        let (messages, goes_on) = chunk(source).now_or_never().expect("ready");
        (messages.len(), goes_on.expect("no error"))
    }

    #[test]
    fn what_is_ready_is_kept_together() {
        assert_eq!(sizes(&mut Numbered(7, true)), (7, false));
        assert_eq!(sizes(&mut Numbered(7, false)), (7, true));
        let mut many = Numbered(TOGETHER + 1, true);
        assert_eq!((sizes(&mut many), sizes(&mut many)), ((TOGETHER, true), (1, false)));
    }

    #[test]
    fn the_pauses_grow_and_one_text_is_not_tried_again() {
        let pause = |last| match NextTry::behind(last, Deadline::EachWait) {
            NextTry::Surely(pause) => pause.as_secs(),
            other => panic!("{other:?}"),
        };
        let long = Some(NextTry::Surely(Duration::from_secs(50)));
        assert_eq!((pause(None), pause(Some(NextTry::FIRST)), pause(long)), (1, 2, 60));
        assert!(matches!(NextTry::behind(None, Deadline::Whole), NextTry::Elsewhere));
    }
}
