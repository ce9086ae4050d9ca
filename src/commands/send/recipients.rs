//! Who gets a message.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use jid::Jid;

use crate::cli::without_scheme;
use crate::error::Error;

/// Who gets a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recipient {
    pub(super) address: Jid,
    /// The address is that of a room, or of somebody in one.
    pub(super) is_room: bool,
}

/// Checks every address before anything is sent; who is named twice gets one message.
pub(super) fn parse(list: &str) -> Result<Vec<Recipient>, Error> {
    let (mut recipients, mut named) = (Vec::new(), HashSet::new());
    for text in list.split(',') {
        let invalid = |reason: String| Error::InvalidAddress { text: text.to_owned(), reason };
        let recipient = recipient(text).map_err(invalid)?;
        if named.insert(recipient.address.clone()) {
            recipients.push(recipient);
        }
    }
    Ok(recipients)
}

/// An address, or an `xmpp:` URI (XEP-0147, RFC 5122) that says nothing but to whom a message is to go, or to which room.
fn recipient(text: &str) -> Result<Recipient, String> {
    let address = |text: &str| Jid::new(text).map_err(|error| error.to_string());
    let Some(uri) = without_scheme(text) else {
        return Ok(Recipient { address: address(text)?, is_room: false });
    };
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    if !matches!(query, "" | "message" | "join") {
        return Err(format!(
            "the URI asks for “{query}”; chat sends only messages, to xmpp:ADDRESS, xmpp:ADDRESS?message or xmpp:ROOM?join"
        ));
    }
    Ok(Recipient { address: address(&decoded(path)?)?, is_room: query == "join" })
}

/// RFC 3986 §2.1.
fn decoded(text: &str) -> Result<String, String> {
    let mut parts = text.split('%');
    let mut bytes: Vec<u8> = parts.next().unwrap_or_default().into();
    for part in parts {
        // from_str_radix would take a sign, too.
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.ok_or_else(|| "a % in a URI is followed by two hexadecimal digits".to_owned())?);
        bytes.extend(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).map_err(|_| "the URI is not valid UTF-8".into())
}

/// The addresses in a file or on standard input, one on each line; blank lines and those that begin with # are none.
pub(super) fn listed(file: &Path) -> Result<Vec<Recipient>, Error> {
    let is_standard_input = file == Path::new("-");
    let what = || if is_standard_input { "standard input".into() } else { file.display().to_string() };
    let failed = |source| Error::CannotRead { what: what(), source };
    let read = if is_standard_input { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
    let text = read.map_err(failed)?;
    // Editors on Windows begin a file with a byte order mark.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    if lines.is_empty() {
        return Err(failed(io::Error::other("there is no address in it")));
    }
    parse(&lines.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &str) -> Result<Vec<String>, Error> {
        Ok(parse(list)?.iter().map(|recipient| recipient.address.to_string()).collect())
    }

    #[test]
    fn recipients_are_separated_by_commas_and_named_once() {
        let list = "romeo@chat.example,xmpp:nurse@chat.example,Romeo@CHAT.example";
        assert_eq!(names(list).expect("addresses"), ["romeo@chat.example", "nurse@chat.example"]);
    }

    #[test]
    fn one_bad_address_stops_everything() {
        for bad in ["romeo@chat.example,@", "", "a@b@c", "romeo@chat.example,,x@y"] {
            assert!(matches!(names(bad), Err(Error::InvalidAddress { .. })), "{bad}");
        }
    }

    #[test]
    fn a_uri_can_name_a_room() {
        let parsed = parse("xmpp:verona@rooms.example?join,romeo@chat.example").expect("addresses");
        assert_eq!(parsed.iter().map(|one| one.is_room).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_uri_is_decoded_and_asks_for_a_message_only() {
        assert_eq!(names("XMPP:romeo@chat.example").expect("a URI"), ["romeo@chat.example"]);
        assert_eq!(names("xmpp:r%C3%B6m%2Bo@chat.example?message").expect("a URI"), ["röm+o@chat.example"]);
        for bad in [
            "xmpp:room@chat.example?roster",
            "xmpp:a%4@chat.example",
            "xmpp:a%zz@chat.example",
            "xmpp:a%+1@chat.example",
            "xmpp:%ff@x.example",
        ] {
            assert!(names(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_has_an_address_on_each_line() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), "\u{FEFF}# on call\r\nromeo@chat.example\r\n\n  nurse@chat.example\n").expect("written");
        assert_eq!(listed(file.path()).expect("addresses").len(), 2);
        fs::write(file.path(), "# nobody\n").expect("written");
        assert_eq!(listed(file.path()).expect_err("nobody").exit_code().number(), 66);
    }
}
