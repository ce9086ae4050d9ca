//! `chat login`

mod taken;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;
use jid::BareJid;

use super::access::{for_login, via};
use super::network::Network;
use super::tokens::Tokens;
use crate::cli::ServerOptions;
use crate::config::{Account, Config, Environment, Paths, absolute};
use crate::credentials::{self, Password, Place, Proof};
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::talk;
use crate::state::AccountState;
use crate::xmpp::memory::ServerMemory;
use crate::xmpp::session::{self, Login};

use taken::Taken;

/// Set up an account: try its password, then keep it
///
/// The password is asked for on the terminal, which does not show it. Only when the server has accepted it, it is stored
/// in the keyring of the operating system. Where there is none, the Linux kernel keeps it until the next reboot, or
/// until it has not been used for 3 days. It is never written to a file.
///
/// With -p FILE the password stays in that file, and FILE is remembered. Nobody else may be able to read it (mode 0600).
/// With -p - it is read from standard input and stored.
///
/// With -K FILE the account has no password, but a certificate that its server knows (XEP-0178). FILE is remembered.
///
/// -H, -C and -X are remembered for the account. The first account becomes the default one. For an account that is set up
/// already, the new password replaces the old one.
///
/// With -i FILE the account is one that FILE describes. FILE is ~/.sendxmpprc or the configuration of go-sendxmpp: its
/// password is stored like a typed one, and a command that prints the password is kept as password_command. FILE stays
/// as it is: delete it when all is well, for the password is still in it. FILE can also be one like chat-config(5), such
/// as the pki/login.toml that a new server comes with, or the config.toml of another computer: JID, or the default account
/// in it, is set up with all that it says. What the command line says comes first.
///
/// A service under systemd needs no login: the credential chat-password, or one named like the account, is used first.
#[derive(Args, Debug)]
#[command(
    after_long_help = "Examples:\n  chat login juliet@chat.example\n  chat login -i ~/.sendxmpprc\n  chat login -i office.toml\n  chat login -p /etc/backup/chat-password ops@chat.example\n  \
                             pass show chat | chat login -p - juliet@chat.example\n  \
                             chat login -H 10.0.0.5 -C /etc/ssl/office-ca.pem juliet@chat.example"
)]
pub struct Options {
    /// Take account, server and password from FILE, the configuration of chat, sendxmpp or go-sendxmpp
    #[arg(short = 'i', long = "import", value_name = "FILE", allow_hyphen_values = true)]
    pub import: Option<PathBuf>,
    /// Read the password from the first line of FILE, now and at each use; if FILE is -, from standard input, and store it
    #[arg(
        short = 'p',
        long = "password-file",
        value_name = "FILE",
        allow_hyphen_values = true,
        conflicts_with = "certificate"
    )]
    pub password_file: Option<PathBuf>,
    /// The address of your account
    #[arg(value_name = "JID", value_parser = crate::cli::account, required_unless_present = "import")]
    pub account: Option<BareJid>,
    // Last: its heading would go on over what follows.
    #[command(flatten)]
    pub server: ServerOptions,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, Error> {
    let taken = Taken::of(options.import.as_deref(), options.account.as_ref())?;
    let jid = &taken.jid;
    let paths = Paths::of(&Environment::current())?;
    let before = Config::load(&paths.config_file)?.accounts().get(jid).cloned();
    let account = account(options, &taken.account, before.as_ref())?;
    let proof = proof(options, &account, &taken)?;
    let state = AccountState::of(jid, &paths.state_dir);
    let password = match &proof {
        Proof::Password(password) => Some(password),
        Proof::Certificate(_) | Proof::Nothing => None,
    };
    let tokens = Tokens::new(jid, &account.sources(None)).of(password);
    let learned = try_it(options, jid, &account, &proof, (state.login(), tokens.can_keep()))?;
    let place = match (&account.password_file, &account.password_command, &proof) {
        (Some(path), _, _) => Place::File(path.clone()),
        (None, Some(command), _) => Place::Command(command.clone()),
        (None, None, Proof::Password(password)) => credentials::store(jid, password)?,
        (None, None, Proof::Certificate(path)) => Place::Certificate(path.clone()),
        (None, None, Proof::Nothing) => Place::NotNeeded,
    };
    Config::edit(&paths.config_file, |config| config.set_account(jid, &account))?;
    if let Err(error) = tokens.remember(&state, &learned) {
        talk::note(&error.to_string());
    }
    tell(jid, before.as_ref().and_then(|before| before.password_command.as_ref()), &place);
    Ok(ExitCode::Done)
}

fn proof(options: &Options, account: &Account, taken: &Taken) -> Result<Proof, Error> {
    match &account.certificate_file {
        Some(path) => credentials::check(path).map(|()| Proof::Certificate(path.clone())),
        None => password(options, account, taken).map(Proof::Password),
    }
}

fn password(options: &Options, account: &Account, taken: &Taken) -> Result<Password, Error> {
    let jid = &taken.jid;
    let reason = |reason| Error::NoPassword { account: jid.to_string(), reason };
    match (&options.password_file, &taken.password, &account.password_command, &account.password_file) {
        (Some(path), ..) | (None, None, None, Some(path)) => credentials::read(path),
        (None, Some(password), ..) => Ok(password.clone()),
        (None, None, Some(command), _) => credentials::run_command(command, &talk::note).map_err(reason),
        (None, None, None, None) => credentials::ask(jid),
    }
}

/// The settings to remember: those of the command line, else those of the imported file, else those of before. The
/// password has one place only.
fn account(options: &Options, taken: &Account, before: Option<&Account>) -> Result<Account, Error> {
    let (taken, before) = (taken.clone(), before.cloned().unwrap_or_default());
    let remembered = |path: Option<&Path>| path.map(in_config).transpose();
    let secret = Account {
        certificate_file: remembered(options.server.certificate.as_deref())?,
        // Pipes, such as <(pass show chat), are gone the next time.
        password_file: remembered(options.password_file.as_deref().filter(|path| *path != "-" && path.is_file()))?,
        ..Account::default()
    };
    let is_named = options.server.certificate.is_some() || options.password_file.is_some();
    let secret = if is_named { secret } else { taken.clone() };
    Ok(Account {
        host: options.server.host.clone().or(taken.host).or(before.host),
        proxy: options.server.proxy.clone().or(taken.proxy).or(before.proxy),
        proxy_password_command: taken.proxy_password_command.or(before.proxy_password_command),
        proxy_password_file: taken.proxy_password_file.or(before.proxy_password_file),
        ca_file: remembered(options.server.ca_file.as_deref())?.or(taken.ca_file).or(before.ca_file),
        certificate_file: secret.certificate_file,
        password_command: secret.password_command,
        password_file: secret.password_file,
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

fn try_it(
    options: &Options,
    jid: &BareJid,
    account: &Account,
    proof: &Proof,
    (memory, keeps_tokens): (ServerMemory, bool),
) -> Result<ServerMemory, Error> {
    let network = Network::new(options.server.timeout(), options.server.verbose)?;
    let environment = Environment::current();
    let login = Login {
        account: jid.clone(),
        credentials: for_login(proof),
        endpoint: account.host.clone(),
        via: via(account.proxy.as_ref(), &account.proxy_sources(environment.proxy_credential()))?,
        authorities: environment.authorities(account.ca_file.clone()),
        // No token: it is the password that is tried. It may be a new one, of which the server may need another hash.
        memory: ServerMemory { tried_upgrade: None, ..memory },
        keeps_tokens,
        may_wait: true,
        progress: Rc::clone(&network.progress()),
    };
    network.wait(async {
        let (session, memory) = session::open(&login).await?;
        session.close().await;
        Ok(memory)
    })
}

fn tell(jid: &BareJid, command_before: Option<&String>, place: &Place) {
    talk::note(&match place {
        Place::File(path) => format!("{jid} is set up; its password stays in {}", path.display()),
        Place::Certificate(path) => format!("{jid} is set up; it is proved by the certificate in {}", path.display()),
        Place::Command(command) => format!("{jid} is set up; its password comes from: {command}"),
        place => format!("{jid} is set up; its password is in the {place}"),
    });
    if *place == Place::Kernel {
        talk::note("to keep it longer, put it into a file of mode 0600 and name that with -p");
    }
    let is_now = |command: &&String| matches!(place, Place::Command(now) if now == *command);
    if let Some(command) = command_before.filter(|command| !is_now(command)) {
        talk::note(&format!("password_command is removed from the settings: {command}"));
    }
}
