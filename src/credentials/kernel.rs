//! The keyring of the Linux kernel (`keyrings(7)`): the place for a password where there is no session bus.
//!
//! The password is in the *persistent* keyring of the user: in memory only, gone at the next reboot or after three days
//! without use. It is reached through a session keyring, which cron jobs and containers often lack: then this thread
//! joins a new one first. Without that, the kernel would file the password where it cannot be read again.

use std::thread;

use jid::BareJid;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use linux_keyutils::{KeyRing, KeyRingIdentifier};
use linux_keyutils_keyring_store::Store;

use super::{Password, Problem};

pub(super) const NAME: &str = "kernel keyring (until reboot, or 3 days unused)";

pub(super) fn get(service: &str, account: &BareJid) -> Result<Password, Problem> {
    in_session(|| open(service, account)?.get_password().map(Password::new))
}

/// Stores the password, and looks whether another session would find it.
pub(super) fn set(service: &str, account: &BareJid, password: &Password) -> Result<(), Problem> {
    in_session(|| open(service, account)?.set_password(password.expose()))?;
    match get(service, account)? {
        found if found.expose() == password.expose() => Ok(()),
        _ => Err(Problem::Failed("it did not keep the password".into())),
    }
}

pub(super) fn delete(service: &str, account: &BareJid) -> Result<(), Problem> {
    in_session(|| open(service, account)?.delete_credential())
}

/// Runs `work` in a thread of its own, because a session keyring that is joined belongs to the thread.
fn in_session<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Problem> {
    let run = || {
        KeyRing::from_special_id(KeyRingIdentifier::Session, true)
            .map_err(|_| Problem::Absent("the kernel does not allow it"))?;
        // Without it the password would end with this process.
        KeyRing::get_persistent(KeyRingIdentifier::Session)
            .map_err(|_| Problem::Absent("the kernel offers none that outlives the session"))?;
        work().map_err(|error| problem(&error))
    };
    thread::scope(|scope| scope.spawn(run).join())
        .unwrap_or_else(|_| Err(Problem::Failed("its thread ended early".into())))
}

fn open(service: &str, account: &BareJid) -> Result<Entry, Error> {
    Store::new()?.build(service, account.as_str(), None)
}

fn problem(error: &Error) -> Problem {
    match error {
        Error::NoEntry => Problem::NoEntry,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            Problem::Failed("what it holds is no password of chat".into())
        }
        other => Problem::Failed(other.to_string()),
    }
}
