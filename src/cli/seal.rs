//! The seal of a generated file: its last line says which text abide wrote, so that a later run can tell whether a person
//! has edited it since. Works wherever an HTML comment is allowed: HTML and Markdown.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

const OPEN: &str = "<!-- written by abide; edits are noticed: ";
const MADE_FOR: &str = "; made for ";
const CLOSE: &str = " -->\n";

/// The text with its seal, and the date it was made for.
pub(super) fn sealed(text: &str, made_for: Date) -> String {
    let mut out = text.to_owned();
    if !out.ends_with('\n') {
        out.push('\n');
    }
    let seal = fingerprint(&out);
    out.push_str(OPEN);
    out.push_str(&seal);
    out.push_str(MADE_FOR);
    out.push_str(&made_for.to_string());
    out.push_str(CLOSE);
    out
}

/// What stands in a file that is about to be overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// abide wrote it and nobody has edited it.
    Untouched,
    /// abide wrote it and somebody has edited it.
    Edited,
    /// abide did not write it.
    Foreign,
}

/// Tells what stands in a file.
pub(super) fn inspect(text: &str) -> Existing {
    // A checkout may have turned line ends; that is no edit.
    let text = text.replace("\r\n", "\n");
    match parts(&text) {
        None => Existing::Foreign,
        Some((body, seal)) => {
            let said = seal.split_once(MADE_FOR).map_or(seal, |(said, _)| said);
            if said == fingerprint(body) {
                Existing::Untouched
            } else {
                Existing::Edited
            }
        }
    }
}

/// The date that a generated file was made for; `None` when it does not say.
pub(super) fn made_for(text: &str) -> Option<Date> {
    let (_, seal) = parts(text)?;
    seal.split_once(MADE_FOR)?.1.parse().ok()
}

/// What is sealed, and what the seal says; something after the seal makes it say nothing.
fn parts(text: &str) -> Option<(&str, &str)> {
    let (body, line) = text.split_at(text.rfind(OPEN)?);
    let said = line.strip_prefix(OPEN)?.trim_end().strip_suffix(CLOSE.trim_end());
    Some((body, said.unwrap_or_default()))
}

fn fingerprint(text: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(text.as_bytes())
        .iter()
        .take(8)
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_told_from_what_was_written() {
        let text = sealed("<p>hello</p>", jiff::civil::date(2026, 12, 14));
        assert_eq!(made_for(&text), Some(jiff::civil::date(2026, 12, 14)));
        assert_eq!(inspect(&text), Existing::Untouched);
        assert_eq!(inspect(&text.replace('\n', "\r\n")), Existing::Untouched);
        assert_eq!(inspect(&text.replace("hello", "goodbye")), Existing::Edited);
        assert_eq!(inspect(&format!("{text}mine\n")), Existing::Edited);
        assert_eq!(inspect("my own notes\n"), Existing::Foreign);
        assert_eq!(made_for("my own notes\n"), None);
        // Files of versions that did not write the date.
        let old = text.replace("; made for 2026-12-14", "");
        assert_eq!((inspect(&old), made_for(&old)), (Existing::Untouched, None));
    }
}
