//! Absolute amounts: a number, percentage points, or a time.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::duration::split;
use super::{Decimal, TimeUnit};

/// What the texts of amounts look like.
pub(super) const PATTERN: &str = r"^[0-9]+(\.[0-9]+)?(pp|ms|s|m|h|d|w)$";

/// The unit that an amount was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AmountUnit {
    /// A bare number, in the unit of the metric.
    Plain,
    /// `pp`: hundredths of a proportion.
    PercentagePoints,
    /// A time, for metrics in seconds and other times.
    Time(TimeUnit),
}

/// An absolute amount: `0.03`, `"3pp"` or `"100ms"`, kept as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    number: Decimal,
    unit: AmountUnit,
}

impl Amount {
    /// A bare number in the unit of the metric.
    pub fn plain(number: Decimal) -> Self {
        Self {
            number,
            unit: AmountUnit::Plain,
        }
    }

    /// Reads `"3pp"` or `"100ms"`; the error says what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some((number, suffix)) = split(text) {
            if suffix == "pp" {
                return Ok(Self {
                    number,
                    unit: AmountUnit::PercentagePoints,
                });
            }
            if let Some(unit) = TimeUnit::parse(suffix) {
                return Ok(Self {
                    number,
                    unit: AmountUnit::Time(unit),
                });
            }
            if suffix.trim_start() == "%" {
                return Err(format!(
                    "{text:?} can be read two ways: write \"{number}pp\" for a difference of {number} percentage points, or \
                     relative = \"{number}%\" for a share of the baseline"
                ));
            }
        }
        Err(format!(
            "{text:?} is not an amount; write a number in the metric's unit, percentage points such as \"3pp\", or a time such as \"100ms\""
        ))
    }

    /// The unit it was written in.
    pub fn unit(self) -> AmountUnit {
        self.unit
    }

    /// The number as written: `3` for `"3pp"`.
    pub fn number(self) -> Decimal {
        self.number
    }

    /// A time as the number that it is in the unit of a metric's values: `"30s"` is 0.5 in minutes. Other amounts stay.
    #[must_use]
    pub fn among_values_in(self, values: TimeUnit) -> Self {
        match self.unit {
            AmountUnit::Time(unit) => Decimal::from_f64(unit.convert(self.number, values)).map_or(self, Self::plain),
            AmountUnit::Plain | AmountUnit::PercentagePoints => self,
        }
    }

    /// The value in base units: plain numbers as they are, percentage points as a fraction (`"3pp"` is 0.03), times in
    /// seconds (`"100ms"` is 0.1).
    pub fn value(self) -> f64 {
        match self.unit {
            AmountUnit::Plain => self.number.to_f64(),
            AmountUnit::PercentagePoints => self.number.shift(-2).to_f64(),
            AmountUnit::Time(unit) => unit.to_seconds(self.number),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = match self.unit {
            AmountUnit::Plain => "",
            AmountUnit::PercentagePoints => "pp",
            AmountUnit::Time(unit) => unit.as_str(),
        };
        write!(f, "{}{suffix}", self.number)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.unit {
            AmountUnit::Plain => self.number.serialize(serializer),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Amount;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or a text such as \"3pp\" or \"100ms\"")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Amount, E> {
                Ok(Amount::plain(Decimal::new(i128::from(number), 0)))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Amount, E> {
                Ok(Amount::plain(Decimal::new(i128::from(number), 0)))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Amount, E> {
                Decimal::from_f64(number)
                    .map(Amount::plain)
                    .ok_or_else(|| E::custom(format!("{number} is not a finite number")))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
                Amount::parse(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Amount {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "pattern": PATTERN, "x-abide-type": "amount" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn amounts_are_read_in_base_units() {
        for (text, value) in [
            ("3pp", 0.03),
            ("0.3pp", 0.003),
            ("100ms", 0.1),
            ("0.4s", 0.4),
            ("2h", 7_200.0),
        ] {
            let amount = Amount::parse(text).unwrap();
            assert_eq!(amount.value().to_bits(), f64::to_bits(value), "{text}");
            assert_eq!(amount.to_string(), text);
        }
    }

    #[test]
    fn a_percentage_shows_both_readings() {
        let error = Amount::parse("3%").unwrap_err();
        assert!(
            error.contains("\"3pp\"") && error.contains("relative = \"3%\""),
            "{error}"
        );
    }

    #[test]
    fn other_units_are_refused() {
        for text in ["", "3", "2USD", "pp", "3 pp", "5km"] {
            assert!(Amount::parse(text).is_err(), "{text:?}");
        }
    }
}
