//! `chat accounts`

use clap::Args;
use jid::BareJid;

use crate::config::{Config, Environment, Paths};
use crate::credentials;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{Answer, json, sanitize, talk};

/// List the accounts that are set up on this machine
///
/// Each account is a line. The default one, which is used when a command has no -u, is marked with a star. With -v it is
/// followed by two spaces and the place of its password: a keyring, a file, a command, or a credential of systemd.
///
/// The accounts are in ~/.config/chat/config.toml, which can be edited: default = "JID" chooses the default account,
/// and password_command = "COMMAND" in the section of an account takes its password from the first line that COMMAND
/// prints, such as “pass show chat”.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  chat accounts\n  chat accounts -v\n  chat accounts -j | jq -r .account")]
pub struct Options {
    /// Say where each password lives
    #[arg(short = 'v', long = "verbose")]
    pub verbose: bool,
    /// Write JSON, one object a line
    #[arg(short = 'j', long = "json")]
    pub json: bool,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, Error> {
    let environment = Environment::current();
    let config = Config::load(&Paths::of(&environment)?.config_file)?;
    // A file that names no default can still be listed.
    let default = config.default_account().ok().flatten();
    let mut answer = Answer::new();
    for (jid, account) in config.accounts() {
        let sources = account.sources(environment.credential(jid));
        let place = options.verbose.then(|| credentials::locate(jid, &sources).to_string());
        let line = if options.json { json::account } else { text };
        answer.record(&line(jid, default == Some(jid), place.as_deref()))?;
    }
    if config.accounts().is_empty() {
        talk::note("no account is set up; set one up with: chat login you@your.server");
    }
    answer.finish()?;
    Ok(ExitCode::Done)
}

/// `* juliet@chat.example  OS keyring (Secret Service)`
fn text(account: &BareJid, default: bool, place: Option<&str>) -> String {
    let star = if default { '*' } else { ' ' };
    let account = sanitize::field(account.as_str());
    place.map_or_else(|| format!("{star} {account}"), |place| format!("{star} {account}  {}", sanitize::line(place)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_account_has_a_star_and_the_place_is_the_last_field() {
        let juliet = BareJid::new("juliet@chat.example").expect("an address");
        assert_eq!(text(&juliet, true, None), "* juliet@chat.example");
        assert_eq!(text(&juliet, false, Some("file /a\nb")), "  juliet@chat.example  file /a\\nb");
    }
}
