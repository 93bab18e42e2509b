//! The seal of a generated file: its last line says which text abide wrote, so that a later run can tell whether a person
//! has edited it since.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

const MADE_FOR: &str = "; made for ";

/// How the line is told from the text before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A comment, where those of HTML are allowed.
    Comment,
    /// A line of plain text.
    Line,
}

impl Mark {
    /// All, the more particular first.
    const ALL: [Self; 2] = [Self::Comment, Self::Line];

    fn open(self) -> &'static str {
        match self {
            Self::Comment => "<!-- written by abide; edits are noticed: ",
            Self::Line => "-- written by abide; edits are noticed: ",
        }
    }

    fn close(self) -> &'static str {
        match self {
            Self::Comment => " -->\n",
            Self::Line => "\n",
        }
    }
}

/// Whether a line is a seal.
pub(super) fn is_seal(line: &str) -> bool {
    Mark::ALL.iter().any(|mark| line.starts_with(mark.open()))
}

/// The text with its seal, and the date it was made for.
pub(super) fn sealed(text: &str, made_for: Date, mark: Mark) -> String {
    let mut out = text.to_owned();
    if !out.ends_with('\n') {
        out.push('\n');
    }
    let seal = fingerprint(&out);
    out.push_str(mark.open());
    out.push_str(&seal);
    out.push_str(MADE_FOR);
    out.push_str(&made_for.to_string());
    out.push_str(mark.close());
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
    let (mark, at) = Mark::ALL
        .iter()
        .find_map(|mark| Some((mark, text.rfind(mark.open())?)))?;
    let (body, line) = text.split_at(at);
    let said = line
        .strip_prefix(mark.open())?
        .trim_end()
        .strip_suffix(mark.close().trim_end());
    Some((body, said.filter(|said| !said.contains('\n')).unwrap_or_default()))
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
        for mark in Mark::ALL {
            edits_are_told(mark);
        }
    }

    fn edits_are_told(mark: Mark) {
        let text = sealed("<p>hello</p>", jiff::civil::date(2026, 12, 14), mark);
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
