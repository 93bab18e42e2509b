//! Composites: a weighted sum of other metrics, as one number per unit.
//!
//! δ = Σ sᵢ wᵢ δᵢ/cᵢ, where sᵢ is + for metrics that should grow and − for those that should fall, and cᵢ is the difference of
//! metric i that counts as one. A unit's value is the same sum of its own values, so its variance is
//! Σᵢ Σⱼ sᵢ sⱼ wᵢ wⱼ ρᵢⱼ σᵢ σⱼ/(cᵢ cⱼ). Where it has moved by δ, every metric is taken to have moved by as many of its cᵢ,
//! and shares and counts have the variance that they have there.

use super::super::support::Obstacle;
use super::values::{Spread, values};
use crate::language;
use crate::resolve::{Experiment, Metric};
use crate::stats;

/// What a composite is made of: its variance follows the values of its parts.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::plan) struct Composite {
    parts: Vec<Part>,
    /// Correlations of their values, in their order.
    correlations: Vec<Vec<f64>>,
}

/// One metric inside a composite.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    id: String,
    /// What one of its unit is worth in the composite, with sign.
    weight: f64,
    /// The difference of it that counts as one, in the direction that is better.
    step: f64,
    baseline: f64,
    spread: PartSpread,
}

/// What gives the variance of a unit's value.
#[derive(Debug, Clone, Copy, PartialEq)]
enum PartSpread {
    /// The same wherever the mean is.
    Constant(f64),
    /// Yes and no.
    Share,
    /// Events of a unit over its exposure: mean μ, variance μ/t + kμ².
    Events { exposure: f64, dispersion: f64 },
}

impl Part {
    /// What a unit's value adds to the composite's spread, so many steps from the baseline. Signed, so that the sign of a
    /// covariance comes out by itself. A value that the metric cannot have leaves the spread of the baseline.
    fn sd(&self, steps: f64) -> f64 {
        let moved = self.baseline + steps * self.step;
        let sd = match self.spread {
            PartSpread::Constant(sd) => sd,
            PartSpread::Share => {
                let share = if (0.0..=1.0).contains(&moved) {
                    moved
                } else {
                    self.baseline
                };
                (share * (1.0 - share)).max(0.0).sqrt()
            }
            PartSpread::Events { exposure, dispersion } => {
                let mean = if moved > 0.0 { moved } else { self.baseline };
                (mean / exposure + dispersion * mean * mean).sqrt()
            }
        };
        self.weight * sd
    }
}

impl Composite {
    /// The standard deviation of a unit's composite when it is `change` above its baseline, every part having moved by as
    /// many of its steps.
    pub(in crate::plan) fn sd(&self, change: f64) -> f64 {
        let per_step: f64 = self.parts.iter().map(|part| part.weight * part.step).sum();
        let sds: Vec<f64> = self.parts.iter().map(|part| part.sd(change / per_step)).collect();
        let rows = sds.iter().zip(&self.correlations);
        let variance: f64 = rows
            .map(|(one, row)| one * row.iter().zip(&sds).map(|(r, other)| r * other).sum::<f64>())
            .sum();
        variance.sqrt()
    }

    fn mean(&self) -> f64 {
        self.parts.iter().map(|part| part.weight * part.baseline).sum()
    }
}

/// The baseline of a composite and what it is made of.
pub(super) fn composite(experiment: &Experiment, metric: &Metric) -> Result<(f64, Composite), Obstacle> {
    if metric.declared.components.is_empty() {
        return Err(Obstacle::new(
            metric.field("components"),
            "it does not say what it is made of",
        ));
    }
    let parts = metric
        .declared
        .components
        .iter()
        .map(|component| part(experiment, metric, component))
        .collect::<Result<Vec<Part>, _>>()?;
    let row = |one: usize| {
        let cells = parts.iter().enumerate().map(|(other, part)| match parts.get(one) {
            Some(first) if one != other => correlation(metric, &first.id, &part.id),
            _ => Ok(1.0),
        });
        cells.collect::<Result<Vec<f64>, Obstacle>>()
    };
    let correlations = (0..parts.len()).map(row).collect::<Result<Vec<_>, _>>()?;
    let composite = Composite { parts, correlations };
    let sd = composite.sd(0.0);
    if sd.is_nan() || sd <= 0.0 {
        return Err(Obstacle::new(
            metric.field("baseline"),
            "the correlations of its components leave no variance: no such metrics exist",
        ));
    }
    let baseline = metric.baseline().unwrap_or_else(|| composite.mean());
    if metric.effect().is_some_and(language::values::Effect::is_relative) && baseline <= 0.0 {
        return Err(Obstacle::new(
            metric.field("mde"),
            "a composite that is not above zero has no relative effect: state it as `absolute`",
        ));
    }
    Ok((baseline, composite))
}

fn part(experiment: &Experiment, metric: &Metric, component: &language::metric::Component) -> Result<Part, Obstacle> {
    let lack = |reason: &str| Obstacle::new(metric.field("components"), &format!("`{}` {reason}", component.metric));
    let Some(of) = experiment.metric(&component.metric) else {
        return Err(lack("is not a metric of this spec"));
    };
    if of.id == metric.id || of.kind() == Some(language::MetricKind::Composite) {
        return Err(lack("is a composite itself: name the metrics that it is made of"));
    }
    if of.declared.judge.as_ref().is_some_and(|judge| {
        let errs = |share: Option<language::values::Fraction>| share.is_some_and(|share| share.get() < 1.0);
        errs(judge.sensitivity) || errs(judge.specificity)
    }) {
        return Err(lack("has a judge that errs, which a composite cannot be corrected for"));
    }
    let Some(scale) = component.scale.filter(|scale| *scale > 0.0) else {
        return Err(lack("has no `scale`: the difference of it that counts as one"));
    };
    let known = values(experiment, of)?;
    let spread = match known.spread {
        Spread::Proportion => PartSpread::Share,
        Spread::Mean { sd } | Spread::Ratio { sd } => PartSpread::Constant(sd),
        Spread::Rate { exposure, dispersion } => PartSpread::Events { exposure, dispersion },
        Spread::LogMean { .. } => {
            return Err(lack(
                "is analysed as logarithms, and a sum has values: name a metric without `scale`",
            ));
        }
        Spread::Quantile { .. } | Spread::TimeToEvent | Spread::EventByWindow { .. } | Spread::Preference { .. } => {
            return Err(lack(
                "is no number that each unit has, and cannot be added up with others",
            ));
        }
    };
    let sign = match known.direction {
        stats::Direction::Increase => 1.0,
        stats::Direction::Decrease => -1.0,
    };
    Ok(Part {
        id: of.id.clone(),
        weight: sign * component.weight.get() / scale,
        step: sign * scale,
        baseline: known.baseline,
        spread,
    })
}

fn correlation(metric: &Metric, one: &str, other: &str) -> Result<f64, Obstacle> {
    let declared = metric.declared.baseline.as_ref().and_then(|baseline| {
        baseline.correlations.iter().find(|pair| {
            let [a, b] = &pair.between;
            (a == one && b == other) || (a == other && b == one)
        })
    });
    declared.map(|pair| pair.value).ok_or_else(|| {
        Obstacle::new(
            metric.field("baseline"),
            &format!("its baseline has no correlation of `{one}` and `{other}` (0 must be written)"),
        )
    })
}
