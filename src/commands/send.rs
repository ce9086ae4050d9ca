//! `chat send`

mod about;
mod check;
mod dry;
mod editor;
mod files;
mod input;
mod kept;
mod lines;
mod recipients;
mod source;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::rc::Rc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jid::{BareJid, Jid, ResourcePart};

use self::editor::Draft;
use self::recipients::Recipient;
use self::source::{Batch, LineByLine, Template};
use super::access::Access;
use super::clock;
use super::outbox::{self, Deadline, Earlier, Known, Once, Report, Sending, Style};
use crate::cli::ConnectionOptions;
use crate::config::{Environment, Paths, absolute};
use crate::conversation::attachment::LocalFile;
use crate::conversation::body::Body;
use crate::conversation::delivery::{Kind, Level, Manner, Outgoing};
use crate::conversation::entry::Entry;
use crate::credentials::Asking;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::platform;
use crate::xmpp::delivery::Source;

/// Send a message to one or more people
///
/// The message is the words after the first operand, joined by spaces. Without any, or when there is only “-”, it is
/// read from standard input to its end; with -l, each of its lines is a message that is sent as soon as it comes.
///
/// A line break is sent as one newline, whether it came as CR LF, CR or LF: XML would make it so on the way.
///
/// The exit status is 0 only when the server has acknowledged the message and nobody bounced it before that; an address on
/// another server has 10 seconds to answer. With “-w received” or “-w displayed” it is 0 only when a client of the recipient
/// has confirmed that, too; if nothing came within the time of -t the status is 2, which means that the server has the
/// message: it is not to be sent again.
///
/// Nothing is written to standard output for a single recipient. For several, separated by commas, each gets a line:
/// the address, and “sent” or what went wrong; the highest exit status of all is that of the command. With -l only
/// failures get a line, which begins with the number of the line of input; blank lines are left out, and -t limits how
/// long the server may take for an answer. A line that the server ends the session for, because it is too large, fails
/// (65), and those behind it are sent in a new session.
///
/// With -I the message is sent under an id of yours, and whoever is not sure that it was sent can run the same command
/// again: chat then looks into the archive of the account, through the latest 1000 messages to the recipient, and sends
/// nothing if it is there. It waits for a run on this machine that sends the same now. What an earlier one left on its
/// way may still come: as long as the server holds its session, after a lost connection for minutes, the status is 75.
/// With -l the id of each line is yours, “-” and the number of the line. The archive does not tell that a message came
/// back: if only another machine was told so, it counts as sent here.
///
/// With -Q the message is kept before it is sent, so that not even the loss of power loses it. If the failure is one that
/// passes (status 75 without -Q), it is queued, which is said on standard error or as the status “queued”, and “chat
/// flush” sends it later, under the same id. A message to somebody for whom others wait is queued behind them. With -l,
/// while the input goes on, chat does itself what “chat flush” does, after pauses of 1 to 60 seconds, before it sends on;
/// in each pause another “chat flush” may. What it finds undeliverable then is told and put aside, without a status.
///
/// A run with -l that was ended in the middle, by a crash or by kill -9, is taken up by the same command with the same -I
/// and the same input: it waits until the server is done with the session of the ended one, passes over the lines that the
/// archive has, which are told as sent, and sends the others in their order. Of a run into rooms only the machine that it
/// ran on knows the session. What a run with -Q had read of its input “chat flush” sends; what it had not read only the
/// same command with -I and -Q sends.
///
/// With -m the recipients are rooms. Each is entered, as the name of -N, to send and then left; nobody sees more of you
/// than that. A room's message is sent when the room has shown it to everybody, which is the only confirmation there is,
/// so it goes with -w acked only. ROOM/NAME is one person in the room. A room that does not exist is not made. A URI
/// like xmpp:ROOM?join is a room without -m, too, also among people.
///
/// Files (-f) are uploaded to the account's server first, within the time of -t, and each is a message with its address.
/// Whoever knows the address can fetch the file. Words are not needed then, and not read from standard input without “-”.
///
/// With -R, -c, -x and -a the message is about an earlier one to or from the recipient, in the same room if it was there.
/// Its id is what “chat unread -j” and “chat send -j” call “id”, or that of the archive; it is looked for among the latest
/// 1000 messages there. Clients that know nothing of this show a reply below a quote, and a correction as a message.
/// The quote is left out where the earlier message was taken back. A reaction of "" takes earlier ones back.
///
/// After the first operand nothing is an option: chat send romeo@chat.example -5 degrees sends “-5 degrees”.
#[derive(Args, Debug)]
#[command(
    override_usage = "chat send [OPTIONS] RECIPIENT[,RECIPIENT...] [MESSAGE...]",
    after_long_help = "Examples:\n  chat send romeo@chat.example \"see you at eight\"\n  uptime | chat send -u ops@chat.example oncall@chat.example\n  \
                       chat send -t 60 romeo@chat.example,juliet@chat.example < letter.txt\n  \
                       chat send -I backup-4711 ops@chat.example done || chat send -I backup-4711 ops@chat.example done\n  \
                       chat send -Q ops@chat.example \"backup done\"\n  \
                       chat send -l -I night-2026-11-26 -i letter.txt ops@chat.example\n  \
                       chat send -R \"$(chat unread -j | jq -r .id | tail -n 1)\" romeo@chat.example \"yes\"\n  \
                       chat send -f report.pdf -f chart.png boss@chat.example \"as promised\"\n  \
                       chat send -m -N backup ops@rooms.chat.example \"done\"\n  \
                       tail -f /var/log/syslog | chat send -l ops@chat.example\n  \
                       chat send -w displayed -t 600 romeo@chat.example \"are you there?\"\n  \
                       chat send romeo@chat.example hello || echo \"not sent: $?\""
)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub struct Options {
    /// React to the message with this id: the words are emoji, which take the place of earlier ones
    #[arg(short = 'a', long = "react", value_name = "ID", allow_hyphen_values = true, value_parser = outbox::id)]
    pub react: Option<String>,
    /// Correct your message with this id: these are its words now
    #[arg(short = 'c', long = "correct", value_name = "ID", allow_hyphen_values = true, value_parser = outbox::id)]
    pub correct: Option<String>,
    /// Write the message in your editor: $VISUAL, $EDITOR or vi; an empty text sends nothing
    #[arg(short = 'e', long = "edit")]
    pub edit: bool,
    /// Send FILE, a regular file, in a message of its own before the words; may be given more than once
    #[arg(short = 'f', long = "file", value_name = "FILE", allow_hyphen_values = true)]
    pub files: Vec<PathBuf>,
    /// Read the message from FILE, or from standard input if FILE is -
    #[arg(short = 'i', long = "input", value_name = "FILE", allow_hyphen_values = true)]
    pub input: Option<PathBuf>,
    /// Send the message once, under this id of yours, however often the command is run (with -l: each line)
    #[arg(short = 'I', long = "id", value_name = "ID", allow_hyphen_values = true, value_parser = outbox::id)]
    pub id: Option<String>,
    /// Write one JSON object for each message to standard output
    #[arg(short = 'j', long = "json")]
    pub json: bool,
    /// Send each line of standard input as a message of its own
    #[arg(short = 'l', long = "lines")]
    pub lines: bool,
    /// The recipients are rooms (ROOM), or people in rooms (ROOM/NAME), which are entered for the time of the command
    #[arg(short = 'm', long = "room")]
    pub room: bool,
    /// Send nothing, connect to nobody: check what can be checked so, and write what would be sent, to whom, and how
    #[arg(short = 'n', long = "dry-run")]
    pub dry_run: bool,
    /// The name in the rooms; without it, that of the account before the @
    #[arg(short = 'N', long = "nick", value_name = "NAME", allow_hyphen_values = true)]
    pub nick: Option<ResourcePart>,
    /// Read the password of the rooms from the first line of FILE (mode 0600)
    #[arg(short = 'P', long = "room-password", value_name = "FILE", allow_hyphen_values = true)]
    pub room_password: Option<PathBuf>,
    /// Queue the message where it cannot be sent now, for “chat flush” to send it; the status is then 0, too
    #[arg(short = 'Q', long = "queue")]
    pub queue: bool,
    /// Send to the addresses in FILE, or on standard input if FILE is -, one a line; then all operands are words of the message
    #[arg(short = 'r', long = "recipients", value_name = "FILE", allow_hyphen_values = true)]
    pub recipients: Option<PathBuf>,
    /// Reply to the message with this id
    #[arg(short = 'R', long = "reply", value_name = "ID", allow_hyphen_values = true, value_parser = outbox::id)]
    pub reply: Option<String>,
    /// Give the message a subject
    #[arg(short = 's', long = "subject", value_name = "TEXT", allow_hyphen_values = true)]
    pub subject: Option<OsString>,
    /// What the message is: a part of a conversation, a message that stands alone, or an alert for who is online
    #[arg(short = 'T', long = "type", value_name = "TYPE", allow_hyphen_values = true, default_value = "chat", value_parser = kind())]
    pub kind: Kind,
    /// How far the message must come: taken by the server, to a client of the recipient, or before their eyes
    #[arg(short = 'w', long = "wait", value_name = "LEVEL", allow_hyphen_values = true, default_value = "acked", value_parser = level())]
    pub wait: Level,
    /// Take your message with this id back; there are no words
    #[arg(short = 'x', long = "retract", value_name = "ID", allow_hyphen_values = true, value_parser = outbox::id)]
    pub retract: Option<String>,
    /// Who gets the message (several: separated by commas), then its words
    #[arg(
        value_name = "RECIPIENT[,RECIPIENT...] [MESSAGE...]",
        required_unless_present = "recipients",
        trailing_var_arg = true
    )]
    pub operands: Vec<OsString>,
    // Last: its heading would go on over what follows.
    #[command(flatten)]
    pub connection: ConnectionOptions,
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::NAMES).map(|name| Kind::named(&name).unwrap_or_default())
}

fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::NAMES).map(|name| Level::named(&name).unwrap_or_default())
}

pub fn run(options: &Options) -> Result<ExitCode, Error> {
    let words = words(options);
    check::options(options, words)?;
    let mut recipients = match (&options.recipients, options.operands.first()) {
        (Some(file), _) => recipients::listed(file)?,
        (None, Some(list)) => recipients::parse(&input::utf8(list.clone(), "recipient")?)?,
        (None, None) => return Err(Error::Usage("whom to send to is missing".into())),
    };
    for recipient in &mut recipients {
        recipient.is_room |= options.room;
    }
    let (manner, files) = (Rc::new(manner(options)?), files::of(options)?);
    check::recipients(options, &recipients)?;
    let letter = Letter { options, recipients: &recipients, words, manner, files };
    if options.lines { letter.send_lines() } else { letter.send() }
}

/// The operands behind the recipients.
fn words(options: &Options) -> &[OsString] {
    let others = usize::from(options.recipients.is_none());
    options.operands.get(others..).unwrap_or_default()
}

fn manner(options: &Options) -> Result<Manner, Error> {
    let subject = options.subject.clone().map(|text| Body::subject(text.into_encoded_bytes())).transpose()?;
    Ok(Manner { kind: options.kind, subject, entry: None, about: about::of(options)?, file: None })
}

/// What the command line says.
struct Letter<'a> {
    options: &'a Options,
    recipients: &'a [Recipient],
    words: &'a [OsString],
    manner: Rc<Manner>,
    files: Vec<LocalFile>,
}

impl Letter<'_> {
    /// How messages to rooms are sent.
    fn in_rooms(&self, account: &BareJid) -> Result<Rc<Manner>, Error> {
        let nick = self.options.nick.as_ref().map(ToString::to_string);
        let nick = nick.or_else(|| account.node().map(ToString::to_string)).unwrap_or_default();
        let password_file = self.options.room_password.as_deref().map(absolute).transpose()?;
        let entry = Some(Entry { nick, password_file });
        Ok(Rc::new(Manner { entry, ..self.manner.as_ref().clone() }))
    }

    /// One text for everybody.
    fn send(self) -> Result<ExitCode, Error> {
        if self.options.edit {
            let draft = self.draft()?;
            let result = self.send_text(Some(&draft.body));
            if self.options.dry_run {
                draft.stay();
                return result;
            }
            return draft.end(result);
        }
        let about = self.manner.about.as_ref();
        let input = self.options.input.as_deref();
        if about.is_none() && !self.files.is_empty() && self.words.is_empty() && input.is_none() {
            return self.send_text(None);
        }
        self.send_text(Some(&about::body(about, self.words, input)?))
    }

    fn draft(&self) -> Result<Draft, Error> {
        if !self.words.is_empty() || self.options.input.is_some() {
            return Err(Error::Usage(
                "-e lets you write the message, so there are no words and no -i beside it".into(),
            ));
        }
        if !io::stdin().is_terminal() {
            return Err(Error::Usage("-e needs a terminal to write the message on".into()));
        }
        let environment = Environment::current();
        let directory = Paths::of(&environment)?.state_dir.join("drafts");
        Draft::write(environment.editor.as_deref().unwrap_or(platform::EDITOR), &directory)
    }

    fn send_text(&self, body: Option<&Body>) -> Result<ExitCode, Error> {
        let options = self.options;
        if options.dry_run {
            return dry::run(options, self.recipients, &self.manner, &self.files, body);
        }
        let style = match self.recipients.len() {
            _ if options.json => Style::Json,
            1 => Style::Single,
            _ => Style::Each,
        };
        let report = RefCell::new(Report::new(style));
        let access = Access::new(&options.connection, Asking::Allowed)?;
        body.map_or(Ok(()), |body| dry::fits(body, dry::limit(&access.state)))?;
        let in_rooms = self.in_rooms(&access.settings.account)?;
        let template = self.template(&in_rooms);
        let mut batch = Batch(source::all(template, self.recipients, self.files.len(), body));
        let failure = self.run(&access, &report, &mut batch, Deadline::Whole)?;
        if failure.is_none() {
            let recipients: Vec<BareJid> = self.recipients.iter().map(|one| one.address.to_bare()).collect();
            access.learn_addresses(|known| known.with_used(recipients.iter()));
        }
        report.into_inner().finish(failure)
    }

    /// Each line for everybody.
    fn send_lines(self) -> Result<ExitCode, Error> {
        let options = self.options;
        let input = input::lines(self.words, options.input.as_deref())?;
        let report = RefCell::new(Report::new(if options.json { Style::Json } else { Style::Failures }));
        let access = Access::new(&options.connection, Asking::Allowed)?;
        let failure = {
            let in_rooms = self.in_rooms(&access.settings.account)?;
            let mut lines = LineByLine::new(input, self.recipients, &report, self.template(&in_rooms));
            self.run(&access, &report, &mut lines, Deadline::EachWait)?
        };
        report.into_inner().finish(failure)
    }

    fn template<'a>(&'a self, in_rooms: &'a Rc<Manner>) -> Template<'a> {
        Template { id: self.options.id.as_deref(), manner: &self.manner, in_rooms }
    }

    fn run(
        &self,
        access: &Access,
        report: &RefCell<Report>,
        source: &mut impl Source,
        deadline: Deadline,
    ) -> Result<Option<Error>, Error> {
        let addresses: Vec<Jid> = self.recipients.iter().map(|one| one.address.clone()).collect();
        let in_rooms = self.in_rooms(&access.settings.account)?;
        let template = self.template(&in_rooms);
        let examples: Vec<Outgoing> = self.recipients.iter().map(|to| template.message(to, "", None)).collect();
        let once = self.options.id.as_deref().map(|id| Once {
            id,
            recipients: &addresses,
            lines: self.options.lines,
            state: &access.state,
            run: RefCell::default(),
        });
        let (level, since) = (self.options.wait, clock::now());
        let (doors, known) = (outbox::doors(examples.iter()), RefCell::new(Known::default()));
        let about = self.manner.about.clone().and_then(|about| Some((addresses.first()?.clone(), about)));
        let sending =
            Sending { access, report, level, once, kept: None, since, doors, files: self.files.clone(), about, known };
        if self.options.queue {
            return kept::run(sending, source, &addresses, deadline);
        }
        sending.run(source, Earlier::default(), deadline)
    }
}
