//! Data of a run: units drawn as a metric declares them, kept as the sums that an analysis reads.
//!
//! Units come look by look, and what is there stays. Where sums have a distribution of their own that is exact (binomial
//! counts, normal means with their sums of squares, gamma-Poisson totals), the sums are drawn; else single units are.

mod blocks;
mod clusters;
mod composite;
mod counts;
mod declared;
mod events;
mod grouped_quantiles;
mod hazards;
mod kind;
mod labelled;
mod latent;
mod logarithms;
mod means;
mod pairs;
mod preferences;
mod quantiles;
mod ratios;
mod repeated;
mod setup;
mod stages;
mod strata;

use rand_chacha::ChaCha8Rng;

use crate::analysis::results::{ArmStatistics, ComparisonStatistics, MetricResults};

pub(super) use declared::Drawn;
pub(super) use setup::{Ends, Setup};

/// The units of one metric in all arms, in the course of a run.
pub(super) trait Sample: Send {
    /// Empties it for a new run.
    fn begin(&mut self, rng: &mut ChaCha8Rng);

    /// Adds units until each arm, in the order of the spec, has so many.
    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng);

    /// Writes down what an analysis sees of them: arms in the order of the spec, comparisons in that of the experiment.
    fn write(&self, into: &mut MetricResults);
}

/// How a judge reads the units of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    /// Chance that an event is seen as one.
    pub(super) sensitivity: f64,
    /// Chance that what is no event is seen as none.
    pub(super) specificity: f64,
}

impl Reading {
    /// Everything is seen as it is.
    pub(super) const TRUE: Self = Self {
        sensitivity: 1.0,
        specificity: 1.0,
    };

    /// The share that is seen to have the event.
    pub(super) fn seen(self, share: f64) -> f64 {
        share * self.sensitivity + (1.0 - share) * (1.0 - self.specificity)
    }
}

/// The units of one arm, where arms are drawn apart.
trait Arm: Send {
    /// Empties it for a new run, in which a judge reads as given.
    fn begin(&mut self, reading: Reading);

    /// Adds units.
    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng);

    /// What an analysis sees of them.
    fn statistics(&self) -> ArmStatistics;
}

/// Arms with units of their own.
struct Apart {
    arms: Vec<Box<dyn Arm>>,
    units: Vec<u64>,
    judge: events::Judges,
}

impl Apart {
    fn new(arms: Vec<Box<dyn Arm>>, judge: events::Judges) -> Self {
        let units = vec![0; arms.len()];
        Self { arms, units, judge }
    }
}

impl Sample for Apart {
    fn begin(&mut self, rng: &mut ChaCha8Rng) {
        let readings = self.judge.readings(rng);
        self.units.fill(0);
        for (arm, reading) in self.arms.iter_mut().zip(readings) {
            arm.begin(reading);
        }
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        for ((arm, have), want) in self.arms.iter_mut().zip(&mut self.units).zip(units) {
            if *want > *have {
                arm.add(want - *have, rng);
                *have = *want;
            }
        }
    }

    fn write(&self, into: &mut MetricResults) {
        for (slot, arm) in into.arms.values_mut().zip(&self.arms) {
            *slot = arm.statistics();
        }
    }
}

/// Writes comparisons down, in their order.
fn compare(into: &mut MetricResults, comparisons: impl Iterator<Item = ComparisonStatistics>) {
    for (slot, comparison) in into.comparisons.values_mut().zip(comparisons) {
        *slot = comparison;
    }
}
