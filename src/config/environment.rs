//! The environment of the process: read once, here and nowhere else.

use std::env;
use std::path::{Path, PathBuf};

use jid::BareJid;

use crate::error::Error;
use crate::xmpp::authorities::Authorities;

/// All authorities that Debian and its like trust: `update-ca-certificates` writes it, from a folder with a file for each.
const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What the environment says that matters to `chat`. No variable ever holds a password.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The home directory: `HOME`, or the one of the password database.
    pub home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`
    pub config_home: Option<PathBuf>,
    /// `XDG_STATE_HOME`
    pub state_home: Option<PathBuf>,
    /// `CREDENTIALS_DIRECTORY`, where systemd puts the secrets of a service.
    pub credentials_directory: Option<PathBuf>,
    /// `VISUAL`, or else `EDITOR`: a command for the shell.
    pub editor: Option<String>,
    /// Whether `NO_COLOR` is set to anything.
    pub no_color: bool,
    /// Whether `SSL_CERT_FILE` or `SSL_CERT_DIR` names the authorities to trust instead of the system's.
    pub names_authorities: bool,
}

impl Environment {
    /// The environment of this process. Directories that are not absolute count as unset (XDG Base Directory
    /// Specification).
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn current() -> Self {
        let directory = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        Self {
            home: env::home_dir().filter(|path| path.is_absolute()),
            config_home: directory("XDG_CONFIG_HOME"),
            state_home: directory("XDG_STATE_HOME"),
            credentials_directory: directory("CREDENTIALS_DIRECTORY"),
            editor: ["VISUAL", "EDITOR"].iter().filter_map(|name| env::var(name).ok()).find(|it| !it.trim().is_empty()),
            no_color: env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            names_authorities: ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| env::var_os(name).is_some()),
        }
    }

    /// Whom to trust, with those in the file `added`.
    pub(crate) fn authorities(&self, added: Option<PathBuf>) -> Authorities {
        let bundle = Path::new(BUNDLE);
        let is_whole = !self.names_authorities && bundle.exists();
        Authorities { bundle: is_whole.then(|| bundle.to_owned()), added }
    }

    /// The systemd credential with the password of the proxy.
    pub(crate) fn proxy_credential(&self) -> Option<PathBuf> {
        Some(self.credentials_directory.as_deref()?.join("proxy-password")).filter(|path| path.exists())
    }

    /// The systemd credential with the password of `account`, if the service was given one: named after the account, or
    /// `chat-password` for services with a single account.
    pub(crate) fn credential(&self, account: &BareJid) -> Option<PathBuf> {
        let directory = self.credentials_directory.as_deref()?;
        [account.as_str(), "chat-password"].iter().map(|name| directory.join(name)).find(|path| path.exists())
    }
}

/// Where `chat` keeps its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// `~/.config/chat/config.toml`
    pub config_file: PathBuf,
    /// `~/.local/state/chat`
    pub state_dir: PathBuf,
}

impl Paths {
    pub fn of(environment: &Environment) -> Result<Self, Error> {
        let base = |set: &Option<PathBuf>, below_home: &str| {
            set.clone().or_else(|| Some(environment.home.as_ref()?.join(below_home))).ok_or_else(|| Error::BadConfig {
                path: Path::new("~").join(below_home).join("chat"),
                reason: "there is no home directory: set HOME".into(),
            })
        };
        Ok(Self {
            config_file: base(&environment.config_home, ".config")?.join("chat/config.toml"),
            state_dir: base(&environment.state_home, ".local/state")?.join("chat"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_below_home_unless_xdg_says_otherwise() {
        let mut environment = Environment { home: Some("/home/juliet".into()), ..Environment::default() };
        let paths = Paths::of(&environment).expect("a home directory is enough");
        assert_eq!(paths.config_file, Path::new("/home/juliet/.config/chat/config.toml"));
        assert_eq!(paths.state_dir, Path::new("/home/juliet/.local/state/chat"));

        environment.config_home = Some("/etc/juliet".into());
        let paths = Paths::of(&environment).expect("XDG_CONFIG_HOME is set");
        assert_eq!(paths.config_file, Path::new("/etc/juliet/chat/config.toml"));
    }

    #[test]
    fn without_any_home_the_error_says_so() {
        let error = Paths::of(&Environment::default()).expect_err("there is no directory");
        assert_eq!(error.to_string(), "~/.config/chat: there is no home directory: set HOME");
    }

    #[test]
    fn a_credential_named_after_the_account_is_preferred() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let environment =
            Environment { credentials_directory: Some(directory.path().into()), ..Environment::default() };
        let juliet = BareJid::new("juliet@chat.example").expect("an address");
        assert_eq!(environment.credential(&juliet), None);
        for name in ["chat-password", "juliet@chat.example"] {
            std::fs::write(directory.path().join(name), "").expect("a file");
            assert_eq!(environment.credential(&juliet), Some(directory.path().join(name)));
        }
    }
    #[test]
    fn authorities_that_the_environment_names_come_instead_of_the_system_s() {
        let authorities = |names_authorities| {
            Environment { names_authorities, ..Environment::default() }.authorities(Some("ca.pem".into()))
        };
        assert_eq!(authorities(true), Authorities { bundle: None, added: Some("ca.pem".into()) });
        assert_eq!(authorities(false).bundle.is_some(), Path::new(BUNDLE).exists());
    }
}
