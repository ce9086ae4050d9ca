use super::*;
use crate::xmpp::memory::ServerMemory;
use crate::xmpp::scripted_server::{self, HEADER, Script};
use crate::xmpp::session::{Entered, Login};

/// Of “secret” and the salt in [`task_data`], by Python's `hashlib.pbkdf2_hmac`.
const HASH: &str = "tlun148A7hJ+MxgbbxxBWsmneSGWLcVHguDMjWTaAkddlxZG2jN7g52/xvo9/e8aAiWk5/V+wALUjaz9cT8fTw==</hash>";

const SUCCESS: &str = "<success xmlns='urn:xmpp:sasl:2'>\
    <authorization-identifier>juliet@chat.example</authorization-identifier></success><stream:features/>";

fn features(mechanism: &str, upgrades: &[&str]) -> String {
    let upgrade = |name: &&str| format!("<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>{name}</upgrade>");
    let upgrades: String = upgrades.iter().map(upgrade).collect();
    format!(
        "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><authentication xmlns='urn:xmpp:sasl:2'>\
         <mechanism>{mechanism}</mechanism>{upgrades}</authentication></stream:features>"
    )
}

fn asking_for(tasks: &str) -> String {
    format!("<continue xmlns='urn:xmpp:sasl:2'><tasks>{tasks}</tasks></continue>")
}

const ASKED: &str = "<task>UPGR-SCRAM-SHA-512</task>";

fn task_data(rounds: &str, salt: &str) -> String {
    format!(
        "<task-data xmlns='urn:xmpp:sasl:2'><salt xmlns='urn:xmpp:scram-upgrade:0' iterations='{rounds}'>{salt}</salt>\
         </task-data>"
    )
}

fn good_data() -> String {
    task_data("4096", "QV9TWENSWFE2c2VrOGJmX1o=")
}

/// The way up to the server's first word about the upgrade, which was offered before.
fn up_to(continued: String) -> Script {
    up_to_by("PLAIN", continued)
}

fn up_to_by(mechanism: &str, continued: String) -> Script {
    let offered = features(mechanism, &["UPGR-SCRAM-SHA-256", "UPGR-SCRAM-SHA-512"]);
    vec![(">UPGR-SCRAM-SHA-512</upgrade>", format!("{HEADER}{offered}")), ("</authenticate>", continued)]
}

fn memory() -> ServerMemory {
    let [mechanism, upgrade] = ["PLAIN", "UPGR-SCRAM-SHA-512"].map(|name| Some(name.to_owned()));
    ServerMemory { mechanism, upgrade, sasl2: true, ..ServerMemory::default() }
}

fn enter(script: Script, login: &Login) -> Result<Entered, Error> {
    scripted_server::run(scripted_server::enter(script, login))
}

#[test]
fn a_stronger_hash_is_given_where_the_server_asks_for_it() {
    let mut script = up_to(asking_for(ASKED));
    script.extend([("task='UPGR-SCRAM-SHA-512'", good_data()), (HASH, SUCCESS.into())]);
    let Ok(Entered::Open(ready)) = enter(script, &scripted_server::login(memory())) else { panic!("not let in") };
    let ServerMemory { upgrade, tried_upgrade, .. } = ready.memory();
    assert_eq!((upgrade.as_deref(), tried_upgrade.as_deref()), (None, Some("UPGR-SCRAM-SHA-512")));
}

#[test]
fn who_waits_for_the_offer_asks_at_once_and_who_does_not_asks_the_next_time() {
    let waits = Login { may_wait: true, ..scripted_server::login(ServerMemory::default()) };
    let header = format!("{HEADER}{}", features("PLAIN", &["UPGR-SCRAM-SHA-512"]));
    let script = vec![
        ("<stream:stream", header.clone()),
        (">UPGR-SCRAM-SHA-512</upgrade>", asking_for(ASKED)),
        ("<next", good_data()),
        (HASH, SUCCESS.into()),
    ];
    assert!(matches!(enter(script, &waits), Ok(Entered::Open(_))));

    let hurries = scripted_server::login(ServerMemory { upgrade: None, ..memory() });
    let script = vec![("</authenticate>", format!("{header}{SUCCESS}"))];
    let Ok(Entered::Open(ready)) = enter(script, &hurries) else { panic!("not let in") };
    assert_eq!(ready.memory().upgrade.as_deref(), Some("UPGR-SCRAM-SHA-512"));
}

#[test]
fn a_server_that_does_not_come_back_to_it_lets_in_all_the_same() {
    let Ok(Entered::Open(ready)) = enter(up_to(SUCCESS.into()), &scripted_server::login(memory())) else {
        panic!("not let in")
    };
    assert_eq!((&ready.memory().upgrade, ready.memory().tried_upgrade.is_some()), (&None, true));
}

/// It is given up without a hash, and the next login does not ask again.
fn is_given_up(script: Script) {
    let words = format!("{script:?}");
    let login = scripted_server::login(memory());
    let Ok(Entered::WithoutUpgrade(memory)) = enter(script, &login) else { panic!("{words}") };
    assert!(memory.sasl2 && memory.mechanism.as_deref() == Some("PLAIN"), "{words}");
    let without = vec![("</authenticate>", format!("{HEADER}{}{SUCCESS}", features("PLAIN", &["UPGR-SCRAM-SHA-512"])))];
    let entered = enter(without, &scripted_server::login(*memory));
    let Ok(Entered::Open(ready)) = entered else { panic!("{words}") };
    assert_eq!((&ready.memory().upgrade, ready.memory().tried_upgrade.is_some()), (&None, true), "{words}");
}

#[test]
fn what_is_not_the_task_that_was_asked_for_is_not_done() {
    let both = format!("{ASKED}<task>TOTP</task>");
    for tasks in ["", "<task/>", "<task>UPGR-SCRAM-SHA-256</task>", "<task>UPGR-SCRAM-SHA-1</task>", &both] {
        is_given_up(up_to(asking_for(tasks)));
    }
}

#[test]
fn weak_and_endless_hashes_are_not_made() {
    let salt = "QV9TWENSWFE2c2VrOGJmX1o=";
    let numbers = ["", "0", "1", "4095", "-4096", "1000001", "99999999999999999999", "many"];
    let data = numbers.map(|rounds| task_data(rounds, salt));
    for data in data.into_iter().chain([task_data("4096", ""), task_data("4096", "*")]) {
        let mut script = up_to(asking_for(ASKED));
        script.push(("<next", data));
        is_given_up(script);
    }
}

#[test]
fn what_breaks_off_an_upgrade_does_not_break_off_the_login() {
    let failure = "<failure xmlns='urn:xmpp:sasl:2'><aborted xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>";
    let old = failure.replace("urn:xmpp:sasl:2", "urn:ietf:params:xml:ns:xmpp-sasl");
    let error = "<stream:error><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
    let empty = "<task-data xmlns='urn:xmpp:sasl:2'/>";
    for end in [failure, &old, error, empty, SUCCESS, "<presence/>", "<<", "</stream:stream>", ""] {
        let mut script = up_to(asking_for(ASKED));
        script.push(("<next", end.into()));
        if end != SUCCESS {
            let mut later = up_to(asking_for(ASKED));
            later.extend([("<next", good_data()), (HASH, end.to_owned())]);
            is_given_up(later);
        }
        is_given_up(script);
    }
    let malformed = failure.replace("aborted", "malformed-request");
    let unknown = "<stream:error><invalid-xml xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>".to_owned();
    for refused in [malformed, unknown, "</stream:stream>".into(), "<<".into()] {
        is_given_up(up_to(refused));
    }
}

#[test]
fn no_hash_is_given_to_who_does_not_know_the_password() {
    let memory = ServerMemory { mechanism: Some("SCRAM-SHA-1".into()), ..memory() };
    let proof = "<additional-data>dj1BQUFB</additional-data></continue>";
    for continued in [asking_for(ASKED), asking_for(ASKED).replace("</continue>", proof)] {
        let script = up_to_by("SCRAM-SHA-1", continued);
        let error = enter(script, &scripted_server::login(memory.clone())).err();
        assert!(matches!(error, Some(Error::LoginRefused { .. })), "{error:?}");
    }
}

#[test]
fn a_wrong_password_is_said_at_once() {
    let wrong = "<failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>";
    let error = enter(up_to(wrong.into()), &scripted_server::login(memory())).err();
    assert!(matches!(error, Some(Error::LoginRefused { .. })), "{error:?}");
}

#[test]
fn a_task_that_was_not_asked_for_ends_the_login() {
    let login = scripted_server::login(ServerMemory { upgrade: None, ..memory() });
    let script = vec![("</authenticate>", format!("{HEADER}{}{}", features("PLAIN", &[]), asking_for(ASKED)))];
    let error = enter(script, &login).err();
    assert!(matches!(error, Some(Error::LoginRefused { .. })), "{error:?}");
}

#[test]
fn only_what_is_stronger_than_the_login_is_asked_for() {
    let offered = |mechanism: &str, upgrades: &[&str]| {
        let features: Element = features(mechanism, upgrades).parse().expect("features");
        Task::offered(&features, mechanism).map(|task| task.name)
    };
    let both = ["UPGR-SCRAM-SHA-256", "UPGR-SCRAM-SHA-512"];
    assert_eq!(offered("SCRAM-SHA-1-PLUS", &both), Some("UPGR-SCRAM-SHA-512"));
    assert_eq!(offered("SCRAM-SHA-1", &both[..1]), Some("UPGR-SCRAM-SHA-256"));
    assert_eq!(offered("SCRAM-SHA-256-PLUS", &both[..1]), None);
    assert_eq!(offered("SCRAM-SHA-512", &both), None);
    assert_eq!(offered("EXTERNAL", &both), None);
    assert_eq!(offered("PLAIN", &["UPGR-SCRAM-SHA-1", "UPGR-MD5", ""]), None);
}
