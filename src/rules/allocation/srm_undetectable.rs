//! A check that could find nothing.

use crate::language::DesignKind;
use crate::plan::detectable_split;
use crate::rules::prelude::*;

static MOST: Setting = Setting {
    rule: "srm-undetectable",
    name: "max_shift",
    default: 0.02,
    meaning: "the largest fault of a split, as a fraction, that may go unseen.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// At the planned size, or else at the required one, the check for a sample ratio mismatch finds a split that is off by two
    /// percentage points with a power of 80%. Designs that draw whole clusters are not asked.
    ///
    /// ## Why
    ///
    /// A test of a few hundred units finds no mismatch because it can find none. That the check was passed then says little, and
    /// assignment has to be verified in another way.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// planned_units = 2000
    /// [metrics.purchase_rate]
    /// mde = { relative = 0.9 }
    /// [metrics.cancellation_rate]
    /// baseline = { value = 0.05, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// margin = { absolute = "4pp" }
    /// [metrics.page_load]
    /// margin = { relative = 0.2 }
    /// [hypothesis]
    /// effect = { relative = 0.9 }
    /// [traffic]
    /// # no layer
    /// units_per_day = 300
    /// exposure = { source = "exposures", logged = "server, at assignment" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// planned_units = 400000
    /// ```
    ///
    /// ## Source
    ///
    /// Fabijan et al. 2019, "Diagnosing sample ratio mismatch in online controlled experiments", KDD
    RULE = "srm-undetectable" {
        group: Allocation, level: Advice, from: Draft,
        profile: Strict,
        summary: "a size at which the sample-ratio check sees only gross faults",
        settings: [&MOST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let (Some(control), Some(units)) = (experiment.control(), units(context)) else {
        return;
    };
    let Some(off) = detectable_split(experiment, control.share.to_f64(), units) else {
        return;
    };
    // Clusters are few by nature, and their number has a rule of its own.
    let clusters = facts::design_kind(experiment) == Some(DesignKind::Cluster);
    if !facts::is_online(experiment) || clusters || off <= context.setting(&MOST) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("statistics.srm"),
                format!(
                    "with {} units the sample-ratio check finds only splits that are off by {} or more",
                    text::count(units),
                    crate::format::points(off)
                ),
            )
            .with_label("passes easily")
            .with_help("verify the assignment itself: compare assigned with exposed units arm by arm, and run an A/A test first"),
    );
}

/// Randomised units at the planned size, or else at the required one.
fn units(context: &Context<'_>) -> Option<u64> {
    let required = || {
        let size = context.plan.sample_size.as_ref()?;
        Some(
            size.randomised
                .as_ref()
                .map_or(size.total, |randomised| randomised.total),
        )
    };
    context.plan.sizes.planned.or_else(required)
}
