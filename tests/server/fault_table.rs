//! Every fault at every step of the dialogue: the right status before the deadline, never a false success, and never a
//! message twice when the command is run again.

use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use crate::account::{Account, Ended};
use crate::dialogue::{Dialogue, Fault, Often, Place, Says};
use crate::other_clients::phone;
use Place::{Connection, Handshake, InClear, InTls};
use Says::{Chat, Server};

/// Where the message is when it fails there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Message {
    Here,
    Underway,
    /// The server has it, and `chat` knows.
    There,
}

const STEPS: [(&str, Place, Message); 25] = [
    ("the connection", Connection, Message::Here),
    ("our header in clear", InClear(Chat, "<stream:stream", 1), Message::Here),
    ("the header in clear", InClear(Server, "<stream:stream", 1), Message::Here),
    ("the features in clear", InClear(Server, "<stream:features", 1), Message::Here),
    ("starttls", InClear(Chat, "<starttls", 1), Message::Here),
    ("proceed", InClear(Server, "<proceed", 1), Message::Here),
    ("TLS", Handshake, Message::Here),
    ("our header", InTls(Chat, "<stream:stream", 1), Message::Here),
    ("auth", InTls(Chat, "<auth", 1), Message::Here),
    ("the header", InTls(Server, "<stream:stream", 1), Message::Here),
    ("the features", InTls(Server, "<stream:features", 1), Message::Here),
    ("challenge", InTls(Server, "<challenge", 1), Message::Here),
    ("response", InTls(Chat, "<response", 1), Message::Here),
    ("success", InTls(Server, "<success", 1), Message::Here),
    ("our second header", InTls(Chat, "<stream:stream", 2), Message::Here),
    ("bind", InTls(Chat, "<bind", 1), Message::Here),
    ("enable", InTls(Chat, "<enable", 1), Message::Here),
    ("message", InTls(Chat, "<message", 1), Message::Here),
    ("the second header", InTls(Server, "<stream:stream", 2), Message::Underway),
    ("the second features", InTls(Server, "<stream:features", 2), Message::Underway),
    ("the bound address", InTls(Server, "<bind", 1), Message::Underway),
    ("enabled", InTls(Server, "<enabled", 1), Message::Underway),
    ("the acknowledgement", InTls(Server, "<a ", 1), Message::Underway),
    ("the answer to the ping", InTls(Server, "</stream:features>", 2), Message::Underway),
    ("our close", InTls(Chat, "</stream:stream", 1), Message::There),
];

/// So many at once: the others wait for nothing but the deadline.
const TOGETHER: usize = 5;
const DEADLINE: Duration = Duration::from_secs(3);

/// One step with one fault.
struct Cell {
    name: String,
    step: Message,
    fault: Fault,
    ended: Ended,
    took: Duration,
}

impl Cell {
    /// What is wrong with the way it ended, where the fault comes back with each connection or not.
    fn complaint(&self, often: Often) -> Option<String> {
        let right: &[i32] = match (self.step, self.fault, often) {
            (Message::There, _, _) | (_, Fault::Delay, _) => &[0],
            (_, Fault::Stall, _) => &[75],
            (_, Fault::Garbage, _) => &[75, 76],
            // It is tried again, and the archive is asked; 2: whether it came back is not known.
            (_, _, Often::Once) | (Message::Underway, _, Often::Always) => &[0, 2, 75],
            (Message::Here, _, Often::Always) => &[75],
        };
        let late = self.fault != Fault::Delay && self.took > DEADLINE + Duration::from_secs(15);
        let words = self.ended.status == 0 || self.ended.err.starts_with("chat: ");
        let wrong = !right.contains(&self.ended.status) || late || !words;
        wrong.then(|| format!("{}: not {right:?} but {:?} after {:?}", self.name, self.ended, self.took))
    }
}

/// What the machine knows of the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Nothing: the message travels without a request to acknowledge it.
    First,
    Later,
}

/// All steps with one fault.
struct Table {
    alice: Account,
    bob: Account,
    cells: Vec<Cell>,
}

impl Table {
    fn of(fault: Fault, often: Often, usage: Use) -> Self {
        let (alice, bob) = (Account::new(), Account::new());
        alice.send(&bob, "first");
        let is_shown = |(name, place, _): &&(&str, Place, Message)| {
            // The server is the one that says garbage.
            let says = fault != Fault::Garbage || !matches!(place, InClear(Chat, ..) | InTls(Chat, ..));
            says && (usage == Use::Later || !["enable", "enabled", "the acknowledgement"].contains(name))
        };
        let steps: Vec<_> = STEPS.iter().filter(is_shown).collect();
        let mut cells = Vec::new();
        for some in steps.chunks(TOGETHER) {
            thread::scope(|scope| {
                let running: Vec<_> = some
                    .iter()
                    .map(|(name, place, step)| {
                        // What one run learns of a fault is nothing for the others.
                        let alice = match usage {
                            Use::First => alice.on_another_machine(),
                            Use::Later => alice.on_a_copy_of_the_machine(),
                        };
                        let bob = &bob;
                        scope.spawn(move || run(&alice, bob, (name, *place, *step), fault, often))
                    })
                    .collect();
                cells.extend(running.into_iter().map(|cell| cell.join().expect("a cell")));
            });
        }
        Self { alice, bob, cells }
    }

    /// How often each text is in the archive.
    fn archive(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for text in phone(&self.alice, &["archive", &self.bob.jid]).lines() {
            *counts.entry(text.to_owned()).or_default() += 1;
        }
        counts
    }

    fn check(&self, often: Often) {
        let mut complaints: Vec<String> = self.cells.iter().filter_map(|cell| cell.complaint(often)).collect();
        let archive = self.archive();
        for cell in &self.cells {
            let copies = archive.get(&cell.name).copied().unwrap_or_default();
            if copies > 1
                || (copies == 0 && cell.ended.status == 0)
                || (copies == 1 && cell.step == Message::Here && cell.fault == Fault::Stall)
            {
                complaints.push(format!("{}: {copies} in the archive after {:?}", cell.name, cell.ended));
            }
        }
        if often == Often::Always {
            for cell in &self.cells {
                let again = self.alice.chat("send", &["-I", &id(&cell.name), &self.bob.jid, &cell.name]);
                if again.status != 0 {
                    complaints.push(format!("{}: again: {again:?}", cell.name));
                }
            }
            let twice = self.archive().into_iter().filter(|(_, copies)| *copies != 1);
            complaints.extend(twice.map(|(text, copies)| format!("{text}: {copies} in the archive at the end")));
        }
        assert!(complaints.is_empty(), "{} of {}:\n{}", complaints.len(), self.cells.len(), complaints.join("\n"));
    }
}

fn id(name: &str) -> String {
    name.replace(' ', "-")
}

#[expect(clippy::print_stdout, reason = "a line for each cell")]
fn run(
    alice: &Account,
    bob: &Account,
    (name, place, step): (&str, Place, Message),
    fault: Fault,
    often: Often,
) -> Cell {
    let wire = Dialogue::start(fault, place, often);
    let deadline = if fault == Fault::Delay { Duration::from_secs(60) } else { DEADLINE }.as_secs().to_string();
    let id = id(name);
    let once: &[&str] = if often == Often::Always { &["-I", &id] } else { &[] };
    let mut command = alice.command_at(&wire.host(), "send", &["-t", &deadline]);
    command.args(once).args([&bob.jid, name]);
    let started = Instant::now();
    let ended = Ended::from(command.output().expect("chat runs"));
    let took = started.elapsed();
    println!("{fault:?} at {name}: {} after {took:.1?} {}", ended.status, ended.err.trim());
    // What is done last may come to the wire after chat has ended.
    while wire.faults() == 0 {
        assert!(started.elapsed() < Duration::from_secs(90), "{fault:?} at {name}: it was never reached: {ended:?}");
        thread::yield_now();
    }
    Cell { name: name.to_owned(), step, fault, ended, took }
}

/// A test for each fault and how often it comes.
macro_rules! tables {
    ($($test:ident: $fault:ident $often:ident $usage:ident;)*) => {
        $(#[test]
        fn $test() {
            Table::of(Fault::$fault, Often::$often, Use::$usage).check(Often::$often);
        })*
    };
}

tables! {
    a_stall_at_any_step: Stall Always Later;
    a_stall_of_one_connection_at_any_step: Stall Once Later;
    a_cut_at_any_step: Cut Always Later;
    a_cut_of_one_connection_at_any_step: Cut Once Later;
    a_cut_of_the_first_use_at_any_step: Cut Always First;
    a_cut_inside_any_step: CutInside Always Later;
    a_cut_of_one_connection_inside_any_step: CutInside Once Later;
    a_reset_at_any_step: Reset Always Later;
    a_reset_of_one_connection_at_any_step: Reset Once Later;
    a_half_close_at_any_step: HalfClose Always Later;
    a_half_close_of_one_connection_at_any_step: HalfClose Once Later;
    a_delay_at_any_step: Delay Always Later;
    garbage_at_any_step: Garbage Always Later;
    garbage_on_one_connection_at_any_step: Garbage Once Later;
}
