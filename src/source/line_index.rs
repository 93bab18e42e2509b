//! Byte offset → line and column, in the three units that consumers count columns in.

/// A place in a text, all counts starting at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineColumn {
    /// Line number; `\n`, `\r\n` and a lone `\r` are not lines of their own, only `\n` ends one.
    pub line: usize,
    /// Column in Unicode scalar values: what editors show and terminals print.
    pub column: usize,
    /// Column in UTF-16 code units: what the language server protocol and SARIF count.
    pub column_utf16: usize,
    /// Column in bytes.
    pub column_bytes: usize,
}

/// Where each line starts.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

const BYTE_ORDER_MARK: char = '\u{feff}';

impl LineIndex {
    /// Indexes a text once, in one pass over its bytes.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        for (offset, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                starts.push(u32::try_from(offset + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// How many lines the text has; a final newline does not open another.
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of a line by number, from 0, without its `\n`; empty at the end of the text for a number past the last.
    pub fn line_range(&self, text: &str, number: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(number).map_or(text.len(), |&start| start as usize);
        let end = self
            .starts
            .get(number + 1)
            .map_or(text.len(), |&next| next as usize - 1);
        start..end.max(start)
    }

    /// The place of a byte offset; an offset past the end is the end, one inside a character is its start.
    pub fn position(&self, text: &str, offset: usize) -> LineColumn {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&start| start as usize <= offset);
        let start = self.starts[line - 1] as usize;
        let before = &text[start..offset];
        // A byte order mark takes no column in any editor.
        let before = before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(before);
        LineColumn {
            line,
            column: before.chars().count() + 1,
            column_utf16: before.encode_utf16().count() + 1,
            column_bytes: before.len() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: usize) -> (usize, usize, usize) {
        let p = LineIndex::new(text).position(text, offset);
        (p.line, p.column, p.column_utf16)
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "a = 1\n🦀é = 2\n";
        assert_eq!(at(text, 0), (1, 1, 1));
        assert_eq!(at(text, 6), (2, 1, 1));
        assert_eq!(at(text, 10), (2, 2, 3));
        assert_eq!(at(text, 12), (2, 3, 4));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(at("\u{feff}key = 1", 3), (1, 1, 1));
    }

    #[test]
    fn crlf_ends_one_line() {
        assert_eq!(at("a\r\nb", 3), (2, 1, 1));
    }

    #[test]
    fn offsets_outside_the_text_are_clamped() {
        assert_eq!(at("ab", 99), (1, 3, 3));
        assert_eq!(at("🦀", 2), (1, 1, 1));
        assert_eq!(at("", 0), (1, 1, 1));
    }
}
