//! Compares files in git with what they are generated from, or rewrites them (`UPDATE_EXPECT=1`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// File name to content.
pub(crate) type Files = BTreeMap<String, String>;

/// Fails unless `folder` (of the repository) holds exactly `files`; with `UPDATE_EXPECT=1` it is made so first.
#[expect(clippy::disallowed_methods, reason = "a test is told by the environment to rewrite its files")]
pub(crate) fn assert_fresh(folder: &str, files: &Files) {
    let folder = root().join(folder);
    if std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1") {
        rewrite(&folder, files);
    }
    let mut names = names_in(&folder);
    names.extend(files.keys().cloned());
    names.retain(|name| fs::read_to_string(folder.join(name)).ok().as_ref() != files.get(name));
    assert!(
        names.is_empty(),
        "{}: {names:?} are not as generated; run: UPDATE_EXPECT=1 cargo test --test generated",
        folder.display()
    );
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn rewrite(folder: &Path, files: &Files) {
    fs::create_dir_all(folder).expect("the folder can be made");
    for stale in names_in(folder).iter().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(folder.join(stale)).expect("a stale file can be removed");
    }
    for (name, content) in files {
        fs::write(folder.join(name), content).expect("a generated file can be written");
    }
}
