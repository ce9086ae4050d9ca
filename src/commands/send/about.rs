//! `-R`, `-c`, `-x` and `-a`: a message that is about an earlier one.

use std::ffi::OsString;
use std::path::Path;

use super::{Options, input};
use crate::conversation::about::{About, Act};
use crate::conversation::body::Body;
use crate::error::Error;

/// What older clients show instead of taking the message back.
const RETRACTED: &str = "This person took a message back, but your client does not know how to do that.";

/// The act that the options ask for, if any.
pub(super) fn of(options: &Options) -> Result<Option<About>, Error> {
    let acts = [
        (Act::Reply, &options.reply),
        (Act::Correct, &options.correct),
        (Act::Retract, &options.retract),
        (Act::React, &options.react),
    ];
    let mut given = acts.into_iter().filter_map(|(act, id)| Some(About::new(act, id.clone()?)));
    let about = given.next();
    if given.next().is_some() {
        return Err(Error::Usage("of -R, -c, -x and -a only one can be meant".into()));
    }
    if about.is_some() && (options.lines || options.queue) {
        return Err(Error::Usage("a message about another is sent alone and now: no -l, no -Q".into()));
    }
    Ok(about)
}

/// The words of a message that does this, if anything, to an earlier one; they are `words`, or else read.
pub(super) fn body(about: Option<&About>, words: &[OsString], file: Option<&Path>) -> Result<Body, Error> {
    match about.map(|about| about.act) {
        Some(Act::Retract) if !words.is_empty() || file.is_some() => {
            Err(Error::Usage("-x takes a message back, so there are no words".into()))
        }
        Some(Act::Retract) => Body::new(RETRACTED.into()),
        // Said so, and not merely an empty input.
        Some(Act::React) if !words.is_empty() && words.iter().all(|word| word.is_empty()) => Ok(Body::nothing()),
        Some(Act::React) => emoji(input::body(words, file)?),
        Some(Act::Reply | Act::Correct) | None => input::body(words, file),
    }
}

/// Which characters are emoji changes each year, but ASCII has none.
fn emoji(body: Body) -> Result<Body, Error> {
    match body.as_str().split_whitespace().find(|word| word.is_ascii()) {
        Some(word) => Err(Error::NotAnEmoji(word.to_owned())),
        None => Ok(body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(act: Act, words: &[&str]) -> Result<String, u8> {
        let words: Vec<OsString> = words.iter().map(Into::into).collect();
        let body = body(Some(&About::new(act, "m1".into())), &words, None);
        body.map(|body| body.as_str().to_owned()).map_err(|error| error.exit_code().number())
    }

    #[test]
    fn a_reaction_is_of_emoji_or_of_nothing() {
        assert_eq!(of(Act::React, &["👍", "1️⃣"]), Ok("👍 1️⃣".into()));
        assert_eq!(of(Act::React, &[""]), Ok(String::new()));
        for words in [&["not", "emoji"][..], &["👍", ":-)"], &["👍 +1"]] {
            assert_eq!(of(Act::React, words), Err(65), "{words:?}");
        }
    }

    #[test]
    fn only_a_reaction_may_say_nothing() {
        assert_eq!(of(Act::Reply, &[""]), Err(66));
        assert_eq!(of(Act::Correct, &[""]), Err(66));
        assert_eq!(of(Act::Retract, &["words"]), Err(64));
    }
}
