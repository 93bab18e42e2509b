//! JSON values as YAML in block style.
//!
//! Every text is in double quotes, so no text is taken for a number, a truth value, a comment or structure.

use std::fmt::Write as _;

use serde_json::Value;

/// A document.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    node(value, 0, &mut out);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// A value that begins at the end of `out`, its lines indented by `depth` steps.
fn node(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (position, (name, value)) in entries.iter().enumerate() {
                if position > 0 {
                    out.push_str(&indent);
                }
                let _ = write!(out, "{}:", key(name)); // writing to a string cannot fail
                under(value, depth, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push_str(&indent);
                }
                out.push_str("- ");
                node(item, depth + 1, out);
                if !out.ends_with('\n') {
                    out.push('\n');
                }
            }
        }
        Value::String(text) => out.push_str(&quoted(text)),
        other => out.push_str(&other.to_string()),
    }
}

/// A value after its key.
fn under(value: &Value, depth: usize, out: &mut String) {
    let compound = match value {
        Value::Object(entries) => !entries.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if compound {
        out.push('\n');
        out.push_str(&"  ".repeat(depth + 1));
        node(value, depth + 1, out);
    } else {
        out.push(' ');
        node(value, depth, out);
        out.push('\n');
    }
}

/// Names that no YAML version takes for anything else stand as they are.
fn key(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !["y", "n", "yes", "no", "true", "false", "on", "off", "null"].contains(&name.to_ascii_lowercase().as_str());
    if plain { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || crate::emit::escape::is_invisible(c) => {
                let _ = write!(out, "\\U{:08x}", u32::from(c)); // writing to a string cannot fail
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn structure_is_indented_and_texts_are_quoted() {
        let value = json!({
            "groups": [{ "name": "a: #b", "rules": [{ "expr": "x > 1.1", "labels": {}, "no": true }, [1, 2]] }],
            "empty": [],
        });
        let expected = "groups:\n  - name: \"a: #b\"\n    rules:\n      - expr: \"x > 1.1\"\n        labels: {}\n        \"no\": true\n      - - 1\n        - 2\nempty: []\n";
        assert_eq!(write(&value), expected);
    }

    #[test]
    fn what_is_not_seen_is_written_as_its_number() {
        assert_eq!(quoted("a\u{7f}\"\n\u{202e}"), "\"a\\U0000007f\\\"\\n\\U0000202e\"");
    }
}
