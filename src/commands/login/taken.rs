//! The account that `chat login` sets up, and what the file of `-i` says about it.

use std::path::Path;

use jid::BareJid;

use crate::config::{Account, Config};
use crate::credentials::{self, Imported, Password, Secret};
use crate::error::Error;

/// An account, with what is known of it beforehand.
pub(super) struct Taken {
    pub(super) jid: BareJid,
    pub(super) account: Account,
    /// The password itself, if it is in the file.
    pub(super) password: Option<Password>,
}

impl Taken {
    /// The account that was named, else that of the file.
    pub(super) fn of(file: Option<&Path>, named: Option<&BareJid>) -> Result<Self, Error> {
        match (file, named) {
            (Some(path), named) => from(path, &credentials::read_whole(path)?, named),
            (None, Some(jid)) => Ok(Self { jid: jid.clone(), account: Account::default(), password: None }),
            (None, None) => Err(Error::Usage("the address of the account is missing".into())),
        }
    }
}

/// Only files of chat have such a line: the others begin with an address or a name.
fn from(path: &Path, text: &str, named: Option<&BareJid>) -> Result<Taken, Error> {
    if text.lines().any(|line| line.trim_start().starts_with("[account")) {
        of_chat(&Config::of(path, text)?, named).map_err(|reason| Error::BadConfig { path: path.into(), reason })
    } else {
        of_another(credentials::import(path, text)?, named)
    }
}

fn of_chat(config: &Config, named: Option<&BareJid>) -> Result<Taken, String> {
    let several = "there are several accounts in it: name one of them, as in: chat login -i FILE JID";
    let jid = match named {
        Some(jid) => jid,
        None => config.default_account().map_err(|_| several)?.ok_or("there is no account in it")?,
    };
    let account = config.accounts().get(jid).ok_or_else(|| format!("there is no [account.\"{jid}\"] in it"))?;
    Ok(Taken { jid: jid.clone(), account: account.clone(), password: None })
}

fn of_another(imported: Imported, named: Option<&BareJid>) -> Result<Taken, Error> {
    let Imported { account, host, secret } = imported;
    let jid = named.cloned().map_or_else(|| crate::cli::account(&account), Ok)?;
    let bad_host = |reason| Error::Usage(format!("the server in the imported file: {reason}"));
    let host = host.as_deref().map(str::parse).transpose().map_err(bad_host)?;
    let (password, password_command) = match secret {
        Secret::Password(password) => (Some(password), None),
        Secret::Command(command) => (None, Some(command)),
    };
    Ok(Taken { jid, account: Account { host, password_command, ..Account::default() }, password })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "[account.\"a@c.example\"]\nhost = \"192.0.2.1\"\nca_file = \"/pki/ca.pem\"\n\
                       [account.\"b@c.example\"]\n";

    fn take(text: &str, named: Option<&str>) -> Result<Taken, Error> {
        from(Path::new("login.toml"), text, named.map(|jid| BareJid::new(jid).expect("an address")).as_ref())
    }

    fn complaint(text: &str, named: Option<&str>) -> String {
        take(text, named).map(|_| ()).expect_err("refused").to_string()
    }

    #[test]
    fn a_file_of_chat_describes_the_default_account_and_the_named_one() {
        let text = format!("default = \"a@c.example\"\n{TWO}");
        let taken = take(&text, None).expect("an account");
        assert_eq!((taken.jid.as_str(), taken.account.ca_file), ("a@c.example", Some("/pki/ca.pem".into())));
        assert_eq!(taken.account.host.map(|host| host.host).as_deref(), Some("192.0.2.1"));
        let taken = take(&text, Some("b@c.example")).expect("an account");
        assert_eq!((taken.jid.as_str(), taken.account), ("b@c.example", Account::default()));
    }

    #[test]
    fn which_account_of_several_is_asked_and_another_is_not_made_up() {
        assert!(complaint(TWO, None).contains("name one of them"), "{}", complaint(TWO, None));
        assert!(complaint(TWO, Some("c@c.example")).contains("[account.\"c@c.example\"]"));
    }

    #[test]
    fn a_file_of_another_program_is_known_by_what_is_in_it() {
        let taken = take("j@c.example;192.0.2.1 s3cret\n", None).expect("an account");
        assert_eq!(taken.password.map(|password| password.expose().to_owned()).as_deref(), Some("s3cret"));
        assert!(taken.account.password_command.is_none());
        let command = "username: j@c.example\neval_password: pass show chat\n";
        let taken = take(command, Some("k@c.example")).expect("an account");
        assert_eq!(
            (taken.jid.as_str(), taken.account.password_command.as_deref()),
            ("k@c.example", Some("pass show chat"))
        );
    }
}
