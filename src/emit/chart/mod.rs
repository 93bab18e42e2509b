//! Charts as geometry: what to draw and where, with labels placed so that none covers another.
//!
//! A template draws the geometry as inline SVG; colours, dashes and type are CSS. Each chart is laid out twice, for a
//! wide column and for a telephone, because text that is scaled down cannot be read.

mod axis;
mod place;
mod power;

pub use power::{PowerChart, Series, SeriesRole};

use serde::Serialize;

/// A chart: a finding, its numbers in prose, and two drawings of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// Unique in the document.
    pub id: String,
    /// What the chart shows, as a sentence: the title for those who cannot see it.
    pub finding: String,
    /// Its numbers in prose.
    pub description: String,
    /// For columns of 720 px and for print.
    pub wide: Drawing,
    /// For columns of 340 px.
    pub narrow: Drawing,
}

/// One layout. All lengths in px, rounded to tenths.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawing {
    /// Width of the drawing.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// The plot area.
    pub area: Frame,
    /// Horizontal lines with their labels.
    pub rows: Vec<Tick>,
    /// Places on the horizontal axis with their labels.
    pub columns: Vec<Tick>,
    /// What the horizontal axis counts.
    pub x_title: String,
    /// What the vertical axis counts.
    pub y_title: String,
    /// Lines that decide: the target, the MDE.
    pub guides: Vec<Guide>,
    /// The curves.
    pub curves: Vec<Curve>,
    /// Points that decide.
    pub marks: Vec<Mark>,
    /// Words beside what they are about.
    pub labels: Vec<Label>,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// A place on an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tick {
    /// Where, along the axis.
    pub at: f64,
    /// What it says there.
    pub text: String,
}

/// A straight line that marks a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guide {
    /// Start.
    pub x1: f64,
    /// Start.
    pub y1: f64,
    /// End.
    pub x2: f64,
    /// End.
    pub y2: f64,
}

/// A curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// How it is drawn.
    pub role: SeriesRole,
    /// The SVG path.
    pub path: String,
}

/// A point on a curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mark {
    /// How it is drawn.
    pub role: SeriesRole,
    /// Where.
    pub x: f64,
    /// Where.
    pub y: f64,
}

/// Words in a chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Label {
    /// The curve it is about, if any.
    pub role: Option<SeriesRole>,
    /// Where its baseline starts, or ends when `end` is set.
    pub x: f64,
    /// Baseline of the first line.
    pub y: f64,
    /// `start` or `end`.
    pub anchor: &'static str,
    /// The first line.
    pub text: String,
    /// The second line, smaller.
    pub detail: Option<String>,
}

/// Tenths of a px are finer than any screen and keep the file short.
fn tenth(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}
