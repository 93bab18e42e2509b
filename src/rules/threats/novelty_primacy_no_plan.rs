//! A short test of something that people notice.

use crate::language::Class;
use crate::rules::prelude::*;

static DAYS: Setting = Setting {
    rule: "novelty-primacy-no-plan",
    name: "min_days",
    default: 14.0,
    meaning: "how many days of enrolment let a first reaction wear off.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// An online change of class `ui` that enrols for less than two weeks names `novelty` among its `[[threats]]`.
    ///
    /// ## Why
    ///
    /// People try what is new, and stumble over what has moved. In the first week both look like effects. The effect by day,
    /// and of new against returning users, tells them apart.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// mde = { relative = 0.15 }
    /// [hypothesis]
    /// effect = { relative = 0.15 }
    /// [metrics.cancellation_rate]
    /// margin = { absolute = "0.3pp" }
    /// [[threats]]
    /// name       = "seasonality"
    /// mitigation = "whole weeks"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// mde = { relative = 0.15 }
    /// [hypothesis]
    /// effect = { relative = 0.15 }
    /// [metrics.cancellation_rate]
    /// margin = { absolute = "0.3pp" }
    /// [[threats]]
    /// name       = "novelty"
    /// mitigation = "effect by day and by new against returning visitors"
    /// ```
    ///
    /// ## Source
    ///
    /// Hohnhold, O'Brien & Tang 2015, "Focusing on the long-term: it's good for users and business", KDD
    RULE = "novelty-primacy-no-plan" {
        group: Threats, level: Warning, from: Review,
        summary: "a short test of a visible change, and no plan for its novelty",
        settings: [&DAYS],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(duration) = &context.plan.duration else { return };
    let visible = facts::class(experiment) == Some(Class::Ui);
    let planned = experiment
        .spec
        .threats
        .iter()
        .any(|threat| matches!(threat.name.as_str(), "novelty" | "primacy"));
    // Without any threat there is one finding, not two.
    let listed = !experiment.spec.threats.is_empty() || !facts::is_risky(experiment);
    if !visible
        || planned
        || !listed
        || !facts::is_inference(experiment)
        || f64::from(duration.running_days) >= context.setting(&DAYS)
    {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("threats"),
                format!(
                    "a change that people see is enrolled for {} days, and nothing is planned for its novelty",
                    duration.running_days
                ),
            )
            .with_label("no threat named `novelty`")
            .with_help(
                "add `[[threats]]` with `name = \"novelty\"` and its `mitigation`, such as the effect by day and by new \
                 against returning users, or run longer",
            ),
    );
}
