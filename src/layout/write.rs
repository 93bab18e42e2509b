//! Lines → text: alignment, blank lines, line ends.

use super::lines::Line;

/// Longer keys do not push the `=` of their neighbours away.
pub const MAX_KEY: usize = 14;
/// Longer lines do not push the comments of their neighbours away.
const MAX_LINE: usize = 60;

/// The text of a file.
pub(super) fn write(lines: &[Line], line_end: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut rest = lines;
    while let Some(first) = rest.first() {
        let taken = match first {
            Line::Blank => {
                if out.last().is_some_and(|line| !line.is_empty()) {
                    out.push(String::new());
                }
                1
            }
            Line::Comment(text) => {
                out.push(text.clone());
                1
            }
            Line::Header { text, comment } => {
                out.push(with_comment(text, comment.as_deref(), 0));
                1
            }
            Line::Entry { .. } => {
                let count = block(rest);
                out.extend(entries(rest.get(..count).unwrap_or_default()));
                count
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.iter()
        .map(|line| [&line.replace(SOFT, line_end), line_end].concat())
        .collect()
}

/// Stands for a line end between tokens until lines are joined. No TOML text has it: it is a control character.
pub(super) const SOFT: char = '\u{1}';

/// How many entries follow each other; one over several lines ends a block.
fn block(lines: &[Line]) -> usize {
    let mut count = 0;
    for line in lines {
        match line {
            Line::Entry { several: false, .. } => count += 1,
            Line::Entry { several: true, .. } => return count + 1,
            _ => return count,
        }
    }
    count
}

fn entries(lines: &[Line]) -> Vec<String> {
    let keys = lines.iter().filter_map(|line| match line {
        Line::Entry { key, .. } => Some(key.chars().count()),
        _ => None,
    });
    let width = keys.filter(|width| *width <= MAX_KEY).max().unwrap_or(0);
    let texts: Vec<(String, Option<&str>, bool)> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Entry {
                key,
                value,
                several,
                comment,
            } => Some((format!("{key:width$} = {value}"), comment.as_deref(), *several)),
            _ => None,
        })
        .collect();
    let aligned = |text: &str, several: bool| !several && text.chars().count() <= MAX_LINE;
    let column = texts
        .iter()
        .filter(|(text, comment, several)| comment.is_some() && aligned(text, *several))
        .map(|(text, ..)| text.chars().count())
        .max()
        .unwrap_or(0);
    texts
        .iter()
        .map(|(text, comment, several)| with_comment(text, *comment, if *several { 0 } else { column }))
        .collect()
}

/// A line with its comment at a column, or two blanks behind a longer line.
fn with_comment(text: &str, comment: Option<&str>, column: usize) -> String {
    match comment {
        Some(comment) => format!("{text:column$}  {comment}"),
        None => text.to_owned(),
    }
}
