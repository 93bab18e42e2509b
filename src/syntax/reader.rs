//! One statement's tokens → a header, or a key with its value.

use std::borrow::Cow;

use toml::value::Datetime;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, ParseError, Raw, Source, Span as Range};

use super::Kind;
use super::document::{Conflict, Key, Slot, TableId, Tables, Value};
use super::number;
use super::parse::MAX_DEPTH;
use crate::source::{FileId, Span};

/// What a statement turned out to be. Everything is optional: a broken statement yields what it has.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The brackets of a header; `None` for a key with a value.
    pub(super) header: Option<Header>,
    /// The dotted name of the header or of the value.
    pub(super) path: Vec<Key>,
    /// The value behind `=`.
    pub(super) value: Option<Slot>,
    /// Where nesting went past what is allowed.
    pub(super) too_deep: Option<Span>,
    /// Faults inside inline tables that are not grammar: the same key twice.
    pub(super) conflicts: Vec<Conflict>,
}

/// Which of the two headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// `[name]`
    Table,
    /// `[[name]]`
    Element,
}

enum Frame {
    Array {
        open: Range,
        elements: Vec<Slot>,
    },
    Inline {
        open: Range,
        table: TableId,
        path: Vec<Key>,
    },
}

/// Receives the grammar's events and builds the value.
pub(super) struct Reader<'s, 't> {
    source: Source<'s>,
    file: FileId,
    tables: &'t mut Tables,
    stack: Vec<Frame>,
    /// Whether the `=` of the statement itself has been passed.
    in_value: bool,
    reading: Reading,
}

impl<'s, 't> Reader<'s, 't> {
    pub(super) fn new(source: Source<'s>, file: FileId, tables: &'t mut Tables) -> Self {
        Self {
            source,
            file,
            tables,
            stack: Vec::new(),
            in_value: false,
            reading: Reading::default(),
        }
    }

    pub(super) fn finish(self) -> Reading {
        self.reading
    }

    fn span(&self, range: Range) -> Span {
        Span::new(self.file, range.start()..range.end())
    }

    fn depth(&self) -> usize {
        let keys = self.stack.iter().map(|frame| match frame {
            Frame::Array { .. } => 1,
            Frame::Inline { path, .. } => 1 + path.len(),
        });
        self.reading.path.len() + keys.sum::<usize>()
    }

    /// Opens a frame; `false` when nesting is too deep, and then the grammar skips to the closing bracket.
    fn open(&mut self, frame: Frame, range: Range) -> bool {
        let allowed = self.depth() < MAX_DEPTH;
        if !allowed && self.reading.too_deep.is_none() {
            self.reading.too_deep = Some(self.span(range));
        }
        self.stack.push(frame);
        allowed
    }

    /// A finished value goes to whatever is open around it.
    fn place(&mut self, slot: Slot) {
        match self.stack.last_mut() {
            None => self.reading.value = Some(slot),
            Some(Frame::Array { elements, .. }) => elements.push(slot),
            Some(Frame::Inline { table, path, .. }) => {
                let path = std::mem::take(path);
                if let Err(conflict) = self.tables.insert(*table, &path, slot) {
                    self.reading.conflicts.push(conflict);
                }
            }
        }
    }
}

/// What an unquoted or quoted value is.
fn scalar_kind(raw: Raw<'_>, range: Range, error: &mut dyn ErrorSink) -> Kind {
    let mut text = Cow::Borrowed("");
    match raw.decode_scalar(&mut text, error) {
        ScalarKind::String => Kind::String(text.into_owned()),
        ScalarKind::Boolean(b) => Kind::Boolean(b),
        ScalarKind::Integer(radix) => number::integer(&text, radix.value(), raw.as_str()),
        ScalarKind::Float => number::float(&text, raw.as_str()),
        ScalarKind::DateTime => match text.parse::<Datetime>() {
            Ok(datetime) => Kind::Datetime(datetime),
            Err(fault) => {
                error.report_error(ParseError::new(fault.to_string()).with_unexpected(range));
                Kind::String(text.into_owned())
            }
        },
    }
}

impl EventReceiver for Reader<'_, '_> {
    fn std_table_open(&mut self, _: Range, _: &mut dyn ErrorSink) {
        self.reading.header = Some(Header::Table);
    }

    fn array_table_open(&mut self, _: Range, _: &mut dyn ErrorSink) {
        self.reading.header = Some(Header::Element);
    }

    fn inline_table_open(&mut self, range: Range, _: &mut dyn ErrorSink) -> bool {
        let table = self.tables.inline();
        let path = Vec::new();
        self.open(
            Frame::Inline {
                open: range,
                table,
                path,
            },
            range,
        )
    }

    fn array_open(&mut self, range: Range, _: &mut dyn ErrorSink) -> bool {
        let elements = Vec::new();
        self.open(Frame::Array { open: range, elements }, range)
    }

    fn inline_table_close(&mut self, range: Range, _: &mut dyn ErrorSink) {
        self.close(range);
    }

    fn array_close(&mut self, range: Range, _: &mut dyn ErrorSink) {
        self.close(range);
    }

    fn simple_key(&mut self, range: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let Some(raw) = self.source.get(range) else { return };
        let raw = Raw::new_unchecked(raw.as_str(), encoding, range);
        let mut name = Cow::Borrowed("");
        raw.decode_key(&mut name, error);
        let key = Key {
            name: name.into_owned(),
            span: self.span(range),
        };
        if self.depth() >= MAX_DEPTH {
            self.reading.too_deep.get_or_insert(key.span);
            return;
        }
        match self.stack.last_mut() {
            Some(Frame::Inline { path, .. }) => path.push(key),
            None if !self.in_value => self.reading.path.push(key),
            _ => {}
        }
    }

    fn key_val_sep(&mut self, _: Range, _: &mut dyn ErrorSink) {
        self.in_value = true;
    }

    fn value_sep(&mut self, _: Range, _: &mut dyn ErrorSink) {
        if let Some(Frame::Inline { path, .. }) = self.stack.last_mut() {
            path.clear();
        }
    }

    fn scalar(&mut self, range: Range, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let Some(raw) = self.source.get(range) else { return };
        let raw = Raw::new_unchecked(raw.as_str(), encoding, range);
        let kind = scalar_kind(raw, range, error);
        let span = self.span(range);
        self.place(Slot::value(span, Value::Leaf(kind)));
    }

    // The grammar leaves it to the receiver to look inside comments and line ends.
    fn comment(&mut self, range: Range, error: &mut dyn ErrorSink) {
        if let Some(raw) = self.source.get(range) {
            raw.decode_comment(error);
        }
    }

    fn newline(&mut self, range: Range, error: &mut dyn ErrorSink) {
        if let Some(raw) = self.source.get(range) {
            raw.decode_newline(error);
        }
    }
}

impl Reader<'_, '_> {
    fn close(&mut self, close: Range) {
        let slot = match self.stack.pop() {
            None => return,
            Some(Frame::Array { open, elements }) => Slot::value(self.span(open.append(close)), Value::Array(elements)),
            Some(Frame::Inline { open, table, .. }) => Slot::value(self.span(open.append(close)), Value::Table(table)),
        };
        self.place(slot);
    }
}
