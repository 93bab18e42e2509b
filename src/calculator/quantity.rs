//! Numbers that are not fractions: sizes, standard deviations, absolute differences.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

/// A number in the unit of the metric; a difference of proportions may be written in percentage points, `"3pp"`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Quantity(f64);

impl Quantity {
    /// The quantity of a float.
    pub const fn new(value: f64) -> Self {
        Self(value)
    }

    /// The value, `0.03` for `"3pp"`.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuantityVisitor)
    }
}

struct QuantityVisitor;

impl de::Visitor<'_> for QuantityVisitor {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number such as 0.03, or percentage points such as \"3pp\"")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Quantity, E> {
        Ok(Quantity(number as f64))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Quantity, E> {
        Ok(Quantity(number as f64))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Quantity, E> {
        Ok(Quantity(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
        let points = text.strip_suffix("pp").map(str::trim_end);
        // The exponent moves the decimal point, so that "0.3pp" is the float 0.003 to the last bit.
        let number = points
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-'))
            .and_then(|digits| format!("{digits}e-2").parse().ok());
        match number {
            Some(number) => Ok(Quantity(number)),
            None if text.ends_with('%') => Err(E::custom(format!(
                "{text:?} is a share of something; write a number, or percentage points such as \"3pp\""
            ))),
            None => Err(E::custom(format!("{text:?} is not a number"))),
        }
    }
}

impl JsonSchema for Quantity {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)? ?pp$" })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn points_are_the_nearest_float_of_the_decimal() {
        for (text, value) in [
            ("\"3pp\"", 0.03),
            ("\"0.3 pp\"", 0.003),
            ("\"-1pp\"", -0.01),
            ("12", 12.0),
        ] {
            assert_eq!(
                serde_json::from_str::<Quantity>(text).unwrap().get().to_bits(),
                f64::to_bits(value)
            );
        }
        for text in ["\"3%\"", "\"three\"", "\"pp\"", "true", "null"] {
            assert!(serde_json::from_str::<Quantity>(text).is_err(), "{text}");
        }
    }
}
