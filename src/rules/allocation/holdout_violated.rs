//! An experiment on units that were promised to be left alone.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `population.include_holdout` is not set where the layer of the experiment has a holdout.
    ///
    /// ## Why
    ///
    /// The holdout measures the sum of all changes. One experiment inside it makes that measurement wrong for everyone, for
    /// as long as it lasts.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [population]
    /// include_holdout = true
    /// [abide.holdouts.h1_2027]
    /// layer = "shop"
    /// share = 0.05
    /// until = 2027-06-30
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [population]
    /// include_holdout = false
    /// [abide.holdouts.h1_2027]
    /// layer = "shop"
    /// share = 0.05
    /// until = 2027-06-30
    /// ```
    RULE = "holdout-violated" {
        group: Allocation, level: Error, from: Draft,
        profile: Draft,
        summary: "an experiment that takes in the holdout of its layer",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let spec = &context.experiment.spec;
    let included = spec.population.as_ref().and_then(|p| p.include_holdout) == Some(true);
    let layer = spec.traffic.as_ref().and_then(|traffic| traffic.layer.as_ref());
    let (Some(workspace), Some(layer), true) = (context.workspace, layer, included) else {
        return;
    };
    let held = workspace
        .config
        .holdouts
        .iter()
        .find(|(_, holdout)| holdout.layer.as_ref() == Some(layer));
    let Some((id, _)) = held else { return };
    findings.push(
        findings
            .at(
                context.place("population.include_holdout"),
                format!("the experiment takes in the holdout `{id}` of layer `{layer}`"),
            )
            .with_label("units that were to be left alone")
            .with_other(context.place("traffic.layer"), "the layer with the holdout")
            .with_help("remove `include_holdout`: holdouts are left out on their own"),
    );
}
