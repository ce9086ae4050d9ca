//! The words of a message, and what it does to an earlier one: replies (XEP-0461), corrections (XEP-0308), retractions
//! (XEP-0424) and reactions (XEP-0444), with what says which part of the words is only for clients that do not know
//! these (XEP-0428).

use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::files;
use crate::conversation::about::{About, Act};
use crate::conversation::delivery::{Attachment, Outgoing};

const REPLY: &str = "urn:xmpp:reply:0";
const RETRACT: &str = "urn:xmpp:message-retract:1";
const FALLBACK: &str = "urn:xmpp:fallback:0";
const HINTS: &str = "urn:xmpp:hints";

/// The children of `<message/>` that say what it says.
pub(crate) fn body_and_marks(message: &Outgoing) -> Vec<Element> {
    let text = message.body.as_str();
    if let Some(Attachment::There(file)) = &message.manner.file {
        return [vec![body(&file.url)], files::shared_as(file), vec![fallback(files::SHARING, None)]].concat();
    }
    match &message.manner.about {
        None => vec![body(text)],
        Some(about) => match about.act {
            Act::Reply => reply(about, text),
            Act::Correct => vec![body(text), by_id("replace", ns::MESSAGE_CORRECT, &about.id)],
            Act::Retract => vec![body(text), by_id("retract", RETRACT, &about.id), fallback(RETRACT, None), store()],
            Act::React => vec![reactions(&about.id, text), store()],
        },
    }
}

fn body(text: &str) -> Element {
    Element::builder("body", ns::JABBER_CLIENT).append(text).build()
}

fn by_id(name: &'static str, namespace: &'static str, id: &str) -> Element {
    Element::builder(name, namespace).with("id", id).build()
}

fn reply(about: &About, text: &str) -> Vec<Element> {
    let mut reply = Element::builder("reply", REPLY).with("id", &about.id);
    if let Some(author) = &about.author {
        reply = reply.with("to", author.as_str());
    }
    let Some(quote) = &about.quote else { return vec![body(text), reply.build()] };
    // XEP-0426: counted in code points.
    let end = quote.chars().count();
    vec![body(&[quote, text].concat()), reply.build(), fallback(REPLY, Some(end))]
}

/// The words up to `end`, or all of them, are for those who do not know `of`.
fn fallback(of: &str, end: Option<usize>) -> Element {
    let range =
        end.map(|end| Element::builder("body", FALLBACK).with("start", "0").with("end", &end.to_string()).build());
    Element::builder("fallback", FALLBACK).with("for", of).append_all(range).build()
}

fn reactions(id: &str, emoji: &str) -> Element {
    let reaction = |emoji: &str| Element::builder("reaction", ns::REACTIONS).append(emoji).build();
    let reactions = Element::builder("reactions", ns::REACTIONS).with("id", id);
    reactions.append_all(emoji.split_whitespace().map(reaction)).build()
}

/// XEP-0334: archives keep what has no words, too.
fn store() -> Element {
    Element::bare("store", HINTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::delivery::Manner;
    use jid::Jid;
    use std::rc::Rc;

    fn sent(about: About, text: &str) -> String {
        let manner = Rc::new(Manner { about: Some(about), ..Manner::default() });
        let to = Jid::new("romeo@chat.example").expect("an address");
        let message = Outgoing { to, id: "m2".into(), body: text.into(), line: None, manner };
        body_and_marks(&message).iter().map(String::from).collect::<Vec<_>>().concat()
    }

    #[test]
    fn the_quote_of_a_reply_is_counted_in_code_points() {
        let author = Jid::new("romeo@chat.example").ok();
        let about = About { act: Act::Reply, id: "m1".into(), author, quote: Some("> grüße 😀\n".into()) };
        let xml = sent(about, "ja");
        assert!(xml.contains("&gt; grüße 😀\nja</body>"), "{xml}");
        assert!(xml.contains("start='0' end='10'") || xml.contains("end='10' start='0'"), "{xml}");
        assert!(xml.contains("to='romeo@chat.example'") && xml.contains("id='m1'"), "{xml}");
    }

    #[test]
    fn reactions_have_no_body_and_are_kept() {
        let xml = sent(About::new(Act::React, "m1".into()), "👍 🎉");
        assert!(xml.contains(">👍</reaction>") && xml.contains(">🎉</reaction>"), "{xml}");
        assert!(!xml.contains("<body") && xml.contains("<store"), "{xml}");
        let none = sent(About::new(Act::React, "m1".into()), "");
        assert!(none.contains("<reactions") && !none.contains("<reaction>") && !none.contains("<body"), "{none}");
    }

    #[test]
    fn corrections_and_retractions_name_the_message() {
        let of = |act| sent(About::new(act, "m1".into()), "words");
        assert!(of(Act::Correct).contains("urn:xmpp:message-correct:0") && of(Act::Correct).contains("id='m1'"));
        assert!(of(Act::Retract).contains("urn:xmpp:message-retract:1") && of(Act::Retract).contains("<fallback"));
    }
}
