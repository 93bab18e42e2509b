//! From what schemars derives to what people and editors read well.
//!
//! TOML has no null, so nothing is nullable; a closed list of words is one `enum`, with the meaning of each word where
//! TOML editors look for it; numbers carry no Rust formats. What the validator needs to explain a fault is kept in
//! `x-abide-*` keywords, which other validators ignore:
//!
//! - `x-abide-type`: how a value is read: `fraction`, `effect`, `amount`, `duration`, `date`, `id-kebab`, `id-snake`, …
//! - `x-abide-ref`: what a name refers to: `metric`, `catalogue-metric`, `arm`, `unit`, `source`, `goal`, `layer`, `spec`, `rule`.

use serde_json::{Map, Value, json};

use crate::language::{Class, Risk};

/// Ids that become columns.
const SNAKE: &str = "^[a-z][a-z0-9_]*$";
/// Experiment ids and rule names.
const KEBAB: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// Keywords in the order in which a person reads them; those not listed follow in the order written.
const ORDER: &[&str] = &[
    "$schema",
    "$id",
    "title",
    "description",
    "$ref",
    "type",
    "enum",
    "pattern",
    "format",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "items",
    "anyOf",
    "minProperties",
    "maxProperties",
    "properties",
    "propertyNames",
    "additionalProperties",
    "required",
    "default",
    "examples",
    "x-abide-type",
    "x-abide-ref",
    "x-taplo",
    "$defs",
];

/// Tidies a schema and everything inside it.
pub(super) fn tidy(schema: &mut Value) {
    let Value::Object(keywords) = schema else { return };
    drop_null(keywords);
    collect_words(keywords);
    drop_rust_details(keywords);
    fill_descriptions(keywords);
    place_extensions(keywords);
    for inner in subschemas(keywords) {
        tidy(inner);
    }
}

/// Puts the keywords of a schema and everything inside it in reading order.
pub(super) fn sort(schema: &mut Value) {
    let Value::Object(keywords) = schema else { return };
    let rank = |keyword: &str| ORDER.iter().position(|known| *known == keyword).unwrap_or(ORDER.len());
    let mut entries: Vec<_> = std::mem::take(keywords).into_iter().collect();
    entries.sort_by_key(|(keyword, _)| rank(keyword));
    keywords.extend(entries);
    for inner in subschemas(keywords) {
        sort(inner);
    }
}

/// The schemas directly inside a schema.
pub(super) fn subschemas(keywords: &mut Map<String, Value>) -> Vec<&mut Value> {
    let mut inner = Vec::new();
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(named)) => inner.extend(named.values_mut()),
            ("anyOf", Value::Array(branches)) => inner.extend(branches),
            ("items" | "additionalProperties" | "propertyNames", value @ Value::Object(_)) => inner.push(value),
            _ => {}
        }
    }
    inner
}

/// Removes `null` from types and branches; a single branch that remains becomes the schema itself.
fn drop_null(keywords: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = keywords.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            keywords.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(branches)) = keywords.get_mut("anyOf") {
        branches.retain(|branch| branch != &json!({ "type": "null" }));
        if let [Value::Object(only)] = branches.as_slice() {
            let only = only.clone();
            keywords.shift_remove("anyOf");
            for (keyword, value) in only {
                // What the field says of itself wins over what its type says.
                keywords.entry(keyword).or_insert(value);
            }
        }
    }
}

/// Turns a choice between constants into one `enum`, the meaning of each word beside it.
fn collect_words(keywords: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = keywords.get("oneOf") else {
        return;
    };
    let Some(words) = branches
        .iter()
        .map(|branch| branch.get("const").cloned())
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let meanings: Vec<_> = branches
        .iter()
        .map(|branch| branch.get("description").cloned().unwrap_or_default())
        .collect();
    keywords.shift_remove("oneOf");
    keywords.insert("type".to_owned(), "string".into());
    keywords.insert("enum".to_owned(), words.into());
    keywords.insert("x-taplo".to_owned(), json!({ "docs": { "enumValues": meanings } }));
}

/// Removes what says something about Rust and nothing about the language.
fn drop_rust_details(keywords: &mut Map<String, Value>) {
    keywords.shift_remove("default");
    let is_number_format = keywords
        .get("format")
        .and_then(Value::as_str)
        .is_some_and(|format| format.starts_with("int") || format.starts_with("uint") || format == "double");
    if is_number_format {
        keywords.shift_remove("format");
    }
    if keywords.contains_key("enum") {
        keywords.shift_remove("minimum");
        keywords.shift_remove("maximum");
    }
}

/// Joins the lines of a paragraph, which are broken where Rust's line width wants it.
fn fill_descriptions(keywords: &mut Map<String, Value>) {
    if let Some(Value::String(text)) = keywords.get_mut("description") {
        let paragraphs: Vec<_> = text
            .split("\n\n")
            .map(|paragraph| paragraph.replace('\n', " "))
            .collect();
        *text = paragraphs.join("\n\n");
    }
}

/// Writes our own keywords out as standard ones, and moves those about elements or keys to where they hold.
fn place_extensions(keywords: &mut Map<String, Value>) {
    match keywords.get("x-abide-type").and_then(Value::as_str) {
        Some("id-snake") => keywords.insert("pattern".to_owned(), SNAKE.into()),
        Some("id-kebab") => keywords.insert("pattern".to_owned(), KEBAB.into()),
        _ => None,
    };
    if let Some(kind) = keywords.shift_remove("x-abide-items") {
        set_in(keywords, "items", "x-abide-type", kind);
    }
    if keywords.get("type").is_some_and(|name| name == "array")
        && let Some(target) = keywords.shift_remove("x-abide-ref")
    {
        set_in(keywords, "items", "x-abide-ref", target);
    }
    if let Some(kind) = keywords.shift_remove("x-abide-keys") {
        let names = match kind.as_str() {
            Some("id-snake") => json!({ "pattern": SNAKE, "x-abide-type": kind }),
            Some("class") => json!({ "enum": Class::ALL }),
            Some("risk") => json!({ "enum": Risk::ALL }),
            _ => json!({ "x-abide-ref": kind }),
        };
        keywords.insert("propertyNames".to_owned(), names);
    }
}

/// Sets a keyword of the schema under another keyword.
fn set_in(keywords: &mut Map<String, Value>, under: &str, keyword: &str, value: Value) {
    if let Some(Value::Object(inner)) = keywords.get_mut(under) {
        inner.insert(keyword.to_owned(), value);
    }
}
