//! Lines → text: alignment, blank lines, line ends.

use super::lines::Line;

/// Longer keys do not push the `=` of their neighbours away.
pub const MAX_KEY: usize = 14;
/// Where comments behind values and headers begin, from 1.
pub const COMMENT_COLUMN: usize = 40;
/// Blanks before the comment of a line that is too long for that.
const FAR: usize = 3;

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
                out.push(with_comment(text, comment.as_deref()));
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

/// How many entries follow each other, with the comment lines between them; one over several lines ends a block.
fn block(lines: &[Line]) -> usize {
    let mut count = 0;
    for (position, line) in lines.iter().enumerate() {
        match line {
            Line::Entry { several: false, .. } => count = position + 1,
            Line::Entry { several: true, .. } => return position + 1,
            // A commented-out key is most often one of them.
            Line::Comment(_) => {}
            Line::Blank | Line::Header { .. } => return count,
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
    lines
        .iter()
        .filter_map(|line| match line {
            Line::Entry {
                key, value, comment, ..
            } => Some(with_comment(&format!("{key:width$} = {value}"), comment.as_deref())),
            Line::Comment(text) => Some(text.clone()),
            Line::Blank | Line::Header { .. } => None,
        })
        .collect()
}

/// A line with the comment behind it.
fn with_comment(text: &str, comment: Option<&str>) -> String {
    let Some(comment) = comment else { return text.to_owned() };
    let last = text.rsplit(['\n', SOFT]).next().unwrap_or(text);
    let blanks = match (COMMENT_COLUMN - 1).checked_sub(last.chars().count()) {
        Some(blanks) if blanks > 0 => blanks,
        _ => FAR,
    };
    [text, &" ".repeat(blanks), comment].concat()
}
