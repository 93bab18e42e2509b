//! Units that the model may have seen.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The log of a replay was not used to write or tune an arm (`log.sealed` is not `false`), and does not end before the
    /// training data of a model that is tested on it (`knowledge_cutoff`).
    ///
    /// ## Why
    ///
    /// A prompt is always good at the examples it was written with, and a model at the texts it was trained on. Both are
    /// measures of memory.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [design.log]
    /// sealed = false
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [design.log]
    /// sealed = true
    /// ```
    RULE = "eval-contamination" {
        group: Ai, level: Warning, from: Draft,
        summary: "a replay of units that an arm was tuned or trained on",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(log) = facts::design(experiment).log.filter(|_| !facts::is_online(experiment)) else {
        return;
    };
    if log.sealed == Some(false) {
        findings.push(
            findings
                .at(
                    context.place("design.log.sealed"),
                    "the log was used to write or tune an arm",
                )
                .with_label("seen before")
                .with_help("test on units that nobody looked at: a later window, or a part that was set aside"),
        );
    }
    let Some(end) = log.to else { return };
    for arm in &experiment.arms {
        let cutoff = arm.declared.model.as_ref().and_then(|model| model.knowledge_cutoff);
        let Some(cutoff) = cutoff.filter(|cutoff| end.get() <= cutoff.get()) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place("design.log.to"),
                    format!(
                        "the log ends on {end}, and the model of `{}` may have been trained on it",
                        arm.id
                    ),
                )
                .with_label("not after the model's training data")
                .with_other(
                    context.place(&format!("arms.{}.model.knowledge_cutoff", arm.id)),
                    format!("trained on data up to {cutoff}"),
                )
                .with_help("take a log from after the cutoff"),
        );
        return;
    }
}
