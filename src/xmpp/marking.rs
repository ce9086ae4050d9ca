//! Telling the server what was read: the positions for the person's other devices, and what the offline queue need not
//! keep any more.

use std::ops::Range;

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

/// What was told and is not answered yet.
#[derive(Debug)]
pub struct Telling {
    requests: Vec<Request>,
    answers: Vec<Option<Answer>>,
    /// The first request is for the positions as they are then.
    asks: bool,
    /// Which of the requests publish; those behind them remove.
    published: Range<usize>,
}

/// The server has dealt with the positions.
#[derive(Debug)]
pub struct Published {
    /// How far other clients had read just before.
    pub before: Option<Displayed>,
    /// Why some positions were not taken. Where nobody else can know them, they hold on this machine.
    pub refused: Option<Error>,
}

/// Publishes the positions and removes the nodes, in one flight. Neither depends on the other: what is removed was shown,
/// or is in the archive too.
pub async fn tell(session: &mut Session, marks: &Marks<'_>, latest: &Displayed) -> Result<Telling, Error> {
    session.stream.progress.step("marking as read");
    let publications = publications(session, marks, latest);
    let preparation = preparation(latest.home).filter(|_| !publications.is_empty());
    // The server works in order: another client may have read on until this very moment.
    let asks = latest.home != Home::PrivateStorage && !publications.is_empty();
    let mut requests: Vec<Request> = asks.then(displayed::request).into_iter().chain(preparation).collect();
    let published = requests.len()..requests.len() + publications.len();
    requests.extend(publications);
    requests.extend(offline::removals(marks.offline_nodes));
    let out: Vec<Element> = requests.iter().map(Request::to_element).collect();
    if !out.is_empty() {
        session.stream.send(&out).await?;
    }
    Ok(Telling { answers: vec![None; requests.len()], requests, asks, published })
}

impl Telling {
    /// Waits until the positions are published, in a node that is repaired where it must be.
    pub async fn published(&mut self, session: &mut Session) -> Result<Published, Error> {
        let Range { start, end } = self.published.clone();
        self.wait(session, end).await?;
        let mut answers = self.answers[..end].iter().flatten().cloned();
        let before = match answers.next().filter(|_| self.asks) {
            Some(positions @ Ok(_)) => Some(displayed::read(positions, None, session).await?),
            _ => None,
        };
        // What prepares them may fail, as another client may have been faster.
        let mut answers: Vec<Answer> = self.answers[start..end].iter().flatten().cloned().collect();
        if answers.iter().any(is_conflict) {
            self.wait(session, self.requests.len()).await?;
            answers = repaired(session, &self.requests[start..end]).await?;
        }
        let refused = answers.into_iter().find_map(Result::err);
        Ok(Published { before, refused: refused.map(|refusal| refusal.into_error("to mark as read")) })
    }

    /// Waits until the queue is rid of the nodes.
    pub async fn removed(mut self, session: &mut Session) -> Result<(), Error> {
        session.stream.progress.step("emptying the offline queue");
        self.wait(session, self.requests.len()).await?;
        offline::removed(self.answers.split_off(self.published.end).into_iter().flatten().collect())
    }

    /// Waits until the first `many` requests are answered, and keeps what comes early.
    async fn wait(&mut self, session: &mut Session, many: usize) -> Result<(), Error> {
        session.gather(&self.requests, &mut self.answers, many, &mut |_| Ok(())).await
    }
}

/// Each position is an item; the private storage takes only all of them at once.
fn publications(session: &Session, marks: &Marks<'_>, latest: &Displayed) -> Vec<Request> {
    let own = session.account().to_string();
    match latest.home {
        Home::Nowhere => Vec::new(),
        Home::PrivateStorage if marks.own.is_empty() && marks.in_rooms.is_empty() => Vec::new(),
        Home::PrivateStorage => vec![private_storage::publication(marks, latest, &own)],
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

/// The node exists with other settings after all, such as one that lets contacts see it (precondition-not-met).
fn is_conflict(answer: &Answer) -> bool {
    matches!(answer, Err(refusal) if refusal.condition == "conflict")
}

/// The answers to `publications`, once more in a node that is set up anew.
async fn repaired(session: &mut Session, publications: &[Request]) -> Result<Vec<Answer>, Error> {
    let requests: Vec<Request> =
        std::iter::once(read_node::configuration()).chain(publications.iter().cloned()).collect();
    Ok(session.ask(&requests, |_| Ok(())).await?.split_off(1))
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

    /// Marks a message as read and removes another from the queue. The server answers the question for the positions, and
    /// the rest once it has heard all of it.
    fn tell_to(rest: &str, then: &[(&'static str, &str)]) -> Result<(Published, Result<(), Error>), Error> {
        let conversation = Jid::new("romeo@chat.example").expect("an address");
        let own = [Mark { conversation, archive_id: "7".into() }];
        let marks = Marks { own: &own, in_rooms: &[], offline_nodes: &["1".into()] };
        let mut script = scripted_server::welcome("");
        script.extend([("</pubsub></iq>", positions("9")), ("</offline></iq>", rest.to_owned())]);
        script.extend(then.iter().map(|(heard, answer)| (*heard, (*answer).to_owned())));
        scripted_server::run(async {
            let mut session = scripted_server::log_in(script, &ServerMemory::default()).await?.bind(&[]).await?;
            let mut telling = tell(&mut session, &marks, &Displayed::nothing(Home::Node)).await?;
            let published = telling.published(&mut session).await?;
            Ok((published, telling.removed(&mut session).await))
        })
    }

    const FIRST_DONE: &str = "<iq type='result' id='{first}'/>";
    const DONE: &str = "<iq type='result' id='{id}'/>";

    fn positions(archive_id: &str) -> String {
        let own = scripted_server::account();
        format!(
            "<iq type='result' id='{{id}}'><pubsub xmlns='{}'><items node='{NODE}'><item id='romeo@chat.example'>\
             <displayed xmlns='{NODE}'><stanza-id xmlns='{}' by='{own}' id='{archive_id}'/></displayed></item></items>\
             </pubsub></iq>",
            ns::PUBSUB,
            ns::SID
        )
    }

    fn refused(id: &str, condition: &str) -> String {
        let namespace = ns::XMPP_STANZAS;
        format!("<iq type='error' id='{id}'><error type='cancel'><{condition} xmlns='{namespace}'/></error></iq>")
    }

    #[test]
    fn positions_and_the_queue_take_one_round_trip() {
        let (published, removed) = tell_to(&format!("{FIRST_DONE}{DONE}"), &[]).expect("a connection");
        assert!(published.refused.is_none() && removed.is_ok());
        let before = published.before.expect("positions").positions.0.into_values().next();
        assert_eq!(before.as_deref(), Some("9"), "what another client published just before is known");
        let gone = refused("{id}", "item-not-found");
        assert!(tell_to(&format!("{FIRST_DONE}{gone}"), &[]).expect("a connection").1.is_ok());
    }

    #[test]
    fn what_is_refused_is_told_and_holds_up_nothing_else() {
        let refusal = refused("{id}", "internal-server-error");
        let (published, removed) = tell_to(&format!("{FIRST_DONE}{refusal}"), &[]).expect("a connection");
        assert!(published.refused.is_none());
        let removed = removed.expect_err("the queue was kept");
        assert!(removed.to_string().contains("to empty the offline queue"), "{removed}");
        let refusal = refused("{first}", "forbidden");
        let (published, removed) = tell_to(&format!("{refusal}{DONE}"), &[]).expect("a connection");
        let refused = published.refused.expect("nothing was published").to_string();
        assert!(refused.contains("to mark as read") && removed.is_ok(), "{refused}");
    }

    #[test]
    fn a_node_that_was_changed_meanwhile_is_repaired() {
        let conflict = format!("{}{DONE}", refused("{first}", "conflict"));
        let repair = [("</configure></pubsub></iq>", FIRST_DONE), ("</publish-options></pubsub></iq>", FIRST_DONE)];
        let (published, removed) = tell_to(&conflict, &repair).expect("a connection");
        assert!(published.refused.is_none() && removed.is_ok());
    }
}
