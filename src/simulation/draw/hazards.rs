//! Times to an event: exponential up to the end of the window, compared by Cox's regression on the arm.
//!
//! Units of a cluster have normal scores in common, and a time is exponential in each arm all the same: hazards stay
//! proportional, as a frailty would not leave them. The standard error is then summed up within clusters (Lin & Wei 1989).

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1};

use super::clusters::Sizes;
use super::means::normal;
use super::{Sample, compare};
use crate::analysis::results::{ArmStatistics, ComparisonStatistics, HazardRatio, MetricResults};
use crate::resolve::Contrast;
use crate::stats;

/// Units of all arms with their times; the window is the unit of time.
#[derive(Debug, Clone)]
pub(super) struct Times {
    arms: Vec<ArmTimes>,
    sizes: Option<Sizes>,
    comparisons: Vec<Vec<Stratum>>,
}

/// Units of an arm.
#[derive(Debug, Clone, Default)]
pub(super) struct ArmTimes {
    /// Events per unit and window.
    pub(super) hazard: f64,
    /// Correlation of the scores of two units of a cluster.
    pub(super) likeness: f64,
    units: u64,
    /// Times of the events within the window, with the cluster.
    events: Vec<(f64, usize)>,
    /// Units of each cluster.
    clusters: Vec<u64>,
}

/// Arms that are compared with each other and with no others: of a factorial design those with the same levels of the other
/// factors.
#[derive(Debug, Clone, Default)]
struct Stratum {
    reference: Vec<usize>,
    treated: Vec<usize>,
}

/// An event: when, in which arm and cluster, on the treated side or not, and who was at risk.
#[derive(Debug, Clone, Copy)]
struct Event {
    time: f64,
    arm: usize,
    cluster: usize,
    treated: bool,
    at_risk: (f64, f64),
}

impl ArmTimes {
    /// An arm with so many events per unit and window, and units of a cluster so alike.
    pub(super) fn new(hazard: f64, likeness: f64) -> Self {
        Self {
            hazard,
            likeness,
            ..Self::default()
        }
    }

    /// Σ over clusters of the squares of what is summed up within each, and how many clusters there are.
    fn squares(&self, of_events: impl Fn(f64) -> f64, of_others: f64) -> (f64, usize) {
        let mut sums: Vec<f64> = self.clusters.iter().map(|units| of_others * *units as f64).collect();
        for (time, cluster) in &self.events {
            if let Some(sum) = sums.get_mut(*cluster) {
                *sum += of_events(*time) - of_others;
            }
        }
        (sums.iter().map(|sum| sum * sum).sum(), sums.len())
    }

    /// The share of units with the event, and its standard error. Every unit was watched for the whole window, so the share
    /// is what Kaplan and Meier give.
    fn share(&self) -> (f64, f64) {
        let n = self.units as f64;
        let share = self.events.len() as f64 / n;
        let squares = if self.clusters.is_empty() {
            n * share * (1.0 - share)
        } else {
            self.squares(|_| 1.0 - share, -share).0
        };
        (share, squares.sqrt() / n)
    }
}

impl Times {
    /// Arms in the order of the spec, in clusters or not.
    pub(super) fn new(arms: Vec<ArmTimes>, sizes: Option<Sizes>, contrasts: &[Contrast]) -> Self {
        Self {
            comparisons: contrasts.iter().map(|contrast| strata(contrast, contrasts)).collect(),
            arms,
            sizes,
        }
    }

    /// The events of a stratum in their order, with who was at risk.
    fn events(&self, stratum: &Stratum) -> Option<Vec<Event>> {
        let mut at_risk = (0.0, 0.0);
        let mut all = Vec::new();
        for (side, treated) in [(&stratum.reference, false), (&stratum.treated, true)] {
            let before = all.len();
            for &arm in side {
                let times = self.arms.get(arm)?;
                if treated {
                    at_risk.1 += times.units as f64;
                } else {
                    at_risk.0 += times.units as f64;
                }
                all.extend(times.events.iter().map(|(time, cluster)| Event {
                    time: *time,
                    arm,
                    cluster: *cluster,
                    treated,
                    at_risk,
                }));
            }
            if all.len() == before {
                return None;
            }
        }
        all.sort_unstable_by(|one, two| one.time.total_cmp(&two.time));
        for event in &mut all {
            event.at_risk = at_risk;
            if event.treated {
                at_risk.1 -= 1.0;
            } else {
                at_risk.0 -= 1.0;
            }
        }
        Some(all)
    }

    /// ln of the hazard of the treated arms over that of the others, and its standard error.
    fn compared(&self, strata: &[Stratum]) -> Option<HazardRatio> {
        let events: Vec<Vec<Event>> = strata
            .iter()
            .map(|stratum| self.events(stratum))
            .collect::<Option<_>>()?;
        // Newton's method on the partial likelihood, which is concave in the log ratio.
        let mut log_ratio = 0.0_f64;
        let mut information = 0.0;
        let treated = events.iter().flatten().filter(|event| event.treated).count();
        for _ in 0..30 {
            let ratio = log_ratio.exp();
            let (mut expected, mut spread) = (0.0, 0.0);
            for event in events.iter().flatten() {
                let (c, a) = event.at_risk;
                let share = a * ratio / (c + a * ratio);
                expected += share;
                spread += share * (1.0 - share);
            }
            information = spread;
            let step = (treated as f64 - expected) / spread;
            log_ratio += step.clamp(-2.0, 2.0);
            if step.abs() < 1e-10 {
                break;
            }
        }
        let clustered = self.sizes.is_some().then(|| {
            let parts = strata.iter().zip(&events).map(|(s, e)| self.residuals(s, e, log_ratio));
            parts.fold((0.0, 0), |(sum, count), (squares, clusters)| {
                (sum + squares, count + clusters)
            })
        });
        Some(HazardRatio {
            log_ratio,
            standard_error: clustered.map_or(information.sqrt().recip(), |(squares, _)| squares.sqrt() / information),
            events: Some(events.iter().map(Vec::len).sum::<usize>() as u64),
            degrees_of_freedom: clustered.map(|(_, clusters)| (clusters as f64 - 2.0).max(1.0)),
        })
    }

    /// Σ over clusters of the squares of the sums of their score residuals, and how many clusters there are.
    fn residuals(&self, stratum: &Stratum, events: &[Event], log_ratio: f64) -> (f64, usize) {
        let ratio = log_ratio.exp();
        // What a unit at risk has been expected to add to the score so far, on either side.
        let mut expected = (0.0, 0.0);
        let mut sums: Vec<Vec<f64>> = self.arms.iter().map(|arm| vec![0.0; arm.clusters.len()]).collect();
        let mut had: Vec<Vec<u64>> = self.arms.iter().map(|arm| vec![0; arm.clusters.len()]).collect();
        for event in events {
            let (c, a) = event.at_risk;
            let whole = c + a * ratio;
            let share = a * ratio / whole;
            expected.0 -= share / whole;
            expected.1 += ratio * (1.0 - share) / whole;
            let own = if event.treated {
                1.0 - share - expected.1
            } else {
                -share - expected.0
            };
            if let Some(sum) = sums.get_mut(event.arm).and_then(|arm| arm.get_mut(event.cluster)) {
                *sum += own;
            }
            if let Some(count) = had.get_mut(event.arm).and_then(|arm| arm.get_mut(event.cluster)) {
                *count += 1;
            }
        }
        let (mut squares, mut clusters) = (0.0, 0);
        for (side, without) in [(&stratum.reference, expected.0), (&stratum.treated, expected.1)] {
            for &arm in side {
                let (Some(times), Some(sums), Some(had)) = (self.arms.get(arm), sums.get(arm), had.get(arm)) else {
                    continue;
                };
                for (sum, (units, events)) in sums.iter().zip(times.clusters.iter().zip(had)) {
                    let whole = sum - without * (units - events) as f64;
                    squares += whole * whole;
                }
                clusters += times.clusters.len();
            }
        }
        (squares, clusters)
    }
}

/// The arms of a contrast, by which other contrasts they are on the treated side of.
fn strata(contrast: &Contrast, contrasts: &[Contrast]) -> Vec<Stratum> {
    let others = |arm: usize| -> Vec<bool> {
        let others = contrasts.iter().filter(|other| other.id != contrast.id);
        others.map(|other| other.treated.contains(&arm)).collect()
    };
    let mut found: Vec<(Vec<bool>, Stratum)> = Vec::new();
    for (arm, treated) in contrast
        .reference
        .iter()
        .map(|arm| (*arm, false))
        .chain(contrast.treated.iter().map(|arm| (*arm, true)))
    {
        let signature = others(arm);
        let place = found.iter().position(|(known, _)| *known == signature);
        let place = place.unwrap_or_else(|| {
            found.push((signature, Stratum::default()));
            found.len() - 1
        });
        if let Some((_, stratum)) = found.get_mut(place) {
            if treated {
                stratum.treated.push(arm);
            } else {
                stratum.reference.push(arm);
            }
        }
    }
    found.into_iter().map(|(_, stratum)| stratum).collect()
}

impl Sample for Times {
    fn begin(&mut self, _: &mut ChaCha8Rng) {
        for arm in &mut self.arms {
            arm.units = 0;
            arm.events.clear();
            arm.clusters.clear();
        }
    }

    /// Where there are clusters, a unit is a cluster.
    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        for (arm, want) in self.arms.iter_mut().zip(units) {
            let Some(sizes) = self.sizes else {
                for _ in arm.units..*want {
                    let waited: f64 = Exp1.sample(rng);
                    let time = waited / arm.hazard;
                    if time < 1.0 {
                        arm.events.push((time, 0));
                    }
                }
                arm.units = arm.units.max(*want);
                continue;
            };
            let (shared, own) = (arm.likeness.sqrt(), (1.0 - arm.likeness).sqrt());
            for cluster in arm.clusters.len()..usize::try_from(*want).unwrap_or(usize::MAX) {
                let size = sizes.draw(rng);
                let middle = shared * normal(rng);
                for _ in 0..size {
                    // The higher the score, the sooner the event.
                    let time = -stats::normal::ln_cdf(middle + own * normal(rng)) / arm.hazard;
                    if time < 1.0 {
                        arm.events.push((time, cluster));
                    }
                }
                arm.units += size;
                arm.clusters.push(size);
            }
        }
    }

    fn write(&self, into: &mut MetricResults) {
        for (slot, arm) in into.arms.values_mut().zip(&self.arms) {
            let (share, se) = arm.share();
            *slot = ArmStatistics {
                n: Some(arm.units as f64),
                estimate: Some(share).filter(|_| se > 0.0),
                standard_error: Some(se).filter(|se| *se > 0.0),
                ..ArmStatistics::default()
            };
        }
        let comparisons = self.comparisons.iter().map(|strata| ComparisonStatistics {
            hazard: self.compared(strata),
            ..ComparisonStatistics::default()
        });
        compare(into, comparisons);
    }
}
