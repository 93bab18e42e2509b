//! A quick yes: whether a tree conforms, read straight from the schema, without compiling it.
//!
//! Most files are valid, and `jsonschema` spends more time on compiling a schema than on checking a file. This check knows
//! the keywords our schemas use. It never has the last word on a fault: what it does not pass goes to the compiled schema.
//! A test holds both to the same verdict on thousands of documents.

use serde_json::{Map, Value};

use super::keyword::{Bounds, Case, Holds, Idea, Keys, Patterns, Types, is_tagged};

pub(super) struct Quick<'s> {
    root: &'s Value,
    patterns: &'s Patterns,
}

impl<'s> Quick<'s> {
    pub(super) fn new(root: &'s Value, patterns: &'s Patterns) -> Self {
        Self { root, patterns }
    }

    /// Whether a document conforms; `None` when a keyword is met that is not known here.
    pub(super) fn conforms(&self, json: &Value) -> Option<bool> {
        self.check(self.root, json)
    }

    fn check(&self, schema: &Value, json: &Value) -> Option<bool> {
        let map = match schema {
            Value::Bool(allowed) => return Some(*allowed),
            Value::Object(map) => map,
            _ => return None,
        };
        for (keyword, value) in map {
            if !self.keyword(map, keyword, value, json)? {
                return Some(false);
            }
        }
        Some(true)
    }

    fn keyword(&self, schema: &Map<String, Value>, keyword: &str, value: &Value, json: &Value) -> Option<bool> {
        Some(match keyword {
            "description" | "examples" | "$schema" | "$id" | "$defs" => true,
            "$ref" => {
                let target = self.root.pointer(value.as_str()?.strip_prefix('#')?)?;
                return self.check(target, json);
            }
            "type" => Types::allow(value, json),
            "enum" => value.as_array()?.contains(json),
            "const" => value == json,
            "pattern" => json
                .is_string()
                .then(|| self.patterns.get(value.as_str().unwrap_or_default()))
                .is_none_or(|p| p.holds(json)),
            "x-abide-type" => Idea::new(value, schema).holds(json),
            "x-abide-keys" => Keys(Case::of(value.as_str())).holds(json),
            _ if keyword.starts_with("x-") => true,
            "properties" => return self.properties(value.as_object()?, json),
            "additionalProperties" => return self.additional(schema, value, json),
            "propertyNames" => return self.names(value, json),
            "required" => json.as_object().is_none_or(|object| {
                value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .all(|name| object.contains_key(name))
            }),
            "items" => return self.every(json.as_array().into_iter().flatten().map(|element| (value, element))),
            "prefixItems" => {
                let schemas = value.as_array()?;
                return self.every(schemas.iter().zip(json.as_array().into_iter().flatten()));
            }
            "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" => {
                json.as_f64().is_none_or(|x| Bounds::of(schema).broken_by(x).is_none())
            }
            "minItems" => json
                .as_array()
                .is_none_or(|elements| value.as_u64().is_some_and(|n| elements.len() as u64 >= n)),
            "maxItems" => json
                .as_array()
                .is_none_or(|elements| value.as_u64().is_some_and(|n| elements.len() as u64 <= n)),
            "minProperties" => json
                .as_object()
                .is_none_or(|object| value.as_u64().is_some_and(|n| object.len() as u64 >= n)),
            "maxProperties" => json
                .as_object()
                .is_none_or(|object| value.as_u64().is_some_and(|n| object.len() as u64 <= n)),
            "minLength" => json
                .as_str()
                .is_none_or(|text| value.as_u64().is_some_and(|n| text.chars().count() as u64 >= n)),
            "maxLength" => json
                .as_str()
                .is_none_or(|text| value.as_u64().is_some_and(|n| text.chars().count() as u64 <= n)),
            "allOf" => return self.every(value.as_array()?.iter().map(|schema| (schema, json))),
            "anyOf" => return Some(self.matching(value.as_array()?, json)? >= 1),
            "oneOf" => return Some(self.matching(value.as_array()?, json)? == 1),
            "not" => return Some(!self.check(value, json)?),
            _ => return None,
        })
    }

    fn every<'a>(&self, mut pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
        pairs
            .try_fold(true, |_, (schema, json)| match self.check(schema, json) {
                Some(true) => Ok(true),
                other => Err(other),
            })
            .map_or_else(|verdict| verdict, Some)
    }

    fn properties(&self, properties: &Map<String, Value>, json: &Value) -> Option<bool> {
        let entries = json.as_object().into_iter().flatten();
        self.every(entries.filter_map(|(name, entry)| Some((properties.get(name)?, entry))))
    }

    fn names(&self, schema: &Value, json: &Value) -> Option<bool> {
        for name in json.as_object().into_iter().flatten().map(|(name, _)| name) {
            if !self.check(schema, &Value::String(name.clone()))? {
                return Some(false);
            }
        }
        Some(true)
    }

    fn additional(&self, schema: &Map<String, Value>, value: &Value, json: &Value) -> Option<bool> {
        if schema.contains_key("patternProperties") {
            return None;
        }
        // A tagged value is no table, whatever JSON takes it for; `type` has the say about it.
        if is_tagged(json) && !schema.contains_key("type") {
            return None;
        }
        let known = schema.get("properties").and_then(Value::as_object);
        let entries = json.as_object().into_iter().flatten();
        let others = entries.filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
        self.every(others.map(|(_, entry)| (value, entry)))
    }

    fn matching(&self, branches: &[Value], json: &Value) -> Option<usize> {
        let mut count = 0;
        for branch in branches {
            count += usize::from(self.check(branch, json)?);
        }
        Some(count)
    }
}
