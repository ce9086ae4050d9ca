//! The clock, for decisions that take the time as an argument.

use chrono::{DateTime, Utc};

#[expect(clippy::disallowed_methods, reason = "commands read the clock; everybody else is told the time")]
pub(super) fn now() -> DateTime<Utc> {
    Utc::now()
}
