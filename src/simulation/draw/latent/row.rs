//! What is measured of a unit at once: one value, a numerator and a denominator, or the parts of a composite.

use super::margin::{Margin, scores_for};

/// A sum of values with weights, and something beside them.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::simulation::draw) struct Form {
    pub(in crate::simulation::draw) constant: f64,
    pub(in crate::simulation::draw) weights: Vec<f64>,
}

impl Form {
    fn of(&self, values: &[f64]) -> f64 {
        let terms = self.weights.iter().zip(values);
        terms.fold(self.constant, |sum, (weight, value)| sum + weight * value)
    }
}

/// One reading of a unit in an arm: values with correlated scores, and the numerator and denominator made of them.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::simulation::draw) struct Row {
    margins: Vec<Margin>,
    /// Correlations of the scores of one reading.
    scores: Vec<Vec<f64>>,
    /// The lower triangle whose product with its transpose they are.
    root: Vec<Vec<f64>>,
    top: Form,
    /// Denominator; of everything but ratios, 1 (or the exposure).
    bottom: Form,
    /// Weights of the values in what the test rests on: the numerator less the ratio times the denominator.
    part: Vec<f64>,
}

impl Row {
    /// One value over a constant.
    pub(in crate::simulation::draw) fn single(margin: Margin, over: f64) -> Self {
        Self {
            margins: vec![margin],
            scores: vec![vec![1.0]],
            root: vec![vec![1.0]],
            top: Form {
                constant: 0.0,
                weights: vec![1.0],
            },
            bottom: Form {
                constant: over,
                weights: vec![0.0],
            },
            part: vec![1.0],
        }
    }

    /// Values whose scores have these correlations, and what is made of them; `None` where no such values exist.
    pub(in crate::simulation::draw) fn of(
        margins: Vec<Margin>,
        scores: Vec<Vec<f64>>,
        top: Form,
        bottom: Form,
    ) -> Option<Self> {
        let means: Vec<f64> = margins.iter().map(Margin::mean).collect();
        let ratio = top.of(&means) / bottom.of(&means);
        let part = top.weights.iter().zip(&bottom.weights).map(|(y, d)| y - ratio * d);
        Some(Self {
            part: part.collect(),
            root: cholesky(&scores)?,
            margins,
            scores,
            top,
            bottom,
        })
    }

    /// How many values a reading has.
    pub(in crate::simulation::draw) fn width(&self) -> usize {
        self.margins.len()
    }

    /// Scores with the correlations of one reading, from independent ones.
    pub(in crate::simulation::draw) fn correlated(&self, independent: &[f64], into: &mut [f64]) {
        for (slot, weights) in into.iter_mut().zip(&self.root) {
            *slot = weights.iter().zip(independent).map(|(w, z)| w * z).sum();
        }
    }

    /// Numerator and denominator at some scores; `values` is room for what is between.
    pub(in crate::simulation::draw) fn read(&self, scores: &[f64], values: &mut Vec<f64>) -> (f64, f64) {
        values.clear();
        values.extend(self.margins.iter().zip(scores).map(|(margin, z)| margin.value(*z)));
        (self.top.of(values), self.bottom.of(values))
    }

    /// Covariance of what a test rests on, between readings whose scores go together to this extent.
    fn covariance(&self, other: &Self, likeness: f64) -> f64 {
        let mut sum = 0.0;
        for ((one, weight), correlations) in self.margins.iter().zip(&self.part).zip(&self.scores) {
            for ((two, other_weight), correlation) in other.margins.iter().zip(&other.part).zip(correlations) {
                sum += weight * other_weight * one.covariance(two, likeness * correlation);
            }
        }
        sum
    }

    /// Variance of what a test rests on.
    fn variance(&self) -> f64 {
        let mut sum = 0.0;
        for (place, ((one, weight), correlations)) in self.margins.iter().zip(&self.part).zip(&self.scores).enumerate()
        {
            for (other, ((two, other_weight), correlation)) in
                self.margins.iter().zip(&self.part).zip(correlations).enumerate()
            {
                sum += weight
                    * other_weight
                    * if place == other {
                        one.variance()
                    } else {
                        one.covariance(two, *correlation)
                    };
            }
        }
        sum
    }

    /// How alike the scores of two readings must be for the declared correlation of their values.
    ///
    /// # Errors
    /// A clause that says that values like these cannot be as alike.
    pub(in crate::simulation::draw) fn likeness(&self, other: &Self, correlation: f64) -> Result<f64, String> {
        if correlation.abs() < 1e-12 {
            return Ok(0.0);
        }
        if correlation >= 1.0 && self == other {
            return Ok(1.0);
        }
        let wanted = correlation * (self.variance() * other.variance()).sqrt();
        scores_for(wanted, |likeness| self.covariance(other, likeness))
            .ok_or_else(|| format!("values like these cannot be correlated by {correlation:.3}"))
    }

    /// Weights of the scores in the normal value that goes most with what a test rests on, scaled to a variance of 1; and the
    /// correlation of the two.
    pub(in crate::simulation::draw) fn direction(&self) -> (Vec<f64>, f64) {
        let slopes: Vec<f64> = self
            .margins
            .iter()
            .zip(&self.part)
            .map(|(margin, weight)| weight * margin.slope())
            .collect();
        let mut variance = 0.0;
        for (one, correlations) in slopes.iter().zip(&self.scores) {
            for (other, correlation) in slopes.iter().zip(correlations) {
                variance += one * other * correlation;
            }
        }
        let length = variance.sqrt();
        let weights = slopes.iter().map(|slope| slope / length).collect();
        (weights, length / self.variance().sqrt())
    }
}

/// The lower triangle whose product with its transpose is a matrix of correlations; `None` where there is none.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let mut root: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for row in matrix {
        let mut new: Vec<f64> = Vec::with_capacity(matrix.len());
        for (column, wanted) in row.iter().take(root.len()).enumerate() {
            let above = root.get(column)?;
            let sum: f64 = above.iter().zip(&new).map(|(a, b)| a * b).sum();
            let pivot = above.get(column)?;
            new.push(if *pivot > 0.0 { (wanted - sum) / pivot } else { 0.0 });
        }
        let used: f64 = new.iter().map(|x| x * x).sum();
        let left = row.get(new.len())? - used;
        if left < -1e-9 {
            return None;
        }
        new.push(left.max(0.0).sqrt());
        root.push(new);
    }
    Some(root)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_gives_the_correlations_back_or_says_there_are_none() {
        let wanted = [[1.0, 0.5, -0.2], [0.5, 1.0, 0.3], [-0.2, 0.3, 1.0]].map(|row| row.to_vec());
        let root = cholesky(&wanted).unwrap();
        let product: f64 = root[2].iter().zip(&root[1]).map(|(a, b)| a * b).sum();
        assert!((product - 0.3).abs() < 1e-12);
        let impossible = [[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]].map(|row| row.to_vec());
        assert!(cholesky(&impossible).is_none());
    }

    #[test]
    fn a_declared_correlation_is_that_of_the_values() {
        let row = Row::single(Margin::event(0.2), 1.0);
        let likeness = row.likeness(&row, 0.3).unwrap();
        // Scores are more alike than what is cut from them.
        assert!(likeness > 0.45 && likeness < 0.55, "{likeness}");
        assert!(row.likeness(&row, -0.9).unwrap_err().contains("-0.9"));
    }
}
