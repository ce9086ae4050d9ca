//! Unread messages for people: by conversation, with names, days and local times, fitted to the width.
//!
//! ```text
//! Bob Montague <bob@chat.example>  2 unread
//!   Tuesday, 24 November 2026
//!   09:15  see you at eight
//!          bring the letter
//!
//! Verona <verona@rooms.example>  3 unread
//! ```
//! A heading alone counts what is unread in a room and does not mention the person.
//! What others wrote stands in the column of the words, so that it cannot look like a heading or another message.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeZone};
use jid::Jid;

use super::sanitize;
use super::words::words;
use super::wrap::wrap;
use crate::conversation::changes::Whole;
use crate::conversation::contacts::Names;
use crate::conversation::overview::Count;

/// The column in which the words stand.
const INDENT: usize = 9;
/// The words get this many columns at least, however narrow the terminal.
const NARROWEST: usize = 20;

/// How to show.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub width: usize,
    pub bold: bool,
}

/// Shows messages one after the other; they are in order of their conversations.
pub struct People<'a, Z> {
    zone: Z,
    style: Style,
    names: &'a Names,
    counts: HashMap<&'a Jid, &'a Count>,
    /// Where the last message belongs.
    last: Option<(&'a Jid, NaiveDate)>,
}

impl<'a, Z: TimeZone> People<'a, Z>
where
    Z::Offset: std::fmt::Display,
{
    pub fn new(zone: Z, style: Style, names: &'a Names, counts: &'a [Count]) -> Self {
        let counts = counts.iter().map(|count| (&count.conversation, count)).collect();
        Self { zone, style, names, counts, last: None }
    }

    /// A message, below the headings that it begins.
    pub fn message(&mut self, unread: &Whole<'a>) -> String {
        let conversation = &unread.message.conversation;
        let time = unread.message.time.with_timezone(&self.zone);
        let (known, day) = (self.last, time.date_naive());
        self.last = Some((conversation, day));
        let mut lines = Vec::new();
        let is_new = known.is_none_or(|(last, _)| last != conversation);
        if is_new {
            lines.extend(known.map(|_| String::new()));
            lines.push(self.heading(conversation));
        }
        if is_new || known.is_some_and(|(_, last)| last != day) {
            lines.push(format!("  {}", day.format("%A, %-d %B %Y")));
        }
        lines.push(self.words(unread, &time));
        lines.join("\n")
    }

    /// The headings of the conversations of which nothing is shown, to stand below all messages.
    pub fn only_counted(&self, counts: &[Count]) -> Vec<String> {
        let (shown, counted): (Vec<&Count>, _) = counts.iter().partition(|count| count.aside < count.unread);
        let mut above = if shown.is_empty() { "" } else { "\n" };
        let heading = |count: &Count| std::mem::take(&mut above).to_owned() + &self.heading(&count.conversation);
        counted.into_iter().map(heading).collect()
    }

    fn heading(&self, conversation: &Jid) -> String {
        let address = sanitize::field(conversation.as_str());
        let name = match self.names.of(conversation) {
            Some(name) => format!("{} <{address}>", sanitize::field(name)),
            None => address,
        };
        let name = if self.style.bold { format!("\u{1b}[1m{name}\u{1b}[m") } else { name };
        match self.counts.get(conversation) {
            Some(Count { unread, aside, .. }) if *aside > 0 && aside < unread => {
                format!("{name}  {unread} unread, {} for you", unread - aside)
            }
            count => format!("{name}  {} unread", count.map_or(0, |count| count.unread)),
        }
    }

    /// In one text from the start: a message may have as many lines as bytes.
    fn words(&self, unread: &Whole<'_>, time: &DateTime<Z>) -> String {
        let width = self.style.width.saturating_sub(INDENT).max(NARROWEST);
        let mut text = format!("  {}  ", time.format("%H:%M"));
        let words = words(unread, sanitize::paragraphs);
        for (number, line) in words.split('\n').flat_map(|line| wrap(line, width)).enumerate() {
            if number > 0 {
                text.push('\n');
                text.extend(std::iter::repeat_n(' ', if line.is_empty() { 0 } else { INDENT }));
            }
            text.push_str(&line);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::changes::Unread;
    use crate::conversation::content::Content;
    use crate::conversation::message::Message;
    use crate::conversation::overview;
    use crate::output::examples::{message_of, whole};
    use chrono::{FixedOffset, TimeDelta};

    const BOB: &str = "bob@chat.example";
    const PLAIN: Style = Style { width: 29, bold: false };

    /// Minutes after 23:15 local time.
    fn text(conversation: &str, minutes: i64, words: &str) -> Message {
        let mut message = message_of(conversation, Content::Text(words.into()));
        message.time += TimeDelta::hours(14) + TimeDelta::minutes(minutes);
        message
    }

    fn shown(messages: &[Message], style: Style) -> Vec<String> {
        let unread: Vec<Unread<'_>> = messages.iter().map(Unread::as_sent).collect();
        let (counts, names) = (overview::counts(&unread), names());
        let mut people = People::new(FixedOffset::east_opt(3600).expect("a zone"), style, &names, &counts);
        let records = messages.iter().map(|message| people.message(&whole(message))).collect::<Vec<_>>();
        records.iter().flat_map(|record| record.split('\n')).map(str::to_owned).collect()
    }

    fn names() -> Names {
        let bob = jid::BareJid::new(BOB).expect("a JID");
        Names([(bob, "Bob  \u{9b}".to_owned())].into())
    }

    #[test]
    fn conversations_have_a_heading_and_days_a_line() {
        let messages = [
            text(BOB, 0, "see you at eight, and bring"),
            text(BOB, 50, "good night\n\n  zzz"),
            text("room@rooms.example/Bob", 51, "psst"),
        ];
        let expected = [
            "Bob \\u{20}\\u{9b} <bob@chat.example>  2 unread",
            "  Tuesday, 24 November 2026",
            "  23:15  see you at eight,",
            "         and bring",
            "  Wednesday, 25 November 2026",
            "  00:05  good night",
            "",
            "           zzz",
            "",
            "room@rooms.example/Bob  1 unread",
            "  Wednesday, 25 November 2026",
            "  00:06  psst",
        ];
        assert_eq!(shown(&messages, PLAIN), expected);
    }

    #[test]
    fn what_is_only_counted_stands_below_as_headings() {
        let messages = [text("verona@rooms.example", 0, "Juliet?"), text("eve@chat.example", 0, "hi")];
        let unread: Vec<Unread<'_>> = messages.iter().map(Unread::as_sent).collect();
        let counted = [text("mantua@rooms.example", 0, "one"), text("padua@rooms.example", 0, "two")];
        let counted: Vec<Unread<'_>> = counted.iter().map(Unread::as_sent).collect();
        let mut counts = [overview::counts(&unread), overview::counts(&counted)].concat();
        (counts[0].unread, counts[0].aside) = (3, 2);
        (counts[2].aside, counts[3].aside) = (1, 1);
        let names = names();
        let mut people = People::new(FixedOffset::east_opt(3600).expect("a zone"), PLAIN, &names, &counts);
        assert!(people.message(&whole(&messages[0])).starts_with("verona@rooms.example  3 unread, 1 for you\n"));
        let headings = ["\nmantua@rooms.example  1 unread", "padua@rooms.example  1 unread"];
        assert_eq!(people.only_counted(&counts), headings);
        assert_eq!(people.only_counted(&counts[2..])[0], headings[0][1..], "nothing stands above");
    }

    #[test]
    fn no_message_can_look_like_a_heading_or_another_message() {
        // Case 50.
        let lines = shown(&[text(BOB, 0, "hi\neve@chat.example  1 unread\n  09:15  pay me")], PLAIN);
        assert!(lines[3..].iter().all(|line| line.starts_with("         ")), "{lines:?}");
    }

    #[test]
    fn headings_are_bold_where_people_want_that() {
        let lines = shown(&[text("eve@chat.example", 0, "hi")], Style { bold: true, ..PLAIN });
        assert_eq!(lines[0], "\u{1b}[1meve@chat.example\u{1b}[m  1 unread");
    }
}
