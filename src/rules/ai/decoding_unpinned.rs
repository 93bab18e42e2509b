//! Sampling settings that differ beside what is tested.

use crate::rules::differences::{Factor, decoding_differences, differences};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every arm that sets a model says how it samples: at least one of `temperature`, `top_p`, `top_k`, `max_tokens` and
    /// `seed`. And these settings are the same in all arms unless they are the one thing that is tested.
    ///
    /// ## Why
    ///
    /// A higher temperature makes more mistakes, and a lower limit shorter answers. Beside a new prompt either one looks
    /// like the prompt's effect. What is left out is the provider's default, which may change.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [arms.grounded.model]
    /// temperature = 0.7
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [arms.grounded.model]
    /// temperature = 0.2
    /// ```
    RULE = "decoding-unpinned" {
        group: Ai, level: Warning, from: Draft,
        summary: "sampling settings that are open, or that differ beside what is tested",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if context.is_faulty("arms") {
        return;
    }
    for arm in &experiment.arms {
        let Some(model) = &arm.declared.model else { continue };
        let open = model.temperature.is_none()
            && model.top_p.is_none()
            && model.top_k.is_none()
            && model.max_tokens.is_none()
            && model.seed.is_none();
        if open {
            findings.push(
                findings
                    .at(
                        context.place(&format!("arms.{}.model", arm.id)),
                        format!("`{}` leaves its sampling to the provider", arm.id),
                    )
                    .with_label("no sampling settings")
                    .with_help(
                        "write `temperature`, `top_p` and `max_tokens` as they will be shipped, in every arm; where a model \
                         takes no temperature, the settings it does take",
                    ),
            );
        }
    }
    let Some(control) = experiment.control() else { return };
    for arm in experiment.treatments() {
        let (Some(before), Some(after)) = (&control.declared.model, &arm.declared.model) else {
            continue;
        };
        let settings = decoding_differences(before, after);
        let others = differences(&control.declared, &arm.declared)
            .iter()
            .any(|difference| !matches!(difference.factor, Factor::Decoding | Factor::Cache));
        let Some(first) = settings.first().filter(|_| others) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place(&format!("arms.{}.model.{first}", arm.id)),
                    format!(
                        "`{}` differs in {} too, beside what is tested",
                        arm.id,
                        text::names(&settings, "and")
                    ),
                )
                .with_label("another setting here")
                .with_other(
                    context.place(&format!("arms.{}.model.{first}", control.id)),
                    format!("than in `{}`", control.id),
                )
                .with_help("write the same settings in every arm, or test the setting in an experiment of its own"),
        );
    }
}
