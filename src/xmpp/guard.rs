//! Keeps what could harm the parser away from it: deep nesting, endless names and attributes, endless stanzas, and
//! stanzas of nothing but elements.
//!
//! Parsers recurse: 14 000 nested elements in one message overflow the stack and end the process; and a name or an
//! attribute of more than 8 KiB ends the stream. Any contact can send such a message. It would come back from the
//! archive at each login, so the stream must go on: such an element is left out with all that is in it, and only a
//! stanza larger than [`MAX_STANZA`] ends the stream.
//!
//! What is not well-formed stays so: judging that is the parser's work.

/// Elements nested deeper than this are left out.
pub(crate) const MAX_DEPTH: usize = 100;
/// An element with a longer name or attribute, in bytes, is left out (the parser's limit is 8192).
const MAX_TOKEN: usize = 8000;
/// Of a stanza no more elements than these are taken; the parser needs some hundred bytes for each.
const MAX_ELEMENTS: usize = 50_000;
/// A larger stanza, in bytes, ends the stream.
pub(crate) const MAX_STANZA: usize = 10 * 1024 * 1024;

/// A stanza is larger than [`MAX_STANZA`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    /// Behind a `<`, which is held back until the next byte tells what it opens.
    Bracket,
    /// In a start tag; the flag says whether the last byte was a `/`.
    StartTag {
        slash: bool,
    },
    /// In the value of an attribute, until this quote.
    Attribute {
        quote: u8,
    },
    EndTag,
    /// In `<?…?>` or `<!…>`, which ends with this text.
    Other {
        end: &'static [u8],
        matched: usize,
    },
}

/// Reads a stream of XML bytes and passes on the harmless ones.
#[derive(Debug)]
pub(crate) struct Guard {
    place: Place,
    depth: usize,
    /// The depth of the element that is left out at the moment; 0 if none is.
    left_out: usize,
    /// The start tag so far: held back, because only its end tells whether it may pass.
    tag: Vec<u8>,
    /// How long the name or value is that is being read, and whether one of the tag was too long.
    token: usize,
    too_long: bool,
    stanza: usize,
    /// How many elements are in the stanza so far.
    elements: usize,
}

impl Guard {
    pub(crate) fn new() -> Self {
        let place = Place::Text;
        Self { place, depth: 0, left_out: 0, tag: Vec::new(), token: 0, too_long: false, stanza: 0, elements: 0 }
    }

    /// Appends to `out` what of `input` may reach the parser.
    pub(crate) fn pass(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<(), TooLarge> {
        for &byte in input {
            self.stanza += 1;
            if self.stanza > MAX_STANZA {
                return Err(TooLarge);
            }
            self.step(byte, out);
        }
        Ok(())
    }

    fn step(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.place {
            Place::Text if byte == b'<' => self.place = Place::Bracket,
            Place::Text => self.emit(byte, out),
            Place::Bracket => self.bracket(byte, out),
            Place::StartTag { slash } => self.start_tag(byte, slash, out),
            Place::Attribute { quote } => self.attribute(byte, quote),
            Place::EndTag => self.end_tag(byte, out),
            Place::Other { end, matched } => self.other(byte, end, matched, out),
        }
    }

    fn emit(&self, byte: u8, out: &mut Vec<u8>) {
        if self.left_out == 0 {
            out.push(byte);
        }
    }

    fn bracket(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.place = match byte {
            b'/' => Place::EndTag,
            b'?' => Place::Other { end: b"?>", matched: 0 },
            b'!' => Place::Other { end: b"]]>", matched: 0 },
            _ => return self.open(byte),
        };
        self.emit(b'<', out);
        self.emit(byte, out);
    }

    fn open(&mut self, byte: u8) {
        self.depth += 1;
        self.tag = vec![b'<', byte];
        (self.token, self.too_long) = (1, false);
        self.place = Place::StartTag { slash: false };
    }

    fn start_tag(&mut self, byte: u8, slash: bool, out: &mut Vec<u8>) {
        self.hold(byte, matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\''));
        match byte {
            b'"' | b'\'' => self.place = Place::Attribute { quote: byte },
            b'>' => self.end_of_start_tag(slash, out),
            _ => self.place = Place::StartTag { slash: byte == b'/' },
        }
    }

    fn attribute(&mut self, byte: u8, quote: u8) {
        self.hold(byte, byte == quote);
        if byte == quote {
            self.place = Place::StartTag { slash: false };
        }
    }

    /// Holds a byte of the start tag back, and measures the name or value that it belongs to.
    fn hold(&mut self, byte: u8, ends_token: bool) {
        self.token = if ends_token { 0 } else { self.token + 1 };
        self.too_long |= self.token > MAX_TOKEN;
        if self.left_out == 0 && !self.too_long {
            self.tag.push(byte);
        }
    }

    fn end_of_start_tag(&mut self, empty: bool, out: &mut Vec<u8>) {
        self.place = Place::Text;
        self.elements = if self.depth <= 2 { 0 } else { self.elements + 1 };
        let too_many = self.elements > MAX_ELEMENTS;
        if self.left_out == 0 && (self.too_long || too_many || self.depth > MAX_DEPTH) {
            self.left_out = self.depth;
        } else if self.left_out == 0 {
            out.append(&mut self.tag);
        }
        if empty {
            self.close();
        }
    }

    fn end_tag(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.emit(byte, out);
        if byte == b'>' {
            self.place = Place::Text;
            self.close();
        }
    }

    fn close(&mut self) {
        if self.left_out == self.depth {
            self.left_out = 0;
        }
        self.depth = self.depth.saturating_sub(1);
        if self.depth <= 1 {
            self.stanza = 0;
        }
    }

    fn other(&mut self, byte: u8, end: &'static [u8], matched: usize, out: &mut Vec<u8>) {
        self.emit(byte, out);
        let matched = if byte == end[matched] {
            matched + 1
        } else if byte == end[0] {
            // `]]]>`: one more of the same keeps what matched so far.
            if matched == 2 && end.len() == 3 { 2 } else { 1 }
        } else {
            0
        };
        self.place = if matched == end.len() { Place::Text } else { Place::Other { end, matched } };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(input: &str) -> String {
        let (mut whole, mut bytewise) = (Vec::new(), Vec::new());
        Guard::new().pass(input.as_bytes(), &mut whole).expect("not too large");
        let mut guard = Guard::new();
        for byte in input.bytes() {
            guard.pass(&[byte], &mut bytewise).expect("not too large");
        }
        assert_eq!(whole, bytewise, "the cut into reads must not matter");
        String::from_utf8(whole).expect("still UTF-8")
    }

    fn nested(levels: usize, inner: &str) -> String {
        format!("{}{inner}{}", "<a>".repeat(levels), "</a>".repeat(levels))
    }

    #[test]
    fn an_ordinary_stream_passes_unchanged() {
        let stream = "<?xml version='1.0'?><s:s a='>' b=\"'/>\"><m><body>1 &lt; 2 ]]> é</body><x/><y z='/'/></m>\
            <m><![CDATA[ <not> an <element ]]]></m></s:s>";
        assert_eq!(passed(stream), stream);
    }

    #[test]
    fn what_is_nested_too_deep_is_left_out_and_the_rest_stays() {
        let deep = format!("<s>{}<m>next</m>", nested(33_000, "x"));
        assert_eq!(passed(&deep), format!("<s>{}<m>next</m>", nested(MAX_DEPTH - 1, "")));
    }

    #[test]
    fn of_a_stanza_no_more_elements_are_taken_than_memory_allows() {
        let many = format!("<s><m>{}</m><m><b>next</b></m>", "<a/>".repeat(MAX_ELEMENTS + 7));
        let most = "<a/>".repeat(MAX_ELEMENTS);
        assert!(passed(&many) == format!("<s><m>{most}</m><m><b>next</b></m>"), "other elements passed");
    }

    #[test]
    fn an_element_with_an_endless_name_or_attribute_is_left_out_with_all_that_is_in_it() {
        let long = "x".repeat(MAX_TOKEN + 1);
        for element in [
            format!("<{long}/>"),
            format!("<{long}><b>inside</b></{long}>"),
            format!("<a {long}='1'/>"),
            format!("<a b='{long}'><c>inside</c></a>"),
            format!("<a xmlns:b='{long}1' xmlns:c='{long}2' b:k='1' c:k='2'/>"),
        ] {
            assert_eq!(passed(&format!("<m><body>hi</body>{element}<y/></m>")), "<m><body>hi</body><y/></m>");
        }
    }

    #[test]
    fn many_attributes_and_long_texts_pass() {
        let many = (0..5000).map(|number| format!(" a{number}='x'")).collect::<Vec<_>>().concat();
        let stanza = format!("<m{many}><body>{}</body></m>", "x".repeat(100_000));
        assert_eq!(passed(&stanza), stanza);
    }

    #[test]
    fn a_stanza_that_does_not_end_ends_the_stream() {
        let mut guard = Guard::new();
        let mut out = Vec::new();
        guard.pass(b"<s><m>", &mut out).expect("not too large");
        assert_eq!(guard.pass(&vec![b'x'; MAX_STANZA], &mut out), Err(TooLarge));
    }

    #[test]
    fn many_stanzas_may_be_larger_together() {
        let mut guard = Guard::new();
        let stanza = format!("<m>{}</m>", "x".repeat(MAX_STANZA / 2));
        guard.pass(b"<s>", &mut Vec::new()).expect("not too large");
        for _ in 0..4 {
            guard.pass(stanza.as_bytes(), &mut Vec::new()).expect("each is small enough");
        }
    }
}
