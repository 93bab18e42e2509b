//! Composites: the parts of a unit's number, each with the distribution of its metric.

use super::kind::{Kind, kind};
use super::latent::{Form, Margin, Row, scores_for};
use crate::language::Direction;
use crate::resolve::{Experiment, Metric};

/// A metric inside a composite.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    kind: Kind,
    value: f64,
    /// What one of its unit is worth in the composite, with sign.
    weight: f64,
    /// The difference of it that counts as one, in the direction that is better.
    step: f64,
}

/// What a composite is made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Composite {
    parts: Vec<Part>,
    /// Correlations of their values.
    correlations: Vec<Vec<f64>>,
    /// Sum of the weights that each part's steps have.
    per_step: f64,
}

impl Composite {
    /// As a metric declares it.
    ///
    /// # Errors
    /// A clause that says what is missing or cannot be drawn.
    pub(super) fn of(experiment: &Experiment, metric: &Metric) -> Result<Self, String> {
        let components = &metric.declared.components;
        let mut parts = Vec::with_capacity(components.len());
        for component in components {
            let id = &component.metric;
            let of = experiment
                .metric(id)
                .ok_or_else(|| format!("`{id}` is not a metric of this spec"))?;
            if of.is_logarithmic() {
                return Err(format!("`{id}` is analysed as logarithms, and a sum has values"));
            }
            let scale = component
                .scale
                .filter(|scale| *scale > 0.0)
                .ok_or_else(|| format!("`{id}` has no `scale`"))?;
            let sign = if of.direction() == Some(Direction::Decrease) {
                -1.0
            } else {
                1.0
            };
            let kind = kind(of)?;
            let value = match kind {
                Kind::Ratio(moments) => of.baseline().unwrap_or(moments.ratio),
                _ => of.baseline().ok_or_else(|| format!("`{id}` has no baseline"))?,
            };
            parts.push(Part {
                kind,
                value,
                weight: sign * component.weight.get() / scale,
                step: sign * scale,
            });
        }
        let declared = metric.declared.baseline.as_ref().map(|b| b.correlations.as_slice());
        let correlation = |one: &str, other: &str| {
            let pairs = declared.unwrap_or_default().iter();
            let mut found = pairs.filter(|pair| {
                let [a, b] = &pair.between;
                (a == one && b == other) || (a == other && b == one)
            });
            let missing = || format!("its baseline has no correlation of `{one}` and `{other}`");
            found.next().map(|pair| pair.value).ok_or_else(missing)
        };
        let row = |one: usize, id: &str| {
            let cells = components.iter().enumerate().map(|(other, component)| {
                if one == other {
                    Ok(1.0)
                } else {
                    correlation(id, &component.metric)
                }
            });
            cells.collect::<Result<Vec<f64>, String>>()
        };
        let rows = components.iter().enumerate();
        Ok(Self {
            correlations: rows
                .map(|(place, component)| row(place, &component.metric))
                .collect::<Result<_, _>>()?,
            per_step: parts.iter().map(|part| part.weight * part.step).sum(),
            parts,
        })
    }

    /// The composite of the parts' baselines.
    pub(super) fn mean(&self) -> f64 {
        self.parts.iter().map(|part| part.weight * part.value).sum()
    }

    /// A unit's parts, and the composite they make, where it is `value` on average and has moved by `change`: every part has
    /// moved by as many of its steps.
    ///
    /// # Errors
    /// A clause that says which part cannot have moved so far.
    pub(super) fn row(&self, value: f64, change: f64) -> Result<Row, String> {
        let margins = self
            .parts
            .iter()
            .map(|part| part.margin(change / self.per_step))
            .collect::<Result<Vec<Margin>, String>>()?;
        let sd: Vec<f64> = margins.iter().map(|margin| margin.variance().sqrt()).collect();
        let mut scores = self.correlations.clone();
        for (place, row) in scores.iter_mut().enumerate() {
            for (other, cell) in row.iter_mut().enumerate() {
                if let (Some(one), Some(two), Some(s), Some(t)) =
                    (margins.get(place), margins.get(other), sd.get(place), sd.get(other))
                    && place != other
                {
                    *cell = scores_for(*cell * s * t, |rho| one.covariance(two, rho))
                        .ok_or_else(|| format!("parts like its own cannot be correlated by {cell}"))?;
                }
            }
        }
        let made: f64 = self.parts.iter().zip(&margins).map(|(p, m)| p.weight * m.mean()).sum();
        let top = Form {
            constant: value - made,
            weights: self.parts.iter().map(|part| part.weight).collect(),
        };
        let bottom = Form {
            constant: 1.0,
            weights: vec![0.0; margins.len()],
        };
        Row::of(margins, scores, top, bottom)
            .ok_or_else(|| "no parts have all the correlations of its baseline".to_owned())
    }
}

impl Part {
    /// What a unit adds, so many steps better.
    fn margin(&self, steps: f64) -> Result<Margin, String> {
        let value = self.value + steps * self.step;
        Ok(match self.kind {
            Kind::Proportion if (0.0..=1.0).contains(&value) => Margin::event(value),
            Kind::Mean { sd, skewness } => Margin::skewed(value, sd, skewness),
            // What a unit adds to a ratio is its linear part.
            Kind::Ratio(moments) => Margin::normal(value, moments.part_sd()),
            Kind::Count { dispersion, exposure } if value > 0.0 => {
                let exposure = exposure.unwrap_or(1.0);
                Margin::counts(value * exposure, dispersion, 1.0 / exposure)
            }
            _ => return Err(format!("a part of it would be {value}, which it cannot be")),
        })
    }
}
