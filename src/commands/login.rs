//! `chat login`

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;
use jid::BareJid;

use super::network::Network;
use crate::cli::ServerOptions;
use crate::config::{Account, Config, Environment, Paths, absolute};
use crate::credentials::{self, Password, Place};
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::talk;
use crate::state::AccountState;
use crate::xmpp::memory::ServerMemory;
use crate::xmpp::session::{self, Login};

/// Set up an account: try its password, then keep it
///
/// The password is asked for on the terminal, which does not show it. Only when the server has accepted it, it is stored
/// in the keyring of the operating system. Where there is none, the Linux kernel keeps it until the next reboot, or
/// until it has not been used for 3 days. It is never written to a file.
///
/// With -p FILE the password stays in that file, and FILE is remembered. Nobody else may be able to read it (mode 0600).
/// With -p - it is read from standard input and stored.
///
/// -H and -C are remembered for the account. The first account becomes the default one. For an account that is set up
/// already, the new password replaces the old one.
///
/// A service under systemd needs no login: the credential chat-password, or one named like the account, is used first.
#[derive(Args, Debug)]
#[command(
    after_long_help = "Examples:\n  chat login juliet@chat.example\n  chat login -p /etc/backup/chat-password ops@chat.example\n  \
                             pass show chat | chat login -p - juliet@chat.example\n  \
                             chat login -H 10.0.0.5 -C /etc/ssl/office-ca.pem juliet@chat.example"
)]
pub struct Options {
    /// Read the password from the first line of FILE, now and at each use; if FILE is -, from standard input, and store it
    #[arg(short = 'p', long = "password-file", value_name = "FILE", allow_hyphen_values = true)]
    pub password_file: Option<PathBuf>,
    /// The address of your account
    #[arg(value_name = "JID", value_parser = crate::cli::account)]
    pub account: BareJid,
    // Last: its heading would go on over what follows.
    #[command(flatten)]
    pub server: ServerOptions,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, Error> {
    let paths = Paths::of(&Environment::current())?;
    let before = Config::load(&paths.config_file)?.accounts().get(&options.account).cloned();
    let account = account(options, before.as_ref())?;
    let password = match &options.password_file {
        Some(path) => credentials::read(path)?,
        None => credentials::ask(&options.account)?,
    };
    let state = AccountState::of(&options.account, &paths.state_dir);
    let learned = try_password(options, &account, &password, state.login())?;
    let place = match &account.password_file {
        Some(path) => Place::File(path.clone()),
        None => credentials::store(&options.account, &password)?,
    };
    Config::edit(&paths.config_file, |config| config.set_account(&options.account, &account))?;
    if let Err(error) = state.keep_login(&learned) {
        talk::note(&error.to_string());
    }
    tell(&options.account, before.as_ref(), &place);
    Ok(ExitCode::Done)
}

/// The settings to remember: those of the command line, else those of before. The password has one place only.
fn account(options: &Options, before: Option<&Account>) -> Result<Account, Error> {
    let before = before.cloned().unwrap_or_default();
    let remembered = |path: Option<&Path>| path.map(in_config).transpose();
    Ok(Account {
        host: options.server.host.clone().or(before.host),
        ca_file: remembered(options.server.ca_file.as_deref())?.or(before.ca_file),
        password_command: None,
        // Pipes, such as <(pass show chat), are gone the next time.
        password_file: remembered(options.password_file.as_deref().filter(|path| *path != "-" && path.is_file()))?,
    })
}

fn in_config(path: &Path) -> Result<PathBuf, Error> {
    let path = absolute(path)?;
    match path.to_str() {
        Some(_) => Ok(path),
        None => {
            Err(Error::BadConfig { path, reason: "a file with such a name (not UTF-8) cannot be remembered".into() })
        }
    }
}

fn try_password(
    options: &Options,
    account: &Account,
    password: &Password,
    memory: ServerMemory,
) -> Result<ServerMemory, Error> {
    let network = Network::new(options.server.timeout(), options.server.verbose)?;
    let login = Login {
        account: &options.account,
        password: password.expose(),
        endpoint: account.host.as_ref(),
        ca_file: account.ca_file.as_deref(),
        memory,
        progress: Rc::clone(&network.progress()),
    };
    network.wait(async {
        let (session, memory) = session::open(&login).await?;
        session.close().await;
        Ok(memory)
    })
}

fn tell(jid: &BareJid, before: Option<&Account>, place: &Place) {
    talk::note(&match place {
        Place::File(path) => format!("{jid} is set up; its password stays in {}", path.display()),
        place => format!("{jid} is set up; its password is in the {place}"),
    });
    if *place == Place::Kernel {
        talk::note("to keep it longer, put it into a file of mode 0600 and name that with -p");
    }
    if let Some(command) = before.and_then(|account| account.password_command.as_ref()) {
        talk::note(&format!("password_command is removed from the settings: {command}"));
    }
}
