//! The KPI table as rows of values: what the spreadsheet and the CSV file hold.

use super::amount::Scale;
use super::inputs::{Definition, KpiInputs};
use super::method;
use super::status::{Levels, Status};
use crate::language::Direction;
use crate::language::metric::{Heart, Tier};

/// A value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing.
    Empty,
    /// Text, whatever it begins with.
    Text(String),
    /// A number on the scale of its metric.
    Number(f64),
}

/// Text where there is some.
fn words(text: Option<impl Into<String>>) -> Value {
    text.map_or(Value::Empty, |text| Value::Text(text.into()))
}

/// A number where there is one.
fn number(number: Option<f64>) -> Value {
    number.filter(|x| x.is_finite()).map_or(Value::Empty, Value::Number)
}

/// The columns: heading and width in characters.
pub(super) const COLUMNS: [(&str, f64); 22] = [
    ("KPI", 30.0),
    ("Id", 26.0),
    ("Tier", 10.0),
    ("HEART", 13.0),
    ("Indicator", 10.0),
    ("Direction", 10.0),
    ("Unit", 8.0),
    ("Value", 12.0),
    ("Target", 12.0),
    ("Warn", 12.0),
    ("Critical", 12.0),
    ("Status", 14.0),
    ("Measured from", 14.0),
    ("Measured to", 14.0),
    ("Units measured", 14.0),
    ("How it is measured", 48.0),
    ("Source", 48.0),
    ("Refreshed", 12.0),
    ("Owner", 20.0),
    ("Drives", 30.0),
    ("Definition", 60.0),
    ("Defined at", 30.0),
];

/// The column of the direction, counted from 0; the status formula reads it and the four numbers.
pub(super) const DIRECTION: usize = 5;
/// The column of the value; target, warn and critical stand right of it.
pub(super) const VALUE: usize = 7;
/// The column of the status.
pub(super) const STATUS: usize = 11;

/// A row: what it holds, and how its numbers are written.
pub(super) struct SheetRow {
    pub(super) values: Vec<Value>,
    pub(super) scale: Scale,
    pub(super) status: Status,
}

/// One row for each KPI, in the order of the catalogue; `kpis` are their definitions.
pub(super) fn rows(inputs: KpiInputs<'_>, kpis: &[&Definition]) -> Vec<SheetRow> {
    kpis.iter().map(|definition| row(inputs, definition)).collect()
}

fn row(inputs: KpiInputs<'_>, definition: &Definition) -> SheetRow {
    let metric = &definition.metric;
    let scale = Scale::of(metric);
    let levels = Levels::of(metric);
    let status = Status::of(definition.value(), levels, metric.direction);
    let baseline = metric.baseline.as_ref();
    let unit = match &scale {
        Scale::Share => "share".to_owned(),
        Scale::Money(unit) | Scale::Number(unit) => unit.clone(),
    };
    let values = vec![
        words(Some(definition.name())),
        words(Some(definition.id.as_str())),
        words(metric.tier.map(Tier::as_str)),
        words(metric.heart.map(Heart::as_str)),
        words(method::indicator(metric)),
        words(metric.direction.map(Direction::as_str)),
        words((!unit.is_empty()).then_some(unit)),
        number(definition.value()),
        number(levels.target),
        number(levels.warn),
        number(levels.critical),
        words(Some(status.words(metric.direction))),
        words(baseline.and_then(|b| b.from).map(|date| date.to_string())),
        words(baseline.and_then(|b| b.to).map(|date| date.to_string())),
        number(baseline.and_then(|b| b.n).map(|n| n as f64)),
        words(method::measured(metric).map(|text| text.plain())),
        words(method::source(inputs, metric).map(|text| text.plain())),
        words(metric.refresh.map(|span| span.to_string())),
        words(metric.owner.clone()),
        words((!metric.drives.is_empty()).then(|| metric.drives.join(", "))),
        words(metric.description.clone()),
        words(Some(definition.place.as_str())),
    ];
    SheetRow { values, scale, status }
}
