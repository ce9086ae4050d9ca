//! `-R`, `-c`, `-x` and `-a`: a message that is about an earlier one.

use super::Options;
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

/// The body of a message that has no words of its own.
pub(super) fn body(about: Option<&About>) -> Option<Result<Body, Error>> {
    about.filter(|about| about.act == Act::Retract).map(|_| Body::new(RETRACTED.into()))
}
