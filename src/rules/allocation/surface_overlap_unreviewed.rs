//! Two experiments on one parameter or surface.

use crate::diagnostics::{Diagnostic, Severity};
use crate::language::DesignKind;
use crate::rules::prelude::*;
use crate::rules::{AcrossFindings, Neighbour};

declare_rule! {
    /// ## What it checks
    ///
    /// Over all specs of the run, two experiments that are past their draft, run at the same time and can have the same units touch
    /// different parameters (error) and different surfaces (warning). Two in one exclusive layer with room for both have no units in
    /// common. On one surface, a `[[threats]]` entry named `interaction` in either of them says that somebody has thought about it.
    ///
    /// ## Why
    ///
    /// A parameter can have one value: of two experiments that set it, one loses, silently. Two changes on one surface seldom interact,
    /// but when they do, each result is of a mixture that nobody will ship.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [traffic]
    /// allocation = 0.5
    /// [other.traffic]
    /// layer = "other_layer"
    /// allocation = 0.5
    /// [other.schedule]
    /// start = 2027-01-18
    /// [other.experiment]
    /// touches = ["mini_basket.button"]
    /// [abide.layers.shop]
    /// units_per_day = 90000
    /// [abide.layers.other_layer]
    /// unit = "user"
    /// units_per_day = 90000
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [traffic]
    /// allocation = 0.5
    /// [other.traffic]
    /// allocation = 0.5
    /// [other.schedule]
    /// start = 2027-01-18
    /// [other.experiment]
    /// touches = ["mini_basket.button"]
    /// [abide.layers.shop]
    /// units_per_day = 90000
    /// ```
    ///
    /// ## Source
    ///
    /// Microsoft Experimentation Platform 2023, "A/B interactions: a call to relax"
    RULE = "surface-overlap-unreviewed" {
        group: Allocation, level: Error, from: Draft,
        summary: "two experiments that set the same parameter, or change the same surface, for the same units",
        check: Check::Across(check),
    }
}

fn check(neighbours: &[Neighbour<'_>], findings: &mut AcrossFindings<'_>) {
    for (second, later) in neighbours.iter().enumerate() {
        for (first, earlier) in neighbours.iter().enumerate().take(second) {
            if !changes(earlier) || !changes(later) || !earlier.meets(later) || !earlier.can_share_units_with(later) {
                continue;
            }
            if kept_apart(earlier, later) {
                continue;
            }
            // The one that starts later is the one that can still move.
            let (owner, late, early) = if later.days() < earlier.days() {
                (first, earlier, later)
            } else {
                (second, later, earlier)
            };
            if let Some(finding) =
                same_parameter(owner, late, early, findings).or_else(|| same_surface(owner, late, early, findings))
            {
                findings.push(owner, finding);
            }
        }
    }
}

/// Whether it is live and changes something: arms of an A/A test are alike.
fn changes(neighbour: &Neighbour<'_>) -> bool {
    neighbour.is_live() && facts::design_kind(neighbour.experiment) != Some(DesignKind::Aa)
}

/// Whether one exclusive layer has room for both, so that no unit is in both.
fn kept_apart(one: &Neighbour<'_>, other: &Neighbour<'_>) -> bool {
    let layer = one.exclusive_layer();
    layer.is_some() && layer == other.exclusive_layer() && one.share() + other.share() <= 1.0 + 1e-9
}

fn same_parameter(
    owner: usize,
    late: &Neighbour<'_>,
    early: &Neighbour<'_>,
    findings: &AcrossFindings<'_>,
) -> Option<Diagnostic> {
    let touched = |neighbour: &Neighbour<'_>| {
        neighbour
            .experiment
            .spec
            .experiment
            .as_ref()
            .map(|experiment| experiment.touches.clone())
            .unwrap_or_default()
    };
    let theirs = touched(early);
    let both: Vec<String> = touched(late).into_iter().filter(|name| theirs.contains(name)).collect();
    (!both.is_empty()).then(|| {
        findings
            .at(
                owner,
                late.place("experiment.touches"),
                format!(
                    "{} is set here and in `{}`, for the same units at the same time",
                    text::names(&both, "and"),
                    early.experiment.id
                ),
            )
            .with_label("set here")
            .with_other(early.place("experiment.touches"), "set there")
            .with_note("a parameter has one value: for units in both, one of the two experiments is not run")
            .with_help(
                "put both into one exclusive layer with room for them, run one after the other, or make them one factorial \
                 experiment",
            )
    })
}

fn same_surface(
    owner: usize,
    late: &Neighbour<'_>,
    early: &Neighbour<'_>,
    findings: &AcrossFindings<'_>,
) -> Option<Diagnostic> {
    let surface = |neighbour: &Neighbour<'_>| neighbour.experiment.spec.experiment.as_ref()?.surface.clone();
    let reviewed = |neighbour: &Neighbour<'_>| {
        let threats = &neighbour.experiment.spec.threats;
        threats.iter().any(|threat| threat.name == "interaction")
    };
    let name = surface(late)?;
    if surface(early).as_ref() != Some(&name) || reviewed(late) || reviewed(early) {
        return None;
    }
    Some(
        findings
            .at_most(
                owner,
                Severity::Warning,
                late.place("experiment.surface"),
                format!(
                    "`{}` changes `{name}` for the same units at the same time",
                    early.experiment.id
                ),
            )
            .with_label("the same surface")
            .with_other(early.place("experiment.surface"), "changed there too")
            .with_help(
                "say why the two do not affect each other in `[[threats]]` with `name = \"interaction\"`, or put both into \
                 one exclusive layer",
            ),
    )
}
