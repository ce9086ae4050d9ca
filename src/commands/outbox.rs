//! Messages on their way out: shared by the commands that send.

mod flush;
mod inside;
mod kept;
mod leaving;
mod once;
mod queue;
mod report;
mod sending;
mod tries;

pub(super) use flush::flush;
pub(super) use inside::doors;
pub(super) use kept::{Failures, Keeping, Kept};
pub(super) use leaving::NextTry;
pub(super) use once::{Once, id};
pub(super) use report::{Report, Style};
pub(super) use sending::{Deadline, Earlier, Known, Sending};
