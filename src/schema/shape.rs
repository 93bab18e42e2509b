//! Finding one's way in a schema: what describes the value at an address, which keys a table may have, where else a key
//! would belong.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::source::Pointer;

/// How many tables deep a key is looked for elsewhere.
const MAX_DEPTH: usize = 6;

/// A schema with its references followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'s> {
    root: &'s Value,
    schema: &'s Value,
}

impl<'s> Shape<'s> {
    /// The schema of a whole document.
    pub(super) fn root(root: &'s Value) -> Self {
        Self { root, schema: root }.resolved()
    }

    /// A subschema of a document's schema, as given.
    pub(super) fn at(root: &'s Value, pointer: &str) -> Option<Self> {
        root.pointer(pointer).map(|schema| Self { root, schema }.resolved())
    }

    pub(super) fn keyword(self, name: &str) -> Option<&'s Value> {
        self.schema.get(name)
    }

    pub(super) fn map(self) -> Option<&'s Map<String, Value>> {
        self.schema.as_object()
    }

    pub(super) fn same(self, other: Self) -> bool {
        std::ptr::eq(self.schema, other.schema)
    }

    /// The idea named in `x-abide-type`.
    pub(super) fn idea(self) -> Option<&'s str> {
        self.keyword("x-abide-type")?.as_str()
    }

    /// Whether a table of this shape cannot do without `key`.
    pub(super) fn requires(self, key: &str) -> bool {
        let required = |shape: Self| {
            let names = shape.keyword("required").and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|name| name.as_str() == Some(key)))
        };
        required(self) || self.branches().into_iter().any(required)
    }

    /// The schema of the whole document.
    pub(super) fn document(self) -> Self {
        Self::root(self.root)
    }

    fn with(self, schema: &'s Value) -> Self {
        Self { schema, ..self }.resolved()
    }

    /// Follows `$ref` when there is nothing else to see here.
    fn resolved(self) -> Self {
        let mut current = self;
        for _ in 0..16 {
            let Some(pointer) = current.schema.get("$ref").and_then(Value::as_str) else {
                break;
            };
            let Some(target) = pointer.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) else {
                break;
            };
            current.schema = target;
        }
        current
    }

    /// The branches of a union; the shape itself when it is none.
    pub(super) fn branches(self) -> Vec<Self> {
        let union = ["anyOf", "oneOf"]
            .iter()
            .find_map(|name| self.keyword(name)?.as_array());
        match union {
            Some(branches) => branches.iter().map(|branch| self.with(branch)).collect(),
            None => vec![self],
        }
    }

    /// Named entries with their shapes, those of union branches included.
    pub(super) fn properties(self) -> Vec<(&'s str, Self)> {
        let mut found: Vec<(&'s str, Self)> = Vec::new();
        for shape in std::iter::once(self).chain(self.branches()) {
            for (name, schema) in shape
                .keyword("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                if !found.iter().any(|(known, _)| known == name) {
                    found.push((name, self.with(schema)));
                }
            }
        }
        found
    }

    /// The shape of a table's entry, named or free.
    fn entry(self, name: &str) -> Option<Self> {
        for shape in std::iter::once(self).chain(self.branches()) {
            if let Some(schema) = shape.keyword("properties").and_then(|properties| properties.get(name)) {
                return Some(self.with(schema));
            }
        }
        std::iter::once(self).chain(self.branches()).find_map(Self::any_entry)
    }

    /// The shape of an entry with a name that people choose.
    pub(super) fn any_entry(self) -> Option<Self> {
        let schema = self.keyword("additionalProperties")?;
        schema.is_object().then(|| self.with(schema))
    }

    /// The shape of an array's elements.
    pub(super) fn element(self) -> Option<Self> {
        std::iter::once(self)
            .chain(self.branches())
            .find_map(|shape| shape.keyword("items"))
            .map(|schema| self.with(schema))
    }

    /// The shape at an address of the document.
    pub(super) fn follow(self, pointer: &Pointer) -> Option<Self> {
        pointer.names().try_fold(self, |shape, name| {
            shape
                .entry(&name)
                .or_else(|| shape.element().filter(|_| name.parse::<usize>().is_ok()))
        })
    }

    /// For every key, the tables that have it, as people write them (`statistics.srm`, `metrics.<id>`): those nearest to
    /// the root.
    pub(super) fn homes(self) -> Homes {
        let mut homes = Homes::default();
        let mut level: Vec<(String, Self, Vec<*const Value>)> = vec![(String::new(), self, Vec::new())];
        for depth in 0..MAX_DEPTH {
            let mut next = Vec::new();
            for (path, shape, mut seen) in level {
                seen.push(std::ptr::from_ref(shape.schema));
                let join = |name: &str| {
                    if path.is_empty() {
                        name.to_owned()
                    } else {
                        format!("{path}.{name}")
                    }
                };
                let properties = shape.properties();
                for (name, _) in &properties {
                    homes.add(name, depth, &path);
                }
                let named = properties.into_iter().map(|(name, shape)| (join(name), shape));
                let free = shape.any_entry().map(|shape| (join("<id>"), shape));
                for (path, shape) in named.chain(free) {
                    let shape = shape.element().unwrap_or(shape);
                    if !seen.contains(&std::ptr::from_ref(shape.schema)) && shape.map().is_some_and(is_table) {
                        next.push((path, shape, seen.clone()));
                    }
                }
            }
            level = next;
        }
        homes
    }
}

/// Where each key belongs.
#[derive(Debug, Default)]
pub(super) struct Homes(HashMap<String, (usize, Vec<String>)>);

impl Homes {
    fn add(&mut self, key: &str, depth: usize, path: &str) {
        let (nearest, paths) = self.0.entry(key.to_owned()).or_insert_with(|| (depth, Vec::new()));
        if *nearest == depth {
            paths.push(path.to_owned());
        }
    }

    /// The tables that have a key, nearest to the root; `""` is the root itself.
    pub(super) fn of(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], |(_, paths)| paths)
    }
}

fn is_table(schema: &Map<String, Value>) -> bool {
    ["properties", "additionalProperties", "anyOf", "oneOf"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
}
