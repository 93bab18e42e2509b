//! Values as functions of a standard normal score, and how alike two of them are when their scores are.
//!
//! With Hermite coefficients aₙ = E[x(Z) hₙ(Z)], hₙ orthonormal, two values whose scores are correlated ρ have the covariance
//! Σ aₙ bₙ ρⁿ (Mehler 1866). So a correlation that is declared of values is met exactly, whatever their distribution: drawing
//! in this way is known as NORTA (Cario & Nelson 1997).

use crate::simulation::draw::counts::{poisson_probabilities, probabilities};
use crate::stats::normal;

/// Terms of the expansion: what is left out is below ρ to this power.
const TERMS: usize = 256;

/// How far the expansion may stop short at ρ = 1, where steps converge slowly.
const SHORT: f64 = 0.04;

/// The distribution of one value, increasing in its score.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::simulation::draw) struct Margin {
    form: Form,
    mean: f64,
    variance: f64,
    /// Hermite coefficients from the first on.
    coefficients: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// Each threshold below the score adds one unit.
    Steps {
        thresholds: Vec<f64>,
        unit: f64,
    },
    Normal {
        mean: f64,
        sd: f64,
    },
    /// origin ± exp(level ± sigma · score).
    LogNormal {
        origin: f64,
        sign: f64,
        level: f64,
        sigma: f64,
    },
}

impl Margin {
    /// Yes (1) with this probability.
    pub(in crate::simulation::draw) fn event(share: f64) -> Self {
        let thresholds = vec![normal::upper_quantile(share.clamp(1e-15, 1.0 - 1e-15))];
        Self::steps(thresholds, 1.0, share, share * (1.0 - share))
    }

    /// Whole numbers with variance μ + k μ², each worth `unit`.
    pub(in crate::simulation::draw) fn counts(mean: f64, dispersion: f64, unit: f64) -> Self {
        let variance = mean + dispersion * mean * mean;
        let table = if dispersion > 0.0 {
            probabilities(mean, dispersion)
        } else {
            poisson_probabilities(mean)
        };
        let Some(table) = table else {
            // Too many to list are as good as continuous.
            return Self::positive(unit * mean, unit * variance.sqrt());
        };
        // From the upper end, so that small tails keep their digits.
        let mut above = 0.0;
        let mut thresholds: Vec<f64> = Vec::with_capacity(table.len());
        for p in table.iter().skip(1).rev() {
            above += p;
            if above > 1e-300 {
                thresholds.push(normal::upper_quantile(above.min(1.0 - 1e-15)));
            }
        }
        thresholds.reverse();
        Self::steps(thresholds, unit, unit * mean, unit * unit * variance)
    }

    fn steps(thresholds: Vec<f64>, unit: f64, mean: f64, variance: f64) -> Self {
        let mut coefficients = vec![0.0; TERMS];
        for threshold in &thresholds {
            let density = unit * normal::pdf(*threshold);
            let (mut before, mut here) = (0.0, 1.0);
            for (place, coefficient) in coefficients.iter_mut().enumerate() {
                let n = place as f64;
                // E[1{Z > t} hₙ₊₁(Z)] = hₙ(t) φ(t)/√(n + 1).
                *coefficient += here * density / (n + 1.0).sqrt();
                (before, here) = (here, (threshold * here - n.sqrt() * before) / (n + 1.0).sqrt());
            }
        }
        Self {
            form: Form::Steps { thresholds, unit },
            mean,
            variance,
            coefficients,
        }
    }

    /// Normal values.
    pub(in crate::simulation::draw) fn normal(mean: f64, sd: f64) -> Self {
        Self {
            form: Form::Normal { mean, sd },
            mean,
            variance: sd * sd,
            coefficients: vec![sd],
        }
    }

    /// Log-normal values above 0.
    pub(in crate::simulation::draw) fn positive(mean: f64, sd: f64) -> Self {
        if mean <= 0.0 || sd <= 0.0 {
            return Self::normal(mean, sd);
        }
        let sigma = (sd / mean).powi(2).ln_1p().sqrt();
        Self::log_normal(0.0, 1.0, mean, sigma)
    }

    /// Values of a given skewness: log-normal, shifted, and mirrored for negative skewness; normal without any.
    pub(in crate::simulation::draw) fn skewed(mean: f64, sd: f64, skewness: f64) -> Self {
        if skewness == 0.0 || sd <= 0.0 {
            return Self::normal(mean, sd);
        }
        // Skewness is (w + 2)√(w − 1) with w = exp σ²: for v = √(w − 1) the root of v³ + 3v = |skewness|, by Cardano.
        let half = 0.5 * skewness.abs();
        let root = (half + half.hypot(1.0)).cbrt();
        let v = root - 1.0 / root;
        let sigma = (v * v).ln_1p().sqrt();
        // Standard deviation over the mean of the log-normal part is v.
        let part = sd / v;
        Self::log_normal(mean - skewness.signum() * part, skewness.signum(), part, sigma)
    }

    fn log_normal(origin: f64, sign: f64, part: f64, sigma: f64) -> Self {
        let mut power = sign * part;
        let coefficients = (1..=TERMS)
            .map(|n| {
                power *= sign * sigma / (n as f64).sqrt();
                power
            })
            .collect();
        Self {
            form: Form::LogNormal {
                origin,
                sign,
                level: part.ln() - 0.5 * sigma * sigma,
                sigma,
            },
            mean: origin + sign * part,
            variance: part * part * (sigma * sigma).exp_m1(),
            coefficients,
        }
    }

    /// The value at a score.
    pub(in crate::simulation::draw) fn value(&self, score: f64) -> f64 {
        match &self.form {
            Form::Steps { thresholds, unit } => unit * thresholds.partition_point(|t| *t < score) as f64,
            Form::Normal { mean, sd } => mean + sd * score,
            Form::LogNormal {
                origin,
                sign,
                level,
                sigma,
            } => origin + sign * (level + sign * sigma * score).exp(),
        }
    }

    /// Expected value.
    pub(in crate::simulation::draw) fn mean(&self) -> f64 {
        self.mean
    }

    /// Variance.
    pub(in crate::simulation::draw) fn variance(&self) -> f64 {
        self.variance
    }

    /// Covariance of the value with its score.
    pub(in crate::simulation::draw) fn slope(&self) -> f64 {
        self.coefficients.first().copied().unwrap_or(0.0)
    }

    /// Covariance with another value whose score is correlated with this one's.
    pub(in crate::simulation::draw) fn covariance(&self, other: &Self, correlation: f64) -> f64 {
        let terms = self.coefficients.iter().zip(&other.coefficients);
        terms
            .fold((0.0, correlation), |(sum, power), (a, b)| {
                (sum + a * b * power, power * correlation)
            })
            .0
    }
}

/// The correlation of scores at which a covariance, which grows with it, is as wanted; `None` where it never is.
pub(in crate::simulation::draw) fn scores_for(wanted: f64, covariance: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut high) = (-1.0, 1.0);
    let slack = 1e-9 * wanted.abs().max(f64::MIN_POSITIVE);
    let most = covariance(high);
    if most < wanted - slack {
        return (wanted <= most * (1.0 + SHORT)).then_some(1.0);
    }
    if covariance(low) > wanted + slack {
        return None;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if covariance(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(if wanted == 0.0 { 0.0 } else { 0.5 * (low + high) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Mean, variance and the covariance of two values by integrals over both scores.
    fn integrated(margin: &Margin, correlation: f64) -> (f64, f64, f64) {
        let rest = (1.0 - correlation * correlation).sqrt();
        // A fine grid: steps are not smooth.
        let grid: Vec<f64> = (0..1600).map(|i| -8.0 + 0.01 * (f64::from(i) + 0.5)).collect();
        let density = |z: f64| 0.01 * normal::pdf(z);
        let moment = |power: i32| {
            grid.iter()
                .map(|z| margin.value(*z).powi(power) * density(*z))
                .sum::<f64>()
        };
        let (mean, square) = (moment(1), moment(2));
        let product: f64 = grid
            .iter()
            .map(|z| {
                let coarse = grid.iter().skip(2).step_by(4);
                let given: f64 = coarse
                    .map(|e| margin.value(correlation * z + rest * e) * 4.0 * density(*e))
                    .sum();
                margin.value(*z) * given * density(*z)
            })
            .sum();
        (mean, square - mean * mean, product - mean * mean)
    }

    #[test]
    fn covariances_are_those_of_the_distribution() {
        for margin in [
            Margin::event(0.2),
            Margin::counts(2.1, 1.4, 0.5),
            Margin::counts(2.1, 0.0, 1.0),
            Margin::normal(2.0, 3.0),
            Margin::skewed(2.0, 3.0, 2.0),
            Margin::skewed(2.0, 3.0, -1.0),
            Margin::positive(4.0, 2.0),
        ] {
            let (mean, variance, covariance) = integrated(&margin, 0.5);
            let scale = margin.variance();
            assert!((mean - margin.mean()).abs() < 2e-3 * scale.sqrt(), "{margin:?} {mean}");
            assert!((variance / scale - 1.0).abs() < 1e-2, "{margin:?} {variance}");
            let expected = margin.covariance(&margin, 0.5);
            assert!(
                (covariance - expected).abs() < 1e-2 * scale,
                "{margin:?} {covariance} {expected}"
            );
        }
    }

    #[test]
    fn a_wanted_covariance_is_found_or_refused() {
        let event = Margin::event(0.2);
        let found = scores_for(0.05 * event.variance(), |rho| event.covariance(&event, rho)).unwrap();
        assert!((event.covariance(&event, found) / event.variance() - 0.05).abs() < 1e-9);
        // Events of one in five cannot exclude each other that much.
        assert!(scores_for(-0.5 * event.variance(), |rho| event.covariance(&event, rho)).is_none());
    }
}
