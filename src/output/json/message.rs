//! An unread message as JSON. Absent members say that there is nothing of the kind.

use chrono::{DateTime, SecondsFormat, Utc};
use jid::{BareJid, Jid};
use serde::Serialize;

use crate::conversation::changes::{self, Standing, Whole};
use crate::conversation::content::{Content, File, Invitation};

#[derive(Default, Serialize)]
pub(super) struct Record<'a> {
    account: &'a str,
    from: &'a str,
    /// In a room: the name of the author there,
    #[serde(skip_serializing_if = "Option::is_none")]
    nick: Option<&'a str>,
    /// and whether it mentions the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions_me: Option<bool>,
    time: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<Attachment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<Invited<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reactions: Option<&'a [String]>,
    /// What the message is about: the target of reactions, or what a correction corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<About<'a>>,
    edited: bool,
    retracted: bool,
    encrypted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive_id: Option<&'a str>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'a str>,
}

#[derive(Serialize)]
struct Invited<'a> {
    room: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct About<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
}

pub(super) fn record<'a>(account: &'a BareJid, unread: &'a Whole<'_>) -> Record<'a> {
    let message = unread.message;
    let record = Record {
        account: account.as_str(),
        from: message.conversation.as_str(),
        nick: message.occupant.as_ref().map(|occupant| occupant.nick.as_str()),
        mentions_me: message.occupant.as_ref().map(|_| unread.mentions_me),
        time: utc(message.time),
        edited: unread.standing == Standing::Edited,
        retracted: unread.standing == Standing::Retracted,
        about: unread.about.as_ref().map(about).or_else(|| named(message.content.outline())),
        id: message.message_id.as_deref(),
        archive_id: message.archive_id.as_deref(),
        ..Record::default()
    };
    said(unread.content.words(), record)
}

/// Adds what the message says.
fn said<'a>(content: &'a Content, record: Record<'a>) -> Record<'a> {
    match content {
        Content::Text(text) => Record { kind: "text", body: Some(text), ..record },
        Content::Letter { subject, text } => {
            Record { kind: "text", subject: Some(subject), body: Some(text), ..record }
        }
        Content::Files { files, text } => {
            Record { kind: "files", files: files.iter().map(attachment).collect(), body: text.as_deref(), ..record }
        }
        Content::Invitation(invitation) => {
            Record { kind: "invitation", invitation: Some(invited(invitation)), ..record }
        }
        Content::Encrypted(name) => Record { kind: "encrypted", encrypted: true, encryption: Some(name), ..record },
        Content::Reactions { emoji, .. } => Record { kind: "reactions", reactions: Some(emoji), ..record },
        Content::Correction { content, .. } => said(content, record),
        Content::Retraction { .. }
        | Content::Retracted
        | Content::Displayed(_)
        | Content::Receipt
        | Content::Nothing => Record { kind: "retraction", ..record },
    }
}

fn attachment(file: &File) -> Attachment<'_> {
    let File { url, name, size, media_type } = file;
    Attachment { url, name: name.as_deref(), size: *size, media_type: media_type.as_deref() }
}

fn invited(invitation: &Invitation) -> Invited<'_> {
    let Invitation { room, from, reason } = invitation;
    Invited { room: room.as_str(), from: from.as_ref().map(Jid::as_str), reason: reason.as_deref() }
}

fn about<'a>(about: &'a changes::About<'_>) -> About<'a> {
    let body = match about.content.words() {
        Content::Text(text) | Content::Letter { text, .. } => Some(text.as_str()),
        _ => None,
    };
    About { id: about.message.message_id.as_deref(), body }
}

/// The message that it is about is not known, except by its id.
fn named(content: &Content) -> Option<About<'_>> {
    match content {
        Content::Correction { of: id, .. } | Content::Retraction { of: id } | Content::Reactions { to: id, .. } => {
            Some(About { id: Some(id), body: None })
        }
        _ => None,
    }
}

/// RFC 3339, as precise as the server said it.
pub(super) fn utc(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::message as line;
    use crate::conversation::changes::Standing;
    use crate::conversation::content::{Content, File};
    use crate::output::examples::{about, juliet, message, whole};

    #[test]
    fn a_message_is_one_line_and_its_text_is_exact() {
        let message = message(Content::Text("one\ntwo \u{202e}\\".into()));
        assert_eq!(
            line(&juliet(), &whole(&message)),
            "{\"version\":1,\"type\":\"message\",\"account\":\"juliet@chat.example\",\"from\":\"bob@chat.example\",\
             \"time\":\"2026-11-24T08:15:02.250Z\",\"kind\":\"text\",\"body\":\"one\\ntwo \\u202e\\\\\",\
             \"edited\":false,\"retracted\":false,\"encrypted\":false,\"archive_id\":\"17\"}"
        );
    }

    #[test]
    fn an_encrypted_message_has_no_body() {
        let message = message(Content::Encrypted("OMEMO".into()));
        let line = line(&juliet(), &whole(&message));
        assert!(line.contains("\"encrypted\":true,\"encryption\":\"OMEMO\"") && !line.contains("body"), "{line}");
    }

    #[test]
    fn a_file_has_what_is_known_of_it() {
        let file = File { url: "https://chat.example/1".into(), size: Some(7), ..File::default() };
        let message = message(Content::Files { files: vec![file], text: None });
        let line = line(&juliet(), &whole(&message));
        assert!(line.contains(r#""kind":"files","files":[{"url":"https://chat.example/1","size":7}]"#), "{line}");
    }

    #[test]
    fn reactions_name_what_they_are_about() {
        let target = message(Content::Text("lunch?".into()));
        let message = message(Content::Reactions { to: "m1".into(), emoji: vec!["👍".into()] });
        let mut unread = whole(&message);
        assert!(line(&juliet(), &unread).contains(r#""reactions":["👍"],"about":{"id":"m1"}"#));
        unread.about = Some(about(&target));
        assert!(line(&juliet(), &unread).contains(r#""about":{"body":"lunch?"}"#));
    }

    #[test]
    fn what_was_taken_back_is_not_told() {
        let message = message(Content::Text("oops".into()));
        let mut unread = whole(&message);
        (unread.standing, unread.content) = (Standing::Retracted, Cow::Owned(Content::Retraction { of: "m1".into() }));
        let line = line(&juliet(), &unread);
        assert!(line.contains("\"retracted\":true") && !line.contains("oops"), "{line}");
    }
}
