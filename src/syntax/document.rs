//! Headers, dotted keys and inline tables → one tree, by TOML's rules on what may be defined twice.

use indexmap::map::Entry;

use super::reader::Header;
use super::{Entries, Kind, Node};
use crate::diagnostics::{Diagnostic, Place};
use crate::source::{FileId, Pointer, Span};

/// One name of a dotted key, unescaped, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) span: Span,
}

/// A table under construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TableId(usize);

/// A value under construction, with the key that introduced it.
#[derive(Debug)]
pub(super) struct Slot {
    key: Option<Span>,
    span: Span,
    value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Leaf(Kind),
    /// `[ … ]`
    Array(Vec<Slot>),
    /// `[[ … ]]`
    Elements(Vec<(TableId, Span)>),
    Table(TableId),
}

impl Slot {
    pub(super) fn value(span: Span, value: Value) -> Self {
        Self { key: None, span, value }
    }
}

/// How a table came to be: it decides how it may be added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Written as `[name]` or `[[name]]`, or the root.
    Header,
    /// Named on the way by the header of a table inside it; may still get a header of its own.
    Implied,
    /// Named on the way by a dotted key.
    Dotted,
    /// `{ … }`: closed once written.
    Inline,
}

#[derive(Debug)]
struct Table {
    origin: Origin,
    entries: Entries<Slot>,
}

/// A name that is taken: where it is used again, and what it already is.
#[derive(Debug)]
pub(super) struct Conflict {
    key: Key,
    first: Span,
    what: Taken,
}

#[derive(Debug)]
enum Taken {
    /// The same name is defined twice.
    Defined,
    /// The name is needed as a table and is something else.
    Is(&'static str),
}

/// All tables of one file, inline ones included.
#[derive(Debug)]
pub(super) struct Tables {
    tables: Vec<Table>,
}

impl Tables {
    /// The root table of the file.
    pub(super) const ROOT: TableId = TableId(0);

    pub(super) fn new() -> Self {
        let mut tables = Self { tables: Vec::new() };
        tables.add(Origin::Header);
        tables
    }

    fn add(&mut self, origin: Origin) -> TableId {
        self.tables.push(Table {
            origin,
            entries: Entries::default(),
        });
        TableId(self.tables.len() - 1)
    }

    /// A new inline table, connected to nothing yet.
    pub(super) fn inline(&mut self) -> TableId {
        self.add(Origin::Inline)
    }

    /// A table that will not be part of the tree: for what follows a header that cannot stand.
    pub(super) fn detached(&mut self) -> TableId {
        self.add(Origin::Header)
    }

    // INVARIANT: a `TableId` is only made by `add`, and tables are never removed, so the index is in range.
    fn table(&mut self, id: TableId) -> &mut Table {
        &mut self.tables[id.0]
    }

    pub(super) fn is_empty(&self, id: TableId) -> bool {
        self.tables[id.0].entries.is_empty()
    }

    /// Whether a table has an entry of this name.
    pub(super) fn contains(&self, id: TableId, name: &str) -> bool {
        self.tables[id.0].entries.contains_key(name)
    }

    /// Puts a value at a dotted key below a table.
    pub(super) fn insert(&mut self, table: TableId, path: &[Key], mut slot: Slot) -> Result<(), Conflict> {
        let Some((last, parents)) = path.split_last() else {
            return Ok(());
        };
        let mut current = table;
        for key in parents {
            current = self.dotted(current, key)?;
        }
        slot.key = Some(last.span);
        match self.table(current).entries.entry(last.name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(slot);
                Ok(())
            }
            Entry::Occupied(entry) => Err(Conflict::new(last, entry.get(), Taken::Defined)),
        }
    }

    /// The table that a dotted key names inside `table`: a new one, or one that dotted keys may add to.
    fn dotted(&mut self, table: TableId, key: &Key) -> Result<TableId, Conflict> {
        let fresh = TableId(self.tables.len());
        let found = match self.table(table).entries.entry(key.name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(Slot {
                    key: Some(key.span),
                    span: key.span,
                    value: Value::Table(fresh),
                });
                return Ok(self.add(Origin::Dotted));
            }
            Entry::Occupied(entry) => match &entry.get().value {
                Value::Table(id) => (*id, Conflict::new(key, entry.get(), Taken::Defined)),
                Value::Leaf(kind) => return Err(Conflict::new(key, entry.get(), Taken::Is(kind.describe()))),
                Value::Array(_) | Value::Elements(_) => {
                    return Err(Conflict::new(key, entry.get(), Taken::Is("an array")));
                }
            },
        };
        let (id, conflict) = found;
        match self.table(id).origin {
            Origin::Dotted => Ok(id),
            Origin::Implied => {
                self.table(id).origin = Origin::Dotted;
                Ok(id)
            }
            Origin::Header | Origin::Inline => Err(conflict),
        }
    }

    /// The table that a header opens, with its address.
    pub(super) fn open(&mut self, header: Header, path: &[Key]) -> Result<(TableId, Pointer), Conflict> {
        let Some((last, parents)) = path.split_last() else {
            return Ok((self.detached(), Pointer::root()));
        };
        let whole = path.first().map_or(last.span, |first| Span {
            start: first.span.start,
            ..last.span
        });
        let mut current = Self::ROOT;
        let mut pointer = Pointer::root();
        for key in parents {
            pointer = pointer.join(&key.name);
            current = self.implied(current, key, &mut pointer)?;
        }
        pointer = pointer.join(&last.name);
        match header {
            Header::Table => self.open_table(current, last, whole).map(|id| (id, pointer)),
            Header::Element => self
                .open_element(current, last, whole)
                .map(|(id, position)| (id, pointer.index(position))),
        }
    }

    /// The table that a header passes through on the way to the one it opens.
    fn implied(&mut self, table: TableId, key: &Key, pointer: &mut Pointer) -> Result<TableId, Conflict> {
        let fresh = TableId(self.tables.len());
        let (id, conflict) = match self.table(table).entries.entry(key.name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(Slot {
                    key: Some(key.span),
                    span: key.span,
                    value: Value::Table(fresh),
                });
                return Ok(self.add(Origin::Implied));
            }
            Entry::Occupied(entry) => match &entry.get().value {
                Value::Table(id) => (*id, Conflict::new(key, entry.get(), Taken::Is("an inline table"))),
                Value::Elements(elements) => match elements.last() {
                    Some((id, _)) => {
                        *pointer = pointer.index(elements.len() - 1);
                        return Ok(*id);
                    }
                    None => return Err(Conflict::new(key, entry.get(), Taken::Is("an array"))),
                },
                Value::Leaf(kind) => return Err(Conflict::new(key, entry.get(), Taken::Is(kind.describe()))),
                Value::Array(_) => return Err(Conflict::new(key, entry.get(), Taken::Is("an array"))),
            },
        };
        match self.table(id).origin {
            Origin::Inline => Err(conflict),
            _ => Ok(id),
        }
    }

    fn open_table(&mut self, parent: TableId, key: &Key, whole: Span) -> Result<TableId, Conflict> {
        let fresh = TableId(self.tables.len());
        let slot = Slot {
            key: Some(key.span),
            span: whole,
            value: Value::Table(fresh),
        };
        let (id, conflict) = match self.table(parent).entries.entry(key.name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(slot);
                return Ok(self.add(Origin::Header));
            }
            Entry::Occupied(entry) => match &entry.get().value {
                Value::Table(id) => (*id, Conflict::new(key, entry.get(), Taken::Defined)),
                _ => return Err(Conflict::new(key, entry.get(), Taken::Defined)),
            },
        };
        if self.table(id).origin != Origin::Implied {
            return Err(conflict);
        }
        self.table(id).origin = Origin::Header;
        if let Some(slot) = self.table(parent).entries.get_mut(&key.name) {
            slot.key = Some(key.span);
            slot.span = whole;
        }
        Ok(id)
    }

    fn open_element(&mut self, parent: TableId, key: &Key, whole: Span) -> Result<(TableId, usize), Conflict> {
        let fresh = TableId(self.tables.len());
        let position = match self.table(parent).entries.entry(key.name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(Slot {
                    key: Some(key.span),
                    span: whole,
                    value: Value::Elements(vec![(fresh, whole)]),
                });
                0
            }
            Entry::Occupied(mut entry) => {
                let conflict = Conflict::new(key, entry.get(), Taken::Defined);
                match &mut entry.get_mut().value {
                    Value::Elements(elements) => {
                        elements.push((fresh, whole));
                        elements.len() - 1
                    }
                    _ => return Err(conflict),
                }
            }
        };
        Ok((self.add(Origin::Header), position))
    }

    /// The finished tree. Depth is bounded by the depth of headers, keys and values, each at most `MAX_DEPTH`.
    pub(super) fn finish(mut self, file: FileId) -> Node {
        Node {
            span: Span::new(file, 0..0),
            key_span: None,
            kind: self.build_table(Self::ROOT),
        }
    }

    fn build_table(&mut self, id: TableId) -> Kind {
        let entries = std::mem::take(&mut self.table(id).entries);
        Kind::Table(
            entries
                .into_iter()
                .map(|(name, slot)| (name, self.build(slot)))
                .collect(),
        )
    }

    fn build(&mut self, slot: Slot) -> Node {
        let kind = match slot.value {
            Value::Leaf(kind) => kind,
            Value::Array(elements) => Kind::Array(elements.into_iter().map(|element| self.build(element)).collect()),
            Value::Table(id) => self.build_table(id),
            Value::Elements(elements) => Kind::Array(
                elements
                    .into_iter()
                    .map(|(id, span)| Node {
                        span,
                        key_span: None,
                        kind: self.build_table(id),
                    })
                    .collect(),
            ),
        };
        Node {
            span: slot.span,
            key_span: slot.key,
            kind,
        }
    }
}

impl Conflict {
    fn new(key: &Key, first: &Slot, what: Taken) -> Self {
        Self {
            key: key.clone(),
            first: first.key.unwrap_or(first.span),
            what,
        }
    }

    /// What to say about it, at the address of the statement that it is in.
    pub(super) fn diagnostic(&self, pointer: &Pointer) -> Diagnostic {
        let Self { key, first, what } = self;
        let place = Place::new(key.span, pointer.clone());
        let other = Place::new(*first, pointer.clone());
        let name = &key.name;
        match what {
            Taken::Defined => Diagnostic::error("duplicate-key", place, format!("`{name}` is defined twice"))
                .with_label("defined again here")
                .with_other(other, "first defined here")
                .with_help("keep one of the two: TOML allows each key and each table once"),
            Taken::Is(kind) => Diagnostic::error(
                "duplicate-key",
                place,
                format!("`{name}` is already {kind}, so nothing can be added inside it"),
            )
            .with_label("used as a table here")
            .with_other(other, format!("{kind} here"))
            .with_help(format!(
                "write everything about `{name}` in one place, or rename one of the two"
            )),
        }
    }
}
