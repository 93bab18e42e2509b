//! Exact behaviour of tests of two independent proportions, by enumerating both binomial distributions as far as their
//! probabilities can be seen in a sum.

use super::binomial;
use super::error::{Result, require};
use super::input::{Level, Proportion, Sides};
use super::proportions::NullVariance;

/// True proportions and whole sizes of two arms, up to 4e7 pairs of likely outcomes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExactProportions {
    control: f64,
    treatment: f64,
    n0: f64,
    n1: f64,
}

impl ExactProportions {
    /// Proportions and sizes of control and treatment.
    pub fn new((control, n_control): (f64, u32), (treatment, n_treatment): (f64, u32)) -> Result<Self> {
        let (n0, n1) = (f64::from(n_control), f64::from(n_treatment));
        require("n of control", n0, "1 or more", n_control >= 1)?;
        require("n of treatment", n1, "1 or more", n_treatment >= 1)?;
        let control = Proportion::named("proportion of control", control)?.get();
        let treatment = Proportion::named("proportion of treatment", treatment)?.get();
        let width = |n: f64, p: f64| {
            let (from, to) = likely(n, p);
            to - from + 1.0
        };
        let pairs = width(n0, control) * width(n1, treatment);
        require("number of likely outcomes", pairs, "at most 4e7", pairs <= 4e7)?;
        Ok(Self {
            control,
            treatment,
            n0,
            n1,
        })
    }

    /// Probability that Fisher's conditional exact test rejects. Two-sided p-values sum the tables that are no more
    /// probable than the observed one (with R's relative slack of 1e-7); a one-sided test looks for the direction of the
    /// true difference.
    ///
    /// ```
    /// use abide::stats::{ExactProportions, Level};
    /// let power = ExactProportions::new((0.5, 50), (0.7, 50))?.fisher_power(Level::two_sided(0.05)?);
    /// assert!((power - 0.463_462_362).abs() < 1e-9);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn fisher_power(&self, level: Level) -> f64 {
        let alpha = level.alpha.get();
        let upwards = self.treatment >= self.control;
        let (first, second) = (self.control_events(), self.treatment_events());
        let mut power = 0.0;
        let mut events = first.least + second.least;
        while events <= first.most() + second.most() {
            let least = (events - self.n0).max(0.0);
            let tables = self.tables(events);
            for (p_value, x1) in p_values(&tables, level.sides, upwards).into_iter().zip(0..) {
                if p_value <= alpha {
                    let x1 = least + f64::from(x1);
                    power += first.at(events - x1) * second.at(x1);
                }
            }
            events += 1.0;
        }
        power
    }

    /// Probability that the z test rejects, ties at the critical value included: its true error rate when the two
    /// proportions are equal. A one-sided test looks for the direction of the true difference.
    pub fn z_rejection(&self, level: Level, variance: NullVariance) -> f64 {
        let critical = level.z();
        let direction = if self.treatment >= self.control { 1.0 } else { -1.0 };
        let (first, second) = (self.control_events(), self.treatment_events());
        let mut sum = 0.0;
        for (x0, p0) in first.outcomes() {
            for (x1, p1) in second.outcomes() {
                let z = direction * self.z(x0, x1, variance);
                let statistic = if level.sides == Sides::Two { z.abs() } else { z };
                if statistic >= critical - 1e-12 {
                    sum += p0 * p1;
                }
            }
        }
        sum
    }

    /// How many events control is likely to have.
    pub(super) fn control_events(&self) -> Distribution {
        distribution(self.n0, self.control)
    }

    /// How many events treatment is likely to have.
    pub(super) fn treatment_events(&self) -> Distribution {
        distribution(self.n1, self.treatment)
    }

    /// Units of control and treatment.
    pub(super) fn sizes(&self) -> (f64, f64) {
        (self.n0, self.n1)
    }

    /// The z statistic of an observed table; 0 without a difference, infinite with a difference but no variance.
    fn z(&self, x0: f64, x1: f64, variance: NullVariance) -> f64 {
        let (p0, p1) = (x0 / self.n0, x1 / self.n1);
        if p0 == p1 {
            return 0.0;
        }
        let pooled = (x0 + x1) / (self.n0 + self.n1);
        let (v0, v1) = match variance {
            NullVariance::Restricted => (pooled * (1.0 - pooled), pooled * (1.0 - pooled)),
            NullVariance::ControlOnly => (p0 * (1.0 - p0), p0 * (1.0 - p0)),
            NullVariance::Unpooled => (p0 * (1.0 - p0), p1 * (1.0 - p1)),
        };
        (p1 - p0) / (v0 / self.n0 + v1 / self.n1).sqrt()
    }

    /// Hypergeometric probabilities of the tables with this total, by treatment's events from the fewest possible.
    fn tables(&self, events: f64) -> Vec<f64> {
        let (least, most) = ((events - self.n0).max(0.0), events.min(self.n1));
        let share = events / (self.n0 + self.n1);
        let all = binomial::pmf(events, self.n0 + self.n1, share);
        let mut tables = Vec::new();
        let mut x = least;
        while x <= most {
            tables.push(binomial::pmf(x, self.n1, share) * binomial::pmf(events - x, self.n0, share) / all);
            x += 1.0;
        }
        tables
    }
}

/// p-value of each table.
fn p_values(tables: &[f64], sides: Sides, upwards: bool) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = tables.iter().copied().enumerate().collect();
    if sides == Sides::Two {
        order.sort_by(|a, b| a.1.total_cmp(&b.1));
    } else if upwards {
        order.reverse();
    }
    let slack = if sides == Sides::Two { 1.0 + 1e-7 } else { 0.0 };
    let mut result = vec![1.0; tables.len()];
    // `ahead` runs to the last table that counts as at least as extreme: the table itself and those tied with it.
    let (mut sum, mut ahead) = (0.0, order.iter().peekable());
    for (rank, (table, probability)) in order.iter().enumerate() {
        let mut included = order.len() - ahead.len();
        while let Some((_, next)) = ahead.next_if(|(_, next)| included <= rank || *next <= probability * slack) {
            sum += next;
            included += 1;
        }
        if let Some(slot) = result.get_mut(*table) {
            *slot = sum;
        }
    }
    result
}

/// Probabilities of the numbers of events that are likely.
pub(super) struct Distribution {
    /// The first of them.
    least: f64,
    probabilities: Vec<f64>,
}

impl Distribution {
    /// The first of them.
    pub(super) fn least(&self) -> f64 {
        self.least
    }

    /// The last of them.
    pub(super) fn most(&self) -> f64 {
        self.least + self.probabilities.len() as f64 - 1.0
    }

    /// Numbers of events with their probabilities.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (f64, f64)> {
        let numbers = (0..).map(|step| self.least + f64::from(step));
        numbers.zip(self.probabilities.iter().copied())
    }

    /// The probability of a number of events; 0 where it is not likely.
    fn at(&self, events: f64) -> f64 {
        if events < self.least {
            return 0.0;
        }
        let place = (events - self.least) as usize;
        self.probabilities.get(place).copied().unwrap_or(0.0)
    }
}

fn distribution(n: f64, p: f64) -> Distribution {
    let (least, most) = likely(n, p);
    let mut probabilities = Vec::new();
    let mut events = least;
    while events <= most {
        probabilities.push(binomial::pmf(events, n, p));
        events += 1.0;
    }
    Distribution { least, probabilities }
}

/// The first and the last number of events whose probability is not lost beside 1: ten standard deviations, and what a
/// skewed distribution has beyond them.
fn likely(n: f64, p: f64) -> (f64, f64) {
    let (mean, reach) = (n * p, 10.0 * (n * p * (1.0 - p)).sqrt() + 45.0);
    ((mean - reach).floor().max(0.0), (mean + reach).ceil().min(n))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn p_values_follow_their_definition() {
        let tables = [0.1, 0.2, 0.4, 0.2, 0.1];
        let close = |got: Vec<f64>, want: [f64; 5]| got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close(p_values(&tables, Sides::Two, true), [0.2, 0.6, 1.0, 0.6, 0.2]));
        assert!(close(p_values(&tables, Sides::One, true), [1.0, 0.9, 0.7, 0.3, 0.1]));
        assert!(close(p_values(&tables, Sides::One, false), [0.1, 0.3, 0.7, 0.9, 1.0]));
    }

    #[test]
    fn rare_events_among_very_many_units_are_enumerated() {
        let level = Level::two_sided(0.05).unwrap();
        // Poisson with means 10 and 25, where the binomial is as good as that.
        let tables = ExactProportions::new((1e-6, 10_000_000), (2.5e-6, 10_000_000)).unwrap();
        let small = ExactProportions::new((1e-3, 10_000), (2.5e-3, 10_000)).unwrap();
        let (many, few) = (
            tables.z_rejection(level, NullVariance::Restricted),
            small.z_rejection(level, NullVariance::Restricted),
        );
        assert!((many - few).abs() < 2e-3, "{many} {few}");
    }

    #[test]
    fn fisher_keeps_its_level_and_the_unpooled_z_does_not() {
        let level = Level::two_sided(0.05).unwrap();
        let null = ExactProportions::new((0.02, 400), (0.02, 400)).unwrap();
        assert!(null.fisher_power(level) <= 0.05);
        let error = null.z_rejection(level, NullVariance::Unpooled);
        assert!((error - 0.0519).abs() < 5e-5, "{error}");
    }
}
