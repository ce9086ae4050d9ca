//! Makes foreign text safe for a terminal and for one line, without losing anything.
//!
//! What could move the cursor, start a new line, turn the reading direction or hide is written as `\n`, `\t` or
//! `\u{9b}`; a backslash is written twice, so the exact text can be had back. Joiners, variation selectors and the tags of
//! flags stay where scripts and emoji need them.

use std::fmt::Write;

/// A message as one line.
pub fn line(text: &str) -> String {
    escape(text, Backslash::Doubled)
}

/// An address or another name as one field of a line: two spaces end a field, so it holds no two in a row and none at
/// its end.
pub fn field(text: &str) -> String {
    let mut field = String::with_capacity(text.len());
    for word in line(text).split_inclusive(' ') {
        match word.strip_suffix(' ') {
            Some("") => field.push_str("\\u{20}"),
            _ => field.push_str(word),
        }
    }
    match field.strip_suffix(' ') {
        Some(start) => format!("{start}\\u{{20}}"),
        None => field,
    }
}

/// Our own words with foreign ones among them, for standard error: harmless, but a backslash stays as it is.
pub fn talk(text: &str) -> String {
    escape(text, Backslash::Kept)
}

/// A nickname, which the angle brackets around it shall end.
pub fn nick(text: &str) -> String {
    field(text).replace('>', "\\u{3e}")
}

/// JSON that means the same, in characters that no terminal obeys: escapes as RFC 8259 has them.
pub fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut previous = ' ';
    for character in text.chars() {
        if is_harmless(previous, character, ' ') {
            safe.push(character);
        } else {
            let mut units = [0; 2];
            safe.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
        previous = character;
    }
    safe
}

/// A message for people, in lines of its own: only its line breaks stay, and tabs are four spaces.
pub fn paragraphs(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            safe.push('\n');
        }
        safe.push_str(&talk(&line.trim_end_matches('\r').replace('\t', "    ")));
    }
    safe
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    Doubled,
    Kept,
}

fn escape(text: &str, backslash: Backslash) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut previous = ' ';
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let next = rest.clone().next().unwrap_or(' ');
        match character {
            '\\' if backslash == Backslash::Doubled => safe.push_str("\\\\"),
            '\n' => safe.push_str("\\n"),
            '\t' => safe.push_str("\\t"),
            '\r' => safe.push_str("\\r"),
            _ if is_harmless(previous, character, next) => safe.push(character),
            // Writing to a String cannot fail.
            _ => drop(write!(safe, "\\u{{{:x}}}", u32::from(character))),
        }
        previous = character;
    }
    safe
}

fn is_harmless(previous: char, character: char, next: char) -> bool {
    match character {
        // Joiners: Indic and Persian letters and many emoji are made with them; between ASCII they only hide.
        '\u{200C}' | '\u{200D}' => is_joinable(previous) && is_joinable(next),
        // Tags: only behind the black flag, where they make the flags of regions.
        '\u{E0020}'..='\u{E007F}' => matches!(previous, '\u{1F3F4}' | '\u{E0020}'..='\u{E007E}'),
        // One of them chooses the look of what it follows; a row of them is a hiding-place.
        _ if selects(character) => !selects(previous) && !hides(previous),
        _ => !character.is_control() && !turns_direction(character) && !hides(character),
    }
}

fn is_joinable(neighbour: char) -> bool {
    !neighbour.is_ascii() && !neighbour.is_control() && !turns_direction(neighbour) && !hides(neighbour)
}

/// Variation selectors.
fn selects(character: char) -> bool {
    matches!(
        character,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}'
    )
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX 9).
fn turns_direction(character: char) -> bool {
    matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters without a width or a look that no script needs between its letters (Unicode's `Default_Ignorable_Code_Point`, and
/// the empty Braille cell), line and paragraph separators, and code points that are no characters.
fn hides(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}' | '\u{200B}'..='\u{200D}'
            | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    ) || u32::from(character) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The way back, to prove that nothing is lost.
    fn original(safe: &str) -> String {
        let mut text = String::new();
        let mut rest = safe.chars();
        while let Some(character) = rest.next() {
            let escaped = if character == '\\' { rest.next() } else { None };
            text.push(match escaped {
                None => character,
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('u') => {
                    let digits: String = rest.by_ref().take_while(|digit| *digit != '}').skip(1).collect();
                    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).expect("a code point")
                }
                Some(other) => other,
            });
        }
        text
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["see you at eight", "naïve café", "שלום", "سلام", "日本語", "5 < 6 & \"x\"", "👍🏽 ❤️"]
        {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn a_terminal_is_never_told_anything() {
        // Case 48: ESC, C1 CSI, DEL, and what turns the direction.
        assert_eq!(line("\u{1b}[2J \u{9b}2J \u{7f} \u{202e}txt"), "\\u{1b}[2J \\u{9b}2J \\u{7f} \\u{202e}txt");
    }

    #[test]
    fn a_message_stays_one_line() {
        // Case 50.
        assert_eq!(
            line("one\nbob  two\r\n\tthree\u{2028}four\u{85}"),
            "one\\nbob  two\\r\\n\\tthree\\u{2028}four\\u{85}"
        );
    }

    #[test]
    fn a_backslash_cannot_forge_an_escape() {
        assert_eq!(line("C:\\new"), "C:\\\\new");
    }

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(line("pay\u{200b}pal \u{feff}x\u{200d}y"), "pay\\u{200b}pal \\u{feff}x\\u{200d}y");
    }

    #[test]
    fn joiners_and_tags_stay_where_scripts_and_emoji_need_them() {
        for text in ["👩\u{200d}🚀", "می\u{200c}خواهم", "क्\u{200d}ष", "🏴\u{e0067}\u{e0062}\u{e007f}"]
        {
            assert_eq!(line(text), text);
        }
        assert_eq!(line("a\u{e0067}"), "a\\u{e0067}");
    }

    #[test]
    fn a_variation_selector_stays_behind_a_character_and_no_two_do() {
        for text in ["❤\u{fe0f}", "1\u{fe0f}\u{20e3}", "葛\u{e0100}", "ᠠ\u{180b}"] {
            assert_eq!(line(text), text);
        }
        assert_eq!(line("x\u{fe00}\u{fe01}\u{e0101}"), "x\u{fe00}\\u{fe01}\\u{e0101}");
        assert_eq!(line("\u{3164}\u{fe0f}\u{2800}"), "\\u{3164}\\u{fe0f}\\u{2800}");
    }

    #[test]
    fn a_nickname_ends_where_its_bracket_does() {
        assert_eq!(nick("Romeo> yes"), "Romeo\\u{3e} yes");
    }

    #[test]
    fn json_is_harmless_too_and_means_the_same() {
        let text = "a\u{9b}2J\u{7f}\u{202e}\u{200b}\u{feff}\u{e0041}é \\ \"👩\u{200d}🚀";
        let safe = json(&serde_json::to_string(text).expect("a string"));
        assert!(safe.contains(r"a\u009b2J\u007f\u202e\u200b\ufeff\udb40\udc41é"), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).expect("JSON"), text);
    }

    #[test]
    fn a_name_cannot_hold_the_end_of_its_field() {
        assert_eq!(field("room@x/Juliet Capulet"), "room@x/Juliet Capulet");
        assert_eq!(field("room@x/bob  hello "), "room@x/bob \\u{20}hello\\u{20}");
    }

    #[test]
    fn our_own_words_keep_their_backslashes() {
        assert_eq!(talk("tr -d '\\000'\u{1b}"), "tr -d '\\000'\\u{1b}");
    }

    #[test]
    fn paragraphs_keep_their_line_breaks_and_nothing_else() {
        assert_eq!(paragraphs("one\r\n\ttwo\u{2028}\u{1b}[2J \\n"), "one\n    two\\u{2028}\\u{1b}[2J \\n");
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in any::<String>()) {
            prop_assert_eq!(original(&line(&text)), text.clone());
            prop_assert_eq!(original(&field(&text)), text);
        }

        #[test]
        fn nothing_harmful_is_left(text in "(\\PC|\\p{C}|[ \\\\]){0,40}") {
            for safe in [line(&text), field(&text), talk(&text)] {
                prop_assert!(!safe.chars().any(|character| character.is_control() || turns_direction(character)));
            }
            let field = field(&text);
            prop_assert!(!field.contains("  ") && !field.ends_with(' '));
        }
    }
}
