//! Score intervals of differences between proportions: the values that the test of the plan does not reject.
//!
//! At the null hypothesis of no difference the restricted variance is the pooled one, so the lower bound passes 0 exactly
//! when the pooled z test rejects; at a margin it is that of Farrington and Manning.

use super::critical::Statistic;
use super::linear::{Freedom, Linear};
use super::{Interval, Measured};
use crate::stats::{
    self, FEW_EVENTS, StatsError, coin_tail, fisher_tail, normal, restricted_pair_variance, restricted_proportions,
    share_score_variance,
};

/// How counts are tested against no difference at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtZero {
    /// By the score test, like every other value.
    Score,
    /// Exactly. The interval is the score interval, and holds 0 whenever the exact test does not reject.
    Exact,
}

impl AtZero {
    /// The statistic of no difference. `tails` gives the probability of at most and of at least what was observed; the one in
    /// the direction of the estimate is turned into the normal quantile that it belongs to, so that p-values and intervals
    /// come from one number. It never speaks louder than the score test, which at ordinary levels is no limit.
    fn statistic(
        self,
        score: Statistic,
        upward: impl FnOnce() -> Result<f64, StatsError>,
        downward: impl FnOnce() -> Result<f64, StatsError>,
    ) -> Result<Statistic, StatsError> {
        if self == Self::Score || score.value == 0.0 {
            return Ok(score);
        }
        let tail = if score.value > 0.0 { upward()? } else { downward()? };
        let exact = normal::upper_quantile(tail.clamp(f64::MIN_POSITIVE, 0.5));
        Ok(Statistic {
            value: exact.min(score.value.abs()).copysign(score.value),
            freedom: None,
        })
    }

    /// The interval of the score test with 0 in it if the exact test does not reject it.
    fn widened(self, interval: Interval, multiplier: f64, at_zero: Statistic) -> Interval {
        if self == Self::Score || at_zero.value.abs() > multiplier {
            return interval;
        }
        Interval {
            lower: interval.lower.min(0.0),
            upper: interval.upper.max(0.0),
        }
    }
}

/// Events and units of two independent arms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoCounts {
    /// How no difference is tested.
    pub at_zero: AtZero,
    /// Events in control, between 0 and its units.
    pub events_control: f64,
    /// Units in control.
    pub n_control: f64,
    /// Events in the arm.
    pub events_arm: f64,
    /// Units in the arm.
    pub n_arm: f64,
}

impl TwoCounts {
    /// Both proportions with each arm's own variance.
    pub fn linear(&self) -> Linear {
        let (p0, p1) = (self.events_control / self.n_control, self.events_arm / self.n_arm);
        Linear {
            control: p0,
            arm: p1,
            var_control: p0 * (1.0 - p0) / self.n_control,
            var_arm: p1 * (1.0 - p1) / self.n_arm,
            covariance: 0.0,
            freedom: Freedom::Known,
        }
    }

    /// The score statistic of a difference strictly between −1 and 1 (Mee 1984; Farrington & Manning 1990).
    ///
    /// # Errors
    /// When the restricted estimates cannot be found.
    pub fn statistic(&self, difference: f64) -> Result<Statistic, StatsError> {
        let linear = self.linear();
        let ratio = stats::Ratio::new(self.n_arm / self.n_control)?;
        let within = |p: f64| p.clamp(TINY, 1.0 - TINY);
        let (x, y) = if difference == 0.0 {
            let pooled = (self.events_control + self.events_arm) / (self.n_control + self.n_arm);
            (pooled, pooled)
        } else {
            restricted_proportions(within(linear.control), within(linear.arm), ratio, difference)?
        };
        let score = Measured {
            estimate: linear.arm - linear.control,
            variance: x * (1.0 - x) / self.n_control + y * (1.0 - y) / self.n_arm,
            freedom: None,
        }
        .statistic(difference);
        if difference != 0.0 {
            return Ok(score);
        }
        // Fisher 1935: given how many events there are in all.
        let (control, arm) = ((self.events_control, self.n_control), (self.events_arm, self.n_arm));
        let others = |(events, n): (f64, f64)| (n - events, n);
        self.at_zero.statistic(
            score,
            || fisher_tail(control, arm),
            || fisher_tail(others(control), others(arm)),
        )
    }

    /// The differences that the score test does not reject.
    ///
    /// # Errors
    /// When the restricted estimates cannot be found.
    pub fn interval(&self, multiplier: f64) -> Result<Interval, StatsError> {
        let interval = invert(self.linear().difference().estimate, multiplier, |difference| {
            self.statistic(difference)
        })?;
        Ok(self.at_zero.widened(interval, multiplier, self.statistic(0.0)?))
    }

    /// Whether an arm has too few events for the variance that its own proportion gives.
    pub fn is_sparse(&self) -> bool {
        self.events_control < FEW_EVENTS || self.events_arm < FEW_EVENTS
    }

    /// The score statistic of a share of control, above −1: of θT = (1 + effect) θC.
    pub fn share_statistic(&self, effect: f64) -> Statistic {
        let Linear { control, arm, .. } = self.linear();
        Measured {
            estimate: arm - (1.0 + effect) * control,
            variance: share_score_variance((control, self.n_control), (arm, self.n_arm), effect),
            freedom: None,
        }
        .statistic(0.0)
    }

    /// The shares of control that the score test does not reject (Miettinen & Nurminen 1985); `None` when none is too large.
    ///
    /// # Errors
    /// None of its own: the search for the ends may fail.
    pub fn share_interval(&self, multiplier: f64) -> Result<Option<Interval>, StatsError> {
        let Linear { control, arm, .. } = self.linear();
        if control == 0.0 || multiplier.is_infinite() {
            return Ok(None);
        }
        // A ratio from 0 to infinity as (ratio − 1)/(ratio + 1), which is searched as differences are.
        let effect = |place: f64| (1.0 + place) / (1.0 - place) - 1.0;
        let found = invert((arm - control) / (arm + control), multiplier, |place| {
            Ok(self.share_statistic(effect(place)))
        })?;
        Ok((found.upper < 1.0).then(|| Interval {
            lower: effect(found.lower),
            upper: effect(found.upper),
        }))
    }
}

/// Closest to 0 or 1 that an observed proportion counts as, where its logarithm is needed.
const TINY: f64 = 1e-15;

/// How both arms did on the same units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairCounts {
    /// How no difference is tested.
    pub at_zero: AtZero,
    /// The event under both.
    pub both: f64,
    /// Under control only.
    pub only_control: f64,
    /// Under the arm only.
    pub only_arm: f64,
    /// Under neither.
    pub neither: f64,
}

impl PairCounts {
    /// Pairs.
    pub fn n(&self) -> f64 {
        self.both + self.only_control + self.only_arm + self.neither
    }

    /// Both proportions with their covariance.
    pub fn linear(&self) -> Linear {
        let n = self.n();
        let (p0, p1) = ((self.both + self.only_control) / n, (self.both + self.only_arm) / n);
        Linear {
            control: p0,
            arm: p1,
            var_control: p0 * (1.0 - p0) / n,
            var_arm: p1 * (1.0 - p1) / n,
            covariance: (self.both / n - p0 * p1) / n,
            freedom: Freedom::Known,
        }
    }

    /// The score statistic of a difference (Tango 1998, Statistics in Medicine 17:891): McNemar's at 0.
    ///
    /// # Errors
    /// When the exact test is asked of counts that are not whole.
    pub fn statistic(&self, difference: f64) -> Result<Statistic, StatsError> {
        let (n, d) = (self.n(), difference);
        let score = Measured {
            estimate: (self.only_arm - self.only_control) / n,
            variance: restricted_pair_variance(self.only_control / n, self.only_arm / n, d) / n,
            freedom: None,
        }
        .statistic(difference);
        if difference != 0.0 {
            return Ok(score);
        }
        let (up, down) = (self.only_arm, self.only_control);
        self.at_zero
            .statistic(score, || coin_tail(up, up + down), || coin_tail(down, up + down))
    }

    /// The differences that the score test does not reject.
    ///
    /// # Errors
    /// When the exact test is asked of counts that are not whole.
    pub fn interval(&self, multiplier: f64) -> Result<Interval, StatsError> {
        let estimate = (self.only_arm - self.only_control) / self.n();
        let interval = invert(estimate, multiplier, |difference| self.statistic(difference))?;
        Ok(self.at_zero.widened(interval, multiplier, self.statistic(0.0)?))
    }
}

/// Comparisons won and lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WinCounts {
    /// How a share of one half is tested.
    pub at_zero: AtZero,
    /// Won by the arm.
    pub wins: f64,
    /// Won by control.
    pub losses: f64,
}

impl WinCounts {
    /// The arm's share of decided comparisons minus one half.
    pub fn estimate(&self) -> f64 {
        self.wins / (self.wins + self.losses) - 0.5
    }

    /// The score statistic of a share of one half plus `difference`: the sign test's normal form at 0.
    ///
    /// # Errors
    /// When the exact test is asked of counts that are not whole.
    pub fn statistic(&self, difference: f64) -> Result<Statistic, StatsError> {
        let share = 0.5 + difference;
        let n = self.wins + self.losses;
        let score = Measured {
            estimate: self.estimate(),
            variance: (share * (1.0 - share)).max(0.0) / n,
            freedom: None,
        }
        .statistic(difference);
        if difference != 0.0 {
            return Ok(score);
        }
        self.at_zero
            .statistic(score, || coin_tail(self.wins, n), || coin_tail(self.losses, n))
    }

    /// The differences from one half that the score test does not reject (Wilson 1927).
    ///
    /// # Errors
    /// When the exact test is asked of counts that are not whole.
    pub fn interval(&self, multiplier: f64) -> Result<Interval, StatsError> {
        Ok(self
            .at_zero
            .widened(self.wilson(multiplier), multiplier, self.statistic(0.0)?))
    }

    fn wilson(&self, multiplier: f64) -> Interval {
        let n = self.wins + self.losses;
        let q2 = multiplier * multiplier;
        if q2.is_infinite() {
            return Interval {
                lower: -0.5,
                upper: 0.5,
            };
        }
        let p = self.wins / n;
        let middle = (p + q2 / (2.0 * n)) / (1.0 + q2 / n);
        let half = multiplier / (1.0 + q2 / n) * (p * (1.0 - p) / n + q2 / (4.0 * n * n)).sqrt();
        Interval {
            lower: middle - half - 0.5,
            upper: middle + half - 0.5,
        }
    }
}

/// Steps of the search for an end: each shrinks the bracket, and a handful reach the last digits.
const STEPS: usize = 100;
/// A bound beyond this counts as 1: the restricted estimates lose their digits where one proportion must be 0 and the other 1.
const WIDEST: f64 = 0.9995;

/// Both ends of the interval of a statistic that falls with the difference it is tested against.
fn invert(
    estimate: f64,
    multiplier: f64,
    statistic: impl Fn(f64) -> Result<Statistic, StatsError>,
) -> Result<Interval, StatsError> {
    let estimate = estimate.clamp(-WIDEST, WIDEST);
    Ok(Interval {
        lower: end(estimate, multiplier, -WIDEST, &statistic)?,
        upper: end(estimate, -multiplier, WIDEST, &statistic)?,
    })
}

/// Where the statistic is `target`, between the estimate (where it is 0) and the edge: by secants through a bracket, with
/// the weights of Anderson & Björck 1973 so that neither side of it is left behind.
fn end(
    estimate: f64,
    target: f64,
    edge: f64,
    statistic: &impl Fn(f64) -> Result<Statistic, StatsError>,
) -> Result<f64, StatsError> {
    let sign = -edge.signum();
    // Above 0 outside the interval, below 0 within.
    let excess = |difference: f64| -> Result<f64, StatsError> { Ok(sign * (statistic(difference)?.value - target)) };
    let beyond = excess(edge)?;
    if beyond <= 0.0 || target.is_infinite() {
        return Ok(edge.signum());
    }
    let (mut inside, mut outside) = ((estimate, -target.abs()), (edge, beyond));
    let (mut last, mut replaced) = (estimate, None);
    for _ in 0..STEPS {
        let secant = inside.0 - inside.1 * (outside.0 - inside.0) / (outside.1 - inside.1);
        let within = |x: f64| (x - inside.0) * (x - outside.0) < 0.0;
        let next = if within(secant) {
            secant
        } else {
            0.5 * (inside.0 + outside.0)
        };
        let found = excess(next)?;
        if found == 0.0 || (next - last).abs() <= 4.0 * f64::EPSILON * next.abs() || !within(next) {
            return Ok(next);
        }
        last = next;
        let (kept, replacing) = if found < 0.0 {
            (&mut outside, &mut inside)
        } else {
            (&mut inside, &mut outside)
        };
        // The same side twice: the other side's value is made smaller, so that the next secant passes over the root.
        if replaced == Some(found < 0.0) {
            let weight = 1.0 - found / replacing.1;
            kept.1 *= if weight > 0.0 { weight } else { 0.5 };
        }
        replaced = Some(found < 0.0);
        *replacing = (next, found);
    }
    Ok(last)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_bound_passes_zero_when_the_pooled_test_rejects() {
        let counts = TwoCounts {
            at_zero: AtZero::Score,
            events_control: 120.0,
            n_control: 1000.0,
            events_arm: 152.0,
            n_arm: 1010.0,
        };
        let z = counts.statistic(0.0).unwrap().value;
        let bound = counts.interval(z).unwrap();
        assert!(bound.lower.abs() < 1e-12, "{}", bound.lower);
    }

    #[test]
    fn no_events_at_all_say_little_but_not_nothing() {
        let none = TwoCounts {
            at_zero: AtZero::Score,
            events_control: 0.0,
            n_control: 500.0,
            events_arm: 0.0,
            n_arm: 500.0,
        };
        assert_eq!(none.statistic(0.0).unwrap().value, 0.0);
        let interval = none.interval(normal::upper_quantile(0.025)).unwrap();
        assert!(
            interval.lower < 0.0 && interval.upper > 0.0 && interval.upper < 0.02,
            "{interval:?}"
        );
        assert!((interval.lower + interval.upper).abs() < 1e-9);
    }

    #[test]
    fn at_zero_the_paired_statistic_is_mcnemars() {
        let pairs = PairCounts {
            at_zero: AtZero::Score,
            both: 40.0,
            only_control: 12.0,
            only_arm: 25.0,
            neither: 123.0,
        };
        assert!((pairs.statistic(0.0).unwrap().value - 13.0 / 37_f64.sqrt()).abs() < 1e-12);
        let interval = pairs.interval(pairs.statistic(0.0).unwrap().value).unwrap();
        assert!(interval.lower.abs() < 1e-12);
    }

    #[test]
    fn ends_of_a_preference_are_where_its_test_turns() {
        let counts = WinCounts {
            at_zero: AtZero::Score,
            wins: 61.0,
            losses: 39.0,
        };
        let interval = counts.interval(1.7).unwrap();
        assert!((counts.statistic(interval.lower).unwrap().value - 1.7).abs() < 1e-12);
        assert!((counts.statistic(interval.upper).unwrap().value + 1.7).abs() < 1e-12);
    }

    #[test]
    fn an_infinite_multiplier_leaves_everything_possible() {
        let counts = TwoCounts {
            at_zero: AtZero::Score,
            events_control: 1.0,
            n_control: 5.0,
            events_arm: 2.0,
            n_arm: 5.0,
        };
        let interval = counts.interval(f64::INFINITY).unwrap();
        assert_eq!((interval.lower, interval.upper), (-1.0, 1.0));
    }

    #[test]
    fn an_exact_test_and_its_interval_say_the_same_of_zero() {
        for (events_control, events_arm) in [(1.0, 6.0), (2.0, 9.0), (9.0, 2.0), (0.0, 5.0), (0.0, 6.0), (3.0, 3.0)] {
            let score = TwoCounts {
                at_zero: AtZero::Score,
                events_control,
                n_control: 40.0,
                events_arm,
                n_arm: 40.0,
            };
            let exact = TwoCounts {
                at_zero: AtZero::Exact,
                ..score
            };
            let statistic = exact.statistic(0.0).unwrap();
            assert!(statistic.value.abs() <= score.statistic(0.0).unwrap().value.abs());
            let multiplier = normal::upper_quantile(0.025);
            let interval = exact.interval(multiplier).unwrap();
            let holds_zero = interval.lower <= 0.0 && interval.upper >= 0.0;
            assert_eq!(
                holds_zero,
                statistic.value.abs() <= multiplier,
                "{events_control} {events_arm}"
            );
        }
    }

    #[test]
    fn p_values_of_exact_tests_are_those_of_their_tails() {
        let p = |statistic: Statistic| statistic.p_value(super::super::Against::Large).unwrap();
        let tea = TwoCounts {
            at_zero: AtZero::Exact,
            events_control: 1.0,
            n_control: 4.0,
            events_arm: 3.0,
            n_arm: 4.0,
        };
        // Fisher's lady with one mistake: 17/70.
        assert!((p(tea.statistic(0.0).unwrap()) - 17.0 / 70.0).abs() < 1e-12);
        let pairs = PairCounts {
            at_zero: AtZero::Exact,
            both: 10.0,
            only_control: 1.0,
            only_arm: 7.0,
            neither: 10.0,
        };
        assert!((p(pairs.statistic(0.0).unwrap()) - 9.0 / 256.0).abs() < 1e-12);
        let wins = WinCounts {
            at_zero: AtZero::Exact,
            wins: 7.0,
            losses: 1.0,
        };
        assert!((p(wins.statistic(0.0).unwrap()) - 9.0 / 256.0).abs() < 1e-12);
    }

    fn events(control: (f64, f64), arm: (f64, f64)) -> TwoCounts {
        TwoCounts {
            at_zero: AtZero::Score,
            events_control: control.0,
            n_control: control.1,
            events_arm: arm.0,
            n_arm: arm.1,
        }
    }

    /// The first is the example of Koopman 1984, Biometrics 40:513 (2.94 to 7.15 as ratios); all are statsmodels'
    /// `confint_proportions_2indep(compare="ratio", method="score", correction=False)`.
    #[test]
    fn shares_of_few_events_are_bounded_by_their_score() {
        let multiplier = normal::upper_quantile(0.025);
        for (control, arm, lower, upper) in [
            ((16.0, 80.0), (36.0, 40.0), 1.939_569_192_215, 6.152_223_434_866),
            ((11.0, 1088.0), (0.0, 1088.0), -1.0, -0.651_689_730_882),
            ((11.0, 1088.0), (1.0, 1088.0), -0.984_899_203_669, -0.453_933_530_088),
            ((12.0, 300.0), (29.0, 400.0), -0.045_654_100_656, 2.462_398_616_830),
        ] {
            let interval = events(control, arm).share_interval(multiplier).unwrap().unwrap();
            assert!((interval.lower - lower).abs() < 1e-9, "{interval:?}");
            assert!((interval.upper - upper).abs() < 1e-9, "{interval:?}");
        }
        let statistic = events((29.0, 400.0), (12.0, 300.0)).share_statistic(0.2);
        assert!((statistic.value + 2.395_948_804_148_7).abs() < 1e-12, "{statistic:?}");
    }

    #[test]
    fn without_events_in_control_no_share_of_it_is_too_large() {
        assert_eq!(events((0.0, 50.0), (9.0, 50.0)).share_interval(1.96).unwrap(), None);
        assert_eq!(events((0.0, 50.0), (0.0, 50.0)).share_interval(1.96).unwrap(), None);
    }
}
