//! The score of a spec: 100 less what its findings cost, line by line.
//!
//! It is a function of the findings alone: same spec, workspace, date and profile, same score.

use schemars::JsonSchema;
use serde::Serialize;

use super::engine::Waived;
use crate::diagnostics::{Diagnostic, Severity};

/// The rule that compares the score with the floor of the workspace. It costs nothing itself.
pub const FLOOR_RULE: &str = "score-below-floor";

/// What a spec without a finding has.
const FULL: u32 = 100;

/// What one finding of a level costs. What somebody took responsibility for is still there and costs a fifth, rounded down.
fn cost(severity: Severity, waived: bool) -> u32 {
    let whole = match severity {
        Severity::Error => 20,
        Severity::Warning => 5,
        Severity::Advice => 1,
    };
    if waived { whole / 5 } else { whole }
}

/// One finding and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Line {
    /// The rule.
    pub rule: &'static str,
    /// Its level.
    pub severity: Severity,
    /// Whether it is waived.
    pub waived: bool,
    /// Where: a dotted address in the spec.
    pub at: String,
    /// The fact.
    pub message: String,
    /// Points that it costs.
    pub cost: u32,
}

/// The score of a spec, from 0 to 100.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Score {
    /// 100 less the cost of all lines, not below 0; 0 for a spec that could not be read at all.
    pub points: u32,
    /// What costs something, the dearest first, then by rule and place.
    pub lines: Vec<Line>,
}

/// The version tag of the scores of a run.
pub const SCORE_SCHEMA: &str = "abide.score/1";

/// The scores of a run: `abide check --score --format json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScoreReport {
    /// Always `abide.score/1`.
    pub schema: String,
    /// One entry per spec, in the order they were named.
    pub specs: Vec<SpecScore>,
}

/// What one spec scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SpecScore {
    /// The spec's path.
    pub file: String,
    /// The experiment's id; absent when the spec could not be read.
    pub experiment: Option<String>,
    /// Its score.
    pub score: Score,
}

impl Score {
    /// The score of what was found in one spec. What only shows between specs is not part of it.
    pub fn of(findings: &[Diagnostic], waived: &[Waived], readable: bool) -> Self {
        let line = |finding: &Diagnostic, waived| Line {
            rule: finding.rule,
            severity: finding.severity,
            waived,
            at: finding.place.pointer.dotted(),
            message: finding.message.clone(),
            cost: cost(finding.severity, waived),
        };
        let mut lines: Vec<Line> = findings
            .iter()
            .filter(|finding| finding.rule != FLOOR_RULE)
            .map(|finding| line(finding, false))
            .chain(waived.iter().map(|waived| line(&waived.finding, true)))
            .collect();
        lines.sort_by(|a, b| {
            let key = |line: &Line| (std::cmp::Reverse(line.cost), line.rule, line.at.clone());
            key(a).cmp(&key(b))
        });
        let lost: u32 = lines.iter().map(|line| line.cost).sum();
        Self {
            points: if readable { FULL.saturating_sub(lost) } else { 0 },
            lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Place;
    use crate::source::{FileId, Pointer, SourceFile, SourceMap, Span};

    fn finding(rule: &'static str, severity: Severity) -> Diagnostic {
        let file: FileId = SourceMap::new().add(SourceFile::new("", String::new()));
        let place = Place::new(Span::new(file, 0..0), Pointer::root());
        Diagnostic::new(rule, severity, place, "a fact")
    }

    #[test]
    fn a_clean_spec_has_all_points_and_an_unreadable_one_none() {
        assert_eq!(Score::of(&[], &[], true).points, 100);
        assert_eq!(Score::of(&[], &[], false).points, 0);
    }

    #[test]
    fn the_dearest_comes_first_and_the_floor_costs_nothing() {
        let findings = [
            finding("threats-missing", Severity::Warning),
            finding(FLOOR_RULE, Severity::Error),
            finding("underpowered", Severity::Error),
            finding("no-falsifier", Severity::Advice),
        ];
        let score = Score::of(&findings, &[], true);
        assert_eq!(score.points, 74);
        let costs: Vec<(&str, u32)> = score.lines.iter().map(|line| (line.rule, line.cost)).collect();
        assert_eq!(
            costs,
            [("underpowered", 20), ("threats-missing", 5), ("no-falsifier", 1)]
        );
    }

    #[test]
    fn a_score_does_not_fall_below_nothing() {
        let findings: Vec<Diagnostic> = (0..9).map(|_| finding("underpowered", Severity::Error)).collect();
        assert_eq!(Score::of(&findings, &[], true).points, 0);
    }
}
