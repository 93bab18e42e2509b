//! An experiment of which nobody knows how long it takes.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment says how many units come: `traffic.units_per_day`, `traffic.cumulative`, or the
    /// `units_per_day` of its layer. A switchback counts blocks and needs none.
    ///
    /// ## Why
    ///
    /// Without traffic there is no duration, and nobody can tell whether the experiment is feasible.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [traffic]
    /// # no layer
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [traffic]
    /// # no layer
    /// units_per_day = 38000
    /// ```
    RULE = "traffic-missing" {
        group: Allocation, level: Error, from: Draft,
        summary: "an online experiment that does not say how many units come",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let counted = matches!(
        facts::design_kind(experiment),
        Some(
            DesignKind::Parallel
                | DesignKind::Factorial
                | DesignKind::Cluster
                | DesignKind::Interleaving
                | DesignKind::Bandit
        )
    );
    if !facts::is_online(experiment) || !counted || context.is_faulty("traffic") {
        return;
    }
    let traffic = experiment.spec.traffic.clone().unwrap_or_default();
    let layers = context.workspace.map(|workspace| &workspace.config.layers);
    // A layer that nothing declares has been reported, and might have had the figure.
    let layer_unknown = traffic
        .layer
        .as_ref()
        .is_some_and(|layer| layers.is_some_and(|layers| !layers.contains_key(layer)));
    if traffic.units_per_day.is_some() || !traffic.cumulative.is_empty() || layer_unknown {
        return;
    }
    findings.push(
        findings
            .at(context.place("traffic.units_per_day"), "the spec does not say how many units come")
            .with_label("no traffic, so no duration")
            .with_help(
                "write `units_per_day = …` under `[traffic]`, new distinct units before eligibility, or the `layer` that \
                 has it",
            ),
    );
}
