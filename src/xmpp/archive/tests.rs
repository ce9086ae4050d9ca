//! Results and pages of an archive, as XML.

use super::super::scripted_server::Memory;
use super::*;

fn result(attributes: &str, query_id: &str) -> Element {
    format!(
        "<message xmlns='jabber:client' {attributes}><result xmlns='{MAM}' queryid='{query_id}' id='17'>\
         <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05.678901Z'/>\
         <message xmlns='jabber:client' from='romeo@chat.example/x' to='juliet@chat.example' type='chat'>\
         <body>hi</body><delay xmlns='urn:xmpp:delay' stamp='1970-01-01T00:00:00Z'/>\
         <stanza-id xmlns='urn:xmpp:sid:0' by='juliet@chat.example' id='99'/></message></forwarded></result></message>"
    )
    .parse()
    .expect("XML")
}

fn own() -> BareJid {
    BareJid::new("juliet@chat.example").expect("an address")
}

fn taken(attributes: &str, right_query: bool) -> Vec<Message> {
    let mut page = Page::new(None);
    let query_id = if right_query { page.query_id.clone() } else { "guess".into() };
    page.take(&result(attributes, &query_id), &own(), &Memory).expect("memory");
    page.messages
}

#[test]
fn a_result_has_the_id_and_the_time_around_the_message() {
    let messages = taken("from='juliet@chat.example'", true);
    assert_eq!(messages[0].archive_id.as_deref(), Some("17"));
    assert_eq!(messages[0].time.to_rfc3339(), "2026-01-02T03:04:05.678901+00:00");
}

fn page_begins(fin: &str) -> Option<String> {
    end(&format!("{fin}><set xmlns='http://jabber.org/protocol/rsm'><first>7</first></set>")).expect("a page")
}

fn end(fin: &str) -> Result<Option<String>, Error> {
    let fin = format!("<fin xmlns='{MAM}' {fin}</fin>").parse().expect("XML");
    Page::new(None).finish(Ok(Some(fin)), &own()).map(|(_, first)| first)
}

#[test]
fn where_ids_are_times_the_next_page_ends_behind_the_id() {
    let messages = |id: &str, time: i64| {
        let mut message =
            message(&result("", "").children().next().expect("a result").clone(), &own(), None).expect("one");
        (message.archive_id, message.time) = (Some(id.into()), DateTime::from_timestamp_micros(time).expect("a time"));
        vec![message]
    };
    let behind = |id: &str| behind_twins(id.into(), &messages(id, 1_790_000_000_000_000));
    assert_eq!(behind("1790000000000000"), ("1790000000000001".into(), 1));
    assert_eq!(behind("17"), ("17".into(), 0));
}

#[test]
fn a_page_of_which_nothing_makes_sense_is_not_the_end() {
    assert_eq!(page_begins(""), Some("7".into()));
    assert_eq!(page_begins("complete='false'"), Some("7".into()));
    assert_eq!(page_begins("complete='true'"), None);
}

#[test]
fn an_empty_page_is_the_end_only_where_the_server_says_so() {
    assert_eq!(end("complete='true'><set xmlns='http://jabber.org/protocol/rsm'/>").expect("the end"), None);
    for unfinished in [">", "complete='false'>", "><set xmlns='http://jabber.org/protocol/rsm'><count>3</count></set>"]
    {
        let error = end(unfinished).expect_err(unfinished);
        assert_eq!(error.exit_code().number(), 75, "{error}");
    }
}

#[test]
fn a_forged_result_is_ignored() {
    assert!(taken("from='mallory@chat.example'", true).is_empty());
    assert!(taken("from='juliet@chat.example/phone'", true).is_empty());
    assert!(taken("", false).is_empty());
}
