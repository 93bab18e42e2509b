//! File text and the places in it: files, spans, line and column numbers, JSON pointers.
//!
//! Everything a diagnostic or a plan says about *where* goes through this module. Spans are byte offsets, kept until the
//! last moment; lines and columns are computed by the renderer that prints them.

mod line_index;
mod pointer;
mod relative;

pub use line_index::{LineColumn, LineIndex};
pub use pointer::Pointer;
pub use relative::relative;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// A file of one run, as an index into its [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file the bytes are in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte; equal to `start` for a place between two bytes.
    pub end: u32,
}

impl Span {
    /// A span over `range` of `file`. Offsets past 4 GiB saturate; files are refused long before that size.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            file,
            start: clamp(range.start),
            end: clamp(range.end.max(range.start)),
        }
    }

    /// The same range as `usize` offsets, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One file: the path as it is shown to people, and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: String,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// A file shown as `path` (always with `/` between folders) with the given text.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            lines: OnceLock::new(),
        }
    }

    /// The path shown to people, as given on the command line or found by discovery.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text, a byte order mark included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line index, built at first use: a clean run never pays for it.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// A line by number, from 0: the offset of its first byte, and its text without the line end. Empty past the end.
    pub fn line(&self, number: usize) -> (usize, &str) {
        let range = self.lines().line_range(&self.text, number);
        let text = self.text.get(range.clone()).unwrap_or_default();
        (range.start, text.strip_suffix('\r').unwrap_or(text))
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: usize) -> LineColumn {
        self.lines().position(&self.text, offset)
    }
}

/// All files of a run. Append-only, so a [`FileId`] stays valid.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    base: PathBuf,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty map of a run in this folder, an absolute path.
    pub fn in_folder(base: PathBuf) -> Self {
        Self {
            files: Vec::new(),
            base,
        }
    }

    /// A file's path from the folder of the run, with `/` between folders and without `.` and `..`: the same name however
    /// the file was named on the command line. A file elsewhere keeps its absolute path.
    pub fn relative_path(&self, id: FileId) -> String {
        relative(self.file(id).path(), &self.base, &self.base)
    }

    /// The folder of the run; empty when the map was made without one.
    pub fn base(&self) -> &std::path::Path {
        &self.base
    }

    /// Adds a file and returns its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// The file behind an id.
    ///
    /// INVARIANT: a `FileId` is only ever made by [`SourceMap::add`] of the same map, so the index is in range.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text a span covers. Empty when the span lies outside the file or splits a character.
    pub fn snippet(&self, span: Span) -> &str {
        self.file(span.file).text().get(span.range()).unwrap_or("")
    }

    /// Every file with its id, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files)
    }
}
