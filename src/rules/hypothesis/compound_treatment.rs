//! An arm that changes several things at once.

use crate::language::DesignKind;
use crate::resolve::Arm;
use crate::rules::differences::{Factor, differences};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An arm differs from control in one declared factor: its prompt, its model, or one of its `parameters`. What only one
    /// of the two declares is not compared. A `factorial` design changes several factors on purpose and is not asked, nor is
    /// an arm that combines what other arms change one by one.
    /// Sampling settings and caches that differ beside the factor have rules of their own, `decoding-unpinned` and
    /// `cache-contamination`.
    ///
    /// ## Why
    ///
    /// When two things change at once, a win cannot be credited and a loss cannot be repaired: one of the two may work
    /// and the other may harm.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [arms.control]
    /// parameters = { button = "below the basket", shipping = "shown last" }
    /// [arms.sticky]
    /// parameters = { button = "stays in view", shipping = "shown first" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [arms.control]
    /// parameters = { button = "below the basket", shipping = "shown last" }
    /// [arms.sticky]
    /// parameters = { button = "stays in view", shipping = "shown last" }
    /// ```
    RULE = "compound-treatment" {
        group: Hypothesis, level: Warning, from: Draft,
        summary: "an arm that differs from control in more than one factor",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if facts::design_kind(experiment) == Some(DesignKind::Factorial) || context.is_faulty("arms") {
        return;
    }
    let Some(control) = experiment.control() else { return };
    let factors = |arm: &Arm| {
        let mut found = differences(&control.declared, &arm.declared);
        found.retain(|difference| !matches!(difference.factor, Factor::Decoding | Factor::Cache));
        found
    };
    // Factors that an arm changes alone. What such arms change together can be told apart.
    let alone: Vec<String> = experiment
        .treatments()
        .filter_map(|arm| match factors(arm).as_slice() {
            [one] => Some(one.path.clone()),
            _ => None,
        })
        .collect();
    for arm in experiment.treatments() {
        let found = factors(arm);
        if found.len() < 2 || found.iter().all(|difference| alone.contains(&difference.path)) {
            continue;
        }
        let names: Vec<&str> = found.iter().map(|difference| difference.name.as_str()).collect();
        let at = |id: &str, path: &str| context.place(&format!("arms.{id}.{path}"));
        let mut finding = findings
            .at(
                context.place(&format!("arms.{}", arm.id)),
                format!(
                    "`{}` differs from `{}` in {} factors: {}",
                    arm.id,
                    control.id,
                    found.len(),
                    text::list(&names, "and")
                ),
            )
            .with_label("more than one thing changes");
        for difference in &found {
            finding = finding.with_other(at(&arm.id, &difference.path), difference.name.clone());
        }
        findings.push(
            finding
                .with_note("a win could not be credited to one of them, nor a loss blamed on one")
                .with_help(
                    "change one factor per arm, or cross them with `kind = \"factorial\"`; where they only work \
                     together, say so in an `[[allow]]` entry",
                ),
        );
    }
}
