//! Getting into the rooms that messages are for.

use std::collections::BTreeMap;

use jid::BareJid;

use crate::conversation::delivery::Outgoing;
use crate::conversation::entry::{Door, Exclusion, Why};
use crate::credentials;
use crate::error::Error;
use crate::xmpp::occupancy::{self, Occupancies};
use crate::xmpp::session::Session;

/// The rooms that `messages` are for, each once.
pub(in super::super) fn doors<'a>(messages: impl Iterator<Item = &'a Outgoing>) -> Vec<Door> {
    let mut doors: Vec<Door> = Vec::new();
    for door in messages.filter_map(Outgoing::door) {
        if doors.iter().all(|known| known.room != door.room) {
            doors.push(door);
        }
    }
    doors
}

/// Enters the rooms; tells which of them keep the session out.
pub(super) async fn enter(
    session: &mut Session,
    doors: &[Door],
) -> Result<(Occupancies, BTreeMap<BareJid, Exclusion>), Error> {
    if doors.is_empty() {
        return Ok((Occupancies::default(), BTreeMap::new()));
    }
    let (mut open, mut outside) = (Vec::new(), BTreeMap::new());
    for door in doors {
        match door.entry.password_file.as_deref().map(credentials::read).transpose() {
            Ok(password) => open.push((door.clone(), password.map(|password| password.for_login()))),
            Err(error) => {
                let exclusion = Exclusion { why: Why::PasswordUnreadable, said: error.to_string() };
                outside.insert(door.room.clone(), exclusion);
            }
        }
    }
    let (rooms, kept_out) = occupancy::enter(session, open).await?;
    outside.extend(kept_out);
    Ok((rooms, outside))
}
