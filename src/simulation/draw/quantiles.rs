//! Quantiles of log-normal values.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution};

use super::means::normal;
use super::{Arm, Reading};
use crate::analysis::results::{ArmStatistics, Bounds, QuantileStatistics};
use crate::stats;

/// Standard errors of the rank between the quantile and the order statistics that bound it: as many as an interval of 95% has.
const REACH: f64 = 1.96;

/// Log-normal values of an arm, of which a quantile is taken.
#[derive(Debug, Clone)]
pub(super) struct Quantiles {
    q: f64,
    /// The true quantile.
    value: f64,
    log_sd: f64,
    z: f64,
    kept: Kept,
}

#[derive(Debug, Clone)]
enum Kept {
    /// All at once: the three order statistics that are read, from their joint distribution.
    Orders {
        n: u64,
        /// Below, at and above the quantile.
        logs: [f64; 3],
    },
    /// Look by look: every value.
    Values(Vec<f64>),
}

impl Quantiles {
    /// Values whose quantile `q` is `value`; `looks` are how often they are read.
    pub(super) fn new(q: f64, value: f64, log_sd: f64, looks: usize) -> Self {
        Self {
            q,
            value,
            log_sd,
            z: stats::normal::quantile(q),
            kept: if looks > 1 {
                Kept::Values(Vec::new())
            } else {
                Kept::Orders { n: 0, logs: [0.0; 3] }
            },
        }
    }

    /// Ranks, from 1, of the order statistics that are read of `n` values.
    fn ranks(&self, n: u64) -> [u64; 3] {
        let units = n as f64;
        let middle = units * self.q;
        let reach = REACH * (units * self.q * (1.0 - self.q)).sqrt();
        let rank = |x: f64| (x.round().max(1.0) as u64).min(n.max(1));
        [rank(middle - reach), rank(middle + 0.5), rank(middle + reach + 1.0)]
    }

    /// The logarithm of the value at a share of the distribution, given as its two tails.
    fn log_at(&self, below: f64, above: f64) -> f64 {
        let z = if below < above {
            stats::normal::quantile(below.max(f64::MIN_POSITIVE))
        } else {
            stats::normal::upper_quantile(above.max(f64::MIN_POSITIVE))
        };
        self.value.ln() + self.log_sd * (z - self.z)
    }
}

/// An order statistic of uniform values: rank `k` of `n`.
fn uniform_order(k: u64, n: u64, rng: &mut ChaCha8Rng) -> f64 {
    Beta::new(k as f64, (n + 1 - k) as f64).map_or(0.5, |beta| beta.sample(rng))
}

impl Arm for Quantiles {
    fn begin(&mut self, _: Reading) {
        match &mut self.kept {
            Kept::Orders { n, .. } => *n = 0,
            Kept::Values(values) => values.clear(),
        }
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        if let Kept::Values(values) = &mut self.kept {
            let (middle, sd) = (self.value.ln() - self.log_sd * self.z, self.log_sd);
            values.extend((0..units).map(|_| middle + sd * normal(rng)));
            return;
        }
        let ranks = self.ranks(units);
        let [lower, middle, upper] = ranks;
        // Given the middle one, those below are order statistics of uniform values below it, those above likewise.
        let at = uniform_order(middle, units, rng);
        let below = if lower < middle {
            at * uniform_order(lower, middle - 1, rng)
        } else {
            at
        };
        let left = if upper > middle {
            (1.0 - at) * (1.0 - uniform_order(upper - middle, units - middle, rng))
        } else {
            1.0 - at
        };
        let logs = [
            self.log_at(below, 1.0 - below),
            self.log_at(at, 1.0 - at),
            self.log_at(1.0 - left, left),
        ];
        self.kept = Kept::Orders { n: units, logs };
    }

    fn statistics(&self) -> ArmStatistics {
        let (n, logs) = match &self.kept {
            Kept::Orders { n, logs } => (*n, *logs),
            Kept::Values(values) => {
                let n = values.len() as u64;
                let mut values = values.clone();
                let logs = self.ranks(n).map(|rank| {
                    let place = (rank as usize).saturating_sub(1).min(values.len().saturating_sub(1));
                    if values.is_empty() {
                        f64::NAN
                    } else {
                        *values.select_nth_unstable_by(place, f64::total_cmp).1
                    }
                });
                (n, logs)
            }
        };
        let ranks = self.ranks(n);
        // The chance that so many of n values lie below the true quantile, by the normal distribution of that number.
        let spread = (n as f64 * self.q * (1.0 - self.q)).sqrt();
        let confidence = 2.0 * stats::normal::cdf(0.5 * (ranks[2] - ranks[0]) as f64 / spread) - 1.0;
        ArmStatistics {
            n: Some(n as f64),
            quantile: Some(QuantileStatistics {
                value: logs[1].exp(),
                log_standard_error: None,
                bounds: Some(Bounds {
                    lower: logs[0].exp(),
                    upper: logs[2].exp(),
                    confidence,
                }),
            }),
            ..ArmStatistics::default()
        }
    }
}
