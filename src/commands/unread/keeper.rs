//! The memory of `unread` during one run.

use std::time::Duration;

use super::super::access::Access;
use crate::conversation::memory::Memory;
use crate::error::Error;
use crate::output::talk;
use crate::state::{Journal, LockedMemory};

/// What is remembered, and whether more may be.
pub(super) enum Keeper {
    Locked(LockedMemory),
    /// Another run marks at the moment, or nothing can be written here: a look goes on without, and keeps nothing.
    Glance(Memory, Journal),
}

impl Keeper {
    pub(super) fn new(access: &Access, mark: bool) -> Result<Self, Error> {
        // Marking waits for another run that marks; looking never does.
        let lock = |left| access.state.lock(if mark { left } else { Duration::ZERO });
        match access.network.wait_here(lock) {
            Ok(locked) => {
                locked.notes.iter().for_each(|note| talk::note(note));
                Ok(Self::Locked(locked))
            }
            Err(Error::Timeout { .. } | Error::CannotKeep { .. }) if !mark => {
                Ok(Self::Glance(access.state.glance(), access.state.glance_at_journal()))
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn memory(&self) -> Memory {
        match self {
            Self::Locked(locked) => locked.memory.clone(),
            Self::Glance(memory, _) => memory.clone(),
        }
    }

    pub(super) fn keep(&mut self, memory: Memory) -> Result<(), Error> {
        match self {
            Self::Locked(locked) => locked.keep(memory),
            Self::Glance(..) => Ok(()),
        }
    }

    /// The messages that no server has any more.
    pub(super) fn journal(&mut self) -> &mut Journal {
        match self {
            Self::Locked(locked) => &mut locked.journal,
            Self::Glance(_, journal) => journal,
        }
    }

    /// Whether what is taken from the server can be kept here.
    pub(super) fn may_take(&self) -> bool {
        matches!(self, Self::Locked(_))
    }

    /// Keeps what only saves time at the next look, so that a failure is no more than worth a word.
    pub(super) fn keep_or_tell(&mut self, memory: Memory) {
        if let Err(error) = self.keep(memory) {
            talk::note(&error.to_string());
        }
    }
}
