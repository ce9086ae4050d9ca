use super::*;
use crate::xmpp::credentials::Credentials;
use crate::xmpp::scripted_server::{self, HEADER};

const SUCCESS: &str = "<success xmlns='urn:xmpp:sasl:2'>\
    <authorization-identifier>juliet@chat.example</authorization-identifier>\
    <token xmlns='urn:xmpp:fast:0' token='t'/></success>\
    <stream:features><sm xmlns='urn:xmpp:sm:3'/></stream:features>";

const BOUND: &str = "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
    <jid>juliet@chat.example/chat-cli.1</jid></bind></iq>";

fn features(mechanism: &str) -> String {
    format!(
        "<stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>{mechanism}</mechanism>\
         <inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism>\
         </fast></inline></authentication></stream:features>"
    )
}

fn remembered(mechanism: &str, scram_seen: bool) -> ServerMemory {
    ServerMemory { mechanism: Some(mechanism.into()), sasl2: true, scram_seen, ..ServerMemory::default() }
}

#[test]
fn sasl2_logs_in_and_brings_a_token() {
    let memory = ServerMemory { token_kind: Some("HT-SHA-256-NONE".into()), ..remembered("PLAIN", false) };
    let script = vec![
        ("request-token", format!("{HEADER}{}", features("PLAIN"))),
        ("</authenticate>", SUCCESS.into()),
        ("</bind></iq>", BOUND.into()),
    ];
    let session = scripted_server::run(async {
        scripted_server::log_in(script, &memory).await.expect("a login").bind(&[]).await.expect("a session")
    });
    assert_eq!(session.bound().as_str(), "juliet@chat.example/chat-cli.1");
    assert!(session.memory().token.is_some() && session.memory().device.is_some());
    assert!(session.offers_stream_management());
}

#[test]
fn sasl2_with_plain_alone_is_refused_where_better_was_offered_once() {
    let refused =
        "<failure xmlns='urn:xmpp:sasl:2'><invalid-mechanism xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>";
    let plain = features("PLAIN").replace(
        "</stream:features>",
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
        <mechanism>PLAIN</mechanism></mechanisms></stream:features>",
    );
    let script = vec![("</authenticate>", format!("{HEADER}{plain}{refused}"))];
    let ready = scripted_server::run(scripted_server::log_in(script, &remembered("SCRAM-SHA-256", true)));
    assert!(matches!(ready.err(), Some(Error::LoginDowngraded { .. })));
}

#[test]
fn a_server_that_lets_in_without_a_proof_is_not_believed() {
    for said in ["", "dj1BQUFB"] {
        let success = SUCCESS.replace("<token", &format!("<additional-data>{said}</additional-data><token"));
        let script = vec![("</authenticate>", format!("{HEADER}{}{success}", features("SCRAM-SHA-256")))];
        let error = scripted_server::run(scripted_server::log_in(script, &remembered("SCRAM-SHA-256", true))).err();
        assert!(matches!(error, Some(Error::LoginRefused { .. })), "{said}: {error:?}");
    }
}

#[test]
fn a_server_without_anonymous_logins_is_said_to_let_nobody_in_so() {
    let refused = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><invalid-mechanism/></failure>";
    let offer = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
        <mechanism>PLAIN</mechanism></mechanisms></stream:features>";
    let script = vec![("</auth>", format!("{HEADER}{offer}{refused}"))];
    let mut login = scripted_server::login(ServerMemory::default());
    login.account = BareJid::new("chat.example").expect("an address");
    login.credentials = Credentials::Nothing;
    let error = scripted_server::run(scripted_server::enter(script, &login)).err().expect("an error");
    assert_eq!(error.to_string(), "chat.example: the server lets nobody in without an account (it offers PLAIN)");
    assert_eq!(error.hint().as_deref(), Some("name an account of yours: -u you@chat.example"));
}

#[test]
fn a_wrong_password_is_wrong_in_sasl2_too() {
    let wrong = "<failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>";
    let script = vec![("</authenticate>", format!("{HEADER}{}{wrong}", features("PLAIN")))];
    let error = scripted_server::run(scripted_server::log_in(script, &remembered("PLAIN", false))).err();
    assert_eq!(error.expect("an error").exit_code().number(), 77);
}

#[test]
fn what_the_server_offers_to_other_accounts_alone_is_no_wrong_password() {
    const NS: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
    let everybody =
        "<mechanism>SCRAM-SHA-512</mechanism><mechanism>SCRAM-SHA-256</mechanism><mechanism>SCRAM-SHA-1</mechanism>";
    let all = format!("<mechanisms xmlns='{NS}'>{everybody}</mechanisms></stream:features>");
    let features = features("SCRAM-SHA-1").replace("</stream:features>", &all);
    let failure = |condition: &str| format!("<failure xmlns='{NS}'><{condition}/></failure>");
    // The first try is SCRAM-SHA-256.
    let script = vec![
        ("SCRAM-SHA-256", format!("{HEADER}{features}{}", failure("not-authorized"))),
        ("SCRAM-SHA-1'", failure("temporary-auth-failure")),
    ];
    let error = scripted_server::run(scripted_server::log_in(script, &ServerMemory::default())).err();
    assert!(matches!(error, Some(Error::StreamEnded { later: true, .. })), "{error:?}");
}

/// What a login comes to whose first try is bound to what an earlier server, perhaps another node, could check.
fn after_a_bound_login(bindings: &str) -> Error {
    const NS: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
    let failure = |condition: &str| format!("<failure xmlns='{NS}'><{condition}/></failure>");
    let features = format!(
        "<stream:features><mechanisms xmlns='{NS}'><mechanism>SCRAM-SHA-256-PLUS</mechanism>\
         <mechanism>SCRAM-SHA-256</mechanism></mechanisms>{bindings}</stream:features>"
    );
    let script = vec![
        ("SCRAM-SHA-256-PLUS", format!("{HEADER}{features}{}", failure("not-authorized"))),
        ("SCRAM-SHA-256'", failure("temporary-auth-failure")),
    ];
    let memory = ServerMemory { binding: Some(EXPORTER.into()), ..remembered("SCRAM-SHA-256-PLUS", true) };
    let login = scripted_server::login(ServerMemory { sasl2: false, ..memory });
    let channel = Channel::new(Some(vec![1; 32]), None);
    scripted_server::run(scripted_server::enter_over(channel, script, &login)).err().expect("an error")
}

#[test]
fn a_binding_that_the_server_cannot_check_is_no_wrong_password() {
    let end_point = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/></sasl-channel-binding>";
    for bindings in ["", end_point] {
        let error = after_a_bound_login(bindings);
        assert!(matches!(error, Error::StreamEnded { later: true, .. }), "{error:?}");
    }
}

#[test]
fn a_wrong_password_is_wrong_where_the_binding_is_checked() {
    let exporter = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding>";
    assert_eq!(after_a_bound_login(exporter).exit_code().number(), 77);
}
