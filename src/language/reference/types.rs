//! How the reference spells types, ranges and Markdown.

use serde_json::Value;

/// The type of a field, for the type column. `link` gives the link to a table.
pub(super) fn type_of(schema: &Value, link: &dyn Fn(&str) -> String) -> String {
    let text = |keyword: &str| schema[keyword].as_str();
    if let Some(table) = text("$ref").and_then(definition) {
        return link(table);
    }
    if let Some(target) = text("x-abide-ref") {
        return format!("{} id", target.replace('-', " "));
    }
    // The limit of the number of looks is no limit of their shares.
    let range = if text("x-abide-type") == Some("looks") {
        String::new()
    } else {
        range(schema)
    };
    let named = match text("x-abide-type") {
        Some("id-kebab" | "id-snake") => Some("id"),
        Some("duration") => Some("time span"),
        Some("scalar") => Some("value"),
        Some("number-or-percent") => Some("number or percentage"),
        Some("sha256") => Some("SHA-256"),
        Some("currency") => Some("currency code"),
        Some("day-and-units") => Some("pair of day and units"),
        Some("looks") => Some("integer or list of fractions"),
        Some("select") => Some("`best-estimate` or list of arm ids"),
        other => other,
    };
    if let Some(name) = named {
        return name.to_owned() + &range;
    }
    if is_condition(schema) {
        return "condition".to_owned();
    }
    if let Some(branches) = schema["anyOf"].as_array() {
        // One value or a list of such values: the list alone says both.
        let element = branches.first().map(|branch| type_of(branch, link)).unwrap_or_default();
        return format!("{element} or list of {element}s");
    }
    if let Some(words) = schema["enum"].as_array() {
        return if words.iter().all(Value::is_string) {
            "word".to_owned()
        } else {
            alternatives(words)
        };
    }
    match text("type") {
        Some("array") => format!("list of {}", plural(&type_of(&schema["items"], link))),
        Some("object") if schema["additionalProperties"].is_object() => {
            format!(
                "table of {} by name",
                plural(&type_of(&schema["additionalProperties"], link))
            )
        }
        Some("object") => "table".to_owned(),
        Some("string") => "text".to_owned(),
        Some(name) => name.to_owned() + &range,
        None => "anything".to_owned(),
    }
}

/// The definition that a reference points to.
pub(super) fn definition(path: &str) -> Option<&str> {
    path.strip_prefix("#/$defs/")
}

/// Whether a schema is that of a condition on an attribute.
pub(super) fn is_condition(schema: &Value) -> bool {
    schema["anyOf"].as_array().is_some_and(|branches| branches.len() == 3)
}

/// The words that a field takes with their meanings, whether it takes one or a list of them.
pub(super) fn words(schema: &Value) -> Option<(&Value, &Value)> {
    let is_list = schema["items"].is_object();
    let choice = match schema["anyOf"].as_array().and_then(|branches| branches.first()) {
        Some(first) => first,
        None if is_list => &schema["items"],
        None if schema["additionalProperties"].is_object() => return words(&schema["additionalProperties"]),
        None => schema,
    };
    let meanings = &choice["x-taplo"]["docs"]["enumValues"];
    meanings.is_array().then_some((&choice["enum"], meanings))
}

/// The numbers that a type takes, as an interval.
fn range(schema: &Value) -> String {
    let lower = interval_end(schema, "minimum", "exclusiveMinimum", '[', '(');
    let upper = interval_end(schema, "maximum", "exclusiveMaximum", ']', ')');
    match (lower, upper) {
        (Some((open, low)), Some((close, high))) => format!(" {open}{low}, {high}{close}"),
        (Some(('[', low)), None) => format!(" ≥ {low}"),
        (Some((_, low)), None) => format!(" > {low}"),
        (None, Some((']', high))) => format!(" ≤ {high}"),
        (None, Some((_, high))) => format!(" < {high}"),
        (None, None) => String::new(),
    }
}

/// One end of an interval: its bracket and its number.
fn interval_end<'s>(
    schema: &'s Value,
    inclusive: &str,
    exclusive: &str,
    closed: char,
    open: char,
) -> Option<(char, &'s Value)> {
    match (schema.get(exclusive), schema.get(inclusive)) {
        (Some(number), _) => Some((open, number)),
        (None, Some(number)) => Some((closed, number)),
        (None, None) => None,
    }
}

/// `1 or 2`.
fn alternatives(values: &[Value]) -> String {
    values
        .iter()
        .map(|value| format!("`{value}`"))
        .collect::<Vec<_>>()
        .join(" or ")
}

/// The plural of the name of a type.
fn plural(name: &str) -> String {
    if name.starts_with("list of") || name.contains("](") {
        // Lists read "lists of"; links to tables keep their text.
        return name.replacen("list of", "lists of", 1);
    }
    match name.split_once(' ') {
        Some((first, range)) if range.starts_with(['[', '(', '≥', '>', '≤', '<']) => format!("{first}s {range}"),
        Some(("pair", rest)) => format!("pairs {rest}"),
        _ if name == "anything" => name.to_owned(),
        _ => format!("{name}s"),
    }
}

/// Text for one cell of a Markdown table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace("\n\n", " ").replace('\n', " ")
}

/// The anchor that Markdown renderers give a heading.
pub(super) fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_read_as_people_say_them() {
        let link = |table: &str| format!("[{table}](#x)");
        for (schema, text) in [
            (json!({ "type": "string" }), "text"),
            (json!({ "type": "number", "exclusiveMinimum": 0 }), "number > 0"),
            (
                json!({ "type": ["number", "string"], "x-abide-type": "fraction", "exclusiveMinimum": 0, "maximum": 1 }),
                "fraction (0, 1]",
            ),
            (
                json!({ "type": "array", "items": { "type": "string", "x-abide-ref": "metric" } }),
                "list of metric ids",
            ),
            (
                json!({ "type": "array", "items": { "type": "array", "items": { "type": "string" } } }),
                "list of lists of texts",
            ),
            (json!({ "type": "integer", "enum": [1, 2] }), "`1` or `2`"),
            (json!({ "$ref": "#/$defs/Cluster" }), "[Cluster](#x)"),
        ] {
            assert_eq!(type_of(&schema, &link), text);
        }
    }
}
