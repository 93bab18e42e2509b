//! A judge that knows too much.

use crate::language::MetricKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A judge does not know which arm an answer comes from (`blind` is not `false`), and one that compares pairs sees each
    /// pair in both orders (`swap = true`).
    ///
    /// ## Why
    ///
    /// Models prefer what they read first, and what they are told is new.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// blind = false
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// blind = true
    /// ```
    ///
    /// ## Source
    ///
    /// Zheng et al. 2023, "Judging LLM-as-a-judge with MT-Bench and Chatbot Arena", NeurIPS: position bias
    RULE = "judge-unblinded-order" {
        group: Ai, level: Warning, from: Draft,
        summary: "a judge that knows the arm, or sees pairs in one order only",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        let Some(judge) = &metric.declared.judge else { continue };
        let field = |name: &str| context.place_of(&metric.field("judge").join(name));
        if judge.blind == Some(false) {
            findings.push(
                findings
                    .at(
                        field("blind"),
                        format!("the judge of `{}` knows which arm it judges", metric.id),
                    )
                    .with_label("not blind")
                    .with_help("strip what tells the arms apart from what the judge reads, and write `blind = true`"),
            );
        } else if metric.kind() == Some(MetricKind::Preference) && judge.swap != Some(true) {
            findings.push(
                findings
                    .at(
                        field("swap"),
                        format!("the judge of `{}` may prefer what it reads first", metric.id),
                    )
                    .with_label("pairs in one order")
                    .with_help("have every pair judged in both orders, count a change of mind as a tie, and write `swap = true`"),
            );
        }
    }
}
