//! Single values of any type, for attributes and factor levels, and conditions on them.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::Date;

/// One value of an attribute, a factor or a flag: text, number or boolean.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date.
    Date(Date),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, a boolean or a date")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar::Boolean(value))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar::Integer(number))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Scalar, E> {
                i64::try_from(number)
                    .map(Scalar::Integer)
                    .map_err(|_| E::custom(format!("{number} does not fit 64 bits")))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Scalar, E> {
                Ok(Scalar::Number(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar::Text(text.to_owned()))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Scalar, A::Error> {
                Date::deserialize(de::value::MapAccessDeserializer::new(map)).map(Scalar::Date)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Scalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"], "x-abide-type": "scalar" })
    }
}

/// A list that may be written as its only element: `"win"` means `["win"]`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct OneOrMany<T>(Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    /// The elements.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(elements)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Visitor<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one value or a list of values")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
                one(de::value::BoolDeserializer::new(value))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
                one(de::value::I64Deserializer::new(number))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                one(de::value::U64Deserializer::new(number))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
                one(de::value::F64Deserializer::new(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                one(de::value::StrDeserializer::new(text))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                one(de::value::MapAccessDeserializer::new(map))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = list.next_element()? {
                    elements.push(element);
                }
                Ok(OneOrMany(elements))
            }
        }

        fn one<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<OneOrMany<T>, D::Error> {
            T::deserialize(value).map(|element| OneOrMany(vec![element]))
        }

        deserializer.deserialize_any(Visitor(std::marker::PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let element = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [element, { "type": "array", "items": element }] })
    }
}

/// A condition on one attribute: the value it must have, a list of values it may have, or limits.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Condition {
    /// The attribute is one of these.
    Is(OneOrMany<Scalar>),
    /// The attribute keeps these limits.
    Limits(Limits),
}

/// Limits on one attribute; all that are written must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The attribute is none of these: `{ not = ["test"] }`.
    pub not: Option<OneOrMany<Scalar>>,
    /// The attribute is this or more: `{ at_least = 18 }`.
    pub at_least: Option<Scalar>,
    /// The attribute is this or less: `{ at_most = 65 }`.
    pub at_most: Option<Scalar>,
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A date and a table of limits are both maps to serde; a JSON value tells them apart by their first key.
        let value = serde_json::Value::deserialize(deserializer)?;
        let is_limits = value
            .as_object()
            .is_some_and(|table| table.keys().all(|key| !key.starts_with('$')));
        if is_limits {
            Limits::deserialize(value).map(Self::Limits).map_err(de::Error::custom)
        } else {
            OneOrMany::deserialize(value).map(Self::Is).map_err(de::Error::custom)
        }
    }
}

impl JsonSchema for Condition {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let scalar = generator.subschema_for::<Scalar>();
        let limits = generator.subschema_for::<Limits>();
        json_schema!({ "anyOf": [scalar, { "type": "array", "items": scalar }, limits] })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use indexmap::IndexMap;

    use super::*;

    fn read(text: &str) -> IndexMap<String, Condition> {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn one_value_is_a_list_of_one() {
        let conditions = read("language = \"en\"\nmarket = [\"en\"]");
        assert_eq!(
            conditions["language"],
            Condition::Is(vec![Scalar::Text("en".into())].into())
        );
        assert_eq!(conditions["language"], conditions["market"]);
    }

    #[test]
    fn values_keep_their_type() {
        let conditions = read("age = 18\nscore = 0.5\nmember = true\nsince = 2026-01-01");
        let kinds: Vec<_> = conditions
            .values()
            .map(|condition| match condition {
                Condition::Is(values) => values.as_slice()[0].clone(),
                Condition::Limits(_) => Scalar::Text("limits".into()),
            })
            .collect();
        let date = Scalar::Date(Date::parse("2026-01-01").unwrap());
        assert_eq!(
            kinds,
            [Scalar::Integer(18), Scalar::Number(0.5), Scalar::Boolean(true), date]
        );
    }

    #[test]
    fn limits_are_read_and_unknown_ones_refused() {
        let conditions = read("age = { at_least = 18, not = 42 }");
        let Condition::Limits(limits) = &conditions["age"] else {
            unreachable!("a table is a set of limits")
        };
        assert_eq!(limits.at_least, Some(Scalar::Integer(18)));
        assert!(toml::from_str::<IndexMap<String, Condition>>("age = { above = 18 }").is_err());
    }
}
