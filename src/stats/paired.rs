//! Paired comparisons of means: the same unit sees both arms.

use super::error::{Result, StatsError, finite, positive, require};
use super::hypothesis::{Detectable, Hypothesis};
use super::input::{LARGEST_N, Level, Power, Sides, Tails};
use super::means::{MeanTest, t_power};
use super::proportions::not_beneficial;
use super::solve::{Crossing, Search, probit};
use super::student;
use super::ztest::{ZTest, check_n};

/// A paired t test (or z test) of the contrast y1 − w y0, one value per pair; n − 1 degrees of freedom.
///
/// ```
/// use abide::stats::{Direction, Hypothesis, Level, PairedMeans, Power};
/// // Mean difference of .1 standard deviations of the difference.
/// let design = PairedMeans::from_difference(0.1, 1.0, Hypothesis::superiority(Direction::Increase))?;
/// assert_eq!(design.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?.ceil(), 787.0);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedMeans {
    control: f64,
    distance: f64,
    sd: f64,
    hypothesis: Hypothesis,
    test: MeanTest,
    tails: Tails,
}

impl PairedMeans {
    /// Means and standard deviations of both arms and the correlation of a pair's two values, strictly between −1
    /// and 1.
    pub fn new(
        (control, sd_control): (f64, f64),
        (treatment, sd_treatment): (f64, f64),
        correlation: f64,
        hypothesis: Hypothesis,
    ) -> Result<Self> {
        let control = finite("mean of control", control)?;
        if hypothesis.is_relative() {
            positive("mean of control", control)?;
        }
        let treatment = finite("mean of treatment", treatment)?;
        let s0 = positive("standard deviation of control", sd_control)?;
        let s1 = positive("standard deviation of treatment", sd_treatment)?;
        let rho = require(
            "correlation",
            correlation,
            "strictly between -1 and 1",
            correlation.abs() < 1.0,
        )?;
        let w = hypothesis.weight();
        // (s1 − w s0)² + 2 w s0 s1 (1 − ρ): a sum of positive terms, unlike the textbook form.
        let sd = ((s1 - w * s0).powi(2) + 2.0 * w * s0 * s1 * (1.0 - rho)).sqrt();
        let distance = hypothesis.distance(control, treatment);
        Ok(Self {
            control,
            distance,
            sd,
            hypothesis,
            test: MeanTest::Student,
            tails: Tails::Beneficial,
        })
    }

    /// The mean difference (treatment − control) and the standard deviation of the differences; an absolute margin.
    pub fn from_difference(difference: f64, sd_difference: f64, hypothesis: Hypothesis) -> Result<Self> {
        if hypothesis.is_relative() {
            return Err(StatsError::no_solution(
                "paired design",
                "a relative margin needs the mean and standard deviation of each arm",
            ));
        }
        let distance = hypothesis.distance(0.0, finite("mean difference", difference)?);
        let sd = positive("standard deviation of differences", sd_difference)?;
        Ok(Self {
            control: 0.0,
            distance,
            sd,
            hypothesis,
            test: MeanTest::Student,
            tails: Tails::Beneficial,
        })
    }

    /// The same with another test; [`MeanTest::Welch`] is Student's here, as there is one variance.
    #[must_use]
    pub fn with_test(self, test: MeanTest) -> Self {
        Self { test, ..self }
    }

    /// The same with other tails counted as power.
    #[must_use]
    pub fn with_tails(self, tails: Tails) -> Self {
        Self { tails, ..self }
    }

    /// Standard deviation of a pair's contrast.
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// Real-valued number of pairs that reaches `power`; at least 2 for a t test.
    pub fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        if self.distance <= 0.0 {
            return Err(not_beneficial(self.hypothesis));
        }
        let z = self.z_test()?;
        if self.test == MeanTest::Z {
            return z.sample_size(level, power);
        }
        let (a, b) = (level.z(), power.z());
        let by_z = z.with_tails(Tails::Beneficial).sample_size(level, power)?;
        let search = Search {
            wanted: "number of pairs",
            start: by_z + 0.5 * a * a,
            floor: 2.0,
            ceiling: LARGEST_N,
            slope: 0.5 * (a + b).max(0.1),
        };
        search.at_least_floor(
            |n| self.excess(self.distance, level, b, n),
            "more than 1e18 pairs would be needed",
        )
    }

    /// Power with `n` pairs (at least 2 for a t test).
    pub fn power(&self, level: Level, n: f64) -> Result<f64> {
        let n = check_n(n)?;
        if self.test == MeanTest::Z {
            return self.z_test()?.power(level, n);
        }
        Ok(self.tail_probabilities(self.distance, level, n)?.0)
    }

    /// The smallest effect with the given power with `n` pairs.
    pub fn detectable(&self, level: Level, power: Power, n: f64) -> Result<Detectable> {
        const WANTED: &str = "detectable effect";
        let n = check_n(n)?;
        let by_z = self.z_test()?.detectable(level, power, n)?;
        let distance = if self.test == MeanTest::Z {
            by_z
        } else {
            let (a, b) = (level.z(), power.z());
            let search = Search {
                wanted: WANTED,
                start: by_z,
                floor: 1e-9 * by_z,
                ceiling: 1e9 * by_z,
                slope: (a + b).max(0.1),
            };
            match search.crossing(|distance| self.excess(distance, level, b, n))? {
                Crossing::At(distance) => distance,
                _ => return Err(StatsError::no_solution(WANTED, "no effect has exactly this power")),
            }
        };
        let difference = self.hypothesis.null_difference(self.control) + self.hypothesis.better().sign() * distance;
        Ok(Detectable {
            difference,
            relative: difference / self.control,
        })
    }

    fn z_test(&self) -> Result<ZTest> {
        Ok(ZTest::new(self.distance, self.sd)?.with_tails(self.tails))
    }

    fn excess(&self, distance: f64, level: Level, b: f64, n: f64) -> Result<f64> {
        let (power, miss) = self.tail_probabilities(distance, level, n)?;
        Ok(probit(power, miss) - b)
    }

    fn tail_probabilities(&self, distance: f64, level: Level, n: f64) -> Result<(f64, f64)> {
        let df = n - 1.0;
        let critical = student::upper_quantile(level.tail(), df)?;
        let both = self.tails == Tails::Both && level.sides == Sides::Two;
        t_power(critical, df, distance * n.sqrt() / self.sd, both)
    }
}
