//! What messages say, at hand or put away: hundreds of large messages are more than a run may hold in memory.
//!
//! Judging needs no more than an outline, and writing out no more than one message at a time. Where things are put is
//! the business of who implements [`Storage`].

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::content::Content;
use crate::error::Error;

/// What a message says.
#[derive(Clone, Debug)]
pub enum Said {
    AtHand(Content),
    PutAway {
        /// All of it but the texts, which are empty.
        outline: Content,
        checksum: u64,
        place: Place,
    },
}

/// Where something is on a [`Storage`], in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub start: u64,
    pub length: usize,
}

/// Where a run puts what messages say.
pub trait Storage {
    /// Puts `content` away where there is too much of it in all.
    fn put(&self, content: Content) -> Result<Said, Error>;
    /// What was put there.
    fn look_up(&self, place: Place) -> Result<Content, Error>;
}

impl Said {
    /// `content` is in `place` from now on.
    pub fn put_away(content: &Content, place: Place) -> Self {
        Self::PutAway { outline: content.outline(), checksum: checksum(content), place }
    }

    /// Of which kind it is, and which message it is about: enough to judge by. Its texts may be missing.
    pub fn outline(&self) -> &Content {
        match self {
            Self::AtHand(content) | Self::PutAway { outline: content, .. } => content,
        }
    }

    /// All of it, from the `storage` if need be.
    pub fn whole(&self, storage: &dyn Storage) -> Result<Cow<'_, Content>, Error> {
        match self {
            Self::AtHand(content) => Ok(Cow::Borrowed(content)),
            Self::PutAway { place, .. } => storage.look_up(*place).map(Cow::Owned),
        }
    }

    /// The same in each run and on each machine.
    pub(super) fn checksum(&self) -> u64 {
        match self {
            Self::AtHand(content) => checksum(content),
            Self::PutAway { checksum, .. } => *checksum,
        }
    }
}

impl From<Content> for Said {
    fn from(content: Content) -> Self {
        Self::AtHand(content)
    }
}

/// Wherever the same is, it is the same.
impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::AtHand(one), Self::AtHand(other)) => one == other,
            _ => self.checksum() == other.checksum(),
        }
    }
}

impl Eq for Said {}

/// FNV-1a. A sender who makes two messages alike hides only their own.
struct Checksum(u64);

impl Write for Checksum {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        self.0 = text.bytes().fold(self.0, step);
        Ok(())
    }
}

/// The same in each run and on each machine.
pub(super) fn checksum(content: &impl fmt::Debug) -> u64 {
    let mut checksum = Checksum(0xcbf2_9ce4_8422_2325);
    // Adding up cannot fail.
    let _ = write!(checksum, "{content:?}");
    checksum.0
}
