//! `chat queue`

use chrono::Local;
use clap::Args;
use jid::BareJid;

use crate::cli::parse_account;
use crate::config::{Config, Environment, Paths};
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{Answer, json, talk, text};
use crate::state::AccountState;
use crate::state::spool::{Batch, Entry, Spool};

/// Show or drop the messages that “chat send -Q” has queued
///
/// Each message is a line: when it was queued, its id, its recipient, and its words. “failed” and the reason stand before
/// the words of one that is not tried any more, because it cannot be delivered. Nobody is connected to.
#[derive(Args, Debug)]
#[command(
    override_usage = "chat queue [OPTIONS] [-d|-r ID...]",
    after_long_help = "Examples:\n  chat queue\n  chat queue -d 019ab3c5-0a4e-7c1e-9d5e-2f1c7b6a5e4d\n  chat queue -j | jq -r .to"
)]
pub struct Options {
    /// Drop the messages with these ids
    #[arg(short = 'd', long = "drop")]
    pub drop: bool,
    /// Write one JSON object for each message
    #[arg(short = 'j', long = "json")]
    pub json: bool,
    /// Let the messages with these ids be sent once more: those that failed, and without a look into the archive those of
    /// which nobody knows whether they were sent
    #[arg(short = 'r', long = "retry")]
    pub retry: bool,
    /// Use this account instead of the default one
    #[arg(short = 'u', long = "user", value_name = "JID", allow_hyphen_values = true, value_parser = parse_account)]
    pub user: Option<BareJid>,
    /// Which messages
    #[arg(value_name = "ID", trailing_var_arg = true)]
    pub ids: Vec<String>,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, Error> {
    let changes = options.drop || options.retry;
    if changes == options.ids.is_empty() || (options.drop && options.retry) {
        return Err(Error::Usage(
            "name the ids of the messages behind -d, which drops them, or -r, which tries them again".into(),
        ));
    }
    let paths = Paths::of(&Environment::current())?;
    let account = match &options.user {
        Some(account) => account.clone(),
        None => Config::load(&paths.config_file)?.default_account()?.ok_or(Error::NoAccount)?.clone(),
    };
    let spool = AccountState::of(&account, &paths.state_dir).spool();
    match (options.drop, options.retry) {
        (true, _) => change(&spool, &options.ids, Batch::discard),
        (_, true) => change(&spool, &options.ids, Batch::retry),
        _ => show(&spool, &account, options.json),
    }
}

fn show(spool: &Spool, account: &BareJid, as_json: bool) -> Result<ExitCode, Error> {
    let mut answer = Answer::new();
    for Entry { message, at, failed, .. } in spool.look()? {
        let failed = failed.as_deref();
        answer.record(&if as_json {
            json::waiting(account, &message, at, failed)
        } else {
            text::waiting(&message, at, failed, &Local)
        })?;
    }
    answer.finish()?;
    Ok(ExitCode::Done)
}

/// Does it to each message with one of `ids`; an id of none is an error, after the others.
fn change(
    spool: &Spool,
    ids: &[String],
    action: fn(&mut Batch, &str) -> Result<usize, Error>,
) -> Result<ExitCode, Error> {
    let mut missing: Vec<&String> = ids.iter().collect();
    let mut notes = Vec::new();
    let mut last = None;
    while let Some((name, mut batch)) = spool.take(last.as_ref(), 1, &mut notes)?.pop() {
        for id in ids {
            if action(&mut batch, id)? > 0 {
                missing.retain(|other| *other != id);
            }
        }
        batch.finish()?;
        last = Some(name);
    }
    for note in notes {
        talk::note(&note);
    }
    match missing.first() {
        None => Ok(ExitCode::Done),
        Some(id) => Err(Error::NotQueued { id: (*id).clone() }),
    }
}
