//! Texts to look things up in, as wide as the terminal.

use super::terminal;
use super::wrap::wrap;

/// Longer lines are tiring to read.
const WIDEST: usize = 100;

/// A title, then `text` in paragraphs, then `terms` with their meanings below them. The words are our own.
pub fn lines(title: &str, text: &str, terms: &[(String, &str)]) -> Vec<String> {
    lines_within(terminal::style(true).width.min(WIDEST), title, text, terms)
}

fn lines_within(width: usize, title: &str, text: &str, terms: &[(String, &str)]) -> Vec<String> {
    let mut lines = vec![title.to_owned()];
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        lines.push(String::new());
        lines.extend(wrap(&plain(paragraph), width));
    }
    for (term, meaning) in terms {
        lines.push(String::new());
        lines.push(format!("  {term}"));
        lines.extend(wrap(&plain(meaning), width.saturating_sub(10)).iter().map(|line| format!("          {line}")));
    }
    lines
}

/// Without the marks of the manual.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_stand_above_their_meanings() {
        let terms = [("NO_COLOR".to_owned(), "plain `words`")];
        let lines = lines_within(20, "Title", "one two three four five", &terms);
        let expected =
            ["Title", "", "one two three four", "five", "", "  NO_COLOR", "          plain", "          words"];
        assert_eq!(lines, expected);
    }
}
