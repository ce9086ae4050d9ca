//! How far the person's devices have read (XEP-0490), kept in a private node on the own account.
//!
//! ejabberd 23.01 refuses the publish options of the XEP's example and makes a public node of one item where there are
//! none; so the node is created and configured first, and published to with the two options that every server takes.
//! A server without such nodes (XEP-0163) keeps the positions in its private storage, or else nothing does.

use jid::Jid;
use minidom::Element;
use xmpp_parsers::ns;

use super::build::{With, form};
use super::iq::{Answer, Request};
use super::private_storage;
use super::read_node;
use super::session::Session;
use crate::conversation::marks::Mark;
use crate::conversation::message::ReadPositions;
use crate::error::Error;

pub(super) const NODE: &str = "urn:xmpp:mds:displayed:0";

/// The read positions that the server keeps.
#[derive(Debug)]
pub struct Displayed {
    pub positions: ReadPositions,
    pub home: Home,
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

/// Reads the answer to [`request`]; asks the private storage where there can be no node.
pub(crate) async fn read(answer: Answer, session: &mut Session) -> Result<Displayed, Error> {
    match answer {
        Ok(pubsub) => {
            let items = pubsub.as_ref().and_then(|pubsub| pubsub.get_child("items", ns::PUBSUB));
            let positions = items.map(|items| positions(items, session)).unwrap_or_default();
            Ok(Displayed { positions, home: Home::Node })
        }
        Err(refusal) if refusal.condition == "item-not-found" => {
            Ok(Displayed { positions: ReadPositions::default(), home: Home::AbsentNode })
        }
        Err(refusal) if refusal.is_absence() => private_storage::read(session).await,
        Err(refusal) => Err(refusal.into_error("to tell what was read")),
    }
}

/// The read positions as they are now: another client may have read on since `earlier`. Looks at the node, too.
pub async fn latest(session: &mut Session, earlier: &Displayed) -> Result<Displayed, Error> {
    session.stream.progress.step("looking at the read positions again");
    match earlier.home {
        Home::Nowhere => return Ok(Displayed { positions: earlier.positions.clone(), home: Home::Nowhere }),
        Home::PrivateStorage => return private_storage::read(session).await,
        Home::Node | Home::AbsentNode | Home::BadNode => {}
    }
    let answers = session.ask(&[request(), read_node::settings_request()], |_| Ok(())).await?;
    let [items, settings]: [Answer; 2] = answers.try_into().map_err(|_| Error::Bug("an answer is missing".into()))?;
    let mut latest = read(items, session).await?;
    if latest.home == Home::Node && !read_node::is_good(&settings) {
        latest.home = Home::BadNode;
    }
    Ok(latest)
}

/// The positions in the `<item/>`s of `parent`; its stanza-ids count only where the own account assigned them (XEP-0359
/// §5).
pub(super) fn positions(parent: &Element, session: &Session) -> ReadPositions {
    let own = session.account().to_string();
    ReadPositions(parent.children().filter_map(|item| position_by(item, &own)).collect())
}

/// The position in an item, whose id is the conversation, if `assigner` gave it its stanza-id.
pub(crate) fn position_by(item: &Element, assigner: &str) -> Option<(Jid, String)> {
    let conversation = Jid::new(item.attr("id")?).ok()?;
    let stanza_id = item.get_child("displayed", NODE)?.get_child("stanza-id", ns::SID)?;
    let by = stanza_id.attr("by").and_then(|by| Jid::new(by).ok())?;
    (by.as_str() == assigner).then(|| Some((conversation, stanza_id.attr("id")?.to_owned())))?
}

/// Publishes `marks` in one flight, making or repairing their home; all of them or an error.
pub async fn publish(session: &mut Session, marks: &[Mark], latest: &Displayed) -> Result<(), Error> {
    session.stream.progress.step("marking as read");
    let preparation = match latest.home {
        Home::Nowhere => return Ok(()),
        Home::PrivateStorage => return private_storage::publish(session, marks, &latest.positions).await,
        Home::Node => None,
        Home::AbsentNode => Some(read_node::creation()),
        Home::BadNode => Some(read_node::configuration()),
    };
    let own = session.account().to_string();
    let publications: Vec<Request> = marks.iter().map(|mark| publication(mark, &own)).collect();
    publish_all(session, preparation, &publications).await
}

/// The same, in a node that may be `absent`, for ids that somebody else than the account gave, such as a room.
pub(crate) async fn publish_by(
    session: &mut Session,
    marks: &[Mark],
    absent: bool,
    assigner: impl Fn(&Mark) -> String,
) -> Result<(), Error> {
    session.stream.progress.step("marking as read");
    let publications: Vec<Request> = marks.iter().map(|mark| publication(mark, &assigner(mark))).collect();
    publish_all(session, absent.then(read_node::creation), &publications).await
}

async fn publish_all(
    session: &mut Session,
    preparation: Option<Request>,
    publications: &[Request],
) -> Result<(), Error> {
    let answers = ask_all(session, preparation, publications).await?;
    // The node exists with other settings after all, such as one that lets contacts see it (precondition-not-met).
    if answers.iter().any(|answer| matches!(answer, Err(refusal) if refusal.condition == "conflict")) {
        return accepted(ask_all(session, Some(read_node::configuration()), publications).await?);
    }
    accepted(answers)
}

/// The answers to `publications`; what prepares them may fail, as another client may have been faster.
async fn ask_all(
    session: &mut Session,
    preparation: Option<Request>,
    publications: &[Request],
) -> Result<Vec<Answer>, Error> {
    let requests: Vec<Request> = preparation.into_iter().chain(publications.iter().cloned()).collect();
    let mut answers = session.ask(&requests, |_| Ok(())).await?;
    Ok(answers.split_off(requests.len() - publications.len()))
}

fn accepted(answers: Vec<Answer>) -> Result<(), Error> {
    let refused = answers.into_iter().find_map(Result::err);
    refused.map_or(Ok(()), |refusal| Err(refusal.into_error("to mark as read")))
}

fn publication(mark: &Mark, assigner: &str) -> Request {
    let publish = Element::builder("publish", ns::PUBSUB).with("node", NODE);
    let publish = publish.append(item(&mark.conversation, &mark.archive_id, assigner, ns::PUBSUB)).build();
    let options = [("pubsub#persist_items", "true"), ("pubsub#access_model", "whitelist")];
    let options = Element::builder("publish-options", ns::PUBSUB)
        .append(form("http://jabber.org/protocol/pubsub#publish-options", &options))
        .build();
    Request::set(None, Element::builder("pubsub", ns::PUBSUB).append(publish).append(options).build())
}

/// A position as an `<item/>` of `namespace`.
pub(super) fn item(conversation: &Jid, archive_id: &str, assigner: &str, namespace: &str) -> Element {
    let stanza_id = Element::builder("stanza-id", ns::SID).with("by", assigner).with("id", archive_id);
    let displayed = Element::builder("displayed", NODE).append(stanza_id.build());
    Element::builder("item", namespace).with("id", conversation.as_str()).append(displayed.build()).build()
}
