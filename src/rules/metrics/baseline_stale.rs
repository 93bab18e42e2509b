//! A baseline from another time.

use crate::rules::prelude::*;

static AGE: Setting = Setting {
    rule: "baseline-stale",
    name: "max_days",
    default: 90.0,
    meaning: "how many days before the start a baseline may end.",
};

static LENGTH: Setting = Setting {
    rule: "baseline-stale",
    name: "min_length_days",
    default: 7.0,
    meaning: "over how many days a baseline is read at least.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// The baseline of a metric that decides in an online experiment ends at most 90 days before the start, and covers a week
    /// at least.
    ///
    /// ## Why
    ///
    /// Products, seasons and models drift. A baseline of three days has no weekend in it.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, n = 820000, from = 2026-06-01, to = 2026-06-28, source = "orders" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    RULE = "baseline-stale" {
        group: Metrics, level: Warning, from: Review,
        summary: "a baseline that is old, or shorter than a week",
        settings: [&AGE, &LENGTH],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if !facts::is_online(experiment) || !facts::is_inference(experiment) {
        return;
    }
    let start = experiment.spec.schedule.as_ref().and_then(|schedule| schedule.start);
    for metric in context.gates() {
        let Some(baseline) = &metric.declared.baseline else {
            continue;
        };
        let Some(to) = baseline.to else { continue };
        let place = context.place_of(&metric.field("baseline").join("to"));
        let age = start.map(|start| to.days_until(start));
        let length = baseline.from.map(|from| from.days_until(to) + 1);
        if let Some(age) = age.filter(|age| *age as f64 > context.setting(&AGE)) {
            findings.push(
                findings
                    .at(
                        place,
                        format!("the baseline of `{}` ends {age} days before the start", metric.id),
                    )
                    .with_label("long ago")
                    .with_other(context.place("schedule.start"), "the start")
                    .with_help("read it again over the last four weeks"),
            );
        } else if let Some(length) = length.filter(|length| *length > 0 && (*length as f64) < context.setting(&LENGTH))
        {
            findings.push(
                findings
                    .at(
                        place,
                        format!(
                            "the baseline of `{}` covers {}",
                            metric.id,
                            text::counted(length as usize, "day")
                        ),
                    )
                    .with_label("not a whole week")
                    .with_help("read it over whole weeks, four of them where there are"),
            );
        }
    }
}
