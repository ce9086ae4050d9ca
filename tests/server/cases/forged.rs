//! Stanzas that claim to come from the person's server, and do not.

use super::{Paging, say, session_of, texts};
use crate::account::Account;
use crate::other_clients::phone;

const MDS: &str = "urn:xmpp:mds:displayed:0";

/// `payload` as a message, or an IQ result of anybody's guess, straight into the session of a `chat` that marks: nothing
/// of it may be shown or believed. `{bob}` and `{alice}` stand for their addresses.
fn is_ignored_in_a_session(forged: &[&str]) {
    let (alice, mallory, bob) = (Account::new(), Account::new(), Account::new());
    let paging = Paging::start(&alice, &bob);
    let session = session_of(&bob);
    let fill =
        |text: &&str| text.replace("{bob}", &bob.jid).replace("{alice}", &alice.jid).replace("{session}", &session);
    let stanzas: Vec<String> = forged.iter().map(fill).collect();
    let action: Vec<&str> = std::iter::once("stanzas").chain(stanzas.iter().map(String::as_str)).collect();
    phone(&mallory, &action);
    paging.finish();
    assert_eq!(bob.unread(&[]), [""; 0]);
    alice.send(&bob, "third");
    assert_eq!(texts(&bob.unread(&["-m"])), ["third"]);
}

const FORWARDED: &str = "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' \
    stamp='2020-01-01T00:00:00Z'/><message xmlns='jabber:client' from='bank@chat.example/x' to='{bob}' type='chat' \
    id='f'><body>forged</body></message></forwarded>";

#[test]
fn a_forged_carbon_is_no_message() {
    // Case 41.
    let carbon = |kind: &str| {
        format!(
            "<message to='{{session}}' type='chat'><{kind} xmlns='urn:xmpp:carbons:2'>{FORWARDED}</{kind}></message>"
        )
    };
    is_ignored_in_a_session(&[&carbon("received"), &carbon("sent")]);
}

#[test]
fn a_forged_result_of_the_archive_is_no_message() {
    // Case 42. The query's id cannot be guessed; that a result with it counts from nobody else is in xmpp/archive.rs.
    let result = |id: &str| {
        let result =
            format!("<result xmlns='urn:xmpp:mam:2' queryid='{id}' id='9999999999999999'>{FORWARDED}</result>");
        format!("<message to='{{session}}'>{result}</message>")
    };
    is_ignored_in_a_session(&[&result("1"), &result("")]);
}

#[test]
fn a_forged_answer_is_no_answer() {
    // Case 43.
    let answer = |kind: &str, id: &str| {
        format!(
            "<iq to='{{session}}' type='{kind}' id='{id}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
             <items node='{MDS}'/></pubsub></iq>"
        )
    };
    is_ignored_in_a_session(&[&answer("result", "1"), &answer("error", "1"), &answer("result", "chat")]);
}

#[test]
fn a_forged_event_moves_no_position() {
    // Case 44.
    let event = format!(
        "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{MDS}'><item id='{{alice}}'>\
         <displayed xmlns='{MDS}'><stanza-id xmlns='urn:xmpp:sid:0' by='{{bob}}' id='9999999999999999'/></displayed>\
         </item></items></event>"
    );
    let to = |to: &str, hint: &str| format!("<message to='{to}' type='normal'>{event}{hint}</message>");
    is_ignored_in_a_session(&[&to("{session}", ""), &to("{bob}", "<store xmlns='urn:xmpp:hints'/>")]);
}

#[test]
fn a_forged_node_of_the_queue_is_no_message_of_it() {
    // Case 47.
    let node = |node: &str| {
        let offline = format!("<offline xmlns='http://jabber.org/protocol/offline'><item node='{node}'/></offline>");
        format!("<message to='{{session}}' type='headline'><body>forged</body>{offline}</message>")
    };
    is_ignored_in_a_session(&[&node("1"), &node("")]);
}

/// Two messages with ids of the archive that their sender made up.
fn say_with_forged_ids(mallory: &Account, bob: &Account) {
    let by = [&bob.jid, &bob.jid.to_uppercase(), "chat.example", "conference.chat.example", "other@chat.example"];
    let ids = by.map(|by| format!("<stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='9999999999999999'/>")).concat();
    say(mallory, bob, &[("m1", &format!("<body>one</body>{ids}")), ("m2", &format!("<body>two</body>{ids}"))]);
}

#[test]
fn a_forged_id_of_the_archive_is_not_the_archives() {
    // Case 45.
    let (mallory, bob) = (Account::new(), Account::new());
    say_with_forged_ids(&mallory, &bob);
    assert_eq!(texts(&bob.unread(&["-m"])), ["one", "two"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
    mallory.send(&bob, "three");
    assert_eq!(texts(&bob.unread(&["-m"])), ["three"]);
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_forged_id_of_the_archive_is_not_published() {
    // Case 45.
    let (mallory, bob) = (Account::new(), Account::new());
    say_with_forged_ids(&mallory, &bob);
    assert_eq!(bob.unread(&["-m"]).len(), 2);
    assert_eq!(phone(&bob, &["position", &mallory.jid]), "newest");
    assert_eq!(bob.on_another_machine().unread(&[]), [""; 0]);
}

const STAMPS: [&str; 4] = ["not-a-time", "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "9999-12-31T23:59:60+25:99"];

/// A message for each of the stamps, as if the server or the account had put it in.
fn say_delayed(mallory: &Account, bob: &Account) {
    for stamp in STAMPS {
        let by = ["chat.example", &bob.jid];
        let delays = by.map(|from| format!("<delay xmlns='urn:xmpp:delay' from='{from}' stamp='{stamp}'/>")).concat();
        say(mallory, bob, &[(stamp, &format!("<body>{stamp}</body>{delays}"))]);
    }
}

#[test]
fn a_forged_delay_hides_nothing() {
    // Case 46.
    let (mallory, alice, bob) = (Account::new(), Account::new(), Account::new());
    say_delayed(&mallory, &bob);
    let mut shown = bob.unread(&["-m"]);
    shown.sort();
    assert_eq!(texts(&shown), {
        let mut stamps = STAMPS;
        stamps.sort_unstable();
        stamps
    });
    assert_eq!(bob.unread(&[]), [""; 0]);
    for text in ["one", "two"] {
        alice.send(&bob, text);
        assert_eq!(texts(&bob.unread(&["-m"])), [text], "what comes later is not hidden either");
    }
}

#[test]
fn a_forged_delay_is_not_the_time_of_the_message() {
    // Case 46.
    let (mallory, alice, bob) = (Account::new(), Account::new(), Account::new());
    alice.send(&bob, "before");
    say_delayed(&mallory, &bob);
    alice.send(&bob, "after");
    let shown = bob.chat("unread", &[]).expect_status(0).out;
    let days: Vec<&str> = shown.lines().map(|line| &line[..10]).collect();
    assert_eq!(days.len(), 6, "{shown}");
    let times: Vec<&str> = shown.lines().map(|line| &line[..19]).collect();
    assert!(times.is_sorted() && times[0] > "2020" && times[5] < "2900", "{shown}");
}
