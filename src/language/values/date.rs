//! Calendar dates, written as TOML dates.

use std::borrow::Cow;
use std::fmt;

use jiff::civil;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use toml::value::Datetime;

/// The key under which serde carries a TOML date through formats that have none (a convention of the `toml` crate).
const TOML_DATE_KEY: &str = "$__toml_private_datetime";

/// A day of the calendar, `2026-10-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

impl Date {
    /// The day of a calendar date.
    pub const fn new(date: civil::Date) -> Self {
        Self(date)
    }

    /// The calendar date.
    pub const fn get(self) -> civil::Date {
        self.0
    }

    /// Days from this day to `later`; negative when `later` is earlier.
    pub fn days_until(self, later: Self) -> i64 {
        // Two dates are at most 20,000 years apart, so the span never overflows and always balances to days.
        self.0.until(later.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// The day `days` later (earlier when negative); `None` outside years −9999 to 9999.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        self.0.checked_add(span).ok().map(Self)
    }

    /// Reads the text of a day, `2026-10-01`.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<Datetime>()
            .ok()
            .and_then(|datetime| Self::try_from(datetime).ok())
    }
}

impl TryFrom<Datetime> for Date {
    type Error = String;

    /// A TOML date without a time, of a day that exists.
    fn try_from(datetime: Datetime) -> Result<Self, String> {
        let (Some(date), None) = (datetime.date, datetime.time) else {
            return Err(format!(
                "`{datetime}` has a time; write the day alone, such as 2026-10-01"
            ));
        };
        let year = i16::try_from(date.year).map_err(|_| format!("`{datetime}` is not a day of the calendar"))?;
        civil::Date::new(year, date.month.cast_signed(), date.day.cast_signed())
            .map(Self)
            .map_err(|_| format!("`{datetime}` is not a day of the calendar"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Date;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as 2026-10-01, without quotes")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Date, A::Error> {
                match map.next_key::<String>()? {
                    Some(key) if key == TOML_DATE_KEY => {
                        let text = map.next_value::<String>()?;
                        let datetime = text.parse::<Datetime>().map_err(de::Error::custom)?;
                        Date::try_from(datetime).map_err(de::Error::custom)
                    }
                    _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
                }
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
                Err(match Date::parse(text) {
                    Some(date) => E::custom(format!("a date in quotes is text; write {date} without quotes")),
                    None => E::invalid_type(de::Unexpected::Str(text), &self),
                })
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "x-abide-type": "date" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Table {
        from: Date,
    }

    #[test]
    fn a_toml_date_is_read_directly_and_through_json() {
        let table: Table = toml::from_str("from = 2026-10-01").unwrap();
        assert_eq!(table.from.to_string(), "2026-10-01");
        let json = serde_json::json!({ "from": { "$__toml_private_datetime": "2026-10-01" } });
        assert_eq!(serde_json::from_value::<Table>(json).unwrap().from, table.from);
    }

    #[test]
    fn quotes_times_and_numbers_are_refused_with_a_reason() {
        let error = |text: &str| toml::from_str::<Table>(text).unwrap_err().to_string();
        assert!(error("from = \"2026-10-01\"").contains("write 2026-10-01 without quotes"));
        assert!(error("from = 2026-10-01T08:00:00").contains("has a time"));
        assert!(error("from = 20261001").contains("without quotes"));
        assert!(error("from = { year = 2026 }").contains("without quotes"));
    }

    #[test]
    fn days_are_counted_across_months_and_years() {
        let day = |text: &str| Date::parse(text).unwrap();
        assert_eq!(day("2026-12-19").days_until(day("2027-01-03")), 15);
        assert_eq!(day("2028-03-01").days_until(day("2028-02-01")), -29);
        assert_eq!(day("2026-12-31").plus_days(1), Some(day("2027-01-01")));
        assert_eq!(day("2026-10-01").plus_days(i64::MAX), None);
        assert_eq!(Date::parse("2026-02-30"), None);
    }
}
