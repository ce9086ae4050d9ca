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
    script.extend(answers.iter().map(|answer| ("</set></query></iq>", answer.clone())));
    script
}

fn look_at(script: Script) -> Result<Mailbox, Error> {
    let now = DateTime::UNIX_EPOCH;
    let question = Question { since: None, limit: 100, beside: Beside::Nothing, journal: &[], may_take: false, now };
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
        let error = look_at(with_archive(&answers)).expect_err("it was believed");
        assert_eq!(error.exit_code().number(), 75, "{error}");
        assert_eq!(error.to_string(), "the archive of juliet@chat.example holds more than it tells now");
    }
    assert!(look_at(with_archive(&[more, fin("complete='true'>")])).is_ok());
}
