//! Messages on their way.

use std::time::Duration;

use jid::{BareJid, Jid};

use super::super::delivery::{Delivery, Level, Outgoing};
use super::super::window::{CountTooHigh, Window};

const NOW: Duration = Duration::from_secs(1);

fn own() -> BareJid {
    BareJid::new("juliet@chat.example").expect("an address")
}

fn to(recipient: &str, id: &str) -> Outgoing {
    let to = Jid::new(recipient).expect("an address");
    Outgoing { to, id: id.into(), body: "hi".into(), line: None, manner: std::rc::Rc::default() }
}

fn with_two() -> Window {
    let mut window = Window::default();
    window.add(to("romeo@chat.example", "m1"), NOW);
    window.add(to("nurse@chat.example", "m1"), NOW);
    window
}

fn all_settled(window: &mut Window) -> Vec<(String, Delivery)> {
    std::iter::from_fn(|| window.settled()).map(|(message, delivery)| (message.to.to_string(), delivery)).collect()
}

#[test]
fn messages_are_settled_in_their_order_once_counted_and_behind_the_barrier() {
    let mut window = with_two();
    let barrier = window.count();
    assert_eq!(window.acknowledge(1), Ok(()));
    assert_eq!(all_settled(&mut window), []);
    window.pass(barrier);
    assert_eq!(all_settled(&mut window), [("romeo@chat.example".into(), Delivery::Reached(Level::Acked))]);
    assert_eq!(window.acknowledge(3), Ok(()));
    assert_eq!(all_settled(&mut window).len(), 1);
    assert!(window.is_empty());
}

#[test]
fn a_bounce_names_whose_message_of_two_with_one_id_it_is() {
    let mut window = with_two();
    let from = Jid::new("nurse@chat.example").expect("an address");
    window.bounce("m1", Some(&from), &own(), "gone".into(), String::new());
    let barrier = window.count();
    window.pass(barrier);
    window.acknowledge(3).expect("as many as were sent");
    let settled = all_settled(&mut window);
    assert!(
        matches!(settled[0].1, Delivery::Reached(_)) && matches!(settled[1].1, Delivery::Bounced(_)),
        "{settled:?}"
    );
}

#[test]
fn a_server_cannot_have_handled_what_was_not_sent() {
    let mut window = with_two();
    assert_eq!(window.acknowledge(3), Err(CountTooHigh));
    assert_eq!(window.acknowledge(2), Ok(()));
    assert_eq!(window.acknowledge(1), Err(CountTooHigh), "nor handle less than before");
}

#[test]
fn numbers_wrap_around() {
    let mut window = Window::default().counting_from(u32::MAX);
    window.add(to("romeo@chat.example", "m1"), NOW);
    let barrier = window.count();
    window.pass(barrier);
    assert_eq!(window.acknowledge(1), Ok(()));
    assert_eq!(all_settled(&mut window).len(), 1);
}

#[test]
fn there_is_room_again_when_the_server_has_counted() {
    let mut window = Window::default();
    let mut sent = 0;
    while window.has_room() {
        window.add(to("romeo@chat.example", "m1"), NOW);
        sent += 1;
    }
    assert_eq!(sent, 256);
    window.acknowledge(sent).expect("as many as were sent");
    assert!(window.has_room());
}

#[test]
fn large_messages_take_the_room_of_many() {
    let mut window = Window::default();
    let large = Outgoing { body: "x".repeat(600_000), ..to("romeo@chat.example", "m1") };
    window.add(large, NOW);
    assert!(!window.has_room());
    assert_eq!(window.largest(), 600_000);
}

#[test]
fn the_largest_is_so_on_the_way() {
    let mut window = Window::default();
    for body in ["x".repeat(200), "<".repeat(100)] {
        window.add(Outgoing { body, ..to("romeo@chat.example", "m1") }, NOW);
    }
    assert_eq!(window.largest(), 400);
}

#[test]
fn without_counting_an_answered_question_is_enough() {
    let mut window = with_two();
    let barrier = window.count();
    window.pass(barrier);
    assert_eq!(all_settled(&mut window), []);
    window.without_counting();
    assert_eq!(all_settled(&mut window).len(), 2);
}

#[test]
fn who_gives_up_learns_whether_the_server_has_the_message() {
    let mut window = Window::new(Level::Received);
    window.add(to("romeo@chat.example", "m1"), NOW);
    let barrier = window.count();
    window.add(to("romeo@chat.example", "m2"), NOW);
    window.acknowledge(1).expect("one was handled");
    window.pass(barrier);
    let given_up: Vec<_> = std::iter::from_fn(|| window.give_up()).map(|(_, delivery)| delivery).collect();
    assert_eq!(given_up, [Some(Delivery::Unconfirmed(Level::Received)), None]);
}
