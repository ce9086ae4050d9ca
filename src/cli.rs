//! The command line: the list of commands and the options that several of them share.
//!
//! It follows XBD 12.2: one-letter options with a long twin, options before operands, no optional option-arguments.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use jid::BareJid;

use crate::commands;
use crate::error::Error;
use crate::xmpp::endpoint::Endpoint;
use crate::xmpp::proxy::Proxy;

/// Send messages and see what is unread, from the command line
///
/// chat speaks XMPP with the server of your account. It is made for scripts as much as for people: the exit status of
/// “chat send” is true, and “chat unread” knows what you have read on any of your devices.
#[derive(Debug, Parser)]
#[command(
    name = "chat",
    version,
    disable_help_subcommand = true,
    subcommand_required = true,
    propagate_version = false,
    after_long_help = "Examples:\n  chat login juliet@chat.example\n  chat send romeo@chat.example \"see you at eight\"\n  \
                       chat unread\n  chat help exit-codes"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// Every command; each lives in a file of its own name under `commands/`.
#[derive(Debug, Subcommand)]
pub enum Command {
    Send(Box<commands::send::Options>),
    Unread(commands::unread::Options),
    Flush(commands::flush::Options),
    Queue(commands::queue::Options),
    Login(commands::login::Options),
    Accounts(commands::accounts::Options),
    Logout(commands::logout::Options),
    Help(commands::help::Options),
    #[command(hide = true)]
    Complete(commands::complete::Options),
}

/// Which account, and how to reach its server: for every command that connects.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Account and connection")]
pub struct ConnectionOptions {
    /// Use this account instead of the default one; a domain alone is a login without an account, where its server allows that
    #[arg(short = 'u', long = "user", value_name = "JID", allow_hyphen_values = true, value_parser = user)]
    pub user: Option<BareJid>,
    #[command(flatten)]
    pub server: ServerOptions,
    /// Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -
    #[arg(short = 'p', long = "password-file", value_name = "FILE", allow_hyphen_values = true)]
    pub password_file: Option<PathBuf>,
}

/// How to reach the server.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Account and connection")]
pub struct ServerOptions {
    /// Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte
    #[arg(short = 'H', long = "host", value_name = "HOST[:PORT]", allow_hyphen_values = true)]
    pub host: Option<Endpoint>,
    /// Trust the certificate authorities in FILE (PEM) too
    #[arg(short = 'C', long = "ca-file", value_name = "FILE", allow_hyphen_values = true)]
    pub ca_file: Option<PathBuf>,
    /// Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600
    #[arg(short = 'K', long = "certificate", value_name = "FILE", allow_hyphen_values = true)]
    pub certificate: Option<PathBuf>,
    /// Give up after this many seconds over all [default: 30]
    #[arg(short = 't', long = "timeout", value_name = "SECONDS", allow_hyphen_values = true, value_parser = parse_seconds)]
    pub timeout: Option<Duration>,
    /// Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too
    #[arg(short = 'X', long = "proxy", value_name = "PROXY", allow_hyphen_values = true, value_parser = proxy)]
    pub proxy: Option<Proxy>,
    /// Say on standard error what is being done
    #[arg(short = 'v', long = "verbose")]
    pub verbose: bool,
}

impl ServerOptions {
    /// The limit over the whole command.
    pub fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(30))
    }
}

/// Reads an account's address (RFC 7622): a bare JID with a local part; `xmpp:` in front is allowed.
pub(crate) fn parse_account(text: &str) -> Result<BareJid, String> {
    let jid = BareJid::new(without_scheme(text).unwrap_or(text)).map_err(|error| error.to_string())?;
    match jid.node() {
        Some(_) => Ok(jid),
        None => Err("an account has a name before the @, like juliet@chat.example".into()),
    }
}

/// What follows `xmpp:`; letters of a scheme have no case (RFC 3986 §3.1).
pub(crate) fn without_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    scheme.eq_ignore_ascii_case("xmpp").then_some(rest)
}

/// The account of `-u`: a domain alone stands for whoever its server takes without a name (XEP-0175).
fn user(text: &str) -> Result<BareJid, Error> {
    match BareJid::new(text) {
        Ok(jid) if jid.node().is_none() => Ok(jid),
        _ => account(text),
    }
}

/// The same, for an option or operand.
pub(crate) fn account(text: &str) -> Result<BareJid, Error> {
    parse_account(text).map_err(|reason| Error::InvalidAddress { text: text.to_owned(), reason })
}

/// The parser's own complaint would repeat the value, which may hold a password.
fn proxy(text: &str) -> Result<Proxy, Error> {
    text.parse().map_err(|reason| Error::Usage(format!("the value of -X is no proxy: {reason}")))
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if !(0.1..=86_400.0).contains(&seconds) {
        return Err("a number of seconds from 0.1 to 86400 is needed".into());
    }
    Ok(Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_needs_a_local_part() {
        assert!(parse_account("chat.example").is_err());
        for uri in ["xmpp:juliet@chat.example", "XMPP:juliet@chat.example"] {
            assert_eq!(parse_account(uri).map(|jid| jid.to_string()), Ok("juliet@chat.example".into()));
        }
    }

    #[test]
    fn a_timeout_is_a_positive_number_of_seconds() {
        assert_eq!(parse_seconds("2.5"), Ok(Duration::from_millis(2500)));
        for bad in ["0", "-1", "nan", "inf", "1e9", "ten", ""] {
            assert!(parse_seconds(bad).is_err(), "{bad} was accepted");
        }
    }
}
