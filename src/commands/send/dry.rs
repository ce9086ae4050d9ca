//! `-n`: what would be sent, and with what; nobody is connected to.

use super::super::access::via;
use super::Options;
use super::recipients::Recipient;
use crate::config::{Environment, Settings};
use crate::conversation::about::Act;
use crate::conversation::attachment::LocalFile;
use crate::conversation::body::Body;
use crate::conversation::delivery::Manner;
use crate::credentials;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{Answer, sanitize};
use crate::state::AccountState;
use crate::xmpp::memory::ServerMemory;
use crate::xmpp::tls;

/// Looks at everything that can be looked at without a connection, then writes what would be sent, and from where to whom.
pub(super) fn run(
    options: &Options,
    recipients: &[Recipient],
    manner: &Manner,
    files: &[LocalFile],
    body: Option<&Body>,
) -> Result<ExitCode, Error> {
    let settings = Settings::resolve(&options.connection, &Environment::current())?;
    let place = credentials::locate_readable(&settings.account, &settings.password)?;
    check(&settings)?;
    let limit = limit(&AccountState::of(&settings.account, &settings.paths.state_dir));
    let mut answer = Answer::new();
    let mut record = |name: &str, text: &str| answer.record(&format!("{name:<10}{text}"));
    record("account", &sanitize::field(settings.account.as_str()))?;
    record("password", &sanitize::line(&place))?;
    for Recipient { address, is_room } in recipients {
        record(if *is_room { "room" } else { "to" }, &sanitize::field(address.as_str()))?;
    }
    for (name, text) in how(options, manner) {
        record(name, &text)?;
    }
    for LocalFile { name, size, media_type, .. } in files {
        record("file", &format!("{}, {size} bytes, {media_type}", sanitize::field(name)))?;
    }
    if let Some(body) = body {
        record("text", &beginning(body.as_str()))?;
        record("bytes", &size(body, limit))?;
    }
    answer.finish()?;
    body.map_or(Ok(()), |body| fits(body, limit))?;
    Ok(ExitCode::Done)
}

/// What is read only when a connection is made. A command that tells a password is not run.
fn check(settings: &Settings) -> Result<(), Error> {
    let client = settings.password.certificate.as_deref().filter(|_| settings.account.node().is_some());
    tls::check(&tls::Files { authorities: &settings.authorities, client })?;
    match settings.proxy_password.command {
        Some(_) => Ok(()),
        None => via(settings.proxy.as_ref(), &settings.proxy_password).map(drop),
    }
}

/// What it is sent as.
fn how(options: &Options, manner: &Manner) -> Vec<(&'static str, String)> {
    let about = manner.about.as_ref().map(|about| {
        let act = match about.act {
            Act::Reply => "replies to",
            Act::Correct => "corrects",
            Act::Retract => "takes back",
            Act::React => "reacts to",
        };
        ("about", format!("{act} {}", sanitize::line(&about.id)))
    });
    let id = options.id.as_ref().map(|id| ("id", sanitize::line(id)));
    let subject = manner.subject.as_ref().map(|subject| ("subject", beginning(subject)));
    let queue = options.queue.then(|| ("queue", "where it cannot be sent now".into()));
    let fixed = [("type", manner.kind.name().into()), ("wait", options.wait.name().into())];
    fixed.into_iter().chain([queue, id, about, subject].into_iter().flatten()).collect()
}

/// So much of a text as one line shows.
fn beginning(text: &str) -> String {
    const SHOWN: usize = 200;
    let mut shown = sanitize::line(&text.chars().take(SHOWN).collect::<String>());
    if text.chars().nth(SHOWN).is_some() {
        shown.push_str(" …");
    }
    shown
}

/// The most bytes that the server takes (XEP-0478), if it said so at the last login.
pub(super) fn limit(state: &AccountState) -> Option<usize> {
    state.login::<ServerMemory>().max_stanza
}

/// What is larger than the server takes is refused before it ends the stream.
pub(super) fn fits(body: &Body, limit: Option<usize>) -> Result<(), Error> {
    match limit {
        Some(limit) if body.as_str().len() > limit => Err(Error::MessageTooLarge { limit }),
        _ => Ok(()),
    }
}

fn size(body: &Body, limit: Option<usize>) -> String {
    let bytes = body.as_str().len();
    match limit {
        Some(limit) => format!("{bytes} of at most {limit}"),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_does_not_take_is_bad_data() {
        let body = Body::new(b"0123456789".to_vec()).expect("legal");
        assert_eq!(size(&body, Some(9)), "10 of at most 9");
        assert_eq!(fits(&body, Some(9)).expect_err("too large").exit_code(), ExitCode::BadData);
        assert!(fits(&body, Some(10)).is_ok() && fits(&body, None).is_ok());
    }

    #[test]
    fn of_a_long_text_the_beginning_is_shown() {
        assert_eq!(beginning("two\nlines"), "two\\nlines");
        assert_eq!(beginning(&"x".repeat(300)), format!("{} …", "x".repeat(200)));
    }
}
