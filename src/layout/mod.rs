//! How a file is laid out: blanks, line ends, alignment. What `abide fmt` does.
//!
//! The tokens are those of `toml_parser`; only what stands between them is written anew. No token is changed, moved or
//! dropped but the last comma of an array on one line, so that the tree cannot change; [`format()`] makes sure that it did not.

mod lines;
mod value;
mod write;

use crate::diagnostics::{Severity, Sink};
use crate::source::{SourceFile, SourceMap};
use crate::syntax;

/// Why a text is not laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayoutError {
    /// It cannot be read: its syntax errors come first.
    Unreadable,
    /// The new text would mean something else: a fault of abide, not of the text.
    Changed,
}

impl std::fmt::Display for LayoutError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "cannot be read as TOML",
            Self::Changed => {
                "cannot be formatted without changing what it means; this is a fault of abide, please report it"
            }
        })
    }
}

impl std::error::Error for LayoutError {}

/// A text in the one layout. Formatting it again gives the same text.
///
/// - `key = value`; the `=` of a block are aligned: up to a blank line, a header, or the end of a value over several lines. Keys of more than [`MAX_KEY`] letters stick out.
/// - Comments behind values and headers begin at column [`COMMENT_COLUMN`], or behind a longer line.
/// - `[1, 2]`, `{ a = 1, b = 2 }`; arrays over several lines keep their lines, indented by four.
/// - One blank line at most, none at the start; no blanks at the end of lines; one line end at the end.
/// - The line ends and the byte order mark of the text stay.
///
/// # Errors
/// When the text has syntax errors.
pub fn format(text: &str) -> Result<String, LayoutError> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let before = tree(text).ok_or(LayoutError::Unreadable)?;
    let line_end = lines::line_end(body);
    let out = [mark, &write::write(&lines::lines(body), line_end)].concat();
    if tree(&out).as_ref() == Some(&before) {
        Ok(out)
    } else {
        Err(LayoutError::Changed)
    }
}

pub use write::{COMMENT_COLUMN, MAX_KEY};

/// What a text means; `None` when it has syntax errors. Line ends inside strings are part of it.
fn tree(text: &str) -> Option<serde_json::Value> {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("", text));
    let mut sink = Sink::new();
    let parsed = syntax::parse(sources.file(file), file, &mut sink);
    // A file of comments is no spec, and can be laid out.
    let broken = sink
        .as_slice()
        .iter()
        .any(|found| found.severity == Severity::Error && found.rule != "empty-spec");
    (!broken).then(|| parsed.root.to_json())
}
