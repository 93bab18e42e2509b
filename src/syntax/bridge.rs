//! The value tree as JSON, without losing TOML's types.
//!
//! JSON has no dates and no `nan`. They cross as objects with one reserved key, so that nothing can pass as something
//! else: a date never looks like a string, `1e400` never like a number.

use serde_json::{Map, Number, Value};

use super::{Kind, Node};

/// The key of a date: `{"$__toml_private_datetime": "2026-10-01"}`. It is the key that `toml`'s own `Datetime` reads, so
/// a serde type with a `Datetime` field takes its value through JSON too.
pub const DATETIME_TAG: &str = "$__toml_private_datetime";

/// The key of a number that JSON cannot hold: `{"$toml": "float", "text": "nan"}` or `{"$toml": "integer", …}`.
pub const NUMBER_TAG: &str = "$toml";

/// The key of such a number's text, as written.
pub const NUMBER_TEXT: &str = "text";

impl Node {
    /// The value as JSON; tables keep their order. Integers and finite floats are numbers, dates and all other numbers
    /// are tagged objects (see [`DATETIME_TAG`] and [`NUMBER_TAG`]).
    pub fn to_json(&self) -> Value {
        match &self.kind {
            Kind::String(text) => Value::String(text.clone()),
            Kind::Integer(n) => Value::Number((*n).into()),
            Kind::Float(x) => match Number::from_f64(*x) {
                Some(number) => Value::Number(number),
                None => odd_number("float", &special_float(*x)),
            },
            Kind::HugeInteger(text) => odd_number("integer", text),
            Kind::HugeFloat(text) => odd_number("float", text),
            Kind::Boolean(b) => Value::Bool(*b),
            Kind::Datetime(d) => single(DATETIME_TAG, d.to_string()),
            Kind::Array(elements) => Value::Array(elements.iter().map(Self::to_json).collect()),
            Kind::Table(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(name, node)| (name.clone(), node.to_json()))
                    .collect(),
            ),
        }
    }
}

/// How TOML writes the floats that are not finite.
pub(super) fn special_float(x: f64) -> String {
    if x.is_nan() { "nan".to_owned() } else { x.to_string() }
}

fn odd_number(kind: &str, text: &str) -> Value {
    let mut object = Map::with_capacity(2);
    object.insert(NUMBER_TAG.to_owned(), kind.into());
    object.insert(NUMBER_TEXT.to_owned(), text.into());
    Value::Object(object)
}

fn single(key: &str, text: String) -> Value {
    let mut object = Map::with_capacity(1);
    object.insert(key.to_owned(), text.into());
    Value::Object(object)
}
