//! In what two arms differ, by what both of them declare.

use crate::language::{Arm, Model};

/// A factor in which two arms differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// The factor as people name it.
    pub(super) name: String,
    /// Where an arm declares it, below the arm.
    pub(super) path: String,
    /// What kind of factor it is.
    pub(super) factor: Factor,
}

/// The kinds of factors that arms declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Factor {
    /// Which prompt.
    Prompt,
    /// Which model.
    Model,
    /// How the model samples.
    Decoding,
    /// Whether answers are cached.
    Cache,
    /// One of `parameters`.
    Parameter,
}

/// The factors in which two arms differ. What only one of them declares is not compared: it may be the same in both.
pub(super) fn differences(control: &Arm, arm: &Arm) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut push = |name: &str, path: &str, factor| {
        found.push(Difference {
            name: name.to_owned(),
            path: path.to_owned(),
            factor,
        });
    };
    if let (Some(before), Some(after)) = (&control.prompt, &arm.prompt) {
        let same = match (&before.sha256, &after.sha256) {
            (Some(before), Some(after)) => before == after,
            _ => !differ(before.id.as_ref(), after.id.as_ref()),
        };
        if !same {
            push("the prompt", "prompt", Factor::Prompt);
        }
    }
    if let (Some(before), Some(after)) = (&control.model, &arm.model) {
        if is_other_model(before, after) {
            push("the model", "model", Factor::Model);
        }
        let decoding = decoding_differences(before, after);
        if !decoding.is_empty() {
            push(&decoding.join(", "), "model", Factor::Decoding);
        }
    }
    if differ(control.cache.as_ref(), arm.cache.as_ref()) {
        push("the cache", "cache", Factor::Cache);
    }
    for (name, before) in &control.parameters {
        if arm.parameters.get(name).is_some_and(|after| after != before) {
            push(&format!("`{name}`"), &format!("parameters.{name}"), Factor::Parameter);
        }
    }
    found
}

/// Whether two arms declare something in common at all.
pub(super) fn are_comparable(control: &Arm, arm: &Arm) -> bool {
    (control.prompt.is_some() && arm.prompt.is_some())
        || (control.model.is_some() && arm.model.is_some())
        || control.parameters.keys().any(|name| arm.parameters.contains_key(name))
}

fn differ<T: PartialEq>(before: Option<&T>, after: Option<&T>) -> bool {
    matches!((before, after), (Some(before), Some(after)) if before != after)
}

fn is_other_model(before: &Model, after: &Model) -> bool {
    differ(before.provider.as_ref(), after.provider.as_ref())
        || differ(before.request.as_ref(), after.request.as_ref())
        || differ(before.response.as_ref(), after.response.as_ref())
}

/// The sampling settings in which two models differ, by name.
pub(super) fn decoding_differences(before: &Model, after: &Model) -> Vec<&'static str> {
    [
        (
            "temperature",
            differ(before.temperature.as_ref(), after.temperature.as_ref()),
        ),
        ("top_p", differ(before.top_p.as_ref(), after.top_p.as_ref())),
        ("top_k", differ(before.top_k.as_ref(), after.top_k.as_ref())),
        (
            "max_tokens",
            differ(before.max_tokens.as_ref(), after.max_tokens.as_ref()),
        ),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
