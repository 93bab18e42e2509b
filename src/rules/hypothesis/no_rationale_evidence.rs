//! A hypothesis that rests on nothing earlier.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `hypothesis.evidence` cites at least one earlier finding: an evaluation, an audit, an experiment, an interview
    /// round.
    ///
    /// ## Why
    ///
    /// Most changes do not work, so a win is only as believable as the idea was before. What supports the idea tells the
    /// board how much a significant result will mean.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [hypothesis]
    /// evidence = []
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [hypothesis]
    /// evidence = ["scroll-depth-2026-10", "usability-round-14"]
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Deng & Vermeer 2022, "A/B testing intuition busters", KDD: false-positive risk by prior success rate
    RULE = "no-rationale-evidence" {
        group: Hypothesis, level: Warning, from: Review,
        summary: "a hypothesis without earlier evidence",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(hypothesis) = &context.experiment.spec.hypothesis else {
        return;
    };
    if !hypothesis.evidence.is_empty() || context.is_faulty("hypothesis.evidence") {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("hypothesis.evidence"),
                "the hypothesis cites no earlier evidence",
            )
            .with_label("rests on nothing that can be read")
            .with_help(
                "write `evidence = [\"…\"]`: the offline evaluation, audit or earlier experiment behind the idea",
            ),
    );
}
