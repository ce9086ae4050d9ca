//! Runs as other processes see them: a lock belongs to the open file, so one process can play several.

use super::*;
use jid::BareJid;

fn state(directory: &Path) -> AccountState {
    AccountState::of(&BareJid::new("juliet@chat.example").expect("an address"), directory)
}

fn begin(state: &AccountState, id: &str, to: &[&str]) -> Run {
    state.begin_run(id, to.iter().map(|to| (*to).to_owned()).collect()).expect("begun")
}

/// What is there besides the lock.
fn files(directory: &Path) -> usize {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.map(|path| if path.is_dir() { files(&path) } else { usize::from(!path.ends_with("lock")) }).sum()
}

#[test]
fn sessions_of_a_killed_run_are_known_until_one_comes_to_its_end() {
    let directory = tempfile::tempdir().expect("a directory");
    let (state, long) = (state(directory.path()), "x/".repeat(100));
    let mut killed = begin(&state, &long, &["a", "b"]);
    killed.sends("juliet@chat.example/one").expect("kept");
    drop(killed);
    let mut next = begin(&state, &long, &["b", "c"]);
    assert!(next.wait(Duration::ZERO).expect("read"));
    assert_eq!(next.earlier(), &BTreeSet::from(["juliet@chat.example/one".to_owned()]));
    next.done();
    assert_eq!(files(directory.path()), 1, "nobody has looked for what was sent to a");
    let mut last = begin(&state, &long, &["a", "b"]);
    assert!(last.wait(Duration::ZERO).expect("read") && last.earlier().len() == 1);
    last.done();
    assert_eq!(files(directory.path()), 0);
}

#[test]
fn a_run_waits_for_those_before_it_and_not_for_others() {
    let directory = tempfile::tempdir().expect("a directory");
    let state = state(directory.path());
    let mut first = begin(&state, "job", &["a"]);
    let (mut second, mut elsewhere, mut other) =
        (begin(&state, "job", &["a"]), begin(&state, "job", &["b"]), begin(&state, "job-2", &["a"]));
    assert!(first.wait(Duration::ZERO).expect("read") && elsewhere.wait(Duration::ZERO).expect("read"));
    assert!(other.wait(Duration::ZERO).expect("read"));
    first.sends("juliet@chat.example/one").expect("kept");
    assert!(!second.wait(Duration::ZERO).expect("read"));
    first.done();
    assert!(second.wait(Duration::ZERO).expect("read"));
}

#[test]
fn what_was_never_sent_leaves_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    drop(begin(&state(directory.path()), "job", &["a"]));
    assert_eq!(files(directory.path()), 0);
}
