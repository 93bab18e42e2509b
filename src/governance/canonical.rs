//! The canonical form of a resolved experiment: one line for each field that says something.
//!
//! What means the same is written the same: keys are sorted, `"15%"` is `0.15`, `"4w"` is `"28d"`, weights are shares, a
//! default is as good as its value written out. What a metric inherits, and the source and units it names, are in it.

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use crate::language::values::{Amount, AmountUnit, Duration};
use crate::language::{FieldClass, Form, Known, Mode, Role, Select, is_unordered, known};
use crate::resolve::Experiment;

/// One field of a resolved experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands in a spec, dotted; a name that is no bare word is quoted.
    pub path: String,
    /// What a change of it means.
    pub class: FieldClass,
    /// Its value as compact JSON with sorted keys.
    pub value: String,
}

/// Every field of an experiment that says something, sorted by path.
pub(super) fn lines(experiment: &Experiment) -> Vec<Line> {
    let mut out = Vec::new();
    let spec = meaning(experiment);
    walk(&spec, "", "", &mut out);
    let inherited = Value::Object(
        [
            ("units", serde_json::to_value(&experiment.named.units)),
            ("sources", serde_json::to_value(&experiment.named.sources)),
        ]
        .into_iter()
        // INVARIANT: types of the language are written as JSON.
        .filter_map(|(name, value)| Some((name.to_owned(), value.ok()?)))
        .collect(),
    );
    walk(&inherited, "", "", &mut out);
    out.sort_by(|a, b| a.path.cmp(&b.path).then(a.class.cmp(&b.class)));
    out
}

/// A value that was recorded before, in the spelling of [`lines`].
pub(super) fn recorded(value: &Value) -> String {
    canonical(value, Form::Plain).to_string()
}

/// The spec with what follows from it made explicit where two spellings mean the same.
fn meaning(experiment: &Experiment) -> Value {
    let mut spec = serde_json::to_value(&experiment.spec).unwrap_or_default();
    for arm in &experiment.arms {
        let Some(Value::Object(entry)) = spec.pointer_mut("/arms").and_then(|arms| arms.get_mut(&arm.id)) else {
            continue;
        };
        entry.insert("control".to_owned(), arm.control.into());
        let share = format!("{}/{}", arm.share.numerator, arm.share.denominator);
        entry.insert("weight".to_owned(), share.into());
        if entry.get("variation").and_then(Value::as_str) == Some(&arm.id) {
            entry.remove("variation");
        }
    }
    let design = experiment.spec.design.as_ref();
    if let Some(Value::Object(entry)) = spec.get_mut("design")
        && design.is_some_and(|design| design.analysis_unit == design.unit)
    {
        entry.remove("analysis_unit");
    }
    // Written or not, units of a holdout are left out.
    if let Some(Value::Object(entry)) = spec.get_mut("population")
        && entry.get("include_holdout") == Some(&Value::Bool(false))
    {
        entry.remove("include_holdout");
    }
    let statistics = &experiment.statistics;
    if let Some(Value::Object(entry)) = spec.get_mut("statistics") {
        let derived = statistics.alpha / f64::from(statistics.sides);
        if statistics.guardrail_alpha.to_bits() == derived.to_bits() {
            entry.remove("guardrail_alpha");
        }
    }
    if experiment.mode() == Mode::Online
        && let Value::Object(root) = &mut spec
        && let Value::Object(entry) = root
            .entry("schedule")
            .and_modify(|schedule| {
                if schedule.is_null() {
                    *schedule = Value::Object(Map::new());
                }
            })
            .or_insert_with(|| Value::Object(Map::new()))
    {
        entry.insert("max_days".to_owned(), experiment.limits.max_days.into());
    }
    select_by_name(experiment, &mut spec);
    spec
}

/// Of several arms that ship, the best estimate of the *first* primary decides: then the order of the primaries counts, and is
/// said.
fn select_by_name(experiment: &Experiment, spec: &mut Value) {
    let declared = experiment.spec.decision.as_ref().and_then(|d| d.select.as_ref());
    let mut primaries = experiment.metrics_of(Role::Primary);
    let (Some(first), Some(_)) = (primaries.next(), primaries.next()) else {
        return;
    };
    let several = experiment.treatments().count() > 1;
    if several
        && matches!(declared, Some(Select::BestEstimate))
        && let Some(Value::Object(entry)) = spec.get_mut("decision")
    {
        entry.insert("select".to_owned(), format!("best-estimate of {}", first.id).into());
    }
}

/// Writes the lines of a value that stands at `path`, in the place of the language that `pattern` names.
fn walk(value: &Value, path: &str, pattern: &str, out: &mut Vec<Line>) {
    if is_absent(value) {
        return;
    }
    match (known(pattern), value) {
        (Some(Known::Field(class, form)), _) => out.push(Line {
            path: path.to_owned(),
            class,
            value: canonical(value, form).to_string(),
        }),
        (_, Value::Object(entries)) => {
            // Most of what a spec could say it does not: no address is built for that.
            for (name, inner) in entries.iter().filter(|(_, inner)| !is_absent(inner)) {
                walk(inner, &join(path, name), &inside(pattern, name), out);
            }
        }
        (_, Value::Array(_)) => {
            for class in [FieldClass::Editorial, FieldClass::Operational, FieldClass::Inferential] {
                let part = project(value, pattern, class);
                if !is_absent(&part) {
                    out.push(Line {
                        path: path.to_owned(),
                        class,
                        value: part.to_string(),
                    });
                }
            }
        }
        // INVARIANT: every field of the language has a class (a test walks the schemas). What has none counts as inferential.
        _ => out.push(Line {
            path: path.to_owned(),
            class: FieldClass::Inferential,
            value: canonical(value, Form::Plain).to_string(),
        }),
    }
}

/// The part of a list of tables whose fields are of a class.
fn project(value: &Value, pattern: &str, class: FieldClass) -> Value {
    if let Some(Known::Field(of, form)) = known(pattern) {
        return if of == class {
            canonical(value, form)
        } else {
            Value::Null
        };
    }
    match value {
        Value::Array(elements) => {
            let mut parts: Vec<Value> = elements
                .iter()
                .map(|element| project(element, pattern, class))
                .filter(|part| !is_absent(part))
                .collect();
            if is_unordered(pattern) {
                parts.sort_by_cached_key(Value::to_string);
            }
            Value::Array(parts)
        }
        Value::Object(entries) => sorted(
            entries
                .iter()
                .filter(|(_, inner)| !is_absent(inner))
                .map(|(name, inner)| (name.clone(), project(inner, &inside(pattern, name), class)))
                .filter(|(_, part)| !is_absent(part)),
        ),
        _ => Value::Null,
    }
}

/// The place of an entry in the language: a field by its name, or an id.
fn inside(pattern: &str, name: &str) -> String {
    let named = if pattern.is_empty() {
        name.to_owned()
    } else {
        format!("{pattern}.{name}")
    };
    if known(&named).is_some() {
        named
    } else {
        format!("{pattern}.*")
    }
}

/// A path with one more name at its end.
fn join(path: &str, name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let name = if bare {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    };
    if path.is_empty() {
        name
    } else {
        format!("{path}.{name}")
    }
}

/// Whether nothing is said: what is left out and what is written empty mean the same.
fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(entries) => entries.values().all(is_absent),
        _ => false,
    }
}

fn sorted(entries: impl Iterator<Item = (String, Value)>) -> Value {
    let mut entries: Vec<(String, Value)> = entries.collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Value::Object(entries.into_iter().collect::<Map<_, _>>())
}

/// The value in the one spelling of all that mean the same.
fn canonical(value: &Value, form: Form) -> Value {
    match (value, form) {
        (Value::Object(entries), Form::Effect) => sorted(entries.iter().map(|(scale, amount)| {
            let amount = match amount {
                Value::String(text) => absolute(text),
                other => canonical(other, Form::Plain),
            };
            (scale.clone(), amount)
        })),
        (Value::Object(entries), _) => sorted(
            entries
                .iter()
                .filter(|(_, inner)| !inner.is_null())
                .map(|(name, inner)| (name.nfc().collect(), canonical(inner, form))),
        ),
        (Value::Array(elements), _) => {
            let mut elements: Vec<Value> = elements.iter().map(|element| canonical(element, form)).collect();
            if form == Form::Set {
                elements.sort_by_cached_key(Value::to_string);
                elements.dedup();
            }
            Value::Array(elements)
        }
        (Value::String(text), Form::Span) => Duration::parse(text).map_or_else(|_| text.as_str().into(), span),
        (Value::String(text), Form::Words | Form::Set) => words(&text.nfc().collect::<String>()).into(),
        (Value::String(text), Form::Sql) => sql(&text.nfc().collect::<String>()).into(),
        (Value::String(text), _) => text.nfc().collect::<String>().into(),
        (Value::Number(number), _) => number_of(number),
        (other, _) => other.clone(),
    }
}

/// A number by its value: `1` and `1.0` are the same.
fn number_of(number: &serde_json::Number) -> Value {
    match number.as_f64() {
        // Whole numbers up to 2^53 are exact as floats.
        Some(x) if !number.is_i64() && x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0 => (x as i64).into(),
        _ => Value::Number(number.clone()),
    }
}

/// An absolute amount: percentage points as the fraction they are; a time keeps its unit, for the metric may be in another.
fn absolute(text: &str) -> Value {
    match Amount::parse(text) {
        Ok(amount) if amount.unit() == AmountUnit::PercentagePoints => {
            serde_json::Number::from_f64(amount.value()).map_or(Value::Null, |number| number_of(&number))
        }
        Ok(_) => Duration::parse(text).map_or_else(|_| text.into(), span),
        Err(_) => text.into(),
    }
}

/// A time span in the largest unit up to days in which it is whole.
fn span(duration: Duration) -> Value {
    let seconds = duration.seconds();
    for (unit, length) in [("d", 86_400.0), ("h", 3600.0), ("m", 60.0), ("s", 1.0)] {
        let count: f64 = seconds / length;
        if count.fract() == 0.0 && (count >= 1.0 || unit == "s") {
            return format!("{count}{unit}").into();
        }
    }
    format!("{}ms", seconds * 1000.0).into()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// SQL with one space wherever there were some outside quotes.
fn sql(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut space = false;
    for c in text.trim().chars() {
        match quote {
            Some(open) => {
                out.push(c);
                if c == open {
                    quote = None;
                }
            }
            None if c.is_whitespace() => space = true,
            None => {
                if std::mem::take(&mut space) {
                    out.push(' ');
                }
                if matches!(c, '\'' | '"' | '`') {
                    quote = Some(c);
                }
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(value: impl std::borrow::Borrow<Value>, form: Form) -> String {
        canonical(value.borrow(), form).to_string()
    }

    #[test]
    fn spellings_of_one_value_are_one() {
        assert_eq!(text(json!("4w"), Form::Span), text(json!("28d"), Form::Span));
        assert_eq!(text(json!("36h"), Form::Span), "\"36h\"");
        assert_eq!(text(json!("0.5s"), Form::Span), text(json!("500ms"), Form::Span));
        assert_eq!(
            text(json!({ "absolute": "2pp" }), Form::Effect),
            text(json!({ "absolute": 0.02 }), Form::Effect)
        );
        assert_eq!(text(json!(1.0), Form::Plain), text(json!(1), Form::Plain));
        assert_eq!(text(json!("a\n  b"), Form::Words), "\"a b\"");
        // e with an accent, composed and in two characters.
        assert_eq!(text(json!("\u{e9}"), Form::Plain), text(json!("e\u{301}"), Form::Plain));
        assert_eq!(text(json!(["b", "a"]), Form::Set), text(json!(["a", "b"]), Form::Set));
        assert_eq!(text(json!("a  =\n 'x  y'"), Form::Sql), "\"a = 'x  y'\"");
    }

    #[test]
    fn values_that_differ_stay_apart() {
        assert_ne!(
            text(json!({ "absolute": "100ms" }), Form::Effect),
            text(json!({ "absolute": 0.1 }), Form::Effect)
        );
        assert_ne!(text(json!([1, 2]), Form::Plain), text(json!([2, 1]), Form::Plain));
        assert_ne!(text(json!("a  b"), Form::Plain), text(json!("a b"), Form::Plain));
        assert_ne!(text(json!("'a  b'"), Form::Sql), text(json!("'a b'"), Form::Sql));
        assert_ne!(
            text(json!(9_007_199_254_740_993_i64), Form::Plain),
            text(json!(9_007_199_254_740_992_i64), Form::Plain)
        );
    }

    #[test]
    fn names_that_are_no_bare_words_are_quoted() {
        assert_eq!(
            join("population.segments", "plan.tier"),
            "population.segments.\"plan.tier\""
        );
        assert_eq!(join("", "metrics"), "metrics");
    }
}
