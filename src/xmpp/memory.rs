//! What is worth knowing about a server before the next login.

use serde::{Deserialize, Serialize};

/// Learned at one login, used at the next: saves round trips, and notices when a server suddenly offers less.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerMemory {
    /// The SASL mechanism that worked; it can be started together with the stream header.
    pub mechanism: Option<String>,
    /// Something better than PLAIN was once offered, so PLAIN is never used again.
    pub scram_seen: bool,
    /// Stream management (XEP-0198) was offered; it can be enabled without asking first.
    pub stream_management: bool,
    /// The most bytes that the server takes in one stanza (XEP-0478), where it says so.
    pub max_stanza: Option<usize>,
}
