//! A unit that people lose.

use crate::language::Facet;
use crate::rules::prelude::*;

static DAYS: Setting = Setting {
    rule: "unit-unstable",
    name: "max_days",
    default: 14.0,
    meaning: "how many days a cookie or device is believed to stay the same person.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// An experiment that randomises cookies or devices does not take longer than two weeks, and does not decide by
    /// retention.
    ///
    /// ## Why
    ///
    /// Cookies are deleted and devices replaced. The person comes back as a new unit, perhaps in the other arm, and the old
    /// unit counts as lost.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [catalogue.units.user]
    /// kind = "cookie"
    /// [metrics.purchase_rate]
    /// facet = "retention"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [catalogue.units.user]
    /// kind = "account"
    /// [metrics.purchase_rate]
    /// facet = "retention"
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Tang & Xu 2020, "Trustworthy online controlled experiments", chapter 14: choosing a randomization unit
    RULE = "unit-unstable" {
        group: Allocation, level: Warning, from: Draft,
        summary: "cookies or devices followed for longer than they last",
        settings: [&DAYS],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let design = facts::design(experiment);
    let Some(unit) = design.unit.as_deref() else { return };
    let Some(kind @ ("cookie" | "device")) = context.unit_kind(unit) else {
        return;
    };
    if !facts::is_online(experiment) {
        return;
    }
    let retention = context
        .gates()
        .find(|metric| facts::has_facet(metric, &[Facet::Retention]));
    let days = context.plan.duration.as_ref().map(|duration| duration.days);
    let finding = match (retention, days) {
        (Some(metric), _) => findings
            .at(
                context.place("design.unit"),
                format!(
                    "`{}` measures retention by a {kind}, and a {kind} that is gone is not a person that is",
                    metric.id
                ),
            )
            .with_other(context.place_of(&metric.field("facet")), "who comes back"),
        (None, Some(days)) if f64::from(days) > context.setting(&DAYS) => findings.at(
            context.place("design.unit"),
            format!("the experiment follows each {kind} for {days} days"),
        ),
        _ => return,
    };
    findings.push(
        finding
            .with_label(format!("a {kind}"))
            .with_help("randomise accounts where people sign in, or keep the experiment short"),
    );
}
