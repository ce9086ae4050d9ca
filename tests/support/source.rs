//! The source tree as text, for rules about who may write what.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A file of the repository, by its path in it.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.name == *place || place.ends_with('/') && self.name.starts_with(place))
    }

    /// Number and text of the lines that are part of the program: no comments, no tests.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let lines = self.text[..end].lines().enumerate();
        lines.map(|(index, line)| (index + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Every file that git knows or would take, without what is binary or gone.
pub(crate) fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .expect("git lists the files");
    assert!(list.status.success(), "git ls-files: {}", String::from_utf8_lossy(&list.stderr));
    let names = String::from_utf8(list.stdout).expect("file names are UTF-8");
    let read = |name: &str| Some(Source { name: name.to_owned(), text: fs::read_to_string(root.join(name)).ok()? });
    names.lines().filter_map(read).collect()
}

/// The program itself: `src/` without files that only tests use.
pub(crate) fn program() -> Vec<Source> {
    let mut files = all();
    files.retain(|file| file.name.starts_with("src/") && is_rust(&file.name) && !is_for_tests(&file.name));
    assert!(files.len() > 10, "the program was not found");
    files
}

fn is_rust(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "rs")
}

fn is_for_tests(name: &str) -> bool {
    name.contains("/tests/") || name.ends_with("/tests.rs") || name.contains("/scripted_server")
}
