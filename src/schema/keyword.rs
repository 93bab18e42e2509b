//! Keywords that are checked differently than JSON Schema does: `type` knows TOML's types, `pattern` is compiled when it
//! is first needed, and `x-abide-type`, `x-abide-keys` check dates, ids and percentages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::paths::Location;
use jsonschema::{Draft, Keyword, ValidationError, ValidationOptions};
use regex_lite::Regex;
use serde_json::{Map, Value};

use crate::syntax::{DATETIME_TAG, NUMBER_TAG};

type Built<'a> = Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>>;

/// The patterns of a schema, each compiled when the first text meets it: most runs need one or two of dozens.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns(Arc<Mutex<HashMap<String, Arc<Pattern>>>>);

impl Patterns {
    pub(super) fn get(&self, text: &str) -> Arc<Pattern> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pattern) = known.get(text) {
            return Arc::clone(pattern);
        }
        let pattern = Arc::new(Pattern::new(text));
        known.insert(text.to_owned(), Arc::clone(&pattern));
        pattern
    }

    /// The first pattern that is no regular expression.
    pub(super) fn broken(&self) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut broken: Vec<&String> = known
            .iter()
            .filter(|(_, pattern)| pattern.compiled().is_none())
            .map(|(text, _)| text)
            .collect();
        broken.sort();
        broken.first().map(|text| (*text).clone())
    }
}

/// The options every schema is compiled with.
pub(super) fn options(patterns: Patterns) -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(false)
        .with_keyword(
            "type",
            |_: &Map<String, Value>, value: &Value, _: Location| -> Built<'_> {
                Ok(Box::new(Check(Types::new(value))))
            },
        )
        .with_keyword(
            "pattern",
            move |_: &Map<String, Value>, value: &Value, _: Location| -> Built<'_> {
                Ok(Box::new(Check(patterns.get(value.as_str().unwrap_or_default()))))
            },
        )
        .with_keyword(
            "x-abide-type",
            |parent: &Map<String, Value>, value: &Value, _: Location| -> Built<'_> {
                Ok(Box::new(Check(Idea::new(value.as_str(), || Bounds::of(parent)))))
            },
        )
        .with_keyword(
            "x-abide-keys",
            |_: &Map<String, Value>, value: &Value, _: Location| -> Built<'_> {
                Ok(Box::new(Check(Keys(Case::of(value.as_str())))))
            },
        )
}

/// A check of one value that needs no more than yes or no: the words come from the translation.
pub(super) trait Holds: Send + Sync {
    fn holds(&self, instance: &Value) -> bool;
}

struct Check<T>(T);

impl<'i, T: Holds> Keyword<'i> for Check<T> {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.0.holds(instance) {
            Ok(())
        } else {
            Err(ValidationError::custom(""))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.0.holds(instance)
    }
}

/// Whether a JSON value stands for a TOML value that JSON does not have.
fn is_tagged(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|object| object.contains_key(DATETIME_TAG) || object.contains_key(NUMBER_TAG))
}

/// `type`, with TOML's types: dates and numbers that JSON cannot hold have none, `1.0` is no integer.
struct Types(Value);

impl Types {
    fn new(value: &Value) -> Self {
        Self(value.clone())
    }

    /// Whether a value has the type, or one of the types, that a `type` keyword names.
    fn allow(keyword: &Value, instance: &Value) -> bool {
        match keyword {
            Value::Array(names) => names.iter().any(|name| Self::allow(name, instance)),
            name => match (name.as_str().unwrap_or_default(), instance) {
                ("object", Value::Object(_)) => !is_tagged(instance),
                ("integer", Value::Number(number)) => !number.is_f64(),
                ("number", Value::Number(_))
                | ("array", Value::Array(_))
                | ("string", Value::String(_))
                | ("boolean", Value::Bool(_))
                | ("null", Value::Null) => true,
                _ => false,
            },
        }
    }
}

impl Holds for Types {
    fn holds(&self, instance: &Value) -> bool {
        Self::allow(&self.0, instance)
    }
}

/// A regular expression, compiled at first use.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    fn compiled(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }
}

impl Pattern {
    /// Whether a text matches; a pattern that is no regular expression has no say.
    pub(super) fn fits(&self, text: &str) -> bool {
        self.compiled().is_none_or(|pattern| pattern.is_match(text))
    }
}

impl Holds for Arc<Pattern> {
    fn holds(&self, instance: &Value) -> bool {
        instance.as_str().is_none_or(|text| self.fits(text))
    }
}

/// How an id is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// `snake_case`
    Snake,
    /// `kebab-case`
    Kebab,
    /// No rule.
    Any,
}

impl Case {
    pub(super) fn of(name: Option<&str>) -> Self {
        match name {
            Some("id-snake") => Self::Snake,
            Some("id-kebab") => Self::Kebab,
            _ => Self::Any,
        }
    }

    fn separator(self) -> char {
        if self == Self::Kebab { '-' } else { '_' }
    }

    /// The name of the spelling.
    pub(super) fn style(self) -> &'static str {
        match self {
            Self::Snake => "snake_case",
            Self::Kebab => "kebab-case",
            Self::Any => "any case",
        }
    }

    /// Lower-case letters, digits and single separators, a letter first.
    pub(super) fn fits(self, text: &str) -> bool {
        let separator = self.separator();
        self == Self::Any
            || (text.starts_with(|c: char| c.is_ascii_lowercase())
                && text
                    .split(separator)
                    .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())))
    }

    /// The nearest text that fits; `None` when nothing is left of it.
    pub(super) fn respell(self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut last_lower = false;
        for c in text.chars() {
            if c.is_ascii_alphanumeric() {
                if c.is_ascii_uppercase() && last_lower {
                    out.push(self.separator());
                }
                last_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
                out.push(c.to_ascii_lowercase());
            } else {
                last_lower = false;
                if !out.is_empty() && !out.ends_with(self.separator()) {
                    out.push(self.separator());
                }
            }
        }
        let out = out.trim_end_matches(self.separator()).to_owned();
        (out != text && self.fits(&out)).then_some(out)
    }
}

/// What `x-abide-type` checks beyond `type`, `pattern` and the bounds.
pub(super) enum Idea {
    /// A date without a time.
    Date,
    /// A percentage in quotes keeps the bounds of its number.
    Percentage {
        bounds: Bounds,
    },
    Id(Case),
    /// Nothing: the name only selects words.
    Words,
}

impl Idea {
    /// `bounds` are those of the schema that the name stands in.
    pub(super) fn new(name: Option<&str>, bounds: impl FnOnce() -> Bounds) -> Self {
        match name {
            Some("date") => Self::Date,
            Some("fraction") => Self::Percentage { bounds: bounds() },
            name => match Case::of(name) {
                Case::Any => Self::Words,
                case => Self::Id(case),
            },
        }
    }
}

impl Holds for Idea {
    fn holds(&self, instance: &Value) -> bool {
        match self {
            Self::Date => instance
                .get(DATETIME_TAG)
                .and_then(Value::as_str)
                .is_some_and(|text| text.len() == "2026-10-01".len() && text.contains('-')),
            Self::Percentage { bounds } => instance
                .as_str()
                .and_then(percent)
                .is_none_or(|fraction| bounds.broken_by(fraction).is_none()),
            Self::Id(case) => instance.as_str().is_none_or(|text| case.fits(text)),
            Self::Words => true,
        }
    }
}

/// `"15%"` as 0.15, for comparison with a bound; `None` for other text.
pub(super) fn percent(text: &str) -> Option<f64> {
    let number: f64 = text.trim_end().strip_suffix('%')?.trim_end().parse().ok()?;
    Some(number / 100.0)
}

/// The bounds beside a type.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    minimum: Option<f64>,
    exclusive_minimum: Option<f64>,
    maximum: Option<f64>,
    exclusive_maximum: Option<f64>,
}

impl Bounds {
    pub(super) fn of(schema: &Map<String, Value>) -> Self {
        Self::looked_up(|name| schema.get(name).and_then(Value::as_f64))
    }

    /// From what looks up the numbers of a schema.
    pub(super) fn looked_up(get: impl Fn(&str) -> Option<f64>) -> Self {
        Self {
            minimum: get("minimum"),
            exclusive_minimum: get("exclusiveMinimum"),
            maximum: get("maximum"),
            exclusive_maximum: get("exclusiveMaximum"),
        }
    }

    /// The bound that a number breaks, in words: "at least 0".
    pub(super) fn broken_by(self, x: f64) -> Option<String> {
        let breaks = |bound: Option<f64>, broken: fn(f64, f64) -> bool| bound.filter(|bound| broken(x, *bound));
        breaks(self.minimum, |x, bound| x < bound)
            .map(|bound| format!("at least {bound}"))
            .or_else(|| breaks(self.exclusive_minimum, |x, bound| x <= bound).map(|bound| format!("above {bound}")))
            .or_else(|| breaks(self.maximum, |x, bound| x > bound).map(|bound| format!("at most {bound}")))
            .or_else(|| breaks(self.exclusive_maximum, |x, bound| x >= bound).map(|bound| format!("below {bound}")))
    }

    /// All bounds in words: "above 0 and at most 1"; `None` without any.
    pub(super) fn words(self) -> Option<String> {
        let low = self
            .minimum
            .map(|bound| format!("at least {bound}"))
            .or_else(|| self.exclusive_minimum.map(|bound| format!("above {bound}")));
        let high = self
            .maximum
            .map(|bound| format!("at most {bound}"))
            .or_else(|| self.exclusive_maximum.map(|bound| format!("below {bound}")));
        match (low, high) {
            (Some(low), Some(high)) => Some(format!("{low} and {high}")),
            (low, high) => low.or(high),
        }
    }
}

/// `x-abide-keys`: how the names of a table are spelled.
struct Keys(Case);

impl Holds for Keys {
    fn holds(&self, instance: &Value) -> bool {
        is_tagged(instance)
            || instance
                .as_object()
                .is_none_or(|object| object.keys().all(|name| self.0.fits(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_recognised_and_respelled() {
        assert!(Case::Snake.fits("latency_p95") && Case::Kebab.fits("search-answers-1"));
        for bad in ["", "Latency", "a-b", "_a", "a__b", "a_", "1a", "é"] {
            assert!(!Case::Snake.fits(bad), "{bad}");
        }
        assert_eq!(Case::Snake.respell("latency-p95").as_deref(), Some("latency_p95"));
        assert_eq!(Case::Snake.respell("LatencyP95").as_deref(), Some("latency_p95"));
        assert_eq!(
            Case::Kebab.respell("Search answers!").as_deref(),
            Some("search-answers")
        );
        assert_eq!(Case::Snake.respell("日本"), None);
        assert_eq!(Case::Snake.respell("ok"), None);
    }

    #[test]
    fn percentages_keep_bounds() {
        assert_eq!(percent("15%"), Some(0.15));
        assert_eq!(percent("-5 %"), Some(-0.05));
        assert_eq!(percent("15"), None);
        let bounds = Bounds {
            exclusive_minimum: Some(0.0),
            maximum: Some(1.0),
            ..Bounds::default()
        };
        assert_eq!(bounds.broken_by(0.0).as_deref(), Some("above 0"));
        assert_eq!(bounds.broken_by(1.5).as_deref(), Some("at most 1"));
        assert_eq!(bounds.broken_by(1.0), None);
        assert_eq!(bounds.words().as_deref(), Some("above 0 and at most 1"));
    }
}
