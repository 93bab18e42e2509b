//! Two independent proportions, tested by a z statistic.
//!
//! With r = n1/n0, A the critical value, B the z of the power and d the distance of the truth from the null
//! hypothesis, n0 = (A σ0 + B σ1)² / d², where σ0² and σ1² are the variances of √n0 · (p̂1 − w p̂0) under the null
//! hypothesis and under the truth. Power counts the beneficial tail only.

use super::error::{Result, StatsError};
use super::hypothesis::{Detectable, Hypothesis};
use super::input::{Direction, LARGEST_N, Level, Power, Proportion, Ratio, SampleSize};
use super::normal;
use super::restricted;
use super::solve::{Crossing, Search};

/// The variance the test statistic is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullVariance {
    /// Estimated under the null hypothesis. Without a margin this is the pooled variance (Fleiss, Tytun & Ury 1980,
    /// Biometrics 36, without continuity correction); with one the restricted maximum-likelihood estimate (Farrington
    /// & Manning 1990, Statistics in Medicine 9, method 3).
    Restricted,
    /// Control's variance for both arms, p0 q0 (1 + 1/r), as some online calculators do. Known to undersize slightly
    /// when the treatment proportion is nearer to one half than control's.
    ControlOnly,
    /// Each arm's own variance (Chow, Shao & Wang 2008, §4.2). Not conservative in small samples.
    Unpooled,
}

/// Correction for the discreteness of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Continuity {
    /// None. The default.
    #[default]
    None,
    /// n' = n/4 · (1 + √(1 + 2 (r + 1)/(n r d)))² (Casagrande, Pike & Smith 1978; Fleiss, Tytun & Ury 1980).
    CasagrandePikeSmith,
}

/// A comparison of two independent proportions.
///
/// ```
/// use abide::stats::{Direction, Hypothesis, Level, Power, TwoProportions};
/// // A fall from 20% to 17%, two-sided alpha .05, power .8.
/// let design = TwoProportions::new(0.20, 0.17, Hypothesis::superiority(Direction::Decrease))?;
/// let n = design.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?;
/// assert_eq!(n.ceil().control(), 2629.0);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoProportions {
    control: Proportion,
    treatment: Proportion,
    hypothesis: Hypothesis,
    ratio: Ratio,
    variance: NullVariance,
    continuity: Continuity,
}

impl TwoProportions {
    /// True proportions of both arms and what is to be shown about them; equal allocation, no continuity correction.
    /// The variance is the restricted one, except with a relative margin, where it is p1 q1/n1 + (1 ∓ m)² p0 q0/n0.
    pub fn new(control: f64, treatment: f64, hypothesis: Hypothesis) -> Result<Self> {
        Ok(Self {
            control: Proportion::named("proportion of control", control)?,
            treatment: Proportion::named("proportion of treatment", treatment)?,
            hypothesis,
            ratio: Ratio::EQUAL,
            variance: if hypothesis.is_relative() {
                NullVariance::Unpooled
            } else {
                NullVariance::Restricted
            },
            continuity: Continuity::None,
        })
    }

    /// The same with another allocation.
    #[must_use]
    pub fn with_ratio(self, ratio: Ratio) -> Self {
        Self { ratio, ..self }
    }

    /// The same with another variance of the test statistic.
    #[must_use]
    pub fn with_variance(self, variance: NullVariance) -> Self {
        Self { variance, ..self }
    }

    /// The same with another continuity correction.
    #[must_use]
    pub fn with_continuity(self, continuity: Continuity) -> Self {
        Self { continuity, ..self }
    }

    /// The same with the treatment proportion moved to control's plus the effect.
    pub fn with_effect(self, effect: Detectable) -> Result<Self> {
        let treatment = Proportion::named("proportion of treatment", self.control.get() + effect.difference)?;
        Ok(Self { treatment, ..self })
    }

    /// Real-valued sizes that reach `power`.
    pub fn sample_size(&self, level: Level, power: Power) -> Result<SampleSize> {
        let distance = self.hypothesis.distance(self.control.get(), self.treatment.get());
        if distance <= 0.0 {
            return Err(not_beneficial(self.hypothesis));
        }
        let Deviations { null, truth } = self.deviations(self.treatment.get(), self.ratio.get())?;
        let root = level.z() * null + power.z() * truth;
        if root <= 0.0 {
            return Err(StatsError::no_solution(
                "sample size",
                "any sample size reaches this power",
            ));
        }
        let plain = (root / distance).powi(2);
        let r = self.ratio.get();
        let n = match self.continuity {
            Continuity::None => plain,
            Continuity::CasagrandePikeSmith => {
                0.25 * plain * (1.0 + (1.0 + 2.0 * (r + 1.0) / (plain * r * distance)).sqrt()).powi(2)
            }
        };
        check_size(n, r)?;
        SampleSize::from_control(n, self.ratio)
    }

    /// Power at the given sizes, whose ratio replaces the design's.
    pub fn power(&self, level: Level, n: SampleSize) -> Result<f64> {
        Ok(normal::cdf(self.z_power(self.treatment.get(), level, n)?))
    }

    /// The smallest effect with the given power at the given sizes, from control's proportion and the hypothesis; the
    /// design's own treatment proportion is not used.
    pub fn detectable(&self, level: Level, power: Power, n: SampleSize) -> Result<Detectable> {
        let p0 = self.control.get();
        let difference = if p0 > 0.5 && !self.hypothesis.is_relative() {
            // Counting non-events keeps the digits of a proportion near 1.
            let mirrored = Self {
                control: Proportion::new(1.0 - p0)?,
                hypothesis: self.hypothesis.mirrored(),
                ..*self
            };
            mirrored.detectable_difference(level, power, n)?.map(|found| -found)
        } else {
            self.detectable_difference(level, power, n)?
        };
        let Some(difference) = difference else {
            let end = match self.hypothesis.better() {
                Direction::Increase => "1",
                Direction::Decrease => "0",
            };
            let reason = format!("not even a treatment proportion of {end} reaches the power");
            return Err(StatsError::no_solution("detectable effect", reason));
        };
        Ok(Detectable {
            difference,
            relative: difference / p0,
        })
    }

    /// The difference of [`Self::detectable`]; `None` if not even the last possible one reaches the power.
    fn detectable_difference(&self, level: Level, power: Power, n: SampleSize) -> Result<Option<f64>> {
        const WANTED: &str = "detectable effect";
        let p0 = self.control.get();
        let (sign, offset) = (self.hypothesis.better().sign(), self.hypothesis.null_difference(p0));
        let edge = p0 + offset;
        let room = if sign > 0.0 { 1.0 - edge } else { edge };
        if !(edge > 0.0 && edge < 1.0) {
            return Err(StatsError::no_solution(WANTED, "the margin reaches beyond 0 or 1"));
        }
        let start = (level.z() + power.z().max(0.0))
            * (self.control.variance() * (1.0 / n.control() + 1.0 / n.treatment())).sqrt();
        let search = Search {
            wanted: WANTED,
            start: start.clamp(1e-12 * room, 0.5 * room),
            floor: 1e-16 * room,
            ceiling: room * (1.0 - 1e-12),
            slope: level.z() + power.z().max(0.0),
        };
        let found = search.crossing(|d| {
            let (shift, p1) = (sign * d, if offset == 0.0 { p0 + sign * d } else { edge + sign * d });
            Ok(self.z_at(shift.abs(), p1, level, n)? - power.z())
        })?;
        match found {
            Crossing::At(d) => Ok(Some(offset + sign * d)),
            Crossing::AboveCeiling => Ok(None),
            Crossing::BelowFloor => Err(StatsError::no_solution(
                WANTED,
                "any effect, however small, reaches the power",
            )),
        }
    }

    /// The smallest margin that can be shown with the given power at the given sizes, in the design's own kind of
    /// margin (absolute or relative) and under its truth.
    pub fn smallest_margin(&self, level: Level, power: Power, n: SampleSize) -> Result<f64> {
        const WANTED: &str = "margin";
        let (p0, p1) = (self.control.get(), self.treatment.get());
        let room = match (self.hypothesis.better(), self.hypothesis.is_relative()) {
            (Direction::Increase, false) => p0,
            (Direction::Decrease, false) => 1.0 - p0,
            (Direction::Increase, true) => 1.0,
            (Direction::Decrease, true) => (1.0 - p0) / p0,
        };
        let scale = if self.hypothesis.is_relative() { p0 } else { 1.0 };
        let z = level.z() + power.z().max(0.0);
        let se = (self.control.variance() / n.control() + self.treatment.variance() / n.treatment()).sqrt();
        let search = Search {
            wanted: WANTED,
            start: ((z * se + (p0 - p1) * self.hypothesis.better().sign()).max(z * se) / scale).min(0.5 * room),
            floor: 1e-16 * room,
            ceiling: room * (1.0 - 1e-12),
            slope: z,
        };
        let found = search.crossing(|margin| {
            let design = Self {
                hypothesis: self.hypothesis.with_margin(margin),
                ..*self
            };
            Ok(design.z_power(p1, level, n)? - power.z())
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

    /// z with Φ(z) = power.
    fn z_power(&self, p1: f64, level: Level, n: SampleSize) -> Result<f64> {
        self.z_at(self.hypothesis.distance(self.control.get(), p1), p1, level, n)
    }

    /// The same with the distance given separately, where it is known to more digits than p1.
    fn z_at(&self, distance: f64, p1: f64, level: Level, n: SampleSize) -> Result<f64> {
        let r = n.ratio();
        let Deviations { null, truth } = self.deviations(p1, r)?;
        let n0 = match self.continuity {
            Continuity::None => n.control(),
            // The inverse of the correction: n = n' (1 − c/(2 n'))², c = (r + 1)/(r d).
            Continuity::CasagrandePikeSmith => {
                let half = 0.5 * (r + 1.0) / (r * distance.abs());
                n.control() * (1.0 - half / n.control()).max(0.0).powi(2)
            }
        };
        Ok((distance * n0.sqrt() - level.z() * null) / truth)
    }

    /// σ0 and σ1, for one control unit.
    fn deviations(&self, p1: f64, r: f64) -> Result<Deviations> {
        let p0 = self.control.get();
        let w = self.hypothesis.weight();
        let at = |p0: f64, p1: f64| (w * w * p0 * (1.0 - p0) + p1 * (1.0 - p1) / r).sqrt();
        let truth = at(p0, p1);
        let null = match self.variance {
            NullVariance::Unpooled => truth,
            NullVariance::ControlOnly => at(p0, p0),
            NullVariance::Restricted if self.hypothesis.is_relative() => {
                let x = restricted::control_with_ratio(p0, p1, r, w);
                at(x, w * x)
            }
            NullVariance::Restricted => {
                let (x, y) = restricted::with_difference(p0, p1, r, self.hypothesis.null_difference(0.0))?;
                at(x, y)
            }
        };
        Ok(Deviations { null, truth })
    }
}

/// Standard deviations of √n0 · (p̂1 − w p̂0).
struct Deviations {
    null: f64,
    truth: f64,
}

/// Fewer events than this in an arm, and a share of control is tested and bounded by its score: the variance that Wald takes from
/// the estimates is too small then, and none at all where there is no event.
pub const FEW_EVENTS: f64 = 30.0;

/// Score variance of θT − (1 + effect) θC for observed proportions of arms of `n0` and `n1` units, on the boundary of its null
/// hypothesis (Farrington & Manning 1990, Statistics in Medicine 9:1447, for the ratio; Miettinen & Nurminen 1985, Statistics in
/// Medicine 4:213, equation 10 without its factor N/(N − 1)).
pub fn share_score_variance((p0, n0): (f64, f64), (p1, n1): (f64, f64), effect: f64) -> f64 {
    restricted::variance_with_ratio(p0, p1, n1 / n0, 1.0 + effect) / n0
}

/// The restricted maximum-likelihood estimates (control, treatment) under p1 − p0 = `difference`, given the expected
/// proportions and r = n1/n0 (Farrington & Manning 1990, eq. 4). `difference` lies in (−1, 1).
pub fn restricted_proportions(control: f64, treatment: f64, ratio: Ratio, difference: f64) -> Result<(f64, f64)> {
    let control = Proportion::named("proportion of control", control)?.get();
    let treatment = Proportion::named("proportion of treatment", treatment)?.get();
    restricted::with_difference(control, treatment, ratio.get(), difference)
}

/// The truth lies in the null hypothesis.
pub(crate) fn not_beneficial(hypothesis: Hypothesis) -> StatsError {
    let side = match hypothesis.better() {
        Direction::Increase => "above",
        Direction::Decrease => "below",
    };
    StatsError::no_solution(
        "sample size",
        format!("the true treatment value is not {side} the boundary of the null hypothesis"),
    )
}

/// Sizes beyond what can be counted exactly are refused.
pub(crate) fn check_size(n0: f64, r: f64) -> Result<()> {
    if n0.max(n0 * r) <= LARGEST_N {
        Ok(())
    } else {
        Err(StatsError::no_solution(
            "sample size",
            "more than 1e18 units per arm would be needed",
        ))
    }
}
