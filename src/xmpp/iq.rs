//! Questions and answers (RFC 6120 §8.2.3): an answer counts only with the id of a question, from whom it was asked.

use std::time::Duration;

use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::session::Session;
use super::stanza;
use crate::error::Error;

/// A question, and whom it goes to: nobody means the own account.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    id: String,
    to: Option<Jid>,
    kind: &'static str,
    payload: Element,
}

/// The other side said no (RFC 6120 §8.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) condition: String,
    pub(crate) text: String,
}

impl Refusal {
    /// Whether it says that there is no such thing here, rather than that it cannot be had now.
    pub(crate) fn is_absence(&self) -> bool {
        let absent = ["service-unavailable", "feature-not-implemented", "item-not-found", "not-allowed", "forbidden"];
        absent.contains(&self.condition.as_str())
    }

    pub(crate) fn into_error(self, what: &str) -> Error {
        let reason = if self.text.is_empty() { self.condition } else { format!("{} ({})", self.condition, self.text) };
        Error::Refused { what: what.to_owned(), reason }
    }
}

/// The payload of an answer, if it has one, or the refusal.
pub(crate) type Answer = Result<Option<Element>, Refusal>;

impl Request {
    pub(crate) fn get(to: Option<Jid>, payload: Element) -> Self {
        Self { id: stanza::new_id(), to, kind: "get", payload }
    }

    pub(crate) fn set(to: Option<Jid>, payload: Element) -> Self {
        Self { id: stanza::new_id(), to, kind: "set", payload }
    }

    pub(crate) fn to_element(&self) -> Element {
        let mut iq = Element::builder("iq", ns::JABBER_CLIENT).with("type", self.kind).with("id", self.id.as_str());
        if let Some(to) = &self.to {
            iq = iq.with("to", to.as_str());
        }
        iq.append(self.payload.clone()).build()
    }

    /// The answer, where `element` is the one to this question.
    pub(crate) fn answered_by(&self, element: &Element, account: &BareJid) -> Option<Answer> {
        if !element.is("iq", ns::JABBER_CLIENT) || element.attr("id") != Some(self.id.as_str()) {
            return None;
        }
        let from = element.attr("from").map(str::to_owned);
        let expected = match (&self.to, from) {
            (_, None) => self.to.is_none(),
            (Some(to), Some(from)) => Jid::new(&from).is_ok_and(|from| from == *to),
            (None, Some(from)) => stanza::is_own(&from, account),
        };
        match element.attr("type") {
            Some("result") if expected => Some(Ok(element.children().next().cloned())),
            Some("error") if expected => Some(Err(stanza::refusal(element))),
            _ => None,
        }
    }
}

impl Session {
    /// Sends `requests` in one flight and waits for all the answers, in the order of the requests.
    ///
    /// Whatever else arrives meanwhile goes to `other`.
    pub(crate) async fn ask(
        &mut self,
        requests: &[Request],
        other: impl FnMut(Element) -> Result<(), Error>,
    ) -> Result<Vec<Answer>, Error> {
        let out: Vec<Element> = requests.iter().map(Request::to_element).collect();
        self.stream.send(&out).await?;
        self.answers(requests, other).await
    }

    /// Waits for the answers to `requests`, which have been sent.
    pub(crate) async fn answers(
        &mut self,
        requests: &[Request],
        mut other: impl FnMut(Element) -> Result<(), Error>,
    ) -> Result<Vec<Answer>, Error> {
        let mut answers: Vec<Option<Answer>> = vec![None; requests.len()];
        self.gather(requests, &mut answers, requests.len(), &mut other).await?;
        Ok(answers.into_iter().flatten().collect())
    }
}

impl Session {
    /// Like [`Session::ask`], but after `patience` goes on without the answers that are missing.
    pub(crate) async fn ask_patiently(
        &mut self,
        requests: &[Request],
        patience: Duration,
        mut other: impl FnMut(Element) -> Result<(), Error>,
    ) -> Result<Vec<Option<Answer>>, Error> {
        let out: Vec<Element> = requests.iter().map(Request::to_element).collect();
        self.stream.send(&out).await?;
        let mut answers: Vec<Option<Answer>> = vec![None; requests.len()];
        let wait = self.gather(requests, &mut answers, requests.len(), &mut other);
        // Once it is over, late answers go to nobody: their ids are not asked for any more.
        tokio::time::timeout(patience, wait).await.unwrap_or(Ok(()))?;
        Ok(answers)
    }

    /// Collects `answers` to `requests` until the first `many` of them are there.
    pub(super) async fn gather(
        &mut self,
        requests: &[Request],
        answers: &mut [Option<Answer>],
        many: usize,
        other: &mut impl FnMut(Element) -> Result<(), Error>,
    ) -> Result<(), Error> {
        while answers[..many].iter().any(Option::is_none) {
            let element = self.stream.next().await?;
            let account = self.account();
            let mut open = (0..requests.len()).filter(|index| answers[*index].is_none());
            match open.find_map(|index| Some((index, requests[index].answered_by(&element, account)?))) {
                Some((index, answer)) => answers[index] = Some(answer),
                None => other(element)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::ServerMemory;
    use super::super::scripted_server;
    use super::*;

    fn answer(request: &Request, attributes: &str) -> Option<Answer> {
        let xml = format!("<iq xmlns='jabber:client' id='{}' {attributes}/>", request.id);
        let account = BareJid::new("juliet@chat.example").expect("an address");
        request.answered_by(&xml.parse().expect("XML"), &account)
    }

    fn own() -> Request {
        Request::get(None, Element::bare("x", "y"))
    }

    #[test]
    fn the_own_account_answers_with_its_address_or_none() {
        assert_eq!(answer(&own(), "type='result'"), Some(Ok(None)));
        assert_eq!(answer(&own(), "type='result' from='juliet@chat.example'"), Some(Ok(None)));
        assert_eq!(answer(&own(), "type='result' from='Juliet@CHAT.example'"), Some(Ok(None)));
    }

    #[test]
    fn an_answer_from_somebody_else_is_none() {
        assert_eq!(answer(&own(), "type='result' from='mallory@chat.example'"), None);
        assert_eq!(answer(&own(), "type='result' from='mallory@chat.example/juliet@chat.example'"), None);
        let to_server = Request::get(Some(Jid::new("chat.example").expect("an address")), Element::bare("x", "y"));
        assert_eq!(answer(&to_server, "type='result' from='mallory@chat.example'"), None);
        assert_eq!(answer(&to_server, "type='result'"), None);
        assert_eq!(answer(&to_server, "type='result' from='chat.example'"), Some(Ok(None)));
    }

    #[test]
    fn after_patience_the_answers_that_came_count() {
        let mut script = scripted_server::welcome("");
        script.push(("<second", "<iq type='result' id='{id}'/>".into()));
        script.push(("nothing more", String::new()));
        let asked = |name| Request::get(None, Element::bare(name, "y"));
        let answers = scripted_server::run(async {
            let ready = scripted_server::log_in(script, &ServerMemory::default()).await?;
            let mut session = ready.bind(&[]).await?;
            session.ask_patiently(&[asked("first"), asked("second")], Duration::from_secs(2), |_| Ok(())).await
        });
        assert_eq!(answers.expect("no error"), [None, Some(Ok(None))]);
    }

    #[test]
    fn a_question_is_no_answer() {
        assert_eq!(answer(&own(), "type='get'"), None);
    }
}
