//! A win that must be worthwhile too: the chance that an estimate reaches a threshold besides being significant.

use super::Sizing;
use super::stage::Stage;
use crate::language::{ProportionTest, Test, values::Effect};
use crate::resolve::Metric;
use crate::stats::solve::probit;
use crate::stats::{Level, SampleSize, StatsError};

/// What an estimate must reach to be a win, where the metric is asked for a win.
pub(super) fn declared(metric: &Metric) -> Option<Effect> {
    metric
        .declared
        .worthwhile
        .filter(|_| metric.test() == Test::Superiority)
}

impl Sizing<'_> {
    /// The chance of a win with a number of rows: significant, and the estimate at least worthwhile. `None` where nothing
    /// is said to be worthwhile, so that power is all there is to a win.
    ///
    /// Both are bounds on one estimate, so the higher one decides. With planned looks every look asks for both.
    pub(in crate::plan) fn win(&self, n: SampleSize) -> Result<Option<f64>, StatsError> {
        let Some(reached) = self.reaches_worthwhile(n)? else {
            return Ok(None);
        };
        let Some((design, drift)) = self.group_at(n)? else {
            return Ok(Some(self.power(n)?.min(reached)));
        };
        let bounds = raised(&design.efficacy, &design.looks, drift - probit(reached, 1.0 - reached));
        Ok(Some(design.with_efficacy(bounds).operating(drift)?.power))
    }

    /// The chance to have won by each planned look; empty without looks or without a threshold.
    pub(in crate::plan) fn win_by_look(&self, n: SampleSize) -> Result<Vec<f64>, StatsError> {
        let (Some(reached), Some((design, drift))) = (self.reaches_worthwhile(n)?, self.group_at(n)?) else {
            return Ok(Vec::new());
        };
        let bounds = raised(&design.efficacy, &design.looks, drift - probit(reached, 1.0 - reached));
        let operating = design.with_efficacy(bounds).operating(drift)?;
        let mut won = 0.0;
        Ok(operating
            .efficacy
            .iter()
            .map(|here| {
                won += here;
                won
            })
            .collect())
    }

    /// The chance that the estimate of all data is at least worthwhile, under the effect that is sized for: the power of a
    /// test against that threshold at a level of one half.
    fn reaches_worthwhile(&self, n: SampleSize) -> Result<Option<f64>, StatsError> {
        let Some(threshold) = self.worthwhile else {
            return Ok(None);
        };
        let estimate = Self {
            to_beat: Some(threshold),
            // An estimate has no p-value that events could be counted for.
            counting: ProportionTest::Z,
            ..self.clone()
        };
        let reached = estimate
            .model(Stage::FINAL, estimate.amount())?
            .power(Level::one_sided(0.5)?, n)?;
        // So that its probit is a number.
        Ok(Some(reached.clamp(1e-300, 1.0 - f64::EPSILON)))
    }
}

/// Boundaries of looks on the z scale, each at least where an estimate is worthwhile: z of the whole sample times the root of
/// the share of information.
fn raised(bounds: &[f64], information: &[f64], worthwhile: f64) -> Vec<f64> {
    bounds
        .iter()
        .zip(information)
        .map(|(bound, share)| bound.max(worthwhile * share.sqrt()))
        .collect()
}
