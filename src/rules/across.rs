//! Rules that only several specs together can show: what they see, and how they report.

use jiff::civil::Date;

use super::engine::{Review, Waiver, waive};
use super::levels::Levels;
use super::registry;
use super::rule::{Check, Rule};
use crate::diagnostics::{Diagnostic, Place, Severity};
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
