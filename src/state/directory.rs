//! File names for accounts.

use std::path::PathBuf;

/// Longer file names are not allowed on some systems (255 bytes on most).
const LONGEST_NAME: usize = 200;

/// A relative path that is different for each account and safe on any file system.
pub(super) fn directory_name(account: &str) -> PathBuf {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"@_-.".contains(&byte);
    let mut parts = vec![String::new()];
    for (index, byte) in account.bytes().enumerate() {
        let written = if is_plain(byte) && (index > 0 || byte != b'.') {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02x}")
        };
        match parts.last_mut() {
            Some(part) if part.len() + written.len() <= LONGEST_NAME => part.push_str(&written),
            // No name starts with a + otherwise, so this part is never taken for a file of a shorter account.
            _ => parts.push(format!("+{written}")),
        }
    }
    parts.iter().collect()
}
