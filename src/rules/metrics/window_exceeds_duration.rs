//! A metric that cannot mature within the experiment.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The longest allowed duration leaves time to enrol units and still observe the last of them for the window of every
    /// metric that decides.
    ///
    /// ## Why
    ///
    /// A unit that is observed for half of its window has half a value. Counting it biases the metric towards units that
    /// came early.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// window = "28d"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// window = "7d"
    /// ```
    RULE = "window-exceeds-duration" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "a metric whose window leaves no time to enrol anyone",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let mut exceeding: Vec<_> = context
        .gates()
        .filter(|metric| facts::window_exceeds_duration(experiment, metric))
        .collect();
    // The longest window is the one to shorten; a stable sort keeps the order of the spec among equals.
    exceeding.sort_by_key(|metric| std::cmp::Reverse(facts::window_days(metric)));
    let Some((metric, others)) = exceeding.split_first() else {
        return;
    };
    let days = facts::window_days(metric);
    let most = experiment.limits.max_days;
    let left = most.saturating_sub(days);
    let ramp = facts::ramp_days(experiment);
    let mut finding = findings
        .at(
            context.place_of(&metric.field("window")),
            format!(
                "`{}` is observed for {days} days, and the experiment may take {most}",
                metric.id
            ),
        )
        .with_label(if left == 0 {
            "no day is left to enrol".to_owned()
        } else {
            format!("leaves {} to enrol", text::counted(left as usize, "day"))
        })
        .with_other(
            context.place(experiment.limits.longest_at),
            "everything together may take this long",
        );
    for other in others {
        finding = finding.with_other(context.place_of(&other.field("window")), "leaves too little as well");
    }
    if left > 0 {
        finding = finding.with_note(match (ramp > 0, experiment.limits.whole_weeks) {
            (true, true) => format!("units are enrolled in whole weeks, of which the ramp takes {ramp} days"),
            (true, false) => format!("the ramp takes {ramp} of these days"),
            (false, _) => "units are enrolled in whole weeks".to_owned(),
        });
    }
    // A week to enrol after the ramp, in whole weeks.
    let longer = (days + (ramp + 7).div_ceil(7) * 7).div_ceil(7) * 7;
    findings.push(finding.with_help(if experiment.limits.longest_at == "design.until" {
        format!("shorten the window, or let the holdout take {longer} days or more")
    } else {
        format!("shorten the window, or write `max_days = {longer}` or more under `[schedule]`")
    }));
}
