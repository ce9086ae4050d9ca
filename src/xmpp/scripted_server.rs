//! Tests only: an XMPP server over an in-memory pipe that follows a script, for what a real one cannot show.

use std::rc::Rc;

use jid::BareJid;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::authorities::Authorities;
use super::binding::Channel;
use super::credentials::Credentials;
use super::memory::ServerMemory;
use super::progress::Progress;
use super::session::{self, Entered, Login, Ready};
use crate::conversation::content::Content;
use crate::conversation::said::{Place, Said, Storage};
use crate::error::Error;

/// What it waits for, as a part of what the client says, and what it says then. `{id}` is the id of the last request,
/// `{first}` that of the first one since, `{queryid}` the last id of a query.
pub(crate) type Script = Vec<(&'static str, String)>;

pub(crate) const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' id='1' from='chat.example' version='1.0'>";

const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";

pub(crate) fn account() -> BareJid {
    BareJid::new("juliet@chat.example").expect("an address")
}

/// The part of a script that lets the account in by PLAIN and binds its resource.
pub(crate) fn welcome(features: &str) -> Script {
    let plain = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
        <mechanism>PLAIN</mechanism></mechanisms></stream:features>";
    let bound = "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
        <jid>juliet@chat.example/chat-cli.1</jid></bind></iq>";
    vec![
        ("<stream:stream", format!("{HEADER}{plain}")),
        // The client's first try is SCRAM.
        ("</auth>", format!("<failure xmlns='{SASL}'><invalid-mechanism/></failure>")),
        ("</auth>", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>".into()),
        ("</bind></iq>", format!("{HEADER}<stream:features>{features}</stream:features>{bound}")),
    ]
}

/// Starts the server; returns the client's end.
pub(crate) fn start(script: Script) -> DuplexStream {
    let (ours, theirs) = duplex(1 << 20);
    tokio::spawn(follow(script, theirs));
    ours
}

/// Starts the server, and logs `account` in where the script lets it.
pub(crate) async fn log_in(script: Script, memory: &ServerMemory) -> Result<Ready, Error> {
    match enter(script, &login(memory.clone())).await? {
        Entered::Open(ready) => Ok(ready),
        Entered::WithoutUpgrade(_) => panic!("an upgrade failed"),
    }
}

/// The same, with what it came to.
pub(crate) async fn enter(script: Script, login: &Login) -> Result<Entered, Error> {
    enter_over(Channel::default(), script, login).await
}

/// The same, on a connection that a login can be bound to.
pub(crate) async fn enter_over(channel: Channel, script: Script, login: &Login) -> Result<Entered, Error> {
    session::enter(login, Box::new(start(script)), channel).await
}

/// What `account` logs in with.
pub(crate) fn login(memory: ServerMemory) -> Login {
    Login {
        account: account(),
        credentials: Credentials::Password(String::from("secret").into()),
        endpoint: None,
        via: None,
        authorities: Authorities::default(),
        memory,
        keeps_tokens: true,
        may_wait: false,
        progress: Rc::new(Progress::silent()),
    }
}

async fn follow(script: Script, mut pipe: DuplexStream) {
    let mut heard = String::new();
    for (expected, answer) in script {
        while !heard.contains(expected) {
            let mut buffer = [0; 4096];
            match pipe.read(&mut buffer).await {
                Ok(length) if length > 0 => heard.push_str(&String::from_utf8_lossy(&buffer[..length])),
                _ => return,
            }
        }
        let at = heard.find(expected).map_or(0, |at| at + expected.len());
        let said: String = heard.drain(..at).collect();
        let last = |name| attribute(name, &said, |said, text| said.rfind(text));
        let first = attribute("id", &said, |said, text| said.find(text));
        let answer = answer.replace("{id}", last("id")).replace("{first}", first).replace("{queryid}", last("queryid"));
        if pipe.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The value of the attribute `name` that `find` finds in `said`.
fn attribute<'a>(name: &str, said: &'a str, find: fn(&str, &str) -> Option<usize>) -> &'a str {
    let quote = |quote: char| {
        let text = format!(" {name}={quote}");
        find(said, &text).map(|at| at + text.len())
    };
    let start = quote('\'').max(quote('"')).unwrap_or(said.len());
    said[start..].split(['\'', '"']).next().unwrap_or_default()
}

/// A storage that keeps everything at hand.
pub(crate) struct Memory;

impl Storage for Memory {
    fn put(&self, content: Content) -> Result<Said, Error> {
        Ok(content.into())
    }

    fn look_up(&self, place: Place) -> Result<Content, Error> {
        unreachable!("nothing was put away, but {place:?} is looked up")
    }
}

/// Runs a test that waits.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { tokio::time::timeout(std::time::Duration::from_secs(120), test).await.expect("it hung") })
}
