//! What a schema wants and what a file has, in words.

use serde_json::Value;

use super::shape::Shape;
use crate::source::Pointer;
use crate::syntax::{Kind, Node};

/// How many alternatives a sentence lists.
const LISTED: usize = 12;

/// What a shape wants, with its article: "a fraction such as 0.15 or \"15%\"".
pub(super) fn expected(shape: Shape<'_>) -> String {
    if let Some(words) = shape.idea().and_then(idea) {
        return words.to_owned();
    }
    if let Some(values) = choices(shape) {
        return match values.as_slice() {
            [only] => only.clone(),
            _ if values.len() <= LISTED => format!("one of {}", join(&values, "or")),
            _ => "one of a list of words".to_owned(),
        };
    }
    let types: Vec<&str> = match shape.keyword("type") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(name)) => vec![name],
        _ => {
            let mut parts: Vec<String> = Vec::new();
            for branch in shape.branches().into_iter().filter(|branch| !branch.same(shape)) {
                let words = expected(branch);
                if !parts.contains(&words) {
                    parts.push(words);
                }
            }
            return if parts.is_empty() {
                "another value".to_owned()
            } else {
                join(&parts, "or")
            };
        }
    };
    let words: Vec<String> = types.iter().map(|name| type_words(name).to_owned()).collect();
    let example = shape
        .keyword("examples")
        .and_then(|list| list.get(0))
        .and_then(toml_text);
    let mut text = join(&words, "or");
    if types == ["array"]
        && let Some(element) = shape.element()
        && element.keyword("type").and_then(Value::as_str) == Some("string")
    {
        text.push_str(" of strings");
    }
    match example {
        Some(example) => format!("{text} such as {example}"),
        None => text,
    }
}

fn idea(name: &str) -> Option<&'static str> {
    Some(match name {
        "fraction" => "a fraction such as 0.15 or \"15%\"",
        "effect" => "an effect such as { relative = 0.15 } or { absolute = 0.03 }",
        "duration" => "a time span such as \"30m\" or \"28d\"",
        "date" => "a date such as 2026-10-01",
        "amount" => "a number, or text with a unit such as \"3pp\" or \"100ms\"",
        "scalar" => "a string, a number or a boolean",
        "id-kebab" => "an id in kebab-case such as \"grounded-prompt\"",
        "id-snake" => "an id in snake_case such as \"latency_p95\"",
        "looks" => "a number of looks such as 3, or the share of the data at each such as [0.33, 0.67, 1.0]",
        "select" => "\"best-estimate\", or arm ids in order of preference",
        "day-and-units" => "a day and the units reached by then, such as [7, 95000]",
        "sha256" => "a SHA-256 digest in 64 hexadecimal digits",
        "currency" => "an ISO 4217 currency such as \"USD\"",
        "path" => "the dotted name of a place in the spec, such as \"arms.treatment\"",
        _ => return None,
    })
}

fn type_words(name: &str) -> &'static str {
    match name {
        "string" => "a string",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "an array",
        "object" => "a table",
        _ => "another value",
    }
}

/// The values a shape lists, as they are written in TOML.
pub(super) fn choices(shape: Shape<'_>) -> Option<Vec<String>> {
    let listed = match (shape.keyword("enum"), shape.keyword("const")) {
        (Some(Value::Array(values)), _) => values.iter().collect(),
        (_, Some(value)) => vec![value],
        _ => return None,
    };
    Some(listed.into_iter().filter_map(toml_text).collect())
}

/// A JSON value as TOML writes it, on one line.
pub(super) fn toml_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => toml::Value::String(text.clone()).to_string(),
        Value::Number(number) => number.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Array(elements) => {
            let parts: Option<Vec<String>> = elements.iter().map(toml_text).collect();
            format!("[{}]", parts?.join(", "))
        }
        Value::Object(entries) => {
            let parts: Option<Vec<String>> = entries
                .iter()
                .map(|(name, value)| Some(format!("{name} = {}", toml_text(value)?)))
                .collect();
            format!("{{ {} }}", parts?.join(", "))
        }
        Value::Null => return None,
    })
}

/// A plain value of the tree as TOML writes it; `None` for arrays and tables.
pub(super) fn written(node: &Node) -> Option<String> {
    Some(match &node.kind {
        Kind::String(text) => toml::Value::String(text.clone()).to_string(),
        Kind::Integer(n) => n.to_string(),
        Kind::Float(x) => toml::Value::Float(*x).to_string(),
        Kind::HugeInteger(text) | Kind::HugeFloat(text) => text.clone(),
        Kind::Boolean(b) => b.to_string(),
        Kind::Datetime(d) => d.to_string(),
        Kind::Array(_) | Kind::Table(_) => return None,
    })
}

/// A value for a message: as written, cut when long; arrays and tables by their type.
pub(super) fn shown(node: &Node) -> String {
    const LIMIT: usize = 40;
    match written(node) {
        None => node.kind.describe().to_owned(),
        Some(text) if text.chars().count() > LIMIT => {
            let mut cut: String = text.chars().take(LIMIT - 1).collect();
            cut.push('…');
            cut
        }
        Some(text) => text,
    }
}

/// `a, b or c`
pub(super) fn join(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., end] => format!("{} {last} {end}", init.join(", ")),
    }
}

/// What a shape wants without the example: "a fraction".
pub(super) fn expected_short(shape: Shape<'_>) -> String {
    let words = expected(shape);
    match words.split_once(" such as ") {
        Some((short, _)) => short.trim_end_matches(',').to_owned(),
        None => words,
    }
}

/// A table as people refer to it: `[experiment]`, `[[threats]]`, `` `mde` `` for an inline one, "the file" for the root.
pub(super) fn table_name(root: &Node, pointer: &Pointer) -> String {
    let names: Vec<String> = pointer.names().collect();
    let Some(last) = names.last() else {
        return "the file".to_owned();
    };
    let inline = root.lookup(pointer).is_some_and(|node| match node.key_span {
        Some(key) => node.span.start > key.end,
        None => false,
    });
    if inline {
        return format!("`{last}`");
    }
    let in_list = last.parse::<usize>().is_ok() && names.len() > 1;
    let words: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| name.parse::<usize>().is_err())
        .collect();
    if in_list {
        format!("[[{}]]", words.join("."))
    } else {
        format!("[{}]", words.join("."))
    }
}
