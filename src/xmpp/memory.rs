//! What is worth knowing about a server before the next login.

use serde::{Deserialize, Serialize};

use super::fast::Token;

/// Learned at one login, used at the next: saves round trips, and notices when a server suddenly offers less.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerMemory {
    /// The SASL mechanism that worked; it can be started together with the stream header.
    pub mechanism: Option<String>,
    /// What it was bound to (XEP-0440), where the mechanism binds.
    pub binding: Option<String>,
    /// Something better than PLAIN was once offered, so PLAIN is never used again.
    pub scram_seen: bool,
    /// Stream management (XEP-0198) was offered; it can be enabled without asking first.
    pub stream_management: bool,
    /// SASL2 (XEP-0388) was offered; the login can be started that way.
    pub sasl2: bool,
    /// By what the server knows this installation (`user-agent` of XEP-0388): tokens are given to it.
    pub device: Option<String>,
    /// The kind of token that the server gave; another can be asked for in the first step.
    pub token_kind: Option<String>,
    /// Logs in instead of the password (XEP-0484). It is kept where the password is, not here.
    #[serde(skip)]
    pub token: Option<Token>,
    /// The SASL upgrade (XEP-0480) that the server offers; it can be asked for in the first step.
    pub upgrade: Option<String>,
    /// The one that was asked for last, whatever came of it: it is not asked for again before the next `chat login`.
    pub tried_upgrade: Option<String>,
    /// The most bytes that the server takes in one stanza (XEP-0478), where it says so.
    pub max_stanza: Option<usize>,
}
