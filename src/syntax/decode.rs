//! Bytes → text. A file that is not UTF-8 gets one diagnostic that says what it probably is.

use crate::diagnostics::{Diagnostic, Place};
use crate::source::{FileId, Pointer, Span};

/// The largest file that is read: 64 MiB. Real specs have a few kilobytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The text of a file, or as much of it as can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, a byte order mark included. With a fault: what is needed to show the fault, and nothing to parse.
    pub text: String,
    fault: Option<Fault>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    TooLarge {
        bytes: usize,
    },
    Utf16,
    NotText,
    NotUtf8 {
        offset: usize,
        width: usize,
        bytes: Vec<u8>,
    },
}

/// Decodes the bytes of a file.
pub fn decode(bytes: Vec<u8>) -> Decoded {
    if bytes.len() > MAX_BYTES {
        return Decoded::faulty(String::new(), Fault::TooLarge { bytes: bytes.len() });
    }
    if looks_like_utf16(&bytes) {
        return Decoded::faulty(String::new(), Fault::Utf16);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, fault: None },
        // Text has no zero bytes; pictures, archives and compiled files do.
        Err(error) if error.as_bytes().contains(&0) => Decoded::faulty(String::new(), Fault::NotText),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let (valid, bad) = bytes.split_at(offset);
            let line_end = bad.iter().position(|&b| b == b'\n').unwrap_or(bad.len());
            let mut text = String::from_utf8_lossy(valid).into_owned();
            text.push_str(&String::from_utf8_lossy(bad.get(..line_end).unwrap_or(bad)));
            // The replacement character that stands for the bad bytes takes three bytes of the text.
            let width = text
                .get(offset..)
                .and_then(|t| t.chars().next())
                .map_or(0, char::len_utf8);
            let bytes = bad.iter().copied().take(4).collect();
            Decoded::faulty(text, Fault::NotUtf8 { offset, width, bytes })
        }
    }
}

/// Windows tools mark UTF-16 with `FF FE`; without a mark, ASCII text in UTF-16 has a zero in every other byte.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let head = bytes.get(..bytes.len().min(64)).unwrap_or_default();
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&b| b == 0).count();
    let pairs = head.len() / 2;
    marked || (pairs >= 4 && (zeros(0) * 4 > pairs * 3 || zeros(1) * 4 > pairs * 3))
}

impl Decoded {
    fn faulty(text: String, fault: Fault) -> Self {
        Self {
            text,
            fault: Some(fault),
        }
    }

    /// The one thing there is to say about a file that cannot be read as text; `None` when it can.
    pub fn diagnostic(&self, file: FileId) -> Option<Diagnostic> {
        Some(match self.fault.as_ref()? {
            Fault::TooLarge { bytes } => Diagnostic::error(
                "file-too-large",
                Place::start_of(file),
                format!(
                    "the file has {} MiB, more than the {} MiB that are read",
                    bytes.div_ceil(1024 * 1024),
                    MAX_BYTES / (1024 * 1024)
                ),
            )
            .with_help("a spec has a few kilobytes: data belong in the warehouse, and the spec names the table"),
            Fault::Utf16 => Diagnostic::error(
                "invalid-utf8",
                Place::start_of(file),
                "the file is not UTF-8 text; it looks like UTF-16",
            )
            .with_help(
                "save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8; in PowerShell: Set-Content -Encoding utf8)",
            ),
            Fault::NotText => Diagnostic::error("invalid-utf8", Place::start_of(file), "the file is not text")
                .with_help("abide reads specs, which are UTF-8 text: check the path"),
            Fault::NotUtf8 { offset, width, bytes } => {
                let place = Place::new(Span::new(file, *offset..*offset + width), Pointer::root());
                let first = bytes.first().copied().unwrap_or_default();
                Diagnostic::error("invalid-utf8", place, format!("byte 0x{first:02X} is not UTF-8 text"))
                    .with_label("not UTF-8 from here on")
                    .with_help(encoding_help(bytes))
            }
        })
    }
}

fn encoding_help(bytes: &[u8]) -> String {
    match bytes {
        // One high byte between ASCII: an accented letter of a single-byte encoding.
        [high @ 0xA0..=0xFF, rest @ ..] if rest.first().is_none_or(u8::is_ascii) => format!(
            "in Latin-1 (ISO 8859-1, Windows-1252) this byte is `{}`: save the file as UTF-8",
            char::from(*high)
        ),
        [0x80..=0x9F, rest @ ..] if rest.first().is_none_or(u8::is_ascii) => {
            "the file may be Windows-1252, where this byte is a quote or a dash: save it as UTF-8".to_owned()
        }
        _ => "abide reads UTF-8 text: check that this is a spec and save it as UTF-8".to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, SourceMap};

    fn fault(bytes: &[u8]) -> (Diagnostic, usize, usize) {
        let decoded = decode(bytes.to_vec());
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("a.toml", decoded.text.clone()));
        let diagnostic = decoded.diagnostic(file).unwrap();
        let at = sources.file(file).position(diagnostic.place.span.start as usize);
        (diagnostic, at.line, at.column)
    }

    #[test]
    fn utf8_with_and_without_a_mark_is_text() {
        assert_eq!(decode(b"a = 1".to_vec()).text, "a = 1");
        let marked = decode(b"\xEF\xBB\xBFa = 1".to_vec());
        assert_eq!(marked.text, "\u{feff}a = 1");
        assert!(marked.fault.is_none());
    }

    #[test]
    fn latin_1_is_pointed_at_and_named() {
        let (diagnostic, line, column) = fault(b"a = 1\ntitle = \"caf\xE9\"\n");
        assert_eq!((diagnostic.rule, line, column), ("invalid-utf8", 2, 13));
        assert!(diagnostic.help.unwrap().contains("`é`"));
    }

    #[test]
    fn utf16_is_named() {
        for bytes in [
            &b"\xFF\xFEa\0 \0=\0"[..],
            b"\xFE\xFF\0a",
            b"a\0 \0=\0 \x001\0\n\0b\0=\0",
        ] {
            assert!(fault(bytes).0.message.contains("UTF-16"), "{bytes:?}");
        }
    }

    #[test]
    fn a_file_cut_inside_a_character_is_pointed_at() {
        let (diagnostic, line, column) = fault(b"a = \"\xF0\x9F\xA6");
        assert_eq!((diagnostic.rule, line, column), ("invalid-utf8", 1, 6));
    }

    #[test]
    fn the_size_limit_holds() {
        let decoded = decode(vec![b' '; MAX_BYTES + 1]);
        assert!(decoded.text.is_empty());
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("a.toml", ""));
        assert_eq!(decoded.diagnostic(file).unwrap().rule, "file-too-large");
    }
}
