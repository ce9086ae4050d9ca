//! How far the person's devices have read (XEP-0490), kept in a private node on the own account.
//!
//! ejabberd 23.01 refuses the publish options of the XEP's example and makes a public node of one item where there are
//! none; so the node is created and configured first, and published to with the two options that every server takes.
//! A server without such nodes (XEP-0163) keeps the positions in its private storage, or else nothing does.

use jid::Jid;
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::iq::{Answer, Request};
use super::private_storage;
use super::read_node;
use super::session::Session;
use crate::conversation::message::ReadPositions;
use crate::error::Error;

pub(super) const NODE: &str = "urn:xmpp:mds:displayed:0";

/// The read positions that the server keeps.
#[derive(Clone, Debug)]
pub struct Displayed {
    pub positions: ReadPositions,
    /// Those in rooms: ids that the room assigned, not the account (XEP-0490 §3).
    pub in_rooms: ReadPositions,
    pub home: Home,
}

impl Displayed {
    pub(super) fn nothing(home: Home) -> Self {
        Self { positions: ReadPositions::default(), in_rooms: ReadPositions::default(), home }
    }
}

/// Where they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the node of XEP-0490.
    Node,
    /// There, once it is made: nothing was ever published.
    AbsentNode,
    /// There, but it lets others see it, or holds too little.
    BadNode,
    /// In private storage (XEP-0049), which only `chat` reads.
    PrivateStorage,
    /// On no server: each machine knows only what it marked itself.
    Nowhere,
}

/// Asks for all read positions.
pub(crate) fn request() -> Request {
    let items = Element::builder("items", ns::PUBSUB).with("node", NODE).build();
    Request::get(None, Element::builder("pubsub", ns::PUBSUB).append(items).build())
}

/// Reads the answers to [`request`] and to [`read_node::settings_request`], if that was asked; asks the private storage
/// where there can be no node.
pub(crate) async fn read(items: Answer, settings: Option<&Answer>, session: &mut Session) -> Result<Displayed, Error> {
    match items {
        Ok(pubsub) => {
            let items = pubsub.as_ref().and_then(|pubsub| pubsub.get_child("items", ns::PUBSUB));
            let home = if settings.is_none_or(read_node::is_good) { Home::Node } else { Home::BadNode };
            Ok(items.map_or_else(|| Displayed::nothing(home), |items| displayed(items, session, home)))
        }
        Err(refusal) if refusal.condition == "item-not-found" => Ok(Displayed::nothing(Home::AbsentNode)),
        Err(refusal) if refusal.is_absence() => private_storage::read(session).await,
        Err(refusal) => Err(refusal.into_error("to tell what was read")),
    }
}

/// The positions in the `<item/>`s of `items`; the stanza-ids count only where the own account, or the room itself, assigned
/// them (XEP-0359 §5).
pub(super) fn displayed(items: &Element, session: &Session, home: Home) -> Displayed {
    let own = session.account().to_string();
    let positions = items.children().filter_map(|item| position_by(item, &own)).collect();
    let in_rooms = items.children().filter_map(|item| position_by(item, item.attr("id")?)).collect();
    Displayed { positions: ReadPositions(positions), in_rooms: ReadPositions(in_rooms), home }
}

/// The read positions as they are now: another client may have read on since `earlier`.
pub async fn latest(session: &mut Session, earlier: &Displayed) -> Result<Displayed, Error> {
    session.stream.progress.step("looking at the read positions again");
    match earlier.home {
        Home::Nowhere => return Ok(earlier.clone()),
        Home::PrivateStorage => return private_storage::read(session).await,
        Home::Node | Home::AbsentNode | Home::BadNode => {}
    }
    let answers = session.ask(&[request(), read_node::settings_request()], |_| Ok(())).await?;
    let [items, settings]: [Answer; 2] = answers.try_into().map_err(|_| Error::Bug("an answer is missing".into()))?;
    read(items, Some(&settings), session).await
}

/// The position in an item, whose id is the conversation, if `assigner` gave it its stanza-id.
fn position_by(item: &Element, assigner: &str) -> Option<(Jid, String)> {
    let conversation = Jid::new(item.attr("id")?).ok()?;
    let stanza_id = item.get_child("displayed", NODE)?.get_child("stanza-id", ns::SID)?;
    let by = stanza_id.attr("by").and_then(|by| Jid::new(by).ok())?;
    (by.as_str() == assigner).then(|| Some((conversation, stanza_id.attr("id")?.to_owned())))?
}

/// A position as an `<item/>` of `namespace`.
pub(super) fn item(conversation: &Jid, archive_id: &str, assigner: &str, namespace: &str) -> Element {
    let stanza_id = Element::builder("stanza-id", ns::SID).with("by", assigner).with("id", archive_id);
    let displayed = Element::builder("displayed", NODE).append(stanza_id.build());
    Element::builder("item", namespace).with("id", conversation.as_str()).append(displayed.build()).build()
}
