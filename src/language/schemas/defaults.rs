//! The defaults of the edition, written into the schemas.

use serde_json::{Map, Value};

use super::tidy::subschemas;
use crate::language::edition;

/// The tables of the edition defaults and the definitions that they fill.
const TABLES: &[(&str, &str)] = &[
    ("population", "Population"),
    ("design", "Design"),
    ("traffic", "Traffic"),
    ("schedule", "Schedule"),
    ("statistics", "Statistics"),
    ("decision", "Decision"),
    ("arm", "Arm"),
    ("workspace", "Layout"),
    ("policy", "Policy"),
    ("layer", "Layer"),
    ("target", "Target"),
];

/// The tables under `present` and the definitions that they fill.
const PRESENT: &[(&str, &str)] = &[("design", "Design"), ("statistics", "Statistics"), ("metric", "Metric")];

/// Writes each default under `default` of its field.
pub(super) fn insert(schema: &mut Value) {
    let Some(Value::Object(definitions)) = schema.get_mut("$defs") else {
        return;
    };
    // INVARIANT: the embedded text is TOML; a test of `edition` reads it into the types.
    let defaults: Value = toml::from_str(edition::DEFAULTS).unwrap_or_default();
    for (table, definition) in TABLES {
        fill(definitions, definition, &defaults[*table]);
    }
    for (table, definition) in PRESENT {
        fill(definitions, definition, &defaults["present"][*table]);
    }
}

/// Writes the values of a table into the fields of a definition, and those of tables inside it into theirs.
fn fill(definitions: &mut Map<String, Value>, definition: &str, values: &Value) {
    for (field, value) in values.as_object().into_iter().flatten() {
        let Some(Value::Object(schema)) = definitions
            .get_mut(definition)
            .and_then(|schema| schema.get_mut("properties")?.get_mut(field))
        else {
            continue;
        };
        let inner = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|path| path.strip_prefix("#/$defs/"));
        if let Some(inner) = inner.map(str::to_owned) {
            fill(definitions, &inner, value);
        } else {
            schema.insert("default".to_owned(), value.clone());
        }
    }
}

/// Ends the description of each field that has a default with it, for editors that show descriptions only.
pub(super) fn mention(schema: &mut Value) {
    let Value::Object(keywords) = schema else { return };
    if let (Some(default), Some(Value::String(description))) =
        (keywords.get("default").cloned(), keywords.get_mut("description"))
    {
        description.extend([" Default: `", as_toml(&default).as_str(), "`."]);
    }
    for inner in subschemas(keywords) {
        mention(inner);
    }
}

/// A value as a spec writes it.
pub(in crate::language) fn as_toml(value: &Value) -> String {
    match value {
        Value::Array(elements) => format!("[{}]", elements.iter().map(as_toml).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{key} = {}", as_toml(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        // Numbers, booleans and plain strings are spelled alike in JSON and TOML.
        other => other.to_string(),
    }
}
