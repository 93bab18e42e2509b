//! A world in which some files have another text: what would be found if the fixes were written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::world::{EntryKind, ReadError, World};

/// Another world, but for the files that were edited.
pub struct Edited<'w> {
    under: &'w dyn World,
    texts: BTreeMap<PathBuf, String>,
}

impl<'w> Edited<'w> {
    /// The world as it is.
    pub fn new(under: &'w dyn World) -> Self {
        Self {
            under,
            texts: BTreeMap::new(),
        }
    }

    /// Gives a file, by its absolute path, another text.
    pub fn set(&mut self, path: PathBuf, text: String) {
        self.texts.insert(path, text);
    }
}

impl World for Edited<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        match self.texts.get(&self.under.absolute(path)) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.under.read(path),
        }
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.under.kind(path)
    }

    fn toml_files_below(&self, folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
        self.under.toml_files_below(folder)
    }

    fn toml_files_in(&self, folder: &Path) -> Vec<PathBuf> {
        self.under.toml_files_in(folder)
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        self.under.absolute(path)
    }

    fn today(&self) -> Date {
        self.under.today()
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.under.variable(name)
    }
}
