//! A world of strings, for tests, examples and hosts without a file system.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::{EntryKind, ReadError, ReadFailure, World};

/// Files held in memory and a fixed date.
#[derive(Debug, Clone)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
    today: Date,
}

impl Memory {
    /// A world without files on the given day.
    pub fn new(today: Date) -> Self {
        Self {
            files: BTreeMap::new(),
            today,
        }
    }

    /// Adds a file.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl World for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.files.get(path).cloned().ok_or_else(|| ReadError {
            path: path.to_owned(),
            reason: match self.kind(path) {
                Some(EntryKind::Folder) => ReadFailure::Folder,
                _ => ReadFailure::Missing,
            },
        })
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        if self.files.contains_key(path) {
            Some(EntryKind::File)
        } else if self.files.keys().any(|file| file.starts_with(path)) {
            Some(EntryKind::Folder)
        } else {
            None
        }
    }

    fn toml_files_below(&self, folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
        Ok(self
            .files
            .keys()
            .filter(|file| file.starts_with(folder) && file.extension().is_some_and(|e| e == "toml"))
            .cloned()
            .collect())
    }

    fn toml_files_in(&self, folder: &Path) -> Vec<PathBuf> {
        let below = self.toml_files_below(folder).unwrap_or_default();
        below.into_iter().filter(|file| file.parent() == Some(folder)).collect()
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    fn today(&self) -> Date {
        self.today
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}
