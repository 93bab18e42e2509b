//! How much the size hangs on each assumption: over the interval that its own data leave open, or, where nobody said what it
//! was read from, over a conventional one.

use serde::Serialize;

use super::answer::{Answer, Setting};
use crate::compilation::{Session, compile_file, compile_file_supposing, suppose};
use crate::format;
use crate::language::MetricKind;
use crate::language::values::Fraction;
use crate::plan::{baseline_interval, correlation_interval, spread_interval, wilson};
use crate::resolve::{Experiment, Metric};
use crate::source::FileId;

/// One assumption at both ends of its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swing {
    /// Dotted address in the spec.
    pub path: String,
    /// What the spec assumes.
    pub assumed: f64,
    /// What kind of interval it is.
    pub basis: Basis,
    /// Where the interval comes from: `95% of 4,312 units`.
    pub because: String,
    /// The lower end and what it leads to.
    pub low: End,
    /// The upper end and what it leads to.
    pub high: End,
}

/// What kind of interval an assumption is tried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// What the data it was read from leave open.
    Data,
    /// The same for every spec, as nothing says what it was read from.
    Convention,
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
    /// Assumptions, the largest swing first.
    pub swings: Vec<Swing>,
}

impl Swing {
    /// Units between the smallest and the largest size, the assumed one among them.
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
    basis: Basis,
    because: String,
    interval: (f64, f64),
}

impl Open {
    fn from_data(path: String, assumed: f64, n: f64, what: &str, interval: (f64, f64)) -> Self {
        Self {
            path,
            assumed,
            basis: Basis::Data,
            because: format!("95% of {} {what}", format::count(n)),
            interval,
        }
    }

    fn by_convention(path: String, assumed: f64, because: &str, interval: (f64, f64)) -> Self {
        Self {
            path,
            assumed,
            basis: Basis::Convention,
            because: format!("no data: {because}"),
            interval,
        }
    }

    /// Half and twice as much, of a share at most 1.
    fn half_to_twice(path: String, assumed: f64, most: f64) -> Self {
        Self::by_convention(
            path,
            assumed,
            "half to twice",
            (0.5 * assumed, (2.0 * assumed).min(most)),
        )
    }

    /// A tenth of the scale of correlations either way.
    fn tenth_either_way(path: String, assumed: f64) -> Self {
        let interval = ((assumed - 0.1).max(-0.99), (assumed + 0.1).min(0.99));
        Self::by_convention(path, assumed, "0.1 either way", interval)
    }
}

/// The sensitivity of the one spec of a session.
pub fn sensitivity(session: &mut Session<'_>) -> Sensitivity {
    match session.spec_files().last() {
        Some(file) => sensitivity_of(session, file),
        None => Sensitivity::default(),
    }
}

/// Plans a spec of a session at both ends of each assumption's interval.
///
/// A baseline's interval is the 95% one of the units it was read from, and so are those of its spread and of the correlation
/// of a covariate; a judge's errors have that of their labels. Likeness within clusters, dispersion, and correlations between
/// arms and repeats come without a number of units: these are tried over conventional intervals and say so.
pub(super) fn sensitivity_of(session: &mut Session<'_>, file: FileId) -> Sensitivity {
    let experiment = compile_file(session, file).and_then(|compiled| compiled.experiment);
    let Some(experiment) = experiment else {
        return Sensitivity::default();
    };
    let mut swings: Vec<Swing> = assumptions(&experiment)
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
                basis: open.basis,
                because: open.because,
            }
        })
        .collect();
    swings.sort_by_key(|swing| std::cmp::Reverse(swing.width()));
    Sensitivity { swings }
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

fn assumptions(experiment: &Experiment) -> Vec<Open> {
    experiment
        .gating_metrics()
        .flat_map(|metric| {
            let mut open: Vec<Open> = baseline(metric).into_iter().collect();
            open.extend(spread(metric));
            open.extend(judge(metric));
            open.extend(likeness(metric));
            open
        })
        .collect()
}

fn path(metric: &Metric, field: &str) -> String {
    format!("metrics.{}.{field}", metric.id)
}

/// Units that a baseline was read from.
fn units(metric: &Metric) -> Option<f64> {
    Some(metric.declared.baseline.as_ref()?.n.filter(|n| *n > 3)? as f64)
}

/// A baseline: over what its units leave open, else a tenth either way.
fn baseline(metric: &Metric) -> Option<Open> {
    let value = metric.baseline()?;
    let at = path(metric, "baseline.value");
    // Half of the comparisons won is what no effect means, not something that was read.
    if metric.kind() == Some(MetricKind::Preference) {
        return None;
    }
    Some(match (baseline_interval(metric), units(metric)) {
        (Some(interval), Some(n)) => Open::from_data(at, value, n, "units", interval),
        _ => Open::by_convention(at, value, "a tenth either way", (0.9 * value, 1.1 * value)),
    })
}

/// What says how far values spread: the standard deviation in one of its forms.
fn spread(metric: &Metric) -> Vec<Open> {
    let Some(baseline) = metric.declared.baseline.as_ref() else {
        return Vec::new();
    };
    let measured = [
        ("baseline.sd", baseline.sd),
        ("baseline.cv", baseline.cv),
        ("baseline.log_sd", baseline.log_sd),
    ];
    let mut open: Vec<Open> = measured
        .into_iter()
        .filter_map(|(field, spread)| {
            let (spread, at) = (spread?, path(metric, field));
            Some(match units(metric) {
                Some(n) => Open::from_data(at, spread, n, "units", spread_interval(spread, n)),
                None => Open::by_convention(at, spread, "a fifth either way", (0.8 * spread, 1.2 * spread)),
            })
        })
        .collect();
    open.extend(
        baseline
            .dispersion
            .filter(|dispersion| *dispersion > 0.0)
            .map(|dispersion| Open::half_to_twice(path(metric, "baseline.dispersion"), dispersion, f64::MAX)),
    );
    open
}

/// The errors of a judge, by the labels they were measured on.
fn judge(metric: &Metric) -> Vec<Open> {
    let Some(judge) = &metric.declared.judge else {
        return Vec::new();
    };
    let errors = [
        ("judge.sensitivity", judge.sensitivity, judge.positives),
        ("judge.specificity", judge.specificity, judge.negatives),
    ];
    let found = errors.into_iter().filter_map(|(field, share, labels)| {
        let (share, at) = (share?.get(), path(metric, field));
        Some(match labels.filter(|labels| *labels > 0) {
            Some(labels) => Open::from_data(at, share, labels as f64, "labels", wilson(share, labels as f64)),
            None => Open::by_convention(at, share, "0.05 either way", (share - 0.05, (share + 0.05).min(1.0))),
        })
    });
    found.collect()
}

/// How alike units, repeats, arms and covariates are.
fn likeness(metric: &Metric) -> Vec<Open> {
    let declared = &metric.declared;
    let mut open: Vec<Open> = [
        ("correlation", declared.correlation),
        ("repeat_correlation", declared.repeat_correlation),
        (
            "baseline.autocorrelation",
            declared.baseline.as_ref().and_then(|b| b.autocorrelation),
        ),
    ]
    .into_iter()
    .filter_map(|(field, correlation)| Some(Open::tenth_either_way(path(metric, field), correlation?)))
    .collect();
    if let Some(discordant) = declared.discordant.map(Fraction::get) {
        open.push(Open::half_to_twice(path(metric, "discordant"), discordant, 1.0));
    }
    let icc = declared.baseline.as_ref().and_then(|b| b.icc).map(Fraction::get);
    if let Some(icc) = icc.filter(|icc| *icc > 0.0) {
        open.push(Open::half_to_twice(path(metric, "baseline.icc"), icc, 1.0));
    }
    let covariate = declared
        .variance_reduction
        .as_ref()
        .and_then(|reduction| reduction.correlation);
    if let Some(correlation) = covariate {
        let at = path(metric, "variance_reduction.correlation");
        open.push(match units(metric) {
            Some(n) => Open::from_data(at, correlation, n, "units", correlation_interval(correlation, n)),
            None => Open::tenth_either_way(at, correlation),
        });
    }
    open
}
