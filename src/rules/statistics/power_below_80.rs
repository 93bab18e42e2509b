//! A power with which the effect will often be missed.

use crate::rules::prelude::*;

static LEAST: Setting = Setting {
    rule: "power-below-80",
    name: "least",
    default: 0.8,
    meaning: "the power that reviewers ask for.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// The power asked of the decision is at least 80%.
    ///
    /// ## Why
    ///
    /// With a power of 60% two of five good changes are thrown away, and the wins that are found look larger than they
    /// are.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// power = 0.6
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// power = 0.8
    /// ```
    RULE = "power-below-80" {
        group: Statistics, level: Warning, from: Draft,
        summary: "a power below 80%",
        settings: [&LEAST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let power = context.experiment.statistics.power;
    let least = context.setting(&LEAST);
    if power >= least - 1e-12 {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("statistics.power"),
                format!(
                    "with a power of {} the MDE is missed in {} of experiments",
                    text::percent(power),
                    text::percent(1.0 - power)
                ),
            )
            .with_label("low")
            .with_help(format!(
                "write `power = {least}`, or say in an `[[allow]]` entry why missing the effect costs little"
            )),
    );
}
