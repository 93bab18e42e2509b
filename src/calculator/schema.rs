//! The schema of requests and answers, and what it says about each field: the help of the command line comes from here.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::answer::Sizing;
use super::kind::Kind;
use super::request::Request;

/// How a field is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// A number, a percentage, or percentage points.
    Number,
    /// A whole number.
    Whole,
    /// One of these words.
    Word(Vec<String>),
}

/// A field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its key.
    pub name: String,
    /// What it means.
    pub description: String,
    /// How it is written.
    pub written: FieldType,
}

/// The fields of a kind in the order of the help, without `kind` itself.
pub fn fields_of(kind: Kind) -> Vec<Field> {
    let properties = properties();
    let names = kind.fields().into_iter().filter(|name| *name != "kind");
    names.filter_map(|name| field(name, properties)).collect()
}

/// The fields of all kinds, without `kind` itself.
pub fn all_fields() -> Vec<Field> {
    let properties = properties();
    let names = properties.keys().filter(|name| *name != "kind");
    names.filter_map(|name| field(name, properties)).collect()
}

fn field(name: &str, properties: &Map<String, Value>) -> Option<Field> {
    let schema = properties.get(name)?;
    Some(Field {
        name: name.to_owned(),
        description: schema
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        written: written(schema),
    })
}

/// The names of all fields.
pub(super) fn names() -> &'static BTreeSet<&'static str> {
    static NAMES: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| Kind::ALL.iter().flat_map(|kind| kind.fields()).collect())
}

fn properties() -> &'static Map<String, Value> {
    static PROPERTIES: OnceLock<Map<String, Value>> = OnceLock::new();
    PROPERTIES.get_or_init(|| {
        let mut schema = generated::<Request>();
        match schema.get_mut("properties").map(Value::take) {
            Some(Value::Object(properties)) => properties,
            _ => Map::new(),
        }
    })
}

fn generated<T: schemars::JsonSchema>() -> Value {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

fn written(schema: &Value) -> FieldType {
    let words = words(schema);
    if !words.is_empty() {
        return FieldType::Word(words);
    }
    let whole = match &schema["type"] {
        Value::String(name) => name == "integer",
        Value::Array(names) => names.iter().any(|name| name == "integer"),
        _ => false,
    };
    if whole { FieldType::Whole } else { FieldType::Number }
}

/// The words of a closed list, however deep the alternatives are nested.
fn words(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(word) = schema.get("const").and_then(Value::as_str) {
        found.push(word.to_owned());
    }
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    found.extend(listed.filter_map(Value::as_str).map(str::to_owned));
    for key in ["anyOf", "oneOf"] {
        let inner = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        found.extend(inner.flat_map(words));
    }
    found
}

/// The schema of an answer, whose request takes only the fields of its kind.
pub fn schema() -> Value {
    let mut value = generated::<Sizing>();
    let rules: Vec<Value> = Kind::ALL
        .iter()
        .map(|kind| {
            json!({
                "if": { "properties": { "kind": { "const": kind.as_str() } } },
                "then": { "propertyNames": { "enum": kind.fields() } },
            })
        })
        .collect();
    if let Some(Value::Object(request)) = value.pointer_mut("/$defs/Request") {
        request.insert("allOf".to_owned(), Value::Array(rules));
    }
    value
}
