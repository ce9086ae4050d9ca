//! What a message says, in words for people. What is ours stands in brackets.

use super::sanitize;
use crate::conversation::changes::{Standing, Whole};
use crate::conversation::content::{Content, File, Invitation};

/// What became of a message, and what it says; every foreign text passes through `clean`.
pub(super) fn words(unread: &Whole<'_>, clean: fn(&str) -> String) -> String {
    let words = standing(unread, clean);
    match &unread.message.occupant {
        Some(occupant) => format!("<{}> {words}", sanitize::nick(&occupant.nick)),
        None => words,
    }
}

fn standing(unread: &Whole<'_>, clean: fn(&str) -> String) -> String {
    match (unread.standing, unread.content.words()) {
        (Standing::Retracted, _) => "[retracted]".into(),
        (_, Content::Reactions { emoji, .. }) => reactions(emoji, unread, clean),
        (Standing::Edited, content) => format!("[edited] {}", said(content, clean)),
        (Standing::AsSent, content) => said(content, clean),
    }
}

fn said(content: &Content, clean: fn(&str) -> String) -> String {
    match content {
        Content::Text(text) => clean(text),
        Content::Letter { subject, text } if text.is_empty() => format!("[subject: {}]", clean(subject)),
        Content::Letter { subject, text } => format!("[subject: {}] {}", clean(subject), clean(text)),
        Content::Files { files, text } => {
            let parts: Vec<String> =
                text.iter().map(|text| clean(text)).chain(files.iter().map(|it| file(it, clean))).collect();
            parts.join(" ")
        }
        Content::Invitation(it) => invitation(it, clean),
        Content::Encrypted(name) => format!("[encrypted with {}, read it on another device]", clean(name)),
        Content::Correction { content, .. } => said(content, clean),
        Content::Retraction { .. }
        | Content::Retracted
        | Content::Reactions { .. }
        | Content::Displayed(_)
        | Content::Receipt
        | Content::Nothing => String::new(),
    }
}

fn file(file: &File, clean: fn(&str) -> String) -> String {
    let name = file.name.as_deref().map(clean);
    let known: Vec<String> = name.into_iter().chain(file.size.map(size)).collect();
    let known = if known.is_empty() { String::new() } else { format!(" {}", known.join(", ")) };
    format!("[file{known}] {}", clean(&file.url))
}

/// As `ls --si` has it.
fn size(bytes: u64) -> String {
    let mut unit = 1;
    for name in ["B", "kB", "MB", "GB"] {
        if bytes / unit < 1000 {
            let tenths = bytes / (unit / 10).max(1) % 10;
            return if unit == 1 { format!("{bytes} B") } else { format!("{}.{tenths} {name}", bytes / unit) };
        }
        unit *= 1000;
    }
    format!("{} TB", bytes / unit)
}

fn invitation(invitation: &Invitation, clean: fn(&str) -> String) -> String {
    let from = invitation.from.as_ref().map(|from| format!(" by {}", clean(from.as_str()))).unwrap_or_default();
    let reason = invitation.reason.as_ref().map(|reason| format!(": {}", clean(reason))).unwrap_or_default();
    format!("[invitation to the room {}{from}{reason}]", clean(invitation.room.as_str()))
}

fn reactions(emoji: &[String], unread: &Whole<'_>, clean: fn(&str) -> String) -> String {
    let emoji: Vec<String> = emoji.iter().map(|emoji| clean(emoji)).collect();
    let emoji = if emoji.is_empty() { "with nothing any more".into() } else { emoji.join(" ") };
    let about =
        unread.about.as_ref().map(|about| format!(" to: {}", said(about.content.words(), clean))).unwrap_or_default();
    format!("[reacted {emoji}{about}]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::message::{Message, Occupant};
    use crate::output::examples::{about, message, whole};

    fn of(content: Content) -> String {
        words(&whole(&message(content)), sanitize::line)
    }

    #[test]
    fn in_a_room_the_author_stands_first() {
        let nick = "Romeo\nof  Verona> ay".to_owned();
        let occupant = Some(Occupant { identity: nick.clone(), nick, mentions_me: false });
        let message = Message { occupant, ..message(Content::Text("hi".into())) };
        assert_eq!(words(&whole(&message), sanitize::paragraphs), "<Romeo\\nof \\u{20}Verona\\u{3e} ay> hi");
    }

    #[test]
    fn a_subject_stands_before_the_words() {
        let letter = |text: &str| of(Content::Letter { subject: "lunch".into(), text: text.into() });
        assert_eq!(letter("at noon?"), "[subject: lunch] at noon?");
        assert_eq!(letter(""), "[subject: lunch]");
    }

    #[test]
    fn a_file_is_told_by_its_name_size_and_address() {
        let file = |name: Option<&str>, size| File {
            url: "https://x/1".into(),
            name: name.map(Into::into),
            size,
            ..File::default()
        };
        let files = |file, text: Option<&str>| of(Content::Files { files: vec![file], text: text.map(Into::into) });
        assert_eq!(files(file(Some("cat.jpg"), Some(12_345)), None), "[file cat.jpg, 12.3 kB] https://x/1");
        assert_eq!(files(file(None, None), Some("my cat")), "my cat [file] https://x/1");
        assert_eq!(
            files(file(Some("a\u{202e}gpj.exe"), Some(999)), None),
            "[file a\\u{202e}gpj.exe, 999 B] https://x/1"
        );
    }

    #[test]
    fn sizes_have_three_digits_or_so() {
        let sizes = [0, 1000, 999_999, 1_500_000, 2_000_000_000, 3_000_000_000_000].map(size);
        assert_eq!(sizes, ["0 B", "1.0 kB", "999.9 kB", "1.5 MB", "2.0 GB", "3 TB"]);
    }

    #[test]
    fn an_invitation_names_room_and_reason() {
        let room = jid::BareJid::new("verona@rooms.example").expect("a JID");
        let mut invitation = Invitation { room, from: None, reason: Some("join\nus".into()) };
        assert_eq!(
            of(Content::Invitation(invitation.clone())),
            "[invitation to the room verona@rooms.example: join\\nus]"
        );
        invitation.from = jid::Jid::new("eve@chat.example").ok();
        invitation.reason = None;
        assert_eq!(
            of(Content::Invitation(invitation)),
            "[invitation to the room verona@rooms.example by eve@chat.example]"
        );
    }

    #[test]
    fn what_became_of_a_message_stands_first() {
        let message = message(Content::Text("at eight".into()));
        let mut changed = whole(&message);
        changed.standing = Standing::Edited;
        assert_eq!(words(&changed, sanitize::line), "[edited] at eight");
        changed.standing = Standing::Retracted;
        assert_eq!(words(&changed, sanitize::line), "[retracted]");
    }

    #[test]
    fn reactions_name_what_they_are_about_where_it_is_known() {
        let target = message(Content::Text("lunch?".into()));
        let message = message(Content::Reactions { to: "m1".into(), emoji: vec!["👍".into(), "\u{9b}".into()] });
        let mut reaction = whole(&message);
        assert_eq!(words(&reaction, sanitize::line), "[reacted 👍 \\u{9b}]");
        reaction.about = Some(about(&target));
        assert_eq!(words(&reaction, sanitize::line), "[reacted 👍 \\u{9b} to: lunch?]");
    }
}
