//! How much the size hangs on each assumption: over the interval that its own data leave open, or, where nobody said what it
//! was read from, over a conventional one.

use serde::Serialize;

use super::answer::{Answer, Setting};
use super::assumptions::{Open, assumptions, not_tried};
use crate::compilation::{Session, compile_file, compile_file_supposing, suppose};
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
    /// Assumptions of the spec that no interval is known for: dotted addresses.
    pub not_tried: Vec<String>,
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
/// arms and repeats come without a number of units: these are tried over conventional intervals and say so, as are cluster
/// sizes, the share that reaches the change and the half-life of an effect.
pub(super) fn sensitivity_of(session: &mut Session<'_>, file: FileId) -> Sensitivity {
    let experiment = compile_file(session, file).and_then(|compiled| compiled.experiment);
    let Some(experiment) = experiment else {
        return Sensitivity::default();
    };
    let mut swings: Vec<Swing> = assumptions(&experiment)
        .into_iter()
        .map(|open: Open| {
            let mut end = |value: f64| End {
                value,
                answer: plan_at(session, file, &open.setting(value)),
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
    Sensitivity {
        swings,
        not_tried: not_tried(&experiment),
    }
}

fn plan_at(session: &mut Session<'_>, file: FileId, setting: &Setting) -> Option<Answer> {
    let overlay = suppose(session, &[setting.written()], &[]).ok()?;
    let answer = Answer::of(compile_file_supposing(session, file, &overlay)?.plan.as_ref()?);
    answer.total.is_some().then_some(answer)
}
