//! JSON and TOML: a value is written whole, with its quotes.

use minijinja::value::Value;
use minijinja::{Error, ErrorKind};

fn unwritable(language: &str, reason: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::BadSerialization,
        format!("this value has no written form in {language}: {reason}"),
    )
}

/// One JSON value.
pub(super) fn json(value: &Value) -> Result<String, Error> {
    let tree = serde_json::to_value(value).map_err(|reason| unwritable("JSON", reason))?;
    let is_number = value.is_number();
    if is_number && tree.is_null() {
        return Err(unwritable("JSON", "it is not a finite number"));
    }
    Ok(tree.to_string())
}

/// One TOML value; tables are written inline.
pub(super) fn toml(value: &Value) -> Result<String, Error> {
    toml::Value::try_from(value)
        .map(|tree| tree.to_string())
        .map_err(|reason| unwritable("TOML", reason))
}

/// A JSON string.
pub(super) fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A TOML string.
pub(super) fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HOSTILE: &str = "a\"b\\c\n'''\u{1}{{ 7*7 }}\u{202e}";

    #[test]
    fn text_survives_the_round_trip() {
        let json: String = serde_json::from_str(&json_text(HOSTILE)).unwrap();
        assert_eq!(json, HOSTILE);
        let toml: toml::Table = toml::from_str(&format!("a = {}", toml_text(HOSTILE))).unwrap();
        assert_eq!(toml["a"].as_str(), Some(HOSTILE));
    }

    #[test]
    fn whole_values_are_written() {
        assert_eq!(json(&Value::from(vec![1, 2])).unwrap(), "[1,2]");
        assert_eq!(toml(&Value::from(vec![1, 2])).unwrap(), "[1, 2]");
        assert_eq!(json(&Value::from(0.5)).unwrap(), "0.5");
        assert_eq!(json(&Value::from(())).unwrap(), "null");
    }

    #[test]
    fn what_a_language_cannot_hold_is_an_error() {
        assert!(json(&Value::from(f64::NAN)).is_err());
        assert!(toml(&Value::from(())).is_err());
    }
}
