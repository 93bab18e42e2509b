//! Arms with units of their own.

use rand_chacha::ChaCha8Rng;

use super::row::Row;
use super::{Alike, Grouping, draw};
use crate::analysis::results::ArmStatistics;
use crate::simulation::draw::events::binomial;
use crate::simulation::draw::means::{Sums, normal};
use crate::simulation::draw::{Arm, Reading};

/// A covariate: how much of it is what the unit's values go with.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::simulation::draw) struct Before {
    /// Weights of the scores of a unit.
    weights: Vec<f64>,
    share: f64,
}

impl Before {
    /// A covariate with this correlation with a unit's average over repeats, whose variance is `averaging` times that of one.
    ///
    /// # Errors
    /// A clause that says that a normal covariate cannot go with values like these as much.
    pub(in crate::simulation::draw) fn of(
        row: &Row,
        alike: Alike,
        averaging: f64,
        correlation: f64,
    ) -> Result<Self, String> {
        let (weights, most) = row.direction();
        let share = correlation * averaging.sqrt() / (most * alike.unit.sqrt());
        if share.abs() > 1.0 {
            return Err(format!(
                "no normal covariate has a correlation of {correlation} with values like these"
            ));
        }
        Ok(Self { weights, share })
    }
}

/// Units or clusters of one arm, row by row.
#[derive(Debug, Clone)]
pub(in crate::simulation::draw) struct Rows {
    row: Row,
    grouping: Grouping,
    alike: Alike,
    before: Option<Before>,
    /// Whether an analysis reads sums over sums: of ratios, and of clusters.
    over: bool,
    reading: Reading,
    y: Sums,
    d: Sums,
    yd: f64,
    x: Sums,
    xy: f64,
    xd: f64,
}

impl Rows {
    /// `over` says whether an analysis reads sums over sums.
    pub(in crate::simulation::draw) fn new(
        row: Row,
        grouping: Grouping,
        alike: Alike,
        before: Option<Before>,
        over: bool,
    ) -> Self {
        Self {
            row,
            grouping,
            alike,
            before,
            over,
            reading: Reading::TRUE,
            y: Sums::default(),
            d: Sums::default(),
            yd: 0.0,
            x: Sums::default(),
            xy: 0.0,
            xd: 0.0,
        }
    }
}

impl Arm for Rows {
    fn begin(&mut self, reading: Reading) {
        self.reading = reading;
        (self.y, self.d, self.x) = (Sums::default(), Sums::default(), Sums::default());
        (self.yd, self.xy, self.xd) = (0.0, 0.0, 0.0);
    }

    /// Where there are clusters, a unit is a cluster.
    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        let width = self.row.width();
        let [of_cluster, of_unit, of_reading] = self.alike.parts();
        let mut room = vec![0.0; width];
        let (mut cluster, mut unit, mut own) = (vec![0.0; width], vec![0.0; width], vec![0.0; width]);
        // The same for what a covariate has beside what the values go with.
        let mut cluster_before = 0.0;
        let length = self.alike.unit.sqrt();
        let mut values = Vec::with_capacity(width);
        let mut scores = vec![0.0; width];
        for _ in 0..units {
            let size = self.grouping.sizes.map_or(1, |sizes| sizes.draw(rng));
            if of_cluster > 0.0 {
                draw(&self.row, &mut room, &mut cluster, rng);
                if self.before.is_some() {
                    cluster_before = normal(rng);
                }
            }
            let (mut top, mut bottom, mut earlier) = (0.0, 0.0, 0.0);
            for _ in 0..size {
                draw(&self.row, &mut room, &mut unit, rng);
                if let Some(before) = &self.before {
                    let unit_before = normal(rng);
                    let scores = before.weights.iter().zip(cluster.iter().zip(&unit));
                    let shared: f64 = scores.map(|(w, (c, u))| w * (of_cluster * c + of_unit * u)).sum();
                    let other = of_cluster * cluster_before + of_unit * unit_before;
                    let rest = (1.0 - before.share * before.share).sqrt();
                    earlier += (before.share * shared + rest * other) / length;
                }
                for _ in 0..self.grouping.repeats {
                    if of_reading > 0.0 {
                        draw(&self.row, &mut room, &mut own, rng);
                    }
                    for (slot, (c, (u, e))) in scores.iter_mut().zip(cluster.iter().zip(unit.iter().zip(&own))) {
                        *slot = of_cluster * c + of_unit * u + of_reading * e;
                    }
                    let (y, d) = self.row.read(&scores, &mut values);
                    top += seen(y, self.reading, rng);
                    bottom += d;
                }
            }
            let repeats = f64::from(self.grouping.repeats);
            let (y, d) = (top / repeats, bottom / repeats);
            self.y.add(y);
            self.d.add(d);
            self.yd += y * d;
            if self.before.is_some() {
                self.x.add(earlier);
                self.xy += earlier * y;
                self.xd += earlier * d;
            }
        }
    }

    fn statistics(&self) -> ArmStatistics {
        let mut statistics = self.y.statistics();
        if self.over {
            statistics.denominator_sum = Some(self.d.sum);
            statistics.denominator_sum_squares = Some(self.d.squares);
            statistics.denominator_cross_sum = Some(self.yd);
        }
        if self.before.is_some() {
            statistics.covariate_sum = Some(self.x.sum);
            statistics.covariate_sum_squares = Some(self.x.squares);
            statistics.covariate_cross_sum = Some(self.xy);
            statistics.covariate_denominator_cross_sum = Some(self.xd).filter(|_| self.over);
        }
        statistics
    }
}

/// What a judge sees of a yes (1) or no (0); other values are seen as they are.
pub(super) fn seen(y: f64, reading: Reading, rng: &mut ChaCha8Rng) -> f64 {
    if reading == Reading::TRUE {
        return y;
    }
    binomial(1, reading.seen(y), rng) as f64
}
