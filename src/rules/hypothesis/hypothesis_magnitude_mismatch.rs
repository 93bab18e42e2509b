//! A claimed effect that the experiment is not sized for.

use crate::rules::prelude::*;

pub(in crate::rules) static TOLERANCE: Setting = Setting {
    rule: "hypothesis-magnitude-mismatch",
    name: "tolerance",
    default: 0.01,
    meaning: "how far, as a share of the MDE, the claimed effect may be from it before the two count as different.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// The effect that is believed (`hypothesis.effect`) is not smaller than the one the experiment is sized for (`mde`
    /// of its metric). A larger one is fine where `mde_reason` says why smaller effects matter too.
    ///
    /// ## Why
    ///
    /// Sized for 30%, an experiment will probably miss the 15% that its authors believe in. And a significant estimate from
    /// an experiment that is too small for the true effect exaggerates it.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [hypothesis]
    /// effect = { relative = 0.03 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [hypothesis]
    /// effect = { relative = 0.08 }
    /// [metrics.purchase_rate]
    /// mde        = { relative = 0.05 }
    /// mde_reason = "5% is the least that pays for the change, even if more is believed"
    /// ```
    ///
    /// ## Source
    ///
    /// Gelman & Carlin 2014, "Beyond power calculations", Perspectives on Psychological Science 9:641
    RULE = "hypothesis-magnitude-mismatch" {
        group: Hypothesis, level: Warning, from: Draft,
        summary: "a claimed effect that is not the one the experiment is sized for",
        settings: [&TOLERANCE],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let believed = experiment.spec.hypothesis.as_ref().and_then(|h| h.effect);
    let (Some(metric), Some(believed)) = (facts::hypothesis_metric(experiment), believed) else {
        return;
    };
    let Some(mde) = metric.declared.mde else { return };
    let Some(ratio) = facts::ratio(believed, mde, metric.baseline()) else {
        return;
    };
    let tolerance = context.setting(&TOLERANCE);
    let place = context.place("hypothesis.effect");
    let sized = context.place_of(&metric.field("mde"));
    let (claim, size) = (text::magnitude(believed), text::magnitude(mde));
    if ratio < 1.0 - tolerance {
        findings.push(
            findings
                .at(
                    place,
                    format!("the hypothesis claims {claim}, but the experiment is sized to find {size}"),
                )
                .with_label("smaller than what can be found")
                .with_other(sized, "sized for this")
                .with_note("an effect as large as the one that is believed would probably be missed")
                .with_help(format!(
                    "size for what is believed, `mde = {}`, or claim what the experiment can show",
                    text::written(believed)
                )),
        );
    } else if facts::claims_more_than_it_sizes_for(experiment, metric, tolerance) {
        findings.push(
            findings
                .at(
                    place,
                    format!(
                        "the hypothesis claims {claim}, the experiment is sized to find {size}, and nothing says why"
                    ),
                )
                .with_label("larger than the MDE")
                .with_other(sized, "sized for this")
                .with_help("write `mde_reason`: why the smaller effect must not be missed"),
        );
    }
}
