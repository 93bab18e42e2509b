//! More primary metrics than can decide.

use crate::language::Role;
use crate::rules::prelude::*;

static MOST: Setting = Setting {
    rule: "too-many-primaries",
    name: "most",
    default: 2.0,
    meaning: "how many primary metrics an experiment may have.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// There are at most two primary metrics.
    ///
    /// ## Why
    ///
    /// Every primary takes its part of alpha and makes the experiment longer; and results that disagree leave the
    /// decision to taste. What else is of interest is `secondary`, what must not get worse is a `guardrail`.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no margin, margin_reason
    /// role       = "primary"
    /// mde        = { relative = 0.02 }
    /// mde_reason = "what visitors notice"
    /// worthwhile = { relative = 0.01 }
    /// [metrics.active_rate]
    /// use        = "active_rate"
    /// role       = "primary"
    /// baseline   = { value = 0.4, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// mde        = { relative = 0.05 }
    /// mde_reason = "as much as the last redesign"
    /// worthwhile = { relative = 0.02 }
    /// counter_metrics = ["cancellation_rate"]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// role = "primary"
    /// ```
    RULE = "too-many-primaries" {
        group: Metrics, level: Warning, from: Draft,
        summary: "more primary metrics than can decide together",
        settings: [&MOST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let primaries: Vec<_> = context.experiment.metrics_of(Role::Primary).collect();
    let most = context.setting(&MOST);
    if primaries.len() as f64 <= most {
        return;
    }
    let mut finding = findings
        .at(
            context.place("metrics"),
            format!("the experiment has {} primary metrics", primaries.len()),
        )
        .with_note(format!("reviewers ask for {most} at most"));
    for metric in &primaries {
        finding = finding.with_other(context.place_of(&metric.field("role")), "primary");
    }
    findings.push(finding.with_help(
        "keep the one that decides; write `role = \"secondary\"` for what is only reported and `\"guardrail\"` for what \
         must not get worse",
    ));
}
