//! What the review document is built from: plain values that other stages fill in.

use super::model::Depth;
use super::surroundings::{Studies, Surroundings};
use crate::diagnostics::Severity;
use crate::governance::Standing;
use crate::language::{Action, GuardrailState, PrimaryState, Spec};
use crate::plan::Plan;

/// Everything a review document shows. All numbers are computed elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct BoardInputs<'a> {
    /// The spec with defaults, workspace and catalogue merged in.
    pub spec: &'a Spec,
    /// What was computed from it.
    pub plan: &'a Plan,
    /// The findings of `check`, waived ones too, in the order of every output.
    pub findings: &'a [FindingRecord],
    /// The decision rule, worked out for every outcome; `None` when the spec declares none that can be.
    pub decision: Option<&'a DecisionTable>,
    /// Power against effect, for the comparisons worth drawing.
    pub power_curves: &'a [PowerCurve],
    /// What surrounds the plan.
    pub surroundings: &'a Surroundings,
    /// What further compilations say of it.
    pub studies: &'a Studies,
    /// The spec as it was written, for the appendix.
    pub source: Option<&'a SpecSource>,
    /// Where it stands with its reviewers; `None` where nobody says who reviews and nobody has approved.
    pub standing: Option<&'a Standing>,
    /// How much the document shows; `None` leaves it to the risk.
    pub depth: Option<Depth>,
    /// The date the document is made for, `2027-01-04`.
    pub as_of: &'a str,
    /// What the spec scores by its findings, from 0 to 100.
    pub score: u32,
    /// The version of abide.
    pub tool_version: &'a str,
}

/// The text of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecSource {
    /// Its path, spelled as in the origins of the plan.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// A finding of `check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRecord {
    /// The rule.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The fact: lower case, no full stop.
    pub message: String,
    /// Why it matters, numbers: clauses, lower case, no full stop.
    pub notes: Vec<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// The file.
    pub file: String,
    /// The line, starting at 1.
    pub line: usize,
    /// The waiver that covers it.
    pub waived: Option<WaiverRecord>,
}

/// A waiver as it applies to a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaiverRecord {
    /// Who says so.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The last day it holds, `2027-01-31`.
    pub until: Option<String>,
}

/// What a decision rule does in every outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionTable {
    /// The rule by name: `spotify`; `rules of the spec` for rules of one's own.
    pub rule: String,
    /// Whether every outcome is covered and every rule can fire.
    pub proven: bool,
    /// One row per state of the primaries, in the order win, null, unresolved, loss.
    pub rows: Vec<DecisionRow>,
    /// What is done when a quality check fails.
    pub invalid: Outcome,
    /// What the rule asks for beyond the table: a chance of positive net value, a practical minimum.
    pub conditions: Vec<String>,
}

/// One row of a decision table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRow {
    /// The state of the primaries.
    pub primary: PrimaryState,
    /// What is done, by the worst state of the guardrails, in the order pass, worse, unresolved, breach. A spec without
    /// guardrails has `pass` only.
    pub cells: Vec<(GuardrailState, Outcome)>,
}

/// What is done in one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The action; `None` where nothing is read from the data at all.
    pub action: Option<Action>,
    /// What that means here, a sentence; may be empty.
    pub sentence: String,
}

/// Chance to find an effect, over effects, at one size.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerCurve {
    /// The metric.
    pub metric: String,
    /// The arm compared with control.
    pub arm: String,
    /// Which of the three sizes it is drawn for.
    pub size: CurveSize,
    /// That size, in randomisation units over all arms.
    pub units: u64,
    /// Points by rising effect; about forty make a smooth line.
    pub points: Vec<CurvePoint>,
}

/// The three sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CurveSize {
    /// What the decision needs.
    Required,
    /// What the spec plans.
    Planned,
    /// What traffic or the log can give.
    Available,
}

/// One point of a power curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// The true effect as a fraction of the baseline; positive in the direction the test asks about.
    pub effect_relative: f64,
    /// The true effect on the metric's own scale; positive likewise.
    pub effect_absolute: f64,
    /// Chance to find it, between 0 and 1.
    pub power: f64,
}
