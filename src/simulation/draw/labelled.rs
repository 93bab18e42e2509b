//! Yes or no per unit, all read by a judge and a share of them labelled by people.

use rand_chacha::ChaCha8Rng;

use super::events::binomial;
use super::{Arm, Reading};
use crate::analysis::results::ArmStatistics;

/// Units of an arm, estimated by PPI++ (Angelopoulos, Duchi & Zrnic 2023) with the weight that the data themselves give.
#[derive(Debug, Clone)]
pub(super) struct Labelled {
    share: f64,
    label_share: f64,
    reading: Reading,
    units: u64,
    /// Labelled units by what is true (outer) and what the judge says (inner): yes first.
    table: [[u64; 2]; 2],
    /// The others, and those of them that the judge says yes to.
    others: (u64, u64),
}

impl Labelled {
    pub(super) fn new(share: f64, label_share: f64, reading: Reading) -> Self {
        Self {
            share,
            label_share,
            reading,
            units: 0,
            table: [[0; 2]; 2],
            others: (0, 0),
        }
    }

    /// The estimate and its standard error; `None` before there are labels of two units.
    fn estimate(&self) -> Option<(f64, f64)> {
        let [[hits, misses], [alarms, rejections]] = self.table.map(|row| row.map(|count| count as f64));
        let (others, judged) = (self.others.0 as f64, self.others.1 as f64);
        let labelled = hits + misses + alarms + rejections;
        if labelled < 2.0 {
            return None;
        }
        let (truth, seen) = ((hits + misses) / labelled, (hits + alarms) / labelled);
        let covariance = (hits / labelled - truth * seen) * labelled / (labelled - 1.0);
        let seen_by_all = (hits + alarms + judged) / (labelled + others);
        let spread = seen_by_all * (1.0 - seen_by_all);
        // Without other units, or with a judge that always says the same, the labels are all there is.
        let weight = if others > 0.0 && spread > 0.0 {
            covariance / ((1.0 + labelled / others) * spread)
        } else {
            0.0
        };
        let rest = truth - weight * seen;
        let elsewhere = if others > 0.0 { judged / others } else { 0.0 };
        let squares = [
            (hits, 1.0 - weight),
            (misses, 1.0),
            (alarms, -weight),
            (rejections, 0.0),
        ];
        let squares: f64 = squares.iter().map(|(count, y)| count * (y - rest).powi(2)).sum();
        let of_labels = squares / (labelled - 1.0) / labelled;
        let of_others = if others > 0.0 {
            weight * weight * spread / others
        } else {
            0.0
        };
        Some((rest + weight * elsewhere, (of_labels + of_others).sqrt()))
    }
}

impl Arm for Labelled {
    fn begin(&mut self, reading: Reading) {
        *self = Self::new(self.share, self.label_share, reading);
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        self.units += units;
        let so_far: u64 = self.table.iter().flatten().sum();
        let wanted = (self.label_share * self.units as f64).round() as u64;
        let labelled = wanted.saturating_sub(so_far).min(units);
        let positives = binomial(labelled, self.share, rng);
        let hits = binomial(positives, self.reading.sensitivity, rng);
        let rejections = binomial(labelled - positives, self.reading.specificity, rng);
        let [[h, m], [a, r]] = &mut self.table;
        *h += hits;
        *m += positives - hits;
        *a += labelled - positives - rejections;
        *r += rejections;
        self.others.0 += units - labelled;
        self.others.1 += binomial(units - labelled, self.reading.seen(self.share), rng);
    }

    fn statistics(&self) -> ArmStatistics {
        let (estimate, standard_error) = self.estimate().unzip();
        ArmStatistics {
            n: Some(self.units as f64),
            estimate,
            standard_error,
            ..ArmStatistics::default()
        }
    }
}
