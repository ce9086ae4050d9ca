//! Passwords: the type that holds one, and the places where one can be. No other file holds a password for longer than
//! a login takes.
//!
//! A password is looked for in this order; a place that was named explicitly is not skipped when it fails:
//! 1. the file of `-p`, or standard input
//! 2. the credential that systemd gave to the service: `$CREDENTIALS_DIRECTORY/ACCOUNT`, or `chat-password` there
//! 3. the `password_command` of the account in `config.toml`
//! 4. the `password_file` of the account in `config.toml`
//! 5. the keyring of the operating system, within 3 seconds
//! 6. the kernel keyring (Linux), which keeps it until the next reboot, or for 3 days unused
//! 7. the person at the terminal
//!
//! Nothing is ever written in clear.

mod checked;
mod command;
mod file;
mod import;
#[cfg_attr(not(target_os = "linux"), path = "no_kernel.rs")]
mod kernel;
mod keyring;
mod prompt;
mod token;

use std::fmt;
use std::path::PathBuf;

use jid::BareJid;
use zeroize::Zeroizing;

use crate::error::Error;

pub use checked::locate_readable;
pub use command::run as run_command;
pub use file::{check, read};
pub use import::{Imported, Secret, import, read_whole};
pub use prompt::ask;
pub use token::{TokenPlace, find_token, keep_token};

use keyring::{PASSWORDS, TOKENS};

/// A password. It cannot be printed, and is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// A copy of it for a login, wiped like this one.
    pub fn for_login(&self) -> Zeroizing<String> {
        self.0.clone()
    }

    /// The password itself: for the login, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The places that the user or the system named for one account; the keyrings need no naming.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// A client certificate and its key, instead of a password.
    pub certificate: Option<PathBuf>,
    /// `-p`: this file, or standard input if it is `-`.
    pub file: Option<PathBuf>,
    /// A credential of systemd.
    pub credential: Option<PathBuf>,
    /// `password_command` of the account.
    pub command: Option<String>,
    /// `password_file` of the account.
    pub stored_file: Option<PathBuf>,
}

/// By what an account is proved.
#[derive(Clone, Debug)]
pub enum Proof {
    Password(Password),
    /// The PEM file of a client certificate and its key.
    Certificate(PathBuf),
    /// The account is a domain: its server lets anybody in, without a name.
    Nothing,
}

/// Where a password lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Credential(PathBuf),
    Command(String),
    File(PathBuf),
    Keyring,
    Kernel,
    /// It is a certificate instead.
    Certificate(PathBuf),
    /// It needs none.
    NotNeeded,
    /// Nowhere: this is what was tried.
    Nowhere(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential(path) => write!(f, "systemd credential {}", path.display()),
            Self::Command(command) => write!(f, "command {command}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Keyring => f.write_str(keyring::NAME),
            Self::Kernel => f.write_str(kernel::NAME),
            Self::Certificate(path) => write!(f, "certificate {}", path.display()),
            Self::NotNeeded => f.write_str("not needed: anonymous"),
            Self::Nowhere(tried) => write!(f, "none: {tried}"),
        }
    }
}

/// Why a keyring did not do what it was asked.
#[derive(Debug)]
enum Problem {
    /// There is no such keyring on this machine, or in this session.
    Absent(&'static str),
    /// It is there, and holds no password for the account.
    NoEntry,
    /// It is there and did not do it.
    Failed(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(reason) => f.write_str(reason),
            Self::NoEntry => f.write_str("holds none"),
            Self::Failed(reason) => f.write_str(reason),
        }
    }
}

/// Whether the person at the terminal may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    Allowed,
    /// A prompt of the shell, for one, shall never wait for somebody.
    Forbidden,
}

/// Finds by what `account` is proved; see [`find`].
pub fn prove(account: &BareJid, sources: &Sources, asking: Asking, tell: &dyn Fn(&str)) -> Result<Proof, Error> {
    match &sources.certificate {
        _ if account.node().is_none() => Ok(Proof::Nothing),
        Some(path) => file::check(path).map(|()| Proof::Certificate(path.clone())),
        None => find(account, sources, asking, tell).map(Proof::Password),
    }
}

/// Finds the password of the proxy `name`, in the places that are named for it.
pub fn find_for_proxy(name: &str, sources: &Sources, tell: &dyn Fn(&str)) -> Result<Password, Error> {
    let none = |reason: String| Error::NoProxyPassword { proxy: name.to_owned(), reason };
    match sources {
        Sources { credential: Some(path), .. } => file::read_credential(path),
        Sources { command: Some(command), .. } => command::run(command, tell).map_err(none),
        Sources { stored_file: Some(path), .. } => file::read(path),
        _ => Err(none("no place is named for it".into())),
    }
}

/// Finds the password of `account`. `tell` gets what a waiting person should know.
pub fn find(account: &BareJid, sources: &Sources, asking: Asking, tell: &dyn Fn(&str)) -> Result<Password, Error> {
    if let Some(path) = &sources.file {
        return file::read(path);
    }
    if let Some(path) = &sources.credential {
        return file::read_credential(path);
    }
    if let Some(command) = &sources.command {
        return command::run(command, tell).map_err(|reason| no_password(account, reason));
    }
    if let Some(path) = &sources.stored_file {
        return file::read(path);
    }
    let problems = match find_in_keyrings(PASSWORDS, account) {
        Ok((_, password)) => return Ok(password),
        Err(problems) => problems,
    };
    if asking == Asking::Forbidden || !prompt::possible() {
        let why = if asking == Asking::Forbidden { "and nobody is asked" } else { "no terminal to ask on" };
        return Err(no_password(account, format!("{}; {why}", all_said(&problems))));
    }
    // That a keyring holds nothing is no news to the person who is about to be asked; that one fails is.
    problems
        .iter()
        .filter(|(_, problem)| matches!(problem, Problem::Failed(_)))
        .for_each(|failure| tell(&said(failure)));
    prompt::ask(account)
}

/// Keeps the password in the keyring of the operating system, or where there is none in that of the kernel.
pub fn store(account: &BareJid, password: &Password) -> Result<Place, Error> {
    let failed = |reason| Error::CannotStorePassword { account: account.to_string(), reason };
    store_in_keyrings(PASSWORDS, account, password).map_err(failed)
}

fn store_in_keyrings(service: &'static str, account: &BareJid, password: &Password) -> Result<Place, String> {
    match keyring::set(service, account, password) {
        Ok(()) => {
            // An older password there would be found wherever this keyring is not.
            drop(kernel::delete(service, account));
            Ok(Place::Keyring)
        }
        Err(Problem::Absent(absent)) => match kernel::set(service, account, password) {
            Ok(()) => Ok(Place::Kernel),
            Err(problem) => Err(all_said(&[(keyring::NAME, Problem::Absent(absent)), (kernel::NAME, problem)])),
        },
        Err(problem) => Err(said(&(keyring::NAME, problem))),
    }
}

/// Removes the password, and the token, from every keyring.
pub fn forget(account: &BareJid) -> Result<(), Error> {
    let from = |service| {
        [(keyring::NAME, keyring::delete(service, account)), (kernel::NAME, kernel::delete(service, account))]
    };
    for (name, result) in from(TOKENS).into_iter().chain(from(PASSWORDS)) {
        if let Err(Problem::Failed(reason)) = result {
            return Err(Error::CannotForgetPassword {
                account: account.to_string(),
                reason: format!("{name}: {reason}"),
            });
        }
    }
    Ok(())
}

/// Says where the password of `account` would come from, without asking anybody; with the reason if it is nowhere.
pub fn locate(account: &BareJid, sources: &Sources) -> Place {
    if account.node().is_none() {
        return Place::NotNeeded;
    }
    if let Some(path) = &sources.certificate {
        return Place::Certificate(path.clone());
    }
    if let Some(path) = &sources.credential {
        return Place::Credential(path.clone());
    }
    if let Some(command) = &sources.command {
        return Place::Command(command.clone());
    }
    if let Some(path) = &sources.stored_file {
        return Place::File(path.clone());
    }
    match find_in_keyrings(PASSWORDS, account) {
        Ok((place, _)) => place,
        Err(problems) => Place::Nowhere(all_said(&problems)),
    }
}

fn find_in_keyrings(service: &'static str, account: &BareJid) -> Result<(Place, Password), Vec<Failure>> {
    let keyring = match keyring::get(service, account) {
        Ok(password) => return Ok((Place::Keyring, password)),
        Err(problem) => (keyring::NAME, problem),
    };
    match kernel::get(service, account) {
        Ok(password) => Ok((Place::Kernel, password)),
        Err(problem) => Err(vec![keyring, (kernel::NAME, problem)]),
    }
}

/// What a keyring of this name did not do.
type Failure = (&'static str, Problem);

fn said((name, problem): &Failure) -> String {
    format!("{name}: {problem}")
}

fn all_said(problems: &[Failure]) -> String {
    problems.iter().map(said).collect::<Vec<_>>().join("; ")
}

fn no_password(account: &BareJid, reason: String) -> Error {
    Error::NoPassword { account: account.to_string(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let sources = (Password::new("s3cret".into()), Some(Password::new("s3cret".into())));
        assert_eq!(format!("{sources:?}"), "(…, Some(…))");
    }

    #[test]
    fn the_named_places_come_before_the_keyrings_in_their_order() {
        let account = BareJid::new("juliet@chat.example").expect("an address");
        let mut sources = Sources {
            certificate: None,
            file: None,
            credential: Some("/run/credentials/chat/chat-password".into()),
            command: Some("pass show chat".into()),
            stored_file: Some("/home/juliet/.chat".into()),
        };
        assert_eq!(locate(&account, &sources).to_string(), "systemd credential /run/credentials/chat/chat-password");
        sources.credential = None;
        assert_eq!(locate(&account, &sources).to_string(), "command pass show chat");
        sources.command = None;
        assert_eq!(locate(&account, &sources).to_string(), "file /home/juliet/.chat");
        sources.certificate = Some("/home/juliet/client.pem".into());
        assert_eq!(locate(&account, &sources).to_string(), "certificate /home/juliet/client.pem");
        let domain = BareJid::new("chat.example").expect("an address");
        assert_eq!(locate(&domain, &sources).to_string(), "not needed: anonymous");
    }
}
