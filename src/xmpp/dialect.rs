//! The two ways in which a login is written on the stream: SASL of RFC 6120 §6, and SASL2 (XEP-0388), after which the
//! stream goes on at once, which may give a token for the next login (XEP-0484), and ask for more in between.
//!
//! Its Bind 2 (XEP-0386) is not used: binding as in RFC 6120 §7 travels with the login or with the first requests, so it
//! costs nothing, and the name of the session is known before: who resends after a lost connection must know which
//! session to wait for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use minidom::Element;
use xmpp_parsers::ns;

use super::build::With;
use super::fast::Token;

pub(crate) const SASL2: &str = "urn:xmpp:sasl:2";
const FAST: &str = "urn:xmpp:fast:0";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sasl,
    Sasl2,
}

impl Dialect {
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::Sasl => ns::SASL,
            Self::Sasl2 => SASL2,
        }
    }

    /// Whether `features` offers it.
    pub(crate) fn is_offered(self, features: &Element) -> bool {
        match self {
            Self::Sasl => features.has_child("mechanisms", ns::SASL),
            Self::Sasl2 => features.has_child("authentication", SASL2),
        }
    }

    /// The names of the mechanisms that `features` offers in this dialect.
    pub(crate) fn mechanisms(self, features: &Element) -> Vec<String> {
        let list = match self {
            Self::Sasl => features.get_child("mechanisms", ns::SASL),
            Self::Sasl2 => features.get_child("authentication", SASL2),
        };
        list.map(mechanism_names).unwrap_or_default()
    }

    /// What answers a challenge.
    pub(crate) fn response(self, answer: &[u8]) -> Element {
        Element::builder("response", self.namespace()).append(BASE64.encode(answer)).build()
    }

    /// What the server says to the mechanism in `element`: a challenge, a success, or a request for more.
    pub(crate) fn said(self, element: &Element) -> Result<Vec<u8>, String> {
        let data = match self {
            Self::Sasl2 if element.is("success", SASL2) || element.is("continue", SASL2) => {
                element.get_child("additional-data", SASL2).map(Element::text).unwrap_or_default()
            }
            _ => element.text(),
        };
        BASE64.decode(data.trim()).map_err(|error| error.to_string())
    }
}

/// The mechanisms for which the server gives tokens.
pub(crate) fn token_mechanisms(features: &Element) -> Vec<String> {
    inline(features).and_then(|inline| inline.get_child("fast", FAST)).map(mechanism_names).unwrap_or_default()
}

fn inline(features: &Element) -> Option<&Element> {
    features.get_child("authentication", SASL2)?.get_child("inline", SASL2)
}

fn mechanism_names(list: &Element) -> Vec<String> {
    list.children().filter(|child| child.name() == "mechanism").map(Element::text).collect()
}

/// The first step of SASL.
pub(crate) fn auth(mechanism: &str, first: &[u8]) -> Element {
    Element::builder("auth", ns::SASL).with("mechanism", mechanism).append(BASE64.encode(first)).build()
}

/// The first step of SASL2; `device` is what the server knows this installation by, and `more` is done together with it.
pub(crate) fn authenticate(
    mechanism: &str,
    first: &[u8],
    device: &str,
    more: impl IntoIterator<Item = Element>,
) -> Element {
    let text = |name: &str, text: &str| Element::builder(name, SASL2).append(text).build();
    let agent = Element::builder("user-agent", SASL2).with("id", device).append(text("software", "chat"));
    Element::builder("authenticate", SASL2)
        .with("mechanism", mechanism)
        .append(text("initial-response", &BASE64.encode(first)))
        .append(agent.build())
        .append_all(more)
        .build()
}

/// Asks for a token for later logins with `mechanism`.
pub(crate) fn token_request(mechanism: &str) -> Element {
    Element::builder("request-token", FAST).with("mechanism", mechanism).build()
}

/// Says that a token is used.
pub(crate) fn by_token() -> Element {
    Element::bare("fast", FAST)
}

/// The same, for the last time.
pub(crate) fn by_last_token() -> Element {
    Element::builder("fast", FAST).with("invalidate", "true").build()
}

/// Begins a task that the server asks for before it lets in.
pub(crate) fn next(task: &str) -> Element {
    Element::builder("next", SASL2).with("task", task).build()
}

/// What a task is about.
pub(crate) fn task_data(data: Element) -> Element {
    Element::builder("task-data", SASL2).append(data).build()
}

/// Whether `element` asks for the task, and for no other.
pub(crate) fn asks_for(element: &Element, task: &str) -> bool {
    let tasks = element.get_child("tasks", SASL2).into_iter().flat_map(Element::children);
    let mut names = tasks.filter(|child| child.is("task", SASL2)).map(|child| child.text().trim().to_owned());
    names.next().is_some_and(|name| name == task) && names.next().is_none()
}

/// The token in a success, for `mechanism`.
pub(crate) fn given_token(success: &Element, mechanism: &str) -> Option<Token> {
    Token::new(mechanism, success.get_child("token", FAST)?.attr("token")?)
}
