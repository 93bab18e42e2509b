//! What one supposition leads to.

use schemars::JsonSchema;
use serde::Serialize;

use crate::compilation::Compiled;
use crate::plan::Plan;
use crate::plan::model::{Outcome, Supposed, Supposition};
use crate::source::Pointer;

/// A value that is supposed, as on the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Setting {
    /// Dotted address in the spec.
    pub path: String,
    /// The value as it was written.
    pub value: String,
}

impl Setting {
    /// A field and what it is set to, as it is written in a spec without quotes.
    pub(super) fn new(path: impl Into<String>, value: &impl ToString) -> Self {
        Self {
            path: path.into(),
            value: value.to_string(),
        }
    }

    /// Reads `path=value`; `None` without the equals sign.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, value) = text.split_once('=')?;
        Some(Self {
            path: path.trim().to_owned(),
            value: value.trim().to_owned(),
        })
    }

    /// As `--what-if` takes it.
    pub fn written(&self) -> String {
        format!("{}={}", self.path, self.value)
    }
}

/// What an experiment comes to.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// Units over all arms; absent when the plan is incomplete.
    pub total: Option<u64>,
    /// The unit that is counted.
    pub unit: Option<String>,
    /// Days to the decision; absent for replays.
    pub days: Option<u32>,
    /// The metric that needs the most units.
    pub binding_metric: Option<String>,
    /// The planned size, where one is declared: the chance is at that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<u64>,
    /// Chance to ship a change that works and harms nothing, at the planned size where one is declared, else at the
    /// required one; if metrics are independent. Absent where the rule asks what that leaves out.
    pub chance_to_ship: Option<f64>,
    /// Whether that many units are planned (where a size is declared) and available (where that is known).
    pub fits: Option<bool>,
    /// What keeps the plan from being complete.
    pub incomplete_because: Option<String>,
}

impl Answer {
    /// The answer that a plan gives.
    pub fn of(plan: &Plan) -> Self {
        let total = plan.sample_size.as_ref().map(|size| size.total);
        let decision = plan.decision.as_ref();
        // What leaves a part of the rule out is no chance to ship.
        let chance = decision
            .filter(|decision| decision.leaves_out.is_none())
            .and_then(|decision| decision.planned.or(decision.required));
        Self {
            total,
            unit: plan.sample_size.as_ref().map(|size| size.unit.clone()),
            days: plan.duration.as_ref().map(|duration| duration.days),
            binding_metric: plan.sample_size.as_ref().map(|size| size.binding_metric.clone()),
            planned: plan.sizes.planned,
            chance_to_ship: chance.map(|chance| chance.if_independent),
            fits: total.and_then(|total| fits(plan, total)),
            incomplete_because: plan
                .unsized_metrics
                .first()
                .map(|first| format!("{}: {}", first.metric, first.reason)),
        }
    }
}

/// Whether a size is within what is planned and what is available; `None` when neither is known.
fn fits(plan: &Plan, total: u64) -> Option<bool> {
    let too_long = plan.duration.as_ref().map(|duration| duration.days > duration.max_days);
    let limits: Vec<bool> = [plan.sizes.planned, plan.sizes.available]
        .into_iter()
        .flatten()
        .map(|limit| total <= limit)
        .chain(too_long.map(|too_long| !too_long))
        .collect();
    (!limits.is_empty()).then(|| limits.iter().all(|within| *within))
}

/// Total and days of a plan.
pub fn outcome(plan: &Plan) -> Outcome {
    Outcome {
        total: plan.sample_size.as_ref().map(|size| size.total),
        days: plan.duration.as_ref().map(|duration| duration.days),
    }
}

/// What a plan under a supposition says of it: the values, and what the spec itself has and comes to.
pub fn supposition(declared: &Compiled, settings: &[Setting], without: &[String]) -> Supposition {
    let was = |path: &str| {
        let experiment = declared.experiment.as_ref()?;
        let node = experiment.tree.lookup(&Pointer::from_dotted(path))?;
        Some(crate::plan::ledger::plain(&node.to_json()))
    };
    Supposition {
        settings: settings
            .iter()
            .map(|setting| Supposed {
                path: setting.path.clone(),
                value: setting.value.clone(),
                was: was(&setting.path),
            })
            .collect(),
        without: without.to_vec(),
        declared: declared.plan.as_ref().map_or(
            Outcome {
                total: None,
                days: None,
            },
            outcome,
        ),
    }
}
