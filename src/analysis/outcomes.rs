//! One run in the words that a simulation counts.

use super::actions::{Deciding, state_name};
use super::assess::{self, Assessed, Assessment, State};
use super::monitoring::Monitoring;
use super::quality;
use super::results::Results;
use crate::language::{Action, GuardrailState};
use crate::resolve::Experiment;

/// Something that came out of a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// A superiority primary is significantly better in some arm.
    AnyBetter,
    /// What is done with an arm.
    Action {
        /// The arm.
        arm: String,
        /// The action; `None` without a decision.
        action: Option<Action>,
    },
    /// What a gating metric says.
    State {
        /// The metric.
        metric: String,
        /// The arm.
        arm: String,
        /// The state.
        state: &'static str,
    },
    /// A gating metric's test rejected in the beneficial direction.
    Rejected {
        /// The metric.
        metric: String,
        /// The arm.
        arm: String,
    },
}

/// Everything that came out of a run, each outcome once.
pub(crate) fn outcomes(experiment: &Experiment, results: &Results) -> Vec<Outcome> {
    let monitoring = Monitoring::of(experiment, results.look);
    let assessments = assess::all(experiment, results, &monitoring);
    let quality = quality::judge(experiment, results);
    let mut found = Vec::new();
    for assessment in assessments.iter().flatten() {
        let Ok(assessed) = &assessment.outcome else { continue };
        let Some(state) = state_name(assessed.state) else {
            continue;
        };
        found.push(Outcome::State {
            metric: assessment.metric.id.clone(),
            arm: assessment.arm.to_owned(),
            state,
        });
        if rejects(assessed) {
            found.push(Outcome::Rejected {
                metric: assessment.metric.id.clone(),
                arm: assessment.arm.to_owned(),
            });
            if matches!(assessed.state, State::Primary(_)) && !found.contains(&Outcome::AnyBetter) {
                found.push(Outcome::AnyBetter);
            }
        }
    }
    for (position, arm) in experiment.treatments().enumerate() {
        let metrics: Vec<&Assessment<'_>> = assessments.iter().filter_map(|metric| metric.get(position)).collect();
        let deciding = Deciding {
            experiment,
            quality: &quality,
            monitoring: &monitoring,
            arm: &arm.id,
            metrics,
        };
        found.push(Outcome::Action {
            arm: arm.id.clone(),
            action: deciding.verdict().action,
        });
    }
    found
}

/// Better beyond doubt, or not worse by the margin: what power is the probability of.
fn rejects(assessed: &Assessed) -> bool {
    match assessed.state {
        State::Primary(_) => assessed
            .interval(assessed.evidence.native())
            .is_some_and(|interval| interval.turned(assessed.sign).lower > 0.0),
        State::Held(state) | State::Guardrail(state) => {
            matches!(state, GuardrailState::Pass | GuardrailState::Worse)
        }
        State::Shown => false,
    }
}
