//! What `config.toml` may say. Every mistake is named with its line and its key.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use jid::BareJid;
use toml_edit::{Document, DocumentMut, Item, TableLike};

use super::Account;
use crate::cli::parse_account;

/// What the file says, and its text, ready to be edited.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) default: Option<BareJid>,
    pub(super) accounts: BTreeMap<BareJid, Account>,
    pub(super) text: DocumentMut,
}

/// What is wrong, and where in the text.
type Complaint = (Option<Range<usize>>, String);

/// Reads the text of the file; the error names the line.
pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    document(text).map_err(|(place, problem)| match place {
        Some(place) => format!("line {}: {problem}", 1 + text[..place.start].matches('\n').count()),
        None => problem,
    })
}

fn document(text: &str) -> Result<Parsed, Complaint> {
    let document = Document::parse(text).map_err(|error| (error.span(), one_line(error.message())))?;
    let (mut default, mut accounts) = (None, BTreeMap::new());
    for (key, item) in document.as_table() {
        match key {
            "default" => default = Some(read(key, item, parse_account)?),
            "account" => accounts = read_accounts(item)?,
            _ => return Err(unknown_key(document.as_table(), key)),
        }
    }
    if let Some(account) = default.as_ref().filter(|account| !accounts.contains_key(*account)) {
        let place = document.get("default").and_then(Item::span);
        return Err((place, format!("default: there is no [account.\"{account}\"] in this file")));
    }
    Ok(Parsed { default, accounts, text: document.into_mut() })
}

fn read_accounts(item: &Item) -> Result<BTreeMap<BareJid, Account>, Complaint> {
    let complaint = |place, key: &str, problem: &str| (place, format!("{key}: {problem}"));
    let tables = item
        .as_table_like()
        .ok_or_else(|| complaint(item.span(), "account", "write it as [account.\"juliet@chat.example\"]"))?;
    let mut accounts = BTreeMap::new();
    for (key, item) in tables.iter() {
        let jid = parse_account(key).map_err(|problem| complaint(place_of(tables, key), key, &problem))?;
        let table = item.as_table_like().ok_or_else(|| complaint(item.span(), key, "an account is a table"))?;
        if accounts.insert(jid, read_account(table)?).is_some() {
            return Err(complaint(place_of(tables, key), key, "this account is there twice"));
        }
    }
    Ok(accounts)
}

fn read_account(table: &dyn TableLike) -> Result<Account, Complaint> {
    let mut account = Account::default();
    for (key, item) in table.iter() {
        match key {
            "host" => account.host = Some(read(key, item, str::parse)?),
            "proxy" => account.proxy = Some(read(key, item, str::parse)?),
            "proxy_password_command" => account.proxy_password_command = Some(read(key, item, command)?),
            "proxy_password_file" => account.proxy_password_file = Some(read(key, item, absolute_path)?),
            "ca_file" => account.ca_file = Some(read(key, item, absolute_path)?),
            "certificate_file" => account.certificate_file = Some(read(key, item, absolute_path)?),
            "password_command" => account.password_command = Some(read(key, item, command)?),
            "password_file" => account.password_file = Some(read(key, item, absolute_path)?),
            _ => return Err(unknown_key(table, key)),
        }
    }
    Ok(account)
}

fn read<T>(key: &str, item: &Item, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, Complaint> {
    let text = item.as_str().ok_or_else(|| "a text in double quotes is needed".to_owned());
    text.and_then(parse).map_err(|problem| (item.span(), format!("{key}: {problem}")))
}

fn absolute_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_absolute() { Ok(path) } else { Err("the whole path is needed, from the / on".into()) }
}

fn command(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("the command is empty".into()) } else { Ok(text.to_owned()) }
}

fn unknown_key(table: &dyn TableLike, key: &str) -> Complaint {
    (place_of(table, key), format!("{key}: there is no such setting"))
}

fn place_of(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table.key(key).and_then(toml_edit::Key::span)
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_named_with_its_line_and_key() {
        let account = "[account.\"juliet@chat.example\"]\n";
        for (text, complaint) in [
            ("# hi\ndefalt = 1\n".into(), "line 2: defalt: there is no such setting"),
            ("default = 1\n".into(), "line 1: default: a text in double quotes is needed"),
            (
                "default = \"romeo@chat.example\"\n".into(),
                "line 1: default: there is no [account.\"romeo@chat.example\"] in this file",
            ),
            ("account = 1\n".into(), "line 1: account: write it as [account.\"juliet@chat.example\"]"),
            (format!("{account}hots = \"a\"\n"), "line 2: hots: there is no such setting"),
            (format!("{account}host = \"a:x\"\n"), "line 2: host: “x” is not a port number from 1 to 65535"),
            (
                format!("{account}proxy = \"http://a:b@proxy:1\"\n"),
                "line 2: proxy: a password in it would be seen by others: see proxy_password_file in chat-config(5)",
            ),
            (
                format!("{account}proxy = \"socks5://a:s3cret\"\n"),
                "line 2: proxy: behind the scheme and the user HOST:PORT is needed, with a port from 1 to 65535",
            ),
            (format!("{account}ca_file = \"ca.pem\"\n"), "line 2: ca_file: the whole path is needed, from the / on"),
            (format!("{account}password_command = \" \"\n"), "line 2: password_command: the command is empty"),
            (
                format!("{account}[account.\"Juliet@chat.example\"]\n"),
                "line 2: Juliet@chat.example: this account is there twice",
            ),
        ] {
            let text: String = text;
            assert_eq!(parse(&text).map(|_| ()), Err(complaint.to_owned()), "{text}");
        }
        assert!(parse("default = \n").expect_err("no value").starts_with("line 1: "));
    }
}
