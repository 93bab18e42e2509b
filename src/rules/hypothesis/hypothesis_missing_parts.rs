//! A hypothesis that cannot be refuted because a part of it is missing.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The hypothesis says what changes, for whom, which metric moves, which way, by how much, and why: `change`,
    /// `population`, `metric`, `direction`, `effect` and `because`. A question of non-inferiority needs no `effect`, and an
    /// `aa` design no hypothesis.
    ///
    /// ## Why
    ///
    /// Only a complete statement can turn out false. "The new model is better" survives every result; "the prompt cuts
    /// hallucinations of English requests by 15%, because it must cite the record" does not.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [hypothesis]
    /// change = "The new checkout"
    /// # no population, because, effect
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [hypothesis]
    /// change     = "The checkout button stays in view while people scroll"
    /// population = "Signed-in visitors of the shop"
    /// metric     = "purchase_rate"
    /// direction  = "increase"
    /// effect     = { relative = 0.05 }
    /// because    = "Four in ten visitors scroll the button out of view, and they buy half as often"
    /// ```
    RULE = "hypothesis-missing-parts" {
        group: Hypothesis, level: Error, from: Draft,
        summary: "a hypothesis that lacks a part, so that no result could refute it",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    // An A/A test asks about the platform, not about a change.
    if context.is_faulty("hypothesis") || facts::design_kind(experiment) == Some(DesignKind::Aa) {
        return;
    }
    let hypothesis = experiment.spec.hypothesis.clone().unwrap_or_default();
    let blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
    let needs_effect = facts::is_inference(experiment) && experiment.superiority_primaries().next().is_some();
    let parts = [
        (
            "change",
            "what the treatment does differently",
            blank(&hypothesis.change),
        ),
        ("population", "whom the change reaches", blank(&hypothesis.population)),
        (
            "metric",
            "the primary metric that should move",
            blank(&hypothesis.metric),
        ),
        (
            "direction",
            "`\"increase\"` or `\"decrease\"`",
            hypothesis.direction.is_none(),
        ),
        (
            "effect",
            "the size that is believed, such as `{ relative = 0.05 }`",
            needs_effect && hypothesis.effect.is_none(),
        ),
        (
            "because",
            "why the change should have this effect",
            blank(&hypothesis.because),
        ),
    ];
    let missing: Vec<_> = parts.iter().filter(|(_, _, missing)| *missing).collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<&str> = missing.iter().map(|(name, ..)| *name).collect();
    let lines: Vec<String> = missing
        .iter()
        .map(|(name, meaning, _)| format!("`{name}`: {meaning}"))
        .collect();
    let message = if experiment.spec.hypothesis.is_none() {
        "the experiment has no hypothesis".to_owned()
    } else {
        format!("the hypothesis does not say its {}", text::names(&names, "and"))
    };
    findings.push(
        findings
            .at(context.place("hypothesis"), message)
            .with_label("cannot be refuted as it stands")
            .with_help(format!("add under `[hypothesis]` {}", text::list(&lines, "and"))),
    );
}
