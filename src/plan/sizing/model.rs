//! A comparison as a design of `stats`, and what can be asked of it.

use crate::stats::solve::{Crossing, Search, probit};
use crate::stats::{
    Equivalence, ExactPValue, FisherTest, Level, PairedMeans, PairedProportions, Power, Ratio, SampleSize, SignTest,
    StatsError, TwoMeans, TwoProportions, ZTest, normal, student,
};

/// A design with everything put in. Its n counts rows of data: units of analysis, or pairs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model {
    /// The test.
    pub(super) design: Design,
    /// How rows come to the arms.
    pub(super) layout: Layout,
    /// Factor on n for what the design itself does not know: clusters, covariates, ties.
    pub(super) factor: f64,
    /// Rows of each arm that weighing strata by their shares costs: V (1 + (H − 1)/n) is about the variance of H − 1 rows less
    /// (Cochran 1977, equation 5A.42).
    pub(super) spent_on_strata: f64,
    /// Rows per cluster, when a t distribution with the number of clusters is used.
    pub(super) rows_per_cluster: Option<f64>,
}

/// How rows come to the arms of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Layout {
    /// Each row is in one arm: treatment rows per control row.
    Split(Ratio),
    /// Each row is seen by both.
    Both,
}

/// The tests that comparisons come down to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Design {
    /// Two independent proportions.
    Proportions(TwoProportions),
    /// Two independent means.
    Means(TwoMeans),
    /// A mean of differences.
    Pairs(PairedMeans),
    /// A normal estimate; n counts control rows, or pairs.
    Z(ZTest),
    /// Fisher's exact test of two independent proportions.
    Fisher(FisherTest),
    /// McNemar's exact test; n counts pairs.
    ExactPairs(PairedProportions),
    /// The exact sign test; n counts decided comparisons.
    ExactWins(SignTest),
    /// A normal estimate between two margins.
    Equivalence {
        /// Truth and margins.
        margins: Equivalence,
        /// Standard deviation of √n times the estimate.
        sd: f64,
        /// Whether that is known or estimated.
        spread: Spread,
    },
}

/// Whether a standard deviation is taken as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    /// Normal quantiles.
    Known,
    /// Student's t.
    Estimated,
}

impl Layout {
    /// Sizes of both arms for `n` control rows or pairs.
    fn sizes(self, n: f64) -> Result<SampleSize, StatsError> {
        match self {
            Self::Split(ratio) => SampleSize::from_control(n, ratio),
            Self::Both => SampleSize::equal(n),
        }
    }

    /// Degrees of freedom of an estimated variance.
    fn degrees_of_freedom(self, n: f64) -> f64 {
        match self {
            Self::Split(ratio) => n * (1.0 + ratio.get()) - 2.0,
            Self::Both => n - 1.0,
        }
    }
}

impl Model {
    /// Rows that reach a power.
    pub(super) fn size(&self, level: Level, power: Power) -> Result<SampleSize, StatsError> {
        let by_design = self.size_by_design(level, power)?.scaled(self.factor)?;
        let by_design = SampleSize::new(
            by_design.control() + self.spent_on_strata,
            by_design.treatment() + self.spent_on_strata,
        )?;
        let Some(rows) = self.rows_per_cluster else {
            return Ok(by_design);
        };
        // Two clusters more than there are arms leave a degree of freedom.
        let floor = self.rows_of_clusters(3.0, rows);
        let search = Search {
            wanted: "number of clusters",
            start: by_design.control().max(floor),
            floor,
            ceiling: 1e18,
            slope: 0.5 * (level.z() + power.z()).max(0.1),
        };
        let control = search.at_least_floor(
            |n| Ok(self.cluster_probit(level, self.layout.sizes(n)?, rows)? - power.z()),
            "more than 1e18 units would be needed",
        )?;
        self.layout.sizes(control)
    }

    /// Power with a number of rows.
    pub(super) fn power(&self, level: Level, n: SampleSize) -> Result<f64, StatsError> {
        match self.rows_per_cluster {
            Some(rows) => Ok(normal::cdf(self.cluster_probit(level, n, rows)?)),
            None => self.power_by_design(level, self.effective(n)?.scaled(1.0 / self.factor)?),
        }
    }

    /// Rows that are left of each arm when strata have had theirs; of few rows, a part.
    fn effective(&self, n: SampleSize) -> Result<SampleSize, StatsError> {
        let left = |rows: f64| (rows - self.spent_on_strata).max(rows / (1.0 + self.spent_on_strata));
        SampleSize::new(left(n.control()), left(n.treatment()))
    }

    fn size_by_design(&self, level: Level, power: Power) -> Result<SampleSize, StatsError> {
        match self.design {
            Design::Proportions(design) => design.sample_size(level, power),
            Design::Means(design) => design.sample_size(level, power),
            Design::Pairs(design) => self.layout.sizes(design.sample_size(level, power)?),
            Design::Z(test) => self.layout.sizes(test.sample_size(level, power)?),
            Design::Fisher(test) => test.sample_size(level, power),
            Design::ExactPairs(pairs) => {
                let n = pairs.exact_sample_size(one_side(level)?, power, ExactPValue::Conservative)?;
                self.layout.sizes(n)
            }
            Design::ExactWins(test) => self.layout.sizes(test.exact_stable(one_side(level)?, power)?.n),
            Design::Equivalence { margins, sd, spread } => {
                let n = match spread {
                    Spread::Known => margins.sample_size_z(level.alpha, power, sd)?,
                    Spread::Estimated => {
                        margins.sample_size_t(level.alpha, power, sd, 2.0, |n| self.layout.degrees_of_freedom(n))?
                    }
                };
                self.layout.sizes(n)
            }
        }
    }

    fn power_by_design(&self, level: Level, n: SampleSize) -> Result<f64, StatsError> {
        match self.design {
            Design::Proportions(design) => design.power(level, n),
            Design::Means(design) => design.power(level, n),
            Design::Pairs(design) => design.power(level, n.control()),
            Design::Z(test) => test.power(level, n.control()),
            Design::Fisher(test) => test.power(level, n),
            Design::ExactPairs(pairs) => {
                pairs.exact_power(one_side(level)?, whole(n.control()), ExactPValue::Conservative)
            }
            Design::ExactWins(test) => test.exact_power(one_side(level)?, whole(n.control())),
            Design::Equivalence { margins, sd, spread } => {
                let se = sd / n.control().sqrt();
                match spread {
                    Spread::Known => margins.power_z(level.alpha, se),
                    Spread::Estimated => {
                        margins.power_t(level.alpha, se, self.layout.degrees_of_freedom(n.control()).max(1.0))
                    }
                }
            }
        }
    }

    /// Φ⁻¹ of the power by a t test with as many degrees of freedom as there are clusters less the two arms
    /// (Donner & Klar 2000), the expected t being the expected z.
    fn cluster_probit(&self, level: Level, n: SampleSize, rows: f64) -> Result<f64, StatsError> {
        let clusters = match self.layout {
            Layout::Split(_) => n.total() / rows,
            Layout::Both => n.control() / rows,
        };
        let df = clusters - 2.0;
        if df < 1.0 {
            return Err(StatsError::no_solution(
                "power",
                "fewer than three clusters leave no degrees of freedom",
            ));
        }
        let power = self.power_by_design(level, n.scaled(1.0 / self.factor)?)?;
        let expected = probit(power, 1.0 - power) + level.z();
        let critical = student::upper_quantile(level.tail(), df)?;
        let (power, miss) = crate::stats::t_power(critical, df, expected)?;
        Ok(probit(power, miss))
    }

    fn rows_of_clusters(&self, clusters: f64, rows: f64) -> f64 {
        match self.layout {
            Layout::Split(ratio) => clusters * rows / (1.0 + ratio.get()),
            Layout::Both => clusters * rows,
        }
    }
}

/// The side of a test that decides for the effect: what a rejection in the other direction adds is no power.
fn one_side(level: Level) -> Result<Level, StatsError> {
    Level::one_sided(level.tail())
}

/// Whole rows: what is left of one does not count, but for the digits that a factor costs.
fn whole(n: f64) -> f64 {
    (n * (1.0 + 4.0 * f64::EPSILON)).floor()
}

/// The smallest amount of an effect or a margin with a power: `model` builds the comparison for an amount. It lies between
/// `least`, from which there is anything to find, and `ceiling`.
pub(super) fn smallest_amount(
    (least, start, ceiling): (f64, f64, f64),
    level: Level,
    power: Power,
    n: SampleSize,
    model: impl Fn(f64) -> Result<Model, StatsError>,
) -> Result<f64, StatsError> {
    const WANTED: &str = "detectable effect";
    let search = Search {
        wanted: WANTED,
        start: start.min(0.5 * (least + ceiling)),
        floor: least.max(1e-9 * start.min(ceiling)),
        ceiling: ceiling * (1.0 - 1e-9),
        slope: level.z() + power.z().max(0.0),
    };
    let found = search.crossing(|amount| {
        let reached = model(amount)?.power(level, n)?;
        Ok(probit(reached, 1.0 - reached) - power.z())
    })?;
    match found {
        Crossing::At(amount) => Ok(amount),
        Crossing::BelowFloor => Err(StatsError::no_solution(
            WANTED,
            "any effect, however small, reaches the power",
        )),
        Crossing::AboveCeiling => Err(StatsError::no_solution(WANTED, "no possible effect reaches the power")),
    }
}
