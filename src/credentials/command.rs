//! The password command of the configuration, such as `pass show chat`.
//!
//! It may ask the person for a passphrase, so it gets more time than a keyring. Its standard input is empty: ours may
//! be the message that is to be sent.

use std::io;
use std::process::{Child, ChildStdout, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::Password;
use super::file::first_line;
use crate::platform;

const LIMIT: Duration = Duration::from_secs(30);
/// From here on the person is told what is being waited for.
const SLOW: Duration = Duration::from_secs(3);

/// Runs the command in the shell and takes the first line that it prints. The error is a reason to print; it never
/// holds what the command printed.
pub fn run(command: &str, tell: &dyn Fn(&str)) -> Result<Password, String> {
    run_within(LIMIT, command, tell)
}

fn run_within(limit: Duration, command: &str, tell: &dyn Fn(&str)) -> Result<Password, String> {
    let deadline = Instant::now() + limit;
    let child = platform::shell(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the password command cannot be run: {error}"))?;
    let process = child.id();
    let ended = watch(child);
    let result = match ended.recv_timeout(SLOW.min(limit)) {
        Err(_) => {
            tell(&format!("waiting for the password command: {command}"));
            ended.recv_timeout(deadline.saturating_duration_since(Instant::now()))
        }
        result => result,
    };
    match result {
        Ok((line, Ok(status))) if status.success() => {
            line.map_err(|error| format!("the output of the password command is of no use ({error}): {command}"))
        }
        Ok((_, Ok(status))) => Err(format!("the password command failed ({status}): {command}")),
        Ok((_, Err(error))) => Err(format!("the password command cannot be waited for ({error}): {command}")),
        Err(_) => {
            platform::kill(process);
            Err(format!("the password command did not finish within {} s: {command}", limit.as_secs_f32()))
        }
    }
}

/// The first line that the command printed, and how it ended.
type Ended = (io::Result<Password>, io::Result<ExitStatus>);

/// Waits in threads of their own. They are not waited for: a command may close its output and go on, or end and leave
/// a child behind that keeps the output open.
fn watch(mut child: Child) -> Receiver<Ended> {
    let (sender, receiver) = mpsc::channel();
    let output = child.stdout.take();
    thread::spawn(move || {
        let line = output.map_or_else(|| Err(io::ErrorKind::BrokenPipe.into()), first_line_of);
        drop(sender.send((line, child.wait())));
    });
    receiver
}

/// The rest is read too, elsewhere: a command that finds its pipe closed would end with an error.
fn first_line_of(mut output: ChildStdout) -> io::Result<Password> {
    let line = first_line(&mut output);
    thread::spawn(move || io::copy(&mut output, &mut io::sink()));
    line
}

/// What is run here is written for the shell of Unix.
#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn run(command: &str) -> Result<String, String> {
        super::run(command, &|_| ()).map(|password| password.expose().to_owned())
    }

    #[test]
    fn the_first_line_is_the_password() {
        assert_eq!(run("printf 's3cret\\nmore\\n'").as_deref(), Ok("s3cret"));
    }

    #[test]
    fn a_command_that_prints_much_more_is_not_disturbed() {
        assert_eq!(run("echo s3cret && head -c 300000 /dev/zero && test -n yes").as_deref(), Ok("s3cret"));
    }

    #[test]
    fn a_child_left_behind_does_not_delay() {
        let start = Instant::now();
        assert_eq!(run("sleep 100 & echo s3cret").as_deref(), Ok("s3cret"));
        assert!(start.elapsed() < Duration::from_secs(60), "it took {:?}", start.elapsed());
    }

    #[test]
    fn our_standard_input_is_not_touched() {
        assert_eq!(run("cat; echo s3cret").as_deref(), Ok("s3cret"));
    }

    #[test]
    fn failures_name_the_command_and_never_its_output() {
        assert_eq!(
            run("printf s3%s cret; exit 3").expect_err("a refusal"),
            "the password command failed (exit status: 3): printf s3%s cret; exit 3"
        );
        assert_eq!(
            run("true").expect_err("a refusal"),
            "the output of the password command is of no use (the first line is empty): true"
        );
    }

    #[test]
    fn a_command_that_hangs_is_told_and_ended() {
        let told = RefCell::new(Vec::new());
        let result =
            run_within(Duration::from_millis(50), "exec sleep 60", &|text| told.borrow_mut().push(text.to_owned()));
        assert_eq!(result.map(|_| ()), Err("the password command did not finish within 0.05 s: exec sleep 60".into()));
        assert_eq!(*told.borrow(), ["waiting for the password command: exec sleep 60"]);
        let result = run_within(Duration::from_millis(50), "echo s3cret; exec >&-; exec sleep 60", &|_| ());
        assert!(result.is_err());
    }
}
