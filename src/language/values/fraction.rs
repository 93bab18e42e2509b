//! Fractions: `0.15` and `"15%"` mean the same.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::decimal::{DecimalVisitor, percent};

/// What a percent string looks like.
pub(super) const PERCENT_PATTERN: &str = r"^-?[0-9]+(\.[0-9]+)? ?%$";

/// A fraction, written as a number (`0.15`) or a percentage (`"15%"`).
///
/// Percentages are read by shifting the decimal point, so both spellings give the same float to the last bit.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Fraction(f64);

impl Fraction {
    /// The fraction of a float.
    pub const fn new(value: f64) -> Self {
        Self(value)
    }

    /// The value, `0.15` for `"15%"`.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Reads a percent string; the error says what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        percent(text).map(|decimal| Self(decimal.to_f64()))
    }
}

impl From<Fraction> for f64 {
    fn from(fraction: Fraction) -> Self {
        fraction.0
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(DecimalVisitor)
            .map(|decimal| Self(decimal.to_f64()))
    }
}

impl JsonSchema for Fraction {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Fraction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "pattern": PERCENT_PATTERN, "x-abide-type": "fraction" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn percentages_are_the_nearest_float_of_the_decimal() {
        for (text, value) in [
            ("15%", 0.15),
            ("0.1%", 0.001),
            ("0.3%", 0.003),
            ("7 %", 0.07),
            ("100%", 1.0),
            ("-5%", -0.05),
            ("2.9%", 0.029),
        ] {
            assert_eq!(
                Fraction::parse(text).unwrap().get().to_bits(),
                f64::to_bits(value),
                "{text}"
            );
        }
    }

    #[test]
    fn both_spellings_read_the_same() {
        let read = |json: &str| serde_json::from_str::<Fraction>(json).unwrap();
        assert_eq!(read("0.15"), read("\"15%\""));
        assert_eq!(read("1"), read("\"100%\""));
    }

    #[test]
    fn other_texts_say_what_to_write() {
        let error = Fraction::parse("3pp").unwrap_err();
        assert!(error.contains("percentage points"), "{error}");
        for text in ["", "%", "15", "fifteen", "15%%", "1,5%", "1e1%"] {
            assert!(Fraction::parse(text).is_err(), "{text:?}");
        }
    }
}
