//! The keyring of the operating system: Secret Service, Keychain or Credential Manager, by the `keyring` crate.
//!
//! Neither D-Bus nor the crate knows a time limit, and a bus that cannot start its keyring hangs for minutes. So each
//! request runs in a thread of its own that is given up after [`LIMIT`]; it ends with the process.

use std::error::Error as StdError;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jid::BareJid;
use keyring::{Entry, Error};

use super::{Password, Problem};

#[cfg(target_os = "macos")]
pub(super) const NAME: &str = "OS keyring (Keychain)";
#[cfg(target_os = "windows")]
pub(super) const NAME: &str = "OS keyring (Credential Manager)";
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
pub(super) const NAME: &str = "OS keyring (Secret Service)";

/// How a locked one is opened. Where nobody sees a window, the daemon of GNOME's can be told on a terminal.
#[cfg(any(target_os = "macos", target_os = "windows"))]
const UNLOCK: &str = "unlock it, or allow the access";
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const UNLOCK: &str =
    "unlock it in the desktop's program for passwords, or GNOME's with “gnome-keyring-daemon --replace --unlock”";

/// The services under which passwords and tokens are stored; the user is the account's address.
pub(super) const PASSWORDS: &str = "chat";
pub(super) const TOKENS: &str = "chat token";
const LIMIT: Duration = Duration::from_secs(3);

pub(super) fn get(service: &'static str, account: &BareJid) -> Result<Password, Problem> {
    with_entry(service, account, |entry| entry.get_password().map(Password::new))
}

pub(super) fn set(service: &'static str, account: &BareJid, password: &Password) -> Result<(), Problem> {
    let password = password.clone();
    with_entry(service, account, move |entry| entry.set_password(password.expose()))
}

pub(super) fn delete(service: &'static str, account: &BareJid) -> Result<(), Problem> {
    with_entry(service, account, Entry::delete_credential)
}

fn with_entry<T: Send + 'static>(
    service: &'static str,
    account: &BareJid,
    work: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    let account = account.to_string();
    let (answer, answered) = mpsc::channel();
    thread::spawn(move || {
        let result = open(service, &account).and_then(|entry| work(&entry).map_err(|error| problem(&error)));
        // Nobody listens any more when the limit is over.
        drop(answer.send(result));
    });
    answered.recv_timeout(LIMIT).unwrap_or_else(|_| {
        let seconds = LIMIT.as_secs();
        Err(Problem::Failed(format!(
            "no answer within {seconds} s; is it waiting to be unlocked, or does its service hang?"
        )))
    })
}

fn open(service: &str, account: &str) -> Result<Entry, Problem> {
    Entry::store_status().as_ref().map_err(problem)?;
    Entry::new(service, account).map_err(|error| problem(&error))
}

fn problem(error: &Error) -> Problem {
    match error {
        Error::NoEntry => Problem::NoEntry,
        Error::NoStorageAccess(_) => Problem::Failed(format!("it is locked: {UNLOCK}")),
        Error::PlatformFailure(source) => {
            absent(source.as_ref()).unwrap_or_else(|| Problem::Failed(source.to_string()))
        }
        // Their content is never shown: some carry what was stored.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            Problem::Failed("what it holds is no password of chat".into())
        }
        Error::Ambiguous(_) => Problem::Failed("it holds several entries of chat for this account".into()),
        other => Problem::Failed(other.to_string()),
    }
}

/// Tells a machine without a keyring from one whose keyring fails. The errors of D-Bus reach us as text only.
fn absent(error: &dyn StdError) -> Option<Problem> {
    let text = format!("{error:?}");
    if text.contains("ServiceUnknown") {
        return Some(Problem::Absent("nothing on the session bus offers it"));
    }
    ["Unavailable", "NotFound", "ConnectionRefused"]
        .iter()
        .any(|sign| text.contains(sign))
        .then_some(Problem::Absent("there is no session bus"))
}
