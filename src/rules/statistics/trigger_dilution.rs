//! An effect that is thinned out.

use crate::language::AnalysisPopulation;
use crate::language::values::Fraction;
use crate::rules::prelude::*;

static LEAST: Setting = Setting {
    rule: "trigger-dilution",
    name: "min_eligible",
    default: 0.8,
    meaning: "the share of units that reach the change from which an analysis of all is not questioned.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// Where less than 80% of the units reach the change, those are analysed that reach it: `analysis = "triggered"`.
    ///
    /// ## Why
    ///
    /// Units that never meet the change have no effect and all of the noise. With a share r of units that meet it, an analysis of all
    /// finds an effect r times as large and needs 1/r² times the units that meet it, where an analysis of those alone needs one times.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [traffic]
    /// eligible = 0.75
    /// analysis = "all"
    /// [abide.layers.shop]
    /// units_per_day = 90000
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [traffic]
    /// eligible = 0.75
    /// analysis = "triggered"
    /// exposure = { source = "exposures", logged = "server, at assignment", counterfactual = true }
    /// [abide.layers.shop]
    /// units_per_day = 90000
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Tang & Xu 2020, "Trustworthy online controlled experiments", chapter 20
    RULE = "trigger-dilution" {
        group: Statistics, level: Warning, from: Draft,
        summary: "an effect on some, analysed over all",
        settings: [&LEAST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(traffic) = &context.experiment.spec.traffic else {
        return;
    };
    let (Some(eligible), Some(AnalysisPopulation::All)) = (traffic.eligible.map(Fraction::get), traffic.analysis)
    else {
        return;
    };
    if eligible >= context.setting(&LEAST) || eligible <= 0.0 || !facts::is_online(context.experiment) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("traffic.analysis"),
                format!(
                    "{} of the units reach the change and all are analysed: an effect on them looks {} times as small",
                    text::percent(eligible),
                    text::number(1.0 / eligible)
                ),
            )
            .with_label("dilutes the effect")
            .with_other(context.place("traffic.eligible"), "the share that reaches the change")
            .with_note(format!(
                "it takes {} times the units to see, of which {} reach the change",
                text::number(1.0 / (eligible * eligible)),
                text::percent(eligible)
            ))
            .with_help(
                "write `analysis = \"triggered\"` and log in both arms which units would have met the change: \
                 `exposure = { …, counterfactual = true }`",
            ),
    );
}
