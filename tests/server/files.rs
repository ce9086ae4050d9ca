//! `chat send -f`: files by way of the server.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use tempfile::TempDir;

use crate::account::{Account, address, ca_file, with_input};
use crate::other_clients::phone;
use crate::relay::{Fault, Relay};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A file of so many bytes that begins like a picture.
fn picture(folder: &TempDir, name: &str, size: usize) -> (PathBuf, Vec<u8>) {
    let content: Vec<u8> = PNG.iter().copied().chain((0..=u8::MAX).cycle()).take(size).collect();
    let path = folder.path().join(name);
    fs::write(&path, &content).expect("written");
    (path, content)
}

fn unread(account: &Account) -> Vec<Value> {
    let out = account.chat("unread", &["-j", "-t", "120"]).expect_status(0).out;
    out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_file_comes_whole_with_its_name_its_size_and_what_it_is() {
    let (alice, bob) = (Account::new(), Account::new());
    let folder = tempfile::tempdir().expect("a folder");
    let (path, content) = picture(&folder, "my cat.png", 300_000);
    let ended = alice.chat("send", &["-f", text(&path), &bob.jid, "look"]).expect_status(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""), "no progress where no terminal is");
    let objects = unread(&bob);
    let file = &objects[0]["files"][0];
    assert_eq!((file["name"].as_str(), file["size"].as_u64()), (Some("my cat.png"), Some(300_000)));
    assert_eq!((file["media_type"].as_str(), objects[1]["body"].as_str()), (Some("image/png"), Some("look")));
    let resolve = format!("chat.example:5443:{}", address());
    let url = file["url"].as_str().expect("an address");
    let fetched = Command::new("curl").args(["-sSf", "--cacert", &ca_file(), "--resolve", &resolve, url]).output();
    assert!(fetched.expect("curl runs").stdout == content, "another file came");
    let xml = phone(&alice, &["archive_xml", &bob.jid]);
    let hash = BASE64_STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, &content));
    assert!(
        xml.contains(&hash) && xml.contains("jabber:x:oob") && xml.contains(&format!("<body>{url}</body>")),
        "{xml}"
    );
}

#[test]
fn files_need_no_words_and_go_to_everybody() {
    let (alice, bob, carol) = (Account::new(), Account::new(), Account::new());
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (picture(&folder, "1.png", 9).0, picture(&folder, "2.png", 10).0);
    let list = format!("{},{}", bob.jid, carol.jid);
    let ended = alice.chat("send", &["-f", text(&one), "-f", text(&two), &list]).expect_status(0);
    assert_eq!(ended.out.lines().filter(|line| line.ends_with("  sent")).count(), 4, "{}", ended.out);
    let names: Vec<Value> = unread(&carol).iter().map(|object| object["files"][0]["name"].clone()).collect();
    assert_eq!(names, ["1.png", "2.png"]);
    with_input(alice.command("send", &["-f", text(&one), &bob.jid, "-"]), b"words").expect_status(0);
    assert_eq!(unread(&bob)[3]["body"], "words");
}

#[test]
fn a_file_comes_into_a_room() {
    let alice = Account::new();
    let room = alice.jid.replace("@chat.example", "@conference.chat.example");
    phone(&alice, &["configure", &room, "membersonly=0"]);
    let folder = tempfile::tempdir().expect("a folder");
    alice.chat("send", &["-m", "-f", text(&picture(&folder, "1.png", 9).0), &room, "end"]).expect_status(0);
    let history = phone(&alice, &["history", &room]);
    assert!(history.starts_with("https://chat.example:5443/upload/") && history.ends_with("/1.png\nend"), "{history}");
}

#[test]
fn what_is_too_large_is_told_with_the_limit_and_not_sent() {
    let (alice, bob) = (Account::new(), Account::new());
    let sparse = tempfile::NamedTempFile::new().expect("a file");
    sparse.as_file().set_len(104_857_601).expect("a sparse file");
    alice
        .chat("send", &["-f", text(sparse.path()), &bob.jid, "hi"])
        .expect_status(65)
        .expect_error("at most 104857600");
    assert_eq!(bob.unread(&["-T"]), ["0"]);
}

#[test]
fn without_the_upload_nothing_is_sent() {
    let (alice, bob) = (Account::new(), Account::new());
    let folder = tempfile::tempdir().expect("a folder");
    let path = picture(&folder, "1.png", 9).0;
    // At the address of the relay nobody takes files.
    let relay = Relay::start(Fault::None);
    let ended =
        alice.command_at(&relay.host(), "send", &["-f", text(&path), &bob.jid, "hi"]).output().expect("it runs");
    assert_eq!(ended.status.code(), Some(75), "{}", String::from_utf8_lossy(&ended.stderr));
    alice.chat("send", &["-f", "/nowhere/1.png", &bob.jid]).expect_status(66).expect_error("/nowhere/1.png");
    alice.chat("send", &["-I", "job", "-f", text(&path), &bob.jid]).expect_status(64);
    let dry = alice.chat("send", &["-n", "-f", text(&path), &bob.jid]).expect_status(0);
    assert!(dry.out.contains("file      1.png, 9 bytes, image/png\n"), "{}", dry.out);
    assert_eq!(bob.unread(&["-T"]), ["0"]);
}
