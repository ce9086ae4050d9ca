//! Answers for people and for `cut`: one record a line, fields separated by two spaces, no line that a message can forge.

use chrono::{DateTime, TimeZone, Utc};

use super::sanitize;
use super::words::words;
use crate::conversation::changes::Whole;
use crate::conversation::delivery::Outgoing;
use crate::conversation::overview::Count;
use crate::error::Error;
use crate::exit_code::ExitCode;

/// `2026-11-24 09:15:02  bob@chat.example  see you at eight`, with the time of `zone`.
pub fn message<Z: TimeZone>(unread: &Whole<'_>, zone: &Z) -> String
where
    Z::Offset: std::fmt::Display,
{
    let time = unread.message.time.with_timezone(zone).format("%Y-%m-%d %H:%M:%S");
    let conversation = sanitize::field(unread.message.conversation.as_str());
    format!("{time}  {conversation}  {}", words(unread, sanitize::line))
}

/// How many messages of a conversation are unread: `3  bob@chat.example`.
pub fn count(count: &Count) -> String {
    format!("{}  {}", count.unread, sanitize::field(count.conversation.as_str()))
}

/// What is unread in rooms beside what was shown, if anything.
pub fn aside(counts: &[Count]) -> Option<String> {
    let of = |count: &Count| format!("{} in {}", count.aside, count.conversation);
    let rooms: Vec<String> = counts.iter().filter(|count| count.aside > 0).map(of).collect();
    (!rooms.is_empty()).then(|| format!("unread in rooms, and not shown without -r: {}", rooms.join(", ")))
}

/// `bob@chat.example  sent`, or `bob@chat.example  failed  WHY`; before it the number of the line that was the message.
pub fn sent(message: &Outgoing, result: Result<&str, &Error>) -> String {
    let line = message.line.map(|line| format!("{line}  ")).unwrap_or_default();
    let to = sanitize::field(message.to.as_str());
    match result {
        Ok(word) => format!("{line}{to}  {word}"),
        Err(error) if error.exit_code() == ExitCode::Unconfirmed => {
            format!("{line}{to}  unconfirmed  {}", sanitize::talk(&error.to_string()))
        }
        Err(error) => format!("{line}{to}  failed  {}", sanitize::talk(&error.to_string())),
    }
}

/// `bob@chat.example  queued  WHY`
pub fn queued(message: &Outgoing, reason: &Error) -> String {
    format!("{}  queued  {}", sanitize::field(message.to.as_str()), sanitize::talk(&reason.to_string()))
}

/// A message in the queue: `2026-11-24 09:15:02  ID  bob@chat.example  see you at eight`, behind that why it failed.
pub fn waiting<Z: TimeZone>(message: &Outgoing, time: DateTime<Utc>, failed: Option<&str>, zone: &Z) -> String
where
    Z::Offset: std::fmt::Display,
{
    let time = time.with_timezone(zone).format("%Y-%m-%d %H:%M:%S");
    let (id, to) = (sanitize::field(&message.id), sanitize::field(message.to.as_str()));
    let failed = failed.map(|reason| format!("failed  {}  ", sanitize::field(reason))).unwrap_or_default();
    format!("{time}  {id}  {to}  {failed}{}", sanitize::line(&message.body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::message::Content;
    use crate::output::examples::{message_of, whole};
    use chrono::FixedOffset;

    fn line(conversation: &str, content: Content) -> String {
        let example = message_of(conversation, content);
        message(&whole(&example), &FixedOffset::east_opt(3600).expect("a zone"))
    }

    #[test]
    fn a_message_is_one_line_with_the_local_time() {
        let text = Content::Text("see you at eight".into());
        assert_eq!(line("bob@chat.example", text), "2026-11-24 09:15:02  bob@chat.example  see you at eight");
    }

    #[test]
    fn a_body_cannot_forge_a_second_record() {
        let text = Content::Text("hi\n2026-11-24 09:15:03  eve@chat.example  pay me".into());
        assert_eq!(line("bob@chat.example", text).lines().count(), 1);
    }

    #[test]
    fn a_nickname_cannot_forge_a_field() {
        let line = line("room@chat.example/eve  I said", Content::Text("this".into()));
        assert_eq!(line, "2026-11-24 09:15:02  room@chat.example/eve \\u{20}I said  this");
    }

    #[test]
    fn an_encrypted_message_has_a_placeholder() {
        let line = line("bob@chat.example", Content::Encrypted("OMEMO".into()));
        assert!(line.ends_with("  [encrypted with OMEMO, read it on another device]"), "{line}");
    }

    #[test]
    fn the_result_for_a_recipient_names_it_first() {
        let to = jid::Jid::new("bob@chat.example").expect("a JID");
        let message = Outgoing { to, id: "x1".into(), body: "hi".into(), line: None, manner: std::rc::Rc::default() };
        assert_eq!(sent(&message, Ok("sent")), "bob@chat.example  sent");
        let line = sent(&Outgoing { line: Some(3), ..message }, Err(&Error::EmptyMessage));
        assert_eq!(line, "3  bob@chat.example  failed  the message is empty");
    }
}
