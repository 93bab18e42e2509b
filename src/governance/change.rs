//! What differs between two contents, field by field, and how that is said.

use serde::Serialize;
use serde_json::Value;

use super::canonical::Line;
use super::digest::Content;
use crate::format;
use crate::language::FieldClass;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Change {
    /// The field, dotted: `metrics.hallucination_rate.mde`.
    pub field: String,
    /// What the change means for an approval.
    pub class: FieldClass,
    /// The value before, as compact JSON; absent where nothing was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value after, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Every field of a class in which two contents differ, sorted by field.
pub fn changes(before: &Content, after: &Content, class: FieldClass) -> Vec<Change> {
    let mut old = before.of_class(class).peekable();
    let mut new = after.of_class(class).peekable();
    let mut out = Vec::new();
    let gone = |line: &Line| Change {
        field: line.path.clone(),
        class,
        before: Some(line.value.clone()),
        after: None,
    };
    let made = |line: &Line| Change {
        field: line.path.clone(),
        class,
        before: None,
        after: Some(line.value.clone()),
    };
    loop {
        match (old.peek(), new.peek()) {
            (None, None) => return out,
            (Some(a), Some(b)) if a.path == b.path => {
                if a.value != b.value {
                    out.push(Change {
                        field: a.path.clone(),
                        class,
                        before: Some(a.value.clone()),
                        after: Some(b.value.clone()),
                    });
                }
                old.next();
                new.next();
            }
            (Some(a), Some(b)) if a.path < b.path => {
                out.push(gone(a));
                old.next();
            }
            (Some(a), None) => {
                out.push(gone(a));
                old.next();
            }
            (_, Some(b)) => {
                out.push(made(b));
                new.next();
            }
        }
    }
}

impl Change {
    /// The change as people say it: ``mde of `hallucination_rate` 15% → 20%``.
    pub fn said(&self) -> String {
        let subject = subject(&self.field);
        let value = |json: &String| shown(&self.field, json);
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => format!("{subject} {} → {}", value(before), value(after)),
            (None, Some(after)) => format!("{subject} added: {}", value(after)),
            (Some(before), None) => format!("{subject} removed: {}", value(before)),
            (None, None) => subject,
        }
    }

    /// The change in three parts: the field as people say it, the value before and the value after; `–` where there is none.
    pub fn parts(&self) -> [String; 3] {
        let value = |json: &Option<String>| {
            json.as_ref()
                .map_or_else(|| "–".to_owned(), |json| shown(&self.field, json))
        };
        [subject(&self.field), value(&self.before), value(&self.after)]
    }
}

/// The longest value that is shown whole, in characters.
const LONG: usize = 60;

/// A field as people say it.
pub fn subject(field: &str) -> String {
    let names = segments(field);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["metrics", id, rest @ ..] if !rest.is_empty() => format!("{} of `{id}`", rest.join(".")),
        ["arms", id, rest @ ..] if !rest.is_empty() => format!("{} of arm `{id}`", rest.join(".")),
        ["sources", id, rest @ ..] if !rest.is_empty() => format!("{} of source `{id}`", rest.join(".")),
        ["units", id, rest @ ..] if !rest.is_empty() => format!("{} of unit `{id}`", rest.join(".")),
        _ => format!("`{field}`"),
    }
}

/// A recorded value as people read it.
fn shown(field: &str, json: &str) -> String {
    let Ok(value) = serde_json::from_str::<Value>(json) else {
        return json.to_owned();
    };
    let names = segments(field);
    let text = match (&value, names.last().map(String::as_str)) {
        (Value::Object(effect), _) if effect.len() == 1 => match (effect.get("relative"), effect.get("absolute")) {
            (Some(share), _) => share.as_f64().map_or_else(|| json.to_owned(), format::percent),
            (_, Some(Value::String(amount))) => amount.clone(),
            (_, Some(amount)) => amount.to_string(),
            _ => json.to_owned(),
        },
        (Value::String(share), Some("weight")) if share.contains('/') => part(share),
        (Value::String(text), _) => text.clone(),
        (Value::Array(elements), _) if elements.iter().all(|e| !e.is_array() && !e.is_object()) => {
            let parts: Vec<String> = elements
                .iter()
                .map(|element| element.as_str().map_or_else(|| element.to_string(), str::to_owned))
                .collect();
            parts.join(", ")
        }
        _ => json.to_owned(),
    };
    if text.chars().count() <= LONG {
        return text;
    }
    let start: String = text.chars().take(LONG - 1).collect();
    format!("{start}…")
}

/// A share of the units, recorded as an exact fraction, as a percentage.
fn part(share: &str) -> String {
    let exact = share.split_once('/').and_then(|(part, whole)| {
        let (part, whole): (f64, f64) = (part.parse().ok()?, whole.parse().ok()?);
        Some(format::percent(part / whole))
    });
    exact.unwrap_or_else(|| share.to_owned())
}

/// The names of a dotted path; quoted names may hold dots.
pub(crate) fn segments(path: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    let mut characters = path.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => out
                .last_mut()
                .into_iter()
                .for_each(|name| name.extend(characters.next())),
            '.' if !quoted => out.push(String::new()),
            c => out.last_mut().into_iter().for_each(|name| name.push(c)),
        }
    }
    out
}

/// Whether a path of the language (`metrics.*.mde`, `decision`) is a field or a table around it.
pub(super) fn covers(pattern: &str, field: &str) -> bool {
    let (pattern, field) = (segments(pattern), segments(field));
    pattern.len() <= field.len()
        && pattern
            .iter()
            .zip(&field)
            .all(|(wanted, name)| wanted == "*" || wanted == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: &str, before: &str, after: &str) -> String {
        Change {
            field: field.to_owned(),
            class: FieldClass::Inferential,
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
        }
        .said()
    }

    #[test]
    fn changes_are_said_in_the_terms_of_the_language() {
        assert_eq!(
            change("metrics.refusal_rate.mde", "{\"relative\":0.15}", "{\"relative\":0.2}"),
            "mde of `refusal_rate` 15% → 20%"
        );
        assert_eq!(
            change("arms.short.weight", "\"1/2\"", "\"3/10\""),
            "weight of arm `short` 50% → 30%"
        );
        assert_eq!(
            change("statistics.alpha", "0.05", "0.01"),
            "`statistics.alpha` 0.05 → 0.01"
        );
        assert_eq!(
            change("population.exclude", "[\"bots\"]", "[\"bots\",\"staff\"]"),
            "`population.exclude` bots → bots, staff"
        );
    }

    #[test]
    fn paths_cover_what_is_inside_them() {
        assert!(covers("decision", "decision.rule") && covers("metrics.*.mde", "metrics.ctr.mde"));
        assert!(covers("schedule.max_days", "schedule.max_days"));
        assert!(!covers("metrics.*.mde", "metrics.ctr.mde_reason") && !covers("decision.rule", "decision"));
        assert!(covers(
            "population.segments.\"plan.tier\"",
            "population.segments.\"plan.tier\".of"
        ));
    }
}
