//! A run that counts some weekdays twice.

use crate::rules::prelude::*;

static LEAST: Setting = Setting {
    rule: "duration-not-whole-weeks",
    name: "min_days",
    default: 7.0,
    meaning: "the fewest days that units are enrolled.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// Online, units are enrolled over whole weeks, and over one week at least. Plans are rounded up to whole weeks unless
    /// `policy.whole_weeks` is `false`.
    ///
    /// ## Why
    ///
    /// People on Mondays are not people on Saturdays. Ten days count some weekdays twice and the others once.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [abide.policy]
    /// whole_weeks = false
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [abide.policy]
    /// whole_weeks = true
    /// ```
    RULE = "duration-not-whole-weeks" {
        group: Threats, level: Warning, from: Draft,
        summary: "enrolment over a part of a week",
        settings: [&LEAST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(duration) = &context.plan.duration else { return };
    let experiment = context.experiment;
    // What cannot be run at all has been reported with its numbers.
    if duration.days > duration.max_days || !facts::is_inference(experiment) {
        return;
    }
    let days = duration.running_days;
    let least = context.setting(&LEAST);
    if days.is_multiple_of(7) && f64::from(days) >= least {
        return;
    }
    let weeks = days.div_ceil(7).max((least / 7.0).ceil() as u32);
    findings.push(
        findings
            .at(
                context.place("policy.whole_weeks"),
                format!("units are enrolled over {days} days, which is not a number of whole weeks"),
            )
            .with_label("weekdays do not count equally")
            .with_help(format!(
                "enrol over {} days: write `whole_weeks = true` under `[policy]` of `abide.toml`, and `min_days = {}`",
                weeks * 7,
                weeks * 7
            )),
    );
}
