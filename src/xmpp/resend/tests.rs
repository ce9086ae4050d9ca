//! What only a scripted server shows.

use super::super::memory::ServerMemory;
use super::super::scripted_server;
use super::*;
use crate::exit_code::ExitCode;

const EMPTY: &str = "<iq type='result' id='{id}'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>";
const REFUSAL: &str = "<iq type='error' id='{id}'><error type='cancel'>\
    <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";

/// What is found where the archive answers so, and then the `earlier` sessions and the archive as `more` says.
fn found(answer: &str, earlier: &[&str], more: &[(&'static str, &str)]) -> Result<Vec<Option<u64>>, Error> {
    let mut script = scripted_server::welcome("");
    script.push(("</query></iq>", answer.to_owned()));
    script.extend(more.iter().map(|(until, answer)| (*until, (*answer).to_owned())));
    let recipients = [Jid::new("romeo@chat.example").expect("an address")];
    scripted_server::run(async {
        let ready = scripted_server::log_in(script, &ServerMemory::default()).await?;
        let (mut session, rooms) = (ready.bind(&[]).await?, Occupancies::default());
        let earlier = earlier.iter().map(|session| (*session).to_owned()).collect();
        look_back(&mut session, &rooms, &recipients, false, earlier, &|id| (id == "job-7").then_some(0)).await
    })
}

fn page() -> Page {
    let recipient = Jid::new("romeo@chat.example").expect("an address");
    Page::new(&Place { recipient, me: None }, None, "")
}

fn taken(from: &str, message: &str) -> Vec<String> {
    let mut page = page();
    let result = format!(
        "<message xmlns='jabber:client' from='{from}'><result xmlns='{MAM}' queryid='{}' id='17'>\
         <forwarded xmlns='urn:xmpp:forward:0'>{message}</forwarded></result></message>",
        page.query_id
    );
    page.take(&result.parse().expect("XML"), &scripted_server::account());
    page.sent.into_iter().map(|(id, _)| id).collect()
}

const MINE: &str = "<message xmlns='jabber:client' from='juliet@chat.example/c' to='romeo@chat.example' id='m1'/>";

#[test]
fn only_own_messages_to_the_recipient_count() {
    assert_eq!(taken("juliet@chat.example", MINE), ["m1"]);
    assert_eq!(taken("juliet@chat.example", &MINE.replace("juliet", "romeo")), [""; 0]);
    assert_eq!(taken("juliet@chat.example", &MINE.replace("to='romeo", "to='nurse")), [""; 0]);
    assert_eq!(taken("mallory@chat.example", MINE), [""; 0], "a forged result");
}

#[test]
fn the_id_that_the_sender_gave_beats_the_stanzas() {
    let with_origin = MINE.replace("/>", "><origin-id xmlns='urn:xmpp:sid:0' id='job-7'/></message>");
    assert_eq!(taken("juliet@chat.example", &with_origin), ["job-7"]);
}

#[test]
fn an_archive_that_says_nothing_and_has_more_cannot_say() {
    let fin = format!("<iq type='result' id='{{id}}'><fin xmlns='{MAM}' complete='false'/></iq>");
    assert!(matches!(found(&fin, &[], &[]), Err(Error::IncompleteArchive { .. })));
}

#[test]
fn a_server_without_an_archive_cannot_say() {
    assert!(matches!(found(REFUSAL, &[], &[]), Err(Error::NoArchive { .. })));
    assert_eq!(found(EMPTY, &[], &[]).expect("an answer"), [None]);
}

#[test]
fn what_is_not_there_was_not_sent_once_the_earlier_sessions_have_ended() {
    let old = "juliet@chat.example/old";
    let ping = |kind: &str, content: &str| format!("<iq type='{kind}' id='{{id}}' from='{old}'>{content}</iq>");
    let gone = ping("error", "<error type='cancel'/>");
    let late = format!(
        "<message><result xmlns='{MAM}' queryid='{{queryid}}' id='17'><forwarded xmlns='urn:xmpp:forward:0'>{}\
         </forwarded></result></message>{EMPTY}",
        MINE.replace("m1", "job-7")
    );
    let script = [("urn:xmpp:ping", gone.as_str()), ("</query></iq>", &late)];
    assert_eq!(found(EMPTY, &[old], &script).expect("an answer"), [Some(0)]);
    // The first ping is lost.
    let script = [("urn:xmpp:ping", ""), ("urn:xmpp:ping", &gone), ("</query></iq>", &late)];
    assert_eq!(found(EMPTY, &[old], &script).expect("an answer"), [Some(0)]);
    let alive = found(EMPTY, &[old], &[("urn:xmpp:ping", &ping("result", ""))]);
    assert_eq!(alive.expect_err("a refusal").exit_code(), ExitCode::TryLater);
}
