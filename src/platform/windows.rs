//! Windows. What is below a person's home is private there by itself.

use std::ffi::OsString;
use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use tokio::sync::mpsc;

/// What a person without `VISUAL` and `EDITOR` writes in.
pub(crate) const EDITOR: &str = "notepad";

/// For files in a folder of the person's.
pub(crate) fn private_files() -> OpenOptions {
    OpenOptions::new()
}

/// For folders below the person's home, with those above them.
pub(crate) fn private_folders() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    builder
}

/// Access is no matter of a mode here.
pub(crate) fn exposure(_: &Metadata) -> Option<String> {
    None
}

/// A file that is open keeps its name.
pub(crate) fn has_name(_: &File) -> bool {
    true
}

/// Room is not promised here.
#[expect(clippy::unnecessary_wraps, reason = "the same function elsewhere can fail")]
pub(crate) fn reserve(_: &File, _: u64) -> io::Result<()> {
    Ok(())
}

/// Names are the file system's own business.
#[expect(clippy::unnecessary_wraps, reason = "the same function elsewhere can fail")]
pub(crate) fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

/// What those lock who change something in `directory`: a folder itself cannot be locked.
pub(crate) fn lock_of(directory: &Path) -> io::Result<File> {
    private_files().write(true).create(true).truncate(false).open(directory.join("lock"))
}

/// The command, for the shell.
pub(crate) fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.args(["/D", "/C", command]);
    shell
}

/// The same, with the file as the command's last argument.
pub(crate) fn shell_with(command: &str, file: &Path) -> Command {
    let mut shell = shell(command);
    shell.arg(file);
    shell
}

/// Ends a process at once. It may have ended just now; then there is nobody to kill.
pub(crate) fn kill(process: u32) {
    let process = process.to_string();
    let _ = Command::new("taskkill").args(["/F", "/T", "/PID", &process]).stdout(Stdio::null()).status();
}

/// Whether there is a terminal to ask on.
pub(crate) fn has_terminal() -> bool {
    OpenOptions::new().read(true).write(true).open("CONIN$").is_ok()
}

/// What the person typed, as UTF-8; a half of a surrogate pair becomes a byte that is none, and is refused with the rest.
pub(crate) fn bytes(text: OsString) -> Vec<u8> {
    text.into_encoded_bytes()
}

/// Input as it comes. Nothing here can wait for any input but a thread that reads it; it ends with the process.
pub(crate) struct Input(mpsc::Receiver<io::Result<Vec<u8>>>);

impl Input {
    pub(crate) fn of(mut source: impl Read + Send + 'static) -> Self {
        let (sender, chunks) = mpsc::channel(1);
        thread::spawn(move || {
            loop {
                let chunk = chunk_of(&mut source);
                let goes_on = chunk.as_ref().is_ok_and(|chunk| !chunk.is_empty());
                if sender.blocking_send(chunk).is_err() || !goes_on {
                    break;
                }
            }
        });
        Self(chunks)
    }

    /// What there is; nothing at the end. The wait may be given up and begun again.
    pub(crate) async fn read(&mut self) -> io::Result<Vec<u8>> {
        self.0.recv().await.unwrap_or(Ok(Vec::new()))
    }
}

fn chunk_of(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut chunk = vec![0; 16 * 1024];
    let length = source.read(&mut chunk)?;
    chunk.truncate(length);
    Ok(chunk)
}
