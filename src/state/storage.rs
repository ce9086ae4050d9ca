//! A place for what messages say, beside memory: a file without a name, which ends with the run.

use std::cell::{Cell, RefCell};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::file::cannot_keep;
use crate::conversation::content::Content;
use crate::conversation::said;
use crate::conversation::said::{Place, Said};
use crate::error::Error;
use crate::platform::private_files;

/// So many bytes of texts stay in memory, all in all.
const AT_HAND: usize = 8 * 1024 * 1024;
/// Smaller ones always do: their outline is not much smaller.
const SMALL: usize = 256;

/// Keeps texts in memory until there are too many, and then in a file that nobody else can see.
#[derive(Debug)]
pub struct Storage {
    directory: PathBuf,
    at_hand: Cell<usize>,
    file: RefCell<Option<File>>,
}

impl Storage {
    /// Its file will be in `directory`, if there is one at all.
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory, at_hand: Cell::new(0), file: RefCell::new(None) }
    }

    fn write(&self, content: &Content) -> io::Result<Place> {
        let text = serde_json::to_vec(content)?;
        let mut file = self.file.borrow_mut();
        let mut file = match &mut *file {
            Some(file) => &*file,
            none => none.insert(nameless(&self.directory)?),
        };
        let start = file.seek(SeekFrom::End(0))?;
        file.write_all(&text)?;
        Ok(Place { start, length: text.len() })
    }

    fn read(&self, Place { start, length }: Place) -> io::Result<Content> {
        let file = self.file.borrow();
        let mut file = file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let mut text = vec![0; length];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut text)?;
        Ok(serde_json::from_slice(&text)?)
    }
}

/// Its name is gone before anything is in it: nothing is left behind, whatever ends the run.
fn nameless(directory: &Path) -> io::Result<File> {
    let path = directory.join(format!("texts-{}", uuid::Uuid::new_v4().simple()));
    let file = private_files().read(true).write(true).create_new(true).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

impl said::Storage for Storage {
    fn put(&self, content: Content) -> Result<Said, Error> {
        let size = content.size();
        if size < SMALL || self.at_hand.get() + size <= AT_HAND {
            self.at_hand.set(self.at_hand.get() + size);
            return Ok(Said::AtHand(content));
        }
        let place = self.write(&content).map_err(|source| cannot_keep(&self.directory, source))?;
        Ok(Said::put_away(&content, place))
    }

    fn look_up(&self, place: Place) -> Result<Content, Error> {
        self.read(place).map_err(|source| cannot_keep(&self.directory, source))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::temporary;
    use super::*;
    use crate::exit_code::ExitCode;
    use said::Storage as _;

    fn large(letter: &str) -> Content {
        Content::Correction { of: "m1".into(), content: Box::new(Content::Text(letter.repeat(AT_HAND / 2 - 1))) }
    }

    #[test]
    fn what_is_too_much_for_memory_is_put_away_and_comes_back_exactly() {
        let directory = temporary();
        let storage = Storage::new(directory.path().to_owned());
        let contents: Vec<Content> = ["a", "b", "ü", "\n", "\u{9b}"].map(large).into();
        let said: Vec<Said> = contents.iter().map(|content| storage.put(content.clone()).expect("room")).collect();
        let is_at_hand: Vec<bool> = said.iter().map(|said| matches!(said, Said::AtHand(_))).collect();
        assert_eq!(is_at_hand, [true, true, false, false, false]);
        for (said, content) in said.iter().zip(&contents).rev() {
            assert_eq!(said.whole(&storage).expect("it is there").as_ref(), content);
            assert_eq!(*said, Said::from(content.clone()), "the same as what is at hand");
            assert_eq!(said.outline().is_for_people(), content.is_for_people());
        }
        assert_ne!(said[2], said[3]);
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 0, "it has no name");
    }

    #[test]
    fn what_is_small_stays_at_hand() {
        let storage = Storage::new("/nowhere".into());
        storage.put(large("a")).and(storage.put(large("b"))).expect("memory is enough");
        assert!(matches!(storage.put(Content::Text("hi".into())), Ok(Said::AtHand(_))));
        let error = storage.put(large("c")).expect_err("there is no place");
        assert_eq!(error.exit_code(), ExitCode::CannotCreate);
    }
}
