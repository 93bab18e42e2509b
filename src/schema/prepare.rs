//! A published schema → the one that is checked: what editors need is taken out, what TOML has is put in.

use serde_json::{Map, Value};

/// Annotations that neither a check nor a message reads.
const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "format",
    "$comment",
    "deprecated",
    "readOnly",
    "x-abide-ref",
    "x-taplo",
];

/// Rewrites a published schema into the one that is checked: annotations for editors go, null branches go (TOML has no
/// null), a choice of constants becomes an `enum`, dates become dates. What is prepared once stays as it is.
pub fn prepare(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => object(map),
        other => other.clone(),
    }
}

fn object(map: &Map<String, Value>) -> Value {
    let mut out = Map::with_capacity(map.len());
    let is_date = map.get("x-abide-type").and_then(Value::as_str) == Some("date");
    for (keyword, value) in map {
        match keyword.as_str() {
            annotation if ANNOTATIONS.contains(&annotation) => {}
            // Messages show the first.
            "examples" => {
                let first = value.as_array().into_iter().flatten().take(1).cloned().collect();
                out.insert(keyword.clone(), Value::Array(first));
            }
            // A date is checked by its own keyword: it is no string.
            "type" | "pattern" if is_date => {}
            "type" => {
                out.insert(keyword.clone(), without_null_type(value));
            }
            "properties" | "$defs" | "definitions" | "patternProperties" | "dependentSchemas" => {
                let inner = value.as_object().map(|members| {
                    members
                        .iter()
                        .map(|(name, member)| (name.clone(), prepare(member)))
                        .collect::<Map<_, _>>()
                });
                out.insert(keyword.clone(), inner.map_or_else(|| value.clone(), Value::Object));
            }
            "items"
            | "additionalProperties"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "unevaluatedProperties" => {
                out.insert(keyword.clone(), prepare(value));
            }
            "allOf" | "prefixItems" => {
                let parts = value.as_array().into_iter().flatten().map(prepare).collect();
                out.insert(keyword.clone(), Value::Array(parts));
            }
            "anyOf" | "oneOf" => union(keyword, value, &mut out),
            "enum" => {
                let values = value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|v| !v.is_null())
                    .cloned()
                    .collect();
                out.insert(keyword.clone(), Value::Array(values));
            }
            _ => {
                out.insert(keyword.clone(), value.clone());
            }
        }
    }
    Value::Object(out)
}

fn without_null_type(value: &Value) -> Value {
    let Some(types) = value.as_array() else {
        return value.clone();
    };
    let kept: Vec<Value> = types.iter().filter(|t| t.as_str() != Some("null")).cloned().collect();
    match kept.as_slice() {
        [only] => only.clone(),
        _ => Value::Array(kept),
    }
}

/// A union without its null branch. With one branch left it is no union; with constants only it is an `enum`.
fn union(keyword: &str, value: &Value, out: &mut Map<String, Value>) {
    let is_null = |branch: &&Value| branch.get("type").and_then(Value::as_str) == Some("null");
    let branches: Vec<Value> = value
        .as_array()
        .into_iter()
        .flatten()
        .filter(|branch| !is_null(branch))
        .map(prepare)
        .collect();
    if let Some(values) = constants(&branches) {
        out.insert("enum".to_owned(), Value::Array(values));
        return;
    }
    match branches.as_slice() {
        [Value::Object(only)] => {
            out.extend(only.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        _ => {
            out.insert(keyword.to_owned(), Value::Array(branches));
        }
    }
}

/// The values of a union whose branches only allow listed values.
fn constants(branches: &[Value]) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for branch in branches {
        match (branch.get("const"), branch.get("enum").and_then(Value::as_array)) {
            (Some(value), _) => values.push(value.clone()),
            (None, Some(listed)) => values.extend(listed.iter().cloned()),
            (None, None) => return None,
        }
    }
    (!values.is_empty()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_and_constants_are_folded() {
        let schema = json!({
            "description": "field", "default": null,
            "anyOf": [
                { "description": "type", "oneOf": [{ "type": "string", "const": "a" }, { "const": "b" }, { "enum": ["c"] }] },
                { "type": "null" },
            ],
        });
        assert_eq!(prepare(&schema), json!({ "enum": ["a", "b", "c"] }));
        assert_eq!(
            prepare(&json!({ "type": ["integer", "null"], "enum": [1, null] })),
            json!({ "type": "integer", "enum": [1] })
        );
    }

    #[test]
    fn preparing_twice_changes_nothing() {
        let schema = json!({
            "type": "object",
            "properties": {
                "title": { "anyOf": [{ "type": ["string", "null"] }, { "type": "null" }] },
                "day": { "type": "string", "format": "date", "x-abide-type": "date" },
                "either": { "oneOf": [{ "type": "string" }, { "type": "array", "items": { "const": 1 } }] },
            },
        });
        let once = prepare(&schema);
        assert_eq!(prepare(&once), once);
    }

    #[test]
    fn a_date_is_no_string() {
        let schema =
            json!({ "properties": { "format": { "type": "string", "format": "date", "x-abide-type": "date" } } });
        assert_eq!(
            prepare(&schema),
            json!({ "properties": { "format": { "x-abide-type": "date" } } })
        );
    }
}
