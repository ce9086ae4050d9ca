//! Waiting for a file that another process holds, no longer than a limit.

use std::fs::{File, TryLockError};
use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Locks `file` for this process alone; `None` if another one still holds it after `limit`.
///
/// The system cannot wait with a limit, so a thread waits without one. It ends with the process, or gives the lock
/// back at once when nobody waits for it any more.
pub(crate) fn exclusively(file: File, limit: Duration) -> io::Result<Option<File>> {
    match file.try_lock() {
        Ok(()) => return Ok(Some(file)),
        Err(TryLockError::Error(error)) => return Err(error),
        // A thread that waits would have the lock for a moment after its holder, and keep it from the next who only looks.
        Err(TryLockError::WouldBlock) if limit.is_zero() => return Ok(None),
        Err(TryLockError::WouldBlock) => {}
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || sender.send(file.lock().map(|()| file)));
    receiver.recv_timeout(limit).map_or(Ok(None), |locked| locked.map(Some))
}
