//! Curves over one quantity: power over effects, days over effects, boundaries over information, value over price.

use std::fmt::Write as _;

use super::axis::Axis;
use super::labels::{Candidate, DETAIL, LABEL, LINE, dense, named, one_line};
use super::place::{Canvas, Room};
use super::{
    Anchor, Bar, Chart, Curve, Drawing, Frame, Guide, Label, Look, Mark, Tick, tenth, title_height, title_lines,
};

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// How it is drawn. Where room is short, a [`Look::Third`] goes first.
    pub look: Look,
    /// Its name: `13,300 queries`.
    pub label: String,
    /// Beside the name: `needed: 99.8%`.
    pub detail: Option<String>,
    /// Points by rising x, in the units of the axes.
    pub points: Vec<(f64, f64)>,
    /// Points that are marked.
    pub marks: Vec<(f64, f64)>,
}

/// A number that decides, drawn across the chart.
#[derive(Debug, Clone, PartialEq)]
pub enum Reference {
    /// A value of the horizontal axis, with its name.
    AtX(f64, String),
    /// A value of the vertical axis, with its name.
    AtY(f64, String),
}

/// A part of the chart between two values of the vertical axis, with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// How it is drawn.
    pub look: Look,
    /// From this value.
    pub from: f64,
    /// To this value.
    pub to: f64,
    /// Its name.
    pub label: String,
}

/// What a chart of curves shows.
#[derive(Debug, Clone, PartialEq)]
pub struct LineChart {
    /// Unique in the document.
    pub id: String,
    /// What it shows, as a sentence.
    pub finding: String,
    /// Its numbers in prose.
    pub description: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The curves.
    pub series: Vec<Series>,
    /// Numbers that decide.
    pub references: Vec<Reference>,
    /// Parts of the chart that mean something.
    pub zones: Vec<Zone>,
    /// How high it is drawn.
    pub height: Height,
}

/// How high a chart of curves is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Height {
    /// Curves whose values are read.
    Usual,
    /// The same where pages are short.
    Reduced,
    /// A few steps whose order is all there is to see.
    Low,
}

impl Height {
    /// By how much a drawing is lower than usual, in px.
    fn less(self) -> f64 {
        match self {
            Self::Usual => 0.0,
            Self::Reduced => 75.0,
            Self::Low => 110.0,
        }
    }

    /// About how many of the usual hairlines a drawing has.
    fn rows(self, usual: usize) -> usize {
        match self {
            Self::Usual | Self::Reduced => usual,
            Self::Low => 2,
        }
    }
}

/// A layout that a chart is drawn in.
struct Layout {
    width: f64,
    height: f64,
    area: Frame,
    columns: usize,
    rows: usize,
    /// How many curves leave room for their labels.
    curves: usize,
}

const WIDE: Layout = Layout {
    width: 720.0,
    height: 330.0,
    area: Frame {
        left: 56.0,
        right: 704.0,
        top: 30.0,
        bottom: 280.0,
    },
    columns: 6,
    rows: 5,
    curves: 4,
};

const NARROW: Layout = Layout {
    width: 328.0,
    height: 290.0,
    area: Frame {
        left: 52.0,
        right: 316.0,
        top: 30.0,
        bottom: 240.0,
    },
    columns: 3,
    rows: 5,
    curves: 2,
};

impl LineChart {
    /// The chart, laid out for both widths. `None` without a curve to draw or an axis to draw it on.
    pub fn draw(self) -> Option<Chart> {
        let drawable = self.x.is_drawable() && self.y.is_drawable();
        if !drawable || self.series.iter().all(|series| series.points.is_empty()) {
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
        let less = self.height.less();
        let bottom = layout.area.bottom - less;
        let rows = self.y.ticks(self.height.rows(layout.rows), bottom, layout.area.top);
        let widest = rows
            .iter()
            .map(|row| Room::width(&row.text, DETAIL))
            .fold(0.0, f64::max);
        let area = Frame {
            left: layout.area.left.max(tenth(widest + 8.0)),
            bottom,
            ..layout.area
        };
        let middle = f64::midpoint(area.left, area.right);
        let beneath = 2.0 * middle.min(layout.width - middle);
        let x = |value: f64| self.x.place(value, area.left, area.right).clamp(area.left, area.right);
        let y = |value: f64| self.y.place(value, area.bottom, area.top).clamp(area.top, area.bottom);
        let mut canvas = Canvas::new(Room {
            left: area.left,
            right: layout.width,
            top: area.top - 2.0,
            bottom: area.bottom,
        });
        let mut shown: Vec<&Series> = self.series.iter().collect();
        if shown.len() > layout.curves {
            shown.retain(|series| series.look != Look::Third);
        }
        let placed: Vec<Vec<(f64, f64)>> = shown
            .iter()
            .map(|series| series.points.iter().map(|&(vx, vy)| (x(vx), y(vy))).collect())
            .collect();
        let mut marks = Vec::new();
        for (series, points) in shown.iter().zip(&placed) {
            canvas.take_line(dense(points));
            for &(vx, vy) in &series.marks {
                let (at_x, at_y) = (x(vx), y(vy));
                canvas.take(around(at_x, at_y));
                marks.push(Mark {
                    look: series.look,
                    x: tenth(at_x),
                    y: tenth(at_y),
                });
            }
        }

        let guides: Vec<Guide> = self
            .references
            .iter()
            .map(|reference| match reference {
                Reference::AtX(value, _) => Guide {
                    x1: tenth(x(*value)),
                    y1: area.top,
                    x2: tenth(x(*value)),
                    y2: area.bottom,
                },
                Reference::AtY(value, _) => Guide {
                    x1: area.left,
                    y1: tenth(y(*value)),
                    x2: area.right,
                    y2: tenth(y(*value)),
                },
            })
            .collect();
        for guide in &guides {
            canvas.take_line(dense(&[(guide.x1, guide.y1), (guide.x2, guide.y2)]));
        }

        let mut labels = Vec::new();
        for (reference, guide) in self.references.iter().zip(&guides) {
            labels.extend(match reference {
                Reference::AtX(_, name) => canvas.place(beside_vertical(name, guide)),
                Reference::AtY(_, name) => canvas.place(beside_horizontal(name, guide)),
            });
        }
        let zones: Vec<Bar> = self
            .zones
            .iter()
            .map(|zone| {
                let (top, bottom) = (y(zone.to), y(zone.from));
                Bar {
                    look: zone.look,
                    x: area.left,
                    y: tenth(top),
                    width: tenth(area.right - area.left),
                    height: tenth((bottom - top).max(0.0)),
                }
            })
            .collect();
        for (zone, bar) in self.zones.iter().zip(&zones) {
            labels.extend(canvas.place(inside(&zone.label, zone.look, bar)));
        }
        for (series, points) in shown.iter().zip(&placed) {
            labels.extend(canvas.place(beside_curve(series, points)));
        }

        let x_title = title_lines(&self.x.title, beneath, area.bottom + 40.0);
        Drawing {
            width: layout.width,
            height: layout.height - less + title_height(&x_title),
            area,
            rows: rows
                .into_iter()
                .map(|tick| Tick {
                    anchor: Anchor::End,
                    ..tick
                })
                .collect(),
            columns: self.x.ticks(layout.columns, area.left, area.right),
            columns_y: area.bottom + 18.0,
            x_title,
            y_title: self.y.title.clone(),
            zones,
            guides,
            curves: shown
                .iter()
                .zip(&placed)
                .map(|(series, points)| Curve {
                    look: series.look,
                    path: path(points),
                })
                .collect(),
            marks,
            labels,
            ..Drawing::default()
        }
    }
}

/// The room of a point's mark.
fn around(x: f64, y: f64) -> Room {
    Room {
        left: x - 6.0,
        right: x + 6.0,
        top: y - 6.0,
        bottom: y + 6.0,
    }
}

fn path(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    for (at, &(x, y)) in points.iter().enumerate() {
        out.push_str(if at == 0 { "M" } else { " L" });
        let _ = write!(out, "{} {}", tenth(x), tenth(y)); // writing to a string cannot fail
    }
    out
}

/// Curves are low at the left more often than not, so a target is named there first.
fn beside_horizontal(text: &str, line: &Guide) -> Vec<Candidate> {
    let below = line.y1 + 14.5;
    let above = line.y1 - 5.5;
    let middle = f64::midpoint(line.x1, line.x2);
    let mut places = Vec::new();
    for y in [below, above] {
        places.push(one_line(text, line.x1 + 6.0, y, Anchor::Start));
    }
    for y in [below, above] {
        places.push(one_line(text, line.x2 - 2.0, y, Anchor::End));
    }
    for y in [below, above] {
        places.push(one_line(text, middle, y, Anchor::Mid));
    }
    places
}

/// Curves are high at the effect that decides more often than not, so it is named at the bottom first.
fn beside_vertical(text: &str, line: &Guide) -> Vec<Candidate> {
    let heights = [
        line.y2 - 7.0,
        line.y2 - 27.0,
        line.y2 - 47.0,
        f64::midpoint(line.y1, line.y2),
        line.y1 + 12.0,
        line.y1 + 30.0,
    ];
    heights
        .into_iter()
        .flat_map(|y| {
            [
                one_line(text, line.x1 + 6.0, y, Anchor::Start),
                one_line(text, line.x1 - 6.0, y, Anchor::End),
            ]
        })
        .collect()
}

/// The name of a zone stands in it: at its right first, where boundaries have converged.
fn inside(text: &str, look: Look, zone: &Bar) -> Vec<Candidate> {
    let rows = [zone.y + 16.0, zone.y + zone.height / 2.0, zone.y + zone.height - 8.0];
    let columns = [
        (zone.x + zone.width - 8.0, Anchor::End),
        (zone.x + 8.0, Anchor::Start),
        (zone.x + zone.width / 2.0, Anchor::Mid),
    ];
    columns
        .into_iter()
        .flat_map(|(x, anchor)| rows.map(|y| named(look, text, x, y, anchor)))
        .collect()
}

/// Places beside a curve, with its detail; without it where curves are too near each other for two lines of text: the table
/// beneath has the detail too.
fn beside_curve(series: &Series, points: &[(f64, f64)]) -> Vec<Candidate> {
    let mut candidates = places(series, points);
    if series.detail.is_some() {
        let name_only = Series {
            detail: None,
            ..series.clone()
        };
        candidates.extend(places(&name_only, points));
    }
    candidates
}

/// From the middle of a curve outwards, at its right and at its left, near it first.
fn places(series: &Series, points: &[(f64, f64)]) -> Vec<Candidate> {
    const GAPS: [f64; 6] = [9.0, 20.0, 36.0, 60.0, 84.0, 108.0];
    const LEVELS: [f64; 12] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.88, 0.95];
    let points = &dense(points);
    let mut candidates = Vec::new();
    for gap in GAPS {
        for level in LEVELS {
            let Some((x, y)) = at_level(points, level) else {
                continue;
            };
            for (at, anchor) in [(x + gap, Anchor::Start), (x - gap, Anchor::End)] {
                for baseline in [y - 2.0, y + 10.0, y - 16.0, y + 6.0] {
                    candidates.push(two_lines(series, (x, y), at, baseline, anchor));
                }
            }
        }
    }
    // A flat curve has no sides: its name stands above or below it.
    for part in [0.5, 0.3, 0.7, 0.15, 0.85] {
        let at = ((points.len().saturating_sub(1)) as f64 * part) as usize;
        let Some(&(x, y)) = points.get(at) else { continue };
        for baseline in [y - 22.0, y + 16.0, y - 36.0, y + 30.0] {
            candidates.push(two_lines(series, (x, y), x, baseline, Anchor::Mid));
        }
    }
    candidates
}

fn two_lines(series: &Series, (x, y): (f64, f64), at: f64, baseline: f64, anchor: Anchor) -> Candidate {
    let name = Room::of_text(&series.label, LABEL, at, baseline, anchor);
    let room = match &series.detail {
        Some(detail) => name.with(Room::of_text(detail, DETAIL, at, baseline + LINE, anchor)),
        None => name,
    };
    let label = Label {
        look: Some(series.look),
        x: tenth(at),
        y: tenth(baseline),
        anchor,
        text: series.label.clone(),
        detail: series.detail.clone(),
    };
    // Another curve between a label and its own would take the label for itself.
    let way = (anchor != Anchor::Mid).then_some(((x, y), (at, baseline - LABEL / 2.0)));
    (room, way, label)
}

/// The first point from which a curve has gone a part of the way between its lowest and its highest point.
fn at_level(points: &[(f64, f64)], level: f64) -> Option<(f64, f64)> {
    let lowest = points.iter().map(|point| point.1).fold(f64::MIN, f64::max);
    let highest = points.iter().map(|point| point.1).fold(f64::MAX, f64::min);
    if lowest - highest < 1.0 {
        return None;
    }
    let wanted = lowest + (highest - lowest) * level;
    let starts_below = points.first()?.1 > wanted;
    points.iter().copied().find(|point| {
        if starts_below {
            point.1 <= wanted
        } else {
            point.1 >= wanted
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Numbers;
    use super::*;

    /// A curve with the shape of power: slow, steep, slow.
    fn series(look: Look, half: f64, label: &str) -> Series {
        let points: Vec<(f64, f64)> = (0..=40)
            .map(|at| {
                let effect = f64::from(at) * 0.75;
                (effect, 1.0 / (1.0 + ((half - effect) * 0.45).exp()))
            })
            .collect();
        Series {
            look,
            label: label.to_owned(),
            detail: Some("needed: 99.8%".to_owned()),
            marks: points.get(20).copied().into_iter().collect(),
            points,
        }
    }

    fn chart(series: Vec<Series>) -> Option<Chart> {
        line_chart(series).draw()
    }

    fn line_chart(series: Vec<Series>) -> LineChart {
        LineChart {
            id: "power".to_owned(),
            finding: "A true 15% reduction is found".to_owned(),
            description: String::new(),
            x: Axis {
                title: "True relative reduction".to_owned(),
                from: 0.0,
                to: 30.0,
                numbers: Numbers::With("%".to_owned()),
            },
            y: Axis {
                title: "Chance of a win".to_owned(),
                from: 0.0,
                to: 1.0,
                numbers: Numbers::Percent,
            },
            series,
            references: vec![
                Reference::AtY(0.95, "target 95%".to_owned()),
                Reference::AtX(15.0, "MDE 15%".to_owned()),
            ],
            zones: Vec::new(),
            height: Height::Usual,
        }
    }

    fn rooms(drawing: &Drawing) -> Vec<Room> {
        drawing
            .labels
            .iter()
            .map(|label| {
                let first = Room::of_text(&label.text, LABEL, label.x, label.y, label.anchor);
                label.detail.iter().fold(first, |room, detail| {
                    room.with(Room::of_text(detail, DETAIL, label.x, label.y + LINE, label.anchor))
                })
            })
            .collect()
    }

    #[test]
    fn no_label_crosses_another_or_leaves_the_drawing() {
        let three = [
            series(Look::First, 6.0, "13,300 queries"),
            series(Look::Second, 16.0, "2,000 queries"),
            series(Look::Third, 4.0, "24,624 queries"),
        ];
        for count in 1..=3 {
            let chart = chart(three[..count].to_vec()).unwrap();
            for (drawing, curves) in [(&chart.wide, count), (&chart.narrow, count.min(2))] {
                let rooms = rooms(drawing);
                assert_eq!(rooms.len(), curves + 2);
                for (at, room) in rooms.iter().enumerate() {
                    assert!(
                        room.left >= 0.0 && room.right <= drawing.width,
                        "{room:?} leaves the drawing"
                    );
                    for other in &rooms[..at] {
                        let apart = room.right <= other.left
                            || other.right <= room.left
                            || room.bottom <= other.top
                            || other.bottom <= room.top;
                        assert!(
                            apart,
                            "{room:?} crosses {other:?} of {count} at width {}",
                            drawing.width
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_axes_are_those_of_the_numbers() {
        let chart = chart(vec![series(Look::First, 6.0, "n")]).unwrap();
        let texts: Vec<_> = chart.wide.columns.iter().map(|tick| tick.text.as_str()).collect();
        assert_eq!(texts, ["0%", "5%", "10%", "15%", "20%", "25%", "30%"]);
        assert_eq!((chart.wide.marks[0].x, chart.wide.area.left + 324.0), (380.0, 380.0));
    }

    #[test]
    fn a_flat_curve_has_its_name_above_or_below() {
        let mut flat = series(Look::First, 6.0, "flat");
        for point in &mut flat.points {
            point.1 = 0.5;
        }
        let chart = chart(vec![flat]).unwrap();
        let label = chart.wide.labels.last().unwrap();
        assert_eq!((label.text.as_str(), label.anchor), ("flat", Anchor::Mid));
    }

    #[test]
    fn a_long_axis_title_takes_more_lines_and_the_drawing_their_height() {
        let long = "True relative increase in conversations that end with the task done";
        let usual = chart(vec![series(Look::First, 6.0, "n")]).unwrap().narrow;
        let mut chart = line_chart(vec![series(Look::First, 6.0, "n")]);
        chart.x.title = long.to_owned();
        let drawing = chart.draw().unwrap().narrow;
        let words: Vec<_> = drawing.x_title.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(words.join(" "), long);
        assert!(drawing.height > usual.height);
        assert!(drawing.x_title.iter().all(|line| line.y < drawing.height));
    }

    #[test]
    fn a_low_chart_keeps_its_marks_above_its_axis() {
        let mut low = line_chart(vec![series(Look::First, 6.0, "n")]);
        low.height = Height::Low;
        let drawing = low.draw().unwrap().wide;
        assert!(drawing.height < 330.0);
        assert!(drawing.marks.iter().all(|mark| mark.y <= drawing.area.bottom));
    }

    #[test]
    fn nothing_to_draw_draws_nothing() {
        assert_eq!(chart(Vec::new()), None);
    }
}
