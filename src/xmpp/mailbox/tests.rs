//! Looks at a server that says what real ones seldom say.

use super::super::memory::ServerMemory;
use super::super::scripted_server::{self, Memory, Script};
use super::*;
use crate::conversation::content::Content;
use crate::conversation::journal::{Earlier, Journal};
use crate::conversation::said::{Place, Said, Storage};

/// Nothing was left by earlier runs, and nothing is handed over.
struct NoJournal;

impl Journal for NoJournal {
    fn prepare(&mut self) -> Result<(), Error> {
        unreachable!("nothing is handed over")
    }

    fn add(&mut self, stanza: &str) -> Result<usize, Error> {
        unreachable!("{stanza} was handed over")
    }

    fn earlier(&self) -> Result<Earlier, Error> {
        Ok(Box::new(std::iter::empty()))
    }
}

const EMPTY: &str = "<iq type='result' id='{id}'/>";
const PREFERENCES: &str = "<iq type='result' id='{id}'><prefs xmlns='urn:xmpp:mam:2' default='always'/></iq>";

fn fin(attributes: &str) -> String {
    format!("<iq type='result' id='{{id}}'><fin xmlns='urn:xmpp:mam:2' {attributes}</fin></iq>")
}

/// A server without read positions or queue, whose archive answers so.
fn with_archive(answers: &[String]) -> Script {
    let mut script = scripted_server::welcome("");
    script.extend([("</pubsub></iq>", EMPTY.into()), ("<query", EMPTY.into()), ("<prefs", PREFERENCES.into())]);
    let mut answers = answers.iter().map(|answer| ("</set></query></iq>", answer.clone()));
    script.extend(answers.next());
    let bookmarks = ["</pubsub></iq>", "</pubsub></iq>", "</query></iq>"];
    script.extend(bookmarks.map(|asked| (asked, EMPTY.into())));
    script.extend(answers);
    script
}

fn look_at(beside: Beside, script: Script) -> Result<Mailbox, Error> {
    look_with(beside, script, &Memory)
}

fn look_with(beside: Beside, script: Script, storage: &dyn Storage) -> Result<Mailbox, Error> {
    let now = DateTime::UNIX_EPOCH;
    let question = Question {
        since: None,
        limit: usize::MAX,
        waiting: &BTreeMap::new(),
        beside,
        marks: false,
        may_take: false,
        now,
    };
    scripted_server::run(async {
        let ready = scripted_server::log_in(script, &ServerMemory::default()).await?;
        Ok(look(ready, &question, &mut Keeping { journal: &mut NoJournal, storage }).await?.1)
    })
}

#[test]
fn an_archive_that_falls_silent_is_not_read_to_its_end() {
    let more = fin("><set xmlns='http://jabber.org/protocol/rsm'><first>7</first></set>");
    let silent = || fin("complete='false'><set xmlns='http://jabber.org/protocol/rsm'/>");
    // With 100 messages in a page, then with 10 and 1; with 250, 25, 2 and 1.
    for answers in [vec![silent(), silent(), silent()], vec![more.clone(), silent(), silent(), silent(), silent()]] {
        let error = look_at(Beside::Nothing, with_archive(&answers)).expect_err("it was believed");
        assert_eq!(error.exit_code().number(), 75, "{error}");
        assert_eq!(error.to_string(), "the archive of juliet@chat.example holds more than it tells now");
    }
    assert!(look_at(Beside::Nothing, with_archive(&[silent(), more, silent(), fin("complete='true'>")])).is_ok());
}

/// A message of the archive with the id of its time, as ejabberd makes them; the script must name the query.
fn result(micros: i64, sent: &str) -> String {
    let stamp = DateTime::from_timestamp_micros(micros).expect("a time").to_rfc3339();
    format!(
        "<message><result xmlns='urn:xmpp:mam:2' queryid='{{queryid}}' id='{micros}'><forwarded \
         xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='{stamp}'/><message xmlns='jabber:client' \
         from='romeo@chat.example/x' id='{sent}' type='chat'><body>{sent}</body></message></forwarded></result></message>"
    )
}

/// The next page ends behind the first id of this one: with pages of one message only that would come, for ever.
#[test]
fn small_pages_lead_on_where_ids_are_times() {
    let first =
        |micros: i64| fin(&format!("><set xmlns='http://jabber.org/protocol/rsm'><first>{micros}</first></set>"));
    let newest = result(1_790_000_000_000_005, "new");
    let silent = || fin("complete='false'>");
    let twins = |names: &[&str]| names.iter().map(|name| result(1_790_000_000_000_003, name)).collect::<String>();
    let answers = [
        silent(),
        silent(),
        newest.clone() + &first(1_790_000_000_000_005),
        twins(&["b"]) + &newest + &first(1_790_000_000_000_003),
        twins(&["a", "b"]) + &first(1_790_000_000_000_003),
        result(1_790_000_000_000_001, "old") + &twins(&["a", "b"]) + &fin("complete='true'>"),
    ];
    let mailbox = look_at(Beside::Nothing, with_archive(&answers)).expect("a whole archive");
    let sent: Vec<_> = mailbox.archive.messages.iter().filter_map(|message| message.message_id.as_deref()).collect();
    assert_eq!(sent, ["old", "a", "b", "new"]);
}

/// A disk without room.
struct Full;

impl Storage for Full {
    fn put(&self, _: Content) -> Result<Said, Error> {
        let source = std::io::ErrorKind::StorageFull.into();
        Err(Error::CannotKeep { path: "/state".into(), source })
    }

    fn look_up(&self, place: Place) -> Result<Content, Error> {
        unreachable!("nothing was put away, but {place:?} is looked up")
    }
}

#[test]
fn a_full_disk_ends_the_look() {
    let page = result(1_790_000_000_000_005, "m1") + &fin("complete='true'>");
    let error = look_with(Beside::Nothing, with_archive(&[page]), &Full).expect_err("there is no room");
    assert_eq!(error.exit_code().number(), 73, "{error}");
}

/// The session is there only once the last of the questions is, and nothing more is said.
#[test]
fn everything_is_asked_along_with_the_session_rooms_and_names_too() {
    let mut script = scripted_server::welcome("");
    let (_, bound) = script.pop().expect("the session");
    // The list of contacts is asked for behind the bookmarks.
    script.push(("jabber:iq:roster", bound.replace("{id}", "{first}")));
    let error = look_at(Beside::Names, script).expect_err("nothing is answered");
    let step = "looking for new messages";
    assert!(matches!(&error, Error::ConnectionLost { step: at, .. } if at == step), "{error:?}");
}

#[test]
fn a_queue_that_cannot_be_shown_is_an_error_but_one_that_was_emptied_is_not() {
    let look_where = |condition: &str| {
        let list = "<iq type='result' id='{id}'><query xmlns='http://jabber.org/protocol/disco#items'>\
            <item jid='juliet@chat.example' node='7'/></query></iq>";
        let mut script = with_archive(&[fin("complete='true'>")]);
        let listed = script.iter().position(|(heard, _)| *heard == "<query").expect("the list is asked for");
        script[listed].1 = list.into();
        let refusal = format!(
            "<iq type='error' id='{{id}}'><error type='wait'>\
             <{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        );
        script.push(("</offline></iq>", refusal));
        look_at(Beside::Nothing, script)
    };
    let error = look_where("internal-server-error").expect_err("it was believed to be empty").to_string();
    assert!(error.contains("to show the offline queue"), "{error}");
    assert!(look_where("item-not-found").expect("nothing is left").queue.is_empty());
}
