//! `-n`: what would be sent, and with what; nobody is connected to.

use super::recipients::Recipient;
use crate::cli::ConnectionOptions;
use crate::config::{Environment, Settings};
use crate::conversation::attachment::LocalFile;
use crate::conversation::body::Body;
use crate::credentials;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{Answer, sanitize};
use crate::state::AccountState;
use crate::xmpp::memory::ServerMemory;

/// Writes the account, where its password is, the recipients and the size.
pub(super) fn run(
    connection: &ConnectionOptions,
    recipients: &[Recipient],
    files: &[LocalFile],
    body: Option<&Body>,
) -> Result<ExitCode, Error> {
    let settings = Settings::resolve(connection, &Environment::current())?;
    let place = match &settings.password.file {
        Some(file) => format!("file {}", file.display()),
        None => credentials::locate(&settings.account, &settings.password).to_string(),
    };
    let limit = limit(&AccountState::of(&settings.account, &settings.paths.state_dir));
    let mut answer = Answer::new();
    answer.record(&format!("account   {}", sanitize::field(settings.account.as_str())))?;
    answer.record(&format!("password  {}", sanitize::line(&place)))?;
    for Recipient { address, is_room } in recipients {
        let word = if *is_room { "room" } else { "to  " };
        answer.record(&format!("{word}      {}", sanitize::field(address.as_str())))?;
    }
    for LocalFile { name, size, media_type, .. } in files {
        answer.record(&format!("file      {}, {size} bytes, {media_type}", sanitize::field(name)))?;
    }
    if let Some(body) = body {
        answer.record(&size(body, limit))?;
    }
    answer.finish()?;
    body.map_or(Ok(()), |body| fits(body, limit))?;
    Ok(ExitCode::Done)
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
        Some(limit) => format!("bytes     {bytes} of at most {limit}"),
        None => format!("bytes     {bytes}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_does_not_take_is_bad_data() {
        let body = Body::new(b"0123456789".to_vec()).expect("legal");
        assert_eq!(size(&body, Some(9)), "bytes     10 of at most 9");
        assert_eq!(fits(&body, Some(9)).expect_err("too large").exit_code(), ExitCode::BadData);
        assert!(fits(&body, Some(10)).is_ok() && fits(&body, None).is_ok());
    }
}
