//! Whether it is worth another try after a failure, and when.

use std::time::Duration;

use super::super::network::Network;
use crate::error::Error;

/// The first pause comes after a try that was made at once.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(4));
/// So often where it never came as far as a login: perhaps it never will.
const WITHOUT_LOGIN: u32 = 2;

/// The tries of a run.
#[derive(Default)]
pub(super) struct Tries {
    failed: u32,
    pause: Duration,
    first: Option<Error>,
}

impl Tries {
    /// Waits until it is time for another try; the error that ends it all where it is not worth one. `only_once` says that a
    /// confirmation may have been told to the session that is no more.
    pub(super) fn again(
        &mut self,
        error: Error,
        logged_in: bool,
        only_once: bool,
        network: &Network,
    ) -> Result<(), Error> {
        self.failed += 1;
        let passing = match &error {
            Error::ConnectionLost { .. } | Error::StreamEnded { later: true, .. } => true,
            // Somebody was there before: it is being restarted.
            Error::CannotConnect { .. } => logged_in,
            _ => false,
        };
        let may = passing && !only_once && (logged_in || self.failed <= WITHOUT_LOGIN);
        let error = match self.first.take() {
            Some(first) if is_no_news(&error) => first,
            _ => error,
        };
        if !may || network.pause(self.pause).is_err() {
            return Err(error);
        }
        self.pause = (self.pause * 2).clamp(PAUSES.0, PAUSES.1);
        self.first = Some(error);
        Ok(())
    }
}

/// What a second try may end with just because of the first.
fn is_no_news(error: &Error) -> bool {
    matches!(
        error,
        Error::Timeout { .. }
            | Error::CannotConnect { .. }
            | Error::ConnectionLost { .. }
            | Error::NotSupported { .. }
            | Error::NoArchive { .. }
    )
}
