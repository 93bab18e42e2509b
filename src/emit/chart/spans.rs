//! Things that reach from one value to another: assumptions and what they move, stages of a run, two readings of one effect.

use super::axis::{Axis, Numbers};
use super::labels::{Candidate, DETAIL, LABEL, cut, dense, named, one_line, wrapped};
use super::place::{Canvas, Room};
use super::{Anchor, Bar, Chart, Drawing, Frame, Guide, Label, Look, Mark, Tick, tenth, title_height, title_lines};

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
/// From one line of a name to the next, or to what stands below it.
const NAME_LINE: f64 = 14.0;
/// How many lines a name may take.
const NAME_LINES: usize = 2;
/// Between the end of a bar and what stands beside it.
const BESIDE: f64 = 6.0;
/// What is kept free at the edge of a drawing, so that rounding pushes nothing over it.
const EDGE: f64 = 1.0;

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
        let names: Vec<Name> = self.rows.iter().map(|row| Name::of(row, layout)).collect();
        let height = first_row + names.iter().map(|name| layout.pitch + name.more()).sum::<f64>();
        let axis = self.scale.axis();
        let (left, right) = self.room_for_labels(&axis, layout);
        let area = Frame {
            left,
            right,
            top: first_row,
            bottom: height,
        };
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
        let mut row_top = first_row;
        for (row, name) in self.rows.iter().zip(&names) {
            let top = row_top
                + layout.above
                + match layout.names {
                    Names::Beside => name.more() / 2.0,
                    Names::Above => name.more(),
                };
            row_top += layout.pitch + name.more();
            let baseline = top + layout.bar - 3.0;
            labels.extend(name.place(layout, top, baseline, &mut canvas));
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
                labels.extend(canvas.place(at_ends(text, near, far, baseline, layout)));
            }
        }

        let (columns, columns_y, x_title) = match &self.scale {
            Scale::Values(axis) => (
                axis.ticks(layout.ticks, area.left, area.right),
                height + 18.0,
                title_lines(&axis.title, area.right - area.left, height + 38.0),
            ),
            Scale::Days { stops, .. } => (spaced(stops, x, layout), 14.0, Vec::new()),
        };
        Drawing {
            width: layout.width,
            height: if x_title.is_empty() {
                height + 4.0
            } else {
                height + 46.0 + title_height(&x_title)
            },
            area,
            verticals: columns.iter().map(|column| column.at).collect(),
            columns,
            columns_y,
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

impl SpanChart {
    /// Where the axis may start and end so that what stands beside the bars stays in the drawing.
    fn room_for_labels(&self, axis: &Axis, layout: &Layout) -> (f64, f64) {
        let edge = match layout.names {
            Names::Beside => layout.left,
            Names::Above => 0.0,
        };
        let part = |value: f64| axis.place(value, 0.0, 1.0).clamp(0.0, 1.0);
        let (mut left, mut right) = (layout.left, layout.right);
        // Each end depends on the other: two rounds settle both to well under a px.
        for span in self
            .rows
            .iter()
            .flat_map(|row| &row.spans)
            .cycle()
            .take(2 * self.spans())
        {
            let (from, to) = (part(span.from), part(span.to));
            if !span.after.is_empty() && to > 0.0 {
                let last = layout.width - EDGE - Room::width(&span.after, DETAIL) - BESIDE;
                right = right.min(left + (last - left) / to);
            }
            if !span.before.is_empty() && from < 1.0 {
                let first = edge + EDGE + Room::width(&span.before, DETAIL) + BESIDE;
                left = left.max((first - from * right) / (1.0 - from));
            }
        }
        // Words as long as this would leave no room for what they are about.
        if right - left < (layout.right - layout.left) / 3.0 {
            return (layout.left, layout.right);
        }
        (tenth(left), tenth(right))
    }

    fn spans(&self) -> usize {
        self.rows.iter().map(|row| row.spans.len()).sum()
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

/// The name of a row as it is drawn.
struct Name {
    lines: Vec<String>,
    detail: Option<String>,
}

impl Name {
    fn of(row: &SpanRow, layout: &Layout) -> Self {
        let width = match layout.names {
            Names::Beside => layout.left - 16.0,
            Names::Above => layout.width - layout.left,
        };
        Self {
            lines: wrapped(&row.name, LABEL, width, NAME_LINES),
            detail: row.detail.as_deref().map(|detail| cut(detail, DETAIL, width)),
        }
    }

    /// How much higher its row is than one with a name of one line.
    fn more(&self) -> f64 {
        let lines = self.lines.len() + usize::from(self.detail.is_some());
        NAME_LINE * lines.saturating_sub(1) as f64
    }

    /// Its lines beside the bar, centred, or above it.
    fn place(&self, layout: &Layout, top: f64, baseline: f64, canvas: &mut Canvas) -> Vec<Label> {
        let (x, first, anchor) = match layout.names {
            Names::Beside => (layout.left - 12.0, baseline - self.more() / 2.0, Anchor::End),
            Names::Above => (layout.left, top - 5.0 - self.more(), Anchor::Start),
        };
        let mut labels = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let y = first + NAME_LINE * at as f64;
            let (room, _, label) = named(Look::Neutral, line, x, y, anchor);
            canvas.take(room);
            labels.push(label);
        }
        if let (Some(detail), Some(last)) = (&self.detail, labels.last_mut()) {
            canvas.take(Room::of_text(detail, DETAIL, x, last.y + NAME_LINE, anchor));
            last.detail = Some(detail.clone());
        }
        labels
    }
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

/// Beside the far end of a span, else beyond its near end, else above it at the edge of the drawing.
fn at_ends(text: &str, near: f64, far: f64, baseline: f64, layout: &Layout) -> Vec<Candidate> {
    let (there, here) = if far >= near {
        (Anchor::Start, Anchor::End)
    } else {
        (Anchor::End, Anchor::Start)
    };
    let gap = if far >= near { BESIDE } else { -BESIDE };
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
    fn an_axis_ends_where_the_labels_beside_its_bars_still_fit() {
        let mut late = row("late", 13_000.0, 15_000.0);
        late.spans[0].before = "if 13,000".to_owned();
        let chart = chart(vec![late]).unwrap();
        for drawing in [&chart.wide, &chart.narrow] {
            let bar = &drawing.bars[0];
            let beside = |text: &str| drawing.labels.iter().find(|label| label.text == text).unwrap();
            let (after, before) = (beside("13,300"), beside("if 13,000"));
            assert_eq!((after.anchor, before.anchor), (Anchor::Start, Anchor::End));
            assert!(after.x > bar.x + bar.width && before.x < bar.x);
            assert!(after.x + Room::width(&after.text, DETAIL) <= drawing.width);
        }
    }

    #[test]
    fn a_long_name_takes_a_second_line_and_its_row_the_height() {
        let short = chart(vec![row("latency", 0.0, 9_000.0)]).unwrap();
        let long = chart(vec![row("Conversations that end with the task done", 0.0, 9_000.0)]).unwrap();
        assert!(long.wide.height > short.wide.height);
        let names: Vec<_> = long.wide.labels.iter().map(|label| label.text.as_str()).collect();
        assert!(names.contains(&"Conversations that end with"), "{names:?}");
    }

    #[test]
    fn nothing_to_draw_draws_nothing() {
        assert_eq!(chart(Vec::new()), None);
    }
}
