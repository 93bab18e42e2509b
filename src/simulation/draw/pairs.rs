//! Units that pass every arm: yes and no, normal and skewed numbers.
//!
//! Control is drawn once, and each treatment given control: any number of treatments share the same control.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Gamma};

use super::clusters::{Sizes, cut};
use super::events::{Judges, binomial, control_and_others};
use super::means::{Drawn, PairSums, Sums, normal};
use super::{Reading, Sample, compare};
use crate::analysis::results::{ComparisonStatistics, Differences, MetricResults, PairTable};

/// Clusters of pairs: their sizes and the correlation within.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alike {
    pub(super) sizes: Sizes,
    pub(super) icc: f64,
}

/// Chances of a treatment's event, given what happened under control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Given {
    pub(super) event: f64,
    pub(super) none: f64,
}

/// Pairs of yes and no.
#[derive(Debug, Clone)]
pub(super) struct PairedEvents {
    control: f64,
    judge: Judges,
    alike: Option<Alike>,
    /// Of control, then of each treatment.
    readings: Vec<Reading>,
    treatments: Vec<(Given, PairTable)>,
    made: u64,
}

const EMPTY: PairTable = PairTable {
    both: 0,
    only_control: 0,
    only_arm: 0,
    neither: 0,
};

impl PairedEvents {
    pub(super) fn new(control: f64, treatments: Vec<Given>, judge: Judges, alike: Option<Alike>) -> Self {
        Self {
            control,
            judge,
            alike: alike.filter(|alike| alike.icc > 0.0),
            readings: Vec::new(),
            treatments: treatments.into_iter().map(|given| (given, EMPTY)).collect(),
            made: 0,
        }
    }

    /// Adds pairs that are alike: with a chance of control's event of their own, where clusters differ.
    fn add(&mut self, pairs: u64, strength: Option<f64>, rng: &mut ChaCha8Rng) {
        // A Dirichlet distribution of the four outcomes of a pair, in the order of control, then treatment given control.
        let near = |share: f64, weight: f64, rng: &mut ChaCha8Rng| {
            strength
                .and_then(|s| Beta::new(share * weight * s, (1.0 - share) * weight * s).ok())
                .map_or(share, |beta| beta.sample(rng))
        };
        let own = near(self.control, 1.0, rng);
        let events = binomial(pairs, own, rng);
        let (of_control, of_treatments) = control_and_others(&self.readings);
        let seen_events = binomial(events, of_control.sensitivity, rng);
        let seen_others = binomial(pairs - events, 1.0 - of_control.specificity, rng);
        let control = self.control;
        for ((given, table), reading) in self.treatments.iter_mut().zip(of_treatments) {
            let with = reading.seen(near(given.event, control, rng));
            let without = reading.seen(near(given.none, 1.0 - control, rng));
            let both = binomial(seen_events, with, rng) + binomial(seen_others, without, rng);
            let only_arm =
                binomial(events - seen_events, with, rng) + binomial(pairs - events - seen_others, without, rng);
            let seen = seen_events + seen_others;
            table.both += both;
            table.only_control += seen - both;
            table.only_arm += only_arm;
            table.neither += pairs - seen - only_arm;
        }
    }
}

impl Sample for PairedEvents {
    fn begin(&mut self, rng: &mut ChaCha8Rng) {
        self.readings = self.judge.readings(rng);
        self.made = 0;
        for (_, table) in &mut self.treatments {
            *table = EMPTY;
        }
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let want = units.first().copied().unwrap_or(0);
        let more = want.saturating_sub(self.made);
        self.made += more;
        match self.alike {
            None => self.add(more, None, rng),
            Some(alike) => {
                let strength = Some((1.0 - alike.icc) / alike.icc);
                cut(more, Some(alike.sizes), rng, |size, rng| self.add(size, strength, rng));
            }
        }
    }

    fn write(&self, into: &mut MetricResults) {
        let tables = self.treatments.iter().map(|(_, table)| ComparisonStatistics {
            pairs: Some(*table),
            ..ComparisonStatistics::default()
        });
        compare(into, tables);
    }
}

/// How the numbers of a pair are distributed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// Normal, in clusters or not.
    Normal { alike: Option<Alike> },
    /// Gamma, shifted, and mirrored for negative skewness: both arms share a part of it.
    Skewed { skewness: f64 },
}

/// Pairs of numbers.
#[derive(Debug, Clone)]
pub(super) struct PairedValues {
    control: f64,
    sd: f64,
    correlation: f64,
    shape: Shape,
    x: Sums,
    /// Means and sums of the treatments; control's sums are in each.
    treatments: Vec<(f64, PairSums)>,
}

impl PairedValues {
    pub(super) fn new(control: f64, sd: f64, correlation: f64, shape: Shape, treatments: Vec<f64>) -> Self {
        Self {
            control,
            sd,
            correlation,
            shape,
            x: Sums::default(),
            treatments: treatments.into_iter().map(|mean| (mean, PairSums::default())).collect(),
        }
    }

    fn add_skewed(&mut self, more: u64, skewness: f64, rng: &mut ChaCha8Rng) {
        let shape = 4.0 / (skewness * skewness);
        let unit = self.sd / shape.sqrt() * skewness.signum();
        let r = self.correlation;
        let (Ok(whole), shared, rest) = (
            Gamma::new(shape, 1.0),
            Beta::new(shape * r, shape * (1.0 - r)).ok(),
            Gamma::new(shape * (1.0 - r), 1.0).ok(),
        ) else {
            return;
        };
        for _ in 0..more {
            let g = whole.sample(rng);
            let x = self.control + unit * (g - shape);
            self.x.add(x);
            for (mean, sums) in &mut self.treatments {
                // A beta share of a gamma value is gamma again: the part that both have in common.
                let common = shared.map_or(r * g, |beta| g * beta.sample(rng));
                let own = rest.map_or(0.0, |gamma| gamma.sample(rng));
                sums.add_one(x, *mean + unit * (common + own - shape));
            }
        }
    }

    fn add_clusters(&mut self, more: u64, alike: Alike, rng: &mut ChaCha8Rng) {
        let (between, within) = (alike.icc.sqrt(), (1.0 - alike.icc).sqrt());
        let (r, rest) = (
            self.correlation,
            (1.0 - self.correlation * self.correlation).max(0.0).sqrt(),
        );
        cut(more, Some(alike.sizes), rng, |size, rng| {
            let cluster = normal(rng);
            let partners: Vec<f64> = self
                .treatments
                .iter()
                .map(|_| r * cluster + rest * normal(rng))
                .collect();
            for _ in 0..size {
                let unit = normal(rng);
                let x = self.control + self.sd * (between * cluster + within * unit);
                self.x.add(x);
                for ((mean, sums), partner) in self.treatments.iter_mut().zip(&partners) {
                    let own = r * unit + rest * normal(rng);
                    sums.add_one(x, *mean + self.sd * (between * partner + within * own));
                }
            }
        });
    }
}

impl Sample for PairedValues {
    fn begin(&mut self, _: &mut ChaCha8Rng) {
        self.x = Sums::default();
        for (_, sums) in &mut self.treatments {
            *sums = PairSums::default();
        }
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let want = units.first().copied().unwrap_or(0);
        let more = want.saturating_sub(self.x.n);
        if more == 0 {
            return;
        }
        match self.shape {
            Shape::Normal { alike: None } => {
                let x = Drawn::draw(more, self.control, self.sd, rng);
                x.add_to(&mut self.x);
                for (mean, sums) in &mut self.treatments {
                    let y = x.partner(*mean, self.sd, self.correlation, rng);
                    sums.push(x, y);
                }
            }
            Shape::Normal { alike: Some(alike) } => self.add_clusters(more, alike, rng),
            Shape::Skewed { skewness } => self.add_skewed(more, skewness, rng),
        }
    }

    fn write(&self, into: &mut MetricResults) {
        let treatments = self.treatments.iter();
        compare(into, treatments.map(|(_, sums)| differences(sums)));
    }
}

/// What an analysis reads of pairs of numbers.
pub(super) fn differences(sums: &PairSums) -> ComparisonStatistics {
    let n = sums.x.n as f64;
    let (x, y) = (sums.x.sum / n, sums.y.sum / n);
    let variance = |squares: f64, mean: f64| ((squares - n * mean * mean) / (n - 1.0)).max(0.0);
    let (of_x, of_y) = (variance(sums.x.squares, x), variance(sums.y.squares, y));
    let together = (sums.cross - n * x * y) / (n - 1.0);
    ComparisonStatistics {
        differences: Some(Differences {
            n: sums.x.n,
            mean: y - x,
            sd: (of_x + of_y - 2.0 * together).max(0.0).sqrt(),
            control_mean: Some(x),
            control_sd: Some(of_x.sqrt()),
            arm_sd: Some(of_y.sqrt()),
        }),
        ..ComparisonStatistics::default()
    }
}
