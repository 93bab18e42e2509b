//! Fixes → one text: those that do not get in each other's way, and none that breaks the file.

use std::ops::Range;

use crate::diagnostics::{Edit, Fix, Severity, Sink};
use crate::source::{SourceFile, SourceMap};
use crate::syntax;

/// A text after some fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The new text.
    pub text: String,
    /// Which of the fixes are in it, by their position in the list.
    pub applied: Vec<usize>,
}

/// Applies fixes of one file, the first ones first. A fix whose edits touch those of an earlier one is left for another
/// round; one after which more of the file cannot be read than before is left out.
///
/// Line ends of what is inserted are those of the file.
pub fn apply(text: &str, fixes: &[&Fix]) -> Outcome {
    let broken = faults(text);
    let mut taken: Vec<usize> = Vec::new();
    let mut edits: Vec<&Edit> = Vec::new();
    for (index, fix) in fixes.iter().enumerate() {
        let apart = fix
            .edits
            .iter()
            .all(|edit| edits.iter().all(|other| are_apart(edit, other)));
        if apart && !fix.edits.is_empty() && is_applicable(text, fix) {
            taken.push(index);
            edits.extend(&fix.edits);
        }
    }
    let whole = written(text, &edits);
    if faults(&whole) <= broken {
        return Outcome {
            text: whole,
            applied: taken,
        };
    }
    // One of them does harm: one by one, then.
    let mut kept: Vec<usize> = Vec::new();
    let mut good = text.to_owned();
    for index in taken {
        let tried = kept.iter().chain([&index]);
        let edits: Vec<&Edit> = tried
            .filter_map(|index| fixes.get(*index))
            .flat_map(|fix| &fix.edits)
            .collect();
        let candidate = written(text, &edits);
        if faults(&candidate) <= broken {
            kept.push(index);
            good = candidate;
        }
    }
    Outcome {
        text: good,
        applied: kept,
    }
}

/// Whether there is a byte between two edits: two insertions at one place have no order.
fn are_apart(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.span, b.span);
    a.file != b.file || a.end < b.start || b.end < a.start
}

/// Whether the edits of a fix lie inside the text, at characters, and apart from each other.
fn is_applicable(text: &str, fix: &Fix) -> bool {
    let inside = |range: Range<usize>| text.get(range).is_some();
    fix.edits.iter().enumerate().all(|(position, edit)| {
        inside(edit.span.range()) && fix.edits.iter().skip(position + 1).all(|other| are_apart(edit, other))
    })
}

fn written(text: &str, edits: &[&Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span.start);
    let windows = text.contains("\r\n");
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        let span = edit.span.range();
        out.push_str(text.get(at..span.start).unwrap_or_default());
        if windows {
            out.push_str(&edit.replacement.replace('\n', "\r\n"));
        } else {
            out.push_str(&edit.replacement);
        }
        at = span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// How many statements of a text cannot be read.
fn faults(text: &str) -> usize {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("", text));
    let mut sink = Sink::new();
    syntax::parse(sources.file(file), file, &mut sink);
    sink.as_slice()
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count()
}
