//! A quick yes: whether a tree conforms, read straight from the schema, without compiling it.
//!
//! Most files are valid, and `jsonschema` spends more time on compiling a schema than on checking a file. This check knows
//! the keywords our schemas use. It never has the last word on a fault: what it does not pass goes to the compiled schema.
//! A test holds both to the same verdict on thousands of documents.

use serde_json::Value;

use super::keyword::{Bounds, Case, Holds, Idea, Patterns};
use super::lean::{Fields, Lean};
use crate::syntax::{Entries, Kind, Node};

pub(super) struct Quick<'s> {
    root: &'s Lean<'s>,
    patterns: &'s Patterns,
}

/// What is checked: a value of the tree, or the name of an entry.
#[derive(Clone, Copy)]
enum Seen<'t> {
    Value(&'t Node),
    Name(&'t str),
}

impl<'t> Seen<'t> {
    /// As the compiled schema sees it. Costs copies, so only what is small or rare is turned into JSON.
    fn json(self) -> Value {
        match self {
            Self::Value(node) => node.to_json(),
            Self::Name(name) => Value::String(name.to_owned()),
        }
    }

    fn text(self) -> Option<&'t str> {
        match self {
            Self::Value(node) => node.as_str(),
            Self::Name(name) => Some(name),
        }
    }

    fn number(self) -> Option<f64> {
        match self {
            Self::Value(node) => node.as_f64().filter(|x| x.is_finite()),
            Self::Name(_) => None,
        }
    }

    fn elements(self) -> Option<&'t [Node]> {
        match self {
            Self::Value(node) => node.as_array(),
            Self::Name(_) => None,
        }
    }

    fn entries(self) -> Option<&'t Entries> {
        match self {
            Self::Value(node) => node.as_table(),
            Self::Name(_) => None,
        }
    }

    /// Whether JSON takes it for a table although TOML does not: dates, and numbers that JSON cannot hold.
    fn is_tagged(self) -> bool {
        let Self::Value(node) = self else { return false };
        match &node.kind {
            Kind::Datetime(_) | Kind::HugeInteger(_) | Kind::HugeFloat(_) => true,
            Kind::Float(x) => !x.is_finite(),
            _ => false,
        }
    }

    /// Whether it has the type, or one of the types, that a `type` keyword names.
    fn has_type(self, keyword: &Lean<'_>) -> bool {
        let name = match keyword {
            Lean::List(names) => return names.iter().any(|name| self.has_type(name)),
            name => name.as_str().unwrap_or_default(),
        };
        match self {
            Self::Name(_) => name == "string",
            Self::Value(node) => match &node.kind {
                Kind::Table(_) => name == "object",
                Kind::Array(_) => name == "array",
                Kind::String(_) => name == "string",
                Kind::Boolean(_) => name == "boolean",
                Kind::Integer(_) => name == "integer" || name == "number",
                Kind::Float(x) => name == "number" && x.is_finite(),
                _ => false,
            },
        }
    }
}

impl<'s> Quick<'s> {
    pub(super) fn new(root: &'s Lean<'s>, patterns: &'s Patterns) -> Self {
        Self { root, patterns }
    }

    /// Whether a tree conforms; `None` when a keyword is met that is not known here.
    pub(super) fn conforms(&self, tree: &Node) -> Option<bool> {
        self.check(self.root, Seen::Value(tree))
    }

    fn check(&self, schema: &Lean<'_>, seen: Seen<'_>) -> Option<bool> {
        let map = match schema {
            Lean::Bool(allowed) => return Some(*allowed),
            Lean::Table(map) => map,
            _ => return None,
        };
        for (keyword, value) in map.iter() {
            if !self.keyword(map, keyword, value, seen)? {
                return Some(false);
            }
        }
        Some(true)
    }

    fn keyword(&self, schema: &Fields<'_>, keyword: &str, value: &Lean<'_>, seen: Seen<'_>) -> Option<bool> {
        let about_tables = matches!(
            keyword,
            "properties" | "additionalProperties" | "propertyNames" | "required" | "minProperties" | "maxProperties"
        );
        if about_tables && seen.is_tagged() {
            // A tagged value is no table, whatever JSON takes it for; `type` has the say about it.
            return schema.contains("type").then_some(true);
        }
        Some(match keyword {
            "description" | "examples" | "$schema" | "$id" | "$defs" => true,
            "$ref" => {
                let target = self.root.pointer(value.as_str()?.strip_prefix('#')?)?;
                return self.check(target, seen);
            }
            "type" => seen.has_type(value),
            "enum" => match seen.text() {
                Some(text) => value.as_list()?.iter().any(|one| one.as_str() == Some(text)),
                None => value.as_list()?.contains(&Lean::from(&seen.json())),
            },
            "const" => *value == Lean::from(&seen.json()),
            // The spelling of an id says more than its pattern, and costs less.
            "pattern" if Case::of(schema.get("x-abide-type").and_then(Lean::as_str)) != Case::Any => true,
            "pattern" => seen
                .text()
                .is_none_or(|text| self.patterns.get(value.as_str().unwrap_or_default()).fits(text)),
            "x-abide-type" => match Idea::new(value.as_str(), || {
                Bounds::looked_up(|name| schema.get(name).and_then(Lean::as_f64))
            }) {
                Idea::Words => true,
                idea => idea.holds(&seen.json()),
            },
            "x-abide-keys" => {
                let case = Case::of(value.as_str());
                seen.entries()
                    .is_none_or(|entries| entries.keys().all(|name| case.fits(name)))
            }
            _ if keyword.starts_with("x-") => true,
            "properties" => return self.properties(value.as_table()?, seen),
            "additionalProperties" => return self.additional(schema, value, seen),
            "propertyNames" => return self.names(value, seen),
            "required" => seen.entries().is_none_or(|entries| {
                value
                    .as_list()
                    .into_iter()
                    .flatten()
                    .filter_map(Lean::as_str)
                    .all(|name| entries.contains_key(name))
            }),
            "items" => {
                let elements = seen.elements().into_iter().flatten();
                return self.every(elements.map(|element| (value, Seen::Value(element))));
            }
            "prefixItems" => {
                let elements = seen.elements().into_iter().flatten().map(Seen::Value);
                return self.every(value.as_list()?.iter().zip(elements));
            }
            "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" => seen.number().is_none_or(|x| {
                Bounds::looked_up(|name| schema.get(name).and_then(Lean::as_f64))
                    .broken_by(x)
                    .is_none()
            }),
            "minItems" => at_least(seen.elements().map(<[Node]>::len), value),
            "maxItems" => at_most(seen.elements().map(<[Node]>::len), value),
            "minProperties" => at_least(seen.entries().map(Entries::len), value),
            "maxProperties" => at_most(seen.entries().map(Entries::len), value),
            "minLength" => at_least(seen.text().map(|text| text.chars().count()), value),
            "maxLength" => at_most(seen.text().map(|text| text.chars().count()), value),
            "allOf" => return self.every(value.as_list()?.iter().map(|schema| (schema, seen))),
            "anyOf" => return Some(self.matching(value.as_list()?, seen)? >= 1),
            "oneOf" => return Some(self.matching(value.as_list()?, seen)? == 1),
            "not" => return Some(!self.check(value, seen)?),
            _ => return None,
        })
    }

    fn every<'a>(&self, mut pairs: impl Iterator<Item = (&'a Lean<'a>, Seen<'a>)>) -> Option<bool> {
        pairs
            .try_fold(true, |_, (schema, seen)| match self.check(schema, seen) {
                Some(true) => Ok(true),
                other => Err(other),
            })
            .map_or_else(|verdict| verdict, Some)
    }

    fn properties(&self, properties: &Fields<'_>, seen: Seen<'_>) -> Option<bool> {
        let entries = seen.entries().into_iter().flatten();
        self.every(entries.filter_map(|(name, entry)| Some((properties.get(name)?, Seen::Value(entry)))))
    }

    fn names(&self, schema: &Lean<'_>, seen: Seen<'_>) -> Option<bool> {
        let names = seen.entries().into_iter().flatten().map(|(name, _)| Seen::Name(name));
        self.every(names.map(|name| (schema, name)))
    }

    fn additional(&self, schema: &Fields<'_>, value: &Lean<'_>, seen: Seen<'_>) -> Option<bool> {
        if schema.contains("patternProperties") {
            return None;
        }
        let known = schema.get("properties").and_then(Lean::as_table);
        let entries = seen.entries().into_iter().flatten();
        let others = entries.filter(|(name, _)| known.is_none_or(|known| !known.contains(name)));
        self.every(others.map(|(_, entry)| (value, Seen::Value(entry))))
    }

    fn matching(&self, branches: &[Lean<'_>], seen: Seen<'_>) -> Option<usize> {
        let mut count = 0;
        for branch in branches {
            count += usize::from(self.check(branch, seen)?);
        }
        Some(count)
    }
}

/// Whether a length, where there is one, reaches a bound.
fn at_least(length: Option<usize>, bound: &Lean<'_>) -> bool {
    length.is_none_or(|length| bound.as_u64().is_some_and(|bound| length as u64 >= bound))
}

/// Whether a length, where there is one, stays within a bound.
fn at_most(length: Option<usize>, bound: &Lean<'_>) -> bool {
    length.is_none_or(|length| bound.as_u64().is_some_and(|bound| length as u64 <= bound))
}
