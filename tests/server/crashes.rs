//! Killed at every step, and cut off at every step: a message may be shown again, and never is lost.

use std::process::Command;

use crate::account::{Account, Ended, with_input};
use crate::relay::{Fault, Relay};

/// The calls of the system by which a run does something: talks, prints, keeps; and between these it waits.
const CALLS: [&str; 8] = ["sendto", "write", "writev", "fsync", "rename", "unlink", "mkdir", "epoll_wait"];

/// More steps of one kind than any run has.
const ENDLESS: usize = 200;

/// `chat unread -m`, killed by SIGKILL as it begins its `step`th `call`; whether it got so far.
fn killed(bob: &Account, call: &str, step: usize) -> (Ended, bool) {
    let chat = bob.command("unread", &["-m", "-t", "60"]);
    let mut tracer = Command::new("strace");
    tracer.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")]);
    tracer.args(["-e", &format!("inject={call}:signal=KILL:when={step}")]);
    tracer.arg(chat.get_program()).args(chat.get_args()).env_clear();
    tracer.envs(chat.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("PATH", "/usr/bin:/bin");
    let ended = Ended::from(tracer.output().expect("strace runs"));
    let was_killed = ended.status == -1;
    assert!(was_killed || ended.status == 0, "{call} {step}: {ended:?}");
    (ended, was_killed)
}

/// The words of whole lines.
fn shown(ended: &Ended) -> Vec<String> {
    let lines = ended.out.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    lines.map(|line| line.rsplit("  ").next().unwrap_or_default().to_owned()).collect()
}

/// Sends three messages, lets `run` end in the middle, and looks at what the next run shows.
fn nothing_is_lost(alice: &Account, bob: &Account, tag: &str, run: impl FnOnce() -> Ended) {
    let sent = ["one", "two", "three"].map(|word| format!("{word} {tag}"));
    with_input(alice.command("send", &["-l", &bob.jid]), sent.join("\n").as_bytes()).expect_status(0);
    let first = run();
    let next = bob.chat("unread", &["-m", "-t", "60"]).expect_status(0);
    assert!(!next.err.contains("put aside"), "what is remembered was broken: {}", next.err);
    let (first, next) = (shown(&first), shown(&next));
    // What was shown and not marked comes again, as a whole or from somewhere on: in order, and each once.
    let from = sent.iter().position(|text| Some(text) == next.first()).unwrap_or(sent.len());
    assert_eq!(next, sent[from..], "{tag}");
    assert!(from <= first.len(), "{tag}: {first:?}, and then {next:?}");
    assert_eq!(first, sent[..first.len()], "{tag}");
}

#[test]
fn a_run_that_is_killed_at_any_step_loses_nothing() {
    // Case 27.
    let (alice, bob) = (Account::new(), Account::new());
    let mut steps = 0;
    for call in CALLS {
        for step in 1..ENDLESS {
            let mut was_killed = false;
            nothing_is_lost(&alice, &bob, &format!("{call} {step}"), || {
                let (ended, killed) = killed(&bob, call, step);
                was_killed = killed;
                ended
            });
            if !was_killed {
                break;
            }
            steps += 1;
        }
    }
    assert!(steps > 30, "it was killed only {steps} times");
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_connection_that_ends_before_any_answer_loses_nothing() {
    // Case 30: each question reached the server, which answered, and the answer never arrives.
    let (alice, bob) = (Account::new(), Account::new());
    let mut cuts = 0;
    for question in 1..ENDLESS {
        let relay = Relay::start(Fault::CutAfterQuestion(question));
        let mut status = 0;
        nothing_is_lost(&alice, &bob, &format!("question {question}"), || {
            let ended = bob.command_at(&relay.host(), "unread", &["-m", "-t", "60"]).output().expect("chat runs");
            let ended = Ended::from(ended);
            status = ended.status;
            ended
        });
        if !relay.has_cut() {
            assert_eq!(status, 0);
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 5, "the connection was cut only {cuts} times");
    assert_eq!(bob.unread(&[]), [""; 0]);
}

#[test]
fn a_cut_within_any_answer_loses_nothing() {
    // Case 30.
    let (alice, bob) = (Account::new(), Account::new());
    let whole = Relay::start(Fault::None);
    nothing_is_lost(&alice, &bob, "whole", || {
        let ended = bob.command_at(&whole.host(), "unread", &["-m", "-t", "60"]).output().expect("chat runs");
        Ended::from(ended).expect_status(0)
    });
    let mut cuts = 0;
    // The login comes first, and has nothing to lose.
    for part in 0..20 {
        let relay = Relay::start(Fault::CutAfter(whole.said() * (40 + 3 * part) / 100));
        nothing_is_lost(&alice, &bob, &format!("part {part}"), || {
            let ended = bob.command_at(&relay.host(), "unread", &["-m", "-t", "60"]).output().expect("chat runs");
            Ended::from(ended)
        });
        cuts += usize::from(relay.has_cut());
    }
    assert!(cuts > 15, "the connection was cut only {cuts} times");
    assert_eq!(bob.unread(&[]), [""; 0]);
}
