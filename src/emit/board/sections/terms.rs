//! C · The words of the document, and where its methods come from.

use super::{Body, facts_block};
use crate::emit::board::block::Block;
use crate::emit::board::model::Fact;
use crate::emit::board::text::Text;
use crate::emit::board::view::View;

/// Words with their meaning here, and whether a document uses them.
type Term = (&'static str, &'static str, fn(View<'_>) -> bool);

const TERMS: &[Term] = &[
    (
        "Arm",
        "one of the versions that are compared; control is the one that is there today",
        always,
    ),
    (
        "Baseline",
        "the level of a metric in control, read from data before the experiment",
        always,
    ),
    (
        "Geometric mean",
        "the level that the average logarithm of the values stands for; the ratio of two is the effect, and is less moved by few large values",
        has_logarithms,
    ),
    ("Primary metric", "what the hypothesis is about: it can win", always),
    (
        "Guardrail",
        "what must not get worse by its margin or more: it can veto",
        has_guardrails,
    ),
    (
        "MDE",
        "the smallest effect that must not be missed; not what is believed, and not what is worth having",
        always,
    ),
    ("Margin", "the most harm that is accepted for the gain", has_guardrails),
    ("α", "the chance to call a useless change a win", tests),
    (
        "Power",
        "the chance to see the effect that is asked about, if it is there",
        tests,
    ),
    (
        "Chance to ship",
        "the power of the whole decision: the chance that its rule says ship when the change works and harms nothing",
        tests,
    ),
    (
        "Interval",
        "the effects that the data leave possible, with 95% confidence unless said otherwise",
        always,
    ),
    (
        "Null",
        "not a win, and the interval excludes the MDE: knowledge, not failure",
        tests,
    ),
    (
        "Design effect",
        "how many times more units it takes because units of a cluster are alike",
        has_clusters,
    ),
    (
        "Attenuation",
        "the part of a true difference that a judge who errs still shows",
        has_judges,
    ),
    (
        "Sample ratio mismatch",
        "arms of other sizes than they were given: a sign that assignment or logging is broken",
        is_online,
    ),
    ("Look", "a planned reading of the effect before the end", has_looks),
    (
        "Digest",
        "a fingerprint of everything that the inference depends on: it changes when the plan’s meaning does",
        always,
    ),
    (
        "Edition default",
        "a value that the language supplies because nobody wrote one",
        always,
    ),
];

fn always(_: View<'_>) -> bool {
    true
}

fn tests(view: View<'_>) -> bool {
    view.plan.choice.is_none()
}

fn has_guardrails(view: View<'_>) -> bool {
    view.plan.error_budget.non_inferiority_metrics > 0
}

fn has_logarithms(view: View<'_>) -> bool {
    view.plan.metrics.iter().any(|metric| metric.scale.is_some())
}

fn has_clusters(view: View<'_>) -> bool {
    view.spec.design.as_ref().is_some_and(|design| design.cluster.is_some())
}

fn has_judges(view: View<'_>) -> bool {
    !view.inputs.surroundings.judges.is_empty()
}

fn is_online(view: View<'_>) -> bool {
    !view.is_replay()
}

fn has_looks(view: View<'_>) -> bool {
    view.plan
        .metrics
        .iter()
        .flat_map(|metric| &metric.comparisons)
        .any(|comparison| !comparison.looks.is_empty())
}

pub(super) fn body(view: View<'_>) -> Body {
    let terms = TERMS
        .iter()
        .filter(|(_, _, used)| used(view))
        .map(|(term, meaning, _)| Fact::new(*term, *meaning))
        .collect();
    let mut blocks = vec![facts_block("Terms", terms)];
    blocks.extend(sources(view));
    Body {
        blocks,
        ..Body::default()
    }
}

/// The sources of all formulas, each once.
fn sources(view: View<'_>) -> Option<Block> {
    let mut facts: Vec<Fact> = Vec::new();
    for metric in &view.plan.metrics {
        for comparison in &metric.comparisons {
            let known = facts.iter_mut().find(|fact| fact.label == comparison.test);
            if known.is_none() && !comparison.source.is_empty() {
                facts.push(Fact::new(
                    comparison.test.as_str(),
                    Text::from(comparison.source.as_str()),
                ));
            }
        }
    }
    (!facts.is_empty()).then(|| facts_block("Methods and their sources", facts))
}
