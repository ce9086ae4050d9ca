//! Breaks sanitised text into lines that fit, by the columns that its characters take on a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The lines of `text`, each at most `width` columns: broken at spaces, or inside words that are longer than a line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let columns = word.trim_end_matches(' ').width();
        if used > 0 && used + columns > width {
            lines.push(String::new());
            used = 0;
        }
        for character in word.chars() {
            let columns = character.width().unwrap_or(0);
            if used + columns > width {
                if character == ' ' {
                    continue;
                }
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().expect("there is a line from the start").push(character);
            used += columns;
        }
    }
    lines.into_iter().map(|line| line.trim_end_matches(' ').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("see you at eight", 8), ["see you", "at eight"]);
        assert_eq!(wrap("see you at eight", 80), ["see you at eight"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn long_words_break_anywhere() {
        assert_eq!(wrap("go to https://chat.example/", 10), ["go to", "https://ch", "at.example", "/"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(wrap("日本語日本語", 7), ["日本語", "日本語"]);
        assert_eq!(wrap("שלום עולם", 5), ["שלום", "עולם"]);
    }

    proptest! {
        #[test]
        fn every_line_fits_and_nothing_but_spaces_is_lost(text in "(\\PC|[ ]){0,60}", width in 4..40_usize) {
            let lines = wrap(&text, width);
            for line in &lines {
                let columns: usize = line.chars().map(|character| character.width().unwrap_or(0)).sum();
                prop_assert!(columns <= width, "{line:?}");
            }
            let bare = |text: &str| text.replace(' ', "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
