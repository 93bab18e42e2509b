//! Whole clusters randomised, or correlated observations inside a unit.

use super::error::{Result, StatsError, positive, require};
use super::input::{Level, Power, Sides, Tails};
use super::means::t_power;
use super::solve::{Search, probit};
use super::student;
use super::ztest::{ZTest, check_n};

/// Clusters of a mean size and a coefficient of variation of sizes, and the intraclass correlation of the outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clusters {
    size: f64,
    size_cv: f64,
    icc: f64,
}

impl Clusters {
    /// Mean size (above 0), coefficient of variation of sizes (0 or more), intraclass correlation (0 to 1).
    pub fn new(size: f64, size_cv: f64, icc: f64) -> Result<Self> {
        Ok(Self {
            size: positive("mean cluster size", size)?,
            size_cv: require(
                "coefficient of variation of cluster sizes",
                size_cv,
                "a finite number, 0 or more",
                size_cv >= 0.0,
            )?,
            icc: require(
                "intraclass correlation",
                icc,
                "between 0 and 1",
                (0.0..=1.0).contains(&icc),
            )?,
        })
    }

    /// Mean size.
    pub fn size(self) -> f64 {
        self.size
    }

    /// 1 + ((cv² + 1) m − 1) ρ (Eldridge, Ashby & Kerry 2006, eq. 2): the factor on the variance of a mean, and on n.
    ///
    /// ```
    /// use abide::stats::Clusters;
    /// assert!((Clusters::new(20.0, 0.65, 0.05)?.design_effect() - 2.3725).abs() < 1e-12);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn design_effect(self) -> f64 {
        1.0 + ((self.size_cv * self.size_cv + 1.0) * self.size - 1.0) * self.icc
    }
}

/// A t test of two means with whole clusters in each arm, equal numbers of them, and 2 (k − 1) degrees of freedom
/// (Donner & Klar 2000).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredMeans {
    distance: f64,
    sd: f64,
    clusters: Clusters,
    tails: Tails,
}

impl ClusteredMeans {
    /// `distance` from the null hypothesis in the beneficial direction and the standard deviation of one observation,
    /// both in the units of the metric.
    pub fn new(distance: f64, sd: f64, clusters: Clusters) -> Result<Self> {
        let distance = super::error::finite("distance from the null hypothesis", distance)?;
        Ok(Self {
            distance,
            sd: positive("standard deviation", sd)?,
            clusters,
            tails: Tails::Beneficial,
        })
    }

    /// The same with other tails counted as power.
    #[must_use]
    pub fn with_tails(self, tails: Tails) -> Self {
        Self { tails, ..self }
    }

    /// Power with `k` clusters per arm, 2 or more.
    pub fn power(&self, level: Level, k: f64) -> Result<f64> {
        Ok(self.tail_probabilities(level, k)?.0)
    }

    /// Real-valued number of clusters per arm that reaches `power`; at least 2.
    pub fn clusters_per_arm(&self, level: Level, power: Power) -> Result<f64> {
        let (a, b) = (level.z(), power.z());
        let by_z = ZTest::new(self.distance, self.sd_of_difference())?.sample_size(level, power)?;
        let search = Search {
            wanted: "number of clusters",
            start: by_z + 0.25 * a * a,
            floor: 2.0,
            ceiling: 1e18,
            slope: 0.5 * (a + b).max(0.1),
        };
        search.at_least_floor(
            |k| {
                let (power, miss) = self.tail_probabilities(level, k)?;
                Ok(probit(power, miss) - b)
            },
            "more than 1e18 clusters would be needed",
        )
    }

    /// √k times the standard error of the difference of two arms of k clusters.
    fn sd_of_difference(&self) -> f64 {
        self.sd * (2.0 * self.clusters.design_effect() / self.clusters.size).sqrt()
    }

    fn tail_probabilities(&self, level: Level, k: f64) -> Result<(f64, f64)> {
        let k = require("clusters per arm", check_n(k)?, "2 or more", k >= 2.0)?;
        let df = 2.0 * (k - 1.0);
        let critical = student::upper_quantile(level.tail(), df)?;
        let both = self.tails == Tails::Both && level.sides == Sides::Two;
        t_power(critical, df, self.distance * k.sqrt() / self.sd_of_difference(), both)
    }
}

/// Clusters per arm for two rates, by Hayes & Bennett 1999 (eq. 1): 1 + (A + B)² ((λ0 + λ1)/y + k² (λ0² + λ1²))/D², with
/// `y` units of exposure per cluster and the coefficient of variation `k` of true rates between clusters.
pub fn hayes_bennett_rates(rates: (f64, f64), exposure: f64, k: f64, level: Level, power: Power) -> Result<f64> {
    hayes_bennett(rates, rates.0 + rates.1, exposure, k, level, power)
}

/// The same for two proportions, with binomial variance within clusters (eq. 2).
pub fn hayes_bennett_proportions(p: (f64, f64), size: f64, k: f64, level: Level, power: Power) -> Result<f64> {
    let variance = p.0 * (1.0 - p.0) + p.1 * (1.0 - p.1);
    require("proportion", p.0.max(p.1), "below 1", p.0.max(p.1) < 1.0)?;
    hayes_bennett(p, variance, size, k, level, power)
}

fn hayes_bennett((l0, l1): (f64, f64), within: f64, y: f64, k: f64, level: Level, power: Power) -> Result<f64> {
    positive("rate of control", l0)?;
    positive("rate of treatment", l1)?;
    positive("exposure per cluster", y)?;
    require(
        "coefficient of variation between clusters",
        k,
        "a finite number, 0 or more",
        k >= 0.0,
    )?;
    if l0 == l1 {
        return Err(StatsError::no_solution(
            "number of clusters",
            "the two rates do not differ",
        ));
    }
    let variance = within / y + k * k * (l0 * l0 + l1 * l1);
    Ok(1.0 + ZTest::new((l1 - l0).abs(), variance.sqrt())?.sample_size(level, power)?)
}

/// A stepped wedge: all clusters start in control and cross over in equal groups, one group per step (Hussey & Hughes
/// 2007, eq. 8, cross-sectional).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SteppedWedge {
    /// Number of clusters, divided equally over the steps.
    pub clusters: f64,
    /// Number of crossing steps.
    pub steps: f64,
    /// Periods before the first step.
    pub baseline_periods: f64,
    /// New subjects per cluster and period.
    pub subjects: f64,
    /// Intraclass correlation.
    pub icc: f64,
}

impl SteppedWedge {
    /// Variance of the estimated effect when one observation has total standard deviation `sd`.
    pub fn variance(&self, sd: f64) -> Result<f64> {
        let total = positive("standard deviation", sd)?.powi(2);
        let i = require("clusters", self.clusters, "2 or more", self.clusters >= 2.0)?;
        let steps = require(
            "steps",
            self.steps,
            "a whole number, 1 or more",
            self.steps >= 1.0 && self.steps.fract() == 0.0,
        )?;
        let base = require(
            "baseline periods",
            self.baseline_periods,
            "1 or more",
            self.baseline_periods >= 1.0,
        )?;
        let m = positive("subjects per cluster and period", self.subjects)?;
        let icc = require(
            "intraclass correlation",
            self.icc,
            "between 0 and 1",
            (0.0..=1.0).contains(&self.icc),
        )?;
        let t = base + steps;
        let (tau2, sigma2) = (icc * total, (1.0 - icc) * total / m);
        // With X the 0/1 exposure: U its sum, W the sum of squared column sums, V of squared row sums.
        let group = i / steps;
        let (mut u, mut w, mut v) = (0.0, 0.0, 0.0);
        let mut step = 1.0;
        while step <= steps {
            // The column `step` periods after the baseline has `step` groups exposed; the group crossing at `step` is
            // exposed for the remaining periods.
            u += group * step;
            w += (group * step).powi(2);
            v += group * (steps - step + 1.0).powi(2);
            step += 1.0;
        }
        let numerator = i * sigma2 * (sigma2 + t * tau2);
        let denominator = (i * u - w) * sigma2 + (u * u + i * t * u - t * w - i * v) * tau2;
        require(
            "variance of the effect",
            numerator / denominator,
            "a finite number above 0",
            denominator > 0.0,
        )
    }

    /// Power by z for an effect at `distance` from the null hypothesis.
    pub fn power(&self, distance: f64, sd: f64, level: Level) -> Result<f64> {
        ZTest::new(distance, self.variance(sd)?.sqrt())?.power(level, 1.0)
    }
}
