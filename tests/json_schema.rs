//! Every object that `-j` can write is one of `schema/output-1.json`.

#[path = "support/schema.rs"]
mod schema;

use chat::Error;
use chat::conversation::changes::{Standing, Unread};
use chat::conversation::content::{Content, File, Invitation};
use chat::conversation::delivery::Outgoing;
use chat::conversation::message::{Message, Occupant, Sender};
use chat::conversation::overview::Count;
use chat::output::json;
use chat::state::AccountState;
use jid::{BareJid, Jid};

fn account() -> BareJid {
    BareJid::new("juliet@chat.example").expect("an address")
}

fn message(content: Content) -> Message {
    Message {
        archive_id: Some("17".into()),
        offline_node: None,
        message_id: Some("m1".into()),
        conversation: Jid::new("room@rooms.example/nick").expect("an address"),
        sender: Sender::Contact,
        time: chrono::DateTime::UNIX_EPOCH,
        content: content.into(),
        occupant: None,
    }
}

fn contents() -> Vec<Content> {
    let text = || Content::Text("a\nb \u{202e}".into());
    let file = File {
        url: "https://x.example/1".into(),
        name: Some("n".into()),
        size: Some(1),
        media_type: Some("a/b".into()),
    };
    let room = BareJid::new("room@rooms.example").expect("an address");
    let from = Some(Jid::new("eve@chat.example").expect("an address"));
    vec![
        text(),
        Content::Letter { subject: "s".into(), text: String::new() },
        Content::Files { files: vec![file, File { url: "https://x.example/2".into(), ..File::default() }], text: None },
        Content::Invitation(Invitation { room: room.clone(), from, reason: Some("lunch".into()) }),
        Content::Invitation(Invitation { room, from: None, reason: None }),
        Content::Encrypted("OMEMO".into()),
        Content::Correction { of: "m0".into(), content: Box::new(text()) },
        Content::Retraction { of: "m0".into() },
        Content::Retracted,
        Content::Reactions { to: "m0".into(), emoji: vec!["👍".into()] },
    ]
}

#[test]
fn unread_messages_of_every_kind() {
    let target = message(Content::Text("lunch?".into()));
    let mut messages: Vec<Message> = contents().into_iter().map(message).collect();
    let occupant = Occupant { nick: "Romeo".into(), identity: "x".into(), mentions_me: true };
    messages.push(Message { occupant: Some(occupant), ..target.clone() });
    let storage = AccountState::of(&account(), std::path::Path::new("/nowhere")).storage();
    let mut lines = Vec::new();
    for message in &messages {
        for standing in [Standing::AsSent, Standing::Edited, Standing::Retracted] {
            for about in [None, Some(&target)] {
                let mut unread = Unread::as_sent(message);
                (unread.standing, unread.about) = (standing, about);
                lines.push(json::message(&account(), &unread.whole(&storage).expect("all is at hand")));
            }
        }
    }
    assert_lines_valid(&lines);
}

#[test]
fn counts_results_and_accounts() {
    let unconfirmed = Error::Unconfirmed { to: "bob@chat.example".into(), level: "received" };
    let conversation = Jid::new("bob@chat.example").expect("an address");
    let count = Count { conversation, unread: 3, aside: 1, latest: chrono::DateTime::UNIX_EPOCH };
    assert_lines_valid(&[
        json::count(&account(), 0),
        json::conversation(&account(), &count),
        json::sent(&outgoing(None), Ok("sent")),
        json::sent(&outgoing(Some(3)), Ok("displayed")),
        json::sent(&outgoing(None), Err(&Error::EmptyMessage)),
        json::sent(&outgoing(None), Err(&unconfirmed)),
        json::queued(&outgoing(Some(3)), &Error::NoAccount),
        json::waiting(&account(), &outgoing(None), chrono::DateTime::UNIX_EPOCH, None),
        json::waiting(&account(), &outgoing(None), chrono::DateTime::UNIX_EPOCH, Some("gone")),
        json::account(&account(), true, Some("keyring")),
        json::account(&account(), false, None),
    ]);
}

fn outgoing(line: Option<u64>) -> Outgoing {
    Outgoing {
        to: Jid::new("bob@chat.example").expect("an address"),
        id: "x1".into(),
        body: "hi".into(),
        line,
        manner: std::rc::Rc::default(),
    }
}

fn assert_lines_valid(lines: &[String]) {
    schema::assert_valid(&format!("{}\n", lines.join("\n")));
}

#[test]
#[should_panic(expected = "'color' was unexpected")]
fn a_member_that_the_schema_does_not_name_is_found() {
    let line = json::count(&account(), 0).replace('}', ",\"color\":\"red\"}\n");
    schema::assert_valid(&line);
}
