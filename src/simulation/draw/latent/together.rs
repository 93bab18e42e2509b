//! Units that pass every arm.
//!
//! Control is drawn once, and each treatment given control: any number of treatments share the same control.

use rand_chacha::ChaCha8Rng;

use super::apart::seen;
use super::row::Row;
use super::{Alike, Grouping, draw};
use crate::analysis::results::{ComparisonStatistics, Differences, MetricResults};
use crate::simulation::draw::clusters::cut;
use crate::simulation::draw::events::{Judges, control_and_others};
use crate::simulation::draw::{Reading, Sample, compare};

/// A treatment beside control.
#[derive(Debug, Clone)]
pub(in crate::simulation::draw) struct Partner {
    row: Row,
    alike: Alike,
    /// Correlation with control of the scores of a cluster and of a unit.
    with_control: (f64, f64),
}

impl Partner {
    /// A treatment whose single readings are correlated by `correlation` with control's of the same unit, and the differences
    /// between whose units' averages are as alike within clusters as the averages are.
    ///
    /// # Errors
    /// A clause that says why there are no such values.
    pub(in crate::simulation::draw) fn of(
        row: Row,
        alike: Alike,
        (control, control_alike): (&Row, Alike),
        icc: f64,
        correlation: f64,
    ) -> Result<Self, String> {
        let part = |wanted: f64, one: f64, other: f64, what: &str| {
            let most = (one * other).sqrt();
            if wanted.abs() < 1e-12 {
                Ok(0.0)
            } else if wanted.abs() <= most * (1.0 + 1e-9) {
                Ok((wanted / most).clamp(-1.0, 1.0))
            } else {
                Err(format!("its `correlation` is larger than its `{what}` allows"))
            }
        };
        let unit = control.likeness(&row, correlation)?;
        let cluster = if alike.cluster > 0.0 {
            control.likeness(&row, icc * correlation)?
        } else {
            0.0
        };
        let with_control = (
            part(cluster, alike.cluster, control_alike.cluster, "icc")?,
            part(
                unit - cluster,
                alike.unit - alike.cluster,
                control_alike.unit - control_alike.cluster,
                "repeat_correlation",
            )?,
        );
        Ok(Self {
            row,
            alike,
            with_control,
        })
    }
}

/// Sums of products of control's numerator and denominator and the treatment's, of which there are so many.
type Products = [[f64; 4]; 4];

/// Pairs of readings.
#[derive(Debug, Clone)]
pub(in crate::simulation::draw) struct PairedRows {
    control: (Row, Alike),
    partners: Vec<Partner>,
    grouping: Grouping,
    judge: Judges,
    /// Of control, then of each treatment.
    readings: Vec<Reading>,
    made: u64,
    /// Of each treatment: sums of the four, and of their products.
    sums: Vec<([f64; 4], Products)>,
}

impl PairedRows {
    pub(in crate::simulation::draw) fn new(
        control: (Row, Alike),
        partners: Vec<Partner>,
        grouping: Grouping,
        judge: Judges,
    ) -> Self {
        Self {
            sums: vec![Default::default(); partners.len()],
            control,
            partners,
            grouping,
            judge,
            readings: Vec::new(),
            made: 0,
        }
    }

    /// Adds the pairs of one cluster.
    fn add(&mut self, size: u64, room: &mut Room, rng: &mut ChaCha8Rng) {
        let repeats = self.grouping.repeats;
        let (of_control, of_treatments) = control_and_others(&self.readings);
        let (control, alike) = &self.control;
        let parts = alike.parts();
        if parts[0] > 0.0 {
            draw(control, &mut room.independent, &mut room.cluster, rng);
        }
        for (partner, clusters) in self.partners.iter().zip(&mut room.clusters) {
            given(
                &partner.row,
                partner.with_control.0,
                &room.cluster,
                clusters,
                &mut room.independent,
                rng,
            );
        }
        for _ in 0..size {
            draw(control, &mut room.independent, &mut room.unit, rng);
            let (cluster, unit) = (room.cluster.clone(), room.unit.clone());
            let (y0, d0) = average(control, parts, (&cluster, &unit), repeats, of_control, room, rng);
            let treatments = self.partners.iter().zip(of_treatments).zip(&mut self.sums);
            for (place, ((partner, reading), (totals, products))) in treatments.enumerate() {
                let mut own = std::mem::take(&mut room.given);
                given(
                    &partner.row,
                    partner.with_control.1,
                    &unit,
                    &mut own,
                    &mut room.independent,
                    rng,
                );
                let clusters = room.clusters.get(place).cloned().unwrap_or_default();
                let (y1, d1) = average(
                    &partner.row,
                    partner.alike.parts(),
                    (&clusters, &own),
                    repeats,
                    *reading,
                    room,
                    rng,
                );
                room.given = own;
                let four = [y0, d0, y1, d1];
                for (total, (row, one)) in totals.iter_mut().zip(products.iter_mut().zip(four)) {
                    *total += one;
                    row.iter_mut().zip(four).for_each(|(slot, other)| *slot += one * other);
                }
            }
        }
    }
}

/// Room for the scores of a unit in an arm.
struct Room {
    independent: Vec<f64>,
    cluster: Vec<f64>,
    unit: Vec<f64>,
    given: Vec<f64>,
    own: Vec<f64>,
    scores: Vec<f64>,
    values: Vec<f64>,
    /// Of each treatment: scores of the cluster.
    clusters: Vec<Vec<f64>>,
}

/// Scores that are correlated with control's by so much.
fn given(
    row: &Row,
    correlation: f64,
    control: &[f64],
    into: &mut [f64],
    independent: &mut [f64],
    rng: &mut ChaCha8Rng,
) {
    draw(row, independent, into, rng);
    let rest = (1.0 - correlation * correlation).max(0.0).sqrt();
    for (slot, other) in into.iter_mut().zip(control) {
        *slot = correlation * other + rest * *slot;
    }
}

/// A unit's average numerator and denominator over repeats.
fn average(
    row: &Row,
    [of_cluster, of_unit, of_reading]: [f64; 3],
    (cluster, unit): (&[f64], &[f64]),
    repeats: u32,
    reading: Reading,
    room: &mut Room,
    rng: &mut ChaCha8Rng,
) -> (f64, f64) {
    let (mut top, mut bottom) = (0.0, 0.0);
    for _ in 0..repeats {
        if of_reading > 0.0 {
            draw(row, &mut room.independent, &mut room.own, rng);
        }
        for (slot, (c, (u, e))) in room
            .scores
            .iter_mut()
            .zip(cluster.iter().zip(unit.iter().zip(&room.own)))
        {
            *slot = of_cluster * c + of_unit * u + of_reading * e;
        }
        let (y, d) = row.read(&room.scores, &mut room.values);
        top += seen(y, reading, rng);
        bottom += d;
    }
    let repeats = f64::from(repeats);
    (top / repeats, bottom / repeats)
}

impl Sample for PairedRows {
    fn begin(&mut self, rng: &mut ChaCha8Rng) {
        self.readings = self.judge.readings(rng);
        self.made = 0;
        self.sums.fill(Default::default());
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let want = units.first().copied().unwrap_or(0);
        let more = want.saturating_sub(self.made);
        self.made += more;
        let zeros = || vec![0.0; self.control.0.width()];
        let mut room = Room {
            independent: zeros(),
            cluster: zeros(),
            unit: zeros(),
            given: zeros(),
            own: zeros(),
            scores: zeros(),
            values: Vec::new(),
            clusters: vec![zeros(); self.partners.len()],
        };
        cut(more, self.grouping.sizes, rng, |size, rng| {
            self.add(size, &mut room, rng);
        });
    }

    fn write(&self, into: &mut MetricResults) {
        let n = self.made;
        let comparisons = self.sums.iter().map(|(totals, products)| ComparisonStatistics {
            differences: Some(differences(n, totals, products)),
            ..ComparisonStatistics::default()
        });
        compare(into, comparisons);
    }
}

/// What an analysis reads of pairs: of numerators over denominators, their linear parts R + (y − R d)/d̄.
fn differences(n: u64, totals: &[f64; 4], products: &Products) -> Differences {
    let units = n as f64;
    let means = totals.map(|total| total / units);
    let [y0, d0, y1, d1] = means;
    let (control, arm) = (y0 / d0, y1 / d1);
    let of_control = [1.0 / d0, -control / d0, 0.0, 0.0];
    let of_arm = [0.0, 0.0, 1.0 / d1, -arm / d1];
    let covariance = |one: &[f64; 4], other: &[f64; 4]| {
        let mut sum = 0.0;
        for ((weight, mean), row) in one.iter().zip(means).zip(products) {
            for ((other_weight, other_mean), product) in other.iter().zip(means).zip(row) {
                sum += weight * other_weight * (product - units * mean * other_mean);
            }
        }
        sum / (units - 1.0)
    };
    let (v0, v1, together) = (
        covariance(&of_control, &of_control).max(0.0),
        covariance(&of_arm, &of_arm).max(0.0),
        covariance(&of_control, &of_arm),
    );
    Differences {
        n,
        mean: arm - control,
        sd: (v0 + v1 - 2.0 * together).max(0.0).sqrt(),
        control_mean: Some(control),
        control_sd: Some(v0.sqrt()),
        arm_sd: Some(v1.sqrt()),
    }
}
