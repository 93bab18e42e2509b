//! JSON text → the tree that the schema check reads: every value and key with the place it was written at.
//!
//! `serde_json` gives values without places and stops at the first fault. Results are written by programs, so a syntax
//! error is rare and one is enough; what is wrong with a value is not, and all of that is reported at once, at its token.

use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::source::{FileId, Pointer, Span};
use crate::syntax::{Entries, Faults, Kind, MAX_DEPTH, Node, Parsed};

/// Reads a JSON document whose root is an object. `None` after a syntax error, which has then been reported.
///
/// An entry that is `null` is left out of the tree. A key that is written twice is reported and its first value kept.
pub(super) fn parse(text: &str, file: FileId, sink: &mut Sink) -> Option<Parsed> {
    let mut reader = Reader {
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        file,
        repeated: Vec::new(),
    };
    let outcome = reader.document();
    for (span, pointer) in std::mem::take(&mut reader.repeated) {
        let name = pointer.last().unwrap_or_default();
        sink.push(
            Diagnostic::error(
                "duplicate-key",
                Place::new(span, pointer),
                format!("`{name}` is written twice"),
            )
            .with_help("keep one of them"),
        );
    }
    match outcome {
        Ok(root) => Some(Parsed {
            root,
            faults: Faults::default(),
        }),
        Err(fault) => {
            let place = Place::new(fault.span, Pointer::root());
            sink.push(Diagnostic::error("syntax-error", place, fault.message));
            None
        }
    }
}

/// Why the text is not JSON.
struct Fault {
    span: Span,
    message: String,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    file: FileId,
    repeated: Vec<(Span, Pointer)>,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Node, Fault> {
        let root = self.value(&Pointer::root(), 0)?;
        self.blanks();
        if self.at < self.text.len() {
            return Err(self.expected("the end of the file"));
        }
        match root {
            Some(node) if node.as_table().is_some() => Ok(node),
            _ => Err(Fault {
                span: Span::new(self.file, 0..self.text.len().min(1)),
                message: "the file holds no JSON object".to_owned(),
            }),
        }
    }

    /// A value; `None` for `null`.
    fn value(&mut self, pointer: &Pointer, depth: usize) -> Result<Option<Node>, Fault> {
        self.blanks();
        let start = self.at;
        if depth > MAX_DEPTH {
            return Err(self.fault(start, "values are nested too deeply"));
        }
        let kind = match self.peek() {
            Some(b'{') => self.object(pointer, depth)?,
            Some(b'[') => self.array(pointer, depth)?,
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::Boolean(true))?,
            Some(b'f') => self.word("false", Kind::Boolean(false))?,
            Some(b'n') => {
                self.word("null", Kind::Boolean(false))?;
                return Ok(None);
            }
            _ => return Err(self.expected("a value")),
        };
        Ok(Some(Node {
            span: Span::new(self.file, start..self.at),
            key_span: None,
            kind,
        }))
    }

    fn object(&mut self, pointer: &Pointer, depth: usize) -> Result<Kind, Fault> {
        let mut entries = Entries::default();
        self.at += 1;
        self.blanks();
        if self.take(b'}') {
            return Ok(Kind::Table(entries));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.expected("a name in double quotes"));
            }
            let start = self.at;
            let name = self.string()?;
            let key_span = Span::new(self.file, start..self.at);
            self.blanks();
            if !self.take(b':') {
                return Err(self.expected("`:`"));
            }
            let inner = pointer.join(&name);
            let value = self.value(&inner, depth + 1)?;
            if entries.contains_key(&name) {
                self.repeated.push((key_span, inner));
            } else if let Some(value) = value {
                entries.insert(
                    name,
                    Node {
                        key_span: Some(key_span),
                        ..value
                    },
                );
            }
            self.blanks();
            if self.take(b'}') {
                return Ok(Kind::Table(entries));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    fn array(&mut self, pointer: &Pointer, depth: usize) -> Result<Kind, Fault> {
        let mut elements = Vec::new();
        self.at += 1;
        self.blanks();
        if self.take(b']') {
            return Ok(Kind::Array(elements));
        }
        loop {
            elements.extend(self.value(&pointer.index(elements.len()), depth + 1)?);
            self.blanks();
            if self.take(b']') {
                return Ok(Kind::Array(elements));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    /// A string with its quotes; `serde_json` knows the escapes.
    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let mut escaped = false;
        for (offset, byte) in self.text.as_bytes().iter().enumerate().skip(start + 1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at = offset + 1;
                    let token = self.text.get(start..self.at).unwrap_or_default();
                    return serde_json::from_str(token).map_err(|_| {
                        self.fault(
                            start,
                            "the string holds an escape or a character that JSON does not allow",
                        )
                    });
                }
                b'\n' => break,
                _ => {}
            }
        }
        Err(self.fault(start, "the string has no closing quote"))
    }

    fn number(&mut self) -> Result<Kind, Fault> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest
            .bytes()
            .take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .count();
        self.at += length;
        let token = rest.get(..length).unwrap_or_default();
        match serde_json::from_str::<serde_json::Number>(token) {
            Ok(number) => Ok(match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Kind::Integer(whole),
                // Counts come out of some tools as 1000.0: a whole number is a whole number.
                (None, Some(x)) if x.fract() == 0.0 && x.abs() < 9.0e15 => Kind::Integer(x as i64),
                (None, Some(x)) => Kind::Float(x),
                (None, None) => Kind::HugeFloat(token.to_owned()),
            }),
            Err(_) => Err(self.fault(start, "this is not a number as JSON writes them")),
        }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, Fault> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            Ok(kind)
        } else {
            Err(self.expected("a value"))
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> Fault {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let message = match rest.chars().next() {
            Some(c) => format!("expected {what}, found `{c}`"),
            None => format!("expected {what}, found the end of the file"),
        };
        let width = rest.chars().next().map_or(0, char::len_utf8);
        Fault {
            span: Span::new(self.file, self.at..self.at + width),
            message,
        }
    }

    fn fault(&self, start: usize, message: &str) -> Fault {
        Fault {
            span: Span::new(self.file, start..self.at.max(start + 1)),
            message: message.to_owned(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, SourceMap};

    fn read(text: &str) -> (Option<Parsed>, Vec<Diagnostic>) {
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("r.json", text));
        let mut sink = Sink::new();
        (parse(text, file, &mut sink), sink.into_vec())
    }

    #[test]
    fn values_are_those_of_serde_json() {
        let text = r#" {"a": [1, -2.5e3, "x\u00e9\"y", true, {}], "b": {"c": 0.1, "d": false}} "#;
        let (parsed, findings) = read(text);
        assert!(findings.is_empty());
        let expected: serde_json::Value = serde_json::from_str(&text.replace("-2.5e3", "-2500")).unwrap();
        assert_eq!(parsed.unwrap().root.to_json(), expected);
    }

    #[test]
    fn null_counts_as_left_out_and_places_are_kept() {
        let (parsed, _) = read("{\"a\": null,\n \"b\": 7}");
        let root = parsed.unwrap().root;
        assert_eq!(root.as_table().unwrap().len(), 1);
        let b = root.get("b").unwrap();
        assert_eq!((b.span.range(), b.key_span.unwrap().range()), (18..19, 13..16));
    }

    #[test]
    fn a_syntax_error_is_reported_where_it_is() {
        for (text, start) in [
            ("{\"a\": 1,}", 8),
            ("{\"a\" 1}", 5),
            ("{\"a\": 01}", 6),
            ("{\"a\": \"x\n\"}", 6),
            ("{\"a\": [1 2]}", 9),
            ("{\"a\": tru}", 6),
            ("{} x", 3),
            ("[1]", 0),
            ("", 0),
        ] {
            let (parsed, findings) = read(text);
            assert!(parsed.is_none(), "{text}");
            assert_eq!(findings.len(), 1, "{text}");
            assert_eq!(findings[0].place.span.start, start, "{text}");
        }
        assert!(read(&"[".repeat(100_000)).0.is_none());
    }

    #[test]
    fn a_key_written_twice_is_reported() {
        let (parsed, findings) = read("{\"a\": 1, \"a\": 2}");
        assert_eq!(parsed.unwrap().root.get("a").unwrap().as_f64(), Some(1.0));
        assert_eq!(findings[0].message, "`a` is written twice");
    }
}
