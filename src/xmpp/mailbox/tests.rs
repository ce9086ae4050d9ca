//! Looks at a server that says what real ones seldom say.

use super::super::memory::ServerMemory;
use super::super::scripted_server::{self, Script};
use super::*;

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
    script.extend([("</pubsub></iq>", EMPTY.into()), ("</query></iq>", EMPTY.into())]);
    script.extend(answers);
    script
}

fn look_at(beside: Beside, script: Script) -> Result<Mailbox, Error> {
    let now = DateTime::UNIX_EPOCH;
    let question = Question { since: None, limit: 100, beside, journal: &[], may_take: false, now };
    scripted_server::run(async {
        let ready = scripted_server::log_in(script, &ServerMemory::default()).await?;
        Ok(look(ready, &question).await?.1)
    })
}

#[test]
fn an_archive_that_falls_silent_is_not_read_to_its_end() {
    let more = fin("><set xmlns='http://jabber.org/protocol/rsm'><first>7</first></set>");
    let silent = || fin("complete='false'><set xmlns='http://jabber.org/protocol/rsm'/>");
    for answers in [vec![silent()], vec![more.clone(), silent()]] {
        let error = look_at(Beside::Nothing, with_archive(&answers)).expect_err("it was believed");
        assert_eq!(error.exit_code().number(), 75, "{error}");
        assert_eq!(error.to_string(), "the archive of juliet@chat.example holds more than it tells now");
    }
    assert!(look_at(Beside::Nothing, with_archive(&[more, fin("complete='true'>")])).is_ok());
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
