//! A stronger hash of the password, given to a server that has only a weak one (XEP-0480): tests/server/tokens sid.

use crate::account::{Account, Ended, address, ca_file};
use crate::dialogue::{Dialogue, Fault, Often, Place, Says};

const GIVEN: &str = "gave the server a stronger hash of the password: UPGR-SCRAM-SHA-512";

impl Account {
    fn log_in_at(&self, host: &str) -> Ended {
        let file = self.password_file().display().to_string();
        let arguments = ["login", "-v", "-H", host, "-C", &ca_file(), "-p", &file, &self.jid];
        Ended::from(self.bare(&arguments).output().expect("chat runs"))
    }

    /// The last mechanism by which it was let in, at a first login.
    fn mechanism(&self) -> String {
        let said = self.on_another_machine().log_in_at(&address()).expect_status(0).err;
        let (_, mechanism) = said.rsplit_once("logged in by SASL2: ").expect("a mechanism");
        mechanism.lines().next().unwrap_or_default().trim_end_matches("-PLUS").to_owned()
    }
}

#[test]
fn the_first_login_gives_a_stronger_hash_and_later_ones_use_it() {
    let (alice, bob) = (Account::new(), Account::new());
    let first = alice.log_in_at(&address()).expect_status(0);
    assert!(first.err.contains("by SASL2: SCRAM-SHA-1") && first.err.contains(GIVEN), "{}", first.err);
    assert_eq!(alice.mechanism(), "SCRAM-SHA-512");
    assert!(!alice.log_in_at(&address()).expect_status(0).err.contains(GIVEN));
    alice.send(&bob, "hi");
    assert_eq!(bob.unread(&["-T"]), ["1"]);
    alice.write_password("wrong");
    alice.log_in_at(&address()).expect_status(77).expect_error("wrong password");
}

#[test]
fn a_script_gives_it_without_a_round_trip_before() {
    let alice = Account::new();
    let gave = [1, 2, 3].map(|_| {
        // What the password file is used for, not a token.
        let said = alice.chat("send", &["-v", &alice.jid, "hi"]).expect_status(0).err;
        said.contains(GIVEN)
    });
    assert_eq!(gave, [false, true, false]);
    assert_eq!(alice.mechanism(), "SCRAM-SHA-512");
}

/// Where the login is not bound to the connection: else it is not let in through a wire that ends the TLS.
#[test]
fn an_upgrade_that_breaks_off_on_the_wire_costs_one_more_connection_and_no_login() {
    for (says, step) in [(Says::Server, "<continue"), (Says::Server, "<task-data"), (Says::Chat, "<task-data")] {
        for fault in [Fault::Cut, Fault::CutInside, Fault::Reset, Fault::Instead("<presence")] {
            let alice = Account::new();
            let wire = Dialogue::start(fault, Place::InTls(says, step, 1), Often::Once);
            let ended = alice.log_in_at(&wire.host());
            assert_eq!((ended.status, wire.faults()), (0, 1), "{step} {fault:?}: {}", ended.err);
            assert!(ended.err.contains("without an upgrade") && !ended.err.contains(GIVEN), "{}", ended.err);
        }
    }
}
