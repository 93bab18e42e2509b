//! The share of a control with several treatments.

use crate::language::DesignKind;
use crate::rules::prelude::*;

static MOST: Setting = Setting {
    rule: "abn-control-share",
    name: "max_loss",
    default: 0.05,
    meaning: "how many more units than with the best split are let be, as a fraction.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// With several treatments of equal share, the control has about the share that makes their comparisons most precise: with k
    /// treatments 1/(1 + √k) of the units. Splits that lose up to 5% of the units are let be.
    ///
    /// ## Why
    ///
    /// The control is in every comparison, a treatment only in one. With three treatments it should hold 36.6% of the units, not 25%;
    /// with four, 33.3%.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [arms.short]
    /// parameters = { button = "short" }
    /// [arms.round]
    /// parameters = { button = "round" }
    /// [abide.layers.shop]
    /// units_per_day = 90000
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [arms.control]
    /// weight = 37
    /// [arms.sticky]
    /// weight = 21
    /// [arms.short]
    /// weight = 21
    /// parameters = { button = "short" }
    /// [arms.round]
    /// weight = 21
    /// parameters = { button = "round" }
    /// [abide.layers.shop]
    /// units_per_day = 90000
    /// ```
    ///
    /// ## Source
    ///
    /// Dunnett 1955, "A multiple comparison procedure for comparing several treatments with a control", JASA 50:1096
    RULE = "abn-control-share" {
        group: Allocation, level: Advice, from: Draft,
        profile: Strict,
        summary: "several treatments, and a control that is too small for all of its comparisons",
        settings: [&MOST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(control) = experiment.control() else { return };
    let shares: Vec<f64> = experiment.treatments().map(|arm| arm.share.to_f64()).collect();
    let Some(first) = shares.first().copied().filter(|share| *share > 0.0) else {
        return;
    };
    let equal = shares.iter().all(|share| (share - first).abs() < 1e-9);
    if shares.len() < 2 || !equal || facts::design_kind(experiment) != Some(DesignKind::Parallel) {
        return;
    }
    let root = (shares.len() as f64).sqrt();
    let best = 1.0 / (1.0 + root);
    let own = control.share.to_f64();
    // The variance of a comparison goes with 1/c + 1/t; at the best share it is (1 + √k)².
    let lost = (1.0 / own + 1.0 / first) / (1.0 + root).powi(2) - 1.0;
    if lost <= context.setting(&MOST) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place(&format!("arms.{}.weight", control.id)),
                format!(
                    "with {} treatments a control of {} takes {} more units than one of {}",
                    shares.len(),
                    text::percent(own),
                    text::percent(lost),
                    text::percent_fine(best)
                ),
            )
            .with_label("in every comparison")
            .with_help(format!(
                "write weights such as {} for the control and {} for each treatment",
                text::number((best * 100.0).round()),
                text::number(((1.0 - best) * 100.0 / shares.len() as f64).round())
            )),
    );
}
