//! Power curves: what a size finds, over a range of true effects.

use super::budget::Budget;
use super::shares::Shares;
use super::sizing::{Purpose, Sizing};
use super::support::asked_effect;
use crate::resolve::Experiment;

/// The power of one comparison at one size, over effects from near zero to twice the declared one.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerCurve {
    /// Metric id.
    pub metric: String,
    /// The arm compared with control.
    pub arm: String,
    /// From the smallest to the largest effect.
    pub points: Vec<PowerPoint>,
}

/// One point of a power curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerPoint {
    /// As a fraction of the baseline.
    pub relative: f64,
    /// On the metric's own scale.
    pub absolute: f64,
    /// The chance to find it.
    pub power: f64,
}

/// How many points a curve has: enough for a smooth line at any width a page has.
const POINTS: u32 = 40;

/// The power curve of a comparison of the plan at a total number of units; `None` when it is not sized.
pub fn power_curve(
    experiment: &Experiment,
    plan: &super::Plan,
    metric: &str,
    arm: &str,
    total: u64,
) -> Option<PowerCurve> {
    let sized = plan.metrics.iter().find(|m| m.id == metric)?;
    sized.comparisons.iter().find(|c| c.arm == arm)?;
    let question = sized.question.as_ref()?;
    let metric = experiment.metric(metric)?;
    let contrast = experiment.contrasts.iter().find(|contrast| contrast.id == arm)?;
    let n = Shares::of(experiment).pair(contrast, Some(total as f64))?;
    let budget = Budget::of(experiment).ok()?;
    let effect = asked_effect(experiment, metric).ok()??;
    let sizing = Sizing::of(experiment, &budget, metric, contrast, effect, Purpose::Gate).ok()?;
    let points = (1..=POINTS)
        .filter_map(|step| {
            let times = 2.0 * f64::from(step) / f64::from(POINTS);
            Some(PowerPoint {
                relative: question.relative * times,
                absolute: question.absolute * times,
                power: sizing.power_for(question.relative * times, n).ok()?,
            })
        })
        .collect();
    Some(PowerCurve {
        metric: sized.id.clone(),
        arm: arm.to_owned(),
        points,
    })
}
