//! Rules that only several specs together can show: what they see, and how they report.

use jiff::ToSpan;
use jiff::civil::Date;

use super::engine::{Review, Waiver, waive};
use super::levels::Levels;
use super::registry;
use super::rule::{Check, Rule};
use crate::diagnostics::{Diagnostic, Place, Severity};
use crate::language::values::{Condition, Fraction};
use crate::language::{Mode, Status};
use crate::plan::Plan;
use crate::resolve::Experiment;
use crate::source::Pointer;
use crate::workspace::Workspace;

/// One experiment among the others of its workspace.
pub struct Neighbour<'a> {
    /// The resolved experiment.
    pub experiment: &'a Experiment,
    /// What was computed from it.
    pub plan: &'a Plan,
    /// The workspace that they share, when there is one.
    pub workspace: Option<&'a Workspace>,
    /// Which rules run for it, at which level.
    pub levels: Levels,
    /// What its spec waives.
    pub waivers: Vec<Waiver>,
}

impl Neighbour<'_> {
    /// The place of a value by its dotted address in the spec, or of the closest table that someone wrote.
    pub fn place(&self, dotted: &str) -> Place {
        self.experiment.place(&Pointer::from_dotted(dotted))
    }

    /// Whether it takes, or is about to take, users: it is past its draft, not over, and no replay.
    pub fn is_live(&self) -> bool {
        let status = self.experiment.status();
        self.experiment.mode() == Mode::Online && matches!(status, Status::Review | Status::Approved | Status::Running)
    }

    /// Its first and last day, as far as it says when it starts: the planned duration, or else the longest it may take.
    pub fn days(&self) -> Option<(Date, Date)> {
        let start = self.experiment.spec.schedule.as_ref()?.start?.get();
        let days = match &self.plan.duration {
            Some(duration) => duration.days,
            None => self.experiment.limits.max_days,
        };
        let end = start.checked_add(i64::from(days.max(1) - 1).days()).ok()?;
        Some((start, end))
    }

    /// Whether both have a day in common.
    pub fn meets(&self, other: &Self) -> bool {
        match (self.days(), other.days()) {
            (Some((start, end)), Some((from, to))) => start <= to && from <= end,
            _ => false,
        }
    }

    /// The exclusive layer it is in: no unit of such a layer is in two of its experiments.
    pub fn exclusive_layer(&self) -> Option<&str> {
        let name = self.experiment.spec.traffic.as_ref()?.layer.as_deref()?;
        let layer = self.workspace.and_then(|workspace| workspace.config.layers.get(name));
        layer.and_then(|layer| layer.exclusive).unwrap_or(true).then_some(name)
    }

    /// The largest share of its layer that it takes: at full allocation or in a stage of its ramp.
    pub fn share(&self) -> f64 {
        let spec = &self.experiment.spec;
        let full = spec
            .traffic
            .as_ref()
            .and_then(|traffic| traffic.allocation)
            .map_or(1.0, Fraction::get);
        let ramp = spec.schedule.iter().flat_map(|schedule| &schedule.ramp);
        ramp.map(|stage| stage.allocation.get()).fold(full, f64::max)
    }

    /// Whether a unit can be eligible for both: no attribute must have different values in them.
    pub fn can_share_units_with(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (&self.experiment.spec.population, &other.experiment.spec.population) else {
            return true;
        };
        own.r#where.iter().all(|(attribute, condition)| {
            let (Condition::Is(own), Some(Condition::Is(others))) = (condition, others.r#where.get(attribute)) else {
                return true;
            };
            own.as_slice().iter().any(|value| others.as_slice().contains(value))
        })
    }
}

/// Where a rule between specs puts what it finds: every finding belongs to one of them.
pub struct AcrossFindings<'a> {
    rule: &'static Rule,
    severities: &'a [Option<Severity>],
    out: &'a mut [Vec<Diagnostic>],
}

impl AcrossFindings<'_> {
    /// A finding about the experiment at a position, at its level: to be completed and given to [`AcrossFindings::push`].
    pub fn at(&self, owner: usize, place: Place, message: impl Into<String>) -> Diagnostic {
        let severity = self.severities.get(owner).copied().flatten();
        Diagnostic::new(self.rule.name, severity.unwrap_or(self.rule.severity), place, message)
    }

    /// As [`AcrossFindings::at`], for the lesser case of a rule: never above `most`.
    pub fn at_most(&self, owner: usize, most: Severity, place: Place, message: impl Into<String>) -> Diagnostic {
        let mut finding = self.at(owner, place, message);
        finding.severity = finding.severity.min(most);
        finding
    }

    /// Reports a finding about the experiment at a position, unless the rule does not run for it.
    pub fn push(&mut self, owner: usize, finding: Diagnostic) {
        if let (Some(Some(_)), Some(out)) = (self.severities.get(owner), self.out.get_mut(owner)) {
            out.push(finding);
        }
    }
}

/// Runs the rules between specs over the experiments of one workspace, and applies the waivers of each. One review for each
/// experiment, in their order.
pub fn review_across(neighbours: &[Neighbour<'_>], today: Date) -> Vec<Review> {
    let mut out = vec![Vec::new(); neighbours.len()];
    for rule in registry() {
        let Check::Across(check) = rule.check else { continue };
        let severities: Vec<Option<Severity>> = neighbours
            .iter()
            .map(|neighbour| neighbour.levels.severity(rule, neighbour.experiment))
            .collect();
        check(
            neighbours,
            &mut AcrossFindings {
                rule,
                severities: &severities,
                out: &mut out,
            },
        );
    }
    neighbours
        .iter()
        .zip(out)
        .map(|(neighbour, findings)| waive(findings, &neighbour.waivers, today))
        .collect()
}
