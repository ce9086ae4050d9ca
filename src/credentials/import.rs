//! What other programs of this kind keep about their account: `~/.sendxmpprc` of sendxmpp, `config` of go-sendxmpp.
//!
//! Both know `name: value`, or in one line `user@host[;server][:port] password`. What begins with # is a comment.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::Password;
use super::file::{cannot_read, private};
use crate::error::Error;

/// An account of another program.
#[derive(Debug)]
pub struct Imported {
    pub account: String,
    /// `HOST` or `HOST:PORT`
    pub host: Option<String>,
    pub secret: Secret,
}

/// Its password, or the command that prints it.
pub enum Secret {
    Password(Password),
    Command(String),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Larger files are something else.
const LARGEST: u64 = 65_536;

/// Reads the file, which nobody else may be able to read.
pub fn read_whole(path: &Path) -> Result<Zeroizing<String>, Error> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|source| cannot_read(&name, source))?;
    private(path, &file)?;
    let mut text = Zeroizing::new(String::new());
    file.take(LARGEST).read_to_string(&mut text).map_err(|source| cannot_read(&name, source))?;
    Ok(text)
}

/// The account in `text`, which is that of the file. No error repeats what is in it.
pub fn import(path: &Path, text: &str) -> Result<Imported, Error> {
    parse(text).map_err(|reason| Error::BadConfig { path: path.into(), reason: reason.to_owned() })
}

fn parse(text: &str) -> Result<Imported, &'static str> {
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let named: BTreeMap<&str, &str> = lines.iter().filter_map(|line| named(line)).collect();
    match (named.get("username"), lines.first()) {
        (Some(username), _) => of_names(username, &named),
        (None, Some(line)) => of_line(line),
        (None, None) => Err("there is no account in it"),
    }
}

/// `username: juliet@chat.example`; a value may stand in quotes.
fn named(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let value = value.trim();
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_').then_some((name, quoted.unwrap_or(value)))
}

fn of_names(username: &str, named: &BTreeMap<&str, &str>) -> Result<Imported, &'static str> {
    let secret = match (named.get("password"), named.get("eval_password")) {
        (Some(password), _) => Secret::Password(Password::new((*password).to_owned())),
        (None, Some(command)) => Secret::Command((*command).to_owned()),
        (None, None) => return Err("there is no password in it"),
    };
    let server = named.get("jserver").copied();
    let (account, server) = match server {
        Some(domain) if !username.contains('@') => (format!("{username}@{domain}"), None),
        _ => (username.to_owned(), server),
    };
    let port = named.get("port").filter(|_| server.is_some_and(|server| !server.contains(':')));
    let host = server.map(|server| port.map_or_else(|| server.to_owned(), |port| format!("{server}:{port}")));
    Ok(Imported { account, host, secret })
}

/// `juliet@chat.example;server:5222 secret`; what follows the password is for old servers.
fn of_line(line: &str) -> Result<Imported, &'static str> {
    let (address, rest) = line.split_once(char::is_whitespace).ok_or("there is no password in it")?;
    let password = rest.trim_start();
    let (account, host) = match (address.split_once(';'), address.split_once(':')) {
        (Some((account, server)), _) => (account, Some(server.to_owned())),
        (None, Some((account, port))) => {
            (account, account.split_once('@').map(|(_, domain)| format!("{domain}:{port}")))
        }
        (None, None) => (address, None),
    };
    let secret = Secret::Password(Password::new(password.to_owned()));
    Ok(Imported { account: account.to_owned(), host, secret })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Option<String>, String), &'static str> {
        let Imported { account, host, secret } = parse(text)?;
        let secret = match secret {
            Secret::Password(password) => password.expose().to_owned(),
            Secret::Command(command) => format!("$({command})"),
        };
        Ok((account, host, secret))
    }

    fn is(text: &str, account: &str, host: Option<&str>, secret: &str) {
        let expected = (account.to_owned(), host.map(str::to_owned), secret.to_owned());
        assert_eq!(read(text), Ok(expected), "{text}");
    }

    #[test]
    fn a_line_of_sendxmpp_is_an_account() {
        is("# mine\nj@c.example s3cret\n", "j@c.example", None, "s3cret");
        is("j@c.example:5223 two words", "j@c.example", Some("c.example:5223"), "two words");
        is("j@c.example;10.0.0.5:5222\ts", "j@c.example", Some("10.0.0.5:5222"), "s");
    }

    #[test]
    fn names_and_values_are_an_account() {
        let text = "username: j@c.example\njserver: talk.example\nport: 5223\npassword: \"a: b\"\n";
        is(text, "j@c.example", Some("talk.example:5223"), "a: b");
        let text = "username: j\njserver: c.example\neval_password: pass show chat\n";
        is(text, "j@c.example", None, "$(pass show chat)");
    }

    #[test]
    fn without_a_password_nothing_is_taken_and_nothing_repeated() {
        for text in ["", "# nothing", "j@c.example", "username: j@c.example"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(!format!("{:?}", parse("j@c.example s3cret")).contains("s3cret"));
    }
}
