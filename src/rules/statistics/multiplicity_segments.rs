//! Segments that may decide.

use crate::language::{SegmentCorrection, SegmentRole};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every segment says whether it is `exploratory` or `confirmatory`, and with confirmatory ones
    /// `statistics.multiplicity.segments` corrects for their number.
    ///
    /// ## Why
    ///
    /// In twelve segments of a useless change there is usually one that "works". What is explored may be shown; what may
    /// decide has to pay for it.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [population]
    /// segments = { device = { of = ["phone", "desktop"], role = "confirmatory" } }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [population]
    /// segments = { device = { of = ["phone", "desktop"], role = "exploratory" } }
    /// ```
    RULE = "multiplicity-segments" {
        group: Statistics, level: Warning, from: Draft,
        summary: "segments that may decide, without a correction or without saying so",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(population) = &experiment.spec.population else {
        return;
    };
    let correction = experiment
        .spec
        .statistics
        .as_ref()
        .and_then(|s| s.multiplicity.as_ref())
        .and_then(|m| m.segments);
    let corrected = correction.is_some_and(|correction| correction != SegmentCorrection::None);
    for (name, segment) in &population.segments {
        let pointer = context.place(&format!("population.segments.{name}"));
        let finding = match segment.role {
            Some(SegmentRole::Exploratory) => continue,
            Some(SegmentRole::Confirmatory) if corrected => continue,
            Some(SegmentRole::Confirmatory) => findings
                .at(
                    pointer,
                    format!("the segments by `{name}` may decide, and nothing corrects for their number"),
                )
                .with_label(counted(segment.of.len()))
                .with_help(
                    "write `multiplicity = { segments = \"bonferroni\" }` under `[statistics]`, or `role = \"exploratory\"`",
                ),
            None => findings
                .at(pointer, format!("the segments by `{name}` do not say whether they may decide"))
                .with_label(counted(segment.of.len()))
                .with_help("write `role = \"exploratory\"` where they are only shown, `\"confirmatory\"` where they decide"),
        };
        findings.push(finding);
    }
}

fn counted(n: usize) -> String {
    if n == 0 {
        "every value is a segment".to_owned()
    } else {
        text::counted(n, "segment")
    }
}
