//! A hypothesis about a metric that decides nothing.

use crate::language::Role;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The metric of the hypothesis is a primary metric of the spec.
    ///
    /// ## Why
    ///
    /// A primary metric decides. When the hypothesis speaks of another one, the experiment can be won without the
    /// hypothesis being touched, and lost although it holds.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [hypothesis]
    /// metric    = "page_load"
    /// direction = "decrease"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [hypothesis]
    /// metric    = "purchase_rate"
    /// direction = "increase"
    /// ```
    RULE = "hypothesis-metric-mismatch" {
        group: Hypothesis, level: Error, from: Draft,
        profile: Draft,
        summary: "a hypothesis about a metric that is not primary",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(metric) = facts::hypothesis_metric(experiment) else {
        return;
    };
    if metric.role == Role::Primary || context.is_faulty("metrics") {
        return;
    }
    let primaries: Vec<&str> = experiment.metrics_of(Role::Primary).map(|m| m.id.as_str()).collect();
    if primaries.is_empty() {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("hypothesis.metric"),
                format!(
                    "the hypothesis is about `{}`, which is {} metric",
                    metric.id,
                    article(metric.role)
                ),
            )
            .with_label("does not decide the experiment")
            .with_other(context.place_of(&metric.field("role")), "its role")
            .with_help(format!(
                "state the hypothesis about {}, or make `{}` the primary metric",
                text::names(&primaries, "or"),
                metric.id
            )),
    );
}

fn article(role: Role) -> String {
    format!("a {role}")
}
