//! Units that pass every arm several times: shares of yes over the repeats, and quantiles of pairs.

use rand_chacha::ChaCha8Rng;

use super::clusters::cut;
use super::events::{Judges, binomial, control_and_others};
use super::grouped_quantiles::quantile_and_slope;
use super::means::{PairSums, normal};
use super::pairs::{Alike, Given, differences};
use super::{Reading, Sample, compare};
use crate::analysis::results::{ComparisonStatistics, EffectScale, MetricResults, ReportedEffect};
use crate::stats;

/// The share of yes over the repeats of a unit, in pairs.
///
/// A unit leans to yes or to no under each arm; how it leans is a pair of yes and no. The lean moves the chance of each
/// repeat from the arm's share by `pull`, whose square is the correlation of two repeats.
#[derive(Debug, Clone)]
pub(super) struct RepeatedEvents {
    repeats: u64,
    pull: f64,
    control: f64,
    judge: Judges,
    /// Of control, then of each treatment.
    readings: Vec<Reading>,
    made: u64,
    /// Shares of the treatments, how they lean given control's lean, and their sums.
    treatments: Vec<(f64, Given, PairSums)>,
}

impl RepeatedEvents {
    pub(super) fn new(
        repeats: u64,
        repeat_correlation: f64,
        control: f64,
        treatments: Vec<(f64, Given)>,
        judge: Judges,
    ) -> Self {
        Self {
            repeats,
            pull: repeat_correlation.max(0.0).sqrt(),
            control,
            judge,
            readings: Vec::new(),
            made: 0,
            treatments: treatments
                .into_iter()
                .map(|(share, given)| (share, given, PairSums::default()))
                .collect(),
        }
    }
}

impl Sample for RepeatedEvents {
    fn begin(&mut self, rng: &mut ChaCha8Rng) {
        self.readings = self.judge.readings(rng);
        self.made = 0;
        for (.., sums) in &mut self.treatments {
            *sums = PairSums::default();
        }
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let want = units.first().copied().unwrap_or(0);
        let (repeats, pull) = (self.repeats, self.pull);
        let (of_control, of_treatments) = control_and_others(&self.readings);
        let average = |share: f64, leans: u64, reading: Reading, rng: &mut ChaCha8Rng| {
            let chance = share * (1.0 - pull) + pull * leans as f64;
            binomial(repeats, reading.seen(chance), rng) as f64 / repeats as f64
        };
        for _ in self.made..want {
            let lean = binomial(1, self.control, rng);
            let x = average(self.control, lean, of_control, rng);
            for ((share, given, sums), reading) in self.treatments.iter_mut().zip(of_treatments) {
                let chance = if lean == 1 { given.event } else { given.none };
                let own = binomial(1, chance, rng);
                let y = average(*share, own, *reading, rng);
                sums.add_one(x, y);
            }
        }
        self.made = self.made.max(want);
    }

    fn write(&self, into: &mut MetricResults) {
        let treatments = self.treatments.iter();
        compare(into, treatments.map(|(.., sums)| differences(sums)));
    }
}

/// Log-normal values in pairs, of which a quantile is taken.
///
/// The results hold a finished effect, as the contract has no sums for it: the difference of the logarithms of both sample
/// quantiles, with the standard error of its linear form summed within clusters.
#[derive(Debug, Clone)]
pub(super) struct PairedQuantiles {
    q: f64,
    log_sd: f64,
    /// Of a unit's part in its values, between the arms.
    correlation: f64,
    /// Readings of a unit in an arm, and how much they are correlated.
    repeats: (u32, f64),
    alike: Option<Alike>,
    /// Mean logarithm of each arm, control first, and the logarithms of the units.
    arms: Vec<(f64, Vec<f64>)>,
    /// Where each cluster ends.
    ends: Vec<usize>,
}

impl PairedQuantiles {
    /// `values` are the true quantiles, control's first; `correlation` is that of single readings of a unit in two arms.
    ///
    /// # Errors
    /// When arms are more alike than the repeats of one.
    pub(super) fn new(
        (q, log_sd): (f64, f64),
        correlation: f64,
        repeats: (u32, f64),
        alike: Option<Alike>,
        values: &[f64],
    ) -> Result<Self, String> {
        let correlation = if repeats.1 > 0.0 {
            correlation / repeats.1
        } else {
            correlation
        };
        if correlation.abs() > 1.0 {
            return Err("its `correlation` is larger than its `repeat_correlation` allows".to_owned());
        }
        let z = stats::normal::quantile(q);
        Ok(Self {
            q,
            log_sd,
            correlation,
            repeats,
            alike,
            arms: values
                .iter()
                .map(|value| (value.ln() - log_sd * z, Vec::new()))
                .collect(),
            ends: Vec::new(),
        })
    }

    fn effect(&self, arm: usize) -> Option<ReportedEffect> {
        let (control, treated) = (&self.arms.first()?.1, &self.arms.get(arm)?.1);
        let n = control.len();
        let (q0, slope0) = quantile_and_slope(&mut control.clone(), self.q)?;
        let (q1, slope1) = quantile_and_slope(&mut treated.clone(), self.q)?;
        // Each unit's part in the difference: (q − 1{y ≤ quantile}) over the density there.
        let part = |y: f64, quantile: f64, slope: f64| (self.q - f64::from(u8::from(y <= quantile))) * slope;
        let (mut from, mut sum) = (0, 0.0);
        for &end in &self.ends {
            let units = control.get(from..end)?.iter().zip(treated.get(from..end)?);
            let together: f64 = units.map(|(x, y)| part(*y, q1, slope1) - part(*x, q0, slope0)).sum();
            sum += together * together;
            from = end;
        }
        Some(ReportedEffect {
            scale: EffectScale::Log,
            estimate: q1 - q0,
            standard_error: sum.sqrt() / n as f64,
            degrees_of_freedom: None,
            interval: None,
        })
    }
}

impl Sample for PairedQuantiles {
    fn begin(&mut self, _: &mut ChaCha8Rng) {
        self.ends.clear();
        for (_, values) in &mut self.arms {
            values.clear();
        }
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let (readings, repeat_correlation) = self.repeats;
        let have = self.arms.first().map_or(0, |(_, values)| values.len()) as u64 / u64::from(readings.max(1));
        let (lasting, passing) = (
            repeat_correlation.max(0.0).sqrt(),
            (1.0 - repeat_correlation).max(0.0).sqrt(),
        );
        let more = units.first().copied().unwrap_or(0).saturating_sub(have);
        let icc = self.alike.map_or(0.0, |alike| alike.icc);
        let (between, within) = (icc.sqrt(), (1.0 - icc).sqrt());
        let (r, rest) = (
            self.correlation,
            (1.0 - self.correlation * self.correlation).max(0.0).sqrt(),
        );
        let sd = self.log_sd;
        cut(more, self.alike.map(|alike| alike.sizes), rng, |size, rng| {
            let Some(((mean, control), treatments)) = self.arms.split_first_mut() else {
                return;
            };
            let (cluster, start) = (normal(rng), control.len());
            let own: Vec<f64> = (0..size).map(|_| normal(rng)).collect();
            let read = |mean: f64, of_unit: f64, rng: &mut ChaCha8Rng, values: &mut Vec<f64>| {
                for _ in 0..readings {
                    let passing = if passing > 0.0 { passing * normal(rng) } else { 0.0 };
                    values.push(mean + sd * (lasting * of_unit + passing));
                }
            };
            for unit in &own {
                read(*mean, between * cluster + within * unit, rng, control);
            }
            for (mean, values) in treatments {
                let partner = r * cluster + rest * normal(rng);
                for unit in &own {
                    let unit = r * unit + rest * normal(rng);
                    read(*mean, between * partner + within * unit, rng, values);
                }
            }
            self.ends.push(start + (size * u64::from(readings)) as usize);
        });
    }

    fn write(&self, into: &mut MetricResults) {
        // A finished effect stands alone: there are no statistics of arms beside it.
        into.arms.clear();
        compare(
            into,
            (1..self.arms.len()).map(|arm| ComparisonStatistics {
                effect: self.effect(arm),
                ..ComparisonStatistics::default()
            }),
        );
    }
}
