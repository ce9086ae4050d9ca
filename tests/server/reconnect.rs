//! A connection that is lost is opened again before the deadline, and nothing is sent twice.

use std::process::Command;

use crate::account::{Account, Ended, with_input};
use crate::other_clients::phone;
use crate::relay::{Fault, Relay};

fn ended(mut command: Command) -> Ended {
    Ended::from(command.output().expect("chat runs"))
}

#[test]
fn a_message_whose_connection_is_cut_anywhere_is_sent_once() {
    let (alice, bob) = (Account::new(), Account::new());
    let whole = Relay::start(Fault::None);
    ended(alice.command_at(&whole.host(), "send", &[&bob.jid, "0"])).expect_status(0);
    let bytes = whole.said();
    let mut sent = 0;
    for cut in 1..=10 {
        let relay = Relay::start(Fault::CutOnceAfter(bytes - bytes * cut / 12));
        let ended = ended(alice.command_at(&relay.host(), "send", &[&bob.jid, &cut.to_string()]));
        // 2: the server has it, but perhaps it told the lost connection that it came back.
        assert!(matches!(ended.status, 0 | 2), "{ended:?}");
        sent += usize::from(ended.status == 0);
    }
    assert!(sent > 5, "most are known to be sent");
    let expected: Vec<String> = (0..=10).map(|number: u8| number.to_string()).collect();
    assert_eq!(phone(&alice, &["archive", &bob.jid]), expected.join("\n"));
}

#[test]
fn what_came_back_to_a_lost_connection_is_no_success() {
    let alice = Account::new();
    let whole = Relay::start(Fault::None);
    ended(alice.command_at(&whole.host(), "send", &["nobody@chat.example", "hi"])).expect_status(67);
    let bytes = whole.said();
    for cut in 0..12 {
        let relay = Relay::start(Fault::CutOnceAfter(bytes - cut * 40));
        let ended = ended(alice.command_at(&relay.host(), "send", &["nobody@chat.example", "hi"]));
        assert!(matches!(ended.status, 2 | 67), "{ended:?}");
    }
}

#[test]
fn lines_go_on_where_the_connection_was_lost() {
    let (alice, bob) = (Account::new(), Account::new());
    let lines: Vec<String> = (1..=600).map(|number| number.to_string()).collect();
    let input = lines.join("\n");
    let whole = Relay::start(Fault::None);
    with_input(alice.command_at(&whole.host(), "send", &["-l", &bob.jid]), input.as_bytes()).expect_status(0);
    for part in [6, 9] {
        let (carol, bytes) = (Account::new(), whole.said() * part / 10);
        let relay = Relay::start(Fault::CutOnceAfter(bytes));
        with_input(alice.command_at(&relay.host(), "send", &["-l", &carol.jid]), input.as_bytes()).expect_status(0);
        assert!(relay.said() > bytes, "it was cut");
        assert_eq!(phone(&alice, &["archive", &carol.jid]), input);
    }
}
