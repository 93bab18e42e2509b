//! How much the size hangs on each assumption, over the interval that its own data leave open.

use serde::Serialize;

use super::answer::{Answer, Setting};
use crate::compilation::{Session, compile_file, compile_file_supposing, suppose};
use crate::language::values::Fraction;
use crate::plan::{baseline_interval, wilson};
use crate::resolve::{Experiment, Metric};
use crate::source::FileId;

/// One assumption at both ends of its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swing {
    /// Dotted address in the spec.
    pub path: String,
    /// What the spec assumes.
    pub assumed: f64,
    /// Where the interval comes from: `95% of 4,312 units`.
    pub because: String,
    /// The lower end and what it leads to.
    pub low: End,
    /// The upper end and what it leads to.
    pub high: End,
}

/// One end of an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct End {
    /// The value.
    pub value: f64,
    /// What it leads to; absent where the experiment cannot have that value.
    pub answer: Option<Answer>,
}

/// What a spec's sizes hang on.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Sensitivity {
    /// Assumptions with an interval, the largest swing first.
    pub swings: Vec<Swing>,
    /// Assumptions whose data do not say how sure they are: no interval is invented for them.
    pub unknown: Vec<String>,
}

impl Swing {
    /// Units between both ends.
    fn width(&self) -> u64 {
        let total = |end: &End| end.answer.as_ref().and_then(|answer| answer.total);
        match (total(&self.low), total(&self.high)) {
            (Some(low), Some(high)) => low.abs_diff(high),
            _ => u64::MAX,
        }
    }
}

/// An assumption with its interval.
struct Open {
    path: String,
    assumed: f64,
    because: String,
    interval: (f64, f64),
}

/// The sensitivity of the one spec of a session.
pub fn sensitivity(session: &mut Session<'_>) -> Sensitivity {
    match session.spec_files().last() {
        Some(file) => sensitivity_of(session, file),
        None => Sensitivity::default(),
    }
}

/// Plans a spec of a session at both ends of each assumption's 95% interval. A baseline's interval is that of the
/// units it was read from, a judge's errors that of their labels (Wilson 1927; for means, normal).
pub(super) fn sensitivity_of(session: &mut Session<'_>, file: FileId) -> Sensitivity {
    let experiment = compile_file(session, file).and_then(|compiled| compiled.experiment);
    let Some(experiment) = experiment else {
        return Sensitivity::default();
    };
    let (open, unknown) = assumptions(&experiment);
    let mut swings: Vec<Swing> = open
        .into_iter()
        .map(|open| {
            let mut end = |value: f64| End {
                value,
                answer: plan_at(session, file, &open.path, value),
            };
            Swing {
                low: end(open.interval.0),
                high: end(open.interval.1),
                path: open.path,
                assumed: open.assumed,
                because: open.because,
            }
        })
        .collect();
    swings.sort_by_key(|swing| std::cmp::Reverse(swing.width()));
    Sensitivity { swings, unknown }
}

fn plan_at(session: &mut Session<'_>, file: FileId, path: &str, value: f64) -> Option<Answer> {
    let setting = Setting {
        path: path.to_owned(),
        value: format!("{value:?}"),
    };
    let overlay = suppose(session, &[setting.written()], &[]).ok()?;
    let answer = Answer::of(compile_file_supposing(session, file, &overlay)?.plan.as_ref()?);
    answer.total.is_some().then_some(answer)
}

fn assumptions(experiment: &Experiment) -> (Vec<Open>, Vec<String>) {
    let (mut open, mut unknown) = (Vec::new(), Vec::new());
    for metric in experiment.gating_metrics() {
        let path = |field: &str| format!("metrics.{}.{field}", metric.id);
        match baseline(metric) {
            Some(found) => open.push(Open {
                path: path("baseline.value"),
                ..found
            }),
            None => unknown.push(path("baseline.value")),
        }
        if let Some(judge) = &metric.declared.judge {
            let errors = [
                ("judge.sensitivity", judge.sensitivity, judge.positives),
                ("judge.specificity", judge.specificity, judge.negatives),
            ];
            for (field, share, labels) in errors {
                match (share.map(Fraction::get), labels) {
                    (Some(share), Some(labels)) if labels > 0 => open.push(Open {
                        path: path(field),
                        assumed: share,
                        because: format!("95% of {} labels", crate::format::count(labels as f64)),
                        interval: wilson(share, labels as f64),
                    }),
                    (Some(_), _) => unknown.push(path(field)),
                    (None, _) => {}
                }
            }
        }
        let declared = metric.declared.baseline.as_ref();
        let without_data = [
            ("correlation", metric.declared.correlation.is_some()),
            ("repeat_correlation", metric.declared.repeat_correlation.is_some()),
            ("baseline.icc", declared.is_some_and(|b| b.icc.is_some())),
            ("baseline.dispersion", declared.is_some_and(|b| b.dispersion.is_some())),
            (
                "variance_reduction.correlation",
                metric.declared.variance_reduction.is_some(),
            ),
        ];
        unknown.extend(
            without_data
                .iter()
                .filter(|(_, there)| *there)
                .map(|(field, _)| path(field)),
        );
    }
    (open, unknown)
}

/// The interval of a baseline from the units it was read from.
fn baseline(metric: &Metric) -> Option<Open> {
    let value = metric.baseline()?;
    let n = metric.declared.baseline.as_ref()?.n.filter(|n| *n > 0)? as f64;
    let interval = baseline_interval(metric)?;
    Some(Open {
        path: String::new(),
        assumed: value,
        because: format!("95% of {} units", crate::format::count(n)),
        interval,
    })
}
