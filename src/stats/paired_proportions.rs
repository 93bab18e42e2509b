//! Paired proportions: McNemar's test, by formula and exactly.

use super::binomial;
use super::equivalence::Equivalence;
use super::error::{Result, StatsError, require};
use super::hypothesis::{Detectable, Hypothesis};
use super::input::{Level, Power, Sides};
use super::lasting::lasting_size;
use super::solve::{Crossing, Search};
use super::ztest::{ZTest, check_n};

/// True probabilities of the four outcomes of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedProportions {
    /// Only control has the event.
    pub(super) only_control: f64,
    /// Only treatment has the event.
    pub(super) only_treatment: f64,
    /// Control's proportion, if known; the discordant probabilities alone do not tell it.
    control: Option<f64>,
}

impl PairedProportions {
    /// From the two discordant probabilities: only control, only treatment.
    pub fn from_discordant(only_control: f64, only_treatment: f64) -> Result<Self> {
        let probability = |input, p: f64| require(input, p, "between 0 and 1", (0.0..=1.0).contains(&p));
        probability("probability that only control has the event", only_control)?;
        probability("probability that only treatment has the event", only_treatment)?;
        let psi = only_control + only_treatment;
        require(
            "sum of the discordant probabilities",
            psi,
            "above 0 and at most 1",
            psi > 0.0 && psi <= 1.0,
        )?;
        Ok(Self {
            only_control,
            only_treatment,
            control: None,
        })
    }

    /// From the proportions of both arms and the correlation of a pair's two outcomes. Not every correlation is
    /// possible between two proportions; the error names the range.
    pub fn from_correlation(control: f64, treatment: f64, correlation: f64) -> Result<Self> {
        let p0 = super::Proportion::named("proportion of control", control)?;
        let p1 = super::Proportion::named("proportion of treatment", treatment)?;
        let rho = require("correlation", correlation, "between -1 and 1", correlation.abs() <= 1.0)?;
        let both = control * treatment + rho * (p0.variance() * p1.variance()).sqrt();
        let (least, most) = ((control + treatment - 1.0).max(0.0), control.min(treatment));
        if both < least - 1e-12 || both > most + 1e-12 {
            let root = (p0.variance() * p1.variance()).sqrt();
            let range = [
                (least - control * treatment) / root,
                (most - control * treatment) / root,
            ];
            return Err(StatsError::no_solution(
                "paired design",
                format!(
                    "with these proportions the correlation lies between {:.4} and {:.4}",
                    range[0], range[1]
                ),
            ));
        }
        let both = both.clamp(least, most);
        let mut pair = Self::from_discordant(control - both, treatment - both)?;
        pair.control = Some(control);
        Ok(pair)
    }

    /// As [`Self::from_correlation`], with the highest correlation that is possible where this one is too high: proportions
    /// that differ more leave less room for agreement.
    ///
    /// # Errors
    /// When a number is out of range, or the correlation is too low.
    pub fn from_correlation_at_most(control: f64, treatment: f64, correlation: f64) -> Result<Self> {
        Self::from_correlation(control, treatment, correlation).or_else(|error| {
            let independent = Self::from_correlation(control, treatment, 0.0)?;
            if correlation > 0.0 && correlation <= 1.0 {
                Self::as_alike_as_possible(independent.difference())
            } else {
                Err(error)
            }
        })
    }

    /// From the difference of the arms and the probability that a pair is discordant, which is raised to the size of the
    /// difference where it is below that.
    ///
    /// # Errors
    /// When a number is out of range.
    pub fn from_discordant_at_least(difference: f64, discordant: f64) -> Result<Self> {
        if discordant <= difference.abs() {
            return Self::as_alike_as_possible(difference);
        }
        Self::from_discordant(0.5 * (discordant - difference), 0.5 * (discordant + difference))
    }

    fn as_alike_as_possible(difference: f64) -> Result<Self> {
        Self::from_discordant((-difference).max(0.0), difference.max(0.0))
    }

    /// Probability that a pair is discordant, ψ.
    pub fn discordant(self) -> f64 {
        self.only_control + self.only_treatment
    }

    /// Treatment's proportion minus control's.
    pub fn difference(self) -> f64 {
        self.only_treatment - self.only_control
    }

    /// The z test of a hypothesis; its n counts pairs.
    ///
    /// Superiority: variance ψ under the null hypothesis and ψ − D² under the truth (Connor 1987, Biometrics 43). An absolute
    /// margin: the score test of Tango 1998 (Statistics in Medicine 17:891), whose variance under the null hypothesis is that
    /// of the likeliest probabilities there (Nam 1997, Biometrics 53:1422). A relative margin: the variance of the contrast
    /// under the truth for both, which needs [`Self::from_correlation`].
    ///
    /// ```
    /// use abide::stats::{Direction, Hypothesis, Level, PairedProportions, Power};
    /// let pairs = PairedProportions::from_discordant(0.2, 0.1)?;
    /// let test = pairs.test(Hypothesis::superiority(Direction::Decrease))?;
    /// assert_eq!(test.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?.ceil(), 234.0);
    /// // Two answers in a hundred differ, and 5 points more errors must be ruled out.
    /// let alike = PairedProportions::from_discordant(0.01, 0.01)?;
    /// let margin = alike.test(Hypothesis::non_inferiority(Direction::Decrease, 0.05)?)?;
    /// assert_eq!(margin.sample_size(Level::one_sided(0.025)?, Power::new(0.8)?)?.ceil(), 140.0);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    ///
    /// # Errors
    /// With a relative margin when control's proportion is not known.
    pub fn test(self, hypothesis: Hypothesis) -> Result<ZTest> {
        let test = self.wald_test(hypothesis)?;
        if hypothesis.is_relative() {
            return Ok(test);
        }
        // Without a margin the restricted probabilities are ψ/2 each, and this is Connor's ψ.
        let null_sd = if hypothesis.has_margin() {
            self.restricted_sd(hypothesis.null_difference(0.0))
        } else {
            self.discordant().sqrt()
        };
        test.with_null_sd(null_sd)
    }

    /// The z test that divides by the variance under the truth (Wald; Liu et al. 2002, Statistics in Medicine 21:231,
    /// compare it with the restricted one). n counts pairs.
    ///
    /// ```
    /// use abide::stats::{Direction, Hypothesis, Level, PairedProportions, Power};
    /// // Where few pairs differ it asks for far too few: 63 instead of 140.
    /// let alike = PairedProportions::from_discordant(0.01, 0.01)?;
    /// let margin = alike.wald_test(Hypothesis::non_inferiority(Direction::Decrease, 0.05)?)?;
    /// assert_eq!(margin.sample_size(Level::one_sided(0.025)?, Power::new(0.8)?)?.ceil(), 63.0);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    ///
    /// # Errors
    /// With a relative margin when control's proportion is not known.
    pub fn wald_test(self, hypothesis: Hypothesis) -> Result<ZTest> {
        let d = self.difference();
        if !hypothesis.is_relative() {
            return ZTest::new(hypothesis.distance(0.0, d), self.sd());
        }
        let Some(p0) = self.control else {
            return Err(StatsError::no_solution(
                "paired design",
                "a relative margin needs the proportion of each arm",
            ));
        };
        // The contrast takes 1 − w, 1, −w or 0 with the probabilities of the four outcomes.
        let w = hypothesis.weight();
        let both = p0 - self.only_control;
        let mean = both * (1.0 - w) + self.only_treatment - w * self.only_control;
        let square = both * (1.0 - w).powi(2) + self.only_treatment + w * w * self.only_control;
        ZTest::new(hypothesis.distance(p0, p0 + d), (square - mean * mean).sqrt())
    }

    /// Equivalence within an absolute margin by two score tests, one against each end, with the standard deviation of √n
    /// times the difference; n counts pairs.
    ///
    /// # Errors
    /// When the margin is not between 0 and 1.
    pub fn equivalence(self, margin: f64) -> Result<(Equivalence, f64)> {
        require("margin", margin, "between 0 and 1", margin > 0.0 && margin < 1.0)?;
        let sd = self.sd();
        let at = |d: f64| self.restricted_sd(d) / sd;
        let margins = Equivalence::new(self.difference(), -margin, margin)?;
        Ok((margins.with_null_ratios(at(-margin), at(margin))?, sd))
    }

    /// √ of the variance of a pair's difference.
    fn sd(self) -> f64 {
        let d = self.difference();
        (self.discordant() - d * d).sqrt()
    }

    /// The same at the likeliest probabilities where the difference is `d`.
    fn restricted_sd(self, d: f64) -> f64 {
        restricted_pair_variance(self.only_control, self.only_treatment, d).sqrt()
    }

    /// The smallest effect with the given power with `n` pairs, at control's proportion and the correlation of a pair's
    /// outcomes (which must be possible there). The variance follows the effect.
    pub fn detectable(
        control: f64,
        correlation: f64,
        hypothesis: Hypothesis,
        level: Level,
        power: Power,
        n: f64,
    ) -> Result<Detectable> {
        const WANTED: &str = "detectable effect";
        let n = check_n(n)?;
        let (sign, offset) = (hypothesis.better().sign(), hypothesis.null_difference(control));
        let edge = control + offset;
        let room = if sign > 0.0 { 1.0 - edge } else { edge };
        require(
            "boundary of the null hypothesis",
            edge,
            "strictly between 0 and 1",
            edge > 0.0 && edge < 1.0,
        )?;
        let variance = 2.0 * (1.0 - correlation) * control * (1.0 - control);
        let z = level.z() + power.z().max(0.0);
        let search = Search {
            wanted: WANTED,
            start: (z * (variance.max(1e-30) / n).sqrt()).min(0.5 * room),
            floor: 1e-12 * room,
            ceiling: room * (1.0 - 1e-9),
            slope: z,
        };
        let found = search.crossing(|distance| {
            let pair = Self::from_correlation(control, edge + sign * distance, correlation)?;
            Ok(pair.test(hypothesis)?.z_power(level, n) - power.z())
        })?;
        match found {
            Crossing::At(distance) => {
                let difference = offset + sign * distance;
                Ok(Detectable {
                    difference,
                    relative: difference / control,
                })
            }
            Crossing::BelowFloor => Err(StatsError::no_solution(
                WANTED,
                "any effect, however small, reaches the power",
            )),
            Crossing::AboveCeiling => Err(StatsError::no_solution(WANTED, "no possible effect reaches the power")),
        }
    }

    /// Pairs by Miettinen 1968 (Biometrics 24): the unconditional approximation of the conditional test,
    /// n = (A ψ + B √(ψ² − D² (3 + ψ)/4))² / (ψ D²).
    pub fn miettinen(self, level: Level, power: Power) -> Result<f64> {
        let (psi, d) = (self.discordant(), self.difference());
        if d == 0.0 {
            return Err(StatsError::no_solution("number of pairs", "the two arms do not differ"));
        }
        let inner = psi * psi - d * d * (3.0 + psi) / 4.0;
        let root = level.z() * psi + power.z() * inner.max(0.0).sqrt();
        check_n(root * root / (psi * d * d))
    }

    /// Power of the exact conditional (sign) test with a whole number of pairs, averaged over the number of discordant
    /// pairs; all rejections count, in either direction of a two-sided test.
    pub fn exact_power(self, level: Level, pairs: f64, p_value: ExactPValue) -> Result<f64> {
        let psi = self.discordant();
        let (from, to) = likely_discordant(pairs, psi)?;
        // Rejections in favour of the arm with more events, and of the other.
        let wins = (self.only_control.max(self.only_treatment)) / psi;
        let mut power = 0.0;
        let mut m = from;
        let mut critical = (0.5 * m).floor();
        while m <= to {
            critical = p_value.critical_wins(m, level.tail(), critical);
            let mut rejected = binomial::sf_inclusive(critical, m, wins);
            if level.sides == Sides::Two {
                rejected += binomial::sf_inclusive(critical, m, 1.0 - wins);
            }
            power += binomial::pmf(m, pairs, psi) * rejected.min(1.0);
            m += 1.0;
        }
        Ok(power)
    }
}

impl PairedProportions {
    /// The pairs from which the power of the exact test is reached and kept (as far as it is tried, see
    /// [`crate::stats::FisherTest::sample_size`]), all rejections counted as in [`Self::exact_power`].
    ///
    /// # Errors
    /// When the arms do not differ, or more than ten million pairs would be needed.
    pub fn exact_sample_size(self, level: Level, power: Power, p_value: ExactPValue) -> Result<f64> {
        const LARGEST: f64 = 1e7;
        let start = self.miettinen(level, power)?;
        lasting_size(start, 2.0 / self.discordant(), LARGEST, |n| {
            Ok(self.exact_power(level, n, p_value)? >= power.get())
        })
    }
}

impl PairedProportions {
    /// Power of the normal test of McNemar with a whole number of pairs, in the direction of the difference, every number of
    /// discordant pairs counted: (2b − m)/√m ≥ z for b of m. Without a difference it is the error on one side.
    ///
    /// # Errors
    /// When the number of pairs is not a whole number from 1 to 10 million.
    pub fn normal_test_power(self, level: Level, pairs: f64) -> Result<f64> {
        let psi = self.discordant();
        let (from, to) = likely_discordant(pairs, psi)?;
        let wins = self.only_control.max(self.only_treatment) / psi;
        let mut power = 0.0;
        let mut m = from.max(1.0);
        while m <= to {
            power += binomial::pmf(m, pairs, psi) * super::sign_test::normal_rejection(level, m, wins);
            m += 1.0;
        }
        Ok(power)
    }
}

/// The variance of a pair's difference at the likeliest probabilities where that difference is `d` (Tango 1998, Statistics in
/// Medicine 17:891), from the shares of pairs in which only control and only treatment has the event.
pub(crate) fn restricted_pair_variance(only_control: f64, only_treatment: f64, d: f64) -> f64 {
    if d < 0.0 {
        // The same with the arms exchanged: what is added up is then positive, and keeps its digits.
        return restricted_pair_variance(only_treatment, only_control, -d);
    }
    // The probability of control only is the larger root of 2 q² + b q + c = 0.
    let b = -only_treatment - only_control + (2.0 - only_treatment + only_control) * d;
    let c = -only_control * d * (1.0 - d);
    let root = (b * b - 8.0 * c).max(0.0).sqrt();
    // Both forms are that root; each keeps its digits on its side.
    let q = if b > 0.0 {
        -2.0 * c / (root + b)
    } else {
        (root - b) / 4.0
    };
    2.0 * q + d * (1.0 - d)
}

/// The numbers of discordant pairs that are likely.
pub(super) fn likely_discordant(pairs: f64, psi: f64) -> Result<(f64, f64)> {
    require(
        "number of pairs",
        pairs,
        "a whole number from 1 to 1e7",
        (1.0..=1e7).contains(&pairs) && pairs.fract() == 0.0,
    )?;
    let (mean, sd) = (pairs * psi, (pairs * psi * (1.0 - psi)).sqrt());
    Ok((
        (mean - 10.0 * sd - 40.0).max(0.0).floor(),
        (mean + 10.0 * sd + 40.0).min(pairs).ceil(),
    ))
}

/// How the tail probability of an exact test counts the observed outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExactPValue {
    /// In full: the test never exceeds its level.
    Conservative,
    /// By half (Lancaster 1961; Fagerland, Lydersen & Laake 2013): close to the level on average.
    MidP,
}

impl ExactPValue {
    /// The smallest number of wins out of `m` fair coins whose p-value is at most `tail` (m + 1 if none is), searched
    /// from the critical value of m − 1 (or of any smaller m).
    pub(crate) fn critical_wins(self, m: f64, tail: f64, from: f64) -> f64 {
        let p_value = |k: f64| {
            let beyond = binomial::sf_inclusive(k, m, 0.5);
            match self {
                Self::Conservative => beyond,
                Self::MidP => beyond - 0.5 * binomial::pmf(k, m, 0.5),
            }
        };
        // Start from the normal approximation if it is closer than the previous value.
        let normal = (0.5 * (m + super::normal::upper_quantile(tail) * m.sqrt()))
            .floor()
            .clamp(0.0, m + 1.0);
        let mut k = if (from - normal).abs() > 3.0 { normal } else { from };
        while k > 0.0 && p_value(k - 1.0) <= tail {
            k -= 1.0;
        }
        while k <= m && p_value(k) > tail {
            k += 1.0;
        }
        k
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::stats::Direction;

    /// 60 pairs, of which 12 and 3 are expected to be discordant: enumerated with scipy 1.17.
    #[test]
    fn the_normal_test_is_counted_as_scipy_counts_it() {
        let pairs = PairedProportions::from_discordant(0.05, 0.2).unwrap();
        let power = pairs.normal_test_power(Level::two_sided(0.05).unwrap(), 60.0).unwrap();
        assert!((power - 0.669_260_827).abs() < 1e-8, "{power}");
    }

    #[test]
    fn pairs_agree_as_much_as_the_proportions_allow() {
        let possible = PairedProportions::from_correlation_at_most(0.2, 0.17, 0.5).unwrap();
        assert_eq!(possible, PairedProportions::from_correlation(0.2, 0.17, 0.5).unwrap());
        let closest = PairedProportions::from_discordant(0.05, 0.0).unwrap();
        assert_eq!(
            PairedProportions::from_discordant_at_least(-0.05, 0.02).unwrap(),
            closest
        );
        let correlated = PairedProportions::from_correlation_at_most(0.2, 0.15, 0.95).unwrap();
        assert!((correlated.discordant() - 0.05).abs() < 1e-12 && (correlated.difference() + 0.05).abs() < 1e-12);
        assert!(PairedProportions::from_correlation_at_most(0.2, 0.15, -0.9).is_err());
        assert!(PairedProportions::from_correlation_at_most(0.2, 1.2, 0.5).is_err());
    }

    /// Where the truth lies on the boundary of the null hypothesis, the likeliest probabilities there are the truth.
    #[test]
    fn on_the_boundary_a_margin_is_tested_with_the_true_variance() {
        let margin = Hypothesis::superiority_by(Direction::Increase, 0.05).unwrap();
        let test = PairedProportions::from_discordant(0.10, 0.15)
            .unwrap()
            .test(margin)
            .unwrap();
        assert!(test.distance().abs() < 1e-12);
        assert!((test.null_sd() - test.truth_sd()).abs() < 1e-12);
    }
}
