//! Arms whose units are compared within strata.

use super::super::events::Events;
use super::super::kind::Kind;
use super::super::means::{Normals, Skewed};
use super::super::strata::{Strata, offsets};
use super::super::{Arm, Sample};
use super::Drawn;
use crate::language::metric::Stratification;
use crate::language::values::Fraction;
use crate::simulation::truth::Change;

impl Drawn<'_> {
    pub(super) fn strata(&self, declared: &Stratification, change: Change) -> Result<Box<dyn Sample>, String> {
        self.plain()?;
        let (Some(count), Some(explained)) = (declared.strata, declared.explained.map(Fraction::get)) else {
            return Err(
                "its `stratification` does not say how many `strata` there are and what they explain".to_owned(),
            );
        };
        let value = |arm: usize| self.value(change.times(self.setup.times_treated(arm)));
        let values: Vec<f64> = (0..self.setup.arms).map(value).collect();
        let arms = match self.kind {
            Kind::Mean { sd, skewness } => {
                let of_arm = |(arm, mean): (usize, &f64)| {
                    let sd = sd * self.setup.spread_of(arm);
                    let within = sd * (1.0 - explained).sqrt();
                    let part = |offset: &f64| -> Box<dyn Arm> {
                        let level = mean + sd * explained.sqrt() * offset;
                        match Skewed::new(level, within, skewness).filter(|_| skewness != 0.0) {
                            Some(skewed) => Box::new(skewed),
                            None => Box::new(Normals::new(level, within)),
                        }
                    };
                    offsets(count, count / 2).iter().map(part).collect()
                };
                values.iter().enumerate().map(of_arm).collect()
            }
            Kind::Proportion => shares(count, explained, &values)
                .ok_or_else(|| format!("no {count} strata of equal size explain {explained} of a share like this"))?,
            _ => return Err(format!("strata of {} metrics are not simulated", self.name())),
        };
        Ok(Box::new(Strata::new(arms)))
    }
}

/// Units with a yes or no in each arm and stratum: as many strata lie above the others as leave every share of yes between 0
/// and 1.
fn shares(count: u32, explained: f64, values: &[f64]) -> Option<Vec<Vec<Box<dyn Arm>>>> {
    let with = |high: u32| -> Option<Vec<Vec<Box<dyn Arm>>>> {
        let offsets = offsets(count, high);
        let of_arm = |value: &f64| {
            let between = (explained * value * (1.0 - value)).sqrt();
            let part = |offset: &f64| -> Option<Box<dyn Arm>> {
                let share = value + between * offset;
                (0.0..=1.0)
                    .contains(&share)
                    .then(|| Box::new(Events::new(share)) as Box<dyn Arm>)
            };
            offsets.iter().map(part).collect()
        };
        values.iter().map(of_arm).collect()
    };
    let middle = count / 2;
    // From the middle to either end.
    (0..count)
        .flat_map(|step| [middle.checked_sub(step), middle.checked_add(step)])
        .flatten()
        .filter(|high| (1..count).contains(high))
        .find_map(with)
}
