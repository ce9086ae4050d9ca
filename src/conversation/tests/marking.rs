//! What is marked and removed after showing. The numbers are those of the acceptance cases of issue 3.

use super::*;
use crate::conversation::content::Invitation;
use crate::conversation::marks::Mark;
use jid::BareJid;

const BOB: &str = "bob@b.example";
const EVE: &str = "eve@e.example";
const NOTHING: [&str; 0] = [];

#[test]
fn the_mark_is_the_last_message_shown_of_each_conversation() {
    let mut account = Account::with(&[text(BOB, 1, "one"), text(EVE, 2, "two"), text(BOB, 3, "three")]);
    account.mark_first(2);
    assert_eq!((account.position(BOB), account.position(EVE)), (Some(id(1).as_str()), Some(id(2).as_str())));
    assert_eq!(account.mark(), ["three"]);
}

#[test]
fn a_position_is_never_moved_back() {
    // Case 11, seen from both sides.
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 2, "two")]);
    account.mark();
    account.phone_has_read(BOB, &id(1));
    assert_eq!(account.mark(), NOTHING);

    let mut account = Account::with(&[text(BOB, 2, "two"), text(BOB, 3, "three")]);
    account.mark();
    account.archive.insert(0, text(BOB, 1, "late"));
    let (shown, outcome) = account.run(1, Marking::Yes);
    assert_eq!((shown, outcome.marks), (vec!["late".to_owned()], vec![]));
}

#[test]
fn a_mark_is_dropped_when_the_phone_has_read_further_meanwhile() {
    let account = Account::with(&[text(BOB, 1, "one"), text(BOB, 2, "two"), text(BOB, 3, "three")]);
    let seen = Seen { archive: &account.archive, since: None, queue: &[], read: &account.read };
    let judgement = judge(&seen, &account.memory, &account.wanted);
    let marks = judgement.after_showing(2, Marking::Yes).marks;
    assert_eq!(marks, [Mark { conversation: jid(BOB), archive_id: id(2) }]);
    let still = |position: &str| {
        let latest = ReadPositions([(jid(BOB), position.to_owned())].into());
        !judgement.forward_only(marks.clone(), &latest).is_empty()
    };
    assert!(still(&id(1)));
    assert!(!still(&id(2)) && !still(&id(3)) && !still(&id(9)) && !still("unknown-and-new"));
}

#[test]
fn showing_some_people_marks_only_them() {
    let mut account = Account::with(&[text(BOB, 1, "from bob"), text(EVE, 2, "from eve")]);
    account.wanted.senders = vec![jid(EVE).to_bare()];
    account.mark();
    assert_eq!((account.position(BOB), account.position(EVE)), (None, Some(id(2).as_str())));
    account.wanted = Wanted::default();
    assert_eq!(account.mark(), ["from bob"]);
}

#[test]
fn an_invitation_of_a_room_moves_no_position_of_the_room() {
    let room = jid("room@r.example").to_bare();
    let invitation = Invitation { room, from: Some(jid(EVE)), reason: None };
    let mut account = Account::with(&[message("room@r.example", 1, Sender::Contact, Content::Invitation(invitation))]);
    assert_eq!(account.mark().len(), 1);
    assert_eq!(account.position("room@r.example"), None);
    assert_eq!(account.mark().len(), 0);
}

#[test]
fn an_encrypted_message_stays_unread_on_the_phone() {
    // Case 39.
    let mut account = Account::with(&[text(BOB, 1, "one"), encrypted(BOB, 2), text(BOB, 3, "three")]);
    assert_eq!(account.mark(), ["one", "Encrypted", "three"]);
    assert_eq!(account.position(BOB), Some(id(1).as_str()));
    assert_eq!(account.mark(), NOTHING, "here it was shown");
}

#[test]
fn later_marks_stop_before_an_encrypted_message_until_the_phone_has_read_it() {
    let mut account = Account::with(&[text(BOB, 1, "one"), encrypted(BOB, 2)]);
    account.mark();
    for second in [3, 5000, 10_000] {
        account.archive.push(text(BOB, second, "later"));
        assert_eq!(account.mark(), ["later"]);
        assert_eq!(account.position(BOB), Some(id(1).as_str()));
    }
    account.phone_has_read(BOB, &id(2));
    account.archive.push(text(BOB, 10_001, "after"));
    assert_eq!(account.mark(), ["after"]);
    assert_eq!(account.position(BOB), Some(id(10_001).as_str()));
}

#[test]
fn an_encrypted_message_is_held_even_if_only_the_queue_has_it_so_far() {
    let mut account = Account { queue: vec![queued(&encrypted(BOB, 1), "7")], ..Account::default() };
    account.mark();
    account.archive = vec![encrypted(BOB, 1), text(BOB, 2, "two")];
    assert_eq!(account.mark(), ["two"]);
    assert_eq!(account.position(BOB), None);
}

#[test]
fn a_later_encrypted_message_is_held_when_an_earlier_one_was_read() {
    let mut account = Account::with(&[encrypted(BOB, 1), encrypted(BOB, 3)]);
    account.mark();
    account.archive.extend([my_answer(BOB, 2), text(BOB, 4, "four")]);
    account.archive.sort_by_key(|message| message.time);
    assert_eq!(account.mark(), ["four"]);
    assert_eq!(account.position(BOB), None);
}

#[test]
fn shown_messages_leave_the_offline_queue_and_others_stay() {
    let (one, two) = (text(BOB, 1, "one"), text(BOB, 2, "two"));
    let only_queued = Message { archive_id: None, ..text(EVE, 3, "only queued") };
    let mut account = Account::with(&[one.clone(), two.clone()]);
    account.queue = vec![queued(&one, "7"), queued(&two, "8"), queued(&only_queued, "9")];
    assert_eq!(account.run(1, Marking::Yes).1.offline_nodes, ["7"]);
    assert_eq!(account.run(2, Marking::Yes).1.offline_nodes, ["8", "9"]);
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn what_the_phone_read_leaves_the_queue_only_if_it_is_archived() {
    let one = text(BOB, 1, "one");
    let unknown = |second| message(BOB, second, Sender::Contact, Content::Nothing);
    let mut account = Account::with(&[one.clone(), unknown(2)]);
    account.queue = vec![queued(&one, "7"), queued(&unknown(2), "8"), queued(&unknown(3), "9")];
    account.phone_has_read(BOB, &id(1));
    assert_eq!(account.run(0, Marking::No).1.offline_nodes, NOTHING);
    assert_eq!(account.run(0, Marking::Yes).1.offline_nodes, ["7", "8"]);
}

#[test]
fn receipts_and_markers_of_contacts_do_not_fill_the_queue() {
    let of = |sender, content| Message { archive_id: None, ..message(BOB, 1, sender, content) };
    let queue = [
        of(Sender::Contact, Content::Receipt),
        of(Sender::Contact, Content::Displayed("m1".into())),
        of(Sender::Me, Content::Displayed("m1".into())),
        of(Sender::Contact, Content::Reactions { to: "m1".into(), emoji: vec!["+".into()] }),
    ];
    let queue = queue.iter().zip(["7", "8", "9", "10"]).map(|(message, node)| queued(message, node)).collect();
    let mut account = Account { queue, ..Account::default() };
    assert_eq!(account.run(0, Marking::No).1.offline_nodes, NOTHING);
    assert_eq!(account.run(0, Marking::Yes).1.offline_nodes, ["7", "8"]);
}

#[test]
fn of_a_conversation_that_is_cut_no_position_is_published() {
    let account = Account::with(&[text(BOB, 1, "one"), text(EVE, 2, "two")]);
    let seen = Seen { archive: &account.archive, since: None, queue: &[], read: &account.read };
    let mut judgement = judge(&seen, &Memory::default(), &Wanted::default());
    judgement.leave_unmarked([BareJid::new(BOB).expect("an address")].into());
    let outcome = judgement.after_showing(2, Marking::Yes);
    let marked: Vec<&str> = outcome.marks.iter().map(|mark| mark.conversation.as_str()).collect();
    assert_eq!(marked, [EVE]);
}

#[test]
fn a_position_that_was_published_over_a_further_one_is_put_back() {
    let account = Account::with(&[text(BOB, 1, "one"), text(BOB, 2, "two"), text(EVE, 3, "three")]);
    let seen = Seen { archive: &account.archive, since: None, queue: &[], read: &account.read };
    let judgement = judge(&seen, &Memory::default(), &Wanted::default());
    let marks = judgement.after_showing(1, Marking::Yes).marks;
    let before = |id: String| ReadPositions([(Jid::new(BOB).expect("an address"), id)].into());
    let back = judgement.overtaken(&marks, &before(id(2)));
    assert_eq!(back.iter().map(|mark| mark.archive_id.clone()).collect::<Vec<_>>(), [id(2)]);
    let unknown = judgement.overtaken(&marks, &before("of a message that came since".into()));
    assert_eq!(unknown.len(), 1);
    assert_eq!(judgement.overtaken(&marks, &ReadPositions::default()), []);
    assert_eq!(judgement.overtaken(&marks, &before(id(1))), []);
}

#[test]
fn an_encrypted_message_that_is_not_archived_stays_in_the_queue_for_the_phone() {
    let queue = vec![queued(&Message { archive_id: None, ..encrypted(BOB, 1) }, "7")];
    let mut account = Account { queue, ..Account::default() };
    assert_eq!(account.mark(), ["Encrypted"]);
    assert_eq!(account.queue.len(), 1);
    assert_eq!(account.mark(), NOTHING);
}

#[test]
fn a_shown_message_is_not_shown_again_when_the_queue_could_not_be_emptied() {
    let only_queued = Message { archive_id: None, ..text(EVE, 1, "only queued") };
    let mut account = Account::with(&[text(BOB, 2, "two")]);
    account.queue = vec![queued(&only_queued, "9")];
    let queue = account.queue.clone();
    account.mark();
    account.archive.push(text(BOB, 100_000, "much later"));
    for expected in [vec!["much later"], vec![]] {
        account.queue.clone_from(&queue);
        let (shown, outcome) = account.run(usize::MAX, Marking::Yes);
        assert_eq!(
            (shown, outcome.offline_nodes),
            (expected.into_iter().map(str::to_owned).collect(), vec!["9".to_owned()])
        );
    }
}

#[test]
fn a_crash_after_publishing_does_not_hide_a_message_committed_late() {
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 3, "three")]);
    let before = account.memory.clone();
    let (_, outcome) = account.run(2, Marking::Yes);
    account.memory = before.about_to_publish(&outcome.marks);
    account.archive.insert(1, text(BOB, 2, "late"));
    assert_eq!(account.mark(), ["one", "late", "three"], "repeats, but no loss");
}

#[test]
fn a_crash_before_publishing_does_not_hide_a_message_committed_late() {
    let mut account = Account::with(&[text(BOB, 1, "one"), text(BOB, 3, "three")]);
    account.mark();
    account.archive.push(text(BOB, 5, "five"));
    let before = account.clone();
    let (_, outcome) = account.run(usize::MAX, Marking::Yes);
    account = Account { memory: before.memory.about_to_publish(&outcome.marks), ..before };
    account.archive.insert(1, text(BOB, 2, "late"));
    assert_eq!(account.mark(), ["late", "five"]);
}
