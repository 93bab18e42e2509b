//! Comma-separated values: RFC 4180, UTF-8, and no text that a spreadsheet would run as a formula.

use std::fmt::Write;

use super::escape::is_invisible;

/// A line of fields.
pub(crate) fn row(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = fields.collect();
    fields.join(",") + "\r\n"
}

/// A number as a field, in full and with a decimal point.
pub(crate) fn number(x: f64) -> String {
    x.to_string()
}

/// Text as a field. CSV has no types, so a spreadsheet takes what begins like a formula for one; an apostrophe in front
/// makes it text again (OWASP, CSV injection). Numbers are never touched.
pub(crate) fn text(words: &str) -> String {
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
        assert_eq!(row([text("a"), number(-0.5)].into_iter()), "a,-0.5\r\n");
    }
}
