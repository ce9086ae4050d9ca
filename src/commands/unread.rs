//! `chat unread`

mod keeper;
mod looking;
mod marking;
mod rooms;
mod showing;

use std::num::NonZeroUsize;

use chrono::{DateTime, Utc};
use clap::Args;
use jid::BareJid;

use self::keeper::Keeper;
use self::looking::{end_look, look};
use self::marking::Marking;
use self::rooms::Rooms;
use self::showing::{Form, Showing};
use super::access::Access;
use super::moment;
use crate::cli::{ConnectionOptions, without_scheme};
use crate::conversation::memory::{FIRST_USE_AGE, FIRST_USE_MESSAGES, MOST_AGAIN, Memory, window};
use crate::conversation::message::{Signs, Wanted};
use crate::conversation::overview::Extent;
use crate::conversation::unread::{Seen, judge};
use crate::credentials::Asking;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{Answer, talk};
use crate::xmpp::archive::Excerpt;
use crate::xmpp::mailbox::{Beside, Mailbox, Question};

/// Show the messages that nobody has read yet, on any of your devices
///
/// What is unread is defined by the server: the messages in your archive after the position up to which any of your
/// clients has read, and those that wait for you in the offline queue. A terminal shows them by conversation, with the
/// names of your contacts. Anywhere else each is a line: the time, the sender, the words. There line breaks and control
/// characters are written as \n, \t, \u{1b}, so that no message can pretend to be two.
///
/// Of the rooms that your bookmarks let your clients join you see what mentions you, by your nickname or address; how much
/// else is unread there is counted: on a terminal below the messages, elsewhere on standard error. -r shows all of it, as
/// does naming a room; -c counts all of it; -T and -q count what is for you, mentions included, and -r adds the rest.
///
/// Rooms are read from their archives, without joining them. One that cannot be read is told of on standard error, and the
/// rest is shown. Where you asked for rooms (-r, -R, -M, or by name) the status is then 69, and they may take a third of
/// the time limit; else a tenth.
///
/// What stays unread is shown each time, whatever comes later, within limits: of each of the 20 conversations that have
/// waited longest the last 1000 messages, which is told, and of all others together 1000 that are older than ten minutes. On
/// the first use of an account it is what came in the last 14 days, and 1000 messages at most; what is older counts as read,
/// and is counted on standard error.
///
/// Showing changes nothing, unless -m is given: then what was written out completely is marked as read, for all of
/// your clients that follow XEP-0490. That has the time limit (-t) anew. What waited in the offline queue leaves it, and so
/// do receipts of your contacts.
///
/// A server without a complete archive (XEP-0313) whose offline queue cannot be looked at (XEP-0013) hands messages over
/// only to who is present: your contacts then see you online for a moment. Without stream management (XEP-0198) it does
/// not take them back, and they are kept here until they are shown; what is on its way when chat is killed is lost.
/// With -v you hear what the server has, and what follows.
///
/// What -j writes is described by a JSON Schema, which the package installs as /usr/share/chat/output-1.json.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  chat unread\n  chat unread -u ops@chat.example romeo@chat.example\n  \
                       chat unread -gm | less\n  chat unread -j | jq -r .body\n  chat unread -rc\n  \
                       chat unread -q && echo \"you have mail\"")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub struct Options {
    /// Show reactions too, and that messages which you have read were taken back
    #[arg(short = 'a', long = "all")]
    pub all: bool,
    /// Write one line a conversation: how many messages are unread, and whose
    #[arg(short = 'c', long = "count")]
    pub count: bool,
    /// Write by conversation, for reading, even if no terminal shows it
    #[arg(short = 'g', long = "group")]
    pub group: bool,
    /// Write JSON, one object a line
    #[arg(short = 'j', long = "json")]
    pub json: bool,
    /// Mark as read, for all your devices, what was written out
    #[arg(short = 'm', long = "mark")]
    pub mark: bool,
    /// Of rooms show only what mentions you, and do not count the rest
    #[arg(short = 'M', long = "mentions")]
    pub mentions: bool,
    /// Show only the last N messages of each conversation; -m then leaves those before them unread
    #[arg(short = 'n', long = "last", value_name = "N", allow_hyphen_values = true)]
    pub last: Option<NonZeroUsize>,
    /// Write nothing; the exit status is 0 if anything for you is unread, and 1 if not
    #[arg(short = 'q', long = "quiet")]
    pub quiet: bool,
    /// Show all that is unread in your rooms, not only what mentions you
    #[arg(short = 'r', long = "rooms")]
    pub rooms: bool,
    /// Show only what is unread in your rooms, all of it
    #[arg(short = 'R', long = "only-rooms")]
    pub only_rooms: bool,
    /// Show only what came since DATE, such as 2026-11-24 or 2026-11-24T08:15; a first use then looks back as far
    #[arg(short = 'S', long = "since", value_name = "DATE", allow_hyphen_values = true, value_parser = moment::parse)]
    pub since: Option<DateTime<Utc>>,
    /// Write only how many messages for you are unread in all
    #[arg(short = 'T', long = "total")]
    pub total: bool,
    /// Only messages of these people or rooms
    #[arg(value_name = "SENDER", value_parser = sender, trailing_var_arg = true)]
    pub senders: Vec<BareJid>,
    // Last: its heading would go on over what follows.
    #[command(flatten)]
    pub connection: ConnectionOptions,
}

fn sender(text: &str) -> Result<BareJid, Error> {
    let invalid = |error: jid::Error| Error::InvalidAddress { text: text.to_owned(), reason: error.to_string() };
    BareJid::new(without_scheme(text).unwrap_or(text)).map_err(invalid)
}

impl Options {
    /// -q is for prompts of the shell, which wait for nobody.
    fn asking(&self) -> Asking {
        if self.quiet { Asking::Forbidden } else { Asking::Allowed }
    }

    /// Rooms are looked at in any case; this is about failing because of them.
    fn asks_for_rooms(&self) -> bool {
        self.rooms || self.only_rooms || self.mentions
    }

    fn wanted(&self) -> Wanted {
        let signs = if self.all { Signs::Shown } else { Signs::Hidden };
        Wanted { senders: self.senders.clone(), signs }
    }

    /// From when on to look, and at how many messages at most.
    fn reach(&self, memory: &Memory, now: DateTime<Utc>) -> (Option<DateTime<Utc>>, usize) {
        let usual = now.checked_sub_signed(FIRST_USE_AGE);
        match (window(memory), self.since) {
            (Some(settled), _) => (Some(settled), usize::MAX),
            (None, Some(since)) if Some(since) < usual => (Some(since), usize::MAX),
            (None, _) => (usual, FIRST_USE_MESSAGES),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "commands read the clock, for decisions that take the time as an argument"
)]
pub fn run(options: &Options) -> Result<ExitCode, Error> {
    if options.mark && (options.count || options.total || options.quiet) {
        return Err(Error::Usage("-m marks what was written out; -c, -T and -q write out no message".into()));
    }
    // Before anything else: where nobody reads, nothing can be marked as read.
    let answer = if options.mark { Answer::that_is_read()? } else { Answer::new() };
    let access = Access::new(&options.connection, options.asking())?;
    let mut keeper = Keeper::new(&access, options.mark)?;
    let memory = keeper.memory().not_ahead_of(Utc::now());
    let (since, limit) = options.reach(&memory, Utc::now());
    let form = Form::of(options);
    let beside = if form == Form::Grouped && !options.quiet { Beside::Names } else { Beside::Nothing };
    let storage = access.state.storage();
    let (marks, may_take, waiting) = (options.mark, keeper.may_take(), &memory.waiting);
    let question = Question { since, limit, waiting, beside, marks, may_take, now: Utc::now() };
    let (mut session, mailbox) = look(&access, &mut keeper, &question, &storage)?;
    let looked = mailbox.heard;
    let Mailbox { archive, cut, older, queue, taken, displayed, mut names, .. } = mailbox;
    let Excerpt { messages: archive, cut: is_cut } = archive;
    let since = if is_cut { archive.first().map(|oldest| oldest.time) } else { since };
    if let Some(older) = older.filter(|older| *older > 0 && !options.quiet) {
        talk::note(&format!("this is the first look at the account: {older} older messages count as read"));
    }
    let seen = Seen { archive: &archive, since, queue: &queue, read: &displayed.positions };
    let mut judgement = judge(&seen, &memory, &options.wanted());
    if !options.quiet {
        for with in &cut {
            talk::note(&format!("only the last {MOST_AGAIN} unread messages of {with} are shown"));
        }
    }
    judgement.leave_unmarked(cut);
    let rooms = Rooms::look(&access, &mut session, options, mailbox.rooms, &displayed.in_rooms, Utc::now(), &storage)?;
    let mut in_rooms = rooms.judge(options);
    rooms.name(&mut names);
    let senders: Vec<BareJid> = archive.iter().map(|message| message.conversation.to_bare()).collect();
    access.learn_addresses(|known| known.with_contacts(&names).with_used(senders.iter()));
    if options.only_rooms {
        judgement.unread.clear();
    }
    let showing = Showing { account: &access.settings.account, names: &names, storage: &storage, options, form };
    let mut counts = showing.choose(&mut judgement.unread, Extent::Whole);
    counts.extend(rooms.choose(&showing, &mut in_rooms));
    let unread: Vec<_> =
        judgement.unread.iter().chain(in_rooms.iter().flat_map(|room| &room.unread)).cloned().collect();
    if options.mark {
        let (shown, written) = showing.show(answer, &unread, &counts);
        let marking = Marking {
            access: &access,
            keeper,
            session,
            judgement: &judgement,
            rooms: &rooms,
            in_rooms: &in_rooms,
            displayed: &displayed,
            looked,
            taken: &taken,
        };
        let marked = marking.mark(shown);
        return written.and(marked).and(Ok(rooms.status()));
    }
    // A pager may block the answer for hours: nobody shall wait for the lock or the session meanwhile.
    rooms.keep(&access, &keeper, &in_rooms);
    end_look(&access, keeper, session, &judgement, &taken)?;
    if options.quiet {
        let nothing = rooms.status().max(ExitCode::NothingUnread);
        return Ok(if unread.is_empty() { nothing } else { ExitCode::Done });
    }
    showing.show(answer, &unread, &counts).1.and(Ok(rooms.status()))
}
