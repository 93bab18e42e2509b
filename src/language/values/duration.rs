//! Time spans: one number and one unit, `"28d"`.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Decimal;

/// What a time span looks like.
const PATTERN: &str = r"^[0-9]+(\.[0-9]+)?(ms|s|m|h|d|w)$";

/// The units of time spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// `ms`
    Milliseconds,
    /// `s`
    Seconds,
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`: 24 hours
    Days,
    /// `w`: seven days
    Weeks,
}

impl TimeUnit {
    /// The suffix of a span in this unit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Minutes => "m",
            Self::Hours => "h",
            Self::Days => "d",
            Self::Weeks => "w",
        }
    }

    /// The unit of a suffix.
    pub fn parse(suffix: &str) -> Option<Self> {
        [
            Self::Milliseconds,
            Self::Seconds,
            Self::Minutes,
            Self::Hours,
            Self::Days,
            Self::Weeks,
        ]
        .into_iter()
        .find(|unit| unit.as_str() == suffix)
    }

    /// The unit that the values of a metric are in, as people write it: `s`, `sec`, `seconds`; `None` where it is no time.
    pub fn of_values(unit: &str) -> Option<Self> {
        Some(match unit.trim().to_ascii_lowercase().as_str() {
            "ms" | "msec" | "millisecond" | "milliseconds" => Self::Milliseconds,
            "s" | "sec" | "secs" | "second" | "seconds" => Self::Seconds,
            "m" | "min" | "mins" | "minute" | "minutes" => Self::Minutes,
            "h" | "hr" | "hrs" | "hour" | "hours" => Self::Hours,
            "d" | "day" | "days" => Self::Days,
            "w" | "week" | "weeks" => Self::Weeks,
            _ => return None,
        })
    }

    /// A number of this unit as a number of another, rounded once more where the other is larger.
    pub(super) fn convert(self, number: Decimal, other: Self) -> f64 {
        number.times(self.milliseconds()).map_or(f64::NAN, Decimal::to_f64) / f64::from(other.milliseconds())
    }

    /// A number of this unit in seconds, rounded once; `nan` beyond 38 digits.
    pub(super) fn to_seconds(self, number: Decimal) -> f64 {
        number
            .times(self.milliseconds())
            .map_or(f64::NAN, |ms| ms.shift(-3).to_f64())
    }

    /// The unit in milliseconds.
    fn milliseconds(self) -> u32 {
        match self {
            Self::Milliseconds => 1,
            Self::Seconds => 1_000,
            Self::Minutes => 60_000,
            Self::Hours => 3_600_000,
            Self::Days => 86_400_000,
            Self::Weeks => 604_800_000,
        }
    }
}

/// A time span such as `"30m"`, `"2h"`, `"28d"` or `"4w"`, kept as written.
#[derive(Debug, Clone, Copy)]
pub struct Duration {
    number: Decimal,
    unit: TimeUnit,
}

impl Duration {
    /// A span of whole days.
    pub fn from_days(days: u32) -> Self {
        Self {
            number: Decimal::new(i128::from(days), 0),
            unit: TimeUnit::Days,
        }
    }

    /// Reads a span; the error says what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        split(text)
            .and_then(|(number, unit)| {
                Some(Self {
                    number,
                    unit: TimeUnit::parse(unit)?,
                })
            })
            .filter(|span| !span.number.is_negative() && span.milliseconds().is_some())
            .ok_or_else(|| {
                format!(
                    "{text:?} is not a time span; write one number and one unit of ms, s, m, h, d, w, such as \"28d\""
                )
            })
    }

    /// The length in seconds.
    pub fn seconds(self) -> f64 {
        self.unit.to_seconds(self.number)
    }

    /// The length in days of 24 hours; `"36h"` is 1.5.
    pub fn days(self) -> f64 {
        self.seconds() / 86_400.0
    }

    /// The length in milliseconds, exactly.
    /// INVARIANT: `Some` for every span that `parse` accepted.
    fn milliseconds(self) -> Option<Decimal> {
        self.number.times(self.unit.milliseconds())
    }
}

/// A text cut between its number and its unit.
pub(super) fn split(text: &str) -> Option<(Decimal, &str)> {
    let cut = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))?;
    let (number, unit) = text.split_at(cut);
    Some((Decimal::parse(number)?, unit))
}

impl PartialEq for Duration {
    /// Spans are equal when they last equally long: `"4w"` is `"28d"`.
    fn eq(&self, other: &Self) -> bool {
        self.milliseconds() == other.milliseconds()
    }
}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        if self == other {
            Some(std::cmp::Ordering::Equal)
        } else {
            self.seconds().partial_cmp(&other.seconds())
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.unit.as_str())
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Duration;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time span such as \"28d\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
                Duration::parse(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Duration {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": PATTERN, "x-abide-type": "duration" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn spans_are_read_in_their_unit() {
        for (text, seconds) in [
            ("250ms", 0.25),
            ("0.4s", 0.4),
            ("30m", 1_800.0),
            ("2h", 7_200.0),
            ("28d", 2_419_200.0),
            ("4w", 2_419_200.0),
        ] {
            let span = Duration::parse(text).unwrap();
            assert_eq!(span.seconds().to_bits(), f64::to_bits(seconds), "{text}");
            assert_eq!(span.to_string(), text);
        }
        assert_eq!(Duration::parse("4w").unwrap().days().to_bits(), f64::to_bits(28.0));
    }

    #[test]
    fn spans_compare_by_length() {
        let span = |text: &str| Duration::parse(text).unwrap();
        assert_eq!(span("4w"), span("28d"));
        assert!(span("36h") < span("2d"));
    }

    #[test]
    fn a_number_without_unit_or_two_units_are_refused() {
        for text in ["", "28", "d", "1d12h", "28 days", "-1d", "1y", "28D", "1e3s"] {
            assert!(Duration::parse(text).unwrap_err().contains("\"28d\""), "{text:?}");
        }
    }
}
