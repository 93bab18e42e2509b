//! Grades that nobody could repeat.

use crate::language::metric::Method;
use crate::rules::prelude::*;

static KAPPA: Setting = Setting {
    rule: "human-label-plan-thin",
    name: "min_kappa",
    default: 0.6,
    meaning: "the agreement of raters beyond chance (Cohen's kappa) that is asked for.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// A metric that decides and that people grade (`method = "human"` or `"hybrid"`) has its card: two raters at least on an
    /// overlap, their `kappa`, at least 0.6, and the `rubric` they grade by.
    ///
    /// ## Why
    ///
    /// One rater's grades cannot be told from one rater's mood. Agreement beyond chance says how much of a grade is about the
    /// answer.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// method = "human"
    /// human  = { raters = 1, scale = "refused / answered" }
    ///
    /// [budget]
    /// human_labels = 20000
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// method = "human"
    /// human  = { raters = 2, scale = "refused / answered", overlap = 0.2, kappa = 0.74, rubric = "wiki: refusals v2" }
    ///
    /// [budget]
    /// human_labels = 20000
    /// ```
    ///
    /// ## Source
    ///
    /// Cohen 1960, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20:37
    RULE = "human-label-plan-thin" {
        group: Metrics, level: Warning, from: Review,
        summary: "grades by people without a second rater, an agreement or a rubric",
        settings: [&KAPPA],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let least = context.setting(&KAPPA);
    for metric in context.gates() {
        if !matches!(metric.declared.method, Some(Method::Human | Method::Hybrid)) {
            continue;
        }
        let card = metric.declared.human.clone().unwrap_or_default();
        let unsaid = [
            ("a second rater", card.raters.is_none_or(|raters| raters < 2)),
            ("an overlap", card.overlap.is_none_or(|share| share.get() <= 0.0)),
            ("the agreement of raters", card.kappa.is_none()),
            ("a rubric", card.rubric.is_none()),
        ];
        let missing: Vec<&str> = unsaid.iter().filter(|(_, no)| *no).map(|(what, _)| *what).collect();
        if !missing.is_empty() {
            findings.push(
                findings
                    .at(
                        context.place_of(&metric.field("human")),
                        format!("people grade `{}` without {}", metric.id, text::list(&missing, "and")),
                    )
                    .with_label("cannot be repeated")
                    .with_help("write `human = { raters = 2, scale = …, overlap = 0.2, kappa = …, rubric = … }`"),
            );
        } else if let Some(kappa) = card.kappa.filter(|kappa| *kappa < least) {
            findings.push(
                findings
                    .at(
                        context.place_of(&metric.field("human").join("kappa")),
                        format!(
                            "the raters of `{}` agree at a kappa of {}",
                            metric.id,
                            text::number(kappa)
                        ),
                    )
                    .with_label(format!("reviewers ask for {least}"))
                    .with_help("sharpen the rubric and train on it until the raters agree"),
            );
        }
    }
}
