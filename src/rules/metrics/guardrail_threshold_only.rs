//! A level where a margin belongs.

use crate::language::values::Fraction;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A guardrail has a `margin` against control. A `critical` level is no margin.
    ///
    /// ## Why
    ///
    /// "p95 below two seconds" compares with a number, not with control. On a bad day both arms miss it, on a good day a change that
    /// slows everything by a third passes. A level is for alarms; what the change did is the difference between the arms.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// critical = 2.5
    /// # no margin, margin_reason
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// critical = 2.5
    /// ```
    RULE = "guardrail-threshold-only" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "a guardrail with an absolute level in place of a margin",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        let Some(level) = metric.declared.critical.map(Fraction::get) else {
            continue;
        };
        if !facts::is_guard(metric) || metric.declared.margin.is_some() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("margin")),
                    format!(
                        "`{}` is guarded by a level of {} and not against control",
                        metric.id,
                        text::number(level)
                    ),
                )
                .with_label("no `margin`")
                .with_other(
                    context.place_of(&metric.field("critical")),
                    "control may cross it too, and a change that stays below may still do harm",
                )
                .with_help(
                    "write `margin = { relative = … }` or `{ absolute = … }`, the loss against control that is just \
                     acceptable, and why in `margin_reason`; keep `critical` for the alarm",
                ),
        );
    }
}
