//! Messages that no server has any more, each as it came: kept until they were shown, however a run ends.

use crate::error::Error;

/// Where they are kept. Each has a number, in the order in which they came, beginning with 0.
pub trait Journal {
    /// Makes room, before anything is taken that nobody else has.
    fn prepare(&mut self) -> Result<(), Error>;
    /// Adds a message behind the others; returns its number.
    fn add(&mut self, stanza: &str) -> Result<usize, Error>;
    /// Those of earlier runs, in their order.
    fn earlier(&self) -> Result<Earlier, Error>;
}

/// Messages of earlier runs.
pub type Earlier = Box<dyn Iterator<Item = Result<String, Error>>>;
