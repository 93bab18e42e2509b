//! Several arms, each compared at the full alpha.

use crate::language::{ArmCorrection, DesignKind};
use crate::plan::familywise_error_over_arms;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// With two or more treatments, the comparisons with control are corrected for their number.
    ///
    /// ## Why
    ///
    /// The best of several useless arms looks like a winner more often than a single one does.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [arms.short]
    /// parameters = { button = "short" }
    /// [statistics]
    /// multiplicity = { arms = "none" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [arms.short]
    /// parameters = { button = "short" }
    /// [statistics]
    /// multiplicity = { arms = "dunnett" }
    /// ```
    ///
    /// ## Source
    ///
    /// Dunnett 1955, "A multiple comparison procedure for comparing several treatments with a control", JASA 50:1096
    RULE = "multiplicity-missing-arms" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "several arms, each compared with control at the full alpha",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let count = experiment.treatments().count();
    if experiment.statistics.over_arms != ArmCorrection::None
        || count < 2
        || !facts::is_inference(experiment)
        || facts::design_kind(experiment) == Some(DesignKind::Factorial)
        || experiment.superiority_primaries().next().is_none()
    {
        return;
    }
    let mut finding = findings
        .at(
            context.place("statistics.multiplicity.arms"),
            format!(
                "{count} arms are compared with control, each at an alpha of {}",
                experiment.statistics.alpha
            ),
        )
        .with_label("no correction over arms");
    if let Some(chance) = familywise_error_over_arms(experiment) {
        finding = finding.with_note(format!(
            "when no arm changes anything, at least one of them is significant in {} of experiments",
            text::percent(chance)
        ));
    }
    findings.push(
        finding.with_help("write `arms = \"dunnett\"`, which uses that the arms share their control, or leave it out"),
    );
}
