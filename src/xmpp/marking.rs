//! Telling the server what was read: the positions for the person's other devices, and what the offline queue need not
//! keep any more.

use minidom::Element;
use xmpp_parsers::ns;

use super::build::{With, form};
use super::displayed::{self, Displayed, Home, NODE};
use super::iq::{Answer, Request};
use super::offline;
use super::private_storage;
use super::read_node;
use super::session::Session;
use crate::conversation::marks::Mark;
use crate::error::Error;

/// What to tell.
#[derive(Debug)]
pub struct Marks<'a> {
    /// Positions in the archive of the account,
    pub own: &'a [Mark],
    /// and in those of rooms.
    pub in_rooms: &'a [Mark],
    /// Nodes of the offline queue.
    pub offline_nodes: &'a [String],
}

/// Publishes the positions and removes the nodes, in one flight; all of it or an error.
///
/// Neither depends on the other: what is removed was shown, or is in the archive too.
pub async fn tell(session: &mut Session, marks: &Marks<'_>, latest: &Displayed) -> Result<(), Error> {
    session.stream.progress.step("marking as read");
    let publications = publications(session, marks, latest);
    let removals = offline::removals(marks.offline_nodes);
    let preparation = preparation(latest.home).filter(|_| !publications.is_empty());
    let requests: Vec<Request> =
        preparation.into_iter().chain(publications.iter().cloned()).chain(removals.iter().cloned()).collect();
    if requests.is_empty() {
        return Ok(());
    }
    let mut answers = session.ask(&requests, |_| Ok(())).await?;
    let removed = answers.split_off(requests.len() - removals.len());
    // What prepares them may fail, as another client may have been faster.
    let published = answers.split_off(answers.len() - publications.len());
    accepted(repaired(session, published, &publications).await?)?;
    offline::removed(removed)
}

/// Each position is an item; the private storage takes only all of them at once.
fn publications(session: &Session, marks: &Marks<'_>, latest: &Displayed) -> Vec<Request> {
    let own = session.account().to_string();
    match latest.home {
        Home::Nowhere => Vec::new(),
        Home::PrivateStorage if marks.own.is_empty() => Vec::new(),
        Home::PrivateStorage => vec![private_storage::publication(marks.own, &latest.positions, &own)],
        Home::Node | Home::AbsentNode | Home::BadNode => {
            let in_rooms = marks.in_rooms.iter().map(|mark| publication(mark, mark.conversation.as_str()));
            marks.own.iter().map(|mark| publication(mark, &own)).chain(in_rooms).collect()
        }
    }
}

fn preparation(home: Home) -> Option<Request> {
    match home {
        Home::AbsentNode => Some(read_node::creation()),
        Home::BadNode => Some(read_node::configuration()),
        Home::Node | Home::PrivateStorage | Home::Nowhere => None,
    }
}

/// The answers to `publications`, once more where the node has other settings after all, such as one that lets contacts
/// see it (precondition-not-met).
async fn repaired(session: &mut Session, answers: Vec<Answer>, publications: &[Request]) -> Result<Vec<Answer>, Error> {
    if !answers.iter().any(|answer| matches!(answer, Err(refusal) if refusal.condition == "conflict")) {
        return Ok(answers);
    }
    let requests: Vec<Request> =
        std::iter::once(read_node::configuration()).chain(publications.iter().cloned()).collect();
    Ok(session.ask(&requests, |_| Ok(())).await?.split_off(1))
}

fn accepted(answers: Vec<Answer>) -> Result<(), Error> {
    let refused = answers.into_iter().find_map(Result::err);
    refused.map_or(Ok(()), |refusal| Err(refusal.into_error("to mark as read")))
}

fn publication(mark: &Mark, assigner: &str) -> Request {
    let publish = Element::builder("publish", ns::PUBSUB).with("node", NODE);
    let publish = publish.append(displayed::item(&mark.conversation, &mark.archive_id, assigner, ns::PUBSUB)).build();
    let options = [("pubsub#persist_items", "true"), ("pubsub#access_model", "whitelist")];
    let options = Element::builder("publish-options", ns::PUBSUB)
        .append(form("http://jabber.org/protocol/pubsub#publish-options", &options))
        .build();
    Request::set(None, Element::builder("pubsub", ns::PUBSUB).append(publish).append(options).build())
}

#[cfg(test)]
mod tests {
    use jid::Jid;

    use super::super::memory::ServerMemory;
    use super::super::scripted_server;
    use super::*;

    /// Marks a message as read and removes another from the queue. The server answers once it has heard of both.
    fn tell_to(server: &[(&'static str, &str)]) -> Result<(), Error> {
        let conversation = Jid::new("romeo@chat.example").expect("an address");
        let own = [Mark { conversation, archive_id: "7".into() }];
        let marks = Marks { own: &own, in_rooms: &[], offline_nodes: &["1".into()] };
        let mut script = scripted_server::welcome("");
        script.extend(server.iter().map(|(heard, answer)| (*heard, (*answer).to_owned())));
        scripted_server::run(async {
            let mut session = scripted_server::log_in(script, &ServerMemory::default()).await?.bind(&[]).await?;
            tell(&mut session, &marks, &Displayed::nothing(Home::Node)).await
        })
    }

    const BOTH: &str = "</offline></iq>";
    const FIRST_DONE: &str = "<iq type='result' id='{first}'/>";

    fn refused(id: &str, condition: &str) -> String {
        let namespace = ns::XMPP_STANZAS;
        format!("<iq type='error' id='{id}'><error type='cancel'><{condition} xmlns='{namespace}'/></error></iq>")
    }

    #[test]
    fn positions_and_the_queue_take_one_round_trip() {
        let removed = "<iq type='result' id='{id}'/>";
        assert!(tell_to(&[(BOTH, &format!("{FIRST_DONE}{removed}"))]).is_ok());
        let gone = refused("{id}", "item-not-found");
        assert!(tell_to(&[(BOTH, &format!("{FIRST_DONE}{gone}"))]).is_ok());
    }

    #[test]
    fn what_is_refused_is_told() {
        let refusal = refused("{id}", "internal-server-error");
        let error = tell_to(&[(BOTH, &format!("{FIRST_DONE}{refusal}"))]).expect_err("the queue was kept");
        assert!(error.to_string().contains("to empty the offline queue"), "{error}");
        let answers = format!("{}<iq type='result' id='{{id}}'/>", refused("{first}", "forbidden"));
        let error = tell_to(&[(BOTH, &answers)]).expect_err("nothing was published");
        assert!(error.to_string().contains("to mark as read"), "{error}");
    }

    #[test]
    fn a_node_that_was_changed_meanwhile_is_repaired() {
        let answers = format!("{}<iq type='result' id='{{id}}'/>", refused("{first}", "conflict"));
        let published = ("</publish-options></pubsub></iq>", FIRST_DONE);
        assert!(tell_to(&[(BOTH, &answers), ("</configure></pubsub></iq>", FIRST_DONE), published]).is_ok());
    }
}
