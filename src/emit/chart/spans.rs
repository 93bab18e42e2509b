//! Things that reach from one value to another: assumptions and what they move, stages of a run, two readings of one effect.

use super::axis::{Axis, Numbers};
use super::labels::{Candidate, DETAIL, LABEL, cut, dense, named, one_line};
use super::place::{Canvas, Room};
use super::{Anchor, Bar, Chart, Drawing, Frame, Guide, Label, Look, Mark, Tick, tenth};

/// What the horizontal axis is.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// Numbers.
    Values(Axis),
    /// Days counted from some day, with the days that are named.
    Days {
        /// The first day that is drawn.
        from: f64,
        /// The last day that is drawn; above `from`.
        to: f64,
        /// Days with their names, by rising day.
        stops: Vec<Stop>,
    },
}

/// A day with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The day.
    pub at: f64,
    /// Its name: `4 Jan`.
    pub name: String,
}

/// One thing.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanRow {
    /// Its name.
    pub name: String,
    /// What else there is to say of it, below its name.
    pub detail: Option<String>,
    /// Where it reaches.
    pub spans: Vec<Span>,
    /// Points of it that are marked.
    pub points: Vec<Point>,
}

/// From one value to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// How it is drawn.
    pub look: Look,
    /// From this value.
    pub from: f64,
    /// To this value, not below the other.
    pub to: f64,
    /// Beside its upper end; may be empty.
    pub after: String,
    /// Beside its lower end; may be empty.
    pub before: String,
}

/// A value that is marked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// How it is drawn.
    pub look: Look,
    /// The value.
    pub at: f64,
}

/// A part of the axis that runs through all rows: a freeze, a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// From this value.
    pub from: f64,
    /// To this value; equal to `from` for a line.
    pub to: f64,
    /// Its name.
    pub name: String,
}

/// What a chart of spans shows.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanChart {
    /// Unique in the document.
    pub id: String,
    /// What it shows, as a sentence.
    pub finding: String,
    /// Its numbers in prose.
    pub description: String,
    /// The horizontal axis.
    pub scale: Scale,
    /// The rows from top to bottom.
    pub rows: Vec<SpanRow>,
    /// What runs through all rows.
    pub bands: Vec<Band>,
}

struct Layout {
    width: f64,
    /// From the top of one row to the next.
    pitch: f64,
    /// From the top of a row to its bar.
    above: f64,
    bar: f64,
    left: f64,
    right: f64,
    ticks: usize,
    names: Names,
}

/// Where the names of rows stand.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    /// In a column of their own.
    Beside,
    /// Each above its bar, where there is no room for a column.
    Above,
}

const WIDE: Layout = Layout {
    width: 720.0,
    pitch: 26.0,
    above: 6.0,
    bar: 14.0,
    left: 244.0,
    right: 704.0,
    ticks: 6,
    names: Names::Beside,
};

const NARROW: Layout = Layout {
    width: 328.0,
    pitch: 46.0,
    above: 24.0,
    bar: 14.0,
    left: 8.0,
    right: 316.0,
    ticks: 3,
    names: Names::Above,
};

/// The room above the rows, for the names of bands and of days; without them nearly none.
const TOP: f64 = 38.0;
const NO_TOP: f64 = 6.0;
/// How much taller rows are whose names have a second line.
const SECOND_LINE: f64 = 14.0;

impl SpanChart {
    /// The chart, laid out for both widths. `None` without rows or an axis to draw them on.
    pub fn draw(self) -> Option<Chart> {
        let (from, to) = self.scale.ends();
        if self.rows.is_empty() || !(from.is_finite() && to.is_finite() && to > from) {
            return None;
        }
        Some(Chart {
            wide: self.lay_out(&WIDE),
            narrow: self.lay_out(&NARROW),
            id: self.id,
            finding: self.finding,
            description: self.description,
        })
    }

    fn lay_out(&self, layout: &Layout) -> Drawing {
        let bare = self.bands.is_empty() && matches!(self.scale, Scale::Values(_));
        let first_row = if bare { NO_TOP } else { TOP };
        let two_lines = self.rows.iter().any(|row| row.detail.is_some());
        let second = if two_lines { SECOND_LINE } else { 0.0 };
        let pitch = layout.pitch + second;
        let height = first_row + pitch * self.rows.len() as f64;
        let area = Frame {
            left: layout.left,
            right: layout.right,
            top: first_row,
            bottom: height,
        };
        let axis = self.scale.axis();
        let x = |value: f64| axis.place(value, area.left, area.right).clamp(area.left, area.right);
        let mut canvas = Canvas::new(Room {
            left: 0.0,
            right: layout.width,
            top: 0.0,
            bottom: height + 4.0,
        });

        let mut labels = Vec::new();
        let (mut zones, mut guides) = (Vec::new(), Vec::new());
        for band in &self.bands {
            let (left, right) = (x(band.from), x(band.to));
            if right - left > 1.0 {
                zones.push(Bar {
                    look: Look::Closed,
                    x: tenth(left),
                    y: TOP,
                    width: tenth(right - left),
                    height: tenth(height - TOP),
                });
            } else {
                let guide = Guide {
                    x1: tenth(left),
                    y1: TOP - 4.0,
                    x2: tenth(left),
                    y2: height,
                };
                canvas.take_line(dense(&[(guide.x1, guide.y1), (guide.x2, guide.y2)]));
                guides.push(guide);
            }
            labels.extend(canvas.place(over(&band.name, left, right, layout)));
        }

        let (mut bars, mut marks) = (Vec::new(), Vec::new());
        let mut beside = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let top = first_row + pitch * at as f64 + layout.above + second / 2.0;
            let baseline = top + layout.bar - 3.0;
            labels.push(row_name(row, layout, top, baseline - second / 2.0, &mut canvas));
            for span in &row.spans {
                let (left, right) = (x(span.from), x(span.to));
                let width = (right - left).max(2.0);
                canvas.take(Room {
                    left,
                    right: left + width,
                    top,
                    bottom: top + layout.bar,
                });
                bars.push(Bar {
                    look: span.look,
                    x: tenth(left),
                    y: tenth(top),
                    width: tenth(width),
                    height: layout.bar,
                });
                beside.push((span, left, left + width, baseline));
            }
            marks.extend(row.points.iter().map(|point| Mark {
                look: point.look,
                x: tenth(x(point.at)),
                y: tenth(top + layout.bar / 2.0),
            }));
        }
        for (span, left, right, baseline) in beside {
            for (text, near, far) in [(&span.after, left, right), (&span.before, right, left)] {
                if text.is_empty() {
                    continue;
                }
                if let Some((room, _, label)) = inside(text, (near, far), baseline, layout) {
                    canvas.take(room);
                    labels.push(label);
                } else {
                    labels.extend(canvas.place(at_ends(text, near, far, baseline, layout)));
                }
            }
        }

        let (columns, columns_y, x_title) = match &self.scale {
            Scale::Values(axis) => (
                axis.ticks(layout.ticks, area.left, area.right),
                height + 18.0,
                axis.title.clone(),
            ),
            Scale::Days { stops, .. } => (spaced(stops, x, layout), 14.0, String::new()),
        };
        Drawing {
            width: layout.width,
            height: if x_title.is_empty() {
                height + 4.0
            } else {
                height + 46.0
            },
            area,
            verticals: columns.iter().map(|column| column.at).collect(),
            columns,
            columns_y,
            x_title_y: height + 38.0,
            x_title,
            zones,
            bars,
            guides,
            marks,
            labels,
            ..Drawing::default()
        }
    }
}

impl Scale {
    fn ends(&self) -> (f64, f64) {
        match self {
            Self::Values(axis) => (axis.from, axis.to),
            Self::Days { from, to, .. } => (*from, *to),
        }
    }

    fn axis(&self) -> Axis {
        match self {
            Self::Values(axis) => axis.clone(),
            Self::Days { from, to, .. } => Axis {
                title: String::new(),
                from: *from,
                to: *to,
                numbers: Numbers::Count,
            },
        }
    }
}

fn row_name(row: &SpanRow, layout: &Layout, top: f64, baseline: f64, canvas: &mut Canvas) -> Label {
    let (x, y, anchor, width) = match layout.names {
        Names::Beside => (layout.left - 12.0, baseline, Anchor::End, layout.left - 16.0),
        Names::Above if row.detail.is_some() => (
            layout.left,
            top - 5.0 - SECOND_LINE,
            Anchor::Start,
            layout.right - layout.left,
        ),
        Names::Above => (layout.left, top - 5.0, Anchor::Start, layout.right - layout.left),
    };
    let text = cut(&row.name, LABEL, width);
    canvas.take(Room::of_text(&text, LABEL, x, y, anchor));
    let (_, _, label) = named(Look::Neutral, &text, x, y, anchor);
    let detail = row.detail.as_deref().map(|detail| cut(detail, DETAIL, width));
    if let Some(detail) = &detail {
        canvas.take(Room::of_text(detail, DETAIL, x, y + SECOND_LINE, anchor));
    }
    Label { detail, ..label }
}

/// Days whose names have room beside the one before.
fn spaced(stops: &[Stop], x: impl Fn(f64) -> f64, layout: &Layout) -> Vec<Tick> {
    let mut free_from = f64::MIN;
    let mut ticks = Vec::new();
    for stop in stops {
        let at = x(stop.at);
        let anchor = if at < layout.left + 24.0 {
            Anchor::Start
        } else if at > layout.right - 24.0 {
            Anchor::End
        } else {
            Anchor::Mid
        };
        let room = Room::of_text(&stop.name, DETAIL, at, 14.0, anchor);
        if room.left < free_from {
            continue;
        }
        free_from = room.right + 8.0;
        ticks.push(Tick {
            at: tenth(at),
            text: stop.name.clone(),
            anchor,
        });
    }
    ticks
}

/// A band is named above the rows, within the drawing.
fn over(name: &str, left: f64, right: f64, layout: &Layout) -> Vec<Candidate> {
    let middle = f64::midpoint(left, right);
    let text = cut(name, DETAIL, layout.width * 0.6);
    vec![
        one_line(&text, middle, TOP - 7.0, Anchor::Mid),
        one_line(&text, left, TOP - 7.0, Anchor::Start),
        one_line(&text, right, TOP - 7.0, Anchor::End),
    ]
}

/// Words within a long bar that leaves no room beside it: at its far end.
fn inside(text: &str, (near, far): (f64, f64), baseline: f64, layout: &Layout) -> Option<Candidate> {
    let width = Room::width(text, DETAIL);
    let (behind, before) = if far >= near {
        (layout.width - far, near - layout.left)
    } else {
        (far - layout.left, layout.width - near)
    };
    if width + 8.0 <= behind.max(before) || width + 12.0 > (far - near).abs() {
        return None;
    }
    let (at, anchor) = if far >= near {
        (far - 6.0, Anchor::End)
    } else {
        (far + 6.0, Anchor::Start)
    };
    Some(one_line(text, at, baseline, anchor))
}

/// Beside the far end of a span, else beyond its near end, else above it at the edge of the drawing.
fn at_ends(text: &str, near: f64, far: f64, baseline: f64, layout: &Layout) -> Vec<Candidate> {
    let (there, here) = if far >= near {
        (Anchor::Start, Anchor::End)
    } else {
        (Anchor::End, Anchor::Start)
    };
    let gap = if far >= near { 6.0 } else { -6.0 };
    vec![
        one_line(text, far + gap, baseline, there),
        one_line(text, near - gap, baseline, here),
        one_line(text, layout.right, baseline - layout.bar - 2.0, Anchor::End),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(name: &str, from: f64, to: f64) -> SpanRow {
        SpanRow {
            name: name.to_owned(),
            detail: None,
            spans: vec![Span {
                look: Look::First,
                from,
                to,
                after: "13,300".to_owned(),
                before: String::new(),
            }],
            points: Vec::new(),
        }
    }

    fn chart(rows: Vec<SpanRow>) -> Option<Chart> {
        SpanChart {
            id: "sizes".to_owned(),
            finding: "Cost sets the size".to_owned(),
            description: String::new(),
            scale: Scale::Values(Axis {
                title: "Queries".to_owned(),
                from: 0.0,
                to: 15_000.0,
                numbers: Numbers::Count,
            }),
            rows,
            bands: vec![Band {
                from: 2_000.0,
                to: 2_000.0,
                name: "2,000 planned".to_owned(),
            }],
        }
        .draw()
    }

    #[test]
    fn bars_reach_what_they_stand_for() {
        let chart = chart(vec![row("cost", 0.0, 13_300.0), row("latency", 0.0, 7_500.0)]).unwrap();
        let [cost, latency] = chart.wide.bars.as_slice() else {
            unreachable!("two bars")
        };
        assert_eq!(
            (cost.x, cost.width, latency.x, latency.width),
            (244.0, 407.9, 244.0, 230.0)
        );
        assert!(cost.y < latency.y);
        assert_eq!(chart.wide.guides.len(), 1);
    }

    #[test]
    fn long_names_stay_in_the_drawing() {
        let chart = chart(vec![row(&"a".repeat(10_000), 0.0, 13_300.0)]).unwrap();
        for drawing in [&chart.wide, &chart.narrow] {
            for label in &drawing.labels {
                let size = if label.look.is_some() { LABEL } else { DETAIL };
                let room = Room::of_text(&label.text, size, label.x, label.y, label.anchor);
                assert!(room.left >= -1.0 && room.right <= drawing.width + 1.0, "{room:?}");
            }
        }
    }

    #[test]
    fn a_label_without_room_behind_its_bar_stands_before_it() {
        let chart = chart(vec![row("late", 13_000.0, 15_000.0)]).unwrap();
        let label = chart.wide.labels.last().unwrap();
        assert_eq!(label.anchor, Anchor::End);
        assert!(label.x < chart.wide.bars[0].x);
    }

    #[test]
    fn nothing_to_draw_draws_nothing() {
        assert_eq!(chart(Vec::new()), None);
    }
}
