//! `chat send -f` where the upload goes wrong: at the real server, whose answers these are, on wires that are not whole.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use crate::account::{Account, Ended, address};
use crate::dialogue::{Dialogue, Fault, Often, Place, Says};

const SIZE: usize = 300_001;
/// Where the server takes files.
const PORT: u16 = 5443;

/// A wire to where the server takes files, at `host`; it lets so many bytes of `chat` through on each connection.
fn lead_files(host: &str, most: u64) {
    let listener = TcpListener::bind((host, PORT)).expect("a free port");
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || pass(&client, most));
        }
    });
}

fn pass(mut client: &TcpStream, most: u64) {
    let server = TcpStream::connect((address(), PORT)).expect("the server is there");
    let (mut from_server, mut to_client) =
        (server.try_clone().expect("a handle"), client.try_clone().expect("a handle"));
    let back = thread::spawn(move || drop(io::copy(&mut from_server, &mut to_client)));
    drop(io::copy(&mut Read::take(&mut client, most), &mut &server));
    for wire in [client, &server] {
        drop(wire.shutdown(Shutdown::Both));
    }
    back.join().expect("it ends");
}

/// A file of `SIZE` bytes.
fn file() -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(&vec![b'x'; SIZE]).expect("written");
    file
}

/// Sends the file and a word where the dialogue goes through `wire`.
fn send(wire: &str, from: &Account, to: &Account) -> Ended {
    let file = file();
    let mut command = from.command_at(wire, "send", &["-t", "60", "-f"]);
    Ended::from(command.arg(file.path()).args([&to.jid, "look"]).output().expect("chat runs"))
}

/// The same, where `chat` or the server says something else than they said; nothing may come of it.
fn misled(host: &str, place: Place, instead: &'static str) -> Ended {
    let (alice, bob) = (Account::new(), Account::new());
    lead_files(host, u64::MAX);
    let wire = Dialogue::start_at(host, Fault::Instead(instead), place, Often::Always);
    let ended = send(&wire.host(), &alice, &bob);
    assert_eq!(wire.faults(), 1, "the step was not reached: {ended:?}");
    assert_eq!(bob.unread(&["-T"]), ["0"], "{ended:?}");
    ended
}

#[test]
fn a_file_that_is_larger_than_its_place_is_413_and_nothing_is_sent() {
    let ended = misled("127.0.0.11", Place::InTls(Says::Chat, "300001", 1), "300000");
    ended.expect_status(65).expect_error("413");
}

#[test]
fn a_place_that_the_server_did_not_give_is_403_and_nothing_is_sent() {
    // The first is where others fetch it.
    let ended = misled("127.0.0.12", Place::InTls(Says::Server, "/upload/", 2), "/upload/0");
    ended.expect_status(69).expect_error("403");
}

#[test]
fn an_upload_that_is_cut_midway_is_75_and_nothing_is_sent() {
    let (alice, bob) = (Account::new(), Account::new());
    lead_files("127.0.0.13", 150_000);
    let wire = Dialogue::start_at("127.0.0.13", Fault::Delay, Place::Handshake, Often::Once);
    send(&wire.host(), &alice, &bob).expect_status(75).expect_error("was not uploaded");
    assert_eq!(bob.unread(&["-T"]), ["0"]);
    send(&address(), &alice, &bob).expect_status(0);
    assert_eq!(bob.unread(&["-T"]), ["2"]);
}

#[test]
fn an_upload_that_is_whole_at_the_end_of_such_a_wire_is_sent() {
    let (alice, bob) = (Account::new(), Account::new());
    lead_files("127.0.0.14", u64::MAX);
    let wire = Dialogue::start_at("127.0.0.14", Fault::Delay, Place::Handshake, Often::Once);
    send(&wire.host(), &alice, &bob).expect_status(0);
    assert_eq!(bob.unread(&["-T"]), ["2"]);
}
