//! Units that are drawn value by value from scores that go together: whatever has no distribution of its sums.

use super::super::kind::Kind;
use super::super::latent::{Alike, Before, Form, Grouping, Margin, PairedRows, Partner, Row, Rows, averaging};
use super::super::setup::Layout;
use super::super::{Arm, Sample};
use super::Drawn;
use crate::simulation::truth::Change;
use crate::stats::{Judge, Proportion};

impl Drawn<'_> {
    /// Whether units of arms of their own are drawn in this way: averages over repeats that are not normal, and covariates of
    /// ratios.
    pub(super) fn takes_rows(&self) -> bool {
        match self.kind {
            Kind::Mean { skewness, .. } => self.setup.repeats > 1 && skewness != 0.0,
            Kind::Ratio(_) => self.setup.repeats > 1 || self.covariate.is_some(),
            Kind::Composite => true,
            _ => self.setup.repeats > 1,
        }
    }

    /// Whether the moments of a ratio are those of whole randomisation units, whatever they hold.
    pub(super) fn ratio_is_of_units(&self) -> bool {
        matches!(self.kind, Kind::Ratio(_)) && !self.setup.randomises_clusters && self.setup.layout != Layout::Together
    }

    /// How alike the scores of two units of a cluster are, where `icc` is that of having an event.
    pub(super) fn event_likeness(&self, share: f64) -> Result<f64, String> {
        let row = Row::single(Margin::event(share), 1.0);
        row.likeness(&row, self.icc)
    }

    /// What is read of a unit with this change.
    fn row(&self, place: usize, change: Change) -> Result<Row, String> {
        let value = self.value(change);
        Ok(match self.kind {
            Kind::Proportion => Row::single(Margin::event(value), 1.0),
            Kind::Mean { sd, skewness } => {
                Row::single(Margin::skewed(value, sd * self.setup.spread_of(place), skewness), 1.0)
            }
            Kind::Count { dispersion, exposure } => {
                let exposure = exposure.unwrap_or(1.0);
                Row::single(Margin::counts(value * exposure, dispersion, 1.0), exposure)
            }
            Kind::Ratio(moments) => {
                let (mean, sd) = moments.denominator;
                let slope = moments.slope + value - moments.ratio;
                let top = Form {
                    constant: (moments.ratio - moments.slope) * mean,
                    weights: vec![slope, 1.0],
                };
                let bottom = Form {
                    constant: 0.0,
                    weights: vec![1.0, 0.0],
                };
                let margins = vec![Margin::positive(mean, sd), Margin::normal(0.0, moments.rest)];
                let apart = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
                Row::of(margins, apart, top, bottom).ok_or("its moments contradict each other")?
            }
            Kind::Composite => {
                let composite = self.composite.as_ref().ok_or("it is made of nothing")?;
                composite.row(value, value - self.baseline)?
            }
            Kind::Quantile { .. } | Kind::TimeToEvent | Kind::Preference { .. } => {
                return Err(format!("{} metrics are not simulated in this design", self.name()));
            }
        })
    }

    fn grouping(&self) -> Grouping {
        let clusters = self.setup.layout != Layout::Apart && !self.ratio_is_of_units();
        Grouping {
            sizes: self.setup.sizes.filter(|_| clusters),
            repeats: self.setup.repeats,
        }
    }

    fn alike(&self, row: &Row) -> Result<Alike, String> {
        Alike::of(row, self.grouping(), self.icc, self.repeat_correlation()?)
    }

    /// The units or clusters of an arm with this change.
    pub(super) fn rows(&self, place: usize, change: Change) -> Result<Box<dyn Arm>, String> {
        let row = self.row(place, change)?;
        let alike = self.alike(&row)?;
        let before = match self.covariate {
            Some(correlation) => {
                let averaging = averaging(self.setup.repeats, self.repeat_correlation()?);
                let correlation = correlation * self.clearer(self.value(change))?;
                Some(Before::of(&row, alike, averaging, correlation)?)
            }
            None => None,
        };
        let over = self.setup.layout == Layout::Clusters
            || matches!(self.kind, Kind::Ratio(_) | Kind::Count { exposure: Some(_), .. });
        Ok(Box::new(Rows::new(row, self.grouping(), alike, before, over)))
    }

    /// How much more a covariate goes with what is true than with what a judge sees, which is what its correlation is declared
    /// of.
    fn clearer(&self, share: f64) -> Result<f64, String> {
        let Some(card) = self.judge else { return Ok(1.0) };
        let words = super::words;
        let judge = Judge::new(card.sensitivity, card.specificity).map_err(words)?;
        let variance = |share: f64| {
            Proportion::named("share", share)
                .map(Proportion::variance)
                .map_err(words)
        };
        let seen = variance(judge.apparent(share).map_err(words)?)?;
        Ok((seen / variance(share)?).sqrt() / judge.attenuation())
    }

    /// Pairs of units with this change of the treatments.
    pub(super) fn paired_rows(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        let control = self.row(self.setup.control, Change::None)?;
        let treated = self.row(self.setup.control, change)?;
        let (of_control, of_treated) = (self.alike(&control)?, self.alike(&treated)?);
        let correlation = self.correlation(self.value(change))?;
        let partner = Partner::of(treated, of_treated, (&control, of_control), self.icc, correlation)?;
        Ok(Box::new(PairedRows::new(
            (control, of_control),
            vec![partner; self.treatments()],
            self.grouping(),
            self.judges_of_pairs(),
        )))
    }
}
