//! Arms with units of their own.

use super::super::clusters::Sizes;
use super::super::counts::Counts;
use super::super::events::{Events, EventsWithCovariate};
use super::super::grouped_quantiles::{GroupedQuantiles, Grouping};
use super::super::hazards::{ArmTimes, Times};
use super::super::kind::Kind;
use super::super::labelled::Labelled;
use super::super::latent::averaging;
use super::super::means::{Normals, Skewed, WithCovariate};
use super::super::quantiles::Quantiles;
use super::super::ratios::Ratios;
use super::super::setup::Layout;
use super::super::stages::Stages;
use super::super::{Apart, Arm, Sample};
use super::Drawn;
use crate::simulation::truth::Change;

impl Drawn<'_> {
    pub(super) fn apart(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        match self.kind {
            Kind::Quantile { q, log_sd } if self.setup.repeats > 1 || self.setup.pools_arms() => {
                self.plain()?;
                // The readings of a unit are a cluster of them.
                let repeats = f64::from(self.setup.repeats);
                let grouping = (self.setup.repeats > 1).then_some(Grouping {
                    sizes: Sizes { mean: repeats, cv: 0.0 },
                    icc: self.repeat_correlation()?,
                });
                Ok(self.grouped_quantiles((q, log_sd), grouping, change))
            }
            Kind::TimeToEvent => self.times(None, change),
            _ => self.each(change),
        }
    }

    /// Times to an event of units in clusters or not.
    pub(super) fn times(&self, sizes: Option<Sizes>, change: Change) -> Result<Box<dyn Sample>, String> {
        self.plain()?;
        if self.setup.repeats > 1 || self.covariate.is_some() {
            return Err("times to an event are not simulated with repeats or covariates".to_owned());
        }
        let arms = (0..self.setup.arms)
            .map(|arm| {
                let change = change.times(self.setup.times_treated(arm));
                // Of times, `icc` is that of having the event within the window.
                let likeness = match sizes {
                    Some(_) => self.event_likeness(self.value(change))?,
                    None => 0.0,
                };
                Ok(ArmTimes::new(self.hazard(change), likeness))
            })
            .collect::<Result<Vec<_>, String>>()?;
        Ok(Box::new(Times::new(arms, sizes, &self.setup.contrasts)))
    }

    /// Arms drawn apart, each as its change and what else is true of it make it.
    pub(super) fn each(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        let arms = (0..self.setup.arms)
            .map(|place| self.staged(place, change))
            .collect::<Result<Vec<_>, String>>()?;
        Ok(Box::new(Apart::new(arms, self.judges.clone())))
    }

    /// The units of an arm; where something changes with time, stage by stage.
    fn staged(&self, place: usize, change: Change) -> Result<Box<dyn Arm>, String> {
        let times = self.setup.times_treated(place);
        let Some(trend) = self.setup.trend.filter(|trend| trend.moves()) else {
            return self.arm(place, change.times(times));
        };
        if matches!(self.kind, Kind::Quantile { .. }) || self.judge.is_some_and(|card| card.label_share.is_some()) {
            return Err("what changes with time is not simulated of quantiles and of labels beside a judge".to_owned());
        }
        let units = self.setup.ends.get(place).copied().unwrap_or(0);
        let stages = Stages::count(units);
        let arms = (0..stages)
            .map(|stage| {
                let time = (f64::from(stage) + 0.5) / f64::from(stages);
                let then = Self {
                    baseline: self.drifted(trend, time),
                    ..self.clone()
                };
                let change = change.diluted(trend.effect(time)).times(times);
                then.check(change)?;
                then.arm(place, change)
            })
            .collect::<Result<Vec<_>, String>>()?;
        Ok(Box::new(Stages::new(arms, units)))
    }

    /// The units of an arm with this change.
    fn arm(&self, place: usize, change: Change) -> Result<Box<dyn Arm>, String> {
        if let Layout::Clusters = self.setup.layout {
            return self.cluster_arm(place, change);
        }
        if self.takes_rows() {
            return self.rows(place, change);
        }
        let value = self.value(change);
        let judge = self.judge.and_then(|card| Some((card, card.label_share?)));
        Ok(match (self.kind, self.covariate) {
            (Kind::Proportion, covariate) if let Some((card, share)) = judge => {
                if covariate.is_some() {
                    return Err("labels of a share of the units are simulated without covariates".to_owned());
                }
                Box::new(Labelled::new(value, share, card.reading_as_declared()))
            }
            (Kind::Proportion, None) => Box::new(Events::new(value)),
            (Kind::Proportion, Some(correlation)) => {
                // A share of 0 or 1 has no spread to explain.
                let spread = (value * (1.0 - value)).max(1e-12);
                Box::new(EventsWithCovariate::new(value.clamp(spread, 1.0 - spread), correlation))
            }
            (Kind::Mean { sd, skewness }, None) if skewness != 0.0 => {
                let skewed = Skewed::new(value, sd * self.setup.spread_of(place), skewness);
                Box::new(skewed.ok_or_else(|| format!("a skewness of {skewness}"))?)
            }
            (Kind::Mean { sd, .. }, covariate) => {
                let sd =
                    sd * averaging(self.setup.repeats, self.repeat_correlation()?).sqrt() * self.setup.spread_of(place);
                match covariate {
                    Some(correlation) => Box::new(WithCovariate::new(value, sd, correlation)),
                    None => Box::new(Normals::new(value, sd)),
                }
            }
            (_, Some(_)) => return Err(format!("a covariate of {} metrics is not simulated", self.name())),
            (Kind::Ratio(moments), None) => Box::new(Ratios::new(moments, value)),
            (Kind::Count { dispersion, exposure }, None) => Box::new(Counts::new(value, dispersion, exposure)),
            (Kind::Quantile { q, log_sd }, None) => Box::new(Quantiles::new(q, value, log_sd, self.setup.looks)),
            (Kind::TimeToEvent, None) => return Err("times to an event are compared, not summed up".to_owned()),
            (Kind::Preference { .. }, None) => {
                return Err("a preference needs units that meet both sides".to_owned());
            }
            (Kind::Composite, None) => return self.rows(place, change),
        })
    }

    pub(super) fn grouped_quantiles(
        &self,
        shape: (f64, f64),
        grouping: Option<Grouping>,
        change: Change,
    ) -> Box<dyn Sample> {
        let value = |arm: usize| self.value(change.times(self.setup.times_treated(arm)));
        let values: Vec<f64> = (0..self.setup.arms).map(value).collect();
        let contrasts = self.setup.contrasts.clone();
        Box::new(GroupedQuantiles::new(shape, grouping, &values, contrasts))
    }
}
