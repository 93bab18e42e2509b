//! Arms whose units are compared within strata.

use super::super::Sample;
use super::super::kind::Kind;
use super::super::strata::{Level, Strata, offsets};
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
        let levels = match self.kind {
            Kind::Mean { sd, skewness: 0.0 } => {
                let offsets = offsets(count, count / 2);
                let of_arm = |(arm, mean): (usize, &f64)| {
                    let sd = sd * self.setup.spread_of(arm);
                    let level = |offset: &f64| Level::Normal {
                        mean: mean + sd * explained.sqrt() * offset,
                        sd: sd * (1.0 - explained).sqrt(),
                    };
                    offsets.iter().map(level).collect()
                };
                values.iter().enumerate().map(of_arm).collect()
            }
            Kind::Mean { .. } => return Err("strata of skewed values are not simulated".to_owned()),
            Kind::Proportion => shares(count, explained, &values)
                .ok_or_else(|| format!("no {count} strata of equal size explain {explained} of a share like this"))?,
            _ => return Err(format!("strata of {} metrics are not simulated", self.name())),
        };
        Ok(Box::new(Strata::new(levels)))
    }
}

/// Shares of yes in each arm and stratum: as many strata above the others as leave every share between 0 and 1.
fn shares(count: u32, explained: f64, values: &[f64]) -> Option<Vec<Vec<Level>>> {
    let with = |high: u32| -> Option<Vec<Vec<Level>>> {
        let offsets = offsets(count, high);
        let of_arm = |value: &f64| {
            let between = (explained * value * (1.0 - value)).sqrt();
            let levels = offsets.iter().map(|offset| value + between * offset);
            levels
                .map(|share| (0.0..=1.0).contains(&share).then_some(Level::Share(share)))
                .collect()
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
