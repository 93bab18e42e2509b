//! Values that are analysed as logarithms: what is drawn are the logarithms, and they are written down as such.
//!
//! Logarithms of log-normal values are normal, so their sums are drawn as those of normal values are, and nothing is lost by it.

use rand_chacha::ChaCha8Rng;

use super::Sample;
use crate::analysis::results::{ArmStatistics, ComparisonStatistics, Differences, LogDifferences, MetricResults};

/// Units whose drawn values are logarithms.
pub(super) struct Logarithms {
    drawn: Box<dyn Sample>,
}

impl Logarithms {
    pub(super) fn new(drawn: Box<dyn Sample>) -> Self {
        Self { drawn }
    }
}

impl Sample for Logarithms {
    fn begin(&mut self, rng: &mut ChaCha8Rng) {
        self.drawn.begin(rng);
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        self.drawn.grow(units, rng);
    }

    fn write(&self, into: &mut MetricResults) {
        self.drawn.write(into);
        for arm in into.arms.values_mut() {
            *arm = ArmStatistics {
                log_sum: arm.sum.take(),
                log_sum_squares: arm.sum_squares.take(),
                log_denominator_cross_sum: arm.denominator_cross_sum.take(),
                log_covariate_cross_sum: arm.covariate_cross_sum.take(),
                nonpositive: Some(0.0),
                ..*arm
            };
        }
        for comparison in into.comparisons.values_mut() {
            *comparison = ComparisonStatistics {
                log_differences: comparison.differences.take().map(of_logarithms),
                ..*comparison
            };
        }
    }
}

fn of_logarithms(differences: Differences) -> LogDifferences {
    LogDifferences {
        n: differences.n,
        mean: differences.mean,
        sd: differences.sd,
        control_mean: differences.control_mean,
        nonpositive: 0,
    }
}
