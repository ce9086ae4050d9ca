//! Linux, macOS and their like.

use std::ffi::OsString;
use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::process::Command;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tokio::io::unix::AsyncFd;

/// What a person without `VISUAL` and `EDITOR` writes in.
pub(crate) const EDITOR: &str = "vi";

/// For files that only their owner can read.
pub(crate) fn private_files() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// For folders that only their owner can enter, with those above them.
pub(crate) fn private_folders() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder
}

/// Why others may know, or have chosen, what is in the file.
pub(crate) fn exposure(file: &Metadata) -> Option<String> {
    if file.uid() != geteuid().as_raw() {
        return Some(format!("it belongs to another user (uid {})", file.uid()));
    }
    let mode = file.mode() & 0o777;
    (mode != mode & 0o700).then(|| format!("others can read or change it (mode {mode:04o})"))
}

/// Whether the file can still be found by a name.
pub(crate) fn has_name(file: &File) -> bool {
    file.metadata().is_ok_and(|about| about.nlink() > 0)
}

/// Makes sure that `file` can grow by so many bytes, where the file system can promise that; its length stays.
#[cfg(target_os = "linux")]
pub(crate) fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    match fallocate(file, FallocateFlags::KEEP_SIZE, file.metadata()?.len(), bytes) {
        Err(error @ (rustix::io::Errno::NOSPC | rustix::io::Errno::DQUOT)) => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub(crate) fn reserve(_: &File, _: u64) -> io::Result<()> {
    Ok(())
}

/// A new name in `directory` survives a crash only once the directory is written, too.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// What those lock who change something in `directory`.
pub(crate) fn lock_of(directory: &Path) -> io::Result<File> {
    File::open(directory)
}

/// The command, for the shell.
pub(crate) fn shell(command: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", command]);
    shell
}

/// The same, with the file as the command's last argument.
pub(crate) fn shell_with(command: &str, file: &Path) -> Command {
    let mut shell = shell(&format!("{command} \"$1\""));
    shell.arg("sh").arg(file);
    shell
}

/// Ends a process at once. It may have ended just now; then there is nobody to kill.
pub(crate) fn kill(process: u32) {
    if let Some(process) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _ = kill_process(process, Signal::KILL);
    }
}

/// Whether there is a terminal to ask on.
pub(crate) fn has_terminal() -> bool {
    OpenOptions::new().read(true).write(true).open("/dev/tty").is_ok()
}

/// The bytes that the person typed.
pub(crate) fn bytes(text: OsString) -> Vec<u8> {
    text.into_vec()
}

/// Input as it comes, without a thread that might hang in a read.
pub(crate) struct Input(Box<dyn AsFd>);

impl Input {
    pub(crate) fn of(source: impl AsFd + 'static) -> Self {
        Self(Box::new(source))
    }

    /// What there is; nothing at the end. The wait may be given up and begun again.
    pub(crate) async fn read(&mut self) -> io::Result<Vec<u8>> {
        let input = self.0.as_fd();
        readable(input).await?;
        let mut chunk = vec![0; 16 * 1024];
        let length = rustix::io::retry_on_intr(|| rustix::io::read(input, &mut chunk))?;
        chunk.truncate(length);
        Ok(chunk)
    }
}

/// Waits until a read does not block. It is not made non-blocking: other processes may share the same input.
async fn readable(input: BorrowedFd<'_>) -> io::Result<()> {
    if is_readable(input)? {
        return Ok(());
    }
    #[expect(deprecated, reason = "its unsafe twin asks for what the borrow promises: the input stays open meanwhile")]
    let waiting = AsyncFd::with_interest(input, tokio::io::Interest::READABLE)?;
    loop {
        let mut ready = waiting.readable().await?;
        if is_readable(input)? {
            return Ok(());
        }
        ready.clear_ready();
    }
}

/// Files are always readable; pipes and terminals when there is something, or the end.
fn is_readable(input: BorrowedFd<'_>) -> io::Result<bool> {
    let mut asked = [PollFd::from_borrowed_fd(input, PollFlags::IN)];
    let found = rustix::io::retry_on_intr(|| poll(&mut asked, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })))?;
    Ok(found > 0)
}
