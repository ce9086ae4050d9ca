//! Whether the password is where it is to be: for a dry run.

use std::path::Path;

use jid::BareJid;

use super::{Place, Sources, file, locate, no_password, prompt};
use crate::error::Error;

/// Says where the password of `account` comes from, like [`locate`]; an error if it would not come from there. Standard input
/// is not read, no command is run, and nobody is asked.
pub fn locate_readable(account: &BareJid, sources: &Sources) -> Result<String, Error> {
    let place = match &sources.file {
        Some(path) if path == Path::new("-") => return Ok("standard input".into()),
        Some(path) if account.node().is_some() && sources.certificate.is_none() => Place::File(path.clone()),
        _ => locate(account, sources),
    };
    match &place {
        Place::File(path) => drop(file::read(path)?),
        Place::Credential(path) => drop(file::read_credential(path)?),
        Place::Certificate(path) => file::check(path)?,
        Place::Nowhere(tried) if !prompt::possible() => {
            return Err(no_password(account, format!("{tried}; no terminal to ask on")));
        }
        Place::Command(_) | Place::Keyring | Place::Kernel | Place::NotNeeded | Place::Nowhere(_) => {}
    }
    Ok(place.to_string())
}

/// Others have other modes.
#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_is_read_and_its_mode_looked_at() {
        let account = BareJid::new("juliet@chat.example").expect("an address");
        let located =
            |path: &Path| locate_readable(&account, &Sources { file: Some(path.into()), ..Sources::default() });
        let file = tempfile::NamedTempFile::new().expect("a file");
        assert_eq!(located(file.path()).expect_err("empty").exit_code().number(), 66);
        fs::write(file.path(), "s3cret").expect("written");
        assert_eq!(located(file.path()).expect("a password"), format!("file {}", file.path().display()));
        fs::set_permissions(file.path(), Permissions::from_mode(0o644)).expect("its mode");
        assert_eq!(located(file.path()).expect_err("open to all").exit_code().number(), 78);
        assert_eq!(located(Path::new("/nowhere")).expect_err("nowhere").exit_code().number(), 66);
        assert_eq!(located(Path::new("-")).expect("not read"), "standard input");
    }
}
