//! Units that pass every arm.

use super::super::Sample;
use super::super::kind::{Kind, words};
use super::super::latent::averaging;
use super::super::pairs::{Alike, Given, PairedEvents, PairedValues, Shape};
use super::super::repeated::{PairedQuantiles, RepeatedEvents};
use super::Drawn;
use crate::simulation::truth::Change;
use crate::stats::PairedProportions;

impl Drawn<'_> {
    pub(super) fn pairs(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        if self.covariate.is_some() {
            return Err(
                "a covariate of a unit is the same in both arms, and explains nothing of their difference".to_owned(),
            );
        }
        let alike = match self.setup.sizes {
            Some(sizes) if self.icc > 0.0 => Some(Alike { sizes, icc: self.icc }),
            _ => None,
        };
        let repeated = (self.setup.repeats > 1)
            .then(|| self.repeat_correlation())
            .transpose()?;
        let value = self.value(change);
        match self.kind {
            Kind::Proportion => match repeated {
                Some(_) if alike.is_some() => self.paired_rows(change),
                None => {
                    let given = self.given(value, 1.0)?;
                    let treatments = vec![given; self.treatments()];
                    Ok(Box::new(PairedEvents::new(
                        self.baseline,
                        treatments,
                        self.judges_of_pairs(),
                        alike,
                    )))
                }
                Some(correlation) => {
                    let given = self.given(value, correlation)?;
                    let treatments = vec![(value, given); self.treatments()];
                    let repeats = u64::from(self.setup.repeats);
                    let events =
                        RepeatedEvents::new(repeats, correlation, self.baseline, treatments, self.judges_of_pairs());
                    Ok(Box::new(events))
                }
            },
            Kind::Mean { sd, skewness } => {
                let factor = averaging(self.setup.repeats, repeated.unwrap_or(1.0));
                let correlation = self.correlation(value)? / factor;
                if correlation.abs() > 1.0 {
                    return Err("its `correlation` is larger than its `repeat_correlation` allows".to_owned());
                }
                let shape = match (skewness, alike, repeated) {
                    (0.0, None, _) | (0.0, Some(_), None) => Shape::Normal { alike },
                    (_, None, None) if correlation >= 0.0 => Shape::Skewed { skewness },
                    _ => return self.paired_rows(change),
                };
                let treatments = vec![value; self.treatments()];
                let sd = sd * factor.sqrt();
                Ok(Box::new(PairedValues::new(
                    self.baseline,
                    sd,
                    correlation,
                    shape,
                    treatments,
                )))
            }
            Kind::Quantile { .. } if repeated.is_some() && alike.is_some() => {
                Err("quantiles in clusters are not simulated with repeats".to_owned())
            }
            Kind::Quantile { q, log_sd } => {
                let mut values = vec![self.baseline];
                values.extend(vec![value; self.treatments()]);
                let repeats = (self.setup.repeats, repeated.unwrap_or(1.0));
                let quantiles = PairedQuantiles::new((q, log_sd), self.correlation(value)?, repeats, alike, &values)?;
                Ok(Box::new(quantiles))
            }
            _ => self.paired_rows(change),
        }
    }

    /// Chances of a treatment's event given control's, where the declared correlation is that times `share` of the outcomes
    /// that are drawn. Where the two values do not let pairs agree as much as declared, they agree as much as is possible.
    fn given(&self, value: f64, share: f64) -> Result<Given, String> {
        let control = self.baseline;
        let difference = value - control;
        // A harm may leave less room for agreement than was declared of the truth that is planned for, which the plan checks.
        let pair = match (self.metric.declared.correlation, self.metric.declared.discordant) {
            (Some(correlation), _) => {
                if share <= 0.0 || (correlation / share).abs() > 1.0 {
                    return Err("its `correlation` is larger than its `repeat_correlation` allows".to_owned());
                }
                PairedProportions::from_correlation_at_most(control, value, correlation / share)
            }
            (None, Some(discordant)) => PairedProportions::from_discordant_at_least(difference, discordant.get()),
            (None, None) => return Err("a paired design needs the `correlation` of the arms".to_owned()),
        };
        let discordant = pair.map_err(words)?.discordant();
        let (only_control, only_arm) = (0.5 * (discordant - difference), 0.5 * (discordant + difference));
        let chance = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let given = Given {
            event: chance(control - only_control, control),
            none: chance(only_arm, 1.0 - control),
        };
        let possible = |p: f64| (-1e-12..=1.0 + 1e-12).contains(&p);
        if possible(given.event) && possible(given.none) {
            Ok(Given {
                event: given.event.clamp(0.0, 1.0),
                none: given.none.clamp(0.0, 1.0),
            })
        } else {
            Err("its share of discordant pairs is not possible between these proportions".to_owned())
        }
    }
}
