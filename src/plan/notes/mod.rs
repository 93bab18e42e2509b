//! Numbers shown for teaching: what they say is nobody's fault, so they are notes of the plan and not findings.

mod approximations;
mod cells;
mod counts;
mod judged;
mod unread;

pub use judged::{JudgeBias, judge_biases};

use super::factorial;
use super::model::{Comparison, DecisionPower, MetricPlan, Note, SampleSize, Shortfall, Sizes};
use super::shares::whole;
use super::text::number;
use crate::format;
use crate::language::{DesignKind, MetricKind, Mode, SrmMethod, Test};
use crate::resolve::{Experiment, Metric};
use crate::stats::{
    Alpha, Level, Power, Sides, assurance, expected_loss_of_wins, false_positive_risk, normal, required_noncentrality,
    skewness_floor,
};

/// All notes of a plan.
pub(super) fn notes(
    experiment: &Experiment,
    metrics: &[MetricPlan],
    size: Option<&SampleSize>,
    sizes: &Sizes,
    decision: Option<&DecisionPower>,
) -> Vec<Note> {
    let mut notes = Vec::new();
    if let (Some(decision), Some(size)) = (decision, size) {
        notes.extend(decision.leaves_out.as_ref().map(|what| left_out(what)));
        let short = decision.shortfall.as_ref();
        notes.extend(short.map(|short| target_missed(decision.target, short, &size.unit)));
    }
    for (metric, plan) in experiment.metrics.iter().zip(metrics) {
        notes.extend(counts::few_events(experiment, metric, plan, size));
        notes.extend(heavy_tail(metric, plan));
        notes.extend(approximations::all(experiment, metric, plan));
        notes.extend(cells::all(experiment, metric, plan));
        notes.extend(unread::cap(metric, plan));
        notes.extend(judged::all(experiment, metric, plan));
        notes.extend(exaggeration(metric, plan));
    }
    notes.extend(geometric_means(experiment, metrics));
    notes.extend(unused_autocorrelation(experiment, metrics));
    notes.extend(success(experiment, metrics, sizes));
    notes.extend(false_wins(experiment, metrics, sizes));
    notes.extend(unread::until(experiment));
    notes.extend(unread::segments(experiment, metrics));
    notes.extend(size.and_then(|size| split_check(experiment, size, sizes)));
    notes.extend(factorial::interactions(experiment, metrics, size));
    notes.extend(false_alarms(experiment, metrics));
    if experiment.mode() == Mode::Replay && !metrics.is_empty() {
        notes.push(note(
            "replay",
            "a replay says what the arms answer, not what users do with it".to_owned(),
        ));
    }
    notes
}

pub(super) fn note(name: &str, text: String) -> Note {
    Note {
        name: name.to_owned(),
        text,
    }
}

/// That a number is that of the planned size, where the required one is another.
fn as_planned(sizes: &Sizes) -> String {
    let planned = sizes.planned.filter(|planned| sizes.required != Some(*planned));
    planned.map_or_else(String::new, |planned| {
        format!(" with the {} planned", format::count(planned as f64))
    })
}

/// What the chances of the decision do not hold.
fn left_out(what: &str) -> Note {
    note(
        "price-left-out",
        format!(
            "the rule also asks {what}: the chances here are of a win with its guardrails and leave that out; `abide simulate` has it"
        ),
    )
}

/// A size that misses the target it was solved for, and what would not.
fn target_missed(target: f64, short: &Shortfall, unit: &str) -> Note {
    let limit = match short.ceiling {
        ceiling if ceiling >= target => String::new(),
        ceiling if ceiling < 0.01 => "; no number of units mends that".to_owned(),
        ceiling => format!("; with any number of units it stays below {}", format::chance(ceiling)),
    };
    note(
        "target-missed",
        format!(
            "{} ship a change that works with a chance of {}, and {} is asked for: {}{limit}. Instead: {}",
            format::counted(short.units as f64, unit),
            format::chance(short.chance.if_independent),
            format::percent(target),
            short.because.join("; and "),
            short.instead.join("; or ")
        ),
    )
}

/// A mean of skewed values is far from normal below 355 s² units in an arm.
fn heavy_tail(metric: &Metric, plan: &MetricPlan) -> Option<Note> {
    // With a cap, what is declared is the skewness of the capped values. Logarithms have a skewness of their own.
    if metric.kind() != Some(MetricKind::Mean) || metric.is_logarithmic() {
        return None;
    }
    let skewness = metric.declared.baseline.as_ref()?.skewness?;
    let floor = skewness_floor(skewness).ok()?;
    let smallest = plan.comparisons.iter().map(|c| c.n.control.min(c.n.arm)).min()?;
    ((smallest as f64) < floor).then(|| {
        note(
            "skewness-floor",
            format!(
                "{} has a skewness of {}: below {} units in an arm its mean is not near enough to normal for its interval (355 s², Kohavi et al. 2014)",
                metric.id,
                number(skewness),
                format::count(floor.ceil())
            ),
        )
    })
}

/// What the effect of a mean of logarithms is, and when it is that of the mean.
fn geometric_means(experiment: &Experiment, metrics: &[MetricPlan]) -> Option<Note> {
    let sized = |plan: &MetricPlan| !plan.comparisons.is_empty() || !plan.detectable.is_empty();
    let found: Vec<&Metric> = experiment
        .metrics
        .iter()
        .zip(metrics)
        .filter(|(metric, plan)| metric.is_logarithmic() && sized(plan))
        .map(|(metric, _)| metric)
        .collect();
    let ids: Vec<&str> = found.iter().map(|metric| metric.id.as_str()).collect();
    let skewed = found.iter().any(|metric| {
        let baseline = metric.declared.baseline.as_ref();
        baseline.is_some_and(|baseline| baseline.skewness.is_some())
    });
    let (verb, effects) = match ids.len() {
        0 => return None,
        1 => ("is", "its effect is a ratio"),
        _ => ("are", "their effects are ratios"),
    };
    Some(note(
        "geometric-mean",
        format!(
            "{} {verb} analysed as logarithms: {effects} of geometric means, which is the ratio of means only where logarithms spread as much in both \
             arms{}",
            ids.join(" and "),
            if skewed {
                "; how skewed the values are plays no part"
            } else {
                ""
            }
        ),
    ))
}

/// Correlations that were declared and play no part must not be taken for ones that do.
fn unused_autocorrelation(experiment: &Experiment, metrics: &[MetricPlan]) -> Option<Note> {
    if !experiment.is_of(DesignKind::Switchback) {
        return None;
    }
    let averaged = |comparison: &Comparison| comparison.waterfall.iter().any(|step| step.step == "blocks");
    let unused: Vec<String> = experiment
        .metrics
        .iter()
        .zip(metrics)
        .filter(|(_, plan)| !plan.comparisons.is_empty() && !plan.comparisons.iter().any(averaged))
        .filter_map(|(metric, _)| {
            let correlation = metric.declared.baseline.as_ref()?.autocorrelation?;
            Some(format!("{} ({})", metric.id, number(correlation)))
        })
        .collect();
    let (verb, which) = match unused.len() {
        0 => return None,
        1 => ("has", "its correlation within a block plays"),
        _ => ("have", "their correlations within a block play"),
    };
    Some(note(
        "autocorrelation-unused",
        format!(
            "{} {verb} one value a block, so {which} no part; blocks may be as alike as they like, because each is drawn on its own",
            unused.join(", ")
        ),
    ))
}

/// Significant results of a test with little power are too large on average (Gelman & Carlin 2014).
fn exaggeration(metric: &Metric, plan: &MetricPlan) -> Option<Note> {
    // Beside a margin what is significant is larger still, by how much depends on the margin.
    if metric.test() != Test::Superiority || metric.margin_to_beat.is_some() {
        return None;
    }
    let comparison = plan.comparisons.iter().min_by(|a, b| {
        let power = |c: &Comparison| c.power_at_plan.unwrap_or(1.0);
        power(a).total_cmp(&power(b))
    })?;
    let power = comparison.power_at_plan?;
    let factor = exaggeration_at(comparison, power)?;
    Some(note(
        "exaggeration-risk",
        format!(
            "with a power of {}, a significant result on {} is on average {} times the true effect",
            format::chance(power),
            metric.id,
            format::significant(factor, 3)
        ),
    ))
}

/// By what a significant result of a comparison exaggerates on average when its power is below one half; `None` above.
pub fn exaggeration_at(comparison: &Comparison, power: f64) -> Option<f64> {
    if power >= 0.5 {
        return None;
    }
    exaggeration_factor(level_of(comparison)?, power)
}

/// E(|Z|; |Z| > A)/(δ P(|Z| > A)) of a normal estimate with drift δ = A + Φ⁻¹(power).
fn exaggeration_factor(level: Level, power: f64) -> Option<f64> {
    let critical = level.z();
    let drift = critical + normal::quantile(power);
    if drift <= 0.0 {
        return None;
    }
    let (mut mass, mut chance) = (
        normal::pdf(critical - drift) + drift * normal::sf(critical - drift),
        normal::sf(critical - drift),
    );
    if level.sides == Sides::Two {
        mass += normal::pdf(critical + drift) - drift * normal::sf(critical + drift);
        chance += normal::sf(critical + drift);
    }
    Some(mass / chance / drift)
}

/// The chance of a win when the effect is what is believed, with its uncertainty (O'Hagan, Stevens & Campbell 2005).
///
/// The standard error at the plan is read back from the power there: the MDE, less the margin that must be beaten, is
/// A + Φ⁻¹(power) of them.
fn success(experiment: &Experiment, metrics: &[MetricPlan], sizes: &Sizes) -> Option<Note> {
    let hypothesis = experiment.spec.hypothesis.as_ref()?;
    let (effect, sd) = (hypothesis.effect?, hypothesis.effect_sd?.get());
    let id = hypothesis.metric.as_ref()?;
    let plan = metrics.iter().find(|plan| plan.id == *id)?;
    let question = plan
        .question
        .as_ref()
        .filter(|question| question.test == "superiority")?;
    let comparison = plan.comparisons.first()?;
    let level = level_of(comparison)?;
    let (believed, mde) = match effect {
        crate::language::values::Effect::Relative(share) => (share.get(), question.relative),
        crate::language::values::Effect::Absolute(amount) => (amount.value(), question.absolute),
    };
    let margin = question.margin.map_or(0.0, |margin| {
        if effect.is_relative() {
            margin.relative
        } else {
            margin.absolute
        }
    });
    let se = (mde - margin) / (level.z() + normal::quantile(comparison.power_at_plan?));
    // What is believed, as seen from the margin that must be beaten.
    let chance = assurance(believed - margin, sd, se, level).ok()?.positive;
    let loss = expected_loss_of_wins(believed - margin, sd, se, level).ok()?;
    let shown = |amount: f64| {
        if effect.is_relative() {
            format::estimate_percent(amount)
        } else {
            format::estimate(amount, plan.unit.as_deref().unwrap_or(""))
        }
    };
    Some(note(
        "assurance",
        format!(
            "if the effect on {id} is {} give or take {}, it is found with a chance of {}{}; {} that is shipped as a win costs {} on average",
            shown(believed),
            shown(sd),
            format::chance(chance),
            as_planned(sizes),
            if margin > 0.0 { "less than the margin" } else { "harm" },
            shown(loss),
        ),
    ))
}

/// How many wins would be false, by the record of ideas like this one.
fn false_wins(experiment: &Experiment, metrics: &[MetricPlan], sizes: &Sizes) -> Option<Note> {
    let (prior, risk) = false_win_share(experiment, metrics)?;
    Some(note(
        "false-positive-risk",
        format!(
            "if {} of ideas like this one work, {} of the wins of such a test are false{}",
            format::estimate_percent(prior),
            format::estimate_percent(risk),
            as_planned(sizes)
        ),
    ))
}

/// The declared share of ideas that work, and the share of wins that would then be false (Kohavi, Deng & Vermeer 2022).
pub fn false_win_share(experiment: &Experiment, metrics: &[MetricPlan]) -> Option<(f64, f64)> {
    let prior = experiment.spec.hypothesis.as_ref()?.prior_success_rate?.get();
    let comparison = experiment
        .metrics
        .iter()
        .zip(metrics)
        .filter(|(metric, _)| metric.role == crate::language::Role::Primary && metric.test() == Test::Superiority)
        .find_map(|(_, plan)| plan.comparisons.first())?;
    let power = comparison.power_at_plan?;
    let risk = false_positive_risk(prior, power, level_of(comparison)?.tail()).ok()?;
    Some((prior, risk))
}

/// The power with which a wrong split should be found.
const SEEN: f64 = 0.8;

/// What the sample-ratio check can see.
fn split_check(experiment: &Experiment, size: &SampleSize, sizes: &Sizes) -> Option<Note> {
    let control = size.per_arm.values().find(|arm| arm.control)?;
    let analysed = sizes.planned.unwrap_or(size.total);
    let units = match &size.randomised {
        Some(randomised) => whole(analysed as f64 / randomised.mean_size),
        None => analysed,
    };
    let off = detectable_split(experiment, control.share, units)?;
    Some(note(
        "srm-detectability",
        format!(
            "the sample-ratio check finds a {} with a power of {}{}",
            if experiment.arms.len() > 2 {
                format!(
                    "share of control that is off by {}, which the other arms take up as they are weighted,",
                    format::points(off)
                )
            } else {
                format!("split that is off by {}", format::points(off))
            },
            format::chance(SEEN),
            as_planned(sizes)
        ),
    ))
}

/// By how much the share of control must be off for the sample-ratio check to find it with a power of 80% among `units`
/// randomised ones, when the other arms take up the difference as they are weighted; `None` where there is no check, or no such share.
pub fn detectable_split(experiment: &Experiment, control: f64, units: u64) -> Option<f64> {
    if control >= 1.0 || units == 0 {
        return None;
    }
    let srm = experiment.spec.statistics.as_ref()?.srm.as_ref()?;
    if srm.method == Some(SrmMethod::None) {
        return None;
    }
    let alpha = Alpha::new(srm.alpha?.get()).ok()?;
    // The check compares all arms, so more of them take more noncentrality.
    let df = u32::try_from(experiment.arms.len()).ok()?.checked_sub(1)?.max(1);
    let noncentrality = required_noncentrality(alpha, Power::new(SEEN).ok()?, df).ok()?;
    // λ = N Δ²/(p (1 − p)) when the share of control is off by Δ and the others take up the difference as they are weighted.
    let off = (noncentrality * control * (1.0 - control) / units as f64).sqrt();
    (off < control).then_some(off)
}

/// How often a healthy platform raises an alarm in an A/A test.
fn false_alarms(experiment: &Experiment, metrics: &[MetricPlan]) -> Option<Note> {
    if !experiment.is_of(DesignKind::Aa) {
        return None;
    }
    let comparisons = metrics.iter().flat_map(|metric| &metric.comparisons);
    let quiet: f64 = comparisons.clone().map(|comparison| 1.0 - comparison.alpha).product();
    let count = comparisons.count();
    (count > 0).then(|| {
        note(
            "aa-false-alarms",
            format!(
                "a platform without a fault has a significant difference in {} of such tests, with {}",
                format::estimate_percent(1.0 - quiet),
                if count == 1 {
                    "1 comparison".to_owned()
                } else {
                    format!("{count} comparisons that do not depend on each other")
                },
            ),
        )
    })
}

/// The level of a comparison.
fn level_of(comparison: &Comparison) -> Option<Level> {
    let sides = if comparison.sides == 1 { Sides::One } else { Sides::Two };
    Some(Level::new(Alpha::new(comparison.alpha).ok()?, sides))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The factors of the classic 1,000 per arm for a fall of 15% from 20%, 10% and 5% (a simulation gave 1.55, 2.2 and 3.1).
    #[test]
    fn small_tests_exaggerate() {
        let level = Level::two_sided(0.05).unwrap();
        for (power, factor) in [(0.4128, 1.55), (0.2112, 2.2), (0.1228, 3.1)] {
            let found = exaggeration_factor(level, power).unwrap();
            assert!((found - factor).abs() < 0.06, "{power}: {found}");
        }
        assert!((exaggeration_factor(level, 0.9999).unwrap() - 1.0).abs() < 1e-3);
    }
}
