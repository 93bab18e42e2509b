//! What the normal test of a log rate ratio really does when events are few, every pair of totals counted.

use super::error::{Result, positive, require};
use super::input::Level;

/// The totals of events of two arms: Poisson, or negative binomial where units differ.
///
/// The sum of n units with mean μ and dispersion k is negative binomial with mean nμ and dispersion k/n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountedEvents {
    control: Total,
    treatment: Total,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Total {
    mean: f64,
    /// k/n.
    dispersion: f64,
    /// Exposure of the whole arm.
    exposure: f64,
}

/// The most pairs of totals that are counted one by one.
const MOST_PAIRS: f64 = 4e6;

impl CountedEvents {
    /// Rates per unit of exposure and numbers of units of control and treatment, the exposure of a unit, and the dispersion k
    /// of a unit (variance μ + k μ²; 0 for Poisson).
    ///
    /// # Errors
    /// When a number is out of range, or more than 4 million pairs of totals are likely.
    pub fn new(
        (control, n_control): (f64, f64),
        (treatment, n_treatment): (f64, f64),
        exposure: f64,
        dispersion: f64,
    ) -> Result<Self> {
        let exposure = positive("exposure per unit", exposure)?;
        let k = require(
            "dispersion",
            dispersion,
            "a finite number, 0 or more",
            dispersion >= 0.0,
        )?;
        let total = |rate: f64, n: f64| -> Result<Total> {
            let n = positive("n", n)?;
            let mean = positive("rate", rate)? * exposure * n;
            Ok(Total {
                mean,
                dispersion: k / n,
                exposure: exposure * n,
            })
        };
        let (control, treatment) = (total(control, n_control)?, total(treatment, n_treatment)?);
        let width = |of: Total| {
            let (from, to) = of.likely();
            to - from + 1.0
        };
        let pairs = width(control) * width(treatment);
        require("number of likely outcomes", pairs, "at most 4e6", pairs <= MOST_PAIRS)?;
        Ok(Self { control, treatment })
    }

    /// Probability that the log rate ratio is beyond `null` on the side of `sign` (+1: above, −1: below) by the test's normal
    /// quantile of one tail of `level`, with variance 1/x + k/n in each arm. Without an event in an arm nothing is decided.
    ///
    /// ```
    /// use abide::stats::{CountedEvents, Level};
    /// // 12 events expected in each arm: how often the test wrongly says that there are more.
    /// let events = CountedEvents::new((0.02, 600.0), (0.02, 600.0), 1.0, 0.0)?;
    /// let error = events.rejection(Level::two_sided(0.05)?, 0.0, 1.0);
    /// assert!((0.015..0.025).contains(&error), "{error}");
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn rejection(&self, level: Level, null: f64, sign: f64) -> f64 {
        let critical = level.z() - 1e-12;
        let (first, second) = (self.control.outcomes(), self.treatment.outcomes());
        let mut sum = 0.0;
        for &(x0, p0) in first.iter().filter(|(events, _)| *events > 0.0) {
            for &(x1, p1) in second.iter().filter(|(events, _)| *events > 0.0) {
                let ratio = (x1 / self.treatment.exposure).ln() - (x0 / self.control.exposure).ln();
                let variance = 1.0 / x0 + 1.0 / x1 + self.control.dispersion + self.treatment.dispersion;
                if sign * (ratio - null) >= critical * variance.sqrt() {
                    sum += p0 * p1;
                }
            }
        }
        sum
    }
}

impl Total {
    /// The first and the last number of events whose probability is not lost beside 1.
    fn likely(self) -> (f64, f64) {
        let Self { mean, dispersion, .. } = self;
        // The tail of a negative binomial falls by a factor of μ/(μ + size) with each event.
        let reach = 10.0 * (mean + dispersion * mean * mean).sqrt() + 45.0 + 30.0 * dispersion * mean;
        ((mean - reach).floor().max(0.0), (mean + reach).ceil())
    }

    /// Numbers of events that are likely, with their probabilities.
    fn outcomes(self) -> Vec<(f64, f64)> {
        let (from, to) = self.likely();
        let mut all = Vec::new();
        let mut events = from;
        while events <= to {
            all.push((events, self.probability(events)));
            events += 1.0;
        }
        all
    }

    fn probability(self, x: f64) -> f64 {
        let mu = self.mean;
        let log = if self.dispersion < 1e-12 {
            x * mu.ln() - mu - libm::lgamma(x + 1.0)
        } else {
            let size = 1.0 / self.dispersion;
            libm::lgamma(x + size) - libm::lgamma(size) - libm::lgamma(x + 1.0) - size * (mu / size).ln_1p()
                + x * (mu / (size + mu)).ln()
        };
        log.exp()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_of_totals_sum_to_one() {
        for dispersion in [0.0, 0.5, 40.0] {
            let total = CountedEvents::new((0.05, 300.0), (0.05, 300.0), 1.0, dispersion).unwrap();
            let sum: f64 = total.control.outcomes().iter().map(|(_, p)| p).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{dispersion}: {sum}");
        }
    }

    /// Enumerated with scipy 1.17: Poisson totals of mean 12, and negative-binomial ones of 200 units with k = 2.
    #[test]
    fn few_events_are_counted_as_scipy_counts_them() {
        let level = Level::two_sided(0.05).unwrap();
        let error = CountedEvents::new((0.02, 600.0), (0.02, 600.0), 1.0, 0.0)
            .unwrap()
            .rejection(level, 0.0, 1.0);
        assert!((error - 0.021_765_344).abs() < 1e-8, "{error}");
        let power = CountedEvents::new((0.1, 200.0), (0.2, 200.0), 1.0, 2.0)
            .unwrap()
            .rejection(level, 0.0, 1.0);
        assert!((power - 0.623_855_788).abs() < 1e-8, "{power}");
    }

    #[test]
    fn with_many_events_the_normal_approximation_holds() {
        let level = Level::two_sided(0.05).unwrap();
        let events = CountedEvents::new((0.5, 4000.0), (0.5, 4000.0), 1.0, 1.5).unwrap();
        let error = events.rejection(level, 0.0, -1.0);
        assert!((error - 0.025).abs() < 1e-3, "{error}");
    }
}
