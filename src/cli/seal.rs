//! The seal of a generated file: its last line says which text abide wrote, so that a later run can tell whether a person
//! has edited it since. Works wherever an HTML comment is allowed: HTML and Markdown.

use sha2::{Digest, Sha256};

const OPEN: &str = "<!-- written by abide; edits are noticed: ";
const CLOSE: &str = " -->\n";

/// The text with its seal.
pub(super) fn sealed(text: &str) -> String {
    let mut out = text.to_owned();
    if !out.ends_with('\n') {
        out.push('\n');
    }
    let seal = fingerprint(&out);
    out.push_str(OPEN);
    out.push_str(&seal);
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
    let Some(start) = text.rfind(OPEN) else {
        return Existing::Foreign;
    };
    let (body, seal) = text.split_at(start);
    match seal
        .strip_prefix(OPEN)
        .and_then(|rest| rest.trim_end().strip_suffix(CLOSE.trim_end()))
    {
        Some(found) if found == fingerprint(body) => Existing::Untouched,
        _ => Existing::Edited,
    }
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
        let text = sealed("<p>hello</p>");
        assert_eq!(inspect(&text), Existing::Untouched);
        assert_eq!(inspect(&text.replace('\n', "\r\n")), Existing::Untouched);
        assert_eq!(inspect(&text.replace("hello", "goodbye")), Existing::Edited);
        assert_eq!(inspect(&format!("{text}mine\n")), Existing::Edited);
        assert_eq!(inspect("my own notes\n"), Existing::Foreign);
    }
}
