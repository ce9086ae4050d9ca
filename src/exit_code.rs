//! Every exit status of `chat`: its name, its number and one sentence.
//!
//! The numbers are those of `sysexits(3)`. This table is the only one: the manual page's EXIT STATUS section and
//! `README.md` are checked against it.

/// The status with which the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    Done = 0,
    NothingUnread = 1,
    Unconfirmed = 2,
    Usage = 64,
    BadData = 65,
    NoInput = 66,
    NoUser = 67,
    NoHost = 68,
    Unavailable = 69,
    Bug = 70,
    CannotCreate = 73,
    CannotWrite = 74,
    TryLater = 75,
    Protocol = 76,
    NoPermission = 77,
    Config = 78,
}

impl ExitCode {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 16] = [
        Self::Done,
        Self::NothingUnread,
        Self::Unconfirmed,
        Self::Usage,
        Self::BadData,
        Self::NoInput,
        Self::NoUser,
        Self::NoHost,
        Self::Unavailable,
        Self::Bug,
        Self::CannotCreate,
        Self::CannotWrite,
        Self::TryLater,
        Self::Protocol,
        Self::NoPermission,
        Self::Config,
    ];

    /// The number that the shell sees in `$?`.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// One sentence for the manual page, without a full stop.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Done => "done: for send, the server has the message and nobody bounced it",
            Self::NothingUnread => "with unread -q: nothing is unread",
            Self::Unconfirmed => {
                "the server has the message, but no receipt came in time (send -w), or the connection was lost before it \
                 could say more; do not send it again"
            }
            Self::Usage => "usage error: an unknown option or a missing operand",
            Self::BadData => "bad data: a malformed address, illegal characters, or a message that is too large",
            Self::NoInput => "no input: the message is empty or the input cannot be read",
            Self::NoUser => "no such user: the recipient does not exist on its server",
            Self::NoHost => "no such host: the domain does not exist or cannot be reached from the server",
            Self::Unavailable => "refused: the server or the recipient does not offer or does not accept this",
            Self::Bug => "a bug in chat",
            Self::CannotCreate => "a file cannot be created",
            Self::CannotWrite => "the output cannot be written",
            Self::TryLater => {
                "temporary failure: timeout, connection lost or refused, server restarting; try again later"
            }
            Self::Protocol => "the server broke the protocol",
            Self::NoPermission => "not allowed: wrong password, or a certificate that is not trusted",
            Self::Config => "no account, or a bad configuration",
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode;

    #[test]
    fn the_table_holds_every_code_once_in_order() {
        assert!(ExitCode::ALL.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_temporary_failure_is_the_number_that_mailers_retry_on() {
        assert_eq!(ExitCode::TryLater.number(), 75);
    }
}
