//! Access to an account: its settings, its password, and the way in.

use std::rc::Rc;

use super::network::Network;
use super::tokens::Tokens;
use crate::cli::ConnectionOptions;
use crate::config::{Environment, Settings};
use crate::conversation::addresses::Addresses;
use crate::credentials::{self, Asking, Proof, Sources};
use crate::error::Error;
use crate::output::talk;
use crate::state::AccountState;
use crate::xmpp::credentials::Credentials;
use crate::xmpp::memory::ServerMemory;
use crate::xmpp::proxy::{Proxy, Via};
use crate::xmpp::session::{self, Login, Ready, Session};

/// What a command that connects has resolved before it does.
pub struct Access {
    pub settings: Settings,
    pub network: Network,
    pub state: AccountState,
    proof: Proof,
    via: Option<Via>,
}

impl Access {
    /// The person at the terminal is asked for a password that is nowhere else, if they may be.
    pub fn new(options: &ConnectionOptions, asking: Asking) -> Result<Self, Error> {
        let settings = Settings::resolve(options, &Environment::current())?;
        let proof = credentials::prove(&settings.account, &settings.password, asking, &talk::note)?;
        let via = via(settings.proxy.as_ref(), &settings.proxy_password)?;
        let network = Network::new(settings.timeout, settings.verbose)?;
        let state = AccountState::of(&settings.account, &settings.paths.state_dir);
        Ok(Self { settings, network, state, proof, via })
    }

    /// The same, where what is remembered of the account `needs` it; else not even the password is looked for.
    pub fn when_needed(
        options: &ConnectionOptions,
        asking: Asking,
        needs: impl FnOnce(&AccountState) -> Result<bool, Error>,
    ) -> Result<Option<Self>, Error> {
        let settings = Settings::resolve(options, &Environment::current())?;
        let state = AccountState::of(&settings.account, &settings.paths.state_dir);
        if needs(&state)? { Self::new(options, asking).map(Some) } else { Ok(None) }
    }

    /// Logs in, then does `work`, all before the deadline.
    pub fn with_login<T>(&self, work: impl AsyncFnOnce(Ready) -> Result<T, Error>) -> Result<T, Error> {
        let result = self.network.wait(async {
            let ready = session::authenticate(&self.login()).await?;
            work(ready).await
        });
        self.doubt_after(&result);
        result
    }

    /// Logs in before the deadline, then does `work` that has no end of its own and keeps the time itself.
    pub fn with_long_login<T>(&self, work: impl AsyncFnOnce(Ready) -> Result<T, Error>) -> Result<T, Error> {
        let ready = self.network.wait(session::authenticate(&self.login()));
        let result = ready.and_then(|ready| self.network.wait_without_limit(work(ready)));
        self.doubt_after(&result);
        result
    }

    fn doubt_after<T>(&self, result: &Result<T, Error>) {
        if let Err(Error::StreamEnded { .. } | Error::Protocol { .. }) = result {
            // Perhaps the server changed since the last login: the next one takes nothing for granted but SCRAM.
            let ServerMemory { scram_seen, device, token, tried_upgrade, .. } = self.tokens().memory(&self.state);
            self.remember(&ServerMemory { scram_seen, device, token, tried_upgrade, ..ServerMemory::default() });
        }
    }

    fn login(&self) -> Login {
        Login {
            account: self.settings.account.clone(),
            credentials: for_login(&self.proof),
            endpoint: self.settings.endpoint.clone(),
            via: self.via.clone(),
            authorities: self.settings.authorities.clone(),
            memory: self.tokens().memory(&self.state),
            keeps_tokens: self.tokens().can_keep(),
            may_wait: false,
            progress: Rc::clone(&self.network.progress()),
        }
    }

    /// The proxy that connections go through.
    pub fn via(&self) -> Option<&Via> {
        self.via.as_ref()
    }

    fn tokens(&self) -> Tokens<'_> {
        let password = match &self.proof {
            Proof::Password(password) => Some(password),
            Proof::Certificate(_) | Proof::Nothing => None,
        };
        Tokens::new(&self.settings.account, &self.settings.password).of(password)
    }

    /// Keeps what was learned about the server; that only saves time, so a failure is no more than worth a word.
    pub fn remember(&self, memory: &ServerMemory) {
        if let Err(error) = self.tokens().remember(&self.state, memory) {
            talk::note(&error.to_string());
        }
    }

    /// Keeps whom the person knows, for Tab, if `learn` says something new.
    pub fn learn_addresses(&self, learn: impl FnOnce(Addresses) -> Addresses) {
        let before = self.state.addresses();
        let after = learn(before.clone());
        if after != before
            && let Err(error) = self.state.keep_addresses(&after)
        {
            talk::note(&error.to_string());
        }
    }

    /// Ends a session.
    pub fn close(&self, session: Session) -> Result<(), Error> {
        self.network.wait(async {
            session.close().await;
            Ok(())
        })
    }
}

/// The proxy, and its password where it wants to know who asks.
pub(super) fn via(proxy: Option<&Proxy>, password: &Sources) -> Result<Option<Via>, Error> {
    let Some(proxy) = proxy else { return Ok(None) };
    let password = match proxy.user {
        Some(_) => credentials::find_for_proxy(&proxy.to_string(), password, &talk::note)?.for_login(),
        None => String::new().into(),
    };
    Ok(Some(Via { proxy: proxy.clone(), password }))
}

/// A copy for one login.
pub(super) fn for_login(proof: &Proof) -> Credentials {
    match proof {
        Proof::Password(password) => Credentials::Password(password.for_login()),
        Proof::Certificate(path) => Credentials::Certificate(path.clone()),
        Proof::Nothing => Credentials::Nothing,
    }
}
