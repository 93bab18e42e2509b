//! One look of a run in the terms that a simulation counts.

use super::actions::state_name;
use super::assess::{Assessed, Assessment, State, scale};
use super::evidence::{Interval, Scale};
use super::quality;
use super::ready::Analysis;
use super::results::Results;
use super::verdict::QualityRecord;
use crate::language::values::Effect;
use crate::language::{Action, GuardrailState};

/// What an analysis says of one look.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// By metric (outer) and treatment (inner); `None` where the data could not be analysed.
    pub(crate) findings: Vec<Vec<Option<Finding>>>,
    /// What is done with each treatment; `None` without a decision.
    pub(crate) actions: Vec<Option<Action>>,
}

/// What it says of one comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Finding {
    /// The state; `None` for metrics that gate nothing.
    pub(crate) state: Option<&'static str>,
    /// Its test rejects in the beneficial direction: better, or not worse by the margin.
    pub(crate) rejects: bool,
    /// Where the effect was asked for.
    pub(crate) scale: Scale,
    /// The estimate on that scale: arm minus control, not turned.
    pub(crate) estimate: Option<f64>,
    /// Its interval, not turned.
    pub(crate) interval: Option<Interval>,
    /// The confidence of that interval.
    pub(crate) confidence: f64,
}

impl Analysis<'_> {
    /// The health of the data, which the counts of units decide.
    pub(crate) fn quality(&self, results: &Results) -> QualityRecord {
        quality::judge(self.experiment(), results)
    }

    /// What results of this look say.
    pub(crate) fn read(&self, results: &Results, quality: &QualityRecord) -> Reading {
        let assessments = self.assess(results);
        let actions = (0..self.arms().len())
            .map(|position| self.deciding(position, quality, &assessments).action())
            .collect();
        let findings = assessments
            .iter()
            .map(|arms| arms.iter().map(finding).collect())
            .collect();
        Reading { findings, actions }
    }

    /// Why a metric could not be analysed, the first one that gates.
    pub(crate) fn first_obstacle(&self, results: &Results) -> Option<String> {
        self.assess(results).iter().flatten().find_map(|assessment| {
            let obstacle = assessment.outcome.as_ref().err()?;
            let gates = assessment.metric.is_gating();
            gates.then(|| format!("{}: {}", assessment.metric.id, obstacle.reason))
        })
    }
}

fn finding(assessment: &Assessment<'_>) -> Option<Finding> {
    let assessed = assessment.outcome.as_ref().ok()?;
    let scale = asked(assessed, assessment.metric.effect());
    Some(Finding {
        state: state_name(assessed.state),
        rejects: rejects(assessed),
        scale,
        estimate: assessed.evidence.estimate(scale),
        interval: assessed.interval(scale),
        confidence: 1.0 - 2.0 * assessment.level.tail(),
    })
}

fn asked(assessed: &Assessed, effect: Option<Effect>) -> Scale {
    effect.map_or(assessed.evidence.native(), scale)
}

/// Better beyond doubt, by the margin where one must be beaten, or not worse by the margin: what power is the probability of.
fn rejects(assessed: &Assessed) -> bool {
    match assessed.state {
        State::Primary(_) => {
            let better = assessed
                .interval(assessed.evidence.native())
                .is_some_and(|interval| interval.turned(assessed.sign).lower > 0.0);
            better && assessed.beyond_margin.is_none_or(|distance| distance > 0.0)
        }
        State::Held(state) | State::Guardrail(state) => {
            matches!(state, GuardrailState::Pass | GuardrailState::Worse)
        }
        State::Shown => false,
    }
}
