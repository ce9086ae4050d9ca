//! Rules of the form: these words may stand only in these files.

use super::source::Source;

/// Words that the program may use only at home.
pub(crate) struct Ban {
    pub(crate) words: &'static [&'static str],
    /// If given, the rule is only about these files.
    pub(crate) inside: &'static [&'static str],
    /// The files (or `folders/`) that may.
    pub(crate) home: &'static [&'static str],
    pub(crate) instead: &'static str,
}

impl Ban {
    /// Fails with every place that breaks the rule, and with what to do.
    pub(crate) fn check(&self, program: &[Source]) {
        let breaches = self.breaches(program);
        assert!(breaches.is_empty(), "\n{}\n=> {}\n", breaches.join("\n"), self.instead);
    }

    pub(crate) fn breaches(&self, program: &[Source]) -> Vec<String> {
        let files = program.iter().filter(|file| self.inside.is_empty() || file.is_in(self.inside));
        files.filter(|file| !file.is_in(self.home)).flat_map(|file| self.breaches_in(file)).collect()
    }

    fn breaches_in(&self, file: &Source) -> Vec<String> {
        let breaks = |line: &str| self.words.iter().any(|word| contains_word(line, word));
        let lines = file.code().filter(|(_, line)| breaks(line));
        lines.map(|(number, line)| format!("{}:{number}: {}", file.name, line.trim())).collect()
    }
}

/// Whether `word` stands in `line` and is not the end of a longer name.
fn contains_word(line: &str, word: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| !(word.starts_with(is_letter) && line[..at].ends_with(is_letter)))
}
