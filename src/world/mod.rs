//! The one door to the outside: files, the date and the environment.
//!
//! Stages never open files or read clocks; the command line, tests, and any other host give them a [`World`]. Same world,
//! same output.

mod disk;
pub mod git;
mod memory;

pub use disk::Disk;
pub use memory::Memory;

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

/// Files larger than this are refused: no spec is, and a wrong path should not exhaust memory.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Files, the date and the environment.
pub trait World: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// When there is no such file, it is not a regular file, it is too large, or reading fails.
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError>;

    /// What is at a path.
    fn kind(&self, path: &Path) -> Option<EntryKind>;

    /// Every file below a folder whose name ends in `.toml`, sorted; hidden files and those git ignores are left out.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    fn toml_files_below(&self, folder: &Path) -> Result<Vec<PathBuf>, ReadError>;

    /// The files of a folder itself whose name ends in `.toml`, sorted; none where it cannot be listed.
    fn toml_files_in(&self, folder: &Path) -> Vec<PathBuf>;

    /// The absolute form of a path, without asking the file system.
    fn absolute(&self, path: &Path) -> PathBuf;

    /// Today's date.
    fn today(&self) -> Date;

    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A pipe, a socket or a device: never read, because that may block forever.
    Other,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The path as it was asked for.
    pub path: PathBuf,
    /// What went wrong.
    pub reason: ReadFailure,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadFailure {
    /// Nothing is there.
    Missing,
    /// A folder is there.
    Folder,
    /// Neither a file nor a folder is there.
    NotAFile,
    /// Larger than [`MAX_FILE_BYTES`].
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// The operating system's own words.
    Io(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            ReadFailure::Missing => write!(f, "{path}: no such file or directory"),
            ReadFailure::Folder => write!(f, "{path}: is a directory, and a file is needed here"),
            ReadFailure::NotAFile => write!(
                f,
                "{path}: is a pipe, socket or device; pipe the text in and name it `-` instead"
            ),
            ReadFailure::TooLarge { bytes } => write!(
                f,
                "{path}: is {} MiB; no spec is larger than {} MiB",
                bytes / (1024 * 1024),
                MAX_FILE_BYTES / (1024 * 1024)
            ),
            ReadFailure::Io(message) => write!(f, "{path}: {message}"),
        }
    }
}

impl std::error::Error for ReadError {}
