//! A disk without any room, for what `chat` remembers.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::account::Account;

/// Mounted until it is dropped; then the folder is empty again.
pub(crate) struct FullDisk {
    folder: PathBuf,
}

impl FullDisk {
    pub(crate) fn for_the_state_of(account: &Account) -> Self {
        let folder = account.home().join(".local/state");
        fs::create_dir_all(&folder).expect("a folder");
        run("mount", &["-t", "tmpfs", "-o", "size=64k", "tmpfs"], &folder);
        let full = Self { folder };
        let mut filler = File::create(full.folder.join("filler")).expect("a file");
        while filler.write_all(&[0; 4096]).is_ok() {}
        full
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        run("umount", &[], &self.folder);
    }
}

fn run(program: &str, arguments: &[&str], folder: &Path) {
    let status = Command::new(program).args(arguments).arg(folder).status().expect("it runs");
    assert!(status.success(), "{program}");
}
