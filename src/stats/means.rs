//! Two independent means: z, Student's t and Welch's t.
//!
//! With r = n1/n0 and the contrast μ1 − w μ0, the standard error is √(w² σ0²/n0 + σ1²/n1), the noncentrality is
//! distance / standard error, and power is the tail of the noncentral t (Cohen 1988, ch. 2; Owen 1965). Welch's test
//! uses Satterthwaite's degrees of freedom at the true standard deviations, an approximation whose exact form is Moser,
//! Stevens & Watts 1989.

use super::error::{Result, StatsError, finite, positive};
use super::hypothesis::{Detectable, Hypothesis};
use super::input::{Direction, LARGEST_N, Level, Power, Ratio, SampleSize, Sides, Tails};
use super::normal;
use super::proportions::not_beneficial;
use super::solve::{Crossing, Search, probit};
use super::student;

/// Which statistic compares the means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeanTest {
    /// Known standard deviations.
    Z,
    /// One standard deviation, estimated from both arms; n0 + n1 − 2 degrees of freedom.
    Student,
    /// Two standard deviations, each estimated; Satterthwaite's degrees of freedom. The default.
    Welch,
}

/// A comparison of two independent means.
///
/// ```
/// use abide::stats::{Direction, Hypothesis, Level, MeanTest, Power, TwoMeans};
/// // Half a standard deviation, two-sided alpha .05, power .8.
/// let design = TwoMeans::new(0.0, 0.5, 1.0, Hypothesis::superiority(Direction::Increase))?.with_test(MeanTest::Student);
/// let n = design.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?;
/// assert_eq!(n.ceil().control(), 64.0);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoMeans {
    control: f64,
    treatment: f64,
    sd_control: f64,
    sd_treatment: f64,
    hypothesis: Hypothesis,
    ratio: Ratio,
    test: MeanTest,
    tails: Tails,
}

impl TwoMeans {
    /// True means of both arms, their common standard deviation (all in the units of the metric) and what is to be
    /// shown; equal allocation, Welch's test, power in the beneficial direction.
    pub fn new(control: f64, treatment: f64, sd: f64, hypothesis: Hypothesis) -> Result<Self> {
        let control = finite("mean of control", control)?;
        if hypothesis.is_relative() {
            positive("mean of control", control)?;
        }
        let sd = positive("standard deviation", sd)?;
        Ok(Self {
            control,
            treatment: finite("mean of treatment", treatment)?,
            sd_control: sd,
            sd_treatment: sd,
            hypothesis,
            ratio: Ratio::EQUAL,
            test: MeanTest::Welch,
            tails: Tails::Beneficial,
        })
    }

    /// The same with a standard deviation per arm. [`MeanTest::Student`] uses their weighted mean square.
    pub fn with_sds(self, control: f64, treatment: f64) -> Result<Self> {
        let sd_control = positive("standard deviation of control", control)?;
        let sd_treatment = positive("standard deviation of treatment", treatment)?;
        Ok(Self {
            sd_control,
            sd_treatment,
            ..self
        })
    }

    /// The same with another allocation.
    #[must_use]
    pub fn with_ratio(self, ratio: Ratio) -> Self {
        Self { ratio, ..self }
    }

    /// The same with another test.
    #[must_use]
    pub fn with_test(self, test: MeanTest) -> Self {
        Self { test, ..self }
    }

    /// The same with other tails counted as power.
    #[must_use]
    pub fn with_tails(self, tails: Tails) -> Self {
        Self { tails, ..self }
    }

    /// The same with the treatment mean moved to control's plus the effect.
    pub fn with_effect(self, effect: Detectable) -> Result<Self> {
        Ok(Self {
            treatment: finite("mean of treatment", self.control + effect.difference)?,
            ..self
        })
    }

    /// Real-valued sizes that reach `power`; never below what the test needs to estimate its variance (3 units in
    /// all for Student, 2 per arm for Welch).
    pub fn sample_size(&self, level: Level, power: Power) -> Result<SampleSize> {
        const WANTED: &str = "sample size";
        let distance = self.distance();
        if distance <= 0.0 {
            return Err(not_beneficial(self.hypothesis));
        }
        let (a, b) = (level.z(), power.z());
        if a + b <= 0.0 {
            return Err(StatsError::no_solution(WANTED, "any sample size reaches this power"));
        }
        let r = self.ratio.get();
        let unit = self.variance(1.0, r);
        let by_z = ((a + b) / distance).powi(2) * unit;
        let too_large = "more than 1e18 units per arm would be needed";
        let one_tail = self.tails == Tails::Beneficial || level.sides == Sides::One;
        if self.test == MeanTest::Z && one_tail {
            super::proportions::check_size(by_z, r)?;
            return SampleSize::from_control(by_z, self.ratio);
        }
        // Guenther 1981: Student's t needs about A²/4 units per arm more than z (A²/2 in all, split by information).
        let search = Search {
            wanted: WANTED,
            start: by_z + 0.25 * a * a,
            floor: self.smallest_n(r),
            ceiling: LARGEST_N / r.max(1.0) * (1.0 - 1e-9),
            slope: 0.5 * (a + b).max(0.1),
        };
        let n = search.at_least_floor(
            |n| Ok(self.probit_power(distance, level, SampleSize::from_control(n, self.ratio)?)? - b),
            too_large,
        )?;
        SampleSize::from_control(n, self.ratio)
    }

    /// Power at the given sizes, whose ratio replaces the design's.
    pub fn power(&self, level: Level, n: SampleSize) -> Result<f64> {
        Ok(self.tail_probabilities(self.distance(), level, n)?.0)
    }

    /// The smallest effect with the given power at the given sizes, from control's mean and the hypothesis; the
    /// design's own treatment mean is not used.
    pub fn detectable(&self, level: Level, power: Power, n: SampleSize) -> Result<Detectable> {
        let distance = self.reachable_distance(level, power, n)?;
        let difference = self.hypothesis.null_difference(self.control) + self.hypothesis.better().sign() * distance;
        Ok(Detectable {
            difference,
            relative: difference / self.control,
        })
    }

    /// The smallest margin that can be shown with the given power at the given sizes, in the design's own kind of
    /// margin (absolute or relative) and under its truth.
    pub fn smallest_margin(&self, level: Level, power: Power, n: SampleSize) -> Result<f64> {
        const WANTED: &str = "margin";
        let scale = if self.hypothesis.is_relative() {
            self.control
        } else {
            1.0
        };
        let loss = (self.control - self.treatment) * self.hypothesis.better().sign() / scale;
        let reach = self.reachable_distance(level, power, n)? / scale;
        let ceiling = match (self.hypothesis.better(), self.hypothesis.is_relative()) {
            (Direction::Increase, true) => 1.0 - 1e-12,
            _ => 1e6 * (loss.abs() + reach),
        };
        let search = Search {
            wanted: WANTED,
            start: (loss + reach).clamp(0.1 * reach, ceiling),
            floor: 1e-12 * reach.min(ceiling),
            ceiling,
            slope: level.z() + power.z().max(0.0),
        };
        let found = search.crossing(|margin| {
            let design = Self {
                hypothesis: self.hypothesis.with_margin(margin),
                ..*self
            };
            Ok(design.probit_power(design.distance(), level, n)? - power.z())
        })?;
        match found {
            Crossing::At(margin) => Ok(margin),
            Crossing::BelowFloor => Err(StatsError::no_solution(WANTED, "superiority itself reaches the power")),
            Crossing::AboveCeiling => Err(StatsError::no_solution(
                WANTED,
                "even the largest possible margin is too small",
            )),
        }
    }

    /// Degrees of freedom of the test at the given sizes; infinite for [`MeanTest::Z`].
    pub fn degrees_of_freedom(&self, n: SampleSize) -> f64 {
        let (n0, n1) = (n.control(), n.treatment());
        match self.test {
            MeanTest::Z => f64::INFINITY,
            MeanTest::Student => n0 + n1 - 2.0,
            MeanTest::Welch => {
                let w = self.hypothesis.weight();
                let (v0, v1) = ((w * self.sd_control).powi(2) / n0, self.sd_treatment.powi(2) / n1);
                (v0 + v1).powi(2) / (v0 * v0 / (n0 - 1.0) + v1 * v1 / (n1 - 1.0))
            }
        }
    }

    fn distance(&self) -> f64 {
        self.hypothesis.distance(self.control, self.treatment)
    }

    /// Variance of the estimated contrast.
    fn variance(&self, n0: f64, n1: f64) -> f64 {
        let w = self.hypothesis.weight();
        let (v0, v1) = (self.sd_control.powi(2), self.sd_treatment.powi(2));
        match self.test {
            MeanTest::Student => {
                let pooled = (n0 * v0 + n1 * v1) / (n0 + n1);
                pooled * (w * w / n0 + 1.0 / n1)
            }
            MeanTest::Z | MeanTest::Welch => w * w * v0 / n0 + v1 / n1,
        }
    }

    fn smallest_n(&self, r: f64) -> f64 {
        match self.test {
            MeanTest::Z => 1e-9,
            // The slack keeps n0 + n1 from rounding to just below 3.
            MeanTest::Student => 3.0 / (1.0 + r) * (1.0 + 4.0 * f64::EPSILON),
            MeanTest::Welch => 2.0_f64.max(2.0 / r),
        }
    }

    /// The distance from the null hypothesis at which the power is reached.
    fn reachable_distance(&self, level: Level, power: Power, n: SampleSize) -> Result<f64> {
        let (a, b) = (level.z(), power.z());
        let se = self.variance(n.control(), n.treatment()).sqrt();
        let start = (a + b).max(0.1) * se;
        let search = Search {
            wanted: "detectable effect",
            start,
            floor: 1e-9 * start,
            ceiling: 1e9 * start,
            slope: (a + b).max(0.1),
        };
        match search.crossing(|distance| Ok(self.probit_power(distance, level, n)? - b))? {
            Crossing::At(distance) => Ok(distance),
            Crossing::BelowFloor => Err(StatsError::no_solution(
                "detectable effect",
                "any effect, however small, reaches the power",
            )),
            Crossing::AboveCeiling => Err(StatsError::no_solution(
                "detectable effect",
                "no effect reaches the power",
            )),
        }
    }

    fn probit_power(&self, distance: f64, level: Level, n: SampleSize) -> Result<f64> {
        let (power, miss) = self.tail_probabilities(distance, level, n)?;
        Ok(probit(power, miss))
    }

    /// Power and 1 − power.
    fn tail_probabilities(&self, distance: f64, level: Level, n: SampleSize) -> Result<(f64, f64)> {
        let ncp = distance / self.variance(n.control(), n.treatment()).sqrt();
        let both = self.tails == Tails::Both && level.sides == Sides::Two;
        if self.test == MeanTest::Z {
            let a = level.z();
            let wrong = if both { normal::cdf(-a - ncp) } else { 0.0 };
            return Ok((normal::sf(a - ncp) + wrong, normal::cdf(a - ncp) - wrong));
        }
        let df = self.degrees_of_freedom(n);
        let critical = student::upper_quantile(level.tail(), df)?;
        t_power(critical, df, ncp, both)
    }
}

/// Power and its complement for a t statistic: P(T > c), plus P(T < −c) if both tails count.
pub(crate) fn t_power(critical: f64, df: f64, ncp: f64, both: bool) -> Result<(f64, f64)> {
    // Beyond this the test cannot fail (or cannot succeed) within f64.
    if ncp.abs() > critical + 1e4 {
        return Ok(if ncp > 0.0 || both { (1.0, 0.0) } else { (0.0, 1.0) });
    }
    let wrong = if both {
        student::noncentral_cdf(-critical, df, ncp)?
    } else {
        0.0
    };
    // The smaller of power and miss is integrated, the other is its complement.
    if ncp < critical {
        let power = student::noncentral_sf(critical, df, ncp)? + wrong;
        Ok((power, 1.0 - power))
    } else {
        let miss = student::noncentral_cdf(critical, df, ncp)? - wrong;
        Ok((1.0 - miss, miss))
    }
}
