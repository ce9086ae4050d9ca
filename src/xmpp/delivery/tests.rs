//! What a real server cannot be made to say.

use std::collections::VecDeque;
use std::rc::Rc;

use super::super::memory::ServerMemory;
use super::super::scripted_server::{self, Script};
use super::*;
use crate::conversation::delivery::Level;

const MANAGED: &str = "<sm xmlns='urn:xmpp:sm:3'/>";
const PONG: &str = "<iq type='result' from='chat.example' id='{id}'/>";
const ACK: &str = "<a xmlns='urn:xmpp:sm:3' h='1'/>";
const RECEIPT: &str = "<message from='romeo@chat.example/x' to='juliet@chat.example/c'><received xmlns='urn:xmpp:receipts' id='m1'/></message>";

struct Texts(VecDeque<Outgoing>);

impl Source for Texts {
    async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
        Ok(self.0.pop_front())
    }

    fn rest(&mut self) -> Vec<Outgoing> {
        Vec::new()
    }
}

/// A source that has nothing yet and does not end.
struct Nothing;

impl Source for Nothing {
    async fn next(&mut self) -> Result<Option<Outgoing>, Error> {
        std::future::pending().await
    }

    fn rest(&mut self) -> Vec<Outgoing> {
        Vec::new()
    }
}

fn bounce(from: &str, condition: &str) -> String {
    format!(
        "<message type='error' from='{from}' id='m1'><error type='cancel'>\
         <{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    )
}

fn one_message() -> Texts {
    one_message_to("romeo@chat.example")
}

fn one_message_to(to: &str) -> Texts {
    let to = Jid::new(to).expect("an address");
    Texts([Outgoing { to, id: "m1".into(), body: "hi".into(), line: None, manner: Rc::default() }].into())
}

/// Sends to a server that offers `features`, as it did the last time, and answers the ping with `answer`.
fn deliver_from(
    source: &mut impl Source,
    level: Level,
    patience: Option<Duration>,
    features: &str,
    answer: &str,
) -> Result<Vec<Delivery>, Error> {
    deliver_by(source, level, patience, features, &[("urn:xmpp:ping", answer)])
}

/// The same, with more than one answer.
fn deliver_by(
    source: &mut impl Source,
    level: Level,
    patience: Option<Duration>,
    features: &str,
    dialogue: &[(&'static str, &str)],
) -> Result<Vec<Delivery>, Error> {
    let mut script: Script = scripted_server::welcome(features);
    script.extend(dialogue.iter().map(|(until, answer)| (*until, (*answer).to_owned())));
    script.push(("never said", String::new()));
    let mut deliveries = Vec::new();
    let mut settled = |_, delivery| {
        deliveries.push(delivery);
        Ok(())
    };
    scripted_server::run(async {
        let memory = ServerMemory { stream_management: features == MANAGED, ..ServerMemory::default() };
        let ready = scripted_server::log_in(script, &memory).await?;
        deliver(Start::Ready(ready), source, &mut Window::new(level), patience, &mut settled).await
    })?;
    Ok(deliveries)
}

/// One message, after whose answer the server is gone.
fn deliver_one(features: &str, answer: &str) -> Result<Vec<Delivery>, Error> {
    deliver_from(&mut one_message(), Level::Acked, None, features, &format!("{answer}</stream:stream>"))
}

/// What comes is there at once, however busy the machine is.
fn wait_for(level: Level, answer: &str) -> Result<Vec<Delivery>, Error> {
    wait_so_long(Duration::from_secs(60), level, answer)
}

fn wait_in_vain_for(level: Level, answer: &str) -> Result<Vec<Delivery>, Error> {
    wait_so_long(Duration::from_secs(1), level, answer)
}

fn wait_so_long(patience: Duration, level: Level, answer: &str) -> Result<Vec<Delivery>, Error> {
    let answer = format!("<enabled xmlns='urn:xmpp:sm:3'/><a xmlns='urn:xmpp:sm:3' h='2'/>{PONG}{answer}");
    deliver_from(&mut one_message(), level, Some(patience), MANAGED, &answer)
}

#[test]
fn acknowledged_and_not_bounced_is_delivered() {
    assert_eq!(deliver_one(MANAGED, &format!("{ACK}{PONG}")).expect("no error"), [Delivery::Reached(Level::Acked)]);
}

#[test]
fn a_bounce_behind_the_acknowledgement_counts() {
    let answer = format!("{ACK}{}{PONG}", bounce("romeo@chat.example", "service-unavailable"));
    let deliveries = deliver_one(MANAGED, &answer).expect("no error");
    assert!(matches!(&deliveries[..], [Delivery::Bounced(bounce)] if bounce.condition == "service-unavailable"));
}

#[test]
fn a_bounce_by_somebody_else_is_a_forgery() {
    let answer = format!("{ACK}{}{PONG}", bounce("mallory@chat.example", "service-unavailable"));
    assert_eq!(deliver_one(MANAGED, &answer).expect("no error"), [Delivery::Reached(Level::Acked)]);
}

#[test]
fn without_stream_management_the_barrier_decides() {
    assert_eq!(deliver_one("", PONG).expect("no error"), [Delivery::Reached(Level::Acked)]);
}

#[test]
fn the_first_time_the_message_travels_with_the_binding_too() {
    let mut script: Script = scripted_server::welcome(MANAGED);
    let bound = script.pop().expect("the binding").1.replace("{id}", "{first}");
    // The server is silent until everything is there.
    script.push(("urn:xmpp:ping", format!("{bound}{PONG}")));
    let mut deliveries = Vec::new();
    scripted_server::run(async {
        let ready = scripted_server::log_in(script, &ServerMemory::default()).await.expect("a login");
        let mut settled = |_, delivery| {
            deliveries.push(delivery);
            Ok(())
        };
        let (mut message, mut window) = (one_message(), Window::default());
        let session = deliver(Start::Ready(ready), &mut message, &mut window, None, &mut settled).await;
        assert!(session.expect("a session").offers_stream_management(), "the next time it is known");
    });
    assert_eq!(deliveries, [Delivery::Reached(Level::Acked)]);
}

#[test]
fn a_refused_stream_management_leaves_the_barrier() {
    let failed = "<failed xmlns='urn:xmpp:sm:3'/>";
    assert_eq!(deliver_one(MANAGED, &format!("{failed}{PONG}")).expect("no error"), [Delivery::Reached(Level::Acked)]);
    assert_eq!(deliver_one(MANAGED, &format!("{PONG}{failed}")).expect("no error"), [Delivery::Reached(Level::Acked)]);
}

#[test]
fn a_connection_lost_before_the_acknowledgement_is_no_success() {
    assert!(matches!(deliver_one(MANAGED, PONG), Err(Error::ConnectionLost { .. })));
    assert!(matches!(deliver_one(MANAGED, ACK), Err(Error::ConnectionLost { .. })));
    assert!(matches!(deliver_one(MANAGED, ""), Err(Error::ConnectionLost { .. })));
}

#[test]
fn a_server_that_counts_more_than_was_sent_breaks_the_protocol() {
    let error = deliver_one(MANAGED, &format!("<a xmlns='urn:xmpp:sm:3' h='3'/>{PONG}")).expect_err("an error");
    assert_eq!(error.exit_code().number(), 76);
}

#[test]
fn a_stream_error_says_whether_to_try_again() {
    let error = |condition: &str| {
        let error = format!("<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
        deliver_one(MANAGED, &error).expect_err("an error").exit_code().number()
    };
    assert_eq!((error("system-shutdown"), error("policy-violation")), (75, 69));
}

#[test]
fn a_receipt_is_waited_for_and_a_bounce_meanwhile_counts() {
    assert_eq!(wait_for(Level::Received, RECEIPT).expect("no error"), [Delivery::Reached(Level::Received)]);
    let late = wait_for(Level::Received, &bounce("romeo@chat.example", "remote-server-not-found")).expect("no error");
    assert!(matches!(&late[..], [Delivery::Bounced(_)]), "{late:?}");
}

#[test]
fn a_receipt_that_does_not_come_leaves_the_message_unconfirmed() {
    assert_eq!(wait_in_vain_for(Level::Received, "").expect("no error"), [Delivery::Unconfirmed(Level::Received)]);
    let forged = RECEIPT.replace("romeo", "mallory");
    assert_eq!(wait_in_vain_for(Level::Received, &forged).expect("no error"), [Delivery::Unconfirmed(Level::Received)]);
    assert_eq!(
        wait_in_vain_for(Level::Displayed, RECEIPT).expect("no error"),
        [Delivery::Unconfirmed(Level::Displayed)]
    );
}

#[test]
fn a_server_that_does_not_answer_tries_the_patience() {
    let patience = Some(Duration::from_millis(50));
    let error = deliver_from(&mut one_message(), Level::Acked, patience, MANAGED, ACK).expect_err("an error");
    assert_eq!(error.exit_code().number(), 75);
}

#[test]
fn a_server_that_ends_while_there_is_nothing_to_send_is_noticed() {
    let script: Script = scripted_server::welcome(MANAGED);
    let error = scripted_server::run(async {
        let ready = scripted_server::log_in(script, &ServerMemory::default()).await?;
        Box::pin(deliver(Start::Ready(ready), &mut Nothing, &mut Window::default(), None, &mut |_, _| Ok(()))).await
    });
    assert!(matches!(error.err(), Some(Error::ConnectionLost { .. })));
}

#[test]
fn the_limit_that_a_server_tells_is_remembered() {
    let limits = "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes></limits>";
    let limit = |features: &str| {
        scripted_server::run(async {
            let ready = scripted_server::log_in(scripted_server::welcome(features), &ServerMemory::default()).await?;
            Ok::<_, Error>(ready.bind(&[]).await?.memory().max_stanza)
        })
    };
    assert_eq!(limit(limits).expect("a session"), Some(262_144));
    assert_eq!(limit("").expect("a session"), None);
}

/// One message to an address elsewhere. Its server says `answer` after the own server said that it has the message.
fn deliver_abroad(patience: Option<Duration>, answer: &str) -> Vec<Delivery> {
    deliver_abroad_by(patience, &[("urn:xmpp:ping", &format!("{ACK}{PONG}")), ("disco#info", answer)])
}

fn deliver_abroad_by(patience: Option<Duration>, dialogue: &[(&'static str, &str)]) -> Vec<Delivery> {
    let mut message = one_message_to("romeo@elsewhere.example");
    deliver_by(&mut message, Level::Acked, patience, MANAGED, dialogue).expect("no error")
}

#[test]
fn a_bounce_from_elsewhere_comes_before_the_answer_from_there() {
    let answer = "<iq type='error' from='romeo@elsewhere.example' id='{id}'><error type='cancel'/></iq>";
    let late = format!("{}{answer}", bounce("romeo@elsewhere.example", "item-not-found"));
    assert!(matches!(&deliver_abroad(None, &late)[..], [Delivery::Bounced(bounce)] if bounce.remote));
    assert_eq!(deliver_abroad(None, answer), [Delivery::Reached(Level::Acked)]);
}

#[test]
fn who_keeps_silent_elsewhere_is_not_waited_for_without_an_end() {
    let patience = Some(Duration::from_secs(1));
    assert_eq!(deliver_abroad(patience, ""), [Delivery::Reached(Level::Acked)]);
}

#[test]
fn another_client_of_the_account_is_told_that_this_one_is_there() {
    let question = "<iq type='get' id='p1' from='juliet@chat.example/other'><ping xmlns='urn:xmpp:ping'/></iq>";
    let answer = "<iq type='error' from='romeo@elsewhere.example' id='{first}'><error type='cancel'/></iq>";
    let told = format!("{}{answer}", bounce("romeo@elsewhere.example", "item-not-found"));
    // Elsewhere nothing is said until the other client was answered.
    let dialogue = [("urn:xmpp:ping", format!("{ACK}{PONG}{question}")), ("p1", told)];
    let dialogue = dialogue.each_ref().map(|(until, answer)| (*until, answer.as_str()));
    assert!(matches!(&deliver_abroad_by(None, &dialogue)[..], [Delivery::Bounced(_)]));
    let others =
        dialogue.map(|(until, answer)| (until, answer.replace("juliet@chat.example/other", "mallory@chat.example/x")));
    let others = others.each_ref().map(|(until, answer)| (*until, answer.as_str()));
    let patience = Some(Duration::from_secs(1));
    assert_eq!(deliver_abroad_by(patience, &others), [Delivery::Reached(Level::Acked)], "a stranger was told");
}
