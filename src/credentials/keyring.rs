//! The keyring of the operating system: Secret Service, Keychain or Credential Manager, by crates of the `keyring` family.
//!
//! Neither D-Bus nor the crates know a time limit, and a bus that cannot start its keyring hangs for minutes. So each
//! request runs in a thread of its own that is given up after [`LIMIT`]; it ends with the process.
//!
//! One in fifty key exchanges with KDE's Wallet 5.103 fails, likely because numbers that begin with a zero are
//! written in two ways. So what fails is asked for once more in a new session, [`TRIES`] times in all.

use std::error::Error as StdError;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jid::BareJid;
use keyring::{Entry, Error};
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
use keyring_core::api::CredentialStoreApi;

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
const TRIES: usize = 3;

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
    work: impl Fn(&Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    let account = account.to_string();
    let (answer, answered) = mpsc::channel();
    thread::spawn(move || {
        let result = persistently(|| work(&open(service, &account)?));
        // Nobody listens any more when the limit is over.
        drop(answer.send(result.map_err(|error| problem(&error))));
    });
    answered.recv_timeout(LIMIT).unwrap_or_else(|_| {
        let seconds = LIMIT.as_secs();
        Err(Problem::Failed(format!(
            "no answer within {seconds} s; is it waiting to be unlocked, or does its service hang?"
        )))
    })
}

fn persistently<T>(request: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
    let mut result = request();
    for _ in 1..TRIES {
        match result {
            Err(Error::PlatformFailure(ref source)) if absent(source.as_ref()).is_none() => result = request(),
            settled => return settled,
        }
    }
    result
}

#[cfg(any(target_os = "macos", target_os = "windows"))]
fn open(service: &str, account: &str) -> Result<Entry, Error> {
    Entry::new(service, account)
}

/// In a session of its own: with the one that `keyring` makes, and keeps, it could not be tried again.
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
fn open(service: &str, account: &str) -> Result<Entry, Error> {
    zbus_secret_service_keyring_store::Store::new()?.build(service, account, None).map(|inner| Entry { inner })
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Fails as often as is said, then gives its answer; and how often it was asked.
    fn ask(failures: usize, failure: fn() -> Error) -> (Result<&'static str, Error>, usize) {
        let asked = Cell::new(0);
        let result = persistently(|| {
            asked.set(asked.get() + 1);
            if asked.get() > failures { Ok("secret") } else { Err(failure()) }
        });
        (result, asked.get())
    }

    #[test]
    fn a_key_exchange_that_went_wrong_is_repeated_but_not_for_ever() {
        let failure = || Error::PlatformFailure("message decryption failed".into());

        assert!(matches!(ask(0, failure), (Ok("secret"), 1)));
        assert!(matches!(ask(2, failure), (Ok("secret"), 3)));
        assert!(matches!(ask(3, failure), (Err(Error::PlatformFailure(_)), 3)));
    }

    #[test]
    fn what_a_second_question_would_not_change_is_asked_once() {
        assert_eq!(ask(1, || Error::NoEntry).1, 1);
        assert_eq!(ask(1, || Error::NoStorageAccess("locked".into())).1, 1);
        assert_eq!(ask(1, || Error::PlatformFailure("ServiceUnknown".into())).1, 1);
    }
}
