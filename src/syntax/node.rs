//! The value tree: TOML's own types, each value with its span, each table entry with the span of its key.

use indexmap::IndexMap;
use toml::value::Datetime;

use crate::source::{Pointer, Span};

/// Entries by name, in the order written. Hashed without a seed: whoever writes a spec only slows down their own run, and
/// the same file costs the same each time.
pub type Entries<T = Node> = IndexMap<String, T, foldhash::fast::FixedState>;

/// A value and where it was written.
///
/// Trees of several files can be merged: each node keeps the span, and with it the file, that it came from. That is how
/// every resolved value knows its file and line (see `resolve`).
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value itself. For `[table]` headers the header line's name; for values built from dotted keys the key.
    pub span: Span,
    /// The key that introduced the value; `None` for the root and for array elements.
    pub key_span: Option<Span>,
    /// What it is.
    pub kind: Kind,
}

/// TOML's types, kept apart where JSON would blur them.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A string, unescaped.
    String(String),
    /// An integer that fits 64 bits.
    Integer(i64),
    /// An integer that does not fit 64 bits, as written.
    HugeInteger(String),
    /// A finite float, `nan`, `inf` or `-inf` as written.
    Float(f64),
    /// A float too large for 64 bits, as written (`1e400`).
    HugeFloat(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time or both: never a string.
    Datetime(Datetime),
    /// `[ … ]` or `[[ … ]]`.
    Array(Vec<Node>),
    /// `{ … }`, `[ … ]` headers or the root, in the order written.
    Table(Entries),
}

impl Kind {
    /// What messages call a value of this type, with its article.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer(_) | Self::HugeInteger(_) => "an integer",
            Self::Float(_) | Self::HugeFloat(_) => "a number",
            Self::Boolean(_) => "a boolean",
            Self::Datetime(d) => match (d.date, d.time) {
                (Some(_), Some(_)) => "a date and time",
                (None, Some(_)) => "a time",
                _ => "a date",
            },
            Self::Array(_) => "an array",
            Self::Table(_) => "a table",
        }
    }
}

impl Node {
    /// The entries, when this is a table.
    pub fn as_table(&self) -> Option<&Entries> {
        match &self.kind {
            Kind::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The elements, when this is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The text, when this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, when this is an integer or a float.
    pub fn as_f64(&self) -> Option<f64> {
        match self.kind {
            Kind::Integer(n) => Some(n as f64),
            Kind::Float(x) => Some(x),
            _ => None,
        }
    }

    /// The entry of a table by name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.as_table()?.get(name)
    }

    /// The value at an address below this one.
    pub fn lookup(&self, pointer: &Pointer) -> Option<&Node> {
        pointer.names().try_fold(self, |node, name| match &node.kind {
            Kind::Table(entries) => entries.get(&name),
            Kind::Array(elements) => elements.get(name.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The span that stands for the whole entry in a message: its key where it has one, else the value.
    pub fn entry_span(&self) -> Span {
        self.key_span.unwrap_or(self.span)
    }
}
