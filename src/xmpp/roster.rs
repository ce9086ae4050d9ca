//! The person's contacts (RFC 6121 §2), for their names.

use jid::BareJid;
use minidom::Element;
use xmpp_parsers::ns;

use super::iq::{Answer, Request};
use crate::conversation::contacts::Names;

/// Asks for all contacts.
pub(crate) fn request() -> Request {
    Request::get(None, Element::bare("query", ns::ROSTER))
}

/// The names from the answer to [`request`]; none where the server keeps no contacts, for names only help reading.
pub(crate) fn names(answer: Answer) -> Names {
    let query = answer.ok().flatten();
    Names(query.iter().flat_map(Element::children).filter_map(name).collect())
}

fn name(item: &Element) -> Option<(BareJid, String)> {
    let contact = BareJid::new(item.attr("jid")?).ok()?;
    let name = item.attr("name").filter(|name| !name.trim().is_empty())?;
    Some((contact, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_without_a_name_have_none() {
        let query = "<query xmlns='jabber:iq:roster'><item jid='bob@b.example' name='Bob'/>\
            <item jid='eve@e.example'/><item jid='@' name='Nobody'/><item jid='x@e.example' name=' '/></query>";
        let names = names(Ok(Some(query.parse().expect("XML"))));
        let bob = BareJid::new("bob@b.example").expect("an address");
        assert_eq!(names.0.into_iter().collect::<Vec<_>>(), [(bob, "Bob".into())]);
    }
}
