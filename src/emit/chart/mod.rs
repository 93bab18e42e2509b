//! Charts as geometry: what to draw and where, with labels placed so that none covers another.
//!
//! Two kinds are enough for a document: [`LineChart`] for quantities that depend on one another, [`SpanChart`] for things that
//! reach from one value or day to another. A KPI page has a third, [`TreeChart`], for what leads to what. A template draws the geometry as inline SVG; colours, dashes and type are CSS.
//! Each chart is laid out twice, for a wide column and for a telephone, because text that is scaled down cannot be read.

mod axis;
mod labels;
mod lines;
mod place;
mod spans;
mod tree;

pub use axis::{Axis, Numbers};
pub use lines::{Height, LineChart, Reference, Series, Zone};
pub use spans::{Band, Point, Scale, Span, SpanChart, SpanRow, Stop};
pub use tree::{BoxLine, Corners, Detail, NodeBox, Outline, TreeChart, TreeNode, TreePart};

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
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Drawing {
    /// Width of the drawing.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// The plot area.
    pub area: Frame,
    /// Horizontal hairlines with their labels.
    pub rows: Vec<Tick>,
    /// Places on the horizontal axis with their labels.
    pub columns: Vec<Tick>,
    /// The baseline of the labels of the horizontal axis.
    pub columns_y: f64,
    /// Where vertical hairlines stand.
    pub verticals: Vec<f64>,
    /// What the horizontal axis counts, line by line; may be empty.
    pub x_title: Vec<TitleLine>,
    /// What the vertical axis counts; may be empty.
    pub y_title: String,
    /// Areas behind everything else.
    pub zones: Vec<Bar>,
    /// Bars.
    pub bars: Vec<Bar>,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
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

/// A line of the title of an axis, centred below it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TitleLine {
    /// Its baseline.
    pub y: f64,
    /// Its words.
    pub text: String,
}

/// A place on an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tick {
    /// Where, along the axis.
    pub at: f64,
    /// What it says there.
    pub text: String,
    /// `start`, `mid` or `end`: which part of the words stands there.
    pub anchor: Anchor,
}

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Anchor {
    /// Its start.
    Start,
    /// Its middle.
    Mid,
    /// Its end.
    End,
}

/// How something is drawn: colour and dash or pattern together, so that a grey print loses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// What the chart is about: solid blue.
    First,
    /// What it is compared with: ochre, dashed.
    Second,
    /// A third series: teal, dotted.
    Third,
    /// What blocks: red, dash and dot.
    Stop,
    /// Neither better nor worse: grey.
    Neutral,
    /// What adds to a size: dots.
    Adds,
    /// What takes from it: stripes.
    Removes,
    /// What is not available: hatched.
    Closed,
    /// What is only waited for: an outline.
    Quiet,
}

/// A filled rectangle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// How it is drawn.
    pub look: Look,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
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
    pub look: Look,
    /// The SVG path.
    pub path: String,
}

/// A point on a curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mark {
    /// How it is drawn.
    pub look: Look,
    /// Where.
    pub x: f64,
    /// Where.
    pub y: f64,
}

/// Words in a chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Label {
    /// What it is about, if it has its look.
    pub look: Option<Look>,
    /// Where its baseline starts, or ends.
    pub x: f64,
    /// Baseline of the first line.
    pub y: f64,
    /// Which part of the words stands at `x`.
    pub anchor: Anchor,
    /// The first line.
    pub text: String,
    /// The second line, smaller.
    pub detail: Option<String>,
}

/// From one line of an axis title to the next.
const TITLE_LINE: f64 = 14.0;

/// The title of an axis below a first baseline, in as many lines as it needs up to three.
fn title_lines(title: &str, width: f64, first: f64) -> Vec<TitleLine> {
    if title.is_empty() {
        return Vec::new();
    }
    // Running words are narrower than the widest digits that rooms are measured with.
    labels::wrapped(title, labels::DETAIL, width * 1.14, 3)
        .into_iter()
        .enumerate()
        .map(|(at, text)| TitleLine {
            y: tenth(first + TITLE_LINE * at as f64),
            text,
        })
        .collect()
}

/// How much higher a drawing is for the lines of a title after the first.
fn title_height(title: &[TitleLine]) -> f64 {
    TITLE_LINE * title.len().saturating_sub(1) as f64
}

/// Tenths of a px are finer than any screen and keep the file short.
fn tenth(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}
