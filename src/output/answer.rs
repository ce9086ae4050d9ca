//! Standard output, where each record is either written completely or not at all as far as we are concerned.

use std::io::{self, Write};

use crate::error::Error;

/// Writes the records of an answer and counts those that were accepted completely.
///
/// After a failure nothing more is written. A closed pipe (`| head -1`) fails like a full disk: the status is 74 and
/// [`Answer::written`] tells what can be counted as shown; [`super::talk::failure`] says nothing about it, as the
/// reader has left on purpose.
#[derive(Debug)]
pub struct Answer<W: Write = io::Stdout> {
    out: W,
    written: usize,
    failed: bool,
}

impl Answer {
    /// To standard output.
    pub fn new() -> Self {
        Self::to(io::stdout())
    }

    /// To standard output, for what is to be marked as read: fails if it was closed (`>&-`).
    ///
    /// Rust's runtime opens `/dev/null` in place of a closed output, where every write succeeds and nobody reads.
    pub fn that_is_read() -> Result<Self, Error> {
        if closed::is_stdout_closed() {
            return Err(Error::CannotWrite(io::Error::other(
                "standard output is closed, or /dev/null opened for reading too",
            )));
        }
        Ok(Self::new())
    }
}

impl Default for Answer {
    fn default() -> Self {
        Self::new()
    }
}

impl<W: Write> Answer<W> {
    /// To anything.
    pub fn to(out: W) -> Self {
        Self { out, written: 0, failed: false }
    }

    /// Writes one line. It counts only when the system has taken all of it, so nothing stays in a buffer of ours.
    pub fn record(&mut self, line: &str) -> Result<(), Error> {
        if self.failed {
            return Err(Error::CannotWrite(io::ErrorKind::BrokenPipe.into()));
        }
        let mut whole = String::with_capacity(line.len() + 1);
        whole.push_str(line);
        whole.push('\n');
        let result = self.out.write_all(whole.as_bytes()).and_then(|()| self.out.flush());
        self.failed = result.is_err();
        result.map_err(Error::CannotWrite)?;
        self.written += 1;
        Ok(())
    }

    /// How many records were written completely.
    pub fn written(&self) -> usize {
        self.written
    }

    /// Nothing more follows; an error if something is still to be written and cannot be.
    pub fn finish(mut self) -> Result<(), Error> {
        if self.failed {
            return Ok(());
        }
        self.out.flush().map_err(Error::CannotWrite)
    }
}

#[cfg(target_os = "linux")]
mod closed {
    use std::fs;

    /// Whether output 1 is what the runtime puts in place of a closed one: `/dev/null`, open for reading too, which
    /// `>/dev/null` is not.
    pub(super) fn is_stdout_closed() -> bool {
        let is_null = fs::read_link("/proc/self/fd/1").is_ok_and(|target| target.as_os_str() == "/dev/null");
        is_null && fs::read_to_string("/proc/self/fdinfo/1").is_ok_and(|info| is_open_for_reading(&info))
    }

    /// `flags:` are those of open(2), in octal; the last two bits are 2 for `O_RDWR`.
    fn is_open_for_reading(info: &str) -> bool {
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
        flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok()).is_some_and(|flags| flags & 0b11 == 2)
    }

    #[test]
    fn the_null_device_of_the_runtime_is_told_from_a_redirection() {
        assert!(is_open_for_reading("pos:\t0\nflags:\t0100002\nmnt_id:\t15\n"));
        assert!(!is_open_for_reading("pos:\t0\nflags:\t0100001\nmnt_id:\t15\n"));
    }
}

#[cfg(not(target_os = "linux"))]
mod closed {
    pub(super) fn is_stdout_closed() -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit_code::ExitCode;

    /// Takes `room` bytes and then fails.
    struct Disk {
        room: usize,
        taken: Vec<u8>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let length = bytes.len().min(self.room - self.taken.len());
            if length == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.taken.extend(&bytes[..length]);
            Ok(length)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_record_that_did_not_fit_does_not_count() {
        let mut answer = Answer::to(Disk { room: 7, taken: Vec::new() });
        assert!(answer.record("one").is_ok());
        let error = answer.record("two").expect_err("the disk is full");
        assert_eq!((error.exit_code(), answer.written()), (ExitCode::CannotWrite, 1));
    }

    #[test]
    fn nothing_follows_a_record_that_failed() {
        let mut answer = Answer::to(Disk { room: 6, taken: Vec::new() });
        assert!(answer.record("too long").is_err());
        assert!(answer.record("x").is_err());
        assert_eq!(answer.out.taken, b"too lo");
        assert_eq!(answer.written(), 0);
        assert!(answer.finish().is_ok(), "the failure was told when it happened");
    }
}
