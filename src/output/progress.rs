//! How far something is that takes its time: on a terminal only, on standard error, in one line that goes away again.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};

use super::sanitize;

/// A line on a terminal; nothing elsewhere.
pub struct Bar {
    shown: Cell<Option<u64>>,
    on_terminal: bool,
}

impl Bar {
    pub fn new() -> Self {
        Self { shown: Cell::new(None), on_terminal: io::stderr().is_terminal() }
    }

    /// `done` of `all` bytes of `name`.
    pub fn show(&self, name: &str, done: u64, all: u64) {
        let percent = percent(done, all);
        if self.on_terminal && self.shown.replace(Some(percent)) != Some(percent) {
            let _ = io::stderr().write_all(line(name, percent).as_bytes());
        }
    }
}

impl Default for Bar {
    fn default() -> Self {
        Self::new()
    }
}

/// The line goes away, whatever happened.
impl Drop for Bar {
    fn drop(&mut self) {
        if self.shown.get().is_some() && self.on_terminal {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}

fn percent(done: u64, all: u64) -> u64 {
    if all == 0 { 100 } else { u64::try_from(u128::from(done) * 100 / u128::from(all)).unwrap_or(100) }
}

fn line(name: &str, percent: u64) -> String {
    let filled = usize::try_from(percent / 5).unwrap_or(20).min(20);
    format!("\r\x1b[K[{}{}] {percent:3} %  {}", "#".repeat(filled), " ".repeat(20 - filled), sanitize::field(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_grows_and_its_name_is_harmless() {
        assert_eq!((percent(0, 0), percent(1, 3), percent(u64::MAX, u64::MAX)), (100, 33, 100));
        assert_eq!(line("a\u{1b}[2J", 50).matches('\u{1b}').count(), 1);
        assert!(line("cat.png", 50).contains("[##########          ]  50 %  cat.png"));
    }
}
