//! Fixes that need the text around a value: which key to add, how a number was written.

use super::insert::insert;
use crate::diagnostics::{Diagnostic, Edit, Fix, Safety};
use crate::schema::closest;
use crate::source::{Pointer, SourceMap, Span};
use crate::syntax::{Kind, Node};

/// Gives the findings of one spec the fixes that its tree and text allow. `tree` is the merged tree that the findings speak
/// about; a finding that has a fix keeps it.
pub fn attach(findings: &mut [Diagnostic], tree: &Node, sources: &SourceMap) {
    for finding in findings {
        if finding.fix.is_some() || !finding.alternatives.is_empty() {
            continue;
        }
        match finding.rule {
            "no-control" => no_control(finding, tree, sources),
            "weights-sum" => finding.fix = whole_weights(tree, sources),
            "metric-shadows-catalogue" => finding.fix = inherit(&finding.place.pointer, tree, sources),
            "percent-vs-fraction" => finding.fix = percent(&finding.place.pointer, tree, sources),
            _ => {}
        }
    }
}

fn unsafely(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
    Fix {
        title: title.into(),
        safety: Safety::Unsafe,
        edits,
    }
}

fn replace(span: Span, replacement: impl Into<String>) -> Edit {
    Edit {
        span,
        replacement: replacement.into(),
    }
}

/// Names that people give to what everything is compared with.
const CONTROL_NAMES: &[&str] = &[
    "a",
    "baseline",
    "champion",
    "control",
    "ctrl",
    "current",
    "default",
    "existing",
    "off",
    "original",
    "status_quo",
];

/// No arm is the control: the one that has the name of one, else whichever a person chooses. (Two controls are a finding of
/// the same rule, about one arm: which of them stays, nobody can tell.)
fn no_control(finding: &mut Diagnostic, tree: &Node, sources: &SourceMap) {
    let all = Pointer::root().join("arms");
    if finding.place.pointer != all {
        return;
    }
    let arms: Vec<(&String, Fix)> = tree
        .lookup(&all)
        .and_then(Node::as_table)
        .into_iter()
        .flatten()
        .filter_map(|(id, arm)| {
            let edit = match arm.get("control") {
                Some(said) => replace(said.span, "true"),
                None => insert(arm, "control", "true", sources)?,
            };
            Some((id, unsafely(format!("make `{id}` the control"), vec![edit])))
        })
        .collect();
    let is_named_so = |id: &str| CONTROL_NAMES.contains(&id) || closest(id, ["control"]).is_some();
    let mut named: Vec<&Fix> = arms
        .iter()
        .filter(|(id, _)| is_named_so(id))
        .map(|(_, fix)| fix)
        .collect();
    match (named.pop(), named.is_empty()) {
        (Some(fix), true) => finding.fix = Some(fix.clone()),
        _ => finding.alternatives = arms.into_iter().map(|(_, fix)| fix).collect(),
    }
}

/// Weights that miss 1 by no more than rounding does: as whole numbers, which need not sum to anything and keep the
/// ratio of the arms to the digit. Not where a share is missing: nobody can tell which.
fn whole_weights(tree: &Node, sources: &SourceMap) -> Option<Fix> {
    let arms = tree.get("arms")?.as_table()?;
    let weights: Vec<&Node> = arms.values().map(|arm| arm.get("weight")).collect::<Option<_>>()?;
    let written: Vec<&str> = weights.iter().map(|weight| sources.snippet(weight.span)).collect();
    let decimals = |text: &str| -> Option<String> {
        let digits = text.strip_prefix("0.")?;
        (digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.to_owned())
    };
    let fractions: Vec<String> = written.iter().map(|text| decimals(text)).collect::<Option<_>>()?;
    let places = fractions.iter().map(String::len).max()?;
    let counts: Vec<u64> = fractions
        .iter()
        .map(|digits| format!("{digits:0<places$}").parse().ok())
        .collect::<Option<_>>()?;
    let one = 10u64.checked_pow(u32::try_from(places).ok()?)?;
    let sum: u64 = counts.iter().sum();
    // Rounding takes at most half of the last digit from each; one digit alone is no rounding.
    if places < 2 || 2 * sum.abs_diff(one) > u64::try_from(counts.len()).ok()? {
        return None;
    }
    let divisor = counts.iter().copied().fold(0, greatest_common_divisor).max(1);
    let ratios: Vec<String> = counts.iter().map(|count| (count / divisor).to_string()).collect();
    let edits = weights
        .iter()
        .zip(&ratios)
        .map(|(weight, ratio)| replace(weight.span, ratio.as_str()));
    Some(Fix {
        title: format!("write the weights as {}", ratios.join(" : ")),
        safety: Safety::Safe,
        edits: edits.collect(),
    })
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// A metric with the name of one in the catalogue: most often it is that one.
fn inherit(pointer: &Pointer, tree: &Node, sources: &SourceMap) -> Option<Fix> {
    let id = pointer.last()?;
    let value = toml::Value::String(id.clone()).to_string();
    let edit = insert(tree.lookup(pointer)?, "use", &value, sources)?;
    Some(unsafely(format!("inherit `{id}` from the catalogue"), vec![edit]))
}

/// A percentage that was written as a plain number: in its unit.
fn percent(pointer: &Pointer, tree: &Node, sources: &SourceMap) -> Option<Fix> {
    let node = tree.lookup(pointer)?;
    let (value, unit) = match (node.get("relative"), node.get("absolute")) {
        (Some(relative), None) => (relative, "%"),
        (None, Some(absolute)) => (absolute, "pp"),
        _ => (node, "%"),
    };
    let (Kind::Integer(_) | Kind::Float(_)) = value.kind else {
        return None;
    };
    let number = sources.snippet(value.span).replace('_', "");
    if !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let written = format!("\"{number}{unit}\"");
    Some(unsafely(format!("write {written}"), vec![replace(value.span, written)]))
}
