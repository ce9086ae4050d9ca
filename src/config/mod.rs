//! Settings: what the command line says, else the file, else the default. Resolved once, before anything is done.

mod environment;
mod file;
mod parse;
mod replace;

use std::path::{self, PathBuf};
use std::time::Duration;

use jid::BareJid;

use crate::cli::ConnectionOptions;
use crate::credentials::Sources;
use crate::error::Error;
use crate::xmpp::authorities::Authorities;
use crate::xmpp::endpoint::Endpoint;
use crate::xmpp::proxy::Proxy;

pub use environment::{Environment, Paths};
pub use file::{Account, Config};

/// Everything that a command which connects needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    pub account: BareJid,
    /// The server named by the user; otherwise DNS names it.
    pub endpoint: Option<Endpoint>,
    /// The proxy that the connection goes through.
    pub proxy: Option<Proxy>,
    /// Where to look for its password.
    pub proxy_password: Sources,
    /// Whose signatures to trust.
    pub authorities: Authorities,
    /// Where to look for the password: for [`crate::credentials::find`].
    pub password: Sources,
    pub timeout: Duration,
    pub verbose: bool,
    pub paths: Paths,
}

impl Settings {
    pub fn resolve(options: &ConnectionOptions, environment: &Environment) -> Result<Self, Error> {
        let paths = Paths::of(environment)?;
        let config = Config::load(&paths.config_file)?;
        let account = match &options.user {
            Some(account) => account.clone(),
            None => config.default_account()?.ok_or(Error::NoAccount)?.clone(),
        };
        let known = config.accounts().get(&account);
        let stored = known.cloned().unwrap_or_default();
        let password = sources(options, stored.sources(environment.credential(&account)))?;
        let named = password.certificate.is_some() || password.file.is_some() || password.credential.is_some();
        // A domain alone needs no password, so nothing has to be set up.
        if known.is_none() && !named && account.node().is_some() {
            return Err(Error::UnknownAccount(account.to_string()));
        }
        let proxy_password = stored.proxy_sources(environment.proxy_credential());
        let ca_file = options.server.ca_file.as_deref().map(absolute).transpose()?.or(stored.ca_file);
        Ok(Self {
            proxy_password,
            proxy: options.server.proxy.clone().or(stored.proxy),
            endpoint: options.server.host.clone().or(stored.host),
            timeout: options.server.timeout(),
            verbose: options.server.verbose,
            account,
            authorities: environment.authorities(ca_file),
            password,
            paths,
        })
    }
}

/// What the command line names comes before what is remembered, whatever it is.
fn sources(options: &ConnectionOptions, stored: Sources) -> Result<Sources, Error> {
    let certificate = options.server.certificate.as_deref().map(absolute).transpose()?;
    Ok(match (certificate, &options.password_file) {
        (Some(_), Some(_)) => return Err(Error::Usage("an account has a certificate (-K) or a password (-p)".into())),
        (Some(path), None) => Sources { certificate: Some(path), ..stored },
        (None, Some(path)) => Sources { certificate: None, file: Some(path.clone()), ..stored },
        (None, None) => stored,
    })
}

/// A path as it is to be remembered: valid from any directory.
pub(crate) fn absolute(path: &path::Path) -> Result<PathBuf, Error> {
    path::absolute(path).map_err(|source| Error::CannotRead { what: path.display().to_string(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::ServerOptions;
    use std::fs;

    fn home_with(config: &str) -> (tempfile::TempDir, Environment) {
        let home = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir(home.path().join("chat")).expect("a directory");
        fs::write(home.path().join("chat/config.toml"), config).expect("a file");
        let environment = Environment {
            config_home: Some(home.path().into()),
            home: Some(home.path().into()),
            ..Environment::default()
        };
        (home, environment)
    }

    fn user(jid: &str) -> ConnectionOptions {
        ConnectionOptions { user: Some(BareJid::new(jid).expect("an address")), ..ConnectionOptions::default() }
    }

    #[test]
    fn without_u_the_default_account_is_used_with_its_settings() {
        let (_home, environment) = home_with(
            "default = \"juliet@chat.example\"\n[account.\"juliet@chat.example\"]\nhost = \"10.0.0.1:5223\"\n\
             ca_file = \"/etc/ca.pem\"\npassword_command = \"pass show chat\"\n",
        );
        let settings = Settings::resolve(&ConnectionOptions::default(), &environment).expect("valid settings");
        assert_eq!(settings.account.as_str(), "juliet@chat.example");
        assert_eq!(settings.endpoint.map(|endpoint| endpoint.to_string()).as_deref(), Some("xmpps:10.0.0.1:5223"));
        assert_eq!(settings.authorities.added, Some("/etc/ca.pem".into()));
        assert_eq!(settings.password.command.as_deref(), Some("pass show chat"));
        assert_eq!(settings.timeout, Duration::from_secs(30));
    }

    #[test]
    fn the_command_line_beats_the_file() {
        let (_home, environment) = home_with("[account.\"juliet@chat.example\"]\nhost = \"10.0.0.1\"\n");
        let server =
            ServerOptions { host: "10.0.0.2".parse().ok(), ca_file: Some("ca.pem".into()), ..ServerOptions::default() };
        let settings = Settings::resolve(&ConnectionOptions { server, ..ConnectionOptions::default() }, &environment)
            .expect("valid settings");
        assert_eq!(settings.endpoint.map(|endpoint| endpoint.host).as_deref(), Some("10.0.0.2"));
        assert!(settings.authorities.added.expect("-C was given").is_absolute());
    }

    #[test]
    fn with_no_account_set_up_the_user_is_told() {
        let (_home, environment) = home_with("");
        let result = Settings::resolve(&ConnectionOptions::default(), &environment);
        assert!(matches!(result, Err(Error::NoAccount)), "{result:?}");
    }

    #[test]
    fn an_unknown_account_needs_a_password_source() {
        let (home, mut environment) = home_with("");
        let result = Settings::resolve(&user("ops@chat.example"), &environment);
        assert!(matches!(result, Err(Error::UnknownAccount(_))), "{result:?}");

        let with_file = ConnectionOptions { password_file: Some("-".into()), ..user("ops@chat.example") };
        assert!(Settings::resolve(&with_file, &environment).is_ok());

        fs::write(home.path().join("chat-password"), "").expect("a file");
        environment.credentials_directory = Some(home.path().into());
        assert!(Settings::resolve(&user("ops@chat.example"), &environment).is_ok());
    }
}
