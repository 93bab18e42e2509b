//! Answers that are thought to repeat.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// No arm claims `deterministic = true` on the ground of `temperature = 0` without `design.repeats`, which would show it.
    ///
    /// ## Why
    ///
    /// At temperature 0 the same request still gives different answers: batches, hardware and routing change the order of
    /// additions. Without repeats that noise is there and cannot be seen.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [arms.control.model]
    /// temperature   = 0
    /// deterministic = true
    /// [arms.grounded.model]
    /// temperature   = 0
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [arms.control.model]
    /// temperature = 0
    /// [arms.grounded.model]
    /// temperature = 0
    /// ```
    ///
    /// ## Source
    ///
    /// Atil et al. 2024, "Non-determinism of 'deterministic' LLM settings", arXiv:2408.04667
    RULE = "temperature-zero-as-deterministic" {
        group: Ai, level: Advice, from: Draft,
        summary: "temperature 0 taken for determinism",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let repeated = facts::design(context.experiment)
        .repeats
        .is_some_and(|repeats| repeats > 1);
    if repeated {
        return;
    }
    for arm in &context.experiment.arms {
        let Some(model) = &arm.declared.model else { continue };
        if model.deterministic != Some(true) || model.temperature != Some(0.0) {
            continue;
        }
        let at = |field: &str| context.place(&format!("arms.{}.model.{field}", arm.id));
        findings.push(
            findings
                .at(
                    at("deterministic"),
                    format!("`{}` claims equal answers to equal requests", arm.id),
                )
                .with_label("not shown")
                .with_other(at("temperature"), "temperature 0 does not make it so")
                .with_help("remove the claim, or run a part of the units more than once with `design.repeats`"),
        );
    }
}
