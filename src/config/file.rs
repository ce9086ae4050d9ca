//! The file `config.toml`: read with exact complaints, rewritten without losing the user's comments.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jid::BareJid;
use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use super::parse::{self, Parsed};
use super::replace::replace;
use crate::cli::parse_account;
use crate::credentials::Sources;
use crate::error::Error;
use crate::lock;
use crate::platform;
use crate::xmpp::endpoint::Endpoint;
use crate::xmpp::proxy::Proxy;

/// What is known about one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// `host`: the server, where DNS does not name it.
    pub host: Option<Endpoint>,
    /// `proxy`: the one that connections go through.
    pub proxy: Option<Proxy>,
    /// `proxy_password_command`: a shell command that prints its password.
    pub proxy_password_command: Option<String>,
    /// `proxy_password_file`: a file of mode 0600 whose first line is its password.
    pub proxy_password_file: Option<PathBuf>,
    /// `ca_file`: certificate authorities to trust beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// `certificate_file`: the client's certificate and key, instead of a password.
    pub certificate_file: Option<PathBuf>,
    /// `password_command`: a shell command that prints the password.
    pub password_command: Option<String>,
    /// `password_file`: a file of mode 0600 whose first line is the password.
    pub password_file: Option<PathBuf>,
}

impl Account {
    /// Where its password may be, besides the keyrings.
    pub(crate) fn sources(&self, credential: Option<PathBuf>) -> Sources {
        let (command, stored_file) = (self.password_command.clone(), self.password_file.clone());
        Sources { certificate: self.certificate_file.clone(), file: None, credential, command, stored_file }
    }

    /// Where the password of its proxy may be.
    pub(crate) fn proxy_sources(&self, credential: Option<PathBuf>) -> Sources {
        let (command, stored_file) = (self.proxy_password_command.clone(), self.proxy_password_file.clone());
        Sources { credential, command, stored_file, ..Sources::default() }
    }
}

/// The file, and what it says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    path: PathBuf,
    text: DocumentMut,
    default: Option<BareJid>,
    accounts: BTreeMap<BareJid, Account>,
}

/// Changing the file takes another `chat` no time; one that takes longer has died in some way.
const PATIENCE: Duration = Duration::from_secs(10);

impl Config {
    /// Reads the file; one that is not there is an empty one.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(Error::CannotRead { what: path.display().to_string(), source }),
        };
        Self::of(path, &text)
    }

    /// What `text` says, which is that of the file.
    pub fn of(path: &Path, text: &str) -> Result<Self, Error> {
        let Parsed { default, accounts, text } =
            parse::parse(text).map_err(|reason| Error::BadConfig { path: path.into(), reason })?;
        Ok(Self { path: path.into(), text, default, accounts })
    }

    /// Reads, changes and writes the file while no other `chat` does.
    pub fn edit(path: &Path, change: impl FnOnce(&mut Self)) -> Result<(), Error> {
        let cannot_keep = |source| Error::CannotKeep { path: path.into(), source };
        let directory = path.parent().unwrap_or(Path::new("/"));
        platform::private_folders().create(directory).map_err(cannot_keep)?;
        let folder = platform::lock_of(directory).map_err(cannot_keep)?;
        let step = || "waiting for another chat to change the settings".into();
        let timeout = || Error::Timeout { limit: PATIENCE, step: step() };
        let _lock = lock::exclusively(folder, PATIENCE).map_err(cannot_keep)?.ok_or_else(timeout)?;
        let mut config = Self::load(path)?;
        change(&mut config);
        config.save().map_err(cannot_keep)
    }

    /// The account that is used without -u: the one that the file names, or the only one.
    pub fn default_account(&self) -> Result<Option<&BareJid>, Error> {
        match (&self.default, self.accounts.len()) {
            (Some(account), _) => Ok(Some(account)),
            (None, 0 | 1) => Ok(self.accounts.keys().next()),
            (None, _) => Err(Error::BadConfig {
                path: self.path.clone(),
                reason: "there are several accounts, but default = \"…\" does not say which to use without -u".into(),
            }),
        }
    }

    pub fn accounts(&self) -> &BTreeMap<BareJid, Account> {
        &self.accounts
    }

    /// Adds the account or replaces its settings; the first one becomes the default.
    pub fn set_account(&mut self, jid: &BareJid, account: &Account) {
        let key = self.key_of(jid).unwrap_or_else(|| jid.to_string());
        if self.accounts.is_empty() {
            self.set_default(jid);
        }
        let tables = self.text.entry("account").or_insert_with(implicit_table);
        let Some(tables) = tables.as_table_like_mut() else { return };
        if !tables.contains_key(&key) {
            tables.insert(&key, Item::Table(Table::new()));
        }
        let Some(table) = tables.get_mut(&key).and_then(Item::as_table_like_mut) else { return };
        let as_text = |path: &PathBuf| path.display().to_string();
        set(table, "host", account.host.as_ref().map(Endpoint::to_string));
        set(table, "proxy", account.proxy.as_ref().map(Proxy::to_string));
        set(table, "proxy_password_command", account.proxy_password_command.clone());
        set(table, "proxy_password_file", account.proxy_password_file.as_ref().map(as_text));
        set(table, "ca_file", account.ca_file.as_ref().map(as_text));
        set(table, "certificate_file", account.certificate_file.as_ref().map(as_text));
        set(table, "password_command", account.password_command.clone());
        set(table, "password_file", account.password_file.as_ref().map(as_text));
        self.accounts.insert(jid.clone(), account.clone());
    }

    /// Removes the account. If it was the default one, the first of the others takes its place.
    pub fn remove_account(&mut self, jid: &BareJid) {
        if let (Some(key), Some(tables)) =
            (self.key_of(jid), self.text.get_mut("account").and_then(Item::as_table_like_mut))
        {
            tables.remove(&key);
        }
        self.accounts.remove(jid);
        if self.default.as_ref() == Some(jid) {
            self.default = self.accounts.keys().next().cloned();
            set(self.text.as_table_mut(), "default", self.default.as_ref().map(BareJid::to_string));
        }
    }

    fn set_default(&mut self, jid: &BareJid) {
        set(self.text.as_table_mut(), "default", Some(jid.to_string()));
        self.default = Some(jid.clone());
    }

    /// The account's key as the user wrote it, which may not be the normal form of the address.
    fn key_of(&self, jid: &BareJid) -> Option<String> {
        let tables = self.text.get("account")?.as_table_like()?;
        tables.iter().map(|(key, _)| key.to_owned()).find(|key| parse_account(key).as_ref() == Ok(jid))
    }

    fn save(&self) -> io::Result<()> {
        // A file that is a link into a collection of dotfiles stays one.
        let path = match fs::canonicalize(&self.path) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.path.clone(),
            Err(error) => return Err(error),
        };
        replace(&path, self.text.to_string().as_bytes())
    }
}

/// `[account]` itself needs no line of its own.
fn implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// Changes a value and leaves the comment behind it in its place.
fn set(table: &mut dyn TableLike, key: &str, text: Option<String>) {
    match (text, table.get_mut(key)) {
        (None, _) => drop(table.remove(key)),
        (Some(text), Some(Item::Value(old))) if old.as_str() == Some(&text) => {}
        (Some(text), Some(Item::Value(old))) => {
            let decor = old.decor().clone();
            *old = text.into();
            *old.decor_mut() = decor;
        }
        (Some(text), _) => drop(table.insert(key, value(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("config.toml");
        fs::write(&path, text).expect("a file");
        Config::load(&path).map_err(|error| error.to_string().replace(&format!("{}: ", path.display()), ""))
    }

    fn juliet() -> BareJid {
        BareJid::new("juliet@chat.example").expect("an address")
    }

    #[test]
    fn the_only_account_is_the_default_but_of_several_one_must_be_named() {
        let one = "[account.\"juliet@chat.example\"]\n";
        let config = parse(one).expect("a valid file");
        assert_eq!(config.default_account().expect("no doubt"), Some(&juliet()));
        let config = parse(&format!("{one}[account.\"romeo@chat.example\"]\n")).expect("a valid file");
        assert!(config.default_account().is_err());
    }

    #[test]
    fn comments_survive_a_change() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("config.toml");
        let text = "# mine\ndefault = \"juliet@chat.example\" # me\n\n# home\n[account.\"Juliet@chat.example\"]\n\
                    host = \"xmpp:10.0.0.1:5222\" # the cellar\n";
        fs::write(&path, text).expect("a file");
        let moved = Account { host: "xmpps:10.0.0.2".parse().ok(), ..Account::default() };
        Config::edit(&path, |config| config.set_account(&juliet(), &moved)).expect("a writable file");
        let changed = fs::read_to_string(&path).expect("the file");
        assert_eq!(changed, text.replace("xmpp:10.0.0.1:5222", "xmpps:10.0.0.2:5223"));
    }

    #[test]
    fn accounts_come_and_go() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("chat/config.toml");
        let romeo = BareJid::new("romeo@chat.example").expect("an address");
        let with_file = Account { password_file: Some("/home/romeo/.pw".into()), ..Account::default() };
        Config::edit(&path, |config| {
            config.set_account(&juliet(), &Account::default());
            config.set_account(&romeo, &with_file);
        })
        .expect("a writable file");
        let text = fs::read_to_string(&path).expect("the file");
        assert_eq!(
            text,
            "default = \"juliet@chat.example\"\n\n[account.\"juliet@chat.example\"]\n\n\
             [account.\"romeo@chat.example\"]\npassword_file = \"/home/romeo/.pw\"\n"
        );
        Config::edit(&path, |config| config.remove_account(&juliet())).expect("a writable file");
        let config = Config::load(&path).expect("a valid file");
        assert_eq!(config.default_account().expect("no doubt"), Some(&romeo));
        assert_eq!(config.accounts().get(&romeo), Some(&with_file));

        Config::edit(&path, |config| config.remove_account(&romeo)).expect("a writable file");
        assert_eq!(fs::read_to_string(&path).expect("the file").trim(), "");
        assert_eq!(
            fs::read_dir(directory.path().join("chat")).expect("a directory").count(),
            1,
            "a temporary file is left"
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("chat/config.toml");
        Config::edit(&path, |config| config.set_account(&juliet(), &Account::default())).expect("a writable file");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().expect("a directory"))), (0o600, 0o700));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_file_stays_a_link() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (real, link) = (directory.path().join("dotfiles.toml"), directory.path().join("config.toml"));
        fs::write(&real, "").expect("a file");
        std::os::unix::fs::symlink(&real, &link).expect("a link");
        Config::edit(&link, |config| config.set_account(&juliet(), &Account::default())).expect("a writable file");
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        assert!(Config::load(&real).expect("a valid file").accounts().contains_key(&juliet()));
    }
}
