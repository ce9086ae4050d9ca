//! Getting into a room (XEP-0045): what it takes, and why somebody may be kept out.

use std::path::PathBuf;

use jid::BareJid;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::exit_code::ExitCode;

/// How the person enters rooms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// The name in the room.
    pub nick: String,
    /// The file with the room's password.
    pub password_file: Option<PathBuf>,
}

/// A room that is to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    pub room: BareJid,
    pub entry: Entry,
}

/// Why the person is not in a room, and what was said beyond that: hostile until sanitised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    pub why: Why,
    pub said: String,
}

/// Why somebody is kept out of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    NoRoom,
    NoHost,
    NotARoom,
    PasswordMissing,
    PasswordWrong,
    PasswordUnreadable,
    NickTaken,
    NickRefused,
    MembersOnly,
    Banned,
    Full,
    NoAnswer,
    Refused,
}

impl Why {
    /// By the condition of the error that came instead of the room (XEP-0045 §7.2).
    pub fn by_condition(condition: &str, with_password: bool) -> Self {
        match condition {
            "item-not-found" | "gone" | "not-allowed" => Self::NoRoom,
            "not-authorized" if with_password => Self::PasswordWrong,
            "not-authorized" => Self::PasswordMissing,
            "conflict" => Self::NickTaken,
            "not-acceptable" | "jid-malformed" => Self::NickRefused,
            "registration-required" => Self::MembersOnly,
            "forbidden" => Self::Banned,
            "service-unavailable" | "resource-constraint" => Self::Full,
            "remote-server-not-found" => Self::NoHost,
            "remote-server-timeout" => Self::NoAnswer,
            _ => Self::Refused,
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::NoRoom => "does not exist",
            Self::NoHost => "cannot be reached: its server does not exist, or yours does not talk to it",
            Self::NotARoom => "is not a room",
            Self::PasswordMissing => "asks for a password",
            Self::PasswordWrong => "refuses the password",
            Self::PasswordUnreadable => "asks for a password that cannot be read",
            Self::NickTaken => "has somebody else of that name",
            Self::NickRefused => "does not take that name",
            Self::MembersOnly => "lets only its members in",
            Self::Banned => "has banned you",
            Self::Full => "is full",
            Self::NoAnswer => "does not answer",
            Self::Refused => "does not let you in",
        }
    }

    fn exit_code(self) -> ExitCode {
        match self {
            Self::NoRoom => ExitCode::NoUser,
            Self::NoHost => ExitCode::NoHost,
            Self::PasswordMissing | Self::PasswordWrong => ExitCode::NoPermission,
            Self::PasswordUnreadable => ExitCode::Config,
            Self::Full | Self::NoAnswer => ExitCode::TryLater,
            Self::NotARoom | Self::NickTaken | Self::NickRefused | Self::MembersOnly | Self::Banned | Self::Refused => {
                ExitCode::Unavailable
            }
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::NoRoom | Self::NoHost => "check the address; chat enters rooms, and makes none",
            Self::NotARoom => "to a person, send without -m",
            Self::PasswordMissing => "name a file of mode 0600 with the room's password: -P FILE",
            Self::PasswordWrong | Self::PasswordUnreadable => "check the file that -P names",
            Self::NickTaken | Self::NickRefused => "choose another name for the room with -N NAME",
            Self::MembersOnly => "ask an owner of the room to make you a member",
            Self::Banned => "only an administrator of the room can let you in again",
            Self::Full | Self::NoAnswer => "try again later",
            Self::Refused => "ask an owner of the room",
        }
    }
}

impl Exclusion {
    /// The error of a command that was to send to `room`.
    pub fn into_error(self, room: &BareJid) -> Error {
        let what = if self.why == Why::NotARoom { "" } else { "the room " };
        let reason = format!("{what}{room} {}", self.why.reason());
        Error::KeptOut { reason, said: self.said, code: self.why.exit_code(), way_out: self.why.hint() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(condition: &str, with_password: bool) -> Error {
        let why = Why::by_condition(condition, with_password);
        let room = BareJid::new("verona@rooms.example").expect("an address");
        Exclusion { why, said: String::new() }.into_error(&room)
    }

    #[test]
    fn a_missing_password_is_told_from_a_wrong_one() {
        assert_eq!(error("not-authorized", false).to_string(), "the room verona@rooms.example asks for a password");
        assert_eq!(error("not-authorized", true).to_string(), "the room verona@rooms.example refuses the password");
        assert_eq!(error("not-authorized", true).exit_code(), ExitCode::NoPermission);
    }

    #[test]
    fn what_is_no_room_is_not_called_one() {
        let juliet = BareJid::new("juliet@chat.example").expect("an address");
        let error = Exclusion { why: Why::NotARoom, said: String::new() }.into_error(&juliet);
        assert_eq!(error.to_string(), "juliet@chat.example is not a room");
    }

    #[test]
    fn every_reason_has_a_status_and_a_way_out() {
        for (condition, code, way_out) in [
            ("item-not-found", 67, "check the address"),
            ("remote-server-not-found", 68, "check the address"),
            ("conflict", 69, "-N"),
            ("registration-required", 69, "member"),
            ("forbidden", 69, "administrator"),
            ("service-unavailable", 75, "later"),
            ("undefined-condition", 69, "owner"),
        ] {
            let error = error(condition, false);
            let hint = error.hint().expect("a hint");
            assert_eq!((error.exit_code().number(), hint.contains(way_out)), (code, true), "{condition}: {hint}");
        }
    }
}
