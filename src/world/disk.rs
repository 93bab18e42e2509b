//! The real world.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use jiff::civil::Date;

use super::{EntryKind, MAX_FILE_BYTES, ReadError, ReadFailure, World};

/// The file system, the system clock and the process environment.
#[derive(Debug, Default, Clone, Copy)]
pub struct Disk {
    /// Replaces the system date, so that a run can be repeated (`--as-of`).
    pub as_of: Option<Date>,
}

impl World for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let fail = |reason| ReadError {
            path: path.to_owned(),
            reason,
        };
        let metadata = fs::metadata(path).map_err(|error| fail(io_reason(&error)))?;
        if metadata.is_dir() {
            return Err(fail(ReadFailure::Folder));
        }
        if !metadata.is_file() {
            return Err(fail(ReadFailure::NotAFile));
        }
        if metadata.len() > MAX_FILE_BYTES {
            return Err(fail(ReadFailure::TooLarge { bytes: metadata.len() }));
        }
        fs::read(path).map_err(|error| fail(io_reason(&error)))
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let metadata = fs::metadata(path).ok()?;
        Some(if metadata.is_dir() {
            EntryKind::Folder
        } else if metadata.is_file() {
            EntryKind::File
        } else {
            EntryKind::Other
        })
    }

    fn toml_files_below(&self, folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
        let mut found = Vec::new();
        // A `.gitignore` is honoured outside git checkouts too: what a team ignores it does not want checked. What one
        // person ignores everywhere is no part of the workspace: the same files are checked on every machine.
        for entry in WalkBuilder::new(folder).require_git(false).git_global(false).build() {
            let entry = entry.map_err(|error| ReadError {
                path: folder.to_owned(),
                reason: ReadFailure::Io(error.to_string()),
            })?;
            let is_toml = entry.path().extension().is_some_and(|extension| extension == "toml");
            if is_toml && entry.file_type().is_some_and(|kind| !kind.is_dir()) {
                found.push(entry.into_path());
            }
        }
        found.sort();
        Ok(found)
    }

    fn toml_files_in(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml") && path.is_file())
            .collect();
        found.sort();
        found
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
    }

    fn today(&self) -> Date {
        self.as_of.unwrap_or_else(|| jiff::Zoned::now().date())
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

fn io_reason(error: &io::Error) -> ReadFailure {
    match error.kind() {
        io::ErrorKind::NotFound => ReadFailure::Missing,
        _ => ReadFailure::Io(error.to_string()),
    }
}
