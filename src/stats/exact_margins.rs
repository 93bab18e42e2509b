//! What tests of two proportions against a margin really do, every pair of outcomes counted.

use super::error::Result;
use super::exact::{Distribution, ExactProportions};
use super::hypothesis::Hypothesis;
use super::input::{Direction, Level};
use super::proportions::{FEW_EVENTS, NullVariance, share_score_variance};
use super::restricted;

impl ExactProportions {
    /// Probability that the z test of a hypothesis rejects in its beneficial direction: with a margin the power under these
    /// proportions, and the true error where they lie on the boundary of the null hypothesis.
    ///
    /// With an absolute margin [`NullVariance::Restricted`] is the score test of Farrington & Manning 1990; with a relative
    /// one the variance is that of each arm, and the score's where an outcome has fewer than [`FEW_EVENTS`] in an arm.
    ///
    /// ```
    /// use abide::stats::{Direction, ExactProportions, Hypothesis, Level, NullVariance};
    /// // Not worse by 2 points: how often a harm of exactly that passes, with 4 events expected in control.
    /// let margin = Hypothesis::non_inferiority(Direction::Decrease, 0.02)?;
    /// let tables = ExactProportions::new((0.01, 400), (0.03, 400))?;
    /// let error = tables.margin_rejection(Level::one_sided(0.025)?, margin, NullVariance::Restricted)?;
    /// assert!((error - 0.019_347_6).abs() < 1e-6, "{error}");
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    ///
    /// # Errors
    /// When the restricted estimates cannot be found.
    pub fn margin_rejection(&self, level: Level, hypothesis: Hypothesis, variance: NullVariance) -> Result<f64> {
        let (first, second) = (self.control_events(), self.treatment_events());
        let restricted = variance == NullVariance::Restricted && !hypothesis.is_relative();
        let critical = level.z() - 1e-12;
        let mut sum = 0.0;
        let mut boundary = Boundary::of(hypothesis.better(), &second);
        for (x0, p0) in first.outcomes() {
            if restricted {
                // The score statistic rises with the events that speak for the treatment, and falls with those of control.
                let beyond = boundary.beyond(|x1| Ok(self.score(x0, x1, hypothesis)? >= critical))?;
                sum += p0 * beyond;
            } else {
                for (x1, p1) in second.outcomes() {
                    let statistic = if hypothesis.is_relative() && x0.min(x1) < FEW_EVENTS {
                        self.share(x0, x1, hypothesis)
                    } else {
                        self.wald(x0, x1, hypothesis)
                    };
                    if statistic >= critical {
                        sum += p0 * p1;
                    }
                }
            }
        }
        Ok(sum)
    }

    fn shares(&self, x0: f64, x1: f64) -> (f64, f64) {
        let (n0, n1) = self.sizes();
        (x0 / n0, x1 / n1)
    }

    fn score(&self, x0: f64, x1: f64, hypothesis: Hypothesis) -> Result<f64> {
        let (n0, n1) = self.sizes();
        let (p0, p1) = self.shares(x0, x1);
        let within = |p: f64| p.clamp(1e-15, 1.0 - 1e-15);
        let (x, y) = restricted::with_difference(within(p0), within(p1), n1 / n0, hypothesis.null_difference(0.0))?;
        Ok(standardised(
            hypothesis.distance(p0, p1),
            x * (1.0 - x) / n0 + y * (1.0 - y) / n1,
        ))
    }

    /// The score statistic of a share of control.
    fn share(&self, x0: f64, x1: f64, hypothesis: Hypothesis) -> f64 {
        let (n0, n1) = self.sizes();
        let (p0, p1) = self.shares(x0, x1);
        let variance = share_score_variance((p0, n0), (p1, n1), hypothesis.weight() - 1.0);
        standardised(hypothesis.distance(p0, p1), variance)
    }

    fn wald(&self, x0: f64, x1: f64, hypothesis: Hypothesis) -> f64 {
        let (n0, n1) = self.sizes();
        let (p0, p1) = self.shares(x0, x1);
        let w = hypothesis.weight();
        standardised(
            hypothesis.distance(p0, p1),
            w * w * p0 * (1.0 - p0) / n0 + p1 * (1.0 - p1) / n1,
        )
    }
}

/// A distance in standard errors; infinite where there is no variance.
fn standardised(distance: f64, variance: f64) -> f64 {
    if distance == 0.0 {
        0.0
    } else {
        distance / variance.sqrt()
    }
}

/// The events of treatment from which a test rejects, which move one way as those of control grow.
struct Boundary<'a> {
    better: Direction,
    second: &'a Distribution,
    /// Probability of every number of events that is further than the one at the place.
    tails: Vec<f64>,
    /// How many outcomes reject.
    rejecting: usize,
}

impl<'a> Boundary<'a> {
    fn of(better: Direction, second: &'a Distribution) -> Self {
        // From the outcome that speaks most for the treatment on.
        let mut tails = vec![0.0];
        let mut sum = 0.0;
        let all: Vec<f64> = second.outcomes().map(|(_, probability)| probability).collect();
        let ordered: Box<dyn Iterator<Item = &f64>> = match better {
            Direction::Increase => Box::new(all.iter().rev()),
            Direction::Decrease => Box::new(all.iter()),
        };
        for probability in ordered {
            sum += probability;
            tails.push(sum);
        }
        let rejecting = match better {
            Direction::Increase => all.len(),
            Direction::Decrease => 0,
        };
        Self {
            better,
            second,
            tails,
            rejecting,
        }
    }

    /// The number of events at a place, counted from the outcome that speaks most for the treatment.
    fn events(&self, place: usize) -> f64 {
        match self.better {
            Direction::Increase => self.second.most() - place as f64,
            Direction::Decrease => self.second.least() + place as f64,
        }
    }

    /// Probability of the outcomes that reject, given one more event of control than before.
    fn beyond(&mut self, rejects: impl Fn(f64) -> Result<bool>) -> Result<f64> {
        let most = self.tails.len() - 1;
        // The outcome at `rejecting − 1` is the weakest that rejects.
        while self.rejecting < most && rejects(self.events(self.rejecting))? {
            self.rejecting += 1;
        }
        while self.rejecting > 0 && !rejects(self.events(self.rejecting - 1))? {
            self.rejecting -= 1;
        }
        Ok(self.tails.get(self.rejecting).copied().unwrap_or(0.0))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use Direction::{Decrease, Increase};

    /// The walk along the boundary gives what asking every table gives.
    #[test]
    fn every_table_is_counted_once() {
        let level = Level::one_sided(0.025).unwrap();
        for (p0, p1, hypothesis) in [
            (0.02, 0.04, Hypothesis::non_inferiority(Decrease, 0.02).unwrap()),
            (0.95, 0.95, Hypothesis::non_inferiority(Increase, 0.03).unwrap()),
            (0.05, 0.12, Hypothesis::superiority_by(Increase, 0.02).unwrap()),
            (0.12, 0.05, Hypothesis::superiority_by(Decrease, 0.02).unwrap()),
        ] {
            let tables = ExactProportions::new((p0, 150), (p1, 210)).unwrap();
            let walked = tables
                .margin_rejection(level, hypothesis, NullVariance::Restricted)
                .unwrap();
            let (first, second) = (tables.control_events(), tables.treatment_events());
            let mut asked = 0.0;
            for (x0, p) in first.outcomes() {
                for (x1, q) in second.outcomes() {
                    if tables.score(x0, x1, hypothesis).unwrap() >= level.z() - 1e-12 {
                        asked += p * q;
                    }
                }
            }
            assert!((walked - asked).abs() < 1e-12, "{hypothesis:?}: {walked} {asked}");
        }
    }

    #[test]
    fn with_many_events_the_normal_approximation_holds() {
        let level = Level::one_sided(0.025).unwrap();
        let margin = Hypothesis::non_inferiority(Decrease, 0.02).unwrap();
        let error = ExactProportions::new((0.3, 4000), (0.32, 4000))
            .unwrap()
            .margin_rejection(level, margin, NullVariance::Restricted)
            .unwrap();
        assert!((error - 0.025).abs() < 5e-4, "{error}");
    }
}
