//! `chat logout`

use std::time::Duration;

use clap::Args;
use jid::BareJid;

use super::access::via;
use super::network::Network;
use super::tokens::Tokens;
use crate::config::{Account, Config, Environment, Paths};
use crate::credentials;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::talk;
use crate::state::AccountState;
use crate::xmpp::credentials::Credentials;
use crate::xmpp::session::{self, Login};

/// For telling the server, which matters less than forgetting.
const PATIENCE: Duration = Duration::from_secs(5);

/// Forget an account on this machine
///
/// Its password is removed from the keyrings, and its settings and what chat remembers about it are deleted. A password
/// file that was named with chat login -p stays. The server is told that this machine no longer logs in by the token that
/// it gave. Messages and read positions on the server stay as they are, and so do
/// sessions of other clients.
///
/// If it was the default account, the first of the others becomes the default.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  chat logout juliet@chat.example")]
pub struct Options {
    /// The address of the account
    #[arg(value_name = "JID", value_parser = crate::cli::account)]
    pub account: BareJid,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, Error> {
    let paths = Paths::of(&Environment::current())?;
    let jid = &options.account;
    let config = Config::load(&paths.config_file)?;
    let state = AccountState::of(jid, &paths.state_dir);
    if !state.spool().is_empty()? {
        return Err(Error::Queued { account: jid.to_string() });
    }
    let Some(account) = config.accounts().get(jid) else {
        // With -u and -p an account is used without being set up, and something is remembered about it all the same.
        return if state.exists() {
            state.forget().map(|()| ExitCode::Done)
        } else {
            Err(Error::UnknownAccount(jid.to_string()))
        };
    };
    give_up_token(jid, account, &state);
    // The password goes first: if it cannot be removed, the account is still there to try again.
    forget_password(jid, account)?;
    state.forget()?;
    Config::edit(&paths.config_file, |config| config.remove_account(jid))?;
    tell(&config, &Config::load(&paths.config_file)?, account);
    Ok(ExitCode::Done)
}

/// Tells the server that the token is no longer used, if there is one. One that the server does not hear of expires.
fn give_up_token(jid: &BareJid, account: &Account, state: &AccountState) {
    let memory = Tokens::new(jid, &account.sources(None)).memory(state);
    if memory.token.is_none() {
        return;
    }
    let environment = Environment::current();
    let credential = environment.proxy_credential();
    let told = Network::new(PATIENCE, false).and_then(|network| {
        let login = Login {
            account: jid.clone(),
            credentials: Credentials::Nothing,
            endpoint: account.host.clone(),
            via: via(account.proxy.as_ref(), &account.proxy_sources(credential))?,
            authorities: environment.authorities(account.ca_file.clone()),
            memory,
            keeps_tokens: false,
            may_wait: false,
            progress: network.progress(),
        };
        network.wait(session::give_up_token(&login))
    });
    if let Err(error) = told {
        talk::note(&format!("the server could not be told that its login token is no longer used: {error}"));
    }
}

/// Where the password was in no keyring, a keyring that fails is only worth a word.
fn forget_password(jid: &BareJid, account: &Account) -> Result<(), Error> {
    match credentials::forget(jid) {
        Err(error) if account.password_command.is_some() || account.password_file.is_some() => {
            talk::note(&error.to_string());
            Ok(())
        }
        result => result,
    }
}

fn tell(before: &Config, after: &Config, account: &Account) {
    if let Some(file) = &account.password_file {
        talk::note(&format!("the password is still in {}", file.display()));
    }
    if let (Ok(Some(old)), Ok(Some(new))) = (before.default_account(), after.default_account())
        && old != new
    {
        talk::note(&format!("the default account is now {new}"));
    }
}
