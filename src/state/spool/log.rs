//! What is written in a file of the queue, and what it comes to: lines of JSON that say what is to be sent, and then what
//! became of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{DateTime, Utc};
use jid::Jid;
use serde::{Deserialize, Serialize};

use crate::conversation::delivery::{Manner, Outgoing};

/// Raised when an older `chat` would misread what is written.
const VERSION: u32 = 1;

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Begin {
        version: u32,
    },
    Message {
        at: DateTime<Utc>,
        to: String,
        id: String,
        body: String,
        manner: Box<Manner>,
    },
    /// From now on what is open may have been sent, by this session (empty where it is not known).
    Sending {
        session: String,
    },
    Done {
        index: usize,
    },
    Failed {
        index: usize,
        reason: String,
    },
    /// It came back, and is to be tried again.
    CameBack {
        index: usize,
    },
}

impl Line {
    pub(super) fn begin() -> Self {
        Self::Begin { version: VERSION }
    }

    pub(super) fn message(message: &Outgoing, at: DateTime<Utc>) -> Self {
        let Outgoing { to, id, body, manner, .. } = message;
        Self::Message {
            at,
            to: to.to_string(),
            id: id.clone(),
            body: body.clone(),
            manner: Box::new(manner.as_ref().clone()),
        }
    }
}

/// A message that the server is not known to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub message: Outgoing,
    /// When it was queued.
    pub at: DateTime<Utc>,
    /// Why it is not tried any more.
    pub failed: Option<String>,
    /// It was sent before, and came back: that the archive has it says nothing.
    pub came_back: bool,
}

/// What the lines come to.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) open: BTreeMap<usize, Entry>,
    /// Who may have sent what is open, where it may have been sent.
    pub(super) session: Option<String>,
    /// The number of the next message.
    pub(super) next: usize,
}

impl Log {
    /// Reads `text`, and returns how many bytes of it make sense: a crash may have cut the last line off.
    pub(super) fn read(text: &[u8]) -> Result<(Self, usize), String> {
        let (mut log, mut length) = (Self::default(), 0);
        for line in text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
            // Where the machine crashed there may be zeros for what never reached the disk: nobody was promised that.
            if line.first() == Some(&0) {
                break;
            }
            let line_read = serde_json::from_slice(line).map_err(|error| error.to_string())?;
            log.take(line_read)?;
            length += line.len();
        }
        Ok((log, length))
    }

    pub(super) fn take(&mut self, line: Line) -> Result<(), String> {
        match line {
            Line::Begin { version: VERSION } => {}
            Line::Begin { version } => {
                return Err(format!("it was written by another version of chat (format {version}, not {VERSION})"));
            }
            Line::Message { at, to, id, body, manner } => {
                let to = Jid::new(&to).map_err(|error| error.to_string())?;
                let message = Outgoing { to, id, body, line: None, manner: Rc::from(manner) };
                self.open.insert(self.next, Entry { message, at, failed: None, came_back: false });
                self.next += 1;
            }
            Line::Sending { session } => self.session = Some(session),
            Line::Done { index } => drop(self.open.remove(&index)),
            Line::Failed { index, reason } => self.change(index, |entry| entry.failed = Some(reason)),
            Line::CameBack { index } => self.change(index, |entry| (entry.failed, entry.came_back) = (None, true)),
        }
        Ok(())
    }

    fn change(&mut self, index: usize, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.open.get_mut(&index) {
            change(entry);
        }
    }

    /// The first message that waits and is like this one.
    pub(super) fn waiting(&self, to: &Jid, id: &str) -> Option<usize> {
        let is_it = |entry: &Entry| entry.failed.is_none() && entry.message.id == id && entry.message.to == *to;
        self.open.iter().find(|(_, entry)| is_it(entry)).map(|(index, _)| *index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str) -> Line {
        let to = Jid::new("romeo@chat.example").expect("an address");
        let message = Outgoing { to, id: id.into(), body: "hi".into(), line: None, manner: Rc::default() };
        Line::message(&message, DateTime::UNIX_EPOCH)
    }

    fn text(lines: &[Line]) -> String {
        lines.iter().map(|line| serde_json::to_string(line).expect("JSON") + "\n").collect()
    }

    fn open(log: &Log) -> Vec<&str> {
        log.open.values().filter(|entry| entry.failed.is_none()).map(|entry| entry.message.id.as_str()).collect()
    }

    #[test]
    fn what_is_done_or_failed_waits_no_longer() {
        let failed = Line::Failed { index: 2, reason: "gone".into() };
        let lines = [Line::begin(), message("a"), message("b"), message("c"), Line::Done { index: 0 }, failed];
        let (mut log, _) = Log::read(text(&lines).as_bytes()).expect("readable");
        assert_eq!(open(&log), ["b"]);
        log.take(Line::CameBack { index: 2 }).expect("it is one of the lines");
        assert_eq!(open(&log), ["b", "c"]);
    }

    #[test]
    fn a_line_that_a_crash_cut_off_was_never_promised() {
        let whole = text(&[Line::begin(), message("a")]);
        for rest in ["{\"message\":{\"at\":", "\0\0\0\n\0"] {
            let (log, length) = Log::read(format!("{whole}{rest}").as_bytes()).expect("readable");
            assert_eq!((open(&log), length), (vec!["a"], whole.len()), "{rest:?}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        for bad in ["rubbish\n", "{\"begin\":{\"version\":2}}\n", "{\"dance\":{}}\n"] {
            assert!(Log::read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
