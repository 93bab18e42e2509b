//! Two experiments on one parameter or surface.

use std::collections::BTreeMap;

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
    let mut same_surface: BTreeMap<usize, Vec<&Neighbour<'_>>> = BTreeMap::new();
    for ((first, second), common) in pairs(neighbours) {
        let (Some(one), Some(other)) = (neighbours.get(first), neighbours.get(second)) else {
            continue;
        };
        if !one.meets(other) || !one.can_share_units_with(other) {
            continue;
        }
        let apart = apart(one, other);
        // The one that starts later is the one that can still move.
        let (owner, late, early) = if other.days() < one.days() {
            (first, one, other)
        } else {
            (second, other, one)
        };
        if common.parameters.is_empty() {
            // Of an overbooked layer it is said that it is: that they share a surface is the lesser matter.
            if apart == Apart::No && !is_reviewed(late) && !is_reviewed(early) {
                same_surface.entry(owner).or_default().push(early);
            }
        } else if apart != Apart::WithRoom {
            let finding = same_parameter(owner, late, early, &common.parameters, findings);
            findings.push(owner, finding);
        }
    }
    for (owner, early) in same_surface {
        if let Some(finding) = neighbours
            .get(owner)
            .and_then(|late| on_surface(owner, late, &early, findings))
        {
            findings.push(owner, finding);
        }
    }
}

/// What two experiments have in common.
#[derive(Default)]
struct Common<'a> {
    /// Parameters that both set; none where they only share their surface.
    parameters: Vec<&'a str>,
}

/// The pairs of experiments that touch the same, by their positions. Found by what they touch: most specs have nothing in
/// common with most others.
fn pairs<'a>(neighbours: &'a [Neighbour<'_>]) -> BTreeMap<(usize, usize), Common<'a>> {
    let mut touching: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut changing: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, neighbour) in neighbours.iter().enumerate() {
        let Some(declared) = neighbour
            .experiment
            .spec
            .experiment
            .as_ref()
            .filter(|_| changes(neighbour))
        else {
            continue;
        };
        for parameter in &declared.touches {
            let positions = touching.entry(parameter).or_default();
            // One that a spec lists twice is one.
            if positions.last() != Some(&position) {
                positions.push(position);
            }
        }
        if let Some(surface) = &declared.surface {
            changing.entry(surface).or_default().push(position);
        }
    }
    let mut pairs: BTreeMap<(usize, usize), Common<'a>> = BTreeMap::new();
    for (parameter, positions) in touching {
        for pair in two_of(&positions) {
            pairs.entry(pair).or_default().parameters.push(parameter);
        }
    }
    for positions in changing.values() {
        for pair in two_of(positions) {
            pairs.entry(pair).or_default();
        }
    }
    pairs
}

/// All pairs of a rising list.
fn two_of(positions: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    positions.iter().enumerate().flat_map(move |(index, &first)| {
        positions
            .get(index + 1..)
            .unwrap_or_default()
            .iter()
            .map(move |&second| (first, second))
    })
}

/// Whether it is live and changes something: arms of an A/A test are alike.
fn changes(neighbour: &Neighbour<'_>) -> bool {
    neighbour.is_live() && facts::design_kind(neighbour.experiment) != Some(DesignKind::Aa)
}

/// Whether a layer keeps the units of two experiments apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// They are in no exclusive layer together.
    No,
    /// They are, and together they ask for more than it has.
    Overbooked,
    /// They are, and there is room for both.
    WithRoom,
}

fn apart(one: &Neighbour<'_>, other: &Neighbour<'_>) -> Apart {
    let layer = one.exclusive_layer();
    if layer.is_none() || layer != other.exclusive_layer() {
        Apart::No
    } else if one.share() + other.share() <= 1.0 + 1e-9 {
        Apart::WithRoom
    } else {
        Apart::Overbooked
    }
}

/// Whether somebody has thought about what another experiment on the surface does to it.
fn is_reviewed(neighbour: &Neighbour<'_>) -> bool {
    let threats = &neighbour.experiment.spec.threats;
    threats.iter().any(|threat| threat.name == "interaction")
}

fn same_parameter(
    owner: usize,
    late: &Neighbour<'_>,
    early: &Neighbour<'_>,
    parameters: &[&str],
    findings: &AcrossFindings<'_>,
) -> Diagnostic {
    findings
        .at(
            owner,
            late.place("experiment.touches"),
            format!(
                "{} is set here and in `{}`, for the same units at the same time",
                text::names(parameters, "and"),
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
}

/// Experiments named in one message; a busy surface has many.
const NAMED: usize = 3;

fn on_surface(
    owner: usize,
    late: &Neighbour<'_>,
    early: &[&Neighbour<'_>],
    findings: &AcrossFindings<'_>,
) -> Option<Diagnostic> {
    let name = late.experiment.spec.experiment.as_ref()?.surface.clone()?;
    let mut ids: Vec<String> = early
        .iter()
        .take(NAMED)
        .map(|other| format!("`{}`", other.experiment.id))
        .collect();
    if early.len() > NAMED {
        ids.push(format!("{} more", early.len() - NAMED));
    }
    let verb = if early.len() == 1 { "changes" } else { "change" };
    let finding = findings
        .at_most(
            owner,
            Severity::Warning,
            late.place("experiment.surface"),
            format!("{} {verb} `{name}` for the same units at the same time", text::list(&ids, "and")),
        )
        .with_label("the same surface")
        .with_help(
            "say why they do not affect each other in `[[threats]]` with `name = \"interaction\"`, or put them into one exclusive \
             layer",
        );
    Some(early.iter().take(NAMED).fold(finding, |finding, other| {
        finding.with_other(other.place("experiment.surface"), "changed there too")
    }))
}
