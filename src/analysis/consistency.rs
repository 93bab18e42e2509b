//! Whether results are those of a spec.

use super::read::Loaded;
use crate::diagnostics::{Diagnostic, Sink};
use crate::governance;
use crate::language::{DesignKind, values::Date};
use crate::resolve::Experiment;
use crate::schema::closest;
use crate::source::Pointer;

/// The name of every finding of this page.
const RULE: &str = "results-contradict-spec";

/// Reports where results and spec speak of different things: then a verdict would be about neither.
pub fn contradictions(experiment: &Experiment, loaded: &Loaded, sink: &mut Sink) {
    let results = &loaded.results;
    let mut report = |pointer: Pointer, message: String, help: Option<String>| {
        let diagnostic = Diagnostic::error(RULE, loaded.place(&pointer), message);
        sink.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
    };
    let at = |name: &str| Pointer::root().join(name);
    if results.experiment != experiment.id {
        report(
            at("experiment"),
            format!(
                "the results are of `{}`, and the spec is of `{}`",
                results.experiment, experiment.id
            ),
            None,
        );
    }
    let digest = governance::digest(experiment);
    if !digest.starts_with(&results.digest) {
        report(
            at("digest"),
            format!("the results were made for another version of the spec: its digest is {digest}"),
            Some(
                "decide with the spec that the experiment was run by; if only prose differs, take the digest from `abide plan --format json`"
                    .to_owned(),
            ),
        );
    }
    if Date::parse(&results.from) > Date::parse(&results.to) {
        report(
            at("to"),
            format!("the data end on {} before they begin on {}", results.to, results.from),
            None,
        );
    }
    let arms: Vec<&str> = experiment.arms.iter().map(|arm| arm.id.as_str()).collect();
    let metrics: Vec<&str> = experiment.metrics.iter().map(|metric| metric.id.as_str()).collect();
    let unknown = |kind: &str, name: &str, known: &[&str]| {
        let help = match closest(name, known.iter().copied()) {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => format!("the spec has: {}", known.join(", ")),
        };
        (format!("the spec has no {kind} `{name}`"), Some(help))
    };
    for (id, counts) in &results.arms {
        let pointer = at("arms").join(id);
        if !arms.contains(&id.as_str()) {
            let (message, help) = unknown("arm", id, &arms);
            report(pointer.clone(), message, help);
        }
        for (name, part) in [("exposed", counts.exposed), ("analysed", counts.analysed)] {
            if let Some(part) = part.filter(|part| *part > counts.assigned) {
                report(
                    pointer.join(name),
                    format!("{part} units {name} are more than the {} assigned", counts.assigned),
                    None,
                );
            }
        }
    }
    for id in &arms {
        if !results.arms.contains_key(*id) {
            report(at("arms"), format!("there are no counts of arm `{id}`"), None);
        }
    }
    let control = experiment.control().map(|arm| arm.id.as_str());
    let compared: Vec<&str> = experiment
        .contrasts
        .iter()
        .map(|contrast| contrast.id.as_str())
        .collect();
    let what = if experiment.is_of(DesignKind::Factorial) {
        "main effect"
    } else {
        "arm"
    };
    for (id, metric) in &results.metrics {
        let pointer = at("metrics").join(id);
        if !metrics.contains(&id.as_str()) {
            let (message, help) = unknown("metric", id, &metrics);
            report(pointer.clone(), message, help);
        }
        for arm in metric.arms.keys() {
            if !arms.contains(&arm.as_str()) {
                let (message, help) = unknown("arm", arm, &arms);
                report(pointer.join("arms").join(arm), message, help);
            }
        }
        for (stratum, arms_in_it) in &metric.strata {
            for arm in arms_in_it.keys().filter(|arm| !arms.contains(&arm.as_str())) {
                let (message, help) = unknown("arm", arm, &arms);
                report(pointer.join("strata").join(stratum).join(arm), message, help);
            }
        }
        for arm in metric.comparisons.keys() {
            let pointer = pointer.join("comparisons").join(arm);
            if Some(arm.as_str()) == control {
                report(
                    pointer,
                    format!("`{arm}` is the control: it is not compared with itself"),
                    None,
                );
            } else if !compared.contains(&arm.as_str()) {
                let (message, help) = unknown(what, arm, &compared);
                report(pointer, message, help);
            }
        }
    }
}
