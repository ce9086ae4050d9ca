//! From a stanza to what it says: [`Content`].

use jid::{BareJid, Jid};
use minidom::Element;
use xmpp_parsers::ns;

use super::encrypted;
use super::files;
use crate::conversation::content::{Content, Invitation};

/// XEP-0333.
const CHAT_MARKERS: &str = "urn:xmpp:chat-markers:0";
/// XEP-0249.
const CONFERENCE: &str = "jabber:x:conference";
/// XEP-0424, from version 0.4 on.
const RETRACT: &str = "urn:xmpp:message-retract:1";
/// XEP-0424 before that, inside XEP-0422.
const RETRACT_OLD: &str = "urn:xmpp:message-retract:0";
const FASTEN: &str = "urn:xmpp:fasten:0";
/// XEP-0428.
const FALLBACK: &str = "urn:xmpp:fallback:0";

/// What `stanza`, a `<message/>`, says.
pub(crate) fn content(stanza: &Element) -> Content {
    let kind = stanza.attr("type").unwrap_or("normal");
    if kind == "error" || kind == "groupchat" { Content::Nothing } else { said(stanza) }
}

/// What a message says that somebody wrote in a room. Setting the subject of the room says nothing to anyone.
pub(super) fn in_room(stanza: &Element) -> Content {
    let is_subject = stanza.has_child("subject", ns::JABBER_CLIENT) && body(stanza).is_none();
    if stanza.attr("type") != Some("groupchat") || is_subject { Content::Nothing } else { said(stanza) }
}

fn said(stanza: &Element) -> Content {
    encrypted::content(stanza)
        .or_else(|| retraction(stanza))
        .or_else(|| reactions(stanza))
        .or_else(|| invitation(stanza))
        .or_else(|| words(stanza).map(|words| corrected(stanza, words)))
        .or_else(|| marker(stanza))
        .unwrap_or_else(|| if is_receipt(stanza) { Content::Receipt } else { Content::Nothing })
}

fn is_receipt(stanza: &Element) -> bool {
    stanza.children().any(|child| child.is("received", ns::RECEIPTS) || child.ns() == ns::CHATSTATES)
}

/// Its fallback body says that a client does not understand it, and is of no use to one that does.
fn retraction(stanza: &Element) -> Option<Content> {
    let new = stanza.get_child("retract", RETRACT).and_then(|retract| retract.attr("id"));
    let old =
        || stanza.get_child("apply-to", FASTEN).filter(|apply| apply.has_child("retract", RETRACT_OLD))?.attr("id");
    let is_tombstone = stanza.has_child("retracted", RETRACT) || stanza.has_child("retracted", RETRACT_OLD);
    let tombstone = || is_tombstone.then_some(Content::Retracted);
    new.or_else(old).map(|of| Content::Retraction { of: of.to_owned() }).or_else(tombstone)
}

/// A body beside reactions is theirs only where it says so.
fn reactions(stanza: &Element) -> Option<Content> {
    let reactions = stanza.get_child("reactions", ns::REACTIONS)?;
    if body(stanza).is_some() && !stanza.has_child("fallback", FALLBACK) {
        return None;
    }
    let emoji = reactions.children().filter(|child| child.is("reaction", ns::REACTIONS)).map(Element::text);
    Some(Content::Reactions { to: reactions.attr("id")?.to_owned(), emoji: emoji.collect() })
}

/// Through the room (XEP-0045 §7.8.2), which alone can tell who invites, or straight from a contact (XEP-0249).
fn invitation(stanza: &Element) -> Option<Content> {
    let text = |text: String| Some(text).filter(|text| !text.is_empty());
    let invite = stanza.get_child("x", ns::MUC_USER).and_then(|x| x.get_child("invite", ns::MUC_USER));
    if let Some(invite) = invite {
        let room = stanza.attr("from").and_then(|from| Jid::new(from).ok())?.to_bare();
        let from = invite.attr("from").and_then(|from| Jid::new(from).ok());
        let reason = invite.get_child("reason", ns::MUC_USER).map(Element::text).and_then(text);
        return Some(Content::Invitation(Invitation { room, from, reason }));
    }
    let direct = stanza.get_child("x", CONFERENCE)?;
    let room = BareJid::new(direct.attr("jid")?).ok()?;
    let reason = direct.attr("reason").map(str::to_owned).and_then(text).or_else(|| body(stanza));
    Some(Content::Invitation(Invitation { room, from: None, reason }))
}

fn words(stanza: &Element) -> Option<Content> {
    let text = body(stanza);
    let files = files::files(stanza);
    let subject = in_plain_language(stanza, "subject");
    if !files.is_empty() {
        // Clients repeat the address in the body for those that know no files.
        let text = text.filter(|text| files.iter().all(|file| file.url != text.trim()));
        Some(Content::Files { files, text })
    } else if let Some(subject) = subject {
        Some(Content::Letter { subject, text: text.unwrap_or_default() })
    } else {
        text.map(Content::Text)
    }
}

/// XEP-0308.
fn corrected(stanza: &Element, words: Content) -> Content {
    match stanza.get_child("replace", ns::MESSAGE_CORRECT).and_then(|replace| replace.attr("id")) {
        Some(of) => Content::Correction { of: of.to_owned(), content: Box::new(words) },
        None => words,
    }
}

fn marker(stanza: &Element) -> Option<Content> {
    let marker = stanza.get_child("displayed", CHAT_MARKERS)?;
    marker.attr("id").map(|id| Content::Displayed(id.to_owned()))
}

pub(super) fn body(stanza: &Element) -> Option<String> {
    in_plain_language(stanza, "body")
}

/// The text of the child `name` without a language of its own, or else of the first; those that say nothing do not count.
fn in_plain_language(stanza: &Element, name: &str) -> Option<String> {
    let says_something = |child: &&Element| !child.text().is_empty();
    let texts = || stanza.children().filter(|child| child.is(name, ns::JABBER_CLIENT)).filter(says_something);
    let plain = texts().find(|text| text.attr_ns(&rxml::Namespace::XML, "lang").is_none());
    plain.or_else(|| texts().next()).map(Element::text)
}

#[cfg(test)]
mod tests;
