//! `-f`: files of this machine, looked at before anybody is connected to.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::Options;
use crate::conversation::attachment::{HEAD, LocalFile, media_type};
use crate::error::Error;

/// The files that the options name, in their order.
pub(super) fn of(options: &Options) -> Result<Vec<LocalFile>, Error> {
    let about = options.reply.is_some() || options.correct.is_some() || options.react.is_some();
    let alone = about || options.retract.is_some() || options.lines || options.queue || options.id.is_some();
    if alone && !options.files.is_empty() {
        return Err(Error::Usage("files are sent now, and beside words only: no -l, -Q, -I, -R, -c, -x or -a".into()));
    }
    options.files.iter().map(|path| local(path)).collect()
}

fn local(path: &Path) -> Result<LocalFile, Error> {
    let failed = |source| Error::CannotRead { what: path.display().to_string(), source };
    // A pipe would make the opening wait for whoever writes into it.
    let about = fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        // The server must be told the size first.
        return Err(failed(io::Error::other("only a regular file has a size before it is read")));
    }
    if about.len() == 0 {
        // Servers take no place for nothing.
        return Err(failed(io::Error::other("it is empty")));
    }
    let (file, mut head) = (File::open(path).map_err(failed)?, Vec::new());
    file.take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    let name = name(path);
    Ok(LocalFile { path: path.to_owned(), media_type: media_type(&head, &name), name, size: about.len() })
}

/// Without the folder, and without what could do harm in an address or on a screen.
fn name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.chars().map(|letter| if letter.is_control() || letter == '\u{FFFD}' { '_' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows has no such names.
    #[cfg(unix)]
    #[test]
    fn a_file_is_what_it_holds_and_has_no_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("two\nlines.png");
        std::fs::write(&path, "hello").expect("written");
        let file = local(&path).expect("readable");
        assert_eq!((file.name.as_str(), file.size, file.media_type), ("two_lines.png", 5, "text/plain"));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_and_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
        assert!(made.success());
        // Were it opened, the test would hang here.
        assert_eq!(local(&path).expect_err("no file").exit_code().number(), 66);
    }

    #[test]
    fn what_has_no_size_is_no_input() {
        let empty = tempfile::NamedTempFile::new().expect("a file");
        for path in [Path::new("/dev/null"), Path::new("/"), Path::new("/nowhere"), empty.path()] {
            assert_eq!(local(path).expect_err("no file").exit_code().number(), 66, "{}", path.display());
        }
    }
}
