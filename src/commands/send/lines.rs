//! The input line by line, as the lines come.

use std::io;

use crate::conversation::body::MAX_BYTES;
use crate::error::Error;
use crate::platform::Input;

/// The lines of `input`.
pub(super) struct Lines {
    input: Input,
    /// What the input is called.
    name: String,
    buffer: Vec<u8>,
    /// In `buffer`, no line ends before this.
    searched: usize,
    number: u64,
    ended: bool,
    /// The bytes of a line that were dropped because it is too large.
    dropped: usize,
}

/// A line, and its number counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
    /// How long it is; more than `bytes` where it was too large to be kept.
    pub(super) length: usize,
}

impl Lines {
    pub(super) fn of(input: Input, name: String) -> Self {
        Self { input, name, buffer: Vec::new(), searched: 0, number: 0, ended: false, dropped: 0 }
    }

    /// The next line, without its newline; `None` at the end. The wait may be given up and begun again.
    pub(super) async fn next(&mut self) -> Result<Option<Line>, Error> {
        loop {
            if let Some(line) = self.take() {
                return Ok(Some(line));
            }
            if self.ended {
                return Ok(None);
            }
            if let Err(source) = self.read().await {
                return Err(Error::CannotRead { what: self.name.clone(), source });
            }
        }
    }

    fn take(&mut self) -> Option<Line> {
        let newline = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n');
        let end = match newline {
            Some(offset) => self.searched + offset,
            None if self.ended && self.buffer.len() + self.dropped > 0 => self.buffer.len(),
            None => {
                self.drop_if_too_large();
                return None;
            }
        };
        let rest = self.buffer.split_off((end + 1).min(self.buffer.len()));
        let mut bytes = std::mem::replace(&mut self.buffer, rest);
        bytes.truncate(end);
        self.searched = 0;
        self.number += 1;
        let length = bytes.len() + std::mem::take(&mut self.dropped);
        Some(Line { number: self.number, bytes, length })
    }

    /// The memory that is used does not depend on the input.
    fn drop_if_too_large(&mut self) {
        if self.buffer.len() > MAX_BYTES || self.dropped > 0 {
            self.dropped += self.buffer.len();
            self.buffer.clear();
        }
        self.searched = self.buffer.len();
    }

    async fn read(&mut self) -> io::Result<()> {
        let chunk = self.input.read().await?;
        self.ended = chunk.is_empty();
        self.buffer.extend_from_slice(&chunk);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::io::Write;

    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test)
    }

    async fn all(mut lines: Lines) -> Vec<String> {
        let mut found = Vec::new();
        while let Some(line) = lines.next().await.expect("readable") {
            found.push(format!("{}:{}", line.number, String::from_utf8(line.bytes).expect("UTF-8")));
        }
        found
    }

    #[test]
    fn a_file_ends_with_or_without_a_newline() {
        for text in ["one\n\nthree\n", "one\n\nthree"] {
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(text.as_bytes()).and_then(|()| io::Seek::rewind(&mut file)).expect("written");
            assert_eq!(run(all(Lines::of(Input::of(file), "it".into()))), ["1:one", "2:", "3:three"]);
        }
    }

    #[test]
    fn a_line_in_a_pipe_comes_when_it_is_whole() {
        let (reader, mut writer) = io::pipe().expect("a pipe");
        run(async {
            let mut lines = Lines::of(Input::of(reader), "it".into());
            writer.write_all(b"on").expect("written");
            assert!(lines.next().now_or_never().is_none(), "half a line");
            writer.write_all(b"e\ntw").expect("written");
            assert_eq!(lines.next().await.expect("readable").expect("a line").bytes, b"one");
            assert!(lines.next().now_or_never().is_none(), "half a line");
            drop(writer);
            assert_eq!(lines.next().await.expect("readable").expect("a line").bytes, b"tw");
            assert_eq!(lines.next().await.expect("readable"), None);
        });
    }

    #[test]
    fn a_line_that_is_too_large_is_counted_and_not_kept() {
        let mut file = tempfile::tempfile().expect("a file");
        let text = [vec![b'x'; MAX_BYTES + 50_000], b"\nnext\n".to_vec()].concat();
        file.write_all(&text).and_then(|()| io::Seek::rewind(&mut file)).expect("written");
        run(async {
            let mut lines = Lines::of(Input::of(file), "it".into());
            let large = lines.next().await.expect("readable").expect("a line");
            assert_eq!((large.length, large.bytes.len() < 100_000), (MAX_BYTES + 50_000, true));
            assert_eq!(lines.next().await.expect("readable").expect("a line").bytes, b"next");
        });
    }

    /// Windows opens no folder.
    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = std::fs::File::open("/").expect("a folder");
        let error = run(Lines::of(Input::of(folder), "/".into()).next()).expect_err("no file");
        assert!(error.to_string().starts_with("cannot read /: "), "{error}");
    }
}
