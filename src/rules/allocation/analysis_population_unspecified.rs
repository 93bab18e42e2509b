//! Units that never meet the change.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Where only a part of the units reaches the change (`traffic.eligible` below 1), `traffic.analysis` says whether those
    /// are analysed (`triggered`) or all that were assigned (`all`).
    ///
    /// ## Why
    ///
    /// Units that never meet the change dilute the effect: with a share r of them reached, an analysis of all needs about
    /// 1/r² times as many as one without dilution. An analysis of the reached ones needs to know, in both arms, who would
    /// have been.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [traffic]
    /// eligible = 0.9
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [traffic]
    /// eligible = 0.9
    /// analysis = "triggered"
    /// ```
    RULE = "analysis-population-unspecified" {
        group: Allocation, level: Error, from: Draft,
        summary: "units that never meet the change, and no word on whether they are analysed",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(traffic) = &context.experiment.spec.traffic else {
        return;
    };
    let Some(eligible) = traffic.eligible.map(crate::language::values::Fraction::get) else {
        return;
    };
    if eligible >= 1.0
        || traffic.analysis.is_some()
        || !facts::is_online(context.experiment)
        || context.is_faulty("traffic.analysis")
    {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("traffic.analysis"),
                format!(
                    "{} of the units reach the change, and nothing says which are analysed",
                    text::percent(eligible)
                ),
            )
            .with_label("no `analysis`")
            .with_other(context.place("traffic.eligible"), "the share that reaches the change")
            .with_help("write `analysis = \"triggered\"` for those that reach it in either arm, or `\"all\"`"),
    );
}
