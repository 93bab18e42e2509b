//! What tests do that rest on a handful of events: their power and error with every outcome counted.

use super::{level_of, note};
use crate::format;
use crate::language::{
    self, DesignKind, MetricKind, NonInferiorityVariance, ProportionTest, ProportionVariance, Test, values::Effect,
};
use crate::plan::model::{Comparison, MetricPlan, Note, SampleSize};
use crate::plan::text::number;
use crate::resolve::{Experiment, Metric};
use crate::stats::{
    Alpha, CountedEvents, Direction, ExactProportions, Hypothesis, Level, NullVariance, PairedProportions, Sides,
    SignTest,
};

/// Counts below this make the normal approximation of a test doubtful.
const FEW_EVENTS: f64 = 30.0;
/// The same of pairs that differ, where a margin is scored: its test is the more careful the fewer they are, by a point of power
/// at 60 and half a point at 100.
const FEW_SCORED_PAIRS: f64 = 100.0;

/// What a test does when every outcome is counted: the chance to come out right under what is planned for, and the chance to
/// reject on the boundary of the null hypothesis.
struct Counted {
    power: f64,
    error: f64,
}

/// What one comparison asks, with its size.
struct Case<'a> {
    experiment: &'a Experiment,
    metric: &'a Metric,
    comparison: &'a Comparison,
    level: Level,
    better: Direction,
    baseline: f64,
    /// Units of control and of the arm; pairs where each unit passes both.
    n: (u64, u64),
}

/// What the test of a metric really does when it rests on a handful of events, and which test a margin keeps where counts are
/// tested exactly.
pub(super) fn few_events(
    experiment: &Experiment,
    metric: &Metric,
    plan: &MetricPlan,
    size: Option<&SampleSize>,
) -> Option<Note> {
    let cases = || {
        let of = |comparison| Case::of(experiment, metric, comparison, size);
        plan.comparisons.iter().filter_map(of)
    };
    let exact = experiment.statistics.proportion_test == ProportionTest::Exact;
    let countable = matches!(metric.kind(), Some(MetricKind::Proportion | MetricKind::Preference));
    let asks_margin = metric.test() != Test::Superiority || metric.margin_to_beat.is_some();
    if exact && countable && !asks_margin {
        return None;
    }
    if let Some(case) = cases().find(|case| case.events().is_some_and(|events| events < case.few())) {
        return Some(note("few-events", case.in_words(exact && countable)?));
    }
    let kept = cases().next().filter(|_| exact && countable)?;
    Some(note(
        "margin-not-exact",
        format!(
            "{} is asked about a margin, which exact tests are not about: it keeps its own test ({}), with about {} expected events in an arm",
            metric.id,
            kept.comparison.test,
            number(kept.events()?.ceil())
        ),
    ))
}

impl<'a> Case<'a> {
    fn of(
        experiment: &'a Experiment,
        metric: &'a Metric,
        comparison: &'a Comparison,
        size: Option<&SampleSize>,
    ) -> Option<Self> {
        let own = (comparison.n.control, comparison.n.arm);
        let at_plan = size.and_then(|size| {
            let control = size.per_arm.values().find(|arm| arm.control)?;
            Some((control.n, size.per_arm.get(&comparison.arm)?.n))
        });
        Some(Self {
            experiment,
            metric,
            comparison,
            level: level_of(comparison)?,
            better: match metric.direction()? {
                language::Direction::Increase => Direction::Increase,
                language::Direction::Decrease => Direction::Decrease,
            },
            baseline: metric.baseline()?,
            n: at_plan.unwrap_or(own),
        })
    }

    fn smaller(&self) -> f64 {
        self.n.0.min(self.n.1) as f64
    }

    /// Events below which they are counted.
    fn few(&self) -> f64 {
        if self.scores_pairs() {
            FEW_SCORED_PAIRS
        } else {
            FEW_EVENTS
        }
    }

    /// Whether an absolute margin between pairs is scored.
    fn scores_pairs(&self) -> bool {
        self.experiment.is_of(DesignKind::Paired)
            && self.metric.kind() == Some(MetricKind::Proportion)
            && self.metric.tested_margin().is_some_and(|margin| !margin.is_relative())
            && self.is_plain("pairing")
    }

    /// Whether no step makes the test another one than that of plain samples; `also` is a step that may be there.
    fn is_plain(&self, also: &str) -> bool {
        let steps = &self.comparison.waterfall;
        steps.iter().all(|step| is_plain(&step.step) || step.step == also)
    }

    /// Events that the test rests on, in an arm: those that are rarer, discordant pairs, wins of either side.
    fn events(&self) -> Option<f64> {
        let p = self.baseline;
        match self.metric.kind()? {
            MetricKind::Proportion => match self.pairs(self.treated()?) {
                Some(pairs) => Some(self.smaller() * pairs.discordant()),
                None => Some(self.smaller() * p.min(1.0 - p)),
            },
            MetricKind::Preference => Some(0.5 * self.decided()),
            MetricKind::Count | MetricKind::Rate => {
                let (exposure, dispersion) = self.exposure_and_dispersion()?;
                // As many Poisson events would say as much.
                Some(self.smaller() / (1.0 / (p * exposure) + dispersion))
            }
            _ => None,
        }
    }

    fn decided(&self) -> f64 {
        let ties = self.metric.declared.baseline.as_ref().and_then(|b| b.ties);
        self.smaller() * (1.0 - ties.map_or(0.0, language::values::Fraction::get))
    }

    fn exposure_and_dispersion(&self) -> Option<(f64, f64)> {
        let baseline = self.metric.declared.baseline.as_ref()?;
        let exposure = baseline.moments.as_ref().and_then(|moments| moments.denominator_mean);
        Some((exposure.unwrap_or(1.0), baseline.dispersion?))
    }

    /// The value in the treated arm that is planned for: moved by the MDE, or control's where a margin is to be held.
    fn treated(&self) -> Option<f64> {
        let change = match self.metric.test() {
            Test::Superiority => self.metric.in_units(self.metric.declared.mde?)?,
            Test::NonInferiority | Test::Equivalence => 0.0,
        };
        Some(self.baseline + self.better.sign() * change)
    }

    /// The pairs of a paired design, when the treated arm has this value; they agree as declared, or as much as is possible.
    fn pairs(&self, treated: f64) -> Option<PairedProportions> {
        if !self.experiment.is_of(DesignKind::Paired) {
            return None;
        }
        match (self.metric.declared.correlation, self.metric.declared.discordant) {
            (Some(correlation), _) => PairedProportions::from_correlation_at_most(self.baseline, treated, correlation),
            (None, Some(share)) => PairedProportions::from_discordant_at_least(treated - self.baseline, share.get()),
            (None, None) => return None,
        }
        .ok()
    }

    fn sides(&self) -> f64 {
        match self.level.sides {
            Sides::One => 1.0,
            Sides::Two => 2.0,
        }
    }

    fn counted(&self) -> Option<Counted> {
        let plain = |also: &str| self.is_plain(also);
        let of = |kind| self.experiment.is_of(kind);
        match self.metric.kind()? {
            MetricKind::Proportion if self.scores_pairs() => self.scored_pairs(),
            _ if self.metric.test() == Test::Equivalence => None,
            MetricKind::Proportion if of(DesignKind::Parallel) && plain("") => self.proportions(),
            MetricKind::Proportion if of(DesignKind::Paired) && plain("pairing") => self.mcnemar(),
            MetricKind::Count | MetricKind::Rate if of(DesignKind::Parallel) && plain("") => self.rates(),
            MetricKind::Preference if plain("") => self.wins(),
            _ => None,
        }
    }

    fn proportions(&self) -> Option<Counted> {
        let n = (u32::try_from(self.n.0).ok()?, u32::try_from(self.n.1).ok()?);
        let tables = |treated: f64| ExactProportions::new((self.baseline, n.0), (treated, n.1)).ok();
        let statistics = &self.experiment.statistics;
        let restricted = match self.metric.test() {
            Test::Superiority => statistics.proportion_variance == ProportionVariance::PooledNull,
            _ => statistics.noninferiority_variance == NonInferiorityVariance::FarringtonManning,
        };
        let variance = if restricted {
            NullVariance::Restricted
        } else {
            NullVariance::Unpooled
        };
        let Some(margin) = self.metric.tested_margin() else {
            return Some(Counted {
                power: tables(self.treated()?)?.z_rejection(self.level, variance),
                error: tables(self.baseline)?.z_rejection(self.level, variance),
            });
        };
        let hypothesis = self.hypothesis(margin)?;
        let rejection = |treated: f64| tables(treated)?.margin_rejection(self.level, hypothesis, variance).ok();
        Some(Counted {
            power: rejection(self.treated()?)?,
            error: rejection(self.baseline + hypothesis.null_difference(self.baseline))?,
        })
    }

    fn hypothesis(&self, margin: Effect) -> Option<Hypothesis> {
        let m = margin.magnitude();
        match (self.metric.test(), margin.is_relative()) {
            (Test::Superiority, true) => Hypothesis::superiority_by_relative(self.better, m),
            (Test::Superiority, false) => Hypothesis::superiority_by(self.better, m),
            (_, true) => Hypothesis::non_inferiority_relative(self.better, m),
            (_, false) => Hypothesis::non_inferiority(self.better, m),
        }
        .ok()
    }

    /// A margin between pairs, by its score test. The error of equivalence is the larger one of both ends.
    fn scored_pairs(&self) -> Option<Counted> {
        let (n, margin) = (self.n.0 as f64, self.metric.tested_margin()?);
        if self.metric.test() == Test::Equivalence {
            let alpha = Alpha::new(self.level.tail()).ok()?;
            let within = |treated: f64| {
                let pairs = self.pairs(treated)?;
                pairs.equivalence_rejection(alpha, margin.magnitude(), n).ok()
            };
            let ends = [margin.magnitude(), -margin.magnitude()].map(|end| within(self.baseline + end));
            return Some(Counted {
                power: within(self.treated()?)?,
                error: ends.into_iter().flatten().reduce(f64::max)?,
            });
        }
        let hypothesis = self.hypothesis(margin)?;
        let rejection = |treated: f64| self.pairs(treated)?.margin_rejection(self.level, hypothesis, n).ok();
        Some(Counted {
            power: rejection(self.treated()?)?,
            error: rejection(self.baseline + hypothesis.null_difference(self.baseline))?,
        })
    }

    /// Superiority of pairs.
    fn mcnemar(&self) -> Option<Counted> {
        if self.metric.tested_margin().is_some() {
            return None;
        }
        let n = self.n.0 as f64;
        let power = |treated: f64| self.pairs(treated)?.normal_test_power(self.level, n).ok();
        Some(Counted {
            power: power(self.treated()?)?,
            error: self.sides() * power(self.baseline)?,
        })
    }

    fn wins(&self) -> Option<Counted> {
        if self.metric.tested_margin().is_some() {
            return None;
        }
        let n = self.decided().floor();
        let power = |share: f64| SignTest::new(share).ok()?.normal_test_power(self.level, n).ok();
        Some(Counted {
            power: power(self.treated()?)?,
            error: self.sides() * power(self.baseline)?,
        })
    }

    fn rates(&self) -> Option<Counted> {
        let (exposure, dispersion) = self.exposure_and_dispersion()?;
        let n = (self.n.0 as f64, self.n.1 as f64);
        let events = |treated: f64| CountedEvents::new((self.baseline, n.0), (treated, n.1), exposure, dispersion).ok();
        let sign = self.better.sign();
        let share = |margin: Effect| Some(self.metric.in_units(margin)? / self.baseline);
        let null = match (self.metric.test(), self.metric.tested_margin()) {
            (_, None) => 0.0,
            (Test::Superiority, Some(margin)) => (sign * share(margin)?).ln_1p(),
            (_, Some(margin)) => (-sign * share(margin)?).ln_1p(),
        };
        let on_boundary = events(self.baseline * null.exp())?;
        let mut error = on_boundary.rejection(self.level, null, sign);
        if self.level.sides == Sides::Two && null == 0.0 {
            error += on_boundary.rejection(self.level, null, -sign);
        }
        Some(Counted {
            power: events(self.treated()?)?.rejection(self.level, null, sign),
            error,
        })
    }

    /// The note; `None` where the events are not known.
    fn in_words(&self, exact_declared: bool) -> Option<String> {
        let id = &self.metric.id;
        let what = match self.metric.kind()? {
            MetricKind::Preference => "wins of either side".to_owned(),
            MetricKind::Proportion if self.experiment.is_of(DesignKind::Paired) => "pairs that differ".to_owned(),
            _ => "expected events in an arm".to_owned(),
        };
        let expected = format!("{} {what}", number(self.events()?.ceil()));
        let countable = matches!(
            self.metric.kind(),
            Some(MetricKind::Proportion | MetricKind::Preference)
        );
        Some(match (self.counted(), self.metric.tested_margin()) {
            (None, _) => format!(
                "{id} is sized by the normal approximation with about {expected}; what that does to its power was not computed for this question",
            ),
            (Some(Counted { power, error }), None) => format!(
                "{id} is sized by the normal approximation with about {expected}; counted exactly, its test has a power of {} and \
                 an error of {} for an alpha of {}{}",
                format::chance(power),
                format::estimate_percent(error),
                format::estimate_percent(self.comparison.alpha),
                if countable {
                    "; `proportion_test = \"exact\"` never exceeds alpha"
                } else {
                    ""
                },
            ),
            (Some(Counted { power, error }), Some(_)) => {
                let (passes, wrong) = match self.metric.test() {
                    Test::Superiority => ("wins at the MDE", "an effect of exactly the margin wins"),
                    _ => ("passes when nothing changes", "a harm of exactly the margin passes"),
                };
                let tests = if exact_declared {
                    ", as exact tests are not about margins"
                } else {
                    ""
                };
                format!(
                    "{id} is tested by {}{tests}, with about {expected}; counted exactly, it {passes} with a chance of {}, and {wrong} in {} of \
                     all experiments, for an alpha of {}",
                    self.comparison.test,
                    format::chance(power),
                    format::estimate_percent(error),
                    format::estimate_percent(self.level.tail()),
                )
            }
        })
    }
}

/// Steps that leave the test of two independent samples what it is.
fn is_plain(step: &str) -> bool {
    matches!(
        step,
        "naive" | "multiplicity-metrics" | "multiplicity-arms" | "guardrail-power" | "rounding"
    )
}
