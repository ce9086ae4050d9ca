//! What can go wrong, in the user's words.
//!
//! A variant says what failed; [`Error::exit_code`] says how the program ends and [`Error::hint`] what to do next.
//! Both matches are exhaustive on purpose: whoever adds a variant decides both.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::exit_code::ExitCode;

/// Why a command failed. `Display` is one line: lower case, no full stop, never a password.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Usage(String),
    #[error("“{text}” is not an address: {reason}")]
    InvalidAddress { text: String, reason: String },
    #[error("the {what} holds {character}, which XMPP cannot carry (at byte {position})")]
    IllegalCharacter { what: &'static str, character: String, position: usize },
    #[error("the {what} is not valid UTF-8 (at byte {position})")]
    InvalidUtf8 { what: &'static str, position: usize },
    #[error("“{0}” is no emoji")]
    NotAnEmoji(String),
    #[error("the message is empty")]
    EmptyMessage,
    #[error("the message is too large: at most {limit} bytes are allowed")]
    MessageTooLarge { limit: usize },
    #[error("{name} has {size} bytes, and the server takes files of at most {limit}")]
    FileTooLarge { name: String, size: u64, limit: u64 },
    #[error("the server does not take a message of {bytes} bytes: {reason}")]
    TooLargeForServer { bytes: usize, reason: String },
    #[error("cannot read {what}: {source}")]
    CannotRead { what: String, source: io::Error },

    #[error("no account is set up")]
    NoAccount,
    #[error("there is no account {0}")]
    UnknownAccount(String),
    #[error("{path}: {reason}")]
    BadConfig { path: PathBuf, reason: String },
    #[error("no password for {account}: {reason}")]
    NoPassword { account: String, reason: String },
    #[error("no password for the proxy {proxy}: {reason}")]
    NoProxyPassword { proxy: String, reason: String },
    #[error("the password of {account} could not be stored: {reason}")]
    CannotStorePassword { account: String, reason: String },
    #[error("the password of {account} could not be removed: {reason}")]
    CannotForgetPassword { account: String, reason: String },
    #[error("{path} is not private: {problem}")]
    ExposedPassword { path: PathBuf, problem: String },

    #[error("{domain}: no address found ({reason})")]
    NoSuchHost { domain: String, reason: String },
    #[error("cannot connect to {target}: {reason}")]
    CannotConnect { target: String, reason: String },
    #[error("the proxy {proxy} refused: {reason}")]
    ProxyRefused { proxy: String, reason: String },
    #[error("the connection to {server} is not secure: {problem}")]
    Untrusted { server: String, problem: String },
    #[error("the server {server} offers no encryption")]
    NoEncryption { server: String },
    #[error("{account}: {reason}")]
    LoginRefused { account: String, reason: String },
    #[error("{account}: the server offers only weaker logins ({offered}) than it did before")]
    LoginDowngraded { account: String, offered: String },
    #[error("{account}: somebody changed on the way which logins the server offers")]
    OfferChanged { account: String },
    #[error("no answer within {} while {step}", seconds(.limit))]
    Timeout { limit: Duration, step: String },
    #[error("the connection was lost while {step}: {reason}")]
    ConnectionLost { step: String, reason: String },
    #[error("the server ended the session: {condition}")]
    StreamEnded { condition: String, later: bool },
    #[error("the server broke the protocol while {step}: {reason}")]
    Protocol { step: String, reason: String },
    #[error("the server refused {what}: {reason}")]
    Refused { what: String, reason: String },
    #[error("the archive of {whose} holds more than it tells now")]
    IncompleteArchive { whose: String },
    #[error("{reason}{}", in_parentheses(.said))]
    NotDelivered { reason: String, said: String, code: ExitCode },
    #[error("{reason}{}", in_parentheses(.said))]
    KeptOut { reason: String, said: String, code: ExitCode, way_out: &'static str },
    #[error("the server has the message, but {to} did not confirm that it was {level}")]
    Unconfirmed { to: String, level: &'static str },
    #[error("the server has the message to {to}, but the connection was lost before it could say whether it came back")]
    PerhapsBounced { to: String },
    #[error("{server} does not offer {feature}")]
    NotSupported { server: String, feature: String },
    #[error(
        "{server} does not offer a message archive (XEP-0313), without which nobody knows whether the message was sent before"
    )]
    NoArchive { server: String },

    #[error("no message with the id {id} is among the latest 1000 with {with}")]
    NoSuchMessage { id: String, with: String },
    #[error("the message {id} is not yours")]
    NotYours { id: String },
    #[error("messages of {account} are in its queue")]
    Queued { account: String },
    #[error("no message with the id {id} is in the queue, or it is being sent")]
    NotQueued { id: String },
    #[error("cannot write the output: {0}")]
    CannotWrite(io::Error),
    #[error("cannot keep {path}: {source}")]
    CannotKeep { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Bug(String),
}

fn in_parentheses(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

fn seconds(limit: &Duration) -> String {
    format!("{} s", limit.as_secs_f32())
}

impl Error {
    /// The status with which the program ends.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::Usage,
            Self::InvalidAddress { .. }
            | Self::IllegalCharacter { .. }
            | Self::InvalidUtf8 { .. }
            | Self::MessageTooLarge { .. }
            | Self::TooLargeForServer { .. }
            | Self::FileTooLarge { .. }
            | Self::NotAnEmoji(_)
            | Self::NotYours { .. } => ExitCode::BadData,
            Self::EmptyMessage | Self::CannotRead { .. } | Self::NotQueued { .. } | Self::NoSuchMessage { .. } => {
                ExitCode::NoInput
            }
            Self::NoAccount
            | Self::UnknownAccount(_)
            | Self::BadConfig { .. }
            | Self::NoPassword { .. }
            | Self::NoProxyPassword { .. }
            | Self::ExposedPassword { .. } => ExitCode::Config,
            Self::NoSuchHost { .. } => ExitCode::NoHost,
            Self::Untrusted { .. }
            | Self::ProxyRefused { .. }
            | Self::NoEncryption { .. }
            | Self::LoginRefused { .. }
            | Self::LoginDowngraded { .. }
            | Self::OfferChanged { .. } => ExitCode::NoPermission,
            Self::CannotConnect { .. }
            | Self::Timeout { .. }
            | Self::ConnectionLost { .. }
            | Self::CannotForgetPassword { .. }
            | Self::Queued { .. }
            | Self::IncompleteArchive { .. }
            | Self::StreamEnded { later: true, .. } => ExitCode::TryLater,
            Self::StreamEnded { later: false, .. }
            | Self::Refused { .. }
            | Self::NotSupported { .. }
            | Self::NoArchive { .. } => ExitCode::Unavailable,
            Self::NotDelivered { code, .. } | Self::KeptOut { code, .. } => *code,
            Self::Unconfirmed { .. } | Self::PerhapsBounced { .. } => ExitCode::Unconfirmed,
            Self::Protocol { .. } => ExitCode::Protocol,
            Self::CannotWrite(_) => ExitCode::CannotWrite,
            Self::CannotKeep { .. } | Self::CannotStorePassword { .. } => ExitCode::CannotCreate,
            Self::Bug(_) => ExitCode::Bug,
        }
    }

    /// What the user can do about it, if there is something to say beyond the message itself.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::InvalidAddress { .. } => "an address looks like romeo@chat.example".into(),
            Self::NotAnEmoji(_) => {
                "emoji look like 👍 and have blanks between them; \"\" takes your reaction back".into()
            }
            Self::EmptyMessage => "give the text after the recipient, or on standard input".into(),
            Self::IllegalCharacter { .. } => {
                "remove the character, for instance with: tr -d '\\000-\\010\\013\\014\\016-\\037'".into()
            }
            Self::InvalidUtf8 { .. } => "convert the text, for instance with: iconv -f latin1 -t utf-8".into(),
            Self::NoAccount => "set one up with: chat login you@your.server".into(),
            Self::UnknownAccount(account) => format!("see chat accounts, or set it up with: chat login {account}"),
            Self::NoPassword { account, .. } => {
                format!("store it with: chat login {account} (or name a file with -p FILE, mode 0600)")
            }
            Self::NoProxyPassword { .. } => {
                "set proxy_password_file or proxy_password_command: see chat-config(5)".into()
            }
            Self::CannotStorePassword { account, .. } => {
                format!("keep it in a file of mode 0600 and name that: chat login -p FILE {account}")
            }
            Self::CannotForgetPassword { account, .. } => {
                format!("unlock the keyring and run it again: chat logout {account}")
            }
            Self::ExposedPassword { path, .. } => format!("make it yours alone: chmod 600 {}", path.display()),
            Self::NoSuchHost { .. } => "check the part after the @, or name the server with -H host".into(),
            Self::CannotConnect { .. } => "is the server running, and the port open? -H host:port names another".into(),
            Self::ProxyRefused { .. } => {
                "name its user in -X, and its password by proxy_password_file in the settings: see chat-config(5)"
                    .into()
            }
            Self::Untrusted { .. } => {
                "if the server is yours, name the certificate of its authority with -C ca.pem; never accept it blindly"
                    .into()
            }
            Self::LoginRefused { account: domain, .. } if !domain.contains('@') => {
                format!("name an account of yours: -u you@{domain}")
            }
            Self::LoginRefused { account, .. } => {
                format!("check the password and store it again with: chat login {account}")
            }
            Self::LoginDowngraded { account, .. } => format!(
                "somebody may be in between; if the server really changed, forget the account with: chat logout {account}"
            ),
            Self::OfferChanged { .. } => {
                "the connection is not safe: somebody is in between who has the key of the server's certificate".into()
            }
            Self::Timeout { .. } | Self::ConnectionLost { .. } => "try again; -t seconds allows more time".into(),
            Self::NotDelivered { code: ExitCode::NoUser | ExitCode::NoHost, .. } => {
                "check the address; nothing was delivered".into()
            }
            Self::NotDelivered { code: ExitCode::TryLater, .. } | Self::IncompleteArchive { .. } => {
                "try again later".into()
            }
            Self::KeptOut { way_out, .. } => (*way_out).into(),
            Self::Unconfirmed { .. } => {
                "do not send it again; not every client confirms, and -t seconds waits longer for those that do".into()
            }
            Self::Queued { account } => {
                format!("send them with chat flush -u {account}, or drop them with chat queue -u {account} -d ID")
            }
            Self::NoArchive { .. } => {
                "find out whether it arrived; if not, send it without -I, or let “chat flush” send it by \
                                       chat queue -r ID; if it did, chat queue -d ID drops it"
                    .into()
            }
            Self::NotQueued { .. } => "chat queue shows what is there".into(),
            Self::NoSuchMessage { .. } => "chat unread -j and chat send -j tell ids".into(),
            Self::NotYours { .. } => "only what you sent can be corrected or taken back".into(),
            Self::PerhapsBounced { .. } => "do not send it again".into(),
            Self::Bug(_) => "please report it".into(),
            Self::Usage(_)
            | Self::MessageTooLarge { .. }
            | Self::TooLargeForServer { .. }
            | Self::FileTooLarge { .. }
            | Self::CannotRead { .. }
            | Self::BadConfig { .. }
            | Self::NoEncryption { .. }
            | Self::StreamEnded { .. }
            | Self::Protocol { .. }
            | Self::Refused { .. }
            | Self::NotDelivered { .. }
            | Self::NotSupported { .. }
            | Self::CannotWrite(_)
            | Self::CannotKeep { .. } => return None,
        };
        Some(hint)
    }
}
