//! Where a new key goes in a table, however the table is written.

use crate::diagnostics::Edit;
use crate::source::{SourceMap, Span};
use crate::syntax::Node;

/// The edit that writes `key = value` into a table: on a line of its own below a header, in front of the entries of an
/// inline table, as one more dotted line, or below a header of its own. `None` where the text is not what the tree says.
pub(super) fn insert(table: &Node, key: &str, value: &str, sources: &SourceMap) -> Option<Edit> {
    let file = table.span.file;
    let text = sources.file(file).text();
    let span = table.span.range();
    let at = |offset: usize, replacement: String| Edit {
        span: Span::new(file, offset..offset),
        replacement,
    };
    if text.get(span.clone())?.starts_with('{') {
        let empty = table.as_table()?.is_empty();
        let written = if empty {
            format!(" {key} = {value} ")
        } else {
            format!(" {key} = {value},")
        };
        return Some(at(span.start + 1, written));
    }
    let line_start = text.get(..span.start)?.rfind('\n').map_or(0, |end| end + 1);
    let after = text.get(span.end..)?;
    let line_end = span.end + after.find('\n').unwrap_or(after.len());
    let line_end = line_end - usize::from(text.get(..line_end)?.ends_with('\r'));
    match after.trim_start_matches([' ', '\t']).chars().next()? {
        ']' => {
            let header = text.get(line_start..span.start)?;
            let indent: String = header.chars().take_while(|c| c.is_whitespace()).collect();
            let pad = " ".repeat(width_below(text, line_end).saturating_sub(key.len() + 1));
            Some(at(line_end, format!("\n{indent}{key}{pad} = {value}")))
        }
        '.' => {
            let path = text.get(line_start..span.end)?;
            Some(match path.trim_start().strip_prefix('[') {
                // Only its sub-tables have headers: it gets one of its own, before them.
                Some(name) => {
                    let name = name.trim_start_matches('[').trim_start();
                    at(line_start, format!("[{name}]\n{key} = {value}\n\n"))
                }
                None => at(line_start, format!("{path}.{key} = {value}\n")),
            })
        }
        _ => None,
    }
}

/// How far the `=` of the next line is from its key's start; 0 when that line is no entry.
fn width_below(text: &str, line_end: usize) -> usize {
    let rest = text.get(line_end..).unwrap_or_default();
    let line = rest.trim_start_matches('\r').strip_prefix('\n').unwrap_or_default();
    let line = line.lines().next().unwrap_or_default().trim_start();
    let Some((key, _)) = line.split_once('=') else { return 0 };
    let is_key = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if key.trim_end().chars().all(is_key) {
        key.len()
    } else {
        0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diagnostics::Sink;
    use crate::source::{Pointer, SourceFile};
    use crate::syntax::parse;

    fn inserted(text: &str, pointer: &str) -> Option<String> {
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("a.toml", text));
        let root = parse(sources.file(file), file, &mut Sink::new()).root;
        let edit = insert(root.lookup(&Pointer::parse(pointer))?, "use", "\"x\"", &sources)?;
        let mut out = text.to_owned();
        out.replace_range(edit.span.range(), &edit.replacement);
        Some(out)
    }

    #[test]
    fn a_key_goes_into_every_way_of_writing_a_table() {
        for (before, after) in [
            ("[m.x] # why\nrole = 1\n", "[m.x] # why\nuse  = \"x\"\nrole = 1\n"),
            ("[m.x]\nrole     = 1\n", "[m.x]\nuse      = \"x\"\nrole     = 1\n"),
            ("[m.x]", "[m.x]\nuse = \"x\""),
            ("  [m.x]\n[n]\n", "  [m.x]\n  use = \"x\"\n[n]\n"),
            ("[m]\nx = { role = 1 }\n", "[m]\nx = { use = \"x\", role = 1 }\n"),
            ("[m]\nx = {}\n", "[m]\nx = { use = \"x\" }\n"),
            ("m.x.role = 1\n", "m.x.use = \"x\"\nm.x.role = 1\n"),
            ("[m.x.y]\na = 1\n", "[m.x]\nuse = \"x\"\n\n[m.x.y]\na = 1\n"),
            ("[[m.x.y]]\na = 1\n", "[m.x]\nuse = \"x\"\n\n[[m.x.y]]\na = 1\n"),
            ("[m]\nx.role = 1\n", "[m]\nx.use = \"x\"\nx.role = 1\n"),
        ] {
            assert_eq!(inserted(before, "/m/x").as_deref(), Some(after), "{before}");
        }
    }
}
