//! From what a spec declares of a metric to how its units are drawn; or why they are not.

mod apart;
mod blocks;
mod clusters;
mod pairs;
mod rows;
mod strata;

use super::Sample;
use super::composite::Composite;
use super::events::{Card, Judges};
use super::kind::{Kind, event_probability, judge, kind, own_errors, words};
use super::logarithms::Logarithms;
use super::preferences::Wins;
use super::setup::{Layout, Setup};
use super::stages::Trend;
use crate::analysis::evidence::Scale;
use crate::language::MetricKind;
use crate::language::metric::BaselineScale;
use crate::language::values::Fraction;
use crate::plan::unfit_for_logarithms;
use crate::resolve::{Experiment, Metric};
use crate::simulation::truth::Change;
use crate::stats::Judge;

/// A metric whose units can be drawn.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Drawn<'a> {
    setup: &'a Setup,
    metric: &'a Metric,
    /// Control's value; of a time to an event, the share of units with it; of values that are analysed as logarithms, their
    /// mean logarithm.
    baseline: f64,
    kind: Kind,
    /// What the judge is declared to err on all answers, which is what the analysis knows.
    judge: Option<Card>,
    judges: Judges,
    covariate: Option<f64>,
    icc: f64,
    /// What a composite is made of.
    composite: Option<Composite>,
}

impl<'a> Drawn<'a> {
    /// What a metric declares of its units.
    ///
    /// # Errors
    /// A clause that says what is missing or not simulated.
    pub(in crate::simulation) fn of(
        setup: &'a Setup,
        experiment: &Experiment,
        metric: &'a Metric,
    ) -> Result<Self, String> {
        let declared = &metric.declared;
        if let Some(unfit) = unfit_for_logarithms(experiment, metric) {
            return Err(unfit.reason());
        }
        let judge = judge(metric)?;
        let kind = kind(metric)?;
        let composite = match kind {
            Kind::Composite => Some(Composite::of(experiment, metric)?),
            _ => None,
        };
        let mut baseline = match kind {
            Kind::TimeToEvent => event_probability(metric)?,
            Kind::Composite => metric
                .baseline()
                .or(composite.as_ref().map(Composite::mean))
                .ok_or("it has no baseline")?,
            Kind::Ratio(moments) => moments.ratio,
            _ => metric.baseline().ok_or("it has no baseline")?,
        };
        if metric.is_logarithmic() {
            // Log-normal values: all that is drawn, and all that is read, are their logarithms.
            baseline = baseline.ln();
        }
        let is_judged = declared.baseline.as_ref().and_then(|b| b.scale) == Some(BaselineScale::Judged);
        if let Some(card) = judge.filter(|_| is_judged) {
            let judge = Judge::new(card.sensitivity, card.specificity).map_err(words)?;
            baseline = judge.corrected(baseline).map_err(words)?;
        }
        let covariate = match &declared.variance_reduction {
            None => None,
            Some(reduction) => Some(
                reduction
                    .correlation
                    .ok_or("its `variance_reduction` has no `correlation`")?,
            ),
        };
        let icc = declared
            .baseline
            .as_ref()
            .and_then(|b| b.icc)
            .map_or(0.0, Fraction::get);
        let drawn = Self {
            setup,
            metric,
            baseline,
            kind,
            judge,
            judges: Judges::new(judge, own_errors(experiment, metric)?),
            covariate,
            icc,
            composite,
        };
        // What cannot be drawn without an effect cannot be drawn with one.
        drawn.sample(Change::None)?;
        Ok(drawn)
    }

    /// The metric.
    pub(in crate::simulation) fn metric(&self) -> &'a Metric {
        self.metric
    }

    /// The true effect of a comparison on a scale, raw: arm minus control.
    pub(in crate::simulation) fn effect(&self, change: Change, scale: Scale, contrast: usize) -> f64 {
        let average = self.setup.trend.map_or(1.0, Trend::average_effect);
        let change = self.on_its_scale(change).diluted(self.setup.reach * average);
        if let (Kind::TimeToEvent, Scale::Relative) = (self.kind, scale) {
            return self.hazard(change) / self.hazard(Change::None) - 1.0;
        }
        if let Some(contrast) = self
            .setup
            .contrasts
            .get(contrast)
            .filter(|contrast| contrast.pools_arms())
        {
            let (treated, reference) = (
                self.mean(&contrast.treated, change),
                self.mean(&contrast.reference, change),
            );
            return match scale {
                _ if self.metric.is_logarithmic() => between_logarithms(scale, treated, reference),
                Scale::Absolute => treated - reference,
                Scale::Relative => (treated - reference) / reference.abs(),
            };
        }
        let value = self.value(change);
        match (self.kind, scale) {
            _ if self.metric.is_logarithmic() => between_logarithms(scale, value, self.baseline),
            (Kind::Preference { .. }, Scale::Absolute) => value - 0.5,
            (Kind::Preference { .. }, Scale::Relative) => 2.0 * (value - 0.5),
            (_, Scale::Absolute) => value - self.baseline,
            (_, Scale::Relative) => (value - self.baseline) / self.baseline.abs(),
        }
    }

    /// The mean over some arms, as they are weighted.
    fn mean(&self, arms: &[usize], change: Change) -> f64 {
        let weighted = arms.iter().map(|arm| {
            let share = self.setup.shares.get(*arm).copied().unwrap_or(0.0);
            (share, share * self.value(change.times(self.setup.times_treated(*arm))))
        });
        let (weight, sum) = weighted.fold((0.0, 0.0), |(weight, sum), (w, x)| (weight + w, sum + x));
        sum / weight
    }

    /// Units of every arm, of which the treatments differ from control by `change`.
    ///
    /// # Errors
    /// A clause that says why there are no such units.
    pub(in crate::simulation) fn sample(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        let change = self.on_its_scale(change).diluted(self.setup.reach);
        self.check(change)?;
        let sample = self.units(change)?;
        Ok(if self.metric.is_logarithmic() {
            Box::new(Logarithms::new(sample))
        } else {
            sample
        })
    }

    fn units(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        match (self.kind, self.setup.layout) {
            (Kind::Preference { ties }, Layout::Together) => {
                let shares = vec![self.value(change); self.treatments()];
                Ok(Box::new(Wins::new(ties, shares)))
            }
            (_, Layout::Together) => self.pairs(change),
            (_, Layout::Clusters) => self.clusters(change),
            (_, Layout::Blocks(course)) => self.blocks(course, change),
            (_, Layout::Apart) => match &self.metric.declared.stratification {
                Some(declared) => self.strata(declared, change),
                None => self.apart(change),
            },
        }
    }

    /// The judge, where each unit passes every arm and control comes first.
    fn judges_of_pairs(&self) -> Judges {
        self.judges.control_first(self.setup.control)
    }

    /// A change as it moves what is drawn: of values that are analysed as logarithms, their mean logarithm.
    fn on_its_scale(&self, change: Change) -> Change {
        if self.metric.is_logarithmic() {
            change.of_logarithm(self.baseline)
        } else {
            change
        }
    }

    /// Control's value at a time, where a trend moves it.
    fn drifted(&self, trend: Trend, time: f64) -> f64 {
        if self.metric.is_logarithmic() {
            self.baseline + trend.baseline(1.0, time).ln()
        } else {
            trend.baseline(self.baseline, time)
        }
    }

    fn treatments(&self) -> usize {
        self.setup.arms.saturating_sub(1)
    }

    /// The value of a treatment.
    fn value(&self, change: Change) -> f64 {
        match self.kind {
            Kind::TimeToEvent => -(-self.hazard(change)).exp_m1(),
            _ => change.applied(self.baseline),
        }
    }

    /// Events per unit and window of a time to an event: an effect relative to control acts on it, an absolute one on the
    /// share of units with the event.
    fn hazard(&self, change: Change) -> f64 {
        let control = -(-self.baseline).ln_1p();
        match change {
            Change::None => control,
            Change::Relative(share) => control * (1.0 + share),
            Change::Absolute(amount) => -(-(self.baseline + amount)).ln_1p(),
        }
    }

    /// The correlation of the arms of one unit, of yes and no too.
    fn correlation(&self, value: f64) -> Result<f64, String> {
        match (self.metric.declared.correlation, self.metric.declared.discordant) {
            (Some(correlation), _) => Ok(correlation),
            (None, Some(discordant)) => {
                let (v0, v1) = (self.baseline * (1.0 - self.baseline), value * (1.0 - value));
                let difference = value - self.baseline;
                // Var(difference) = ψ − d².
                Ok(0.5 * (v0 + v1 - discordant.get() + difference * difference) / (v0 * v1).sqrt())
            }
            (None, None) => Err("a paired design needs the `correlation` of the arms".to_owned()),
        }
    }

    /// Correlation of two readings of a unit in an arm.
    fn repeat_correlation(&self) -> Result<f64, String> {
        match (self.setup.repeats, self.metric.declared.repeat_correlation) {
            (1, _) => Ok(1.0),
            (_, Some(correlation)) => Ok(correlation),
            (_, None) => Err("with `repeats` it needs a `repeat_correlation`".to_owned()),
        }
    }

    /// Whether the values can be.
    fn check(&self, change: Change) -> Result<(), String> {
        let shares = matches!(
            self.kind,
            Kind::Proportion | Kind::TimeToEvent | Kind::Preference { .. }
        );
        let positive = matches!(self.kind, Kind::Count { .. } | Kind::Quantile { .. });
        let most = self.setup.treated.iter().max().copied().unwrap_or(1);
        for value in [self.baseline, self.value(change), self.value(change.times(most))] {
            if shares && !(0.0..=1.0).contains(&value) {
                return Err(format!("a share of {value} of the units is not between 0 and 1"));
            }
            if self.metric.is_logarithmic() && !value.is_finite() {
                return Err("its geometric mean would not be above 0, and it must be".to_owned());
            }
            if positive && value <= 0.0 {
                return Err(format!("its value would be {value}, and it must be above 0"));
            }
        }
        Ok(())
    }

    /// Refuses what changes with time, where it is not simulated.
    fn plain(&self) -> Result<(), String> {
        match self.setup.trend.filter(|trend| trend.moves()) {
            Some(_) => Err(format!(
                "what changes with time is not simulated of {} metrics in this design",
                self.name()
            )),
            None => Ok(()),
        }
    }

    fn name(&self) -> &'static str {
        self.metric.kind().map_or("these", MetricKind::as_str)
    }
}

/// An effect between two mean logarithms: of geometric means.
fn between_logarithms(scale: Scale, treated: f64, reference: f64) -> f64 {
    match scale {
        Scale::Absolute => treated.exp() - reference.exp(),
        Scale::Relative => (treated - reference).exp_m1(),
    }
}
