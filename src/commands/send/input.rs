//! The words of a message, from the command line, a file or standard input.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use super::lines::Lines;
use crate::conversation::body::{Body, MAX_BYTES};
use crate::error::Error;
use crate::output::talk;
use crate::platform::{self, Input};

/// The words of the command line, or else the file or standard input to its end.
pub(super) fn body(words: &[OsString], file: Option<&Path>) -> Result<Body, Error> {
    if let Some(file) = named(words, file)? {
        let what = || format!("{}", file.display());
        let opened = File::open(file).map_err(|source| Error::CannotRead { what: what(), source })?;
        return Body::new(whole(opened, what())?);
    }
    if !words.is_empty() && words != ["-"] {
        let words: Vec<Vec<u8>> = words.iter().map(|word| platform::bytes(word.clone())).collect();
        return Body::new(words.join(&b' '));
    }
    let stdin = io::stdin().lock();
    if stdin.is_terminal() {
        talk::note("type the message, and end it with Ctrl-D on a line of its own");
    }
    Body::new(whole(stdin, "the message from standard input".into())?)
}

/// At most one byte more than can be sent.
fn whole(input: impl Read, what: String) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    input.take(limit).read_to_end(&mut bytes).map_err(|source| Error::CannotRead { what, source })?;
    Ok(bytes)
}

/// The file of `-i`; `-` is standard input, as always.
fn named<'a>(words: &[OsString], file: Option<&'a Path>) -> Result<Option<&'a Path>, Error> {
    if file.is_some() && !words.is_empty() {
        return Err(Error::Usage("-i names the file with the message, so no words may follow the recipient".into()));
    }
    Ok(file.filter(|file| *file != Path::new("-")))
}

/// The file or standard input, of which each line is a message.
pub(super) fn lines(words: &[OsString], file: Option<&Path>) -> Result<Lines, Error> {
    if let Some(file) = named(words, file)? {
        let failed = |source| Error::CannotRead { what: file.display().to_string(), source };
        let opened = File::open(file).map_err(failed)?;
        return Ok(Lines::of(Input::of(opened), file.display().to_string()));
    }
    if !words.is_empty() && words != ["-"] {
        return Err(Error::Usage(
            "-l takes the messages from standard input, so no words may follow the recipient".into(),
        ));
    }
    Ok(Lines::of(Input::of(io::stdin()), "standard input".into()))
}

/// Text from the command line.
pub(super) fn utf8(text: OsString, what: &'static str) -> Result<String, Error> {
    String::from_utf8(platform::bytes(text))
        .map_err(|error| Error::InvalidUtf8 { what, position: error.utf8_error().valid_up_to() })
}
