//! Each kind of message, as clients write it.

use super::*;
use crate::conversation::content::File;

fn of(payload: &str) -> Content {
    of_kind("chat", payload)
}

fn of_kind(kind: &str, payload: &str) -> Content {
    let from = "from='romeo@chat.example/x'";
    content(&format!("<message xmlns='jabber:client' {from} type='{kind}'>{payload}</message>").parse().expect("XML"))
}

fn text(words: &str) -> Content {
    Content::Text(words.into())
}

#[test]
fn what_has_nothing_for_people_is_nothing() {
    // Case 35.
    assert_eq!(of("<received xmlns='urn:xmpp:receipts' id='1'/>"), Content::Receipt);
    assert_eq!(of("<composing xmlns='http://jabber.org/protocol/chatstates'/>"), Content::Receipt);
    assert_eq!(of("<propose xmlns='urn:xmpp:jingle-message:0' id='1'/>"), Content::Nothing);
    assert_eq!(of("<body></body>"), Content::Nothing);
    assert_eq!(of_kind("error", "<body>my own words</body>"), Content::Nothing);
    assert_eq!(of_kind("headline", "<event xmlns='http://jabber.org/protocol/pubsub#event'/>"), Content::Nothing);
}

#[test]
fn an_encrypted_message_stays_encrypted_whatever_its_body_says() {
    // Case 39.
    let omemo = "<encrypted xmlns='eu.siacs.conversations.axolotl'/><body>I sent you an OMEMO message</body>";
    assert_eq!(of(omemo), Content::Encrypted("OMEMO".into()));
    assert_eq!(of("<x xmlns='jabber:x:encrypted'>hQEM</x>"), Content::Encrypted("OpenPGP".into()));
    let unknown = "<encryption xmlns='urn:xmpp:eme:0' namespace='im:ox:9' name='Future'/><body>sorry</body>";
    assert_eq!(of(unknown), Content::Encrypted("Future".into()));
}

#[test]
fn an_exchange_of_keys_is_nothing_for_people() {
    let keys = "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/></encrypted>";
    assert_eq!(of(keys), Content::Nothing);
    let message = "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'/><payload>aGk=</payload></encrypted>";
    assert_eq!(of(message), Content::Encrypted("OMEMO".into()));
}

#[test]
fn a_displayed_marker_names_the_message() {
    assert_eq!(of("<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>"), Content::Displayed("m1".into()));
}

#[test]
fn the_text_without_a_language_is_preferred() {
    assert_eq!(of("<body xml:lang='de'>hallo</body><body>hello</body>"), text("hello"));
    assert_eq!(of("<body xml:lang='de'>hallo</body><body xml:lang='fr'>salut</body>"), text("hallo"));
    assert_eq!(of("<body/><body xml:lang='de'>hallo</body>"), text("hallo"), "what says nothing hides nothing");
}

#[test]
fn a_correction_names_the_message_that_it_replaces() {
    let correction = of("<body>new</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>");
    assert_eq!(correction, Content::Correction { of: "m1".into(), content: Box::new(text("new")) });
}

#[test]
fn a_retraction_of_either_version_names_the_message() {
    let retraction = Content::Retraction { of: "m1".into() };
    assert_eq!(of("<retract xmlns='urn:xmpp:message-retract:1' id='m1'/><body>not supported</body>"), retraction);
    let old = "<apply-to xmlns='urn:xmpp:fasten:0' id='m1'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>";
    assert_eq!(of(old), retraction);
    assert_eq!(of("<retracted xmlns='urn:xmpp:message-retract:1' stamp='x' id='r'/>"), Content::Retracted);
}

#[test]
fn reactions_are_no_words_but_words_beside_them_are() {
    let reactions = "<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction></reactions>";
    let expected = Content::Reactions { to: "m1".into(), emoji: vec!["👍".into()] };
    assert_eq!(of(reactions), expected);
    let fallback = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reactions:0'/>";
    assert_eq!(of(&format!("{reactions}<body>👍</body>{fallback}")), expected);
    assert_eq!(of(&format!("{reactions}<body>pay me</body>")), text("pay me"));
}

#[test]
fn a_file_without_words_is_its_address() {
    let url = "https://chat.example/cat.jpg";
    let file = format!("<x xmlns='jabber:x:oob'><url>{url}</url></x>");
    let files = vec![File { url: url.into(), ..File::default() }];
    assert_eq!(of(&format!("{file}<body>{url}</body>")), Content::Files { files: files.clone(), text: None });
    assert_eq!(of(&format!("{file}<body>my cat</body>")), Content::Files { files, text: Some("my cat".into()) });
}

#[test]
fn a_shared_file_has_a_name_a_size_and_a_type() {
    let shared = "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'>\
        <media-type>image/jpeg</media-type><name>cat.jpg</name><size>3072</size></file><sources>\
        <url-data xmlns='http://jabber.org/protocol/url-data' target='https://chat.example/1'/></sources></file-sharing>\
        <x xmlns='jabber:x:oob'><url>https://chat.example/1</url></x><body>https://chat.example/1</body>";
    let file = File {
        url: "https://chat.example/1".into(),
        name: Some("cat.jpg".into()),
        size: Some(3072),
        media_type: Some("image/jpeg".into()),
    };
    assert_eq!(of(shared), Content::Files { files: vec![file], text: None });
}

#[test]
fn an_invitation_names_the_room_and_who_invites() {
    let invitation = |room: &str, from: Option<&str>| {
        let from = from.map(|from| Jid::new(from).expect("an address"));
        let reason = Some("join us".into());
        Content::Invitation(Invitation { room: BareJid::new(room).expect("an address"), from, reason })
    };
    let direct = "<x xmlns='jabber:x:conference' jid='room@rooms.example' reason='join us'/>";
    assert_eq!(of(direct), invitation("room@rooms.example", None));
    let mediated = "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='eve@chat.example'><reason>join us\
        </reason></invite></x><body>eve invites you</body>";
    // Only the sender's own address is the room's, whatever else is claimed.
    assert_eq!(of(&format!("{mediated}{direct}")), invitation("romeo@chat.example", Some("eve@chat.example")));
}

#[test]
fn a_subject_is_shown_with_its_words() {
    let letter = |text: &str| Content::Letter { subject: "lunch".into(), text: text.into() };
    assert_eq!(of_kind("normal", "<subject>lunch</subject><body>at noon?</body>"), letter("at noon?"));
    assert_eq!(of_kind("normal", "<subject>lunch</subject>"), letter(""));
}
