//! What a room says at the door, and inside.

use std::rc::Rc;

use super::super::memory::ServerMemory;
use super::super::scripted_server;
use super::*;
use crate::conversation::delivery::{Delivery, Level, Manner, Outgoing};
use crate::conversation::entry::Entry;

const ROOM: &str = "<iq type='result' id='{id}' from='verona@rooms.example'>\
    <query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text'/></query></iq>";
const ME: &str = "verona@rooms.example/Jules";

fn verona() -> BareJid {
    BareJid::new("verona@rooms.example").expect("an address")
}

/// The room says `about` of itself, and `presence` to who comes.
fn enter_with(about: &str, presence: &str) -> (Occupancies, Vec<Why>) {
    let mut script = scripted_server::welcome("");
    script.push(("disco#info", about.to_owned()));
    script.push(("</presence>", presence.to_owned()));
    script.push(("never said", String::new()));
    let entry = Entry { nick: "Jules".into(), password_file: None };
    let (rooms, outside) = scripted_server::run(async {
        let ready = scripted_server::log_in(script, &ServerMemory::default()).await?;
        let mut session = ready.bind(&[]).await?;
        enter(&mut session, vec![(Door { room: verona(), entry }, None)]).await
    })
    .expect("a session");
    (rooms, outside.into_iter().map(|(_, exclusion)| exclusion.why).collect())
}

fn present(from: &str, statuses: &[&str]) -> String {
    let statuses = statuses.iter().map(|code| format!("<status code='{code}'/>")).collect::<Vec<_>>().concat();
    format!("<presence from='{from}'><x xmlns='{}'>{statuses}</x></presence>", ns::MUC_USER)
}

fn refused(condition: &str) -> String {
    format!(
        "<presence type='error' from='{ME}'><error type='auth'><{condition} xmlns='{}'/></error></presence>",
        ns::XMPP_STANZAS
    )
}

#[test]
fn inside_is_who_sees_the_own_presence_under_the_name_that_the_room_gave() {
    let others = present("verona@rooms.example/Romeo", &[]) + &present("mallory@rooms.example/Jules", &[MYSELF]);
    let (rooms, outside) = enter_with(ROOM, &(others + &present("verona@rooms.example/Jules2", &[MYSELF, "210"])));
    assert_eq!(rooms.in_room(&verona()).map(|me| me.as_str()), Some("verona@rooms.example/Jules2"));
    assert_eq!(outside, []);
}

#[test]
fn a_refusal_at_the_door_has_its_reason() {
    assert_eq!(enter_with(ROOM, &refused("conflict")).1, [Why::NickTaken]);
    assert_eq!(enter_with(ROOM, &refused("registration-required")).1, [Why::MembersOnly]);
    assert_eq!(enter_with(ROOM, &refused("not-authorized")).1, [Why::PasswordMissing]);
}

#[test]
fn a_room_that_entering_made_is_no_room() {
    assert_eq!(enter_with(ROOM, &present(ME, &[MYSELF, MADE])), (Occupancies::default(), vec![Why::NoRoom]));
}

#[test]
fn a_person_is_no_room_and_is_told_nothing() {
    let person = ROOM.replace("conference", "account");
    assert_eq!(enter_with(&person, "").1, [Why::NotARoom]);
    let refusal = format!(
        "<iq type='error' id='{{id}}' from='verona@rooms.example'><error type='cancel'>\
         <service-unavailable xmlns='{}'/></error></iq>",
        ns::XMPP_STANZAS
    );
    assert_eq!(enter_with(&refusal, "").1, [Why::NotARoom]);
    assert_eq!(enter_with(&refusal.replace("service-unavailable", "item-not-found"), "").1, [Why::NoRoom]);
}

fn inside() -> Occupancies {
    Occupancies(vec![FullJid::new(ME).expect("an address")])
}

/// A message to the room that the server has taken.
fn sent() -> Window {
    let entry = Some(Entry { nick: "Jules".into(), password_file: None });
    let manner = Rc::new(Manner { entry, ..Manner::default() });
    let to = Jid::from(verona());
    let mut window = Window::new(Level::Acked);
    window.add(Outgoing { to, id: "m1".into(), body: "hi".into(), line: None, manner }, Duration::ZERO);
    window.acknowledge(1).expect("one was sent");
    let barrier = window.count();
    window.pass(barrier);
    window
}

fn hear(window: &mut Window, stanza: &str) -> Result<(), Error> {
    inside().hear(&stanza.replacen(' ', " xmlns='jabber:client' ", 1).parse().expect("XML"), window)
}

#[test]
fn a_message_is_sent_when_the_room_shows_it_as_mine() {
    let mut window = sent();
    for other in [
        "<message type='groupchat' from='verona@rooms.example/Romeo' id='m1'/>",
        "<message type='groupchat' from='verona@rooms.example' id='m1'/>",
        "<message type='groupchat' from='verona@rooms.example/Jules' id='m2'/>",
        "<message type='chat' from='verona@rooms.example/Jules' id='m1'/>",
    ] {
        hear(&mut window, other).expect("nothing ends");
        assert_eq!(window.settled(), None, "{other}");
    }
    hear(&mut window, &format!("<message type='groupchat' from='{ME}' id='m1'/>")).expect("nothing ends");
    assert_eq!(window.settled().map(|(_, delivery)| delivery), Some(Delivery::Reached(Level::Acked)));
}

#[test]
fn a_room_that_gave_the_message_another_id_is_understood_by_the_own() {
    let mut window = sent();
    let origin = "<origin-id xmlns='urn:xmpp:sid:0' id='m1'/>";
    hear(&mut window, &format!("<message type='groupchat' from='{ME}' id='x'>{origin}</message>")).expect("fine");
    assert!(window.settled().is_some());
}

#[test]
fn what_the_room_never_shows_is_not_to_be_sent_again() {
    let delivery = sent().give_up().and_then(|(message, delivery)| delivery?.into_result(&message.to).err());
    assert_eq!(delivery.map(|error| error.exit_code().number()), Some(2));
}

#[test]
fn who_is_sent_out_stays_out_but_a_room_that_ends_may_be_entered_again() {
    let gone =
        |codes: &[&str]| hear(&mut sent(), &present(ME, codes).replace("<presence", "<presence type='unavailable'"));
    assert!(gone(&[MYSELF, "307"]).is_ok());
    assert!(matches!(gone(&[MYSELF, "332"]), Err(Error::StreamEnded { later: true, .. })));
}
