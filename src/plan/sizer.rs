//! One metric, one comparison: which design of `stats` answers it, in one shape for all kinds.

use super::model::{Effect, Question};
use super::text::number;
use crate::language::{self, MetricKind, NonInferiorityVariance, ProportionVariance, Test};
use crate::resolve::{Metric, Statistics};
use crate::stats::{
    self, Hypothesis, Level, MeanTest, NullVariance, Power, Ratio, SampleSize, StatsError, TwoMeans, TwoProportions,
};

/// A metric's values, complete enough to be sized.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values {
    pub(super) baseline: f64,
    pub(super) direction: stats::Direction,
    pub(super) spread: Spread,
}

/// What gives the variance.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spread {
    /// The proportion itself.
    Proportion,
    /// The standard deviation of one unit.
    StandardDeviation(f64),
}

/// A comparison that can be sized.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizer {
    values: Values,
    question: Asked,
    design: Design,
}

#[derive(Debug, Clone, Copy)]
enum Design {
    Proportions(TwoProportions),
    Means(TwoMeans),
}

/// What is asked, on the metric's own scale.
#[derive(Debug, Clone, Copy)]
struct Asked {
    test: Test,
    effect: language::values::Effect,
    absolute: f64,
}

/// Which approximation to the test's distribution is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exactness {
    /// The normal approximation: the textbook's first bar.
    Normal,
    /// The distribution that the test really has.
    Final,
}

impl Sizer {
    /// The comparison of one arm with control on one metric, with `ratio` units in the arm per unit in control.
    ///
    /// # Errors
    /// When a value is outside the range that can be computed: a treated proportion above one, a negative spread.
    pub(super) fn new(
        values: Values,
        test: Test,
        effect: language::values::Effect,
        ratio: Ratio,
        statistics: &Statistics,
    ) -> Result<Self, StatsError> {
        let absolute = match effect {
            language::values::Effect::Relative(share) => share.get() * values.baseline.abs(),
            language::values::Effect::Absolute(amount) => amount.value(),
        };
        let (hypothesis, treated) = match test {
            Test::Superiority => (
                Hypothesis::superiority(values.direction),
                values.baseline + values.direction.sign() * absolute,
            ),
            // The truth under which non-inferiority is to be shown is no difference at all.
            Test::NonInferiority | Test::Equivalence => (
                match effect {
                    language::values::Effect::Relative(share) => {
                        Hypothesis::non_inferiority_relative(values.direction, share.get())?
                    }
                    language::values::Effect::Absolute(_) => Hypothesis::non_inferiority(values.direction, absolute)?,
                },
                values.baseline,
            ),
        };
        let design = match values.spread {
            Spread::Proportion => {
                let plain = TwoProportions::new(values.baseline, treated, hypothesis)?.with_ratio(ratio);
                Design::Proportions(match variance(test, effect, statistics) {
                    Some(variance) => plain.with_variance(variance),
                    None => plain,
                })
            }
            Spread::StandardDeviation(sd) => {
                Design::Means(TwoMeans::new(values.baseline, treated, sd, hypothesis)?.with_ratio(ratio))
            }
        };
        Ok(Self {
            values,
            question: Asked { test, effect, absolute },
            design,
        })
    }

    /// Whether the final distribution differs from the normal one.
    pub(super) fn has_small_sample_step(&self) -> bool {
        matches!(self.design, Design::Means(_))
    }

    fn at(&self, exactness: Exactness) -> Design {
        match (self.design, exactness) {
            (Design::Means(means), Exactness::Normal) => Design::Means(means.with_test(MeanTest::Z)),
            (design, _) => design,
        }
    }

    /// Units per arm for a power.
    pub(super) fn size(&self, level: Level, power: Power, exactness: Exactness) -> Result<SampleSize, StatsError> {
        match self.at(exactness) {
            Design::Proportions(design) => design.sample_size(level, power),
            Design::Means(design) => design.sample_size(level, power),
        }
    }

    /// Power at a size.
    pub(super) fn power(&self, level: Level, n: SampleSize) -> Result<f64, StatsError> {
        match self.design {
            Design::Proportions(design) => design.power(level, n),
            Design::Means(design) => design.power(level, n),
        }
    }

    /// Smallest effect, or smallest margin, with a power at a size.
    pub(super) fn smallest(&self, level: Level, power: Power, n: SampleSize) -> Result<Effect, StatsError> {
        let baseline = self.values.baseline.abs();
        if self.question.test == Test::Superiority {
            let found = match self.design {
                Design::Proportions(design) => design.detectable(level, power, n)?,
                Design::Means(design) => design.detectable(level, power, n)?,
            };
            return Ok(Effect {
                absolute: found.difference.abs(),
                relative: found.difference.abs() / baseline,
            });
        }
        let margin = match self.design {
            Design::Proportions(design) => design.smallest_margin(level, power, n)?,
            Design::Means(design) => design.smallest_margin(level, power, n)?,
        };
        Ok(match self.question.effect {
            language::values::Effect::Relative(_) => Effect {
                absolute: margin * baseline,
                relative: margin,
            },
            language::values::Effect::Absolute(_) => Effect {
                absolute: margin,
                relative: margin / baseline,
            },
        })
    }

    /// The same comparison for another size of effect: a point of a power curve.
    pub(super) fn with_effect(&self, absolute: f64, ratio: Ratio, statistics: &Statistics) -> Result<Self, StatsError> {
        let share = language::values::Fraction::new(absolute / self.values.baseline.abs());
        Self::new(
            self.values,
            self.question.test,
            language::values::Effect::Relative(share),
            ratio,
            statistics,
        )
    }

    /// The question as the plan shows it.
    pub(super) fn question(&self) -> Question {
        Question {
            test: self.question.test.as_str().to_owned(),
            scale: if self.question.effect.is_relative() {
                "relative"
            } else {
                "absolute"
            }
            .to_owned(),
            absolute: self.question.absolute,
            relative: self.question.absolute / self.values.baseline.abs(),
        }
    }

    /// The test's name.
    pub(super) fn test_name(&self, statistics: &Statistics) -> String {
        let restricted = statistics.noninferiority_variance == NonInferiorityVariance::FarringtonManning;
        let pooled = statistics.proportion_variance == ProportionVariance::PooledNull;
        match (self.design, self.question.test, self.question.effect.is_relative()) {
            (Design::Proportions(_), Test::Superiority, _) if pooled => "two-proportion z, pooled null variance",
            (Design::Proportions(_), Test::Superiority, _) => "two-proportion z, unpooled variance",
            (Design::Proportions(_), _, true) => "non-inferiority of a proportion, relative margin, z",
            (Design::Proportions(_), _, false) if restricted => "non-inferiority of a proportion, Farrington–Manning",
            (Design::Proportions(_), _, false) => "non-inferiority of a proportion, unpooled z",
            (Design::Means(_), Test::Superiority, _) => "Welch t",
            (Design::Means(_), _, true) => "non-inferiority of a mean, relative margin, Welch t",
            (Design::Means(_), _, false) => "non-inferiority of a mean, Welch t",
        }
        .to_owned()
    }

    /// Author, year and place of the formula.
    pub(super) fn source(&self, statistics: &Statistics) -> &'static str {
        let restricted = statistics.noninferiority_variance == NonInferiorityVariance::FarringtonManning;
        let pooled = statistics.proportion_variance == ProportionVariance::PooledNull;
        match (self.design, self.question.test, self.question.effect.is_relative()) {
            (Design::Proportions(_), Test::Superiority, _) if pooled => {
                "Fleiss, Tytun & Ury 1980, Biometrics 36:343, without continuity correction"
            }
            (Design::Proportions(_), _, false) if restricted && self.question.test != Test::Superiority => {
                "Farrington & Manning 1990, Statistics in Medicine 9:1447, method 3"
            }
            (Design::Proportions(_), _, true) if self.question.test != Test::Superiority => {
                "linear contrast θT − (1 ± m)θC with variance VT + (1 ± m)²VC"
            }
            (Design::Proportions(_), ..) => "Chow, Shao & Wang 2008, section 4.2",
            (Design::Means(_), Test::Superiority, _) => {
                "noncentral t (Owen 1965) with Satterthwaite degrees of freedom"
            }
            (Design::Means(_), _, true) => {
                "linear contrast θT − (1 ± m)θC with variance VT + (1 ± m)²VC; noncentral t (Owen 1965)"
            }
            (Design::Means(_), ..) => "Julious 2004, Statistics in Medicine 23:1921; noncentral t (Owen 1965)",
        }
    }

    /// The formula with its numbers put in, for the final level and power.
    pub(super) fn formula(&self, level: Level, power: Power, n: SampleSize, statistics: &Statistics) -> String {
        let (a, b) = (number(level.z()), number(power.z()));
        let r = number(n.ratio());
        let p0 = self.values.baseline;
        let d = number(self.question.absolute);
        let control = number(n.control().ceil());
        let superior = self.question.test == Test::Superiority;
        match (self.design, self.question.effect) {
            (Design::Proportions(_), _) if superior => {
                let p1 = p0 + self.values.direction.sign() * self.question.absolute;
                let pooled = (p0 + n.ratio() * p1) / (1.0 + n.ratio());
                let null = match statistics.proportion_variance {
                    ProportionVariance::PooledNull => {
                        format!("{a}·√((1+1/{r})·{}·{})", number(pooled), number(1.0 - pooled))
                    }
                    ProportionVariance::Unpooled => {
                        format!(
                            "{a}·√({}·{} + {}·{}/{r})",
                            number(p0),
                            number(1.0 - p0),
                            number(p1),
                            number(1.0 - p1)
                        )
                    }
                };
                format!(
                    "n₀ = [{null} + {b}·√({}·{} + {}·{}/{r})]² / {d}² = {control}",
                    number(p0),
                    number(1.0 - p0),
                    number(p1),
                    number(1.0 - p1)
                )
            }
            (Design::Proportions(_), language::values::Effect::Relative(m)) => {
                let w = 1.0 - self.values.direction.sign() * m.get();
                format!(
                    "n₀ = ({a} + {b})²·{}·{}·(1/{r} + {}²) / ({}·{})² = {control}",
                    number(p0),
                    number(1.0 - p0),
                    number(w),
                    number(m.get()),
                    number(p0)
                )
            }
            (Design::Proportions(_), language::values::Effect::Absolute(_)) => format!(
                "n₀ = [{a}·√(restricted variance at −{d}) + {b}·√({}·{}·(1+1/{r}))]² / {d}² = {control}",
                number(p0),
                number(1.0 - p0)
            ),
            (Design::Means(_), effect) => {
                let Spread::StandardDeviation(sd) = self.values.spread else {
                    return String::new();
                };
                let sd = number(sd);
                match effect {
                    language::values::Effect::Relative(m) if !superior => {
                        let w = 1.0 - self.values.direction.sign() * m.get();
                        format!(
                            "n₀ ≈ ({a} + {b})²·{sd}²·(1/{r} + {}²) / ({}·{})², solved with t = {control}",
                            number(w),
                            number(m.get()),
                            number(p0.abs())
                        )
                    }
                    _ => format!("n₀ ≈ ({a} + {b})²·{sd}²·(1+1/{r}) / {d}², solved with t = {control}"),
                }
            }
        }
    }
}

/// The null variance of a proportion's test; `None` leaves the one that belongs to a relative margin.
fn variance(test: Test, effect: language::values::Effect, statistics: &Statistics) -> Option<NullVariance> {
    match (test, effect) {
        (Test::Superiority, _) => Some(match statistics.proportion_variance {
            ProportionVariance::PooledNull => NullVariance::Restricted,
            ProportionVariance::Unpooled => NullVariance::Unpooled,
        }),
        (_, language::values::Effect::Absolute(_)) => Some(match statistics.noninferiority_variance {
            NonInferiorityVariance::FarringtonManning => NullVariance::Restricted,
            NonInferiorityVariance::Unpooled => NullVariance::Unpooled,
        }),
        (_, language::values::Effect::Relative(_)) => None,
    }
}

/// What a metric lacks before it can be sized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lacking {
    /// The field.
    pub(super) field: &'static str,
    /// A clause without a full stop.
    pub(super) reason: String,
}

/// The values of a metric, or what it lacks.
pub(super) fn values(metric: &Metric) -> Result<Values, Lacking> {
    let lack = |field: &'static str, reason: &str| Lacking {
        field,
        reason: reason.to_owned(),
    };
    let kind = metric.kind().ok_or_else(|| lack("kind", "it has no kind"))?;
    let direction = match metric.direction() {
        Some(language::Direction::Increase) => stats::Direction::Increase,
        Some(language::Direction::Decrease) => stats::Direction::Decrease,
        None => return Err(lack("direction", "it does not say whether more or less is better")),
    };
    let baseline = || metric.baseline().ok_or_else(|| lack("baseline", "it has no baseline"));
    let (baseline, spread) = match kind {
        MetricKind::Proportion => (baseline()?, Spread::Proportion),
        MetricKind::Mean => {
            let value = baseline()?;
            let sd = metric
                .standard_deviation()
                .ok_or_else(|| lack("baseline", "its baseline has neither `sd` nor `cv`"))?;
            (value, Spread::StandardDeviation(sd))
        }
        other => {
            return Err(lack(
                "kind",
                &format!("metrics of kind `{other}` are not sized by this version of abide"),
            ));
        }
    };
    Ok(Values {
        baseline,
        direction,
        spread,
    })
}
