//! The words of a message that is to be sent: valid UTF-8 that XML can carry, and not nothing.
//!
//! Each line break is one `\n`, as a reader of XML makes it (XML 1.0 §2.11). A `\r` could be written as `&#13;`, but servers
//! write it out as it is, so what comes to the other side would still be another text than what was sent.

use crate::error::Error;

/// More than this, in bytes, is never sent; servers usually take much less.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// A text that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body(String);

impl Body {
    /// Checks `bytes`; the newline that ends a line of input is not part of the message.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::MessageTooLarge { limit: MAX_BYTES });
        }
        let mut text = lines(
            String::from_utf8(bytes)
                .map_err(|error| Error::InvalidUtf8 { what: "message", position: error.utf8_error().valid_up_to() })?,
        );
        if text.ends_with('\n') {
            text.pop();
        }
        if text.trim().is_empty() {
            return Err(Error::EmptyMessage);
        }
        legal("message", &text)?;
        Ok(Self(text))
    }

    /// No words, where that means something: a reaction without emoji.
    pub fn nothing() -> Self {
        Self(String::new())
    }

    /// Checks the subject of a message, which may be empty.
    pub fn subject(bytes: Vec<u8>) -> Result<String, Error> {
        let position = |error: std::string::FromUtf8Error| error.utf8_error().valid_up_to();
        let text = lines(
            String::from_utf8(bytes)
                .map_err(|error| Error::InvalidUtf8 { what: "subject", position: position(error) })?,
        );
        legal("subject", &text)?;
        Ok(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

fn legal(what: &'static str, text: &str) -> Result<(), Error> {
    match text.char_indices().find(|(_, character)| !is_legal(*character)) {
        Some((position, character)) => Err(Error::IllegalCharacter {
            what,
            character: format!("the character U+{:04X}", u32::from(character)),
            position,
        }),
        None => Ok(()),
    }
}

/// XML 1.0 §2.2.
fn is_legal(character: char) -> bool {
    matches!(character, '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Result<String, Error> {
        Body::new(text.into()).map(|body| body.0)
    }

    #[test]
    fn the_newline_that_ends_the_input_is_not_part_of_the_message() {
        assert_eq!(body("two\nlines\n").expect("legal"), "two\nlines");
    }

    /// A reader of XML would make them so, and a text that changes on the way is not found again in the archive.
    #[test]
    fn a_line_break_is_one_newline_whatever_it_was() {
        assert_eq!(body("one\r\ntwo\rthree\r\n").expect("legal"), "one\ntwo\nthree");
        assert_eq!(body("a line of a file\r").expect("legal"), "a line of a file");
        assert_eq!(Body::subject(b"one\r\ntwo".to_vec()).expect("legal"), "one\ntwo");
    }

    #[test]
    fn nothing_is_no_message() {
        for nothing in ["", "\n", " \t\n"] {
            assert!(matches!(body(nothing), Err(Error::EmptyMessage)), "{nothing:?}");
        }
    }

    #[test]
    fn what_xml_cannot_carry_is_named_with_its_place() {
        let Err(Error::IllegalCharacter { character, position, .. }) = body("é\u{1b}[31m") else {
            panic!("it was accepted")
        };
        assert_eq!((character.as_str(), position), ("the character U+001B", 2));
        for bad in ["a\0", "\u{FFFE}", "\u{FFFF}", "\u{8}"] {
            assert!(body(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_subject_is_checked_like_a_message_and_named() {
        assert_eq!(Body::subject(b"dinner".to_vec()).expect("legal"), "dinner");
        let Err(Error::IllegalCharacter { what, .. }) = Body::subject(b"a\0".to_vec()) else {
            panic!("it was accepted")
        };
        assert_eq!(what, "subject");
    }

    #[test]
    fn every_other_character_may_be_sent() {
        let text = "tab\t lf\n é \u{85} \u{202E} \u{E000} \u{FFFD} 😀";
        assert_eq!(body(text).expect("legal"), text);
    }

    #[test]
    fn invalid_utf_8_is_named_with_its_place() {
        assert!(matches!(Body::new(b"gr\xfc\xdf".to_vec()), Err(Error::InvalidUtf8 { position: 2, .. })));
    }
}
