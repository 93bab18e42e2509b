//! What changes in the course of a run: seasons and effects that fade.

use rand_chacha::ChaCha8Rng;

use super::{Arm, Reading};
use crate::analysis::added;
use crate::analysis::results::ArmStatistics;
use crate::simulation::Conditions;

/// Stages of a run within which nothing changes.
const STAGES: u32 = 20;

/// How values and effects move with time, which runs from 0 to 1 as the units come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trend {
    drift: f64,
    fade: f64,
}

impl Trend {
    /// # Errors
    /// When more than all of an effect is to fade, or a baseline to lose more than all of itself.
    pub(super) fn of(conditions: Conditions) -> Result<Self, String> {
        let (drift, fade) = (conditions.drift.unwrap_or(0.0), conditions.fade.unwrap_or(0.0));
        if !(0.0..=1.0).contains(&fade) {
            return Err(format!(
                "of an effect between 0 and 100% can fade, not {}%",
                100.0 * fade
            ));
        }
        if drift.is_nan() || drift.abs() >= 2.0 {
            return Err("a drift is to be between -200% and 200% of the baseline".to_owned());
        }
        Ok(Self { drift, fade })
    }

    /// Whether anything changes.
    pub(super) fn moves(self) -> bool {
        self.drift != 0.0 || self.fade != 0.0
    }

    /// Control's value at a time; the declared one in the middle.
    pub(super) fn baseline(self, declared: f64, time: f64) -> f64 {
        declared * (1.0 + self.drift * (time - 0.5))
    }

    /// What is left of an effect at a time.
    pub(super) fn effect(self, time: f64) -> f64 {
        1.0 - self.fade * time
    }

    /// What is left of it over the whole run.
    pub(super) fn average_effect(self) -> f64 {
        1.0 - 0.5 * self.fade
    }
}

/// An arm whose units come in stages.
pub(super) struct Stages {
    parts: Vec<Box<dyn Arm>>,
    /// Units at the end of the run, and so far.
    end: u64,
    units: u64,
}

impl Stages {
    /// How many stages a run with so many units of an arm has.
    pub(super) fn count(units: u64) -> u32 {
        u32::try_from(units).map_or(STAGES, |units| units.clamp(1, STAGES))
    }

    /// The stages of an arm that ends with so many units.
    pub(super) fn new(parts: Vec<Box<dyn Arm>>, end: u64) -> Self {
        Self { parts, end, units: 0 }
    }

    /// Units by the end of a stage.
    fn until(&self, stage: usize) -> u64 {
        let share = (stage + 1) as f64 / self.parts.len() as f64;
        (self.end as f64 * share).round() as u64
    }
}

impl Arm for Stages {
    fn begin(&mut self, reading: Reading) {
        self.units = 0;
        for stage in &mut self.parts {
            stage.begin(reading);
        }
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        let wanted = self.units + units;
        let last = self.parts.len().saturating_sub(1);
        for place in 0..self.parts.len() {
            let until = if place == last {
                wanted
            } else {
                self.until(place).min(wanted)
            };
            if let Some(stage) = self.parts.get_mut(place)
                && until > self.units
            {
                stage.add(until - self.units, rng);
                self.units = until;
            }
        }
    }

    fn statistics(&self) -> ArmStatistics {
        let all = self.parts.iter().map(|stage| stage.statistics());
        // A stage that no unit has come to yet adds nothing.
        all.filter(|statistics| statistics.n.is_some_and(|n| n > 0.0))
            .reduce(|sum, stage| added(&sum, &stage))
            .unwrap_or_default()
    }
}
