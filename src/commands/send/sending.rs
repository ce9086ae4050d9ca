//! The way of the messages from their source to the report, whatever happens on it.

use std::cell::RefCell;
use std::time::Duration;

use super::super::access::Access;
use super::once::Once;
use super::report::Report;
use super::source::Fresh;
use crate::conversation::delivery::{Delivery, Level, Manner, Outgoing};
use crate::conversation::window::Window;
use crate::error::Error;
use crate::xmpp::delivery::{self, Source, Start, Terms};
use crate::xmpp::resend;
use crate::xmpp::session::{Ready, Session};

/// See the module.
pub(super) struct Sending<'a> {
    pub(super) access: &'a Access,
    pub(super) report: &'a RefCell<Report>,
    pub(super) level: Level,
    pub(super) manner: Manner,
    /// The caller chose the ids.
    pub(super) once: Option<Once<'a>>,
}

/// How far everything came before it ended.
enum End {
    Delivered,
    Failed(Error),
}

impl Sending<'_> {
    /// Sends what `source` gives, all before the deadline; returns what ended it before its time.
    pub(super) fn run(&self, source: &mut impl Source) -> Result<Option<Error>, Error> {
        let mut window = Window::new(self.level);
        let mut delivered = false;
        let result = self.access.with_login(async |ready| {
            let session = self.deliver(ready, source, &mut window, None).await?;
            delivered = true;
            self.access.remember(session.memory());
            session.close().await;
            Ok(())
        });
        match result {
            Err(error) if !delivered => self.unsettled(window, source, End::Failed(error)),
            _ => self.unsettled(window, source, End::Delivered),
        }
    }

    /// The same for a source that may never end: the limit is over each wait for the server.
    pub(super) fn run_without_end(&self, source: &mut impl Source) -> Result<Option<Error>, Error> {
        let mut window = Window::new(self.level);
        let patience = Some(self.access.network.limit());
        let result = self.access.with_long_login(async |ready| {
            self.access.remember(ready.memory());
            let session = self.deliver(ready, source, &mut window, patience).await?;
            self.access.remember(session.memory());
            session.close().await;
            Ok(())
        });
        self.unsettled(window, source, result.map_or_else(End::Failed, |()| End::Delivered))
    }

    async fn deliver(
        &self,
        ready: Ready,
        source: &mut impl Source,
        window: &mut Window,
        patience: Option<Duration>,
    ) -> Result<Session, Error> {
        let terms = Terms { manner: self.manner.clone(), patience };
        let settled = &mut |message, delivery| self.settled(&message, delivery);
        let Some(once) = &self.once else {
            return delivery::deliver(Start::Ready(ready), source, window, &terms, settled).await;
        };
        let number = |id: &str| once.number(id);
        let look = resend::look_back(ready, once.recipients, once.lines, &number);
        let limit = self.access.network.limit();
        let late = |_| Err(Error::Timeout { limit, step: self.access.network.progress().current() });
        let (session, found) = tokio::time::timeout(limit, look).await.unwrap_or_else(late)?;
        let mut fresh = Fresh { source, once, found, report: self.report };
        delivery::deliver(Start::Session(session), &mut fresh, window, &terms, settled).await
    }

    fn settled(&self, message: &Outgoing, delivery: Delivery) -> Result<(), Error> {
        if let Some(once) = &self.once {
            once.remember(message, &delivery);
        }
        self.report.borrow_mut().settled(message, delivery)
    }

    /// Tells what is known of the messages that were on their way, or not even that.
    fn unsettled(&self, mut window: Window, source: &mut impl Source, end: End) -> Result<Option<Error>, Error> {
        let error = match end {
            End::Delivered => return Ok(None),
            End::Failed(error @ Error::CannotWrite(_)) => return Err(error),
            End::Failed(error) => error,
        };
        let (mut confirmations_only, rest) = (!window.is_empty(), source.rest());
        while let Some((message, delivery)) = window.give_up() {
            if let Some(delivery) = delivery {
                self.settled(&message, delivery)?;
            } else {
                confirmations_only = false;
                self.report.borrow_mut().failed_with_all(&message, &error)?;
            }
        }
        rest.iter().try_for_each(|message| self.report.borrow_mut().failed_with_all(message, &error))?;
        // The time was up for confirmations, which each of those messages has said already.
        Ok((!(confirmations_only && rest.is_empty())).then_some(error))
    }
}
