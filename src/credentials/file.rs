//! The first line of a file, of standard input, or of what a command prints.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::Password;
use crate::error::Error;
use crate::platform;

/// Longer lines are no passwords, but a file named by mistake.
const MAX_LENGTH: usize = 4096;

/// Reads the password from a file that nobody else can read, or from standard input if `path` is `-`.
pub fn read(path: &Path) -> Result<Password, Error> {
    if path == Path::new("-") {
        return first_line(io::stdin().lock()).map_err(|source| cannot_read("the password on standard input", source));
    }
    let file = open(path)?;
    private(path, &file)?;
    read_from(path, file)
}

/// Refuses a file with a secret in it that others can read.
pub fn check(path: &Path) -> Result<(), Error> {
    private(path, &open(path)?)
}

/// Reads a credential of systemd, which guards it by means that do not show in its mode.
pub(super) fn read_credential(path: &Path) -> Result<Password, Error> {
    read_from(path, open(path)?)
}

fn open(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(|source| cannot_read(&path.display().to_string(), source))
}

fn read_from(path: &Path, file: File) -> Result<Password, Error> {
    first_line(file).map_err(|source| cannot_read(&format!("the password in {}", path.display()), source))
}

pub(super) fn cannot_read(what: &str, source: io::Error) -> Error {
    Error::CannotRead { what: what.to_owned(), source }
}

/// Refuses a file that others can read or have put there. Pipes and terminals keep nothing, and pass.
pub(super) fn private(path: &Path, file: &File) -> Result<(), Error> {
    let metadata = file.metadata().map_err(|source| cannot_read(&path.display().to_string(), source))?;
    match platform::exposure(&metadata).filter(|_| metadata.is_file()) {
        Some(problem) => Err(Error::ExposedPassword { path: path.into(), problem }),
        None => Ok(()),
    }
}

/// Reads up to the first line end and no further, so that what follows on standard input stays there.
pub(super) fn first_line(mut source: impl Read) -> io::Result<Password> {
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_LENGTH));
    let mut byte = Zeroizing::new([0; 1]);
    while source.read(byte.as_mut())? == 1 && byte[0] != b'\n' {
        if line.len() == MAX_LENGTH {
            return Err(bad("the first line is too long"));
        }
        line.push(byte[0]);
    }
    let line = line.strip_suffix(b"\r").unwrap_or(&line);
    match str::from_utf8(line) {
        Ok("") => Err(bad("the first line is empty")),
        Ok(text) => Ok(Password::new(text.to_owned())),
        Err(_) => Err(bad("it is not valid UTF-8")),
    }
}

fn bad(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bytes: &[u8]) -> Result<String, String> {
        first_line(bytes).map(|password| password.expose().to_owned()).map_err(|error| error.to_string())
    }

    #[test]
    fn only_the_first_line_counts_and_spaces_belong_to_it() {
        assert_eq!(line(b" pass word \nsecond").as_deref(), Ok(" pass word "));
        assert_eq!(line(b"dos\r\n").as_deref(), Ok("dos"));
        assert_eq!(line("grüße".as_bytes()).as_deref(), Ok("grüße"));
    }

    #[test]
    fn what_cannot_be_a_password_is_refused_without_showing_it() {
        assert_eq!(line(b"\nsecond").expect_err("a refusal"), "the first line is empty");
        assert_eq!(line(b"s3cret\xff\n").expect_err("a refusal"), "it is not valid UTF-8");
        assert_eq!(line(&[b'x'; MAX_LENGTH + 1]).expect_err("a refusal"), "the first line is too long");
    }

    #[test]
    fn what_follows_the_first_line_stays_to_be_read() {
        let mut input: &[u8] = b"s3cret\nthe message";
        first_line(&mut input).expect("a password");
        assert_eq!(input, b"the message");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_way_out() {
        use std::fs::{self, Permissions};
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("pw");
        fs::write(&path, "s3cret\n").expect("a file");
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("our file");
            let error = read(&path).expect_err("others can read it");
            assert_eq!(
                (error.to_string(), error.hint()),
                (
                    format!("{} is not private: others can read or change it (mode {mode:04o})", path.display()),
                    Some(format!("make it yours alone: chmod 600 {}", path.display()))
                )
            );
        }
        for mode in [0o600, 0o400] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("our file");
            assert_eq!(read(&path).expect("it is private").expose(), "s3cret");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read(Path::new("/nonexistent/pw")).expect_err("there is none");
        assert!(error.to_string().starts_with("cannot read /nonexistent/pw: "), "{error}");
    }
}
