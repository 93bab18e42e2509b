//! Times to an event: exponential up to the end of the window, compared by Cox's regression on the arm.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1};

use super::{Sample, compare};
use crate::analysis::results::{ArmStatistics, ComparisonStatistics, HazardRatio, MetricResults};

/// Units of all arms with their times; the window is the unit of time.
#[derive(Debug, Clone)]
pub(super) struct Times {
    /// Of each arm: events per unit and window.
    hazards: Vec<f64>,
    control: usize,
    units: Vec<u64>,
    /// Of each arm: times of the events within the window.
    events: Vec<Vec<f64>>,
}

impl Times {
    /// Arms by their hazards; `control` is the place of control among them.
    pub(super) fn new(hazards: Vec<f64>, control: usize) -> Self {
        Self {
            units: vec![0; hazards.len()],
            events: vec![Vec::new(); hazards.len()],
            hazards,
            control,
        }
    }

    /// ln of the hazard of an arm over control's, and its standard error.
    fn compared(&self, arm: usize) -> Option<HazardRatio> {
        let (c, a) = (self.events.get(self.control)?, self.events.get(arm)?);
        let (mut at_risk_c, mut at_risk_a) = (*self.units.get(self.control)? as f64, *self.units.get(arm)? as f64);
        if c.is_empty() || a.is_empty() {
            return None;
        }
        let mut all: Vec<(f64, bool)> = c
            .iter()
            .map(|t| (*t, false))
            .chain(a.iter().map(|t| (*t, true)))
            .collect();
        all.sort_unstable_by(|one, two| one.0.total_cmp(&two.0));
        let sets: Vec<(f64, f64)> = all
            .iter()
            .map(|(_, in_arm)| {
                let set = (at_risk_c, at_risk_a);
                if *in_arm {
                    at_risk_a -= 1.0;
                } else {
                    at_risk_c -= 1.0;
                }
                set
            })
            .collect();
        // Newton's method on the partial likelihood, which is concave in the log ratio.
        let mut log_ratio = 0.0_f64;
        let mut information = 0.0;
        for _ in 0..30 {
            let ratio = log_ratio.exp();
            let (mut expected, mut spread) = (0.0, 0.0);
            for &(c, a) in &sets {
                let share = a * ratio / (c + a * ratio);
                expected += share;
                spread += share * (1.0 - share);
            }
            information = spread;
            let step = (a.len() as f64 - expected) / spread;
            log_ratio += step.clamp(-2.0, 2.0);
            if step.abs() < 1e-10 {
                break;
            }
        }
        Some(HazardRatio {
            log_ratio,
            standard_error: information.sqrt().recip(),
            events: Some(sets.len() as u64),
        })
    }
}

impl Sample for Times {
    fn begin(&mut self, _: &mut ChaCha8Rng) {
        self.units.fill(0);
        self.events.iter_mut().for_each(Vec::clear);
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let arms = self.units.iter_mut().zip(&mut self.events).zip(&self.hazards);
        for (((have, events), hazard), want) in arms.zip(units) {
            for _ in *have..*want {
                let waited: f64 = Exp1.sample(rng);
                let time = waited / hazard;
                if time < 1.0 {
                    events.push(time);
                }
            }
            *have = (*have).max(*want);
        }
    }

    fn write(&self, into: &mut MetricResults) {
        // Every unit was watched for the whole window, so the share with the event is what Kaplan and Meier give.
        for ((slot, events), units) in into.arms.values_mut().zip(&self.events).zip(&self.units) {
            let n = *units as f64;
            let share = events.len() as f64 / n;
            let se = (share * (1.0 - share) / n).sqrt();
            *slot = ArmStatistics {
                estimate: Some(share).filter(|_| se > 0.0),
                standard_error: Some(se).filter(|se| *se > 0.0),
                ..ArmStatistics::default()
            };
        }
        let treatments = (0..self.hazards.len()).filter(|arm| *arm != self.control);
        compare(
            into,
            treatments.map(|arm| ComparisonStatistics {
                hazard: self.compared(arm),
                ..ComparisonStatistics::default()
            }),
        );
    }
}
