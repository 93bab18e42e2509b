//! The KPI table as CSV: RFC 4180, UTF-8, and no text that a spreadsheet would run as a formula.

use std::fmt::Write;

use super::sheet::{COLUMNS, SheetRow, Value};
use crate::emit::escape::is_invisible;

/// The whole file.
pub(super) fn write(rows: &[SheetRow]) -> String {
    let mut out = String::new();
    let headings: Vec<String> = COLUMNS.iter().map(|(title, _)| text(title)).collect();
    out.push_str(&headings.join(","));
    out.push_str("\r\n");
    for row in rows {
        let cells: Vec<String> = row.values.iter().map(cell).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn cell(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Number(number) => number.to_string(),
        Value::Text(words) => text(words),
    }
}

/// Text as a field. CSV has no types, so a spreadsheet takes what begins like a formula for one; an apostrophe in front
/// makes it text again (OWASP, CSV injection). Numbers are never touched.
fn text(words: &str) -> String {
    let mut plain = String::with_capacity(words.len() + 1);
    if words
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%'])
        || words.starts_with(['\t', '\r', '\n'])
    {
        plain.push('\'');
    }
    for c in words.chars() {
        if is_invisible(c) {
            let _ = write!(plain, "⟨U+{:04X}⟩", u32::from(c)); // writing to a string cannot fail
        } else {
            plain.push(c);
        }
    }
    if plain.contains([',', '"', '\n', '\r', ';', '\'']) {
        format!("\"{}\"", plain.replace('"', "\"\""))
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_begins_like_a_formula_stays_text() {
        for (words, field) in [
            ("plain words", "plain words"),
            ("a, b", "\"a, b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+1", "\"'+1\""),
            ("-1+2", "\"'-1+2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            (" =1", "\"' =1\""),
            ("\t=1", "\"'\t=1\""),
            ("a\u{202e}b", "a⟨U+202E⟩b"),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(text(words), field, "{words:?}");
        }
        assert_eq!(cell(&Value::Number(-0.5)), "-0.5");
        assert_eq!(cell(&Value::Empty), "");
    }
}
