//! What score tests of a margin between paired proportions really do, every number of pairs that differ counted.

use super::binomial;
use super::error::{Result, StatsError, require};
use super::hypothesis::Hypothesis;
use super::input::{Alpha, Level};
use super::normal;
use super::paired_proportions::{PairedProportions, likely_discordant, restricted_pair_variance};

/// Expected pairs that differ up to which every outcome is counted.
const MOST_DISCORDANT: f64 = 1e4;

impl PairedProportions {
    /// Probability that the score test of an absolute margin (Tango 1998) rejects in its beneficial direction with a whole
    /// number of pairs: the power under these probabilities, and the true error where they lie on the boundary.
    ///
    /// ```
    /// use abide::stats::{Direction, Hypothesis, Level, PairedProportions};
    /// // 140 pairs, of which 3 are expected to differ: the formula says 80.1%.
    /// let margin = Hypothesis::non_inferiority(Direction::Increase, 0.05)?;
    /// let power = PairedProportions::from_discordant(0.01, 0.01)?.margin_rejection(Level::one_sided(0.025)?, margin, 140.0)?;
    /// assert!((power - 0.8219).abs() < 1e-4, "{power}");
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    ///
    /// # Errors
    /// With a relative margin, when the number of pairs is not a whole number from 1 to 10 million, or when more than 10,000
    /// pairs that differ are expected.
    pub fn margin_rejection(self, level: Level, hypothesis: Hypothesis, pairs: f64) -> Result<f64> {
        if hypothesis.is_relative() {
            return Err(StatsError::no_solution("score test of pairs", "the margin is absolute"));
        }
        let (margin, sign) = (hypothesis.null_difference(0.0), hypothesis.better().sign());
        let critical = critical(level.tail());
        self.probability(pairs, |shares| sign * score(shares, pairs, margin) >= critical)
    }

    /// Probability that both score tests of equivalence within an absolute margin reject.
    ///
    /// # Errors
    /// As [`Self::margin_rejection`].
    pub fn equivalence_rejection(self, alpha: Alpha, margin: f64, pairs: f64) -> Result<f64> {
        let critical = critical(alpha.get());
        self.probability(pairs, |shares| {
            score(shares, pairs, -margin) >= critical && -score(shares, pairs, margin) >= critical
        })
    }

    /// Probability of the outcomes in a set, told by the shares of pairs in which only control and only treatment has the
    /// event.
    fn probability(self, pairs: f64, holds: impl Fn((f64, f64)) -> bool) -> Result<f64> {
        require(
            "expected number of pairs that differ",
            pairs * self.discordant(),
            "at most 1e4",
            pairs * self.discordant() <= MOST_DISCORDANT,
        )?;
        let (first, last) = likely_discordant(pairs, self.only_control)?;
        // Of the pairs that are left, when those are known in which only control has the event.
        let share = (self.only_treatment / (1.0 - self.only_control)).min(1.0);
        let mut sum = 0.0;
        let mut control = first;
        while control <= last {
            let left = pairs - control;
            let of_control = binomial::pmf(control, pairs, self.only_control);
            let (from, to) = if left >= 1.0 {
                likely_discordant(left, share)?
            } else {
                (0.0, 0.0)
            };
            let mut treatment = from;
            while treatment <= to {
                if holds((control / pairs, treatment / pairs)) {
                    sum += of_control * binomial::pmf(treatment, left, share);
                }
                treatment += 1.0;
            }
            control += 1.0;
        }
        Ok(sum.min(1.0))
    }
}

/// The critical value, less what the last digits of a statistic may lack.
fn critical(tail: f64) -> f64 {
    normal::upper_quantile(tail) - 1e-12
}

/// The score statistic of a difference.
fn score((control, treatment): (f64, f64), pairs: f64, difference: f64) -> f64 {
    let distance = treatment - control - difference;
    if distance == 0.0 {
        0.0
    } else {
        distance * (pairs / restricted_pair_variance(control, treatment, difference)).sqrt()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::stats::{Direction, Power};

    #[test]
    fn nothing_is_certain_and_everything_is_counted() {
        let pairs = PairedProportions::from_discordant(0.3, 0.2).unwrap();
        assert!((pairs.probability(40.0, |_| true).unwrap() - 1.0).abs() < 1e-12);
        let certain = PairedProportions::from_discordant(0.0, 1.0).unwrap();
        assert!((certain.probability(40.0, |(_, arm)| arm == 1.0).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn with_many_pairs_the_formula_holds() {
        let level = Level::one_sided(0.025).unwrap();
        let margin = Hypothesis::non_inferiority(Direction::Decrease, 0.02).unwrap();
        let pairs = PairedProportions::from_discordant(0.2, 0.2).unwrap();
        let test = pairs.test(margin).unwrap();
        let n = test.sample_size(level, Power::new(0.8).unwrap()).unwrap().ceil();
        let counted = pairs.margin_rejection(level, margin, n).unwrap();
        assert!((counted - test.power(level, n).unwrap()).abs() < 2e-3, "{counted}");
    }
}
