//! From what a spec declares of a metric to how its units are drawn; or why they are not.

use super::blocks::{Blocks, Course, Values};
use super::clusters::{Clusters, Inside};
use super::counts::Counts;
use super::events::{Card, Events, EventsWithCovariate};
use super::grouped_quantiles::{GroupedQuantiles, Grouping};
use super::hazards::Times;
use super::kind::{Kind, event_probability, judge, kind, words};
use super::labelled::Labelled;
use super::means::{Normals, Skewed, WithCovariate};
use super::pairs::{Alike, Given, PairedEvents, PairedValues, Shape};
use super::preferences::Wins;
use super::quantiles::Quantiles;
use super::ratios::Ratios;
use super::repeated::{PairedQuantiles, RepeatedEvents};
use super::setup::{Layout, Setup};
use super::stages::{Stages, Trend};
use super::{Apart, Arm, Sample};
use crate::analysis::evidence::Scale;
use crate::language::MetricKind;
use crate::language::metric::BaselineScale;
use crate::language::values::{Duration, Fraction};
use crate::resolve::Metric;
use crate::simulation::truth::Change;
use crate::stats::{Judge, PairedProportions};

/// A metric whose units can be drawn.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Drawn<'a> {
    setup: &'a Setup,
    metric: &'a Metric,
    /// Control's value; of a time to an event, the share of units with it.
    baseline: f64,
    kind: Kind,
    judge: Option<Card>,
    covariate: Option<f64>,
    icc: f64,
}

impl<'a> Drawn<'a> {
    /// What a metric declares of its units.
    ///
    /// # Errors
    /// A clause that says what is missing or not simulated.
    pub(in crate::simulation) fn of(setup: &'a Setup, metric: &'a Metric) -> Result<Self, String> {
        let declared = &metric.declared;
        let judge = judge(metric)?;
        let kind = kind(metric)?;
        let mut baseline = match kind {
            Kind::TimeToEvent => event_probability(metric)?,
            Kind::Ratio(moments) => moments.ratio,
            _ => metric.baseline().ok_or("it has no baseline")?,
        };
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
            covariate,
            icc,
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
        let change = change.diluted(self.setup.reach * average);
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
                Scale::Absolute => treated - reference,
                Scale::Relative => (treated - reference) / reference.abs(),
            };
        }
        let value = self.value(change);
        match (self.kind, scale) {
            (Kind::TimeToEvent, Scale::Relative) => self.hazard(change) / self.hazard(Change::None) - 1.0,
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
        let change = change.diluted(self.setup.reach);
        self.check(change)?;
        match (self.kind, self.setup.layout) {
            (Kind::Preference { ties }, Layout::Together) => {
                let shares = vec![self.value(change); self.treatments()];
                Ok(Box::new(Wins::new(ties, shares)))
            }
            (_, Layout::Together) => self.pairs(change),
            (_, Layout::Clusters) => self.clusters(change),
            (_, Layout::Blocks(course)) => self.blocks(course, change),
            (_, Layout::Apart) => self.apart(change),
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
            if positive && value <= 0.0 {
                return Err(format!("its value would be {value}, and it must be above 0"));
            }
        }
        Ok(())
    }

    /// Arms drawn apart, each as its change and what else is true of it make it.
    fn each(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        let arms = (0..self.setup.arms)
            .map(|place| self.staged(place, change))
            .collect::<Result<Vec<_>, String>>()?;
        Ok(Box::new(Apart::new(arms, self.judge)))
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
                    baseline: trend.baseline(self.baseline, time),
                    ..self.clone()
                };
                let change = change.diluted(trend.effect(time)).times(times);
                then.check(change)?;
                then.arm(place, change)
            })
            .collect::<Result<Vec<_>, String>>()?;
        Ok(Box::new(Stages::new(arms, units)))
    }

    fn apart(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        match (self.kind, self.covariate, self.setup.repeats) {
            (_, _, 2..) if !matches!(self.kind, Kind::Mean { .. }) => {
                Err("repeats are simulated of means, and of pairs of yes and no".to_owned())
            }
            (Kind::Quantile { q, log_sd }, None, _) if self.setup.pools_arms() => {
                self.plain()?;
                Ok(self.grouped_quantiles((q, log_sd), None, change))
            }
            (Kind::TimeToEvent, None, _) if self.setup.pools_arms() => {
                Err("times to an event are not simulated in factorial designs".to_owned())
            }
            (Kind::TimeToEvent, None, _) => {
                self.plain()?;
                let hazard = |arm: usize| self.hazard(change.times(self.setup.times_treated(arm)));
                let hazards = (0..self.setup.arms).map(hazard).collect();
                Ok(Box::new(Times::new(hazards, self.setup.control)))
            }
            _ => self.each(change),
        }
    }

    /// The units of an arm with this change.
    fn arm(&self, place: usize, change: Change) -> Result<Box<dyn Arm>, String> {
        if let Layout::Clusters = self.setup.layout {
            return self.cluster_arm(place, change);
        }
        let value = self.value(change);
        let judge = self.judge.and_then(|card| Some((card, card.label_share?)));
        Ok(match (self.kind, self.covariate) {
            (Kind::Proportion, covariate) if let Some((card, share)) = judge => {
                if covariate.is_some() || self.setup.pools_arms() {
                    return Err(
                        "labels of a share of the units are simulated without covariates and factors".to_owned(),
                    );
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
                if self.setup.repeats > 1 {
                    return Err("skewed values are not simulated with repeats".to_owned());
                }
                let skewed = Skewed::new(value, sd * self.setup.spread_of(place), skewness);
                Box::new(skewed.ok_or_else(|| format!("a skewness of {skewness}"))?)
            }
            (Kind::Mean { sd, .. }, covariate) => {
                let sd = sd * self.averaging()?.sqrt() * self.setup.spread_of(place);
                match covariate {
                    Some(correlation) => Box::new(WithCovariate::new(value, sd, correlation)),
                    None => Box::new(Normals::new(value, sd)),
                }
            }
            (_, Some(_)) => return Err("a covariate of this kind of metric is not simulated".to_owned()),
            (Kind::Ratio(moments), None) => Box::new(Ratios::new(moments, value)),
            (Kind::Count { dispersion, exposure }, None) => Box::new(Counts::new(value, dispersion, exposure)),
            (Kind::Quantile { q, log_sd }, None) => Box::new(Quantiles::new(q, value, log_sd, self.setup.looks)),
            (Kind::TimeToEvent, None) => return Err("times to an event are compared, not summed up".to_owned()),
            (Kind::Preference { .. }, None) => {
                return Err("a preference needs units that meet both sides".to_owned());
            }
        })
    }

    /// Variance of a unit's average over repeats, over that of one value.
    fn averaging(&self) -> Result<f64, String> {
        let repeats = f64::from(self.setup.repeats);
        match (self.setup.repeats, self.metric.declared.repeat_correlation) {
            (1, _) => Ok(1.0),
            (_, Some(correlation)) => Ok((1.0 + (repeats - 1.0) * correlation) / repeats),
            (_, None) => Err("with `repeats` it needs a `repeat_correlation`".to_owned()),
        }
    }

    fn clusters(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        let Some(sizes) = self.setup.sizes else {
            return Err("the design does not say how large its clusters are".to_owned());
        };
        if self.covariate.is_some() || self.setup.repeats > 1 {
            return Err("covariates and repeats are not simulated in clusters".to_owned());
        }
        match self.kind {
            Kind::Quantile { q, log_sd } => {
                self.plain()?;
                let grouping = Grouping { sizes, icc: self.icc };
                Ok(self.grouped_quantiles((q, log_sd), Some(grouping), change))
            }
            _ => self.each(change),
        }
    }

    /// The clusters of an arm with this change.
    fn cluster_arm(&self, place: usize, change: Change) -> Result<Box<dyn Arm>, String> {
        let Some(sizes) = self.setup.sizes else {
            return Err("the design does not say how large its clusters are".to_owned());
        };
        let (icc, value) = (self.icc, self.value(change));
        let is_of_units = self.metric.declared.baseline.as_ref().and_then(|b| b.icc).is_none();
        let inside = match self.kind {
            // The moments of a ratio are those of whole randomisation units.
            Kind::Ratio(moments) if is_of_units => return Ok(Box::new(Ratios::new(moments, value))),
            Kind::Mean { sd, skewness } => Inside::values(value, sd * self.setup.spread_of(place), skewness, icc),
            Kind::Count {
                dispersion,
                exposure: None,
            } => Inside::counts(value, dispersion, icc).ok_or_else(|| {
                format!("an `icc` of {icc} leaves more spread between clusters than its `dispersion` has in all")
            })?,
            Kind::Proportion => Inside::events(value, icc),
            _ => return Err(format!("{} metrics are not simulated in clusters", self.name())),
        };
        Ok(Box::new(Clusters::new(sizes, inside)))
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

    fn grouped_quantiles(&self, shape: (f64, f64), grouping: Option<Grouping>, change: Change) -> Box<dyn Sample> {
        let value = |arm: usize| self.value(change.times(self.setup.times_treated(arm)));
        let values: Vec<f64> = (0..self.setup.arms).map(value).collect();
        let contrasts = self.setup.contrasts.clone();
        Box::new(GroupedQuantiles::new(shape, grouping, &values, contrasts))
    }

    fn blocks(&self, course: Course, change: Change) -> Result<Box<dyn Sample>, String> {
        let (Kind::Mean { sd, skewness: 0.0 }, None, 1) = (self.kind, self.covariate, self.setup.repeats) else {
            return Err("a switchback is simulated of means without skewness, covariates and repeats".to_owned());
        };
        let values = Values {
            control: self.baseline,
            treatment: self.value(change),
            sd,
            autocorrelation: self
                .metric
                .declared
                .baseline
                .as_ref()
                .and_then(|b| b.autocorrelation)
                .unwrap_or(0.0),
        };
        let window = self.metric.declared.window.map(Duration::seconds);
        let arms = (self.setup.arms, self.setup.control);
        Ok(Box::new(Blocks::new(course.measured(window), values, arms)?))
    }

    fn pairs(&self, change: Change) -> Result<Box<dyn Sample>, String> {
        if self.covariate.is_some() {
            return Err("covariates are not simulated in paired designs".to_owned());
        }
        let alike = match self.setup.sizes {
            Some(sizes) if self.icc > 0.0 => Some(Alike { sizes, icc: self.icc }),
            _ => None,
        };
        let repeats = f64::from(self.setup.repeats);
        let repeated = match (self.setup.repeats, self.metric.declared.repeat_correlation) {
            (1, _) => None,
            (_, None) => return Err("with `repeats` it needs a `repeat_correlation`".to_owned()),
            (_, Some(_)) if alike.is_some() => return Err("repeats are not simulated in clusters".to_owned()),
            (_, Some(correlation)) => Some(correlation),
        };
        let value = self.value(change);
        match self.kind {
            Kind::Proportion => match repeated {
                None => {
                    let given = self.given(value, 1.0)?;
                    let treatments = vec![given; self.treatments()];
                    Ok(Box::new(PairedEvents::new(
                        self.baseline,
                        treatments,
                        self.judge,
                        alike,
                    )))
                }
                Some(correlation) => {
                    let given = self.given(value, correlation)?;
                    let treatments = vec![(value, given); self.treatments()];
                    let repeats = u64::from(self.setup.repeats);
                    let events = RepeatedEvents::new(repeats, correlation, self.baseline, treatments, self.judge);
                    Ok(Box::new(events))
                }
            },
            Kind::Mean { sd, skewness } => {
                let factor = repeated.map_or(1.0, |correlation| (1.0 + (repeats - 1.0) * correlation) / repeats);
                let correlation = self.correlation()? / factor;
                let shape = match (skewness, alike, repeated) {
                    (0.0, alike, _) => Shape::Normal { alike },
                    (_, None, None) if correlation >= 0.0 => Shape::Skewed { skewness },
                    _ => {
                        return Err(
                            "skewed pairs are simulated without clusters, repeats and negative correlation".to_owned(),
                        );
                    }
                };
                if correlation.abs() > 1.0 {
                    return Err("its `correlation` is larger than its `repeat_correlation` allows".to_owned());
                }
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
            Kind::Quantile { q, log_sd } if repeated.is_none() => {
                let mut values = vec![self.baseline];
                values.extend(vec![value; self.treatments()]);
                let correlation = self.correlation()?;
                Ok(Box::new(PairedQuantiles::new(q, log_sd, correlation, alike, &values)))
            }
            _ => Err(format!("paired {} metrics are not simulated", self.name())),
        }
    }

    fn correlation(&self) -> Result<f64, String> {
        let declared = self.metric.declared.correlation;
        declared.ok_or_else(|| "a paired design needs the `correlation` of the arms".to_owned())
    }

    /// Chances of a treatment's event given control's, where the declared correlation is that times `share` of the outcomes
    /// that are drawn.
    fn given(&self, value: f64, share: f64) -> Result<Given, String> {
        let control = self.baseline;
        let (only_control, only_arm) = match (self.metric.declared.correlation, self.metric.declared.discordant) {
            (Some(correlation), _) => {
                if share <= 0.0 || (correlation / share).abs() > 1.0 {
                    return Err("its `correlation` is larger than its `repeat_correlation` allows".to_owned());
                }
                let pair = PairedProportions::from_correlation(control, value, correlation / share).map_err(words)?;
                let difference = value - control;
                (
                    0.5 * (pair.discordant() - difference),
                    0.5 * (pair.discordant() + difference),
                )
            }
            (None, Some(discordant)) => {
                let difference = value - control;
                (
                    0.5 * (discordant.get() - difference),
                    0.5 * (discordant.get() + difference),
                )
            }
            (None, None) => return Err("a paired design needs the `correlation` of the arms".to_owned()),
        };
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

    fn name(&self) -> &'static str {
        self.metric.kind().map_or("these", MetricKind::as_str)
    }
}
