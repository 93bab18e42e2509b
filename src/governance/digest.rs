//! The digest of a spec's inferential content.
//!
//! Formatting, comments, order of keys and prose do not change it; alpha, arms, metrics, MDE, margins and the decision rule
//! do. It is taken after resolution, so a change in the catalogue or in a default changes it too.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::resolve::Experiment;

/// Sections of a spec that say what will be inferred, from whom and how.
const INFERENTIAL: [&str; 7] = [
    "edition",
    "population",
    "design",
    "arms",
    "metrics",
    "statistics",
    "decision",
];

/// Fields that people read and no inference depends on, wherever they stand.
const PROSE: [&str; 12] = [
    "title",
    "description",
    "owner",
    "mde_reason",
    "margin_reason",
    "sides_reason",
    "reason",
    "follow_up",
    "rubric",
    "target",
    "warn",
    "critical",
];

/// The SHA-256 of the canonical form, in hexadecimal.
pub fn digest(experiment: &Experiment) -> String {
    let mut text = Vec::new();
    if let Ok(Value::Object(spec)) = serde_json::to_value(&experiment.spec) {
        for section in INFERENTIAL {
            if let Some(value) = spec.get(section) {
                text.extend_from_slice(section.as_bytes());
                write_canonical(value, &mut text);
            }
        }
    }
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// JSON with sorted keys, without prose and without what is absent.
fn write_canonical(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(entries) => {
            let mut present: Vec<(&String, &Value)> = entries
                .iter()
                .filter(|(name, value)| !value.is_null() && !PROSE.contains(&name.as_str()))
                .collect();
            present.sort_unstable_by_key(|(name, _)| *name);
            out.push(b'{');
            for (name, value) in present {
                write_json(name, out);
                out.push(b':');
                write_canonical(value, out);
                out.push(b',');
            }
            out.push(b'}');
        }
        Value::Array(elements) => {
            out.push(b'[');
            for element in elements {
                write_canonical(element, out);
                out.push(b',');
            }
            out.push(b']');
        }
        Value::String(text) => write_json(&text.split_whitespace().collect::<Vec<_>>().join(" "), out),
        Value::Number(number) => {
            // 1 and 1.0 are the same number.
            let text = number.as_f64().map_or_else(|| number.to_string(), |x| x.to_string());
            out.extend_from_slice(text.as_bytes());
        }
        Value::Bool(_) | Value::Null => out.extend_from_slice(value.to_string().as_bytes()),
    }
}

fn write_json(text: &str, out: &mut Vec<u8>) {
    let written = serde_json::to_writer(out, text);
    // INVARIANT: writing text to memory does not fail.
    debug_assert!(written.is_ok());
}
