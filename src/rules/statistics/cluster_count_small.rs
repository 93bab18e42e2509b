//! Clusters too few for their own variance.

use crate::language::DesignKind;
use crate::rules::prelude::*;

static LEAST: Setting = Setting {
    rule: "cluster-count-small",
    name: "least",
    default: 40.0,
    meaning: "how many clusters are asked for.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// A `cluster` design has at least 40 clusters.
    ///
    /// ## Why
    ///
    /// Clusters are what is randomised, so they are the sample. With few of them the variance between them is badly
    /// estimated, and robust standard errors come out too small.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// kind    = "cluster"
    /// unit    = "product"
    /// analysis_unit = "user"
    /// cluster = { unit = "product", count = 12, mean_size = 60000, size_cv = 0.1 }
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, icc = 0.000001, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.cancellation_rate]
    /// baseline = { value = 0.006, icc = 0.000001, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.page_load]
    /// baseline = { value = 1.4, cv = 0.5, icc = 0.000001, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// kind    = "cluster"
    /// unit    = "product"
    /// analysis_unit = "user"
    /// cluster = { unit = "product", count = 200, mean_size = 4000, size_cv = 0.1 }
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, icc = 0.000001, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.cancellation_rate]
    /// baseline = { value = 0.006, icc = 0.000001, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.page_load]
    /// baseline = { value = 1.4, cv = 0.5, icc = 0.000001, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    ///
    /// ## Source
    ///
    /// Cameron & Miller 2015, "A practitioner's guide to cluster-robust inference", Journal of Human Resources 50:317
    RULE = "cluster-count-small" {
        group: Statistics, level: Warning, from: Draft,
        summary: "a cluster design with few clusters",
        settings: [&LEAST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let design = facts::design(context.experiment);
    let Some(count) = design.cluster.and_then(|cluster| cluster.count) else {
        return;
    };
    let least = context.setting(&LEAST);
    if design.kind != Some(DesignKind::Cluster) || count as f64 >= least {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("design.cluster.count"),
                format!("{} is few to compare arms by", text::counted(count as usize, "cluster")),
            )
            .with_label(format!("reviewers ask for {least}"))
            .with_note("clusters are the sample: with few of them, robust standard errors come out too small")
            .with_help("take smaller clusters, pair similar ones before they are drawn, or switch arms over time"),
    );
}
