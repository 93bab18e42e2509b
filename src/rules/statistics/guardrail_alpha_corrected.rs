//! A correction that guardrails do not need.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The alpha of guardrails is not divided by their number.
    ///
    /// ## Why
    ///
    /// All guardrails must pass, so more of them make a false "safe" rarer, not more frequent. Dividing alpha only makes the
    /// experiment longer. What guardrails cost is power, and that is where the correction belongs.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// guardrail_alpha = 0.0125
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// guardrail_alpha = 0.025
    /// ```
    ///
    /// ## Source
    ///
    /// Berger 1982, "Multiparameter hypothesis testing and acceptance sampling", Technometrics 24:295 (intersection-union
    /// tests); Schultzberg, Ankargren & Frånberg 2024
    RULE = "guardrail-alpha-corrected" {
        group: Statistics, level: Advice, from: Draft,
        summary: "an alpha that is divided by the number of guardrails",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let statistics = &experiment.statistics;
    let guards = experiment.non_inferiority_metrics().count();
    if guards < 2 || !context.is_written("statistics.guardrail_alpha") {
        return;
    }
    let written = statistics.guardrail_alpha;
    let usual = [statistics.alpha, statistics.alpha / f64::from(statistics.sides)];
    let Some(whole) = usual
        .into_iter()
        .find(|alpha| (written * guards as f64 / alpha - 1.0).abs() < 0.01)
    else {
        return;
    };
    // Half of alpha with two guardrails is also the default of a two-sided test.
    if (written / (statistics.alpha / f64::from(statistics.sides)) - 1.0).abs() < 1e-9 {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("statistics.guardrail_alpha"),
                format!(
                    "{} is {} divided by {guards} guardrails, which all must pass anyway",
                    text::number(written),
                    text::number(whole)
                ),
            )
            .with_label("divided for nothing")
            .with_help(format!(
                "write `guardrail_alpha = {}`, or leave it out",
                text::number(whole)
            )),
    );
}
