//! What differs between two versions of a spec, in the terms of the language, and what follows from it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::compilation::{Compiled, Session};
use crate::format;
use crate::governance::{Change, Content, changes, segments};
use crate::language::FieldClass;
use crate::plan::Plan;

/// The schema name of a [`Difference`].
pub const DIFF_SCHEMA: &str = "abide.diff/1";

/// What differs between two sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// Always `abide.diff/1`.
    pub schema: String,
    /// The gravest class of all changes; absent when nothing that a spec says has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<FieldClass>,
    /// The experiments that differ, by id.
    pub experiments: Vec<ExperimentDifference>,
}

/// Whether an experiment is on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Presence {
    /// On both sides, and not the same.
    Changed,
    /// On the second side only.
    Added,
    /// On the first side only.
    Removed,
}

/// What differs in one experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExperimentDifference {
    /// The experiment's id.
    pub experiment: String,
    /// The spec's path on the second side, or on the first where it was removed.
    pub file: String,
    /// Whether it is on both sides.
    pub presence: Presence,
    /// The gravest class of its changes. A spec that is new, or gone, is an inferential change.
    pub class: FieldClass,
    /// Digest before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest_before: Option<String>,
    /// Digest after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest_after: Option<String>,
    /// Every field that differs, the gravest class first.
    pub changes: Vec<SaidChange>,
    /// What the plans say of both, where they differ: sizes, days.
    pub consequences: Vec<String>,
    /// The approvals on record that the change makes void.
    pub voids: Vec<VoidApproval>,
}

/// A change and how it is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SaidChange {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// As people say it: ``mde of `refusal_rate` 15% → 20%: n per arm 2,629 → 1,447``. The size is said where this change alone
    /// moved it.
    pub said: String,
}

/// An approval that a change makes void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VoidApproval {
    /// Who approved.
    pub who: String,
    /// For which groups.
    pub groups: Vec<String>,
    /// The day, `2026-12-14`.
    pub date: String,
}

/// One side of a comparison: what was read, and everything that was compiled of it.
type Side<'a> = (&'a Session<'a>, &'a [Compiled]);

/// Compares the experiments of two sides by their ids. A side with one experiment each is compared whatever the ids are.
pub fn difference(before: Side<'_>, after: Side<'_>) -> Difference {
    let (old, new) = (by_id(before.1), by_id(after.1));
    let mut experiments = Vec::new();
    if let ([(_, a)], [(_, b)]) = (pairs(&old).as_slice(), pairs(&new).as_slice()) {
        experiments.extend(compare((before.0, a), (after.0, b)));
    } else {
        let mut ids: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            experiments.extend(match (old.get(id), new.get(id)) {
                (Some(a), Some(b)) => compare((before.0, a), (after.0, b)),
                (Some(a), None) => alone((before.0, a), Presence::Removed),
                (None, Some(b)) => alone((after.0, b), Presence::Added),
                (None, None) => None,
            });
        }
    }
    Difference {
        schema: DIFF_SCHEMA.to_owned(),
        class: experiments.iter().map(|experiment| experiment.class).max(),
        experiments,
    }
}

fn by_id(compiled: &[Compiled]) -> IndexMap<&str, &Compiled> {
    compiled
        .iter()
        .filter_map(|spec| Some((spec.experiment.as_ref()?.id.as_str(), spec)))
        .collect()
}

fn pairs<'a>(side: &IndexMap<&'a str, &'a Compiled>) -> Vec<(&'a str, &'a Compiled)> {
    side.iter().map(|(id, spec)| (*id, *spec)).collect()
}

fn path(side: (&Session<'_>, &Compiled)) -> String {
    side.0.sources.file(side.1.file).path().to_owned()
}

fn alone(side: (&Session<'_>, &Compiled), presence: Presence) -> Option<ExperimentDifference> {
    let experiment = side.1.experiment.as_ref()?;
    let digest = Some(Content::of(experiment).digest());
    let (digest_before, digest_after) = match presence {
        Presence::Removed => (digest, None),
        Presence::Added | Presence::Changed => (None, digest),
    };
    Some(ExperimentDifference {
        experiment: experiment.id.clone(),
        file: path(side),
        presence,
        class: FieldClass::Inferential,
        digest_before,
        digest_after,
        changes: Vec::new(),
        consequences: Vec::new(),
        voids: Vec::new(),
    })
}

/// What differs in one experiment; `None` when nothing that a spec says does.
fn compare(before: (&Session<'_>, &Compiled), after: (&Session<'_>, &Compiled)) -> Option<ExperimentDifference> {
    let (a, b) = (before.1.experiment.as_ref()?, after.1.experiment.as_ref()?);
    let (old, new) = (Content::of(a), Content::of(b));
    let all: Vec<Change> = [FieldClass::Inferential, FieldClass::Operational, FieldClass::Editorial]
        .into_iter()
        .flat_map(|class| changes(&old, &new, class))
        .collect();
    let class = all.iter().map(|change| change.class).max()?;
    let digest = old.digest();
    let standing = after.1.standing.iter();
    let voids = standing
        .flat_map(|standing| &standing.approvals)
        .filter(|record| class == FieldClass::Inferential && record.digest == digest)
        .map(|record| VoidApproval {
            who: record.who.clone(),
            groups: record.groups.clone(),
            date: record.date.clone(),
        })
        .collect();
    let mut said: Vec<SaidChange> = Vec::new();
    let mut consequences = Vec::new();
    let plans = before.1.plan.as_ref().zip(after.1.plan.as_ref());
    let mut sizes = plans.map(|(a, b)| sizes(a, b)).unwrap_or_default();
    for change in &all {
        let moved = sole_metric(change, &all).and_then(|metric| sizes.shift_remove(&metric));
        let so = moved.map(|moved| format!(": n per arm {moved}")).unwrap_or_default();
        said.push(SaidChange {
            said: change.said() + &so,
            change: change.clone(),
        });
    }
    consequences.extend(
        sizes
            .iter()
            .map(|(metric, moved)| format!("n per arm of `{metric}` {moved}")),
    );
    if let Some((a, b)) = plans {
        consequences.extend(totals(a, b));
    }
    Some(ExperimentDifference {
        experiment: b.id.clone(),
        file: path(after),
        presence: Presence::Changed,
        class,
        digest_before: Some(digest),
        digest_after: Some(new.digest()),
        changes: said,
        consequences,
        voids,
    })
}

/// The metric whose size a change moves, when no other inferential change could have: none outside the metrics, none of the
/// same metric, and none of what a metric decides.
fn sole_metric(change: &Change, all: &[Change]) -> Option<String> {
    let metric = |change: &Change| {
        let names = segments(&change.field);
        match names.as_slice() {
            [table, id, ..] if table == "metrics" => Some(id.clone()),
            _ => None,
        }
    };
    let own = metric(change).filter(|_| change.class == FieldClass::Inferential)?;
    let alone = all
        .iter()
        .filter(|other| other.class == FieldClass::Inferential && other.field != change.field)
        .all(|other| {
            let names = segments(&other.field);
            let decides = matches!(names.last().map(String::as_str), Some("role" | "test"));
            !decides && metric(other).is_some_and(|id| id != own)
        });
    alone.then_some(own)
}

/// The metrics whose size per arm differs between two plans.
fn sizes(before: &Plan, after: &Plan) -> IndexMap<String, String> {
    let size = |plan: &Plan, id: &str| {
        let metric = plan.metrics.iter().find(|metric| metric.id == id)?;
        metric.comparisons.iter().map(|comparison| comparison.n.arm).max()
    };
    after
        .metrics
        .iter()
        .filter_map(|metric| {
            let (a, b) = (size(before, &metric.id), size(after, &metric.id));
            (a != b).then(|| (metric.id.clone(), moved(a, b)))
        })
        .collect()
}

/// Where two plans differ in their totals.
fn totals(before: &Plan, after: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    let total = |plan: &Plan| plan.sample_size.as_ref().map(|size| size.total);
    if total(before) != total(after) {
        let unit = after.sample_size.as_ref().or(before.sample_size.as_ref());
        let unit = unit.map_or_else(|| "units".to_owned(), |size| format::plural(&size.unit));
        out.push(format!("{unit} over all arms {}", moved(total(before), total(after))));
    }
    let days = |plan: &Plan| plan.duration.as_ref().map(|duration| u64::from(duration.days));
    if days(before) != days(after) {
        out.push(format!("days {}", moved(days(before), days(after))));
    }
    match (before.complete, after.complete) {
        (true, false) => out.push("the plan is no longer complete".to_owned()),
        (false, true) => out.push("the plan is complete now".to_owned()),
        _ => {}
    }
    out
}

fn moved(before: Option<u64>, after: Option<u64>) -> String {
    let said = |n: Option<u64>| n.map_or_else(|| "unknown".to_owned(), |n| format::count(n as f64));
    format!("{} → {}", said(before), said(after))
}
