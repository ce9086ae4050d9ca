//! A file that goes out with a message.

use std::path::PathBuf;

/// A file of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalFile {
    pub path: PathBuf,
    /// As others are to see it.
    pub name: String,
    /// In bytes.
    pub size: u64,
    pub media_type: &'static str,
}

/// A file where others can fetch it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    pub url: String,
    pub name: String,
    pub size: u64,
    pub media_type: &'static str,
    /// In Base64, of what was sent.
    pub sha256: String,
}

/// How much of a file is looked at to tell what it is.
pub const HEAD: usize = 512;

/// What a file is, by how it begins, or else by its name: what it is called alone would make anything an image.
pub fn media_type(head: &[u8], name: &str) -> &'static str {
    const BEGINNINGS: [(&[u8], &str); 10] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b", "application/gzip"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"fLaC", "audio/flac"),
        (b"\x1aE\xdf\xa3", "video/webm"),
    ];
    if let Some((_, kind)) = BEGINNINGS.iter().find(|(beginning, _)| head.starts_with(beginning)) {
        return kind;
    }
    match (head.get(..4), head.get(4..8), head.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => "image/webp",
        (Some(b"RIFF"), _, Some(b"WAVE")) => "audio/wav",
        (_, Some(b"ftyp"), _) => "video/mp4",
        _ if is_text(head) => text_type(name),
        _ => "application/octet-stream",
    }
}

/// The last character may be cut off.
fn is_text(head: &[u8]) -> bool {
    let whole = match str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() == HEAD,
    };
    whole && !head.contains(&0)
}

fn text_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).as_deref() {
        Some("json") => "application/json",
        Some("csv") => "text/csv",
        Some("md") => "text/markdown",
        _ => "text/plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_is_shows_in_how_it_begins() {
        for (head, name, kind) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], "report.txt", "image/png"),
            (b"RIFF....WEBPVP8 ", "x", "image/webp"),
            (b"....ftypisom", "x", "video/mp4"),
            (b"{}", "x.JSON", "application/json"),
            (b"hello", "picture.png", "text/plain"),
            (b"\0\x01", "x.txt", "application/octet-stream"),
            (b"", "x", "text/plain"),
        ] {
            assert_eq!(media_type(head, name), kind, "{name}");
        }
        let cut = [vec![b'x'; HEAD - 1], vec![0xC3]].concat();
        assert_eq!(media_type(&cut, "x"), "text/plain");
    }
}
