//! 8 · The power curves: what each size can find.

use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::inputs::{CurveSize, PowerCurve};
use crate::emit::board::model::Depth;
use crate::emit::board::text::Text;
use crate::emit::board::view::{View, asked, change_of, difference};
use crate::emit::chart::{Axis as ChartAxis, Height, LineChart, Look, Numbers, Reference, Series};
use crate::format;
use crate::plan::model::{Comparison, MetricPlan, Question, Reach};

/// One chart per primary metric that has curves.
pub(super) fn figures(view: View<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (metric, comparison) in view.sized().filter(|(metric, _)| metric.role == "primary") {
        let curves: Vec<&PowerCurve> = view
            .inputs
            .power_curves
            .iter()
            .filter(|curve| curve.metric == metric.id && curve.arm == comparison.arm)
            .collect();
        let Some(question) = metric.question.as_ref().filter(|_| !curves.is_empty()) else {
            continue;
        };
        blocks.extend(figure(view, metric, comparison, question, &curves));
    }
    blocks
}

/// How effects are shown on the axis: as percent, in points, or in the metric's own unit.
pub(super) struct Axis {
    pub(super) factor: f64,
    pub(super) relative: bool,
    pub(super) suffix: String,
}

impl Axis {
    pub(super) fn of(metric: &MetricPlan, question: &Question) -> Self {
        let share = matches!(
            metric.kind.as_deref(),
            Some("proportion" | "preference" | "time_to_event")
        );
        match (question.scale.as_str(), share) {
            ("relative", _) => Self {
                factor: 100.0,
                relative: true,
                suffix: "%".to_owned(),
            },
            (_, true) => Self {
                factor: 100.0,
                relative: false,
                suffix: "\u{a0}pp".to_owned(),
            },
            _ => Self {
                factor: 1.0,
                relative: false,
                suffix: metric
                    .unit
                    .as_ref()
                    .map_or_else(String::new, |unit| format!("\u{a0}{unit}")),
            },
        }
    }

    /// An effect on the scale that the spec uses.
    pub(super) fn written(&self, metric: &MetricPlan, effect: f64) -> String {
        if self.relative {
            format::percent(effect)
        } else {
            difference(metric, effect)
        }
    }

    fn place(&self, relative: f64, absolute: f64) -> f64 {
        self.factor * if self.relative { relative } else { absolute }
    }
}

fn figure(
    view: View<'_>,
    metric: &MetricPlan,
    comparison: &Comparison,
    question: &Question,
    curves: &[&PowerCurve],
) -> Option<Block> {
    let axis = Axis::of(metric, question);
    let superiority = question.test == "superiority";
    let asked = asked(metric, question);
    let name = view.metric_in_sentence(&metric.id);
    let change = change_of(metric.direction.as_deref());
    let mark_name = if superiority { "MDE" } else { "margin" };
    let target = format::level(comparison.power_target);
    let mark = axis.place(question.relative, question.absolute);
    let mut series: Vec<Series> = Vec::new();
    for curve in curves {
        let power = at(comparison, curve.size).map(|reach| reach.power);
        let word = match curve.size {
            CurveSize::Required => "needed",
            CurveSize::Planned => "planned",
            CurveSize::Available => "available",
        };
        let label = format::count(curve.units as f64);
        // Two of the three sizes may be the same; then one curve carries both words.
        if let Some(same) = series.iter_mut().find(|series| series.label == label) {
            same.detail = same.detail.take().map(|detail| format!("{word} and {detail}"));
            continue;
        }
        series.push(Series {
            look: match curve.size {
                CurveSize::Required => Look::First,
                CurveSize::Planned => Look::Second,
                CurveSize::Available => Look::Third,
            },
            label,
            detail: Some(power.map_or_else(|| word.to_owned(), |p| format!("{word}: {}", format::chance(p)))),
            points: curve
                .points
                .iter()
                .map(|point| (axis.place(point.effect_relative, point.effect_absolute), point.power))
                .collect(),
            marks: power.map(|power| (mark, power)).into_iter().collect(),
        });
    }
    let described: Vec<String> = series
        .iter()
        .map(|series| {
            let nouns = format::plural(view.unit());
            format!(
                "{} {nouns} ({})",
                series.label,
                series.detail.as_deref().unwrap_or_default()
            )
        })
        .collect();
    let effect = if superiority {
        format!("a true {asked} {change}")
    } else {
        format!("a margin of {asked}")
    };
    let finding = finding(view, comparison, &effect);
    let x_title = match (superiority, axis.relative) {
        (true, true) => format!("True relative {change} in {name}"),
        (true, false) => format!("True {change} in {name}"),
        (false, true) => format!("Margin on {name}, relative"),
        (false, false) => format!("Margin on {name}"),
    };
    let data = data(view, &axis, metric, question, curves);
    let reach = series
        .iter()
        .flat_map(|series| series.points.iter().map(|point| point.0))
        .fold(0.0, f64::max);
    let chart = LineChart {
        id: format!("power-{}", metric.id),
        finding: finding.clone(),
        description: format!(
            "The chance to show {effect} in {name} is, by size: {}. The target is {target}.",
            described.join("; ")
        ),
        x: ChartAxis {
            title: x_title,
            from: 0.0,
            to: reach,
            numbers: Numbers::With(axis.suffix.clone()),
        },
        y: ChartAxis {
            title: if superiority {
                "Chance of a significant win".to_owned()
            } else {
                "Chance to show it".to_owned()
            },
            from: 0.0,
            to: 1.0,
            numbers: Numbers::Percent,
        },
        series,
        references: vec![
            Reference::AtY(comparison.power_target, format!("target {target}")),
            Reference::AtX(mark, format!("{mark_name} {asked}")),
        ],
        zones: Vec::new(),
        height: if view.depth == Depth::Short {
            Height::Reduced
        } else {
            Height::Usual
        },
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: format!(
            "Chance that “{name}” shows {}; beside each size, its chance at the {mark_name}. α = {} {}.",
            if superiority {
                "a true effect"
            } else {
                "that a margin is kept"
            },
            format::statistic(comparison.alpha),
            if comparison.sides == 1 {
                "one-sided"
            } else {
                "two-sided"
            }
        )
        .into(),
        chart: Box::new(chart),
        data: Some(data),
    })
}

fn at(comparison: &Comparison, size: CurveSize) -> Option<Reach> {
    match size {
        CurveSize::Required => comparison.at.required,
        CurveSize::Planned => comparison.at.planned,
        CurveSize::Available => comparison.at.available,
    }
}

/// What the curves show, as a sentence: at the planned size, else at the required one.
fn finding(view: View<'_>, comparison: &Comparison, effect: &str) -> String {
    let sizes = &view.plan.sizes;
    let planned = sizes.planned.zip(comparison.at.planned);
    let Some((n, reach)) = planned.or_else(|| sizes.required.zip(comparison.at.required)) else {
        return format!("The larger the sample, the surer {effect} is found");
    };
    let size = view.units(n);
    let chance = format::chance(reach.power);
    if reach.power < 0.5 {
        format!("At {size} {effect} is missed more often than found")
    } else if reach.power < comparison.power_target {
        format!(
            "At {size} the chance to find {effect} is {chance}, not {}",
            format::level(comparison.power_target)
        )
    } else {
        format!("{size} find {effect} with a chance of {chance}")
    }
}

/// The curves as numbers: about ten effects.
fn data(view: View<'_>, axis: &Axis, metric: &MetricPlan, question: &Question, curves: &[&PowerCurve]) -> Table {
    let mut columns = vec![Column::numbers(if question.test == "superiority" {
        "True effect"
    } else {
        "Margin"
    })];
    columns.extend(curves.iter().map(|curve| Column::numbers(view.units(curve.units))));
    let longest = curves.iter().map(|curve| curve.points.len()).max().unwrap_or(0);
    let every = (longest / 10).max(1);
    let rows = curves.first().map_or_else(Vec::new, |first| {
        first
            .points
            .iter()
            .enumerate()
            .step_by(every)
            .map(|(at, point)| {
                let effect = if axis.relative {
                    format::estimate_percent(point.effect_relative)
                } else {
                    difference(metric, point.effect_absolute)
                };
                let mut row = Row::new([Cell::from(effect)]);
                row.cells.extend(curves.iter().map(|curve| {
                    let power = curve.points.get(at).map(|point| format::chance(point.power));
                    Cell::from(power.unwrap_or_else(|| "–".to_owned()))
                }));
                row
            })
            .collect()
    });
    Table {
        caption: "The curves as numbers".into(),
        note: Text::new(),
        columns,
        rows,
        wide: false,
    }
}
