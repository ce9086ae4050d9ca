//! Where the messages are that wait on a server: chosen from its answers, never from its name.
//!
//! | | the archive holds everything | or it does not |
//! |---|---|---|
//! | the offline queue can be looked at (XEP-0013) | A | C |
//! | it cannot | B | D, or bare where nothing can be given back (no XEP-0198) |

use super::archive;
use super::iq::{Answer, Refusal};
use crate::error::Error;

/// What a server has of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mode {
    pub(crate) archive: Archive,
    /// The offline queue can be looked at; else why not.
    queue: Result<(), String>,
    /// What was handed over and not acknowledged goes back into the queue (XEP-0198).
    gives_back: bool,
}

/// What is in the archive (XEP-0313).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Archive {
    Everything,
    /// Not everything, by this preference.
    Some(String),
    /// There is none, for this reason.
    None(String),
}

impl Mode {
    /// From the answers about the newest page of the archive, its preferences, and the offline queue.
    pub(crate) fn choose(page: &Answer, preferences: &Answer, queue: &Answer, gives_back: bool) -> Result<Self, Error> {
        let archive = match absence(page, "to read the archive")? {
            Some(reason) => Archive::None(reason),
            None => archived(preferences),
        };
        let queue = absence(queue, "to look at the offline queue")?.map_or(Ok(()), Err);
        Ok(Self { archive, queue, gives_back })
    }

    /// Whether ids in messages that claim to be the archive's can be its own: it takes forged ones out (XEP-0359).
    pub(crate) fn has_archive(&self) -> bool {
        !matches!(self.archive, Archive::None(_))
    }

    /// Whether waiting messages can be had only by being present, which takes them out of the queue.
    pub(crate) fn needs_handover(&self) -> bool {
        self.queue.is_err() && self.archive != Archive::Everything
    }

    /// Which mode, and why: for `-v`.
    pub(crate) fn explanation(&self) -> String {
        let archive = match &self.archive {
            Archive::Everything => "the archive has every message".to_owned(),
            Archive::Some(preference) => format!("the archive has only some messages (preference: {preference})"),
            Archive::None(reason) => format!("there is no archive ({reason})"),
        };
        let queue = match &self.queue {
            Ok(()) => "the offline queue can be looked at".to_owned(),
            Err(reason) => format!("the offline queue cannot be looked at ({reason})"),
        };
        let rest = match (self.needs_handover(), self.gives_back) {
            (false, _) => "",
            (true, true) => ", but gets back what is not acknowledged",
            (true, false) => " and gets nothing back: what it hands over is kept here",
        };
        format!("mode {}: {archive}; {queue}{rest}", self.name())
    }

    fn name(&self) -> &'static str {
        match (&self.archive, self.queue.is_ok()) {
            (Archive::Everything | Archive::Some(_), true) => "A",
            (Archive::Everything, false) => "B",
            (Archive::None(_), true) => "C",
            (Archive::Some(_) | Archive::None(_), false) if self.gives_back => "D",
            (Archive::Some(_) | Archive::None(_), false) => "bare",
        }
    }
}

/// Why the thing is not there, or `None` where it is; an error where the server cannot tell.
fn absence(answer: &Answer, what: &str) -> Result<Option<String>, Error> {
    match answer {
        Ok(_) => Ok(None),
        Err(refusal) if refusal.is_absence() => Ok(Some(refusal.condition.clone())),
        Err(refusal) => Err(Refusal::clone(refusal).into_error(what)),
    }
}

/// A server that does not tell its preferences (XEP-0441) may archive everything, or nothing.
fn archived(preferences: &Answer) -> Archive {
    match archive::preference(preferences) {
        Some("always") => Archive::Everything,
        preference => Archive::Some(preference.unwrap_or("unknown").to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minidom::Element;

    fn refused(condition: &str) -> Answer {
        Err(Refusal { condition: condition.into(), text: String::new() })
    }

    fn preference(default: &str) -> Element {
        format!("<prefs xmlns='urn:xmpp:mam:2' default='{default}'/>").parse().expect("XML")
    }

    fn mode(page: &Answer, preferences: &Answer, queue: &Answer, gives_back: bool) -> Mode {
        Mode::choose(page, preferences, queue, gives_back).expect("a mode")
    }

    #[test]
    fn each_combination_of_archive_and_queue_has_its_mode() {
        let (yes, no, always) = (Ok(None), refused("service-unavailable"), Ok(Some(preference("always"))));
        let name = |page: &Answer, queue: &Answer, gives_back| mode(page, &always, queue, gives_back).name();
        assert_eq!([name(&yes, &yes, true), name(&yes, &no, true), name(&no, &yes, true)], ["A", "B", "C"]);
        assert_eq!([name(&no, &no, true), name(&no, &no, false)], ["D", "bare"]);
    }

    #[test]
    fn an_archive_that_does_not_keep_everything_is_not_enough() {
        let (yes, no) = (Ok(None), refused("item-not-found"));
        let exceptions =
            "<prefs xmlns='urn:xmpp:mam:2' default='always'><never><jid>romeo@chat.example</jid></never></prefs>";
        let exceptions = Ok(Some(exceptions.parse().expect("XML")));
        assert!(mode(&yes, &exceptions, &no, true).needs_handover());
        for default in ["never", "roster", "sometimes"] {
            let mode = mode(&yes, &Ok(Some(preference(default))), &no, true);
            assert!(mode.needs_handover() && mode.has_archive(), "{default}");
            assert!(mode.explanation().contains(default), "{default}");
        }
        assert!(mode(&yes, &refused("service-unavailable"), &no, true).needs_handover());
        assert!(!mode(&yes, &Ok(Some(preference("never"))), &yes, true).needs_handover());
    }

    #[test]
    fn a_server_that_is_ill_is_not_one_without_an_archive() {
        let (yes, ill) = (Ok(None), refused("internal-server-error"));
        assert!(Mode::choose(&ill, &yes, &yes, true).is_err());
        assert!(Mode::choose(&yes, &yes, &ill, true).is_err());
    }
}
