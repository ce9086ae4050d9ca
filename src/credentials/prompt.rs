//! The person at the terminal: asked on `/dev/tty`, so that standard input and output stay free for the message.

use jid::BareJid;

use super::Password;
use crate::error::Error;
use crate::platform;

/// Whether there is a terminal to ask on.
pub(super) fn possible() -> bool {
    platform::has_terminal()
}

/// Asks for the password, without showing what is typed. Waits as long as the person needs.
pub fn ask(account: &BareJid) -> Result<Password, Error> {
    let no_password = |reason: String| Error::NoPassword { account: account.to_string(), reason };
    if !possible() {
        return Err(Error::Usage(
            "there is no terminal to ask for the password on; give it with -p FILE, or -p - from standard input".into(),
        ));
    }
    match rpassword::prompt_password(format!("Password of {account}: ")) {
        Ok(text) if text.is_empty() => Err(no_password("none was typed".into())),
        Ok(text) => Ok(Password::new(text)),
        Err(error) => Err(no_password(format!("the terminal cannot be read: {error}"))),
    }
}
