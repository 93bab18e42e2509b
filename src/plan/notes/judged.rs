//! A judge that errs differently by arm: the effect that it makes of its own.

use super::approximations::direction;
use super::{level_of, note};
use crate::format;
use crate::language::MetricKind;
use crate::language::metric::{BaselineScale, Judge as Declared};
use crate::language::values::Fraction;
use crate::plan::model::{MetricPlan, Note};
use crate::resolve::{Experiment, Metric};
use crate::stats::{Judge, normal};

/// What a judge makes of no difference between an arm and control.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgeBias {
    /// The arm.
    pub arm: String,
    /// The difference that an estimate shows beside the true one: a fraction, arm minus control.
    pub difference: f64,
    /// Its size over that of the MDE or the margin.
    pub of_question: f64,
    /// Whether it looks like what is better.
    pub flatters: bool,
}

/// The bias of each arm whose answers the judge reads with other errors than control's; empty where it errs alike, or where
/// labels of the run itself take the errors out.
pub fn judge_biases(experiment: &Experiment, metric: &Metric, plan: &MetricPlan) -> Vec<JudgeBias> {
    biases(experiment, metric, plan).unwrap_or_default()
}

fn biases(experiment: &Experiment, metric: &Metric, plan: &MetricPlan) -> Option<Vec<JudgeBias>> {
    let declared = metric.declared.judge.as_ref()?;
    if declared.by_arm.is_empty() || declared.label_share.is_some() || metric.kind() != Some(MetricKind::Proportion) {
        return None;
    }
    let share = |value: Option<Fraction>| value.map_or(1.0, Fraction::get);
    let judge = Judge::new(share(declared.sensitivity), share(declared.specificity)).ok()?;
    let read = plan.baseline?;
    let is_judged = metric.declared.baseline.as_ref()?.scale == Some(BaselineScale::Judged);
    let control = errors(declared, &experiment.control()?.id);
    // A baseline as judged was read with the errors on control's answers.
    let truth = if is_judged {
        Judge::new(control.0, control.1).ok()?.corrected(read).ok()?
    } else {
        read
    };
    let question = plan.question.as_ref()?;
    let sign = direction(metric)?.sign();
    let arms = experiment.arms.iter().filter(|arm| !arm.control).filter_map(|arm| {
        let difference = judge
            .differential_bias(truth, control, errors(declared, &arm.id))
            .ok()?;
        (difference.abs() > 1e-9).then(|| JudgeBias {
            arm: arm.id.clone(),
            difference,
            of_question: difference.abs() / question.absolute,
            flatters: difference * sign > 0.0,
        })
    });
    Some(arms.collect())
}

/// Sensitivity and specificity on the answers of an arm.
fn errors(declared: &Declared, arm: &str) -> (f64, f64) {
    let own = declared.by_arm.get(arm);
    let share = |own: Option<Fraction>, shared: Option<Fraction>| own.or(shared).map_or(1.0, Fraction::get);
    (
        share(own.and_then(|own| own.sensitivity), declared.sensitivity),
        share(own.and_then(|own| own.specificity), declared.specificity),
    )
}

/// The bias, arm by arm.
pub(super) fn all(experiment: &Experiment, metric: &Metric, plan: &MetricPlan) -> Vec<Note> {
    let biases = judge_biases(experiment, metric, plan);
    biases
        .iter()
        .map(|bias| note("judge-bias", words(plan, bias)))
        .collect()
}

fn words(plan: &MetricPlan, bias: &JudgeBias) -> String {
    let asked = match plan.question.as_ref().map(|question| question.test.as_str()) {
        Some("superiority") => "the MDE",
        _ => "the margin",
    };
    let false_wins = false_wins(plan, bias).map_or_else(String::new, |chance| {
        format!(
            "; a win without an effect then has a chance of {}",
            format::chance(chance)
        )
    });
    format!(
        "the judge of {} errs differently on answers of {}: without any effect it shows a difference of {}, {} of {asked}, toward what is {}; \
         sizes and power count on a judge that errs alike, and no number of units averages a bias out{false_wins}",
        plan.id,
        bias.arm,
        format::points(bias.difference),
        format::estimate_percent(bias.of_question),
        if bias.flatters { "better" } else { "worse" },
    )
}

/// The chance of a significant difference toward what is better where there is no effect, of a normal estimate.
fn false_wins(plan: &MetricPlan, bias: &JudgeBias) -> Option<f64> {
    let question = plan.question.as_ref()?;
    if question.test != "superiority" || question.margin.is_some() || !bias.flatters {
        return None;
    }
    let comparison = plan.comparisons.iter().find(|comparison| comparison.arm == bias.arm)?;
    let critical = level_of(comparison)?.z();
    let drift = bias.of_question * (critical + normal::quantile(comparison.power_at_plan?));
    Some(normal::sf(critical - drift))
}
