//! Every metric in every arm: its evidence, its interval at the alpha that the corrections leave it, its state.

use super::collect::Obstacle;
use super::corrections::{self, Corrected, Family, Looking};
use super::evidence::{Against, Critical, Evidence, Interval, Scale};
use super::monitoring::{Monitoring, Purpose};
use super::results::Look;
use super::states::{self, Seen};
use crate::language::values::Effect;
use crate::language::{Direction, GuardrailState, PrimaryState, Role, Test};
use crate::plan;
use crate::resolve::{Experiment, Metric};
use crate::source::Pointer;
use crate::stats::{Alpha, Level, Sides, StatsError};

/// What the data say of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Of a superiority primary.
    Primary(PrimaryState),
    /// Of a primary that must hold a margin.
    Held(GuardrailState),
    /// Of a guardrail.
    Guardrail(GuardrailState),
    /// Of a metric that gates nothing.
    Shown,
}

/// One metric in one arm.
pub(super) struct Assessment<'a> {
    pub(super) metric: &'a Metric,
    pub(super) arm: &'a str,
    pub(super) level: Level,
    pub(super) outcome: Result<Assessed, Obstacle>,
}

/// What could be computed of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assessed {
    pub(super) evidence: Evidence,
    /// +1 where more is better, −1 where less is.
    pub(super) sign: f64,
    pub(super) critical: Critical,
    /// Intervals, not turned.
    pub(super) absolute: Option<Interval>,
    pub(super) relative: Option<Interval>,
    /// How far the lower bound is beyond the margin that must be beaten; `None` without one.
    pub(super) beyond_margin: Option<f64>,
    pub(super) p: Option<f64>,
    pub(super) p_adjusted: Option<f64>,
    pub(super) state: State,
    /// Whether a group sequential design says that a win has become unlikely.
    pub(super) futile: bool,
}

impl Assessed {
    /// The interval on a scale.
    pub(super) fn interval(&self, scale: Scale) -> Option<Interval> {
        match scale {
            Scale::Absolute => self.absolute,
            Scale::Relative => self.relative,
        }
    }
}

/// The scale on which an effect is stated.
pub(super) fn scale(effect: Effect) -> Scale {
    if effect.is_relative() {
        Scale::Relative
    } else {
        Scale::Absolute
    }
}

/// How much is computed of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// What the decision reads.
    Decision,
    /// And what people read beside: both scales, p-values, words.
    Verdict,
}

/// What holds for all metrics and all data of a look: the levels and how they are shared out.
pub(super) struct Setting {
    pub(super) monitoring: Monitoring,
    family: Family,
    guardrail: Level,
    /// What there is to see of an effect: the share of analysed units that met the change, or what a block of a switchback shows.
    left: f64,
}

impl Setting {
    /// The levels of an experiment at a look, with their boundaries.
    ///
    /// # Errors
    /// A clause that says why alpha cannot be shared out, or the look not be placed.
    pub(super) fn of(experiment: &Experiment, look: Option<Look>) -> Result<Self, String> {
        let mut monitoring = Monitoring::of(experiment, look)?;
        let looking = match monitoring {
            Monitoring::Once => Looking::Once,
            Monitoring::Group(_) | Monitoring::AnyTime { .. } => Looking::Repeatedly,
        };
        let words = |error: StatsError| error.to_string();
        let family = Family::of(experiment, looking).map_err(words)?;
        let guardrail = Level::new(
            Alpha::new(experiment.statistics.guardrail_alpha).map_err(words)?,
            Sides::One,
        );
        let primaries = experiment.superiority_primaries().count();
        let mut levels = Vec::new();
        if primaries > 0 {
            let each = family
                .first_alpha(primaries, experiment.contrasts.len())
                .and_then(Alpha::new)
                .map_err(words)?;
            levels.push((Level::new(each, family.level().sides), Purpose::Efficacy));
        }
        if experiment.non_inferiority_metrics().next().is_some() {
            levels.push((guardrail, Purpose::Safety));
        }
        let improving = |metric: &Metric| metric.role == Role::Guardrail && metric.test() == Test::Superiority;
        if experiment.metrics.iter().any(improving) {
            levels.push((family.level(), Purpose::Efficacy));
        }
        monitoring.prepare(&levels).map_err(words)?;
        Ok(Self {
            monitoring,
            family,
            guardrail,
            left: plan::left_of_effects(experiment),
        })
    }

    /// Assesses metrics (outer) in every arm (inner) from what was collected of them.
    pub(super) fn assess_all<'a>(
        &self,
        arms: &[&'a str],
        collected: Vec<(&'a Metric, Vec<Result<Evidence, Obstacle>>)>,
        depth: Depth,
    ) -> Vec<Vec<Assessment<'a>>> {
        let corrected = match self.correct(&collected, depth) {
            Ok(corrected) => corrected,
            Err(error) => {
                let metrics: Vec<&Metric> = collected.iter().map(|(metric, _)| *metric).collect();
                return without_setting(&metrics, arms, self.family.level(), &error.to_string());
            }
        };
        let mut corrected = corrected.into_iter();
        collected
            .into_iter()
            .map(|(metric, evidence)| {
                let corrected = if is_superior(metric) { corrected.next() } else { None };
                arms.iter()
                    .zip(evidence)
                    .enumerate()
                    .map(|(position, (&arm, evidence))| {
                        let corrected = corrected.as_ref().and_then(|arms| arms.get(position).copied());
                        self.assess(metric, arm, corrected, evidence, depth)
                    })
                    .collect()
            })
            .collect()
    }

    /// Corrected superiority primaries, in their order.
    fn correct(
        &self,
        collected: &[(&Metric, Vec<Result<Evidence, Obstacle>>)],
        depth: Depth,
    ) -> Result<Vec<Vec<Corrected>>, StatsError> {
        let sides = self.family.level().sides;
        let reads = depth == Depth::Verdict || self.family.reads_p_values();
        let p_values: Vec<Vec<f64>> = collected
            .iter()
            .filter(|(metric, _)| is_superior(metric))
            .map(|(metric, evidence)| {
                let p = |e: &Result<Evidence, Obstacle>| {
                    if reads {
                        p_of(metric, e.as_ref().ok(), sides, self.left)
                    } else {
                        1.0
                    }
                };
                evidence.iter().map(p).collect()
            })
            .collect();
        self.family.correct(&p_values, depth)
    }

    /// The level of a metric, whose alpha the corrections gave where it has one of the family, and what it is for.
    fn level_of(&self, metric: &Metric, corrected: Option<f64>) -> (Level, Purpose) {
        let uncorrected = self.family.level();
        match (corrected, metric.is_gating()) {
            (Some(alpha), _) => match Alpha::new(alpha) {
                Ok(alpha) => (Level::new(alpha, uncorrected.sides), Purpose::Efficacy),
                Err(_) => (uncorrected, Purpose::Efficacy),
            },
            (None, true) if metric.test() == Test::Superiority => (uncorrected, Purpose::Efficacy),
            (None, true) => (self.guardrail, Purpose::Safety),
            (None, false) => (uncorrected, Purpose::Display),
        }
    }

    /// What this look asks of a metric when the data do not move its alpha, and the z below which it is given up.
    pub(super) fn boundary(
        &self,
        experiment: &Experiment,
        metric: &Metric,
    ) -> Result<(Critical, Option<f64>), StatsError> {
        let corrected = if is_superior(metric) {
            let primaries = experiment.superiority_primaries().count();
            Some(self.family.first_alpha(primaries, experiment.contrasts.len())?)
        } else {
            None
        };
        let (level, purpose) = self.level_of(metric, corrected);
        let critical = self.monitoring.critical(level, purpose, None)?;
        let futility = if purpose == Purpose::Efficacy {
            self.monitoring.futility(level)?
        } else {
            None
        };
        Ok((critical, futility))
    }

    fn assess<'a>(
        &self,
        metric: &'a Metric,
        arm: &'a str,
        corrected: Option<Corrected>,
        evidence: Result<Evidence, Obstacle>,
        depth: Depth,
    ) -> Assessment<'a> {
        let (level, purpose) = self.level_of(metric, corrected.map(|corrected| corrected.alpha));
        let outcome = evidence.and_then(|evidence| {
            let question = Question {
                metric,
                level,
                purpose,
                monitoring: &self.monitoring,
                corrected,
                depth,
                left: self.left,
            };
            question.answer(evidence)
        });
        Assessment {
            metric,
            arm,
            level,
            outcome,
        }
    }
}

/// When alpha cannot be shared out, or the look cannot be placed, nothing can be assessed: each metric says why.
pub(super) fn without_setting<'a>(
    metrics: &[&'a Metric],
    arms: &[&'a str],
    level: Level,
    reason: &str,
) -> Vec<Vec<Assessment<'a>>> {
    metrics
        .iter()
        .map(|&metric| {
            arms.iter()
                .map(|&arm| Assessment {
                    metric,
                    arm,
                    level,
                    outcome: Err(Obstacle {
                        pointer: Pointer::root().join("look"),
                        reason: reason.to_owned(),
                    }),
                })
                .collect()
        })
        .collect()
}

/// Whether the metric belongs to the family that alpha is shared over.
fn is_superior(metric: &Metric) -> bool {
    metric.role == Role::Primary && metric.test() == Test::Superiority
}

/// The effect on the boundary of a superiority test, on the scale where it is judged: none, or the margin that must be beaten,
/// of which `left` is to be seen.
fn boundary_of_null(metric: &Metric, evidence: &Evidence, left: f64) -> (Scale, f64) {
    match metric.margin_to_beat {
        None => (evidence.native(), 0.0),
        Some(margin) => (scale(margin), sign(metric) * left * margin.magnitude()),
    }
}

/// The p-value of no effect, or of the margin that must be beaten, at a single look; 1 where there are no data, so that the
/// family stays what was declared.
fn p_of(metric: &Metric, evidence: Option<&Evidence>, sides: Sides, left: f64) -> f64 {
    let statistic = evidence.and_then(|evidence| {
        let (on, null) = boundary_of_null(metric, evidence, left);
        evidence.statistic(on, null).ok().flatten()
    });
    statistic
        .and_then(|statistic| corrections::p_value(statistic, sides, sign(metric)).ok())
        .filter(|p| !p.is_nan())
        .unwrap_or(1.0)
}

fn sign(metric: &Metric) -> f64 {
    match metric.direction() {
        Some(Direction::Decrease) => -1.0,
        Some(Direction::Increase) | None => 1.0,
    }
}

/// What is asked of one comparison.
struct Question<'q> {
    metric: &'q Metric,
    level: Level,
    purpose: Purpose,
    monitoring: &'q Monitoring,
    corrected: Option<Corrected>,
    depth: Depth,
    left: f64,
}

impl Question<'_> {
    fn answer(&self, evidence: Evidence) -> Result<Assessed, Obstacle> {
        let metric = self.metric;
        let sign = sign(metric);
        let effect = metric.effect();
        if let Some(fault) = self.unanswerable(&evidence, effect) {
            return Err(fault);
        }
        let finite = |x: Option<f64>| x.is_some_and(f64::is_finite);
        let native = evidence.native();
        if !finite(evidence.estimate(native)) || !finite(evidence.standard_error(native)) {
            return Err(self.obstacle("its numbers are too large or too small to compute with"));
        }
        // The score tests know what to make of counts without spread; nothing else does.
        let by_score = matches!(
            evidence,
            Evidence::Proportions(_) | Evidence::Pairs(_) | Evidence::Wins(_)
        );
        if !by_score && evidence.standard_error(native) == Some(0.0) {
            return Err(self.obstacle("no unit differs from another, so nothing says how precise it is"));
        }
        let asked = effect.map(scale);
        let margin_scale = metric.margin_to_beat.map(scale);
        let error = |error: StatsError| self.obstacle(error.to_string());
        let variance = evidence.standard_error(asked.unwrap_or(native)).map(|se| se * se);
        let critical = self
            .monitoring
            .critical(self.level, self.purpose, variance)
            .map_err(error)?;
        let interval = |scale: Scale| {
            let wanted = self.depth == Depth::Verdict || [Some(native), asked, margin_scale].contains(&Some(scale));
            if wanted {
                evidence.interval(scale, critical).map_err(error)
            } else {
                Ok(None)
            }
        };
        let (absolute, relative) = (interval(Scale::Absolute)?, interval(Scale::Relative)?);
        let on = |scale: Scale| match scale {
            Scale::Absolute => absolute,
            Scale::Relative => relative,
        };
        let Some(sign_interval) = on(native) else {
            return Err(self.obstacle("its sign cannot be judged from these results"));
        };
        let worthwhile = metric.declared.worthwhile;
        let beyond_margin = metric.margin_to_beat.map(|margin| {
            let lower = on(scale(margin)).map(|interval| interval.turned(sign).lower);
            lower.unwrap_or(f64::NEG_INFINITY) - self.seen_of(margin)
        });
        let seen = Seen {
            sign: sign_interval.turned(sign),
            asked: asked.and_then(on).map(|interval| interval.turned(sign)),
            beyond_margin,
            estimate: worthwhile
                .map_or(asked, |least| Some(scale(least)))
                .and_then(|scale| evidence.estimate(scale))
                .map(|estimate| sign * estimate),
        };
        let state = self.state(seen, effect);
        let futile = self.purpose == Purpose::Efficacy && self.is_futile(&evidence, sign).map_err(error)?;
        Ok(Assessed {
            evidence,
            sign,
            critical,
            absolute,
            relative,
            beyond_margin,
            p: match self.depth {
                Depth::Decision => None,
                Depth::Verdict => self.p_value(&evidence, effect, critical, sign).map_err(error)?,
            },
            p_adjusted: match self.monitoring {
                Monitoring::Once => self.corrected.and_then(|corrected| corrected.p_adjusted),
                Monitoring::Group(_) | Monitoring::AnyTime { .. } => None,
            },
            state,
            futile,
        })
    }

    /// A question on a scale that the results cannot answer, or one that the spec does not ask.
    fn unanswerable(&self, evidence: &Evidence, effect: Option<Effect>) -> Option<Obstacle> {
        let metric = self.metric;
        if metric.is_gating() && metric.test() != Test::Superiority && effect.is_none() {
            return Some(self.obstacle("the spec gives it no margin"));
        }
        let stated = [effect, metric.margin_to_beat, metric.declared.worthwhile];
        let missing = stated
            .into_iter()
            .flatten()
            .filter(|_| metric.is_gating())
            .find(|effect| evidence.estimate(scale(*effect)).is_none())?;
        let (asked, given) = if missing.is_relative() {
            let given = match evidence.control() {
                Some(_) => {
                    "no control above 0 to take a share of: write the effect as `absolute`, or wait for events in control"
                }
                None => "a difference without control's value",
            };
            ("a share of control", given)
        } else {
            (
                "a difference in the metric's unit",
                "a ratio without the values behind it",
            )
        };
        Some(self.obstacle(format!("the spec asks about {asked}, and the results give {given}")))
    }

    fn state(&self, seen: Seen, effect: Option<Effect>) -> State {
        let amount = effect.map(|effect| self.seen_of(effect));
        let worthwhile = self.metric.declared.worthwhile.map(|least| self.seen_of(least));
        let held = || {
            let margin = amount.unwrap_or(0.0);
            let state = match self.metric.test() {
                Test::Equivalence => states::equivalence(seen, margin),
                Test::NonInferiority | Test::Superiority => states::non_inferiority(seen, margin),
            };
            match state {
                // Without alpha of its own, nothing is shown to hold before the end.
                GuardrailState::Pass | GuardrailState::Worse if !self.monitoring.guardrails_may_pass() => {
                    GuardrailState::Unresolved
                }
                state => state,
            }
        };
        let superior = || states::superiority(seen, amount, worthwhile);
        match (self.metric.role, self.metric.test()) {
            (Role::Primary, Test::Superiority) => State::Primary(superior()),
            (Role::Primary, _) => State::Held(held()),
            (Role::Guardrail, Test::Superiority) => State::Guardrail(states::improved(superior())),
            (Role::Guardrail, _) => State::Guardrail(held()),
            (Role::Secondary | Role::Diagnostic, _) => State::Shown,
        }
    }

    /// What is left of an effect among all that are analysed.
    fn seen_of(&self, effect: Effect) -> f64 {
        self.left * effect.magnitude()
    }

    fn p_value(
        &self,
        evidence: &Evidence,
        effect: Option<Effect>,
        critical: Critical,
        sign: f64,
    ) -> Result<Option<f64>, StatsError> {
        let better = if sign < 0.0 { Against::Small } else { Against::Large };
        let worse = if sign < 0.0 { Against::Large } else { Against::Small };
        let of = |scale: Scale, null: f64, against: Against| -> Result<Option<f64>, StatsError> {
            let Some(statistic) = evidence.statistic(scale, null)? else {
                return Ok(None);
            };
            match critical {
                Critical::Tail { .. } => statistic.p_value(against).map(Some),
                Critical::Mixture { ratio, .. } => {
                    let both = statistic.always_valid_p_value(ratio);
                    Ok(Some(match against {
                        Against::Both => both,
                        Against::Large if statistic.value > 0.0 => 0.5 * both,
                        Against::Small if statistic.value < 0.0 => 0.5 * both,
                        Against::Large | Against::Small => 1.0,
                    }))
                }
            }
        };
        match (self.metric.test(), effect) {
            (Test::NonInferiority, Some(margin)) => of(scale(margin), -sign * self.seen_of(margin), better),
            (Test::Equivalence, Some(margin)) => {
                let lower = of(scale(margin), -sign * self.seen_of(margin), better)?;
                let upper = of(scale(margin), sign * self.seen_of(margin), worse)?;
                Ok(lower.zip(upper).map(|(lower, upper)| lower.max(upper)))
            }
            _ => {
                let (on, null) = boundary_of_null(self.metric, evidence, self.left);
                of(on, null, Against::of(self.level.sides, sign))
            }
        }
        .map(|p| p.filter(|p| !p.is_nan()))
    }

    fn is_futile(&self, evidence: &Evidence, sign: f64) -> Result<bool, StatsError> {
        let Some(bound) = self.monitoring.futility(self.level)? else {
            return Ok(false);
        };
        let (on, null) = boundary_of_null(self.metric, evidence, self.left);
        let statistic = evidence.statistic(on, null)?;
        Ok(statistic.is_some_and(|statistic| sign * statistic.value < bound))
    }

    fn obstacle(&self, reason: impl Into<String>) -> Obstacle {
        Obstacle {
            pointer: Pointer::root().join("metrics").join(&self.metric.id),
            reason: reason.into(),
        }
    }
}
