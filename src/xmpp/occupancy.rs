//! Being in rooms (XEP-0045): getting in, hearing what the room made of the own messages, and leaving.
//!
//! Nobody but the room learns of the session's presence. A room is asked first what it is: to enter one that does not
//! exist would make it.

use std::time::Duration;

use jid::{BareJid, FullJid, Jid};
use minidom::Element;
use tokio::time::{Instant, timeout_at};
use xmpp_parsers::ns;
use zeroize::Zeroizing;

use super::build::With;
use super::iq::{Answer, Request};
use super::session::Session;
use super::stanza;
use crate::conversation::entry::{Door, Exclusion, Why};
use crate::conversation::window::Window;
use crate::error::Error;

/// How long rooms may take for an answer; one that never comes must not hold up the others.
const PATIENCE: Duration = Duration::from_secs(20);
const MUC_OWNER: &str = "http://jabber.org/protocol/muc#owner";
/// Status codes of XEP-0045 §15.6: the own presence, a room that was made by entering it.
const MYSELF: &str = "110";
const MADE: &str = "201";
/// Banned, kicked, no member any more, a member only room now: coming back would be against somebody's will.
const SENT_OUT: [&str; 4] = ["301", "307", "321", "322"];

/// Where the session is an occupant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Occupancies(Vec<FullJid>);

/// Enters the rooms, each with its password if it has one; tells which of them keep the session out.
pub async fn enter(
    session: &mut Session,
    doors: Vec<(Door, Option<Zeroizing<String>>)>,
) -> Result<(Occupancies, Vec<(BareJid, Exclusion)>), Error> {
    session.stream.progress.step("asking the rooms what they are");
    let requests: Vec<Request> = doors.iter().map(|(door, _)| information(&door.room)).collect();
    let answers = session.ask_patiently(&requests, PATIENCE, |_| Ok(())).await?;
    let mut entering = Entering::default();
    for ((door, password), answer) in doors.into_iter().zip(answers) {
        match obstacle(answer) {
            Some(exclusion) => entering.out.push((door.room, exclusion)),
            None => entering.open.push((door, password)),
        }
    }
    entering.enter(session).await?;
    Ok((Occupancies(entering.inside), entering.out))
}

/// Asks a room what it is. It answers in the order of what it gets, so this tells that it has worked off what was before.
pub(crate) fn information(room: &BareJid) -> Request {
    Request::get(Some(Jid::from(room.clone())), Element::bare("query", ns::DISCO_INFO))
}

/// What keeps the session from even trying.
fn obstacle(answer: Option<Answer>) -> Option<Exclusion> {
    let exclusion = |why, said: String| Some(Exclusion { why, said });
    match answer {
        None => exclusion(Why::NoAnswer, String::new()),
        // As ejabberd says of every other server while it talks to none.
        Some(Err(refusal)) if refusal.condition == "forbidden" => exclusion(Why::NoHost, refusal.text),
        Some(Err(refusal)) => match Why::by_condition(&refusal.condition, false) {
            why @ (Why::NoHost | Why::NoAnswer) => exclusion(why, refusal.text),
            Why::NoRoom => exclusion(Why::NoRoom, String::new()),
            _ => exclusion(Why::NotARoom, refusal.text),
        },
        Some(Ok(about)) => {
            let is_room = |child: &Element| child.name() == "identity" && child.attr("category") == Some("conference");
            let is_room = about.is_some_and(|about| about.children().any(is_room));
            if is_room { None } else { exclusion(Why::NotARoom, String::new()) }
        }
    }
}

/// Rooms that were told, and those that have answered.
#[derive(Default)]
struct Entering {
    open: Vec<(Door, Option<Zeroizing<String>>)>,
    inside: Vec<FullJid>,
    out: Vec<(BareJid, Exclusion)>,
}

impl Entering {
    async fn enter(&mut self, session: &mut Session) -> Result<(), Error> {
        session.stream.progress.step("entering the rooms");
        let mut presences = Vec::new();
        for (door, password) in &self.open {
            presences.push(presence(door, password.as_ref().map(|password| password.as_str()))?);
        }
        session.stream.send(&presences).await?;
        let until = Instant::now() + PATIENCE;
        while !self.open.is_empty() {
            let Ok(element) = timeout_at(until, session.stream.next()).await else { break };
            if let Some(made) = self.take(&element?) {
                session.stream.send(&[removal(made).to_element()]).await?;
            }
        }
        let silent = |(door, _): (Door, _)| (door.room, Exclusion { why: Why::NoAnswer, said: String::new() });
        self.out.extend(self.open.drain(..).map(silent));
        Ok(())
    }

    /// Returns a room that was made only by entering it.
    fn take(&mut self, element: &Element) -> Option<BareJid> {
        let from = Jid::new(element.attr("from")?).ok().filter(|_| element.is("presence", ns::JABBER_CLIENT))?;
        let index = self.open.iter().position(|(door, _)| door.room == from.to_bare())?;
        let statuses = statuses(element);
        if element.attr("type") == Some("error") {
            let (door, password) = self.open.swap_remove(index);
            let refusal = stanza::refusal(element);
            let why = Why::by_condition(&refusal.condition, password.is_some());
            self.out.push((door.room, Exclusion { why, said: refusal.text }));
        } else if statuses.contains(&MYSELF) && element.attr("type").is_none() {
            let (door, _) = self.open.swap_remove(index);
            if statuses.contains(&MADE) {
                self.out.push((door.room.clone(), Exclusion { why: Why::NoRoom, said: String::new() }));
                return Some(door.room);
            }
            self.inside.extend(from.try_into_full().ok());
        }
        None
    }
}

fn presence(door: &Door, password: Option<&str>) -> Result<Element, Error> {
    let invalid =
        |error: jid::Error| Error::InvalidAddress { text: door.entry.nick.clone(), reason: error.to_string() };
    let to = door.room.with_resource_str(&door.entry.nick).map_err(invalid)?;
    let password = password.map(|text| Element::builder("password", ns::MUC).append(text).build());
    let history = Element::builder("history", ns::MUC).with("maxstanzas", "0");
    let x = Element::builder("x", ns::MUC).append(history.build()).append_all(password);
    let presence = Element::builder("presence", ns::JABBER_CLIENT).with("to", to.as_str());
    Ok(presence.with("id", &stanza::new_id()).append(x.build()).build())
}

/// XEP-0045 §10.9.
fn removal(room: BareJid) -> Request {
    let destroy = Element::bare("destroy", MUC_OWNER);
    Request::set(Some(Jid::from(room)), Element::builder("query", MUC_OWNER).append(destroy).build())
}

fn statuses(presence: &Element) -> Vec<&str> {
    let x = presence.get_child("x", ns::MUC_USER);
    let statuses = x.into_iter().flat_map(Element::children).filter(|child| child.is("status", ns::MUC_USER));
    statuses.filter_map(|status| status.attr("code")).collect()
}

impl Occupancies {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The occupant's address in `room`.
    pub(crate) fn in_room(&self, room: &BareJid) -> Option<&FullJid> {
        self.0.iter().find(|me| me.to_bare() == *room)
    }

    fn is_me(&self, from: &str) -> bool {
        self.0.iter().any(|me| me.as_str() == from)
            || Jid::new(from).is_ok_and(|from| self.0.iter().any(|me| *me == from))
    }

    /// What a room says of the own messages there, or of the session's place in it.
    pub(crate) fn hear(&self, element: &Element, window: &mut Window) -> Result<(), Error> {
        let Some(from) = element.attr("from").filter(|from| !self.is_empty() && self.is_me(from)) else {
            return Ok(());
        };
        match element.attr("type") {
            Some("groupchat") => shown(element, from, window),
            Some("unavailable") if element.name() == "presence" => return out_of(element, from),
            _ => {}
        }
        Ok(())
    }

    /// The session leaves all rooms.
    pub(crate) fn leave(&self) -> Vec<Element> {
        let leave = |me: &FullJid| {
            let presence = Element::builder("presence", ns::JABBER_CLIENT).with("to", me.as_str());
            presence.with("type", "unavailable").build()
        };
        self.0.iter().map(leave).collect()
    }
}

/// The room shows a message to everybody, also to who wrote it.
fn shown(message: &Element, from: &str, window: &mut Window) {
    let Ok(room) = Jid::new(from).map(|from| from.to_bare()) else { return };
    let origin = message.get_child("origin-id", ns::SID).and_then(|origin| origin.attr("id"));
    for id in [message.attr("id"), origin].into_iter().flatten() {
        window.shown(id, &room);
    }
}

/// Who is sent out gets back what is still to be sent. A room that merely ends, as in a restart, may be entered again.
fn out_of(presence: &Element, from: &str) -> Result<(), Error> {
    let statuses = statuses(presence);
    let destroyed = presence.get_child("x", ns::MUC_USER).is_some_and(|x| x.has_child("destroy", ns::MUC_USER));
    if destroyed || SENT_OUT.iter().any(|code| statuses.contains(code)) {
        return Ok(());
    }
    Err(Error::StreamEnded { condition: format!("no longer in the room, as {from}"), later: true })
}

#[cfg(test)]
mod tests;
