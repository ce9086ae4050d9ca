//! Tokens that a server gave to log in with instead of the password: kept where the password is as safe, or not at all.

use jid::BareJid;

use super::keyring::TOKENS;
use super::{Password, Sources, find_in_keyrings, kernel, keyring, store_in_keyrings};

/// Where a token may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// The password is in the keyrings, and so is the token.
    Keyrings,
    /// The password is in a file of mode 0600; the token may be in another one, among what is remembered.
    State,
    /// The password comes from somewhere that a token cannot be put back to.
    Nowhere,
}

impl TokenPlace {
    /// The place for the token of an account whose password is in one of `sources`.
    pub fn beside(sources: &Sources) -> Self {
        match sources {
            Sources { certificate: Some(_), .. } => Self::Nowhere,
            Sources { file: Some(path), .. } => Self::for_file(path),
            Sources { credential: Some(_), .. } | Sources { command: Some(_), .. } => Self::Nowhere,
            Sources { stored_file: Some(path), .. } => Self::for_file(path),
            _ => Self::Keyrings,
        }
    }

    /// Pipes, and standard input, leave nothing behind.
    fn for_file(path: &std::path::Path) -> Self {
        if path.is_file() { Self::State } else { Self::Nowhere }
    }
}

/// The token of `account` in the keyrings; one that cannot be had is only a longer login.
pub fn find_token(account: &BareJid) -> Option<Password> {
    find_in_keyrings(TOKENS, account).ok().map(|(_, token)| token)
}

/// Keeps the token in the keyrings, or removes it; an error says why not.
pub fn keep_token(account: &BareJid, token: Option<&Password>) -> Result<(), String> {
    let Some(token) = token else {
        // One that stays is refused by the server the next time.
        drop((keyring::delete(TOKENS, account), kernel::delete(TOKENS, account)));
        return Ok(());
    };
    store_in_keyrings(TOKENS, account, token).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_in_clear_where_the_password_is_not() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let file = || Some(file.path().to_owned());
        let none = Sources::default;
        assert_eq!(TokenPlace::beside(&none()), TokenPlace::Keyrings);
        assert_eq!(TokenPlace::beside(&Sources { stored_file: file(), ..none() }), TokenPlace::State);
        assert_eq!(TokenPlace::beside(&Sources { file: file(), ..none() }), TokenPlace::State);
        for sources in [
            Sources { certificate: file(), ..none() },
            Sources { file: Some("-".into()), stored_file: file(), ..none() },
            Sources { credential: file(), stored_file: file(), ..none() },
            Sources { command: Some("pass show chat".into()), stored_file: file(), ..none() },
        ] {
            assert_eq!(TokenPlace::beside(&sources), TokenPlace::Nowhere, "{sources:?}");
        }
    }
}
