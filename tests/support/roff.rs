//! Small additions to the `roff` crate, which `clap_mangen` writes manual pages with.

use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

/// One page from its sections. The crate opens each with the same definition; one is enough.
pub(crate) fn joined(sections: &[String]) -> String {
    let opening = Roff::new().render();
    let rest = sections.iter().map(|section| section.strip_prefix(&opening).unwrap_or(section));
    let note = ".\\\" Generated from the command definitions: UPDATE_EXPECT=1 cargo test --test generated\n";
    portable(&[note, opening.as_str()].into_iter().chain(rest).collect::<String>())
}

/// Characters that a formatter would show as others, or does not know, by their names in roff.
fn portable(page: &str) -> String {
    let name = |letter| match letter {
        '^' => "\\(ha".to_owned(),
        '`' => "\\(ga".to_owned(),
        '~' => "\\(ti".to_owned(),
        '“' => "\\(lq".to_owned(),
        '”' => "\\(rq".to_owned(),
        '\u{a0}' => "\\ ".to_owned(),
        '\0'..='\x7f' => letter.to_string(),
        _ => format!("\\[u{:04X}]", u32::from(letter)),
    };
    page.chars().map(name).collect()
}

pub(crate) fn section(title: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    roff
}

/// A section goes on with terms and what they mean.
pub(crate) fn list(mut roff: Roff, items: impl IntoIterator<Item = (Vec<Inline>, String)>) -> Roff {
    for (term, meaning) in items {
        roff.control("TP", []).text(term).text(marked(&meaning));
    }
    roff
}

/// A section of paragraphs.
pub(crate) fn prose(title: &str, text: &str) -> Roff {
    let mut roff = section(title);
    for (index, paragraph) in text.split("\n\n").enumerate() {
        if index > 0 {
            roff.control("PP", []);
        }
        roff.text(marked(paragraph));
    }
    roff
}

/// `code` becomes bold.
fn marked(text: &str) -> Vec<Inline> {
    let style = |(index, part)| if index % 2 == 1 { bold(part) } else { roman(part) };
    text.split('`').enumerate().map(style).collect()
}

/// `HOST[:PORT]`: the words in italics, what is around them as it is.
pub(crate) fn placeholder(pattern: &str) -> Vec<Inline> {
    let letters: Vec<char> = pattern.chars().collect();
    let chunks = letters.chunk_by(|one, next| one.is_alphanumeric() == next.is_alphanumeric());
    let style = |chunk: &[char]| {
        let text: String = chunk.iter().collect();
        if chunk[0].is_alphanumeric() { italic(text) } else { roman(text) }
    };
    chunks.map(style).collect()
}
