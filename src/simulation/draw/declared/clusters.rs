//! Clusters that are randomised, or that the analysis is finer than.

use super::super::clusters::{Clusters, Inside};
use super::super::grouped_quantiles::Grouping;
use super::super::kind::Kind;
use super::super::ratios::Ratios;
use super::super::{Arm, Sample};
use super::Drawn;
use crate::simulation::truth::Change;

impl Drawn<'_> {
    pub(super) fn clusters(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        let Some(sizes) = self.setup.sizes else {
            return Err("the design does not say how large its clusters are".to_owned());
        };
        match self.kind {
            Kind::TimeToEvent => self.times(Some(sizes), change),
            Kind::Quantile { q, log_sd } => {
                self.plain()?;
                if self.setup.repeats > 1 || self.covariate.is_some() {
                    return Err("quantiles in clusters are not simulated with repeats or covariates".to_owned());
                }
                let grouping = Grouping { sizes, icc: self.icc };
                Ok(self.grouped_quantiles((q, log_sd), Some(grouping), change))
            }
            _ => self.each(change),
        }
    }

    /// The clusters of an arm with this change.
    pub(super) fn cluster_arm(&self, place: usize, change: Change) -> Result<Box<dyn Arm>, String> {
        let Some(sizes) = self.setup.sizes else {
            return Err("the design does not say how large its clusters are".to_owned());
        };
        if self.covariate.is_some() || self.setup.repeats > 1 {
            return self.rows(place, change);
        }
        let (icc, value) = (self.icc, self.value(change));
        let inside = match self.kind {
            Kind::Ratio(moments) if self.ratio_is_of_units() => return Ok(Box::new(Ratios::new(moments, value))),
            Kind::Mean { sd, skewness } => Inside::values(value, sd * self.setup.spread_of(place), skewness, icc),
            Kind::Proportion if self.judge.is_some_and(|card| card.label_share.is_some()) => {
                return Err("labels of a share of the units are not simulated in clusters".to_owned());
            }
            Kind::Proportion => Inside::events(value, icc),
            Kind::Count {
                dispersion,
                exposure: None,
            } if let Some(inside) = Inside::counts(value, dispersion, icc) => inside,
            _ => return self.rows(place, change),
        };
        Ok(Box::new(Clusters::new(sizes, inside)))
    }
}
