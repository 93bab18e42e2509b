//! What an uneven split costs.

use crate::language::DesignKind;
use crate::rules::prelude::*;

static MOST: Setting = Setting {
    rule: "unequal-split-cost",
    name: "max_factor",
    default: 1.1,
    meaning: "how many times the units of equal arms are asked for at most before it is said.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// Two arms have about equal shares: their uneven split needs no more than a tenth more units than halves would.
    ///
    /// ## Why
    ///
    /// The error of a difference is that of the smaller arm. At 90 to 10 a test needs 2.8 times the units of 50 to 50, at 99 to 1
    /// twenty-five times. A small share is a way to limit harm at the start: that is what a ramp is for.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [arms.control]
    /// weight = 0.8
    /// [arms.sticky]
    /// weight = 0.2
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [arms.control]
    /// weight = 0.55
    /// [arms.sticky]
    /// weight = 0.45
    /// ```
    RULE = "unequal-split-cost" {
        group: Allocation, level: Advice, from: Draft,
        profile: Strict,
        summary: "an uneven split, and what it costs",
        settings: [&MOST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let [first, second] = experiment.arms.as_slice() else {
        return;
    };
    if facts::design_kind(experiment) != Some(DesignKind::Parallel) {
        return;
    }
    let factor = 1.0 / (4.0 * first.share.to_f64() * second.share.to_f64());
    if factor <= context.setting(&MOST) {
        return;
    }
    let small = if first.share.to_f64() < second.share.to_f64() {
        first
    } else {
        second
    };
    findings.push(
        findings
            .at(
                context.place(&format!("arms.{}.weight", small.id)),
                format!(
                    "`{}` gets {} of the units: the same power takes {} times as many as equal arms",
                    small.id,
                    text::percent(small.share.to_f64()),
                    text::number(factor)
                ),
            )
            .with_label("the smaller arm")
            .with_help("split equally and let `schedule.ramp` limit how many meet the change at first"),
    );
}
