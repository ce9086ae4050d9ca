//! What the options of `chat send` cannot mean together.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Options;
use super::recipients::Recipient;
use crate::conversation::delivery::{Kind, Level};
use crate::credentials;
use crate::error::Error;

/// What is wrong whoever the recipients are; asked before anything is read.
pub(super) fn options(options: &Options, words: &[OsString]) -> Result<(), Error> {
    if options.dry_run && (options.lines || options.json) {
        return Err(Error::Usage("-n is about one message, and writes no JSON".into()));
    }
    if options.queue && options.wait > Level::Acked {
        return Err(Error::Usage("-Q is done when the server has the message, so -w cannot ask for more".into()));
    }
    if options.lines && options.edit {
        return Err(Error::Usage("-e lets you write one message, -l sends a line at a time".into()));
    }
    standard_input(options, words)
}

/// Standard input can be read for one thing only.
fn standard_input(options: &Options, words: &[OsString]) -> Result<(), Error> {
    let is_it = |file: &Option<PathBuf>| file.as_deref() == Some(Path::new("-"));
    let needs_no_words = options.edit || options.retract.is_some() || !options.files.is_empty();
    let message = match (&options.input, words) {
        (Some(_), _) => is_it(&options.input),
        (None, []) => !needs_no_words,
        (None, words) => words == ["-"],
    };
    let password = is_it(&options.connection.password_file);
    let readers = [(password, "-p -"), (is_it(&options.recipients), "-r -"), (message, "the message")];
    let readers: Vec<&str> = readers.into_iter().filter_map(|(reads, name)| reads.then_some(name)).collect();
    match readers[..] {
        [first, second, ..] => {
            Err(Error::Usage(format!("{first} and {second} cannot both be read from standard input")))
        }
        _ => Ok(()),
    }
}

/// What is about rooms only, or not about rooms; and about one recipient.
pub(super) fn recipients(options: &Options, recipients: &[Recipient]) -> Result<(), Error> {
    let Options { nick, room_password, wait, kind, .. } = options;
    let rooms = recipients.iter().filter(|recipient| recipient.is_room).count();
    if rooms == 0 && (nick.is_some() || room_password.is_some()) {
        return Err(Error::Usage("-N and -P are about rooms, which -m says the recipients are".into()));
    }
    if rooms > 0 && (*wait > Level::Acked || *kind != Kind::Chat) {
        return Err(Error::Usage("in rooms there is one kind of message and of confirmation: no -T, no -w".into()));
    }
    let acts = [&options.react, &options.correct, &options.reply, &options.retract];
    if recipients.len() > 1 && acts.into_iter().any(Option::is_some) {
        return Err(Error::Usage("a message about another has one recipient".into()));
    }
    // What is wrong with it is better told now.
    room_password.as_deref().map(credentials::read).transpose().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Command;

    fn status(arguments: &[&str]) -> u8 {
        let line = ["chat", "send"].iter().chain(arguments).map(Into::into);
        let Command::Send(read) = crate::parse(line).expect("a line").command else { panic!("another command") };
        let words = super::super::words(&read);
        options(&read, words).map_or_else(|error| error.exit_code().number(), |()| 0)
    }

    #[test]
    fn standard_input_is_read_for_one_thing() {
        for both in [&["-r", "-"][..], &["-r", "-", "-"], &["-r", "-", "-p", "-", "hi"], &["-p", "-", "a@b", "-"]] {
            assert_eq!(status(both), 64, "{both:?}");
        }
        assert_eq!(status(&["-p", "-", "-i", "-", "a@b"]), 64);
        for one in [&["-r", "-", "hi"][..], &["-r", "-", "-i", "file"], &["-r", "-", "-f", "file"], &["a@b", "-"]] {
            assert_eq!(status(one), 0, "{one:?}");
        }
    }
}
