//! State on a real file system, in a temporary directory.

use super::*;
use crate::conversation::journal::Journal as _;
use crate::exit_code::ExitCode;
use chrono::DateTime;
use std::time::Instant;

const LIMIT: Duration = Duration::from_secs(60);

fn account(state: &tempfile::TempDir) -> AccountState {
    AccountState::of(&BareJid::new("juliet@chat.example").expect("a JID"), state.path())
}

fn example() -> Memory {
    let settled_before = DateTime::from_timestamp(1_700_000_000, 250_000_000);
    let judged = [("archive 17".to_owned(), settled_before.expect("a time"))].into();
    Memory { settled_before, judged, ..Memory::default() }
}

pub(super) fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

#[test]
fn what_was_kept_is_there_in_the_next_run() {
    let state = temporary();
    account(&state).lock(LIMIT).expect("free").keep(example()).expect("it can be written");
    let next = account(&state).lock(LIMIT).expect("free");
    assert_eq!((&next.memory, next.notes.len()), (&example(), 0));
}

#[test]
fn what_a_killed_run_began_to_write_goes_and_what_another_writes_stays() {
    let state = temporary();
    let juliet = account(&state);
    juliet.keep_login(&BTreeMap::from([("server", "ejabberd")])).expect("it can be written");
    let begun = |name: &str, age: Duration| {
        let path = juliet.directory.join(name);
        let file = File::create(&path).expect("it can be made");
        let time = file.metadata().and_then(|file| file.modified()).expect("a time") - age;
        file.set_modified(time).expect("it can be older");
        path
    };
    let day = Duration::from_secs(86_400);
    let left = [begun("unread.new-17", day), begun("journal.new-17", day)];
    let stay = [begun("login.new-18", Duration::ZERO), begun("login.json", day)];
    drop(juliet.lock(LIMIT).expect("free"));
    assert_eq!(left.map(|path| path.exists()), [false, false]);
    assert_eq!(stay.map(|path| path.exists()), [true, true]);
}

#[test]
fn the_first_run_remembers_nothing() {
    let first = account(&temporary()).lock(LIMIT).expect("free");
    assert_eq!((&first.memory, first.notes.len()), (&Memory::default(), 0));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (state, mode) =
        (temporary(), |path: PathBuf| fs::metadata(path).expect("it exists").permissions().mode() & 0o777);
    let juliet = account(&state);
    juliet.lock(LIMIT).expect("free").keep(example()).expect("it can be written");
    assert_eq!(mode(juliet.directory.clone()), 0o700);
    assert_eq!(mode(juliet.directory.join(UNREAD)), 0o600);
}

#[test]
fn a_second_process_waits_for_the_first_and_no_longer_than_its_limit() {
    let state = temporary();
    let first = account(&state).lock(LIMIT).expect("free");
    let started = Instant::now();
    let error = account(&state).lock(Duration::from_millis(50)).expect_err("the first still has it");
    assert_eq!(error.exit_code(), ExitCode::TryLater);
    assert!(started.elapsed() >= Duration::from_millis(50));
    let second = account(&state);
    let waiting = std::thread::spawn(move || second.lock(LIMIT).is_ok());
    drop(first);
    assert!(waiting.join().expect("no panic"), "the lock was given on");
}

#[test]
fn a_file_that_cannot_be_understood_is_put_aside_and_told() {
    for content in ["", "{\"version\":1,\"judged\":7}", "{\"version\":2}", "not json \u{0}"] {
        let state = temporary();
        let juliet = account(&state);
        juliet.lock(LIMIT).expect("free").keep(example()).expect("it can be written");
        fs::write(juliet.directory.join(UNREAD), content).expect("it can be written");
        let locked = juliet.lock(LIMIT).expect("free");
        assert_eq!(locked.memory, Memory::default(), "{content}");
        assert!(locked.notes.iter().any(|note| note.contains("cannot be used")), "{content}");
        let aside = juliet.directory.join("unread.json.unusable");
        assert_eq!(fs::read_to_string(aside).expect("it is still there"), content);
    }
}

#[test]
fn the_journal_is_there_until_it_is_emptied() {
    let state = temporary();
    let juliet = account(&state);
    let earlier = |journal: &Journal| journal.earlier().expect("it can be read").count();
    juliet.lock(LIMIT).expect("free").journal.add("<message/>").expect("it can be written");
    assert_eq!(earlier(&juliet.glance_at_journal()), 1);
    let mut next = juliet.lock(LIMIT).expect("free");
    assert_eq!(earlier(&next.journal), 1);
    next.journal.keep_only(&[].into()).expect("it can be written");
    drop(next);
    assert_eq!(earlier(&juliet.lock(LIMIT).expect("free").journal), 0);
}

#[test]
fn a_journal_that_cannot_be_understood_is_put_aside_and_told() {
    let left_of = |content: &str, told: &str| {
        let state = temporary();
        let juliet = account(&state);
        drop(juliet.lock(LIMIT).expect("free"));
        fs::write(juliet.directory.join(JOURNAL), content).expect("it can be written");
        let locked = juliet.lock(LIMIT).expect("free");
        assert!(locked.notes.iter().any(|note| note.contains(told)), "{content}: {:?}", locked.notes);
        let aside = fs::read_to_string(juliet.directory.join("journal.json.unusable"));
        assert_eq!(aside.expect("it is still there"), content);
        locked.journal.earlier().expect("it can be read").map(|it| it.expect("a message")).collect::<Vec<_>>()
    };
    assert_eq!(left_of("{\"version\":2}\n\"<message/>\"\n", "it held messages"), [""; 0]);
    let damaged = "{\"version\":1}\n\"<message>1</message>\"\n7\n\0\0\0\n\"<message>2</message>\"\n";
    assert_eq!(left_of(damaged, "can be read stays"), ["<message>1</message>", "<message>2</message>"]);
}

#[test]
fn what_was_put_aside_before_is_not_overwritten() {
    let state = temporary();
    let juliet = account(&state);
    for content in ["first", "second"] {
        drop(juliet.lock(LIMIT).expect("free"));
        fs::write(juliet.directory.join(UNREAD), content).expect("it can be written");
    }
    drop(juliet.lock(LIMIT).expect("free"));
    let aside = |name: &str| fs::read_to_string(juliet.directory.join(name)).expect("it is there");
    let names = ["unread.json.unusable", "unread.json.unusable-2"];
    assert_eq!(names.map(aside), ["first", "second"]);
}

#[test]
fn nothing_but_the_state_is_left_behind() {
    let state = temporary();
    let juliet = account(&state);
    juliet.lock(LIMIT).expect("free").keep(example()).expect("it can be written");
    juliet.keep_login(&7).expect_err("a number cannot carry a version");
    juliet.keep_login(&example()).expect("it can be written");
    let entries = fs::read_dir(&juliet.directory).expect("a directory");
    let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, [LOCK, LOGIN, UNREAD]);
    juliet.forget().expect("it can be removed");
    juliet.forget().expect("nothing is left to remove");
    assert!(!juliet.directory.exists());
}

#[test]
fn what_a_login_taught_is_kept_and_rubbish_is_forgotten() {
    let state = temporary();
    let juliet = account(&state);
    assert_eq!(juliet.login::<Memory>(), Memory::default());
    juliet.keep_login(&example()).expect("it can be written");
    assert_eq!(juliet.login::<Memory>(), example());
    fs::write(juliet.directory.join(LOGIN), "rubbish").expect("it can be written");
    assert_eq!(juliet.login::<Memory>(), Memory::default());
}

#[test]
fn each_account_has_a_directory_of_its_own_that_is_safe_anywhere() {
    assert_eq!(directory_name("juliet@chat.example"), Path::new("juliet@chat.example"));
    assert_eq!(directory_name("..%2f@é.example"), Path::new("%2e.%252f@%c3%a9.example"));
    let long = "a".repeat(450);
    let parts: Vec<usize> = directory_name(&long).iter().map(std::ffi::OsStr::len).collect();
    assert_eq!(parts, [200, 200, 52]);
    assert_ne!(directory_name(&"a".repeat(201)), directory_name(&format!("{}/a", "a".repeat(200))));
}
