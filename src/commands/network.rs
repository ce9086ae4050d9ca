//! The one runtime of the program, and the one deadline over everything that waits for the network.

use std::cell::Cell;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use crate::error::Error;
use crate::output::talk;
use crate::xmpp::progress::Progress;

/// Runs what waits for the network, until the deadline.
///
/// Only waiting for the network counts: a reader who blocks the output, such as a pager, uses nothing up.
pub struct Network {
    /// Never shut down: that would wait for a name server that does not answer. It ends with the process.
    runtime: ManuallyDrop<Runtime>,
    limit: Duration,
    left: Cell<Duration>,
    progress: Rc<Progress>,
}

impl Network {
    /// With `limit` over all waits together. A `verbose` one says each step on standard error.
    pub fn new(limit: Duration, verbose: bool) -> Result<Self, Error> {
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|error| Error::Bug(error.to_string()))?;
        let progress = if verbose { Progress::new(talk::note) } else { Progress::silent() };
        let runtime = ManuallyDrop::new(runtime);
        Ok(Self { runtime, limit, left: Cell::new(limit), progress: Rc::new(progress) })
    }

    /// What is being done, for the parts that do it.
    pub fn progress(&self) -> Rc<Progress> {
        Rc::clone(&self.progress)
    }

    /// The error of a wait that lasted too long.
    pub fn timeout(&self) -> Error {
        Error::Timeout { limit: self.limit, step: self.progress.current() }
    }

    /// Waits before something is tried again; an error where the deadline comes first.
    pub fn pause(&self, length: Duration) -> Result<(), Error> {
        if length >= self.left.get() {
            return Err(self.timeout());
        }
        self.wait(async {
            let nothing = std::future::pending::<()>();
            let _over = tokio::time::timeout(length, nothing).await;
            Ok(())
        })
    }

    /// The limit begins anew: something was achieved.
    pub fn renew(&self) {
        self.left.set(self.limit);
    }

    /// How much of the limit is left.
    pub fn left(&self) -> Duration {
        self.left.get()
    }

    /// Waits for `work` that has no end of its own and keeps the time itself.
    pub fn wait_without_limit<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.block_on(work)
    }

    /// The limit over all waits together.
    pub fn limit(&self) -> Duration {
        self.limit
    }

    /// Waits for `work` that is no future and is given the time that is left; it counts like any other.
    pub fn wait_here<T>(&self, work: impl FnOnce(Duration) -> Result<T, Error>) -> Result<T, Error> {
        let started = Instant::now();
        let result = work(self.left.get());
        self.left.set(self.left.get().saturating_sub(started.elapsed()));
        result
    }

    /// Waits for `work`; an error at the deadline says at which step.
    pub fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let started = Instant::now();
        let result = self.runtime.block_on(async { tokio::time::timeout(self.left.get(), work).await });
        self.left.set(self.left.get().saturating_sub(started.elapsed()));
        result.unwrap_or_else(|_| Err(self.timeout()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_over_all_waits_and_names_the_step() {
        let network = Network::new(Duration::from_millis(30), false).expect("a runtime");
        network.progress().step("counting sheep");
        let never = std::future::pending::<Result<(), Error>>();
        let Err(Error::Timeout { step, .. }) = network.wait(never) else { panic!("it did not end") };
        assert_eq!(step, "counting sheep");
        assert_eq!(network.left(), Duration::ZERO);
    }
}
