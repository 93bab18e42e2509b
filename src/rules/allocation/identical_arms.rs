//! Arms between which nothing differs.

use crate::language::DesignKind;
use crate::rules::differences::{are_comparable, differences};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An arm that declares the same things as control differs from it in at least one of them: model, prompt, cache or
    /// parameters. Arms that declare nothing are not compared; `aa` and `holdout` designs are not asked.
    ///
    /// ## Why
    ///
    /// Either the difference is not written down, and then nobody can repeat the experiment, or there is none.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [arms.sticky]
    /// parameters = { button = "below the basket" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [arms.sticky]
    /// parameters = { button = "stays in view" }
    /// ```
    RULE = "identical-arms" {
        group: Allocation, level: Warning, from: Draft,
        profile: Draft,
        summary: "an arm that declares nothing in which it differs from control",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let kind = facts::design_kind(experiment);
    if matches!(kind, Some(DesignKind::Aa | DesignKind::Holdout)) || context.is_faulty("arms") {
        return;
    }
    let Some(control) = experiment.control() else { return };
    for arm in experiment.treatments() {
        let (before, after) = (&control.declared, &arm.declared);
        let more = before.levels != after.levels
            || before
                .parameters
                .keys()
                .any(|name| !after.parameters.contains_key(name))
            || after
                .parameters
                .keys()
                .any(|name| !before.parameters.contains_key(name))
            || before.model.is_some() != after.model.is_some()
            || before.prompt.is_some() != after.prompt.is_some()
            || before.cache.is_some() != after.cache.is_some();
        if more || !are_comparable(before, after) || !differences(before, after).is_empty() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place(&format!("arms.{}", arm.id)),
                    format!("`{}` declares the same as `{}`", arm.id, control.id),
                )
                .with_label("nothing differs")
                .with_other(context.place(&format!("arms.{}", control.id)), "the same here")
                .with_help(
                    "write down what the arm changes, or `kind = \"aa\"` where the arms are the same on purpose",
                ),
        );
    }
}
