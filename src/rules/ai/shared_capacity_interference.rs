//! A latency between arms that share servers.

use crate::language::{DesignKind, Facet, InterferenceEstimand, InterferenceKind};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Where arms share capacity (`interference = { kind = "capacity" }`), no latency decides in a design that draws single units, also
    /// not for the `direct` effect.
    ///
    /// ## Why
    ///
    /// Requests of both arms wait in one queue. A slow arm slows the other one too, so the difference between them is smaller than what
    /// everybody will feel after the launch.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// interference = { kind = "capacity", estimand = "direct", reason = "one pool of page servers" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// interference = { kind = "none", reason = "each arm has its own pool" }
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Tang & Xu 2020, "Trustworthy online controlled experiments", chapter 22
    RULE = "shared-capacity-interference" {
        group: Ai, level: Warning, from: Draft,
        summary: "a latency guarded between arms that queue for the same servers",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let design = facts::design(experiment);
    let Some(interference) = &design.interference else {
        return;
    };
    let single = matches!(
        design.kind,
        Some(DesignKind::Parallel | DesignKind::Factorial | DesignKind::Bandit)
    );
    // The total effect asked for from single units is another rule's finding.
    let partial = matches!(
        interference.estimand,
        Some(InterferenceEstimand::Direct | InterferenceEstimand::Spillover)
    );
    if interference.kind != Some(InterferenceKind::Capacity) || !single || !partial || !facts::is_online(experiment) {
        return;
    }
    for metric in context
        .gates()
        .filter(|metric| facts::has_facet(metric, &[Facet::Latency]))
    {
        findings.push(
            findings
                .at(
                    context.place_of(&metric.pointer),
                    format!("`{}` decides between arms that wait in the same queue", metric.id),
                )
                .with_label("the arms slow each other")
                .with_other(context.place("design.interference"), "they share capacity")
                .with_help(
                    "give each arm a pool of its own, switch everyone over time with `kind = \"switchback\"`, or measure the \
                     time without queueing",
                ),
        );
    }
}
