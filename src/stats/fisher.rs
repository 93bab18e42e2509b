//! Fisher's exact test of two independent proportions as a design: its tail, its power and the sizes it needs.

use super::binomial;
use super::error::{Result, StatsError, require};
use super::hypothesis::Hypothesis;
use super::input::{Direction, Level, Power, Proportion, Ratio, SampleSize};
use super::lasting::lasting_size;
use super::proportions::{Continuity, TwoProportions};

/// The largest variance of the number of events in an arm that the test is computed for. What an evaluation costs grows with
/// it, and far below it the normal approximation is as good.
const LARGEST_VARIANCE: f64 = 250_000.0;
/// Units in an arm up to which binomial probabilities keep their digits.
const LARGEST: f64 = 1e9;

/// P(at least `events_arm` of the arm's units have the event | the total number of events): the one-sided p-value of Fisher's
/// exact test (Fisher 1935, Journal of the Royal Statistical Society 98:39) against an arm with more events than control.
///
/// The numbers are whole; each number of events is at most its number of units.
///
/// ```
/// // The lady tasting tea: 4 of 4 right, 1/70.
/// let p = abide::stats::fisher_tail((0.0, 4.0), (4.0, 4.0))?;
/// assert!((p - 1.0 / 70.0).abs() < 1e-15);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
///
/// # Errors
/// When a number of events is not between 0 and its number of units.
pub fn fisher_tail((events_control, n_control): (f64, f64), (events_arm, n_arm): (f64, f64)) -> Result<f64> {
    let within = |input, events: f64, n: f64| {
        let whole = events.fract() == 0.0 && n.fract() == 0.0;
        require(
            input,
            events,
            "a whole number from 0 to the number of units",
            whole && n >= 1.0 && (0.0..=n).contains(&events),
        )
    };
    within("events in control", events_control, n_control)?;
    within("events in the arm", events_arm, n_arm)?;
    Ok(tail((events_control, n_control), (events_arm, n_arm), f64::INFINITY))
}

/// P(at least `wins` of `n` fair coins): the one-sided p-value of the exact sign test, and of McNemar's exact test with the
/// discordant pairs as coins. Both numbers are whole.
///
/// # Errors
/// When there are more wins than coins.
pub fn coin_tail(wins: f64, n: f64) -> Result<f64> {
    let whole = wins.fract() == 0.0 && n.fract() == 0.0;
    require(
        "wins",
        wins,
        "a whole number from 0 to the number of decided comparisons",
        whole && (0.0..=n).contains(&wins),
    )?;
    Ok(binomial::sf_inclusive(wins, n, 0.5))
}

/// The tail as far as `enough`: a sum that has passed it is not finished.
fn tail((x0, n0): (f64, f64), (x1, n1): (f64, f64), enough: f64) -> f64 {
    let events = x0 + x1;
    let least = (events - n0).max(0.0);
    let most = events.min(n1);
    if x1 <= least {
        return 1.0;
    }
    // Below the middle the other tail is the shorter sum, and this one is 1 less it.
    if x1 < events * n1 / (n0 + n1) {
        return 1.0 - tail_downwards((x0 + 1.0, n0), (x1 - 1.0, n1), least);
    }
    let mut term = table((x0, n0), (x1, n1));
    let (mut sum, mut x) = (term, x1);
    while x < most && term > 1e-17 * sum && sum <= enough {
        term *= (events - x) * (n1 - x) / ((x + 1.0) * (n0 - events + x + 1.0));
        sum += term;
        x += 1.0;
    }
    sum
}

fn tail_downwards((x0, n0): (f64, f64), (x1, n1): (f64, f64), least: f64) -> f64 {
    let events = x0 + x1;
    let mut term = table((x0, n0), (x1, n1));
    let (mut sum, mut x) = (term, x1);
    while x > least && term > 1e-17 * sum {
        term *= x * (n0 - events + x) / ((events - x + 1.0) * (n1 - x + 1.0));
        sum += term;
        x -= 1.0;
    }
    sum
}

/// Hypergeometric probability of a table.
fn table((x0, n0): (f64, f64), (x1, n1): (f64, f64)) -> f64 {
    let (events, units) = (x0 + x1, n0 + n1);
    let share = events / units;
    binomial::pmf(x1, n1, share) * binomial::pmf(x0, n0, share) / binomial::pmf(events, units, share)
}

/// A comparison of two independent proportions by Fisher's exact test.
///
/// A two-sided test spends half of alpha on each side, and its power is that of deciding in the direction of the difference.
/// It rejects when the pooled z test does too, which at ordinary levels is implied: so a score interval can go with it.
///
/// ```
/// use abide::stats::{FisherTest, Level, Power};
/// let test = FisherTest::new(0.01, 0.03)?;
/// let n = test.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?;
/// assert!(test.power(Level::two_sided(0.05)?, n)? >= 0.8);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FisherTest {
    control: f64,
    treatment: f64,
    ratio: Ratio,
}

impl FisherTest {
    /// Two different proportions, strictly between 0 and 1.
    ///
    /// # Errors
    /// When one is not, or both are the same.
    pub fn new(control: f64, treatment: f64) -> Result<Self> {
        let control = Proportion::named("proportion of control", control)?.get();
        let treatment = Proportion::named("proportion of treatment", treatment)?.get();
        if control == treatment {
            return Err(StatsError::no_solution(
                "exact test of two proportions",
                "the two arms do not differ",
            ));
        }
        Ok(Self {
            control,
            treatment,
            ratio: Ratio::EQUAL,
        })
    }

    /// Treatment units per control unit; 1 unless set.
    #[must_use]
    pub fn with_ratio(self, ratio: Ratio) -> Self {
        Self { ratio, ..self }
    }

    /// Power with the whole units of both arms: what is left of a unit does not count.
    ///
    /// # Errors
    /// With less than one unit in an arm, or so many that the number of events has a variance above 250,000.
    pub fn power(&self, level: Level, n: SampleSize) -> Result<f64> {
        let whole = |n: f64| (n * (1.0 + 4.0 * f64::EPSILON)).floor();
        let (n0, n1) = (whole(n.control()), whole(n.treatment()));
        require("n of control", n0, "from 1 to 1e9", (1.0..=LARGEST).contains(&n0))?;
        require("n of treatment", n1, "from 1 to 1e9", (1.0..=LARGEST).contains(&n1))?;
        let variance = self.variance(n0, n1);
        require(
            "variance of the number of events",
            variance,
            "at most 250,000 for an exact test; with so many events the normal approximation is as good",
            variance <= LARGEST_VARIANCE,
        )?;
        // A fall is the rise of those who do not have the event.
        let (p0, p1) = if self.treatment > self.control {
            (self.control, self.treatment)
        } else {
            (1.0 - self.control, 1.0 - self.treatment)
        };
        Ok(power_upwards((p0, n0), (p1, n1), level))
    }

    /// The units from which the power is reached and kept (as far as it is tried, over two teeth of the saw that it is).
    ///
    /// The search begins at Casagrande, Pike and Smith's approximation (1978, Applied Statistics 27:176).
    ///
    /// # Errors
    /// When so many units would be needed that the number of events has a variance above 250,000.
    pub fn sample_size(&self, level: Level, power: Power) -> Result<SampleSize> {
        let better = if self.treatment > self.control {
            Direction::Increase
        } else {
            Direction::Decrease
        };
        let start = TwoProportions::new(self.control, self.treatment, Hypothesis::superiority(better))?
            .with_ratio(self.ratio)
            .with_continuity(Continuity::CasagrandePikeSmith)
            .sample_size(level, power)?;
        // One event more or less in an arm is a tooth.
        let rarest = [self.control, self.treatment]
            .into_iter()
            .map(|p| p.min(1.0 - p))
            .fold(0.5, f64::min);
        let sizes = |n: f64| SampleSize::from_control(n, self.ratio);
        // An arm has at least one unit.
        let least = (1.0 / self.ratio.get()).ceil().max(1.0);
        let per_unit = self.variance(1.0, self.ratio.get());
        let ceiling = (LARGEST_VARIANCE / per_unit)
            .min(LARGEST)
            .min(LARGEST / self.ratio.get())
            .floor();
        let n = lasting_size(start.control().max(least), 1.0 / rarest, ceiling, |n| {
            Ok(n >= least && self.power(level, sizes(n)?)? >= power.get())
        })?;
        sizes(n)
    }

    /// The larger variance of the two numbers of events.
    fn variance(&self, n0: f64, n1: f64) -> f64 {
        let of = |n: f64, p: f64| n * p * (1.0 - p);
        of(n0, self.control).max(of(n1, self.treatment))
    }
}

/// Probability that the test decides for more events in treatment.
///
/// INVARIANT: the number of events that treatment needs never falls with control's (Barnard's convexity holds for Fisher's
/// test and for the pooled z test), so one walk up a staircase meets every edge of the rejection region.
fn power_upwards((p0, n0): (f64, f64), (p1, n1): (f64, f64), level: Level) -> f64 {
    let (alpha, z) = (level.tail(), level.z());
    let sd = (n0 * p0 * (1.0 - p0)).sqrt();
    let mut x0 = (n0 * p0 - 9.0 * sd - 40.0).floor().max(0.0);
    let last = (n0 * p0 + 9.0 * sd + 40.0).ceil().min(n0);
    // No test rejects when the arm has no larger share of events.
    let mut needed = (x0 * n1 / n0).ceil();
    let mut power = 0.0;
    while x0 <= last {
        while needed <= n1 && !rejects((x0, n0), (needed, n1), (alpha, z)) {
            needed += 1.0;
        }
        if needed > n1 {
            break;
        }
        power += binomial::pmf(x0, n0, p0) * binomial::sf_inclusive(needed, n1, p1);
        x0 += 1.0;
    }
    power.min(1.0)
}

fn rejects((x0, n0): (f64, f64), (x1, n1): (f64, f64), (alpha, z): (f64, f64)) -> bool {
    let pooled = (x0 + x1) / (n0 + n1);
    let distance = x1 / n1 - x0 / n0;
    let se = (pooled * (1.0 - pooled) * (1.0 / n0 + 1.0 / n1)).sqrt();
    distance > 0.0 && distance >= z * se && tail((x0, n0), (x1, n1), alpha) <= alpha
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::stats::ExactProportions;

    #[test]
    fn both_tails_share_the_observed_table() {
        for (x0, x1) in [(3.0, 9.0), (9.0, 3.0), (0.0, 1.0), (20.0, 30.0)] {
            let up = fisher_tail((x0, 20.0), (x1, 30.0)).unwrap();
            let down = fisher_tail((20.0 - x0, 20.0), (30.0 - x1, 30.0)).unwrap();
            let here = table((x0, 20.0), (x1, 30.0));
            assert!(
                (up + down - here - 1.0).abs() < 1e-13,
                "{x0} {x1}: {up} + {down} - {here}"
            );
        }
    }

    #[test]
    fn the_staircase_meets_what_enumeration_of_every_table_meets() {
        for (p0, n0, p1, n1) in [
            (0.02, 100, 0.10, 100),
            (0.2, 40, 0.45, 80),
            (0.5, 50, 0.3, 50),
            (0.004, 900, 0.02, 300),
        ] {
            for alpha in [0.05, 0.01] {
                let level = Level::one_sided(alpha).unwrap();
                let all = ExactProportions::new((p0, n0), (p1, n1)).unwrap().fisher_power(level);
                let sizes = SampleSize::new(f64::from(n0), f64::from(n1)).unwrap();
                let test = FisherTest::new(p0, p1).unwrap();
                let walked = test.power(level, sizes).unwrap();
                assert!((all - walked).abs() < 1e-12, "{p0} {p1} {alpha}: {all} and {walked}");
            }
        }
    }

    #[test]
    fn the_level_is_kept_where_the_z_test_exceeds_it() {
        // Nearly equal: the power is the error of one side.
        let test = FisherTest::new(0.02, 0.020_000_000_1).unwrap();
        let level = Level::two_sided(0.05).unwrap();
        for n in [50.0, 200.0, 400.0, 3_000.0] {
            assert!(test.power(level, SampleSize::equal(n).unwrap()).unwrap() <= 0.025);
        }
    }

    #[test]
    fn a_size_keeps_its_power_with_more_units() {
        let level = Level::two_sided(0.05).unwrap();
        let power = Power::new(0.8).unwrap();
        for (p0, p1, ratio) in [(0.01, 0.03, 1.0), (0.3, 0.1, 2.0), (0.001, 0.004, 0.5), (0.6, 0.8, 1.0)] {
            let test = FisherTest::new(p0, p1).unwrap().with_ratio(Ratio::new(ratio).unwrap());
            let n = test.sample_size(level, power).unwrap();
            let at = |more: f64| {
                let sizes = SampleSize::from_control(n.control() + more, test.ratio).unwrap();
                test.power(level, sizes).unwrap()
            };
            assert!(at(-1.0) < 0.8, "{p0} {p1}");
            for more in [0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0] {
                assert!(at(more) >= 0.8, "{p0} {p1} +{more}");
            }
        }
    }
}
