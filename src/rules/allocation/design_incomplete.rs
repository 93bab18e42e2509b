//! A design that lacks what its kind asks for.

use crate::language::{Arm, Design, DesignKind};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `[design]` says its `kind`, and what that kind needs: `factors` and the `levels` of every arm for `factorial`;
    /// `cluster.count` and `cluster.mean_size` for `cluster`; `block`, `washout` and `regions` for `switchback`; `algorithm`
    /// and `credit` for `interleaving`; `policy`, `reward`, `update_every`, `min_share` and `horizon` for `bandit`; `share`
    /// and `until` for `holdout`.
    ///
    /// ## Why
    ///
    /// These are the design. None of them has a default: a washout that nobody thought about is not thirty minutes.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// kind  = "holdout"
    /// share = 0.05
    ///
    /// [schedule]
    /// max_days = 140
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// kind  = "holdout"
    /// share = 0.05
    /// until = 2027-06-30
    ///
    /// [schedule]
    /// max_days = 140
    /// ```
    RULE = "design-incomplete" {
        group: Allocation, level: Error, from: Draft,
        summary: "a design that lacks what its kind asks for",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if context.is_faulty("design") {
        return;
    }
    let design = facts::design(experiment);
    let Some(kind) = design.kind else {
        findings.push(
            findings
                .at(context.place("design.kind"), "the design does not say how units meet the arms")
                .with_label("no `kind`")
                .with_help(
                    "write under `[design]` `kind = \"parallel\"` where each unit gets one arm, `\"paired\"` where each passes every arm, or \
                     another kind",
                ),
        );
        return;
    };
    let missing = missing(&design, kind);
    if !missing.is_empty() {
        findings.push(
            findings
                .at(
                    context.place("design"),
                    format!("the {kind} design does not say its {}", text::names(&missing, "and")),
                )
                .with_label("incomplete")
                .with_help(format!("add {} under `[design]`", text::names(&missing, "and"))),
        );
    }
    if kind == DesignKind::Factorial && !context.is_faulty("arms") {
        for arm in &experiment.arms {
            let without = levels_missing(&design, &arm.declared);
            if without.is_empty() {
                continue;
            }
            findings.push(
                findings
                    .at(
                        context.place(&format!("arms.{}.levels", arm.id)),
                        format!(
                            "`{}` does not say its level of {}",
                            arm.id,
                            text::names(&without, "and")
                        ),
                    )
                    .with_label("no level")
                    .with_other(context.place("design.factors"), "the factors of the design")
                    .with_help("write `levels = { FACTOR = LEVEL, … }` with one level of each factor"),
            );
        }
    }
}

fn levels_missing<'a>(design: &'a Design, arm: &Arm) -> Vec<&'a str> {
    design
        .factors
        .keys()
        .filter(|factor| !arm.levels.contains_key(*factor))
        .map(String::as_str)
        .collect()
}

fn missing(design: &Design, kind: DesignKind) -> Vec<&'static str> {
    let cluster = design.cluster.clone().unwrap_or_default();
    let needs: &[(&'static str, bool)] = match kind {
        DesignKind::Parallel | DesignKind::Paired | DesignKind::Aa => &[],
        DesignKind::Factorial => &[("factors", design.factors.is_empty())],
        DesignKind::Cluster => &[
            ("cluster.count", cluster.count.is_none()),
            ("cluster.mean_size", cluster.mean_size.is_none()),
        ],
        DesignKind::Switchback => &[
            ("block", design.block.is_none()),
            ("washout", design.washout.is_none()),
            ("regions", design.regions.is_none()),
        ],
        DesignKind::Interleaving => &[
            ("algorithm", design.algorithm.is_none()),
            ("credit", design.credit.is_none()),
        ],
        DesignKind::Bandit => &[
            ("policy", design.policy.is_none()),
            ("reward", design.reward.is_none()),
            ("update_every", design.update_every.is_none()),
            ("min_share", design.min_share.is_none()),
            ("horizon", design.horizon.is_none()),
        ],
        DesignKind::Holdout => &[("share", design.share.is_none()), ("until", design.until.is_none())],
    };
    needs
        .iter()
        .filter_map(|(name, is_missing)| is_missing.then_some(*name))
        .collect()
}
