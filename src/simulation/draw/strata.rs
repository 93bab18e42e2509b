//! Units in strata of equal size, whose levels differ so that a declared share of the variance lies between them.

use indexmap::IndexMap;
use rand_chacha::ChaCha8Rng;

use super::Sample;
use super::events::binomial;
use super::means::Sums;
use crate::analysis::results::{ArmStatistics, MetricResults};

/// How the values of a stratum are distributed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Level {
    /// Yes or no, with this probability of yes.
    Share(f64),
    /// Normal values.
    Normal { mean: f64, sd: f64 },
}

/// Levels of strata: `high` of `count` lie above the others, by as much as makes `explained` of the variance lie between.
/// With mean 0 and variance 1 over strata.
pub(super) fn offsets(count: u32, high: u32) -> Vec<f64> {
    let (above, below) = (f64::from(high), f64::from(count - high));
    let (up, down) = ((below / above).sqrt(), -(above / below).sqrt());
    (0..count)
        .map(|stratum| if stratum < high { up } else { down })
        .collect()
}

/// The strata of all arms. Each unit falls into any stratum as likely as into any other.
#[derive(Debug, Clone)]
pub(super) struct Strata {
    /// By arm, then stratum.
    levels: Vec<Vec<Level>>,
    sums: Vec<Vec<Sums>>,
    units: Vec<u64>,
}

impl Strata {
    pub(super) fn new(levels: Vec<Vec<Level>>) -> Self {
        let sums = levels
            .iter()
            .map(|strata| vec![Sums::default(); strata.len()])
            .collect();
        let units = vec![0; levels.len()];
        Self { levels, sums, units }
    }
}

impl Sample for Strata {
    fn begin(&mut self, _: &mut ChaCha8Rng) {
        self.units.fill(0);
        for strata in &mut self.sums {
            strata.fill(Sums::default());
        }
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let arms = self.levels.iter().zip(&mut self.sums);
        for ((levels, sums), (have, want)) in arms.zip(self.units.iter_mut().zip(units)) {
            let mut left = want.saturating_sub(*have);
            *have = (*have).max(*want);
            let count = levels.len();
            for (stratum, (level, sums)) in levels.iter().zip(sums).enumerate() {
                // Multinomial, stratum by stratum: of those that are left, each falls here with equal chances.
                let here = binomial(left, 1.0 / (count - stratum) as f64, rng);
                left -= here;
                match *level {
                    Level::Share(share) => {
                        let events = binomial(here, share, rng) as f64;
                        sums.n += here;
                        sums.sum += events;
                        sums.squares += events;
                    }
                    Level::Normal { mean, sd } => sums.add_normal(here, mean, sd, rng),
                }
            }
        }
    }

    fn write(&self, into: &mut MetricResults) {
        let count = self.levels.first().map_or(0, Vec::len);
        if into.strata.len() != count {
            let arms: IndexMap<String, ArmStatistics> = into
                .arms
                .keys()
                .map(|id| (id.clone(), ArmStatistics::default()))
                .collect();
            into.strata = (0..count).map(|stratum| (stratum.to_string(), arms.clone())).collect();
        }
        for (stratum, arms) in into.strata.values_mut().enumerate() {
            for (slot, sums) in arms.values_mut().zip(&self.sums) {
                *slot = sums.get(stratum).copied().unwrap_or_default().statistics();
            }
        }
    }
}
