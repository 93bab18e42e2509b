//! What a review document shows of the plans around a plan: what the size hangs on, what would make it fit, and the plan over
//! a grid of effects, powers and traffic. Each entry is a full compilation.

use rayon::prelude::*;

use super::answer::{Answer, Setting};
use super::relax::relax_of;
use super::sensitivity::sensitivity_of;
use crate::compilation::{Session, compile_file, compile_file_supposing, suppose};
use crate::emit::board::surroundings::{Grid, GridAxis, GridPoint, Route, Studies, Swing, SwingEnd};
use crate::plan::Plan;
use crate::resolve::{Experiment, Overlay};
use crate::source::FileId;

/// Effects of the grid, as multiples of the declared one.
const EFFECTS: [f64; 10] = [0.5, 0.6, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0];
/// Powers of the grid, beside the declared one.
const POWERS: [f64; 4] = [0.7, 0.8, 0.9, 0.95];
/// Traffic of the grid, as multiples of what is declared.
const TRAFFIC: [f64; 5] = [0.5, 0.75, 1.0, 1.5, 2.0];

/// Studies of one spec of a session; empty for designs that choose rather than test, and for plans that are not complete.
pub fn studies(session: &mut Session<'_>, file: FileId) -> Studies {
    let declared = compile_file(session, file);
    let Some((experiment, plan)) = declared.and_then(|compiled| compiled.experiment.zip(compiled.plan)) else {
        return Studies::default();
    };
    if plan.choice.is_some() || !plan.complete || plan.sample_size.is_none() {
        return Studies::default();
    }
    let found = sensitivity_of(session, file);
    let by_convention = found
        .swings
        .iter()
        .filter(|swing| swing.basis == super::Basis::Convention);
    let by_convention = by_convention.map(|swing| swing.path.clone()).collect();
    let swing_end = |end: super::End| SwingEnd {
        value: end.value,
        total: end.answer.and_then(|answer| answer.total),
    };
    Studies {
        swings: found
            .swings
            .into_iter()
            .map(|swing| Swing {
                path: swing.path,
                assumed: swing.assumed,
                because: swing.because,
                low: swing_end(swing.low),
                high: swing_end(swing.high),
            })
            .collect(),
        by_convention,
        routes: if Answer::of(&plan).fits == Some(false) {
            relax_of(session, file).into_iter().map(route).collect()
        } else {
            Vec::new()
        },
        grid: grid(session, file, &experiment, &plan),
    }
}

fn route(relaxation: super::Relaxation) -> Route {
    Route {
        what: relaxation.what,
        flags: relaxation.flags,
        total: relaxation.answer.total,
        days: relaxation.answer.days,
        fits: relaxation.answer.fits,
    }
}

/// The plan over effects on the first primary, powers and, where a number of units a day is declared, traffic.
fn grid(session: &mut Session<'_>, file: FileId, experiment: &Experiment, plan: &Plan) -> Option<Grid> {
    let metric = plan
        .metrics
        .iter()
        .find(|metric| metric.role == "primary" && metric.question.is_some())?;
    let question = metric.question.as_ref()?;
    let field = if question.test == "superiority" {
        "mde"
    } else {
        "margin"
    };
    let effect = if question.scale == "relative" {
        question.relative
    } else {
        question.absolute
    };
    let power = experiment.statistics.power;
    let mut powers = POWERS.to_vec();
    if !powers.iter().any(|known| (known - power).abs() < 1e-9) {
        powers.push(power);
        powers.sort_by(f64::total_cmp);
    }
    let mut axes = vec![
        GridAxis {
            path: format!("metrics.{}.{field}.{}", metric.id, question.scale),
            values: EFFECTS.iter().map(|times| short(effect * times)).collect(),
            declared: position(&EFFECTS, 1.0)?,
        },
        GridAxis {
            path: "statistics.power".to_owned(),
            declared: position(&powers, power)?,
            values: powers,
        },
    ];
    let per_day = experiment
        .spec
        .traffic
        .as_ref()
        .and_then(|traffic| traffic.units_per_day);
    if let Some(per_day) = per_day.filter(|_| plan.duration.is_some()) {
        axes.push(GridAxis {
            path: "traffic.units_per_day".to_owned(),
            values: TRAFFIC.iter().map(|times| short(per_day * times)).collect(),
            declared: position(&TRAFFIC, 1.0)?,
        });
    }
    let mut overlays = Vec::new();
    for settings in combinations(&axes) {
        overlays.push(suppose(session, &settings, &[]).ok()?);
    }
    let session = &*session;
    let points: Vec<GridPoint> = overlays
        .par_iter()
        .map(|overlay| point(session, file, overlay))
        .collect();
    Some(Grid {
        metric: metric.id.clone(),
        axes,
        points,
    })
}

fn point(session: &Session<'_>, file: FileId, overlay: &Overlay) -> GridPoint {
    let plan = compile_file_supposing(session, file, overlay).and_then(|compiled| compiled.plan);
    plan.map_or_else(GridPoint::default, |plan| {
        let answer = Answer::of(&plan);
        GridPoint {
            total: answer.total,
            days: answer.days,
            binding: answer.binding_metric,
        }
    })
}

fn position(values: &[f64], wanted: f64) -> Option<usize> {
    values.iter().position(|value| (value - wanted).abs() < 1e-9)
}

/// Twelve digits: what floating point adds to 0.15 · 1.1 is dropped, so that a value can be written again.
fn short(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

/// Every combination as settings, the last axis running fastest.
fn combinations(axes: &[GridAxis]) -> Vec<Vec<String>> {
    axes.iter().fold(vec![Vec::new()], |points, axis| {
        points
            .iter()
            .flat_map(|point: &Vec<String>| {
                axis.values.iter().map(|value| {
                    let mut longer = point.clone();
                    longer.push(
                        Setting {
                            path: axis.path.clone(),
                            value: format!("{value:?}"),
                        }
                        .written(),
                    );
                    longer
                })
            })
            .collect()
    })
}
