//! Dates in the wrong order.

use crate::language::values::Date;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every pair of dates is in order: the log of a replay and each baseline end after they begin, baselines end before
    /// the experiment starts, a holdout ends after it starts.
    ///
    /// ## Why
    ///
    /// One of the two dates is wrong, and the plan rests on both. A baseline read after the start has seen the treatment.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, n = 820000, from = 2026-11-15, to = 2026-10-19, source = "orders" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    RULE = "dates-invalid" {
        group: Governance, level: Error, from: Draft,
        profile: Draft,
        summary: "dates that are in the wrong order",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let start = experiment.spec.schedule.as_ref().and_then(|schedule| schedule.start);
    let design = facts::design(experiment);
    let log = design.log.unwrap_or_default();
    let mut pairs = vec![
        Pair::new(
            "the log ends before it begins",
            "design.log.from",
            log.from,
            "design.log.to",
            log.to,
        ),
        Pair::new(
            "the experiment ends before it starts",
            "schedule.start",
            start,
            "design.until",
            design.until,
        ),
    ];
    for metric in &experiment.metrics {
        let Some(baseline) = &metric.declared.baseline else {
            continue;
        };
        let field = |name: &str| format!("metrics.{}.baseline.{name}", metric.id);
        pairs.push(Pair::new(
            &format!("the baseline of `{}` ends before it begins", metric.id),
            &field("from"),
            baseline.from,
            &field("to"),
            baseline.to,
        ));
        if facts::is_online(experiment) {
            pairs.push(Pair::new(
                &format!(
                    "the baseline of `{}` was read after the start of the experiment",
                    metric.id
                ),
                &field("to"),
                baseline.to,
                "schedule.start",
                start,
            ));
        }
    }
    for pair in pairs {
        let (Some(earlier), Some(later)) = (pair.earlier, pair.later) else {
            continue;
        };
        if earlier.get() <= later.get() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place(&pair.later_at),
                    format!("{}: {later} is before {earlier}", pair.fault),
                )
                .with_label("before the other date")
                .with_other(context.place(&pair.earlier_at), "after it")
                .with_help("correct the date that is wrong"),
        );
    }
}

/// Two dates, of which the first must not be after the second.
struct Pair {
    fault: String,
    earlier_at: String,
    earlier: Option<Date>,
    later_at: String,
    later: Option<Date>,
}

impl Pair {
    fn new(fault: &str, earlier_at: &str, earlier: Option<Date>, later_at: &str, later: Option<Date>) -> Self {
        Self {
            fault: fault.to_owned(),
            earlier_at: earlier_at.to_owned(),
            earlier,
            later_at: later_at.to_owned(),
            later,
        }
    }
}
