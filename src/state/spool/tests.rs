//! The queue on a real file system, in a temporary directory.

use super::*;
use chrono::DateTime;
use jid::BareJid;
use std::rc::Rc;

use crate::conversation::delivery::Outgoing;

fn spool(state: &tempfile::TempDir) -> Spool {
    AccountState::of(&BareJid::new("juliet@chat.example").expect("an address"), state.path()).spool()
}

fn message(id: &str) -> Outgoing {
    let to = Jid::new("romeo@chat.example").expect("an address");
    Outgoing { to, id: id.into(), body: "hi".into(), line: None, manner: Rc::default() }
}

fn batch(spool: &Spool, ids: &[&str]) -> Batch {
    let mut batch = spool.begin().expect("a place");
    ids.iter().try_for_each(|id| batch.add(&message(id), DateTime::UNIX_EPOCH)).expect("added");
    batch.sync().expect("kept");
    batch
}

fn ids(spool: &Spool) -> Vec<String> {
    spool.look().expect("readable").into_iter().map(|entry| entry.message.id).collect()
}

fn taken(spool: &Spool) -> Vec<(OsString, Batch)> {
    spool.take(None, 9, &mut Vec::new()).expect("readable")
}

#[test]
fn what_was_queued_is_there_in_its_order_until_it_is_done() {
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    for name in ["b", "a", "c"] {
        drop(batch(&spool, &[name, &format!("{name}2")]));
    }
    assert_eq!(ids(&spool), ["b", "b2", "a", "a2", "c", "c2"]);
    for (_, mut batch) in taken(&spool) {
        assert!(["a", "b", "c"].iter().any(|id| batch.done(&message(id)).expect("kept")));
        batch.finish().expect("kept");
    }
    assert_eq!(ids(&spool), ["b2", "a2", "c2"]);
}

#[test]
fn nobody_else_sends_what_a_living_process_is_at() {
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    let living = batch(&spool, &["a"]);
    assert!(taken(&spool).is_empty());
    drop(living);
    assert_eq!(taken(&spool).len(), 1, "it ended, however it ended");
}

#[test]
fn of_what_nobody_knows_a_person_can_say_that_it_did_not_arrive() {
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    let mut killed = batch(&spool, &["a", "b"]);
    killed.sending("juliet@chat.example/1").and_then(|()| killed.sync()).expect("kept");
    drop(killed);
    for (_, mut batch) in taken(&spool) {
        assert_eq!(batch.retry("a").expect("kept"), 1);
        batch.finish().expect("kept");
    }
    let (_, batch) = taken(&spool).pop().expect("a batch");
    let came_back: Vec<bool> = batch.entries().map(|entry| entry.came_back).collect();
    assert_eq!((came_back, batch.session().is_some()), (vec![true, false], true));
}

#[test]
fn where_nothing_is_open_no_file_stays() {
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    let mut sent = batch(&spool, &["a"]);
    assert!(sent.done(&message("a")).expect("kept") && !sent.done(&message("a")).expect("kept"));
    sent.finish().expect("removed");
    let mut killed = batch(&spool, &["b"]);
    killed.done(&message("b")).and_then(|_| killed.sync()).expect("kept");
    drop(killed);
    assert!(taken(&spool).is_empty() && spool.is_empty().expect("readable"));
}

#[test]
fn a_cut_line_is_passed_over_and_what_follows_is_read() {
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    drop(batch(&spool, &["a"]));
    let path = spool.directory.join(&spool.names().expect("readable")[0]);
    let cut = [fs::read(&path).expect("readable"), b"{\"message\":{\"at".to_vec()].concat();
    fs::write(&path, cut).expect("written");
    let (_, mut again) = taken(&spool).pop().expect("it is still of use");
    again.add(&message("b"), DateTime::UNIX_EPOCH).and_then(|()| again.sync()).expect("kept");
    drop(again);
    assert_eq!(ids(&spool), ["a", "b"]);
}

#[test]
fn a_file_that_cannot_be_understood_is_put_aside_and_told() {
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    drop(batch(&spool, &["a"]));
    drop(batch(&spool, &["b"]));
    let path = spool.directory.join(&spool.names().expect("readable")[0]);
    fs::write(path, "rubbish\n").expect("written");
    let mut notes = Vec::new();
    assert_eq!(spool.take(None, 9, &mut notes).expect("readable").len(), 1);
    assert!(notes[0].contains("cannot be used"), "{notes:?}");
    assert_eq!(ids(&spool), ["b"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    drop(batch(&spool, &["a"]));
    let mode = |path: PathBuf| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(spool.directory.clone()), 0o700);
    assert_eq!(mode(spool.directory.join(&spool.names().expect("readable")[0])), 0o600);
}

#[test]
fn input_without_an_end_does_not_grow_its_file_without_an_end() {
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    let mut batch = batch(&spool, &[]);
    for number in 0..25_000 {
        let message = message(&number.to_string());
        batch.add(&message, DateTime::UNIX_EPOCH).and_then(|()| batch.done(&message)).expect("kept");
        if number % 1000 == 0 {
            batch.sync().expect("kept");
        }
    }
    batch.add(&message("last"), DateTime::UNIX_EPOCH).and_then(|()| batch.sync()).expect("kept");
    let path = spool.directory.join(&spool.names().expect("readable")[0]);
    assert!(fs::metadata(path).expect("it exists").len() < 2_000_000);
    drop(batch);
    assert_eq!(ids(&spool), ["last"]);
}

#[test]
fn no_more_than_one_large_place_is_read_at_once() {
    let state = tempfile::tempdir().expect("a directory");
    let spool = spool(&state);
    for id in ["a", "b"] {
        let mut batch = batch(&spool, &[id]);
        assert!(!batch.is_large());
        let large = Outgoing { body: "x".repeat(4 << 20), ..message(id) };
        batch.add(&large, DateTime::UNIX_EPOCH).expect("added");
        assert!(batch.is_large());
        batch.finish().expect("kept");
    }
    drop(batch(&spool, &["c"]));
    let first = taken(&spool);
    assert_eq!(first.len(), 1);
    let behind = spool.take(Some(&first[0].0), 9, &mut Vec::new()).expect("readable");
    assert_eq!(behind.len(), 1);
    let last = spool.take(Some(&behind[0].0), 9, &mut Vec::new()).expect("readable");
    assert_eq!((last.len(), ids(&spool).len()), (1, 5));
}
