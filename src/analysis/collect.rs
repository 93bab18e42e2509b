//! Statistics of a results file → [`Evidence`], by the metric's kind and the design; or what stands in the way.

mod faults;
mod judged;
mod logarithms;
mod moments;
mod paired;
mod pooled;
mod strata;

pub(crate) use pooled::added;

use super::evidence::{AtZero, Evidence, Freedom, Linear, Measured, PairCounts, TwoCounts, WinCounts};
use super::results::{ArmStatistics, ComparisonStatistics, EffectScale, MetricResults, ReportedEffect};
use crate::language::{DesignKind, MetricKind, NonInferiorityVariance, ProportionTest, ProportionVariance, Test};
use crate::resolve::{Contrast, Experiment, Metric};
use crate::source::Pointer;
use crate::stats::normal;

/// Why a comparison cannot be analysed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The address in the results of what is missing or wrong.
    pub pointer: Pointer,
    /// A clause without a full stop.
    pub reason: String,
}

/// One comparison of one metric: where to look, and what for.
pub(super) struct Case<'a> {
    experiment: &'a Experiment,
    metric: &'a Metric,
    results: &'a MetricResults,
    control: &'a str,
    arm: &'a str,
}

/// What the results say of a metric in an arm against control, or of a main effect.
///
/// # Errors
/// When what the metric's kind and design need is not there, or contradicts itself.
pub(super) fn collect(
    experiment: &Experiment,
    metric: &Metric,
    results: Option<&MetricResults>,
    contrast: &Contrast,
) -> Result<Evidence, Obstacle> {
    let Some(results) = results else {
        return Err(Obstacle {
            pointer: Pointer::root().join("metrics"),
            reason: "the results do not hold it".to_owned(),
        });
    };
    let control = contrast.reference.first().and_then(|arm| experiment.arms.get(*arm));
    let control = control.map_or("", |arm| arm.id.as_str());
    let case = |results: &MetricResults| {
        Case {
            experiment,
            metric,
            results,
            control,
            arm: &contrast.id,
        }
        .evidence()
    };
    // A finished effect needs no arms.
    let finished = results
        .comparisons
        .get(&contrast.id)
        .is_some_and(|c| c.effect.is_some());
    if !contrast.pools_arms() || finished {
        return case(results);
    }
    let side = |arms: &[usize]| pooled::pooled(experiment, metric, results, arms);
    case(&MetricResults {
        arms: [
            (control.to_owned(), side(&contrast.reference)?),
            (contrast.id.clone(), side(&contrast.treated)?),
        ]
        .into_iter()
        .collect(),
        comparisons: results.comparisons.clone(),
        strata: results.strata.clone(),
    })
}

impl Case<'_> {
    fn evidence(&self) -> Result<Evidence, Obstacle> {
        let evidence = self.as_given()?;
        let counts = matches!(
            evidence,
            Evidence::Proportions(_) | Evidence::Pairs(_) | Evidence::Wins(_)
        );
        let countable = matches!(
            self.metric.kind(),
            Some(MetricKind::Proportion | MetricKind::Preference)
        );
        if countable && !counts && self.at_zero() == AtZero::Exact {
            return Err(self.obstacle(
                "it is tested exactly (`statistics.proportion_test`), which takes counts: `n` and `sum` of each arm, `pairs`, or `preference`",
            ));
        }
        Ok(evidence)
    }

    fn as_given(&self) -> Result<Evidence, Obstacle> {
        let kind = match (self.metric.kind(), self.metric.direction()) {
            (None, _) => return Err(self.obstacle("the spec does not say what kind of metric it is")),
            (_, None) => return Err(self.obstacle("the spec does not say which direction is better")),
            (Some(kind), Some(_)) => kind,
        };
        let comparison = self.results.comparisons.get(self.arm).copied().unwrap_or_default();
        self.one_source(&comparison)?;
        if self.metric.is_logarithmic() {
            return self.logarithms(&comparison);
        }
        if let Some(fault) = self.unasked_logarithms(&comparison) {
            return Err(fault);
        }
        if let Some(effect) = comparison.effect {
            return self.reported(effect);
        }
        let design = self.experiment.spec.design.as_ref().and_then(|design| design.kind);
        if design == Some(DesignKind::Paired) {
            return self.paired(kind, &comparison);
        }
        if let Some(fault) = self.foreign(kind, &comparison) {
            return Err(fault);
        }
        if let Some(values) = self.stratified(kind)? {
            return Ok(Evidence::Values(values));
        }
        match kind {
            MetricKind::TimeToEvent => self.hazard(&comparison),
            MetricKind::Preference => self.preference(&comparison),
            _ => {
                let (control, arm) = (self.statistics(self.control)?, self.statistics(self.arm)?);
                self.independent(kind, control, arm)
            }
        }
    }

    /// Two arms with statistics of their own.
    fn independent(
        &self,
        kind: MetricKind,
        control: &ArmStatistics,
        arm: &ArmStatistics,
    ) -> Result<Evidence, Obstacle> {
        if let Some(values) = self.finished(control, arm)? {
            return Ok(Evidence::Values(values));
        }
        if self.takes_labels() {
            return Err(self.obstacle(
                "people label a share of it beside the judge (`judge.label_share`): give the `estimate` and `standard_error` of each arm \
                 that take both",
            ));
        }
        if self.is_clustered() && !matches!(kind, MetricKind::Quantile) {
            let seen = self.ratio(control, arm)?;
            return Ok(Evidence::Values(self.unjudged(seen)?.unwrap_or(seen)));
        }
        match kind {
            MetricKind::Proportion => self.proportion(control, arm),
            MetricKind::Mean | MetricKind::Composite => self.mean(control, arm).map(Evidence::Values),
            MetricKind::Ratio => self.ratio(control, arm).map(Evidence::Values),
            MetricKind::Count => self.count(control, arm),
            MetricKind::Rate => self.rate(control, arm),
            MetricKind::Quantile => self.quantile(control, arm),
            MetricKind::TimeToEvent | MetricKind::Preference => Err(self.obstacle(format!(
                "a {kind} metric needs an `estimate` and a `standard_error` of each arm, or an `effect`"
            ))),
        }
    }

    fn proportion(&self, control: &ArmStatistics, arm: &ArmStatistics) -> Result<Evidence, Obstacle> {
        if self.averages_repeats() {
            let seen = self.mean(control, arm)?;
            return Ok(Evidence::Values(self.unjudged(seen)?.unwrap_or(seen)));
        }
        if self.metric.declared.variance_reduction.is_some() {
            let seen = self.mean(&binary(control), &binary(arm))?;
            return Ok(Evidence::Values(self.unjudged(seen)?.unwrap_or(seen)));
        }
        let (events_control, n_control) = self.events_of_units(self.control, control)?;
        let (events_arm, n_arm) = self.events_of_units(self.arm, arm)?;
        let at_zero = self.at_zero();
        let counts = TwoCounts {
            at_zero,
            events_control,
            n_control,
            events_arm,
            n_arm,
        };
        if let Some(values) = self.unjudged(counts.linear())? {
            return Ok(Evidence::Values(values));
        }
        let statistics = &self.experiment.statistics;
        if at_zero == AtZero::Exact {
            return Ok(Evidence::Proportions(counts));
        }
        let restricted = match self.metric.test() {
            Test::Superiority => statistics.proportion_variance == ProportionVariance::PooledNull,
            Test::NonInferiority | Test::Equivalence => {
                statistics.noninferiority_variance == NonInferiorityVariance::FarringtonManning
            }
        };
        Ok(if restricted {
            Evidence::Proportions(counts)
        } else {
            Evidence::Values(counts.linear())
        })
    }

    /// How superiority of counts is tested; other questions keep the score test.
    fn at_zero(&self) -> AtZero {
        match (self.experiment.statistics.proportion_test, self.metric.test()) {
            (ProportionTest::Exact, Test::Superiority) => AtZero::Exact,
            _ => AtZero::Score,
        }
    }

    fn events_of_units(&self, id: &str, statistics: &ArmStatistics) -> Result<(f64, f64), Obstacle> {
        let n = self.number(id, "n", statistics.n)?;
        let events = self.number(id, "sum", statistics.sum)?;
        if (0.0..=n).contains(&events) {
            Ok((events, n))
        } else {
            Err(self.at(id, "sum", &format!("{events} events among {n} units is no proportion")))
        }
    }

    fn quantile(&self, control: &ArmStatistics, arm: &ArmStatistics) -> Result<Evidence, Obstacle> {
        let of = |id: &str, statistics: &ArmStatistics| -> Result<(f64, f64), Obstacle> {
            let Some(quantile) = statistics.quantile else {
                return Err(self.lacks(id, "quantile"));
            };
            let se = match (quantile.log_standard_error, quantile.bounds) {
                (Some(se), None) => se,
                (None, Some(bounds)) => {
                    let z = normal::upper_quantile(0.5 * (1.0 - bounds.confidence));
                    let held = bounds.lower > 0.0 && bounds.lower <= quantile.value && quantile.value <= bounds.upper;
                    if !held || bounds.lower >= bounds.upper {
                        return Err(self.at(id, "quantile", "its bounds do not hold it"));
                    }
                    (bounds.upper / bounds.lower).ln() / (2.0 * z)
                }
                _ => {
                    return Err(self.at(id, "quantile", "give either `log_standard_error` or `bounds`"));
                }
            };
            Ok((quantile.value, se * se))
        };
        let (c, a) = (of(self.control, control)?, of(self.arm, arm)?);
        Ok(log_ratio(c, a))
    }

    fn hazard(&self, comparison: &ComparisonStatistics) -> Result<Evidence, Obstacle> {
        let arms = (self.results.arms.get(self.control), self.results.arms.get(self.arm));
        let values = match arms {
            (Some(control), Some(arm)) => self.finished(control, arm)?,
            _ => None,
        };
        match (comparison.hazard, values) {
            (Some(hazard), values) => Ok(Evidence::LogRatio {
                ratio: Measured {
                    estimate: hazard.log_ratio,
                    variance: hazard.standard_error * hazard.standard_error,
                    freedom: hazard.degrees_of_freedom,
                },
                values,
            }),
            (None, Some(values)) => Ok(Evidence::Values(values)),
            (None, None) => Err(self.missing_comparison("hazard")),
        }
    }

    fn preference(&self, comparison: &ComparisonStatistics) -> Result<Evidence, Obstacle> {
        let Some(counts) = comparison.preference else {
            return Err(self.missing_comparison("preference"));
        };
        if counts.wins + counts.losses == 0 {
            return Err(self.obstacle("no comparison was decided: all are ties"));
        }
        Ok(Evidence::Wins(WinCounts {
            at_zero: self.at_zero(),
            wins: counts.wins as f64,
            losses: counts.losses as f64,
        }))
    }

    fn reported(&self, effect: ReportedEffect) -> Result<Evidence, Obstacle> {
        if let Some(bounds) = effect.interval
            && !(bounds.lower <= effect.estimate && effect.estimate <= bounds.upper)
        {
            let pointer = self.comparison_pointer().join("effect").join("interval");
            return Err(Obstacle {
                pointer,
                reason: "the interval does not hold the estimate".to_owned(),
            });
        }
        let measured = Measured {
            estimate: effect.estimate,
            variance: effect.standard_error * effect.standard_error,
            freedom: effect.degrees_of_freedom,
        };
        Ok(match effect.scale {
            EffectScale::Absolute => Evidence::Difference(measured),
            EffectScale::Relative => Evidence::Share(measured),
            EffectScale::Log => Evidence::LogRatio {
                ratio: measured,
                values: None,
            },
        })
    }

    /// A finished estimate of each arm.
    fn finished(&self, control: &ArmStatistics, arm: &ArmStatistics) -> Result<Option<Linear>, Obstacle> {
        let of = |id: &str, statistics: &ArmStatistics| -> Result<Option<(f64, f64)>, Obstacle> {
            match (statistics.estimate, statistics.standard_error) {
                (Some(estimate), Some(se)) if statistics.sum.is_none() => Ok(Some((estimate, se))),
                (Some(_), Some(_)) => {
                    Err(self.at(id, "estimate", "there are both sums and a finished estimate: give one"))
                }
                (None, None) => Ok(None),
                (Some(_), None) => Err(self.lacks(id, "standard_error")),
                (None, Some(_)) => Err(self.lacks(id, "estimate")),
            }
        };
        match (of(self.control, control)?, of(self.arm, arm)?) {
            (Some((c, se_c)), Some((a, se_a))) => Ok(Some(Linear {
                control: c,
                arm: a,
                var_control: se_c * se_c,
                var_arm: se_a * se_a,
                covariance: 0.0,
                freedom: Freedom::Known,
            })),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(self.lacks(self.control, "estimate")),
            (Some(_), None) => Err(self.lacks(self.arm, "estimate")),
        }
    }

    /// Whether a unit's value is its average over repeats.
    fn averages_repeats(&self) -> bool {
        let design = self.experiment.spec.design.as_ref();
        design
            .and_then(|design| design.repeats)
            .is_some_and(|repeats| repeats > 1)
    }

    /// Whether the randomised unit is a cluster of analysis units.
    fn is_clustered(&self) -> bool {
        let Some(design) = self.experiment.spec.design.as_ref() else {
            return false;
        };
        design.kind == Some(DesignKind::Cluster)
            || design
                .analysis_unit
                .as_ref()
                .is_some_and(|analysis| Some(analysis) != design.unit.as_ref())
    }
}

/// The squares of zeros and ones are themselves.
fn binary(statistics: &ArmStatistics) -> ArmStatistics {
    ArmStatistics {
        sum_squares: statistics.sum,
        ..*statistics
    }
}

/// Two positive values with the variances of their logarithms.
fn log_ratio((control, log_var_control): (f64, f64), (arm, log_var_arm): (f64, f64)) -> Evidence {
    Evidence::LogRatio {
        ratio: Measured {
            estimate: (arm / control).ln(),
            variance: log_var_control + log_var_arm,
            freedom: None,
        },
        values: Some(Linear {
            control,
            arm,
            var_control: log_var_control * control * control,
            var_arm: log_var_arm * arm * arm,
            covariance: 0.0,
            freedom: Freedom::Known,
        }),
    }
}

/// Pairs as the counts that the score test reads.
fn pair_counts(table: super::results::PairTable, at_zero: AtZero) -> PairCounts {
    PairCounts {
        at_zero,
        both: table.both as f64,
        only_control: table.only_control as f64,
        only_arm: table.only_arm as f64,
        neither: table.neither as f64,
    }
}
