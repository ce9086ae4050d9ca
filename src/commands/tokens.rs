//! What is remembered about logging in to an account: of the server, and the token that spares the password.

use jid::BareJid;
use serde::{Deserialize, Serialize};

use crate::credentials::{self, Password, Sources, TokenPlace};
use crate::error::Error;
use crate::output::talk;
use crate::state::AccountState;
use crate::xmpp::fast::Token;
use crate::xmpp::memory::ServerMemory;

/// The place for the token of an account.
pub(super) struct Tokens<'a> {
    account: &'a BareJid,
    place: TokenPlace,
    /// Of which a token must be that is used: who names a wrong one shall hear of it.
    password: Option<&'a str>,
}

/// A token in a file of mode 0600, beside a password in such a file.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct InFile {
    token: String,
    /// [`Token::mark`] of the password that brought it; empty in older files.
    mark: String,
}

impl<'a> Tokens<'a> {
    /// For an account whose password is in one of `sources`.
    pub(super) fn new(account: &'a BareJid, sources: &Sources) -> Self {
        Self { account, place: TokenPlace::beside(sources), password: None }
    }

    /// With the password that is used.
    pub(super) fn of(self, password: Option<&'a Password>) -> Self {
        Self { password: password.map(Password::expose), ..self }
    }

    pub(super) fn can_keep(&self) -> bool {
        self.place != TokenPlace::Nowhere
    }

    /// What the last login taught, and its token.
    pub(super) fn memory(&self, state: &AccountState) -> ServerMemory {
        let memory: ServerMemory = state.login();
        // Where the server gave none, the keyring need not be asked.
        let token = memory.token_kind.as_ref().and_then(|_| self.find(state));
        ServerMemory { token, ..memory }
    }

    fn find(&self, state: &AccountState) -> Option<Token> {
        match self.place {
            TokenPlace::State => {
                let InFile { token, mark } = state.token();
                let token = Token::from_text(&token)?;
                let fits = self.password.is_none_or(|password| mark.is_empty() || token.mark(password) == mark);
                fits.then_some(token)
            }
            TokenPlace::Keyrings => Token::from_text(credentials::find_token(self.account)?.expose()),
            TokenPlace::Nowhere => None,
        }
    }

    /// Keeps what changed.
    pub(super) fn remember(&self, state: &AccountState, learned: &ServerMemory) -> Result<(), Error> {
        let before = self.memory(state);
        if before.token != learned.token {
            self.keep(state, learned.token.as_ref())?;
        }
        let apart = |memory: &ServerMemory| ServerMemory { token: None, ..memory.clone() };
        if apart(&before) == apart(learned) { Ok(()) } else { state.keep_login(learned) }
    }

    fn keep(&self, state: &AccountState, token: Option<&Token>) -> Result<(), Error> {
        let text = token.map(Token::to_text);
        match self.place {
            TokenPlace::State => {
                let mark = token.zip(self.password).map(|(token, password)| token.mark(password)).unwrap_or_default();
                state.keep_token(&InFile { token: text.map(|text| text.to_string()).unwrap_or_default(), mark })
            }
            TokenPlace::Keyrings => {
                let token = text.map(|text| Password::new(text.to_string()));
                if let Err(reason) = credentials::keep_token(self.account, token.as_ref()) {
                    talk::note(&format!("the login could not be made shorter: {reason}"));
                }
                Ok(())
            }
            TokenPlace::Nowhere => Ok(()),
        }
    }
}
