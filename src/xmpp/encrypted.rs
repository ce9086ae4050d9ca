//! Which messages only the person's other devices can read, and how they are encrypted.

use minidom::Element;
use xmpp_parsers::ns;

use super::content::body;
use crate::conversation::content::Content;

/// The namespaces of encrypted payloads, and what people call them.
const KINDS: [(&str, &str); 5] = [
    ("eu.siacs.conversations.axolotl", "OMEMO"),
    ("urn:xmpp:omemo:1", "OMEMO"),
    ("urn:xmpp:omemo:2", "OMEMO"),
    ("urn:xmpp:openpgp:0", "OpenPGP"),
    ("jabber:x:encrypted", "OpenPGP"),
];

/// [`Content::Encrypted`], or [`Content::Nothing`] where only keys are exchanged; `None` for a message in the clear.
///
/// The body of an encrypted message says that a client cannot decrypt it: it is never shown.
pub(super) fn content(stanza: &Element) -> Option<Content> {
    let payload = stanza.children().find_map(|child| Some((child, name(child)?)));
    let named = stanza.get_child("encryption", ns::EME);
    let name = match (payload, named) {
        (Some((payload, "OMEMO")), _) if is_key_exchange(payload, stanza) => return Some(Content::Nothing),
        (Some((_, name)), _) => name,
        (None, Some(named)) => named.attr("name").or_else(|| named.attr("namespace")).unwrap_or("something"),
        (None, None) => return None,
    };
    Some(Content::Encrypted(name.to_owned()))
}

fn name(payload: &Element) -> Option<&'static str> {
    KINDS.iter().find(|(namespace, _)| *namespace == payload.ns()).map(|(_, name)| *name)
}

/// OMEMO messages without a payload set up a session between devices, and say nothing to people (XEP-0384).
fn is_key_exchange(encrypted: &Element, stanza: &Element) -> bool {
    body(stanza).is_none() && !encrypted.children().any(|child| child.name() == "payload")
}
