//! Answers for programs: one JSON object a line, with the exact text, in characters that harm no terminal.
//!
//! Each object has `version` and `type`, and is described in `schema/output-1.json`. New members may be added within a
//! version; what is there keeps its meaning.

mod message;

use chrono::{DateTime, Utc};
use jid::BareJid;
use serde::Serialize;

use super::sanitize;
use crate::conversation::changes::Whole;
use crate::conversation::delivery::Outgoing;
use crate::conversation::overview;
use crate::error::Error;
use crate::exit_code::ExitCode;

const VERSION: u32 = 1;

/// What one line holds.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Record<'a> {
    Message(Box<message::Record<'a>>),
    Conversation {
        account: &'a str,
        from: &'a str,
        unread: usize,
        latest: String,
    },
    Count {
        account: &'a str,
        unread: usize,
    },
    Sent {
        to: &'a str,
        id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u64>,
        status: &'a str,
        exit_code: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    Queued {
        account: &'a str,
        to: &'a str,
        id: &'a str,
        time: String,
        status: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<&'a str>,
        body: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'a str>,
    },
    Account {
        account: &'a str,
        default: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        password: Option<&'a str>,
    },
}

#[derive(Serialize)]
struct Versioned<'a> {
    version: u32,
    #[serde(flatten)]
    record: Record<'a>,
}

fn line(record: Record<'_>) -> String {
    let record = serde_json::to_string(&Versioned { version: VERSION, record });
    sanitize::json(&record.expect("strings and numbers are always JSON"))
}

/// An unread message of `account`.
pub fn message(account: &BareJid, unread: &Whole<'_>) -> String {
    line(Record::Message(Box::new(message::record(account, unread))))
}

/// How many messages of a conversation are unread.
pub fn conversation(account: &BareJid, count: &overview::Count) -> String {
    let overview::Count { conversation, unread, latest, .. } = count;
    let (account, from) = (account.as_str(), conversation.as_str());
    line(Record::Conversation { account, from, unread: *unread, latest: message::utc(*latest) })
}

/// How many messages are unread in all.
pub fn count(account: &BareJid, unread: usize) -> String {
    line(Record::Count { account: account.as_str(), unread })
}

/// What became of a message: the word for its success, or what went wrong.
pub fn sent(message: &Outgoing, result: Result<&str, &Error>) -> String {
    let (status, code) = match result {
        Ok(word) => (word, ExitCode::Done),
        Err(error) if error.exit_code() == ExitCode::Unconfirmed => ("unconfirmed", error.exit_code()),
        Err(error) => ("failed", error.exit_code()),
    };
    let reason = result.err().map(ToString::to_string);
    let (to, id) = (message.to.as_str(), message.id.as_str());
    line(Record::Sent { to, id, line: message.line, status, exit_code: code.number(), reason })
}

/// A message that went into the queue, for this reason.
pub fn queued(message: &Outgoing, reason: &Error) -> String {
    let (to, id) = (message.to.as_str(), message.id.as_str());
    let (status, exit_code, reason) = ("queued", ExitCode::Done.number(), Some(reason.to_string()));
    line(Record::Sent { to, id, line: message.line, status, exit_code, reason })
}

/// A message in the queue of `account`, and why it failed, if it did.
pub fn waiting(account: &BareJid, message: &Outgoing, time: DateTime<Utc>, failed: Option<&str>) -> String {
    line(Record::Queued {
        account: account.as_str(),
        to: message.to.as_str(),
        id: &message.id,
        time: message::utc(time),
        status: if failed.is_some() { "failed" } else { "waiting" },
        subject: message.manner.subject.as_deref(),
        body: &message.body,
        reason: failed,
    })
}

/// An account that is set up; `password` says where its password lives, if that was asked for.
pub fn account(account: &BareJid, default: bool, password: Option<&str>) -> String {
    line(Record::Account { account: account.as_str(), default, password })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn juliet() -> BareJid {
        BareJid::new("juliet@chat.example").expect("a JID")
    }

    #[test]
    fn a_result_says_status_and_reason() {
        let to = jid::Jid::new("bob@chat.example").expect("a JID");
        let message =
            Outgoing { to, id: "x1".into(), body: "hi".into(), line: Some(3), manner: std::rc::Rc::default() };
        assert_eq!(
            sent(&message, Ok("sent")),
            r#"{"version":1,"type":"sent","to":"bob@chat.example","id":"x1","line":3,"status":"sent","exit_code":0}"#
        );
        assert_eq!(
            sent(&Outgoing { line: None, ..message }, Err(&Error::EmptyMessage)),
            r#"{"version":1,"type":"sent","to":"bob@chat.example","id":"x1","status":"failed","exit_code":66,"reason":"the message is empty"}"#
        );
    }

    #[test]
    fn counts_and_accounts_are_objects_too() {
        assert_eq!(count(&juliet(), 3), r#"{"version":1,"type":"count","account":"juliet@chat.example","unread":3}"#);
        assert_eq!(
            account(&juliet(), true, Some("keyring")),
            r#"{"version":1,"type":"account","account":"juliet@chat.example","default":true,"password":"keyring"}"#
        );
    }
}
