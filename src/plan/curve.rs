//! Power curves: what a size finds, over a range of true effects.

use super::sizer::Sizer;
use super::support::metric_values;
use crate::language::values::Effect;
use crate::resolve::Experiment;
use crate::stats::{Alpha, Level, Ratio, SampleSize, Sides};

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
    let comparison = sized.comparisons.iter().find(|c| c.arm == arm)?;
    let question = sized.question.as_ref()?;
    let metric = experiment.metric(metric)?;
    let control = experiment.control()?.share.to_f64();
    let treated = experiment.arms.iter().find(|a| a.id == arm)?.share.to_f64();
    let ratio = Ratio::new(treated / control).ok()?;
    let sides = if comparison.sides == 1 { Sides::One } else { Sides::Two };
    let level = Level::new(Alpha::new(comparison.alpha).ok()?, sides);
    let n = SampleSize::new(control * total as f64, treated * total as f64).ok()?;
    let values = metric_values(experiment, metric).ok()?;
    let effect: Effect = metric.effect()?;
    let base = Sizer::new(values, metric.test(), effect, ratio, &experiment.statistics).ok()?;
    let baseline = metric.baseline()?.abs();
    let points = (1..=POINTS)
        .filter_map(|step| {
            let absolute = question.absolute * 2.0 * f64::from(step) / f64::from(POINTS);
            let sizer = base.with_effect(absolute, ratio, &experiment.statistics).ok()?;
            Some(PowerPoint {
                relative: absolute / baseline,
                absolute,
                power: sizer.power(level, n).ok()?,
            })
        })
        .collect();
    Some(PowerCurve {
        metric: sized.id.clone(),
        arm: arm.to_owned(),
        points,
    })
}
