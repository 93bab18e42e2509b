//! SQL, Python, calendars and plain text.

use std::fmt::Write as _;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::visible;

/// A SQL text in single quotes. A backslash or a control character is refused: dialects read them differently.
pub(super) fn sql_text(text: &str) -> Result<String, Error> {
    if text.chars().any(|c| c == '\\' || c.is_control()) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "a text with a backslash or a control character has no form that every SQL dialect reads alike; write it with `|comment`",
        ));
    }
    Ok(format!("'{}'", text.replace('\'', "''")))
}

/// One SQL value: a text, a number, a truth value or NULL.
pub(super) fn sql(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::String => sql_text(value.as_str().unwrap_or_default()),
        ValueKind::Number => number(value, "SQL"),
        ValueKind::Bool => Ok((if value.is_true() { "TRUE" } else { "FALSE" }).to_owned()),
        ValueKind::None => Ok("NULL".to_owned()),
        ValueKind::Undefined => Ok(String::new()),
        _ => Err(super::no_form(
            "a list or a table",
            super::OutputLanguage::Sql,
            "write its items in a `{% for %}`",
        )),
    }
}

/// One Python value; lists and tables too.
pub(super) fn python(value: &Value) -> Result<String, Error> {
    if value.kind() == ValueKind::Undefined {
        return Ok(String::new());
    }
    if value.is_number() {
        return number(value, "Python");
    }
    let tree = serde_json::to_value(value).map_err(|reason| {
        Error::new(
            ErrorKind::BadSerialization,
            format!("this value has no written form in Python: {reason}"),
        )
    })?;
    Ok(python_tree(&tree))
}

fn python_tree(tree: &serde_json::Value) -> String {
    match tree {
        serde_json::Value::Null => "None".to_owned(),
        serde_json::Value::Bool(true) => "True".to_owned(),
        serde_json::Value::Bool(false) => "False".to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::String(text) => python_text(text),
        serde_json::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(python_tree).collect();
            format!("[{}]", items.join(", "))
        }
        serde_json::Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| format!("{}: {}", python_text(name), python_tree(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A Python text in double quotes: what is not seen, or reorders what is seen, is written as its number.
pub(super) fn python_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || visible::is_invisible(c) => {
                let _ = write!(out, "\\U{:08x}", u32::from(c)); // writing to a string cannot fail
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text of a calendar (RFC 5545, 3.3.11), with what is not seen made visible.
pub(super) fn calendar_text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c if visible::is_invisible(c) => out.push_str(&visible::name(c)),
            c => out.push(c),
        }
    }
    out
}

/// A text on one line, with what is not seen made visible: for comments and for plain text.
pub(in crate::emit) fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    visible::show(&line)
}

fn number(value: &Value, language: &str) -> Result<String, Error> {
    let text = value.to_string();
    let finite = f64::try_from(value.clone()).is_ok_and(f64::is_finite);
    if finite {
        Ok(text)
    } else {
        Err(Error::new(
            ErrorKind::BadSerialization,
            format!("this value has no written form in {language}: it is not a finite number"),
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_text_stays_a_text() {
        assert_eq!(sql_text("it's -- x").unwrap(), "'it''s -- x'");
        assert!(sql_text("a\\").is_err());
        assert!(sql_text("a\nb").is_err());
        assert_eq!(python_text("a\"\\\n\u{202e}é"), "\"a\\\"\\\\\\n\\U0000202eé\"");
        assert_eq!(calendar_text("a;b,c\\d\ne"), "a\\;b\\,c\\\\d\\ne");
        assert_eq!(calendar_text("a\u{202e}b"), "a⟨U+202E⟩b");
        assert_eq!(one_line("a\nb\u{202e}"), "a b⟨U+202E⟩");
    }

    #[test]
    fn values_have_the_form_of_their_language() {
        assert_eq!(sql(&Value::from(())).unwrap(), "NULL");
        assert_eq!(sql(&Value::from(true)).unwrap(), "TRUE");
        assert_eq!(sql(&Value::from(0.5)).unwrap(), "0.5");
        assert!(sql(&Value::from(vec![1])).is_err());
        assert!(sql(&Value::from(f64::INFINITY)).is_err());
        let list = Value::from(vec![Value::from(true), Value::from(()), Value::from("x")]);
        assert_eq!(python(&list).unwrap(), "[True, None, \"x\"]");
    }
}
