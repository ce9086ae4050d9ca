//! Files that come with a message: shared by XEP-0447 with their properties, or as a mere address (XEP-0066).

use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use crate::conversation::attachment::Shared;
use crate::conversation::content::File;

pub(super) const SHARING: &str = "urn:xmpp:sfs:0";
const METADATA: &str = "urn:xmpp:file:metadata:0";
const URL_DATA: &str = "http://jabber.org/protocol/url-data";

/// How a message says that it is this file, in both ways: clients know one or the other.
pub(super) fn shared_as(file: &Shared) -> Vec<Element> {
    let property = |name: &str, text: &str| Element::builder(name, METADATA).append(text).build();
    let hash = Element::builder("hash", ns::HASHES).with("algo", "sha-256").append(file.sha256.as_str()).build();
    let about = Element::builder("file", METADATA)
        .append(property("name", &file.name))
        .append(property("media-type", file.media_type))
        .append(property("size", &file.size.to_string()))
        .append(hash)
        .build();
    let source = Element::builder("url-data", URL_DATA).with("target", &file.url).build();
    let sources = Element::builder("sources", SHARING).append(source).build();
    let sharing = Element::builder("file-sharing", SHARING).with("disposition", "inline").append(about).append(sources);
    let url = Element::builder("url", ns::OOB).append(file.url.as_str()).build();
    vec![Element::builder("x", ns::OOB).append(url).build(), sharing.build()]
}

/// The files of a message, each address once.
pub(super) fn files(stanza: &Element) -> Vec<File> {
    let mut files: Vec<File> = stanza.children().filter_map(shared).collect();
    for address in stanza.children().filter_map(address) {
        if files.iter().all(|file| file.url != address.url) {
            files.push(address);
        }
    }
    files
}

fn shared(child: &Element) -> Option<File> {
    let source = child.get_child("sources", SHARING).filter(|_| child.is("file-sharing", SHARING))?;
    let url = source.get_child("url-data", URL_DATA)?.attr("target")?.to_owned();
    let property = |name: &str| child.get_child("file", METADATA)?.get_child(name, METADATA).map(Element::text);
    let size = property("size").and_then(|size| size.trim().parse().ok());
    Some(File { url, name: property("name"), size, media_type: property("media-type") })
}

fn address(child: &Element) -> Option<File> {
    let url = child.get_child("url", ns::OOB).filter(|_| child.is("x", ns::OOB))?.text();
    Some(File { url, ..File::default() }).filter(|file| !file.url.is_empty())
}
