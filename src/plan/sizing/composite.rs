//! Composites: a weighted sum of other metrics, as one number per unit.
//!
//! δ = Σ sᵢ wᵢ δᵢ/cᵢ, where sᵢ is + for metrics that should grow and − for those that should fall, and cᵢ is the difference of
//! metric i that counts as one. A unit's value is the same sum of its own values, so its variance is
//! Σᵢ Σⱼ sᵢ sⱼ wᵢ wⱼ ρᵢⱼ σᵢ σⱼ/(cᵢ cⱼ).

use super::super::support::Obstacle;
use super::values::{Spread, values};
use crate::language;
use crate::resolve::{Experiment, Metric};
use crate::stats;

/// One metric inside a composite: its id, and mean and standard deviation of what a unit adds.
struct Part {
    id: String,
    mean: f64,
    sd: f64,
}

/// The baseline and the standard deviation of a composite.
pub(super) fn composite(experiment: &Experiment, metric: &Metric) -> Result<(f64, Spread), Obstacle> {
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
    let mut variance = 0.0;
    for (position, one) in parts.iter().enumerate() {
        variance += one.sd * one.sd;
        for other in parts.iter().skip(position + 1) {
            variance += 2.0 * correlation(metric, &one.id, &other.id)? * one.sd * other.sd;
        }
    }
    if variance.is_nan() || variance <= 0.0 {
        return Err(Obstacle::new(
            metric.field("baseline"),
            "the correlations of its components leave no variance: no such metrics exist",
        ));
    }
    let baseline = metric
        .baseline()
        .unwrap_or_else(|| parts.iter().map(|part| part.mean).sum());
    if metric.effect().is_some_and(language::values::Effect::is_relative) && baseline <= 0.0 {
        return Err(Obstacle::new(
            metric.field("mde"),
            "a composite that is not above zero has no relative effect: state it as `absolute`",
        ));
    }
    Ok((baseline, Spread::Mean { sd: variance.sqrt() }))
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
    let sd = match known.spread {
        Spread::Proportion => (known.baseline * (1.0 - known.baseline)).max(0.0).sqrt(),
        Spread::Mean { sd } | Spread::Ratio { sd } => sd,
        // Events of a unit over its exposure: mean μ, variance μ/t + kμ².
        Spread::Rate { exposure, dispersion } => {
            (known.baseline / exposure + dispersion * known.baseline * known.baseline).sqrt()
        }
        Spread::Quantile { .. } | Spread::TimeToEvent | Spread::Preference { .. } => {
            return Err(lack(
                "is no number that each unit has, and cannot be added up with others",
            ));
        }
    };
    let sign = match known.direction {
        stats::Direction::Increase => 1.0,
        stats::Direction::Decrease => -1.0,
    };
    let weight = sign * component.weight.get() / scale;
    Ok(Part {
        id: of.id.clone(),
        mean: weight * known.baseline,
        // Signed, so that the sign of a covariance comes out by itself.
        sd: weight * sd,
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
