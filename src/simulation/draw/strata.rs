//! Units in strata of equal size, whose levels differ so that a declared share of the variance lies between them.

use indexmap::IndexMap;
use rand_chacha::ChaCha8Rng;

use super::events::binomial;
use super::{Arm, Reading, Sample};
use crate::analysis::results::{ArmStatistics, MetricResults};

/// How far the level of each stratum is from the mean of all: `high` of `count` lie above the others. With mean 0 and
/// variance 1 over strata.
pub(super) fn offsets(count: u32, high: u32) -> Vec<f64> {
    let (above, below) = (f64::from(high), f64::from(count - high));
    let (up, down) = ((below / above).sqrt(), -(above / below).sqrt());
    (0..count)
        .map(|stratum| if stratum < high { up } else { down })
        .collect()
}

/// The strata of all arms. Each unit falls into any stratum as likely as into any other.
pub(super) struct Strata {
    /// By arm, then stratum: the units of an arm that are in it.
    arms: Vec<Vec<Box<dyn Arm>>>,
    units: Vec<u64>,
}

impl Strata {
    pub(super) fn new(arms: Vec<Vec<Box<dyn Arm>>>) -> Self {
        let units = vec![0; arms.len()];
        Self { arms, units }
    }
}

impl Sample for Strata {
    fn begin(&mut self, _: &mut ChaCha8Rng) {
        self.units.fill(0);
        for part in self.arms.iter_mut().flatten() {
            part.begin(Reading::TRUE);
        }
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        for (strata, (have, want)) in self.arms.iter_mut().zip(self.units.iter_mut().zip(units)) {
            let mut left = want.saturating_sub(*have);
            *have = (*have).max(*want);
            let count = strata.len();
            for (stratum, part) in strata.iter_mut().enumerate() {
                // Multinomial, stratum by stratum: of those that are left, each falls here with equal chances.
                let here = binomial(left, 1.0 / (count - stratum) as f64, rng);
                left -= here;
                part.add(here, rng);
            }
        }
    }

    fn write(&self, into: &mut MetricResults) {
        let count = self.arms.first().map_or(0, Vec::len);
        if into.strata.len() != count {
            let ids = into.arms.keys();
            let arms: IndexMap<String, ArmStatistics> = ids.map(|id| (id.clone(), ArmStatistics::default())).collect();
            into.strata = (0..count).map(|stratum| (stratum.to_string(), arms.clone())).collect();
        }
        for (stratum, slots) in into.strata.values_mut().enumerate() {
            for (slot, strata) in slots.values_mut().zip(&self.arms) {
                *slot = strata.get(stratum).map(|part| part.statistics()).unwrap_or_default();
            }
        }
    }
}
