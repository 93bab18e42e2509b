//! A cache that favours an arm.

use crate::language::{Cache, Facet};
use crate::rules::differences::{Factor, differences};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Arms do not share a cache where latency or cost decides, and do not differ in their cache beside what is tested.
    ///
    /// ## Why
    ///
    /// A shared cache is warm for the arm that has been there longest, which then looks faster and cheaper than it is. A
    /// cached control against a treatment without a cache compares caches.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [arms.control]
    /// cache = "shared"
    /// [arms.grounded]
    /// cache = "shared"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [arms.control]
    /// cache = "per-arm"
    /// [arms.grounded]
    /// cache = "per-arm"
    /// ```
    RULE = "cache-contamination" {
        group: Ai, level: Warning, from: Draft,
        summary: "a cache that makes an arm look faster or cheaper than it is",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(control) = experiment.control() else { return };
    if context.is_faulty("arms") {
        return;
    }
    let place = |id: &str| context.place(&format!("arms.{id}.cache"));
    for arm in experiment.treatments() {
        let found = differences(&control.declared, &arm.declared);
        let of_cache = found.iter().any(|difference| difference.factor == Factor::Cache);
        let (Some(before), Some(after)) = (control.declared.cache, arm.declared.cache) else {
            continue;
        };
        if of_cache && found.len() > 1 {
            findings.push(
                findings
                    .at(
                        place(&arm.id),
                        format!("`{}` has another cache, beside what is tested", arm.id),
                    )
                    .with_label(format!("`{after}`"))
                    .with_other(place(&control.id), format!("`{before}` in `{}`", control.id))
                    .with_help("write the same `cache` in every arm: \"off\", or \"per-arm\" with equally warm caches"),
            );
            return;
        }
    }
    let timed = context
        .gates()
        .find(|metric| facts::has_facet(metric, &[Facet::Latency, Facet::Cost]));
    let shared = experiment
        .arms
        .iter()
        .find(|arm| arm.declared.cache == Some(Cache::Shared));
    if let (Some(arm), Some(metric)) = (shared, timed) {
        findings.push(
            findings
                .at(
                    place(&arm.id),
                    "the arms share a cache, which is warmest for what has run longest",
                )
                .with_label("shared")
                .with_other(
                    context.place_of(&metric.field("facet")),
                    format!("what it makes look better in `{}`", metric.id),
                )
                .with_help(
                    "write `cache = \"per-arm\"` in every arm, with the arm in the key, and warm both up equally",
                ),
        );
    }
}
