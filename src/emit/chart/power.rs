//! The power curve: chance to find an effect, over effects, at up to three sizes.

use std::fmt::Write as _;

use serde::Serialize;

use super::axis::round_steps;
use super::place::{Canvas, Room};
use super::{Chart, Curve, Drawing, Frame, Guide, Label, Mark, Tick, tenth};

/// What a curve stands for; decides its colour and dash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SeriesRole {
    /// The size that the decision needs.
    Required,
    /// The size that is planned.
    Planned,
    /// The size that can be had.
    Available,
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it stands for.
    pub role: SeriesRole,
    /// The size in words: `13,300 queries`.
    pub label: String,
    /// Beside the label: `needed: 99.8% at the MDE`.
    pub detail: String,
    /// Effect (in the unit of the axis) and chance, by rising effect.
    pub points: Vec<(f64, f64)>,
    /// Chance at the effect that decides.
    pub at_mark: Option<f64>,
}

/// What a power chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerChart {
    /// Unique in the document.
    pub id: String,
    /// What it shows, as a sentence.
    pub finding: String,
    /// Its numbers in prose.
    pub description: String,
    /// The curves.
    pub series: Vec<Series>,
    /// The effect that decides, in the unit of the axis.
    pub mark: f64,
    /// Its name: `MDE 15%`.
    pub mark_label: String,
    /// The chance that is asked for.
    pub target: f64,
    /// Its name: `target 95%`.
    pub target_label: String,
    /// What the horizontal axis counts.
    pub x_title: String,
    /// What the vertical axis counts.
    pub y_title: String,
    /// Behind each number of the horizontal axis: `%`, ` pp`, ` s`.
    pub x_suffix: String,
}

/// A layout that a chart is drawn in.
struct Layout {
    width: f64,
    height: f64,
    area: Frame,
    columns: usize,
    /// How many curves leave room for their labels.
    curves: usize,
}

const WIDE: Layout = Layout {
    width: 720.0,
    height: 330.0,
    area: Frame {
        left: 44.0,
        right: 704.0,
        top: 30.0,
        bottom: 280.0,
    },
    columns: 6,
    curves: 3,
};

const NARROW: Layout = Layout {
    width: 340.0,
    height: 330.0,
    area: Frame {
        left: 42.0,
        right: 328.0,
        top: 30.0,
        bottom: 280.0,
    },
    columns: 3,
    curves: 2,
};

/// Size of labels and of what stands below them, in px.
const LABEL: f64 = 12.5;
const DETAIL: f64 = 11.5;
/// From a label's first baseline to its second.
const LINE: f64 = 14.0;

impl PowerChart {
    /// The chart, laid out for both widths. `None` without a curve to draw.
    pub fn draw(self) -> Option<Chart> {
        let reach = self
            .series
            .iter()
            .flat_map(|series| series.points.iter().map(|point| point.0))
            .fold(0.0, f64::max);
        if !(reach.is_finite() && reach > 0.0) {
            return None;
        }
        Some(Chart {
            wide: self.lay_out(&WIDE, reach),
            narrow: self.lay_out(&NARROW, reach),
            id: self.id,
            finding: self.finding,
            description: self.description,
        })
    }

    fn lay_out(&self, layout: &Layout, reach: f64) -> Drawing {
        let area = layout.area;
        let x = |effect: f64| area.left + (area.right - area.left) * effect / reach;
        let y = |chance: f64| area.bottom - (area.bottom - area.top) * chance;
        let mut canvas = Canvas::new(Room {
            left: area.left,
            right: layout.width,
            top: area.top - 2.0,
            bottom: area.bottom,
        });

        // Where room is short the size that can be had goes first: the other two are what the board compares.
        let mut shown: Vec<&Series> = self.series.iter().collect();
        if shown.len() > layout.curves {
            shown.retain(|series| series.role != SeriesRole::Available);
        }
        let mut curves = Vec::new();
        let mut marks = Vec::new();
        for series in &shown {
            let points: Vec<(f64, f64)> = series.points.iter().map(|&(e, p)| (x(e), y(p))).collect();
            canvas.take_line(dense(&points));
            curves.push(Curve {
                role: series.role,
                path: path(&points),
            });
            if let Some(chance) = series.at_mark {
                canvas.take(around(x(self.mark), y(chance)));
                marks.push(Mark {
                    role: series.role,
                    x: tenth(x(self.mark)),
                    y: tenth(y(chance)),
                });
            }
        }

        let target = Guide {
            x1: area.left,
            y1: tenth(y(self.target)),
            x2: area.right,
            y2: tenth(y(self.target)),
        };
        let mark = Guide {
            x1: tenth(x(self.mark)),
            y1: area.top,
            x2: tenth(x(self.mark)),
            y2: area.bottom,
        };
        canvas.take_line(dense(&[(target.x1, target.y1), (target.x2, target.y2)]));
        canvas.take_line(dense(&[(mark.x1, mark.y1), (mark.x2, mark.y2)]));

        let mut labels = Vec::new();
        labels.extend(canvas.place(beside_target(&self.target_label, &target)));
        labels.extend(canvas.place(beside_mark(&self.mark_label, &mark)));
        for series in &shown {
            let points: Vec<(f64, f64)> = series.points.iter().map(|&(e, p)| (x(e), y(p))).collect();
            labels.extend(canvas.place(beside_curve(series, &points)));
        }

        Drawing {
            width: layout.width,
            height: layout.height,
            area,
            rows: (0..=5)
                .map(|fifth| Tick {
                    at: tenth(y(f64::from(fifth) / 5.0)),
                    text: format!("{}%", fifth * 20),
                })
                .collect(),
            columns: round_steps(reach, layout.columns)
                .into_iter()
                .map(|effect| Tick {
                    at: tenth(x(effect)),
                    text: format!("{}{}", tick_number(effect), self.x_suffix),
                })
                .collect(),
            x_title: self.x_title.clone(),
            y_title: self.y_title.clone(),
            guides: vec![target, mark],
            curves,
            marks,
            labels,
        }
    }
}

/// A number of an axis: as short as it can be without the noise of floating point.
fn tick_number(x: f64) -> String {
    crate::format::exact((x * 1e9).round() / 1e9)
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

/// The points of a line, no more than two px apart.
fn dense(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    for (&(x0, y0), &(x1, y1)) in points.iter().zip(points.iter().skip(1)) {
        let steps = ((x1 - x0).hypot(y1 - y0) / 2.0).ceil().clamp(1.0, 2_000.0) as usize;
        out.extend((0..=steps).map(|step| {
            let part = step as f64 / steps as f64;
            (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
        }));
    }
    out
}

fn path(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    for (at, &(x, y)) in points.iter().enumerate() {
        out.push_str(if at == 0 { "M" } else { " L" });
        let _ = write!(out, "{} {}", tenth(x), tenth(y)); // writing to a string cannot fail
    }
    out
}

/// A place for a label, what must be clear between it and its subject, and the label itself.
type Candidate = (Room, Option<Room>, Label);

fn one_line(text: &str, size: f64, x: f64, y: f64, end: bool) -> Candidate {
    let label = Label {
        role: None,
        x: tenth(x),
        y: tenth(y),
        anchor: if end { "end" } else { "start" },
        text: text.to_owned(),
        detail: None,
    };
    (Room::of_text(text, size, x, y, end), None, label)
}

/// Curves are low at the left, so a target is named there first.
fn beside_target(text: &str, line: &Guide) -> Vec<Candidate> {
    let below = line.y1 + 14.5;
    let above = line.y1 - 5.5;
    vec![
        one_line(text, DETAIL, line.x1 + 6.0, below, false),
        one_line(text, DETAIL, line.x1 + 6.0, above, false),
        one_line(text, DETAIL, line.x2 - 2.0, below, true),
        one_line(text, DETAIL, line.x2 - 2.0, above, true),
    ]
}

/// Curves are high at the effect that decides, so it is named at the bottom first.
fn beside_mark(text: &str, line: &Guide) -> Vec<Candidate> {
    let heights = [
        line.y2 - 7.0,
        line.y2 - 27.0,
        line.y2 - 47.0,
        f64::midpoint(line.y1, line.y2),
    ];
    heights
        .into_iter()
        .flat_map(|y| {
            [
                one_line(text, DETAIL, line.x1 + 6.0, y, false),
                one_line(text, DETAIL, line.x1 - 6.0, y, true),
            ]
        })
        .collect()
}

/// Places beside a curve: from its middle outwards, at its right and at its left, near it first.
fn beside_curve(series: &Series, points: &[(f64, f64)]) -> Vec<Candidate> {
    const LEVELS: [f64; 12] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.88, 0.95];
    let mut candidates = Vec::new();
    for gap in [9.0, 20.0, 36.0, 60.0] {
        for level in LEVELS {
            let reached = series.points.iter().position(|point| point.1 >= level);
            let Some(&(x, y)) = reached.and_then(|at| points.get(at)) else {
                continue;
            };
            for (at, end) in [(x + gap, false), (x - gap, true)] {
                for baseline in [y - 2.0, y + 10.0, y - 16.0] {
                    let room = Room::of_text(&series.label, LABEL, at, baseline, end).with(Room::of_text(
                        &series.detail,
                        DETAIL,
                        at,
                        baseline + LINE,
                        end,
                    ));
                    let label = Label {
                        role: Some(series.role),
                        x: tenth(at),
                        y: tenth(baseline),
                        anchor: if end { "end" } else { "start" },
                        text: series.label.clone(),
                        detail: Some(series.detail.clone()),
                    };
                    // Another curve between a label and its own would take the label for itself.
                    let (left, right) = if end { (at, x - 4.0) } else { (x + 4.0, at) };
                    let clear = Room {
                        left,
                        right,
                        top: y - 1.0,
                        bottom: y + 1.0,
                    };
                    candidates.push((room, Some(clear), label));
                }
            }
        }
    }
    candidates
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A curve with the shape of power: slow, steep, slow.
    fn series(role: SeriesRole, half: f64, label: &str) -> Series {
        let points: Vec<(f64, f64)> = (0..=40)
            .map(|at| {
                let effect = f64::from(at) * 0.75;
                (effect, 1.0 / (1.0 + ((half - effect) * 0.45).exp()))
            })
            .collect();
        Series {
            role,
            label: label.to_owned(),
            detail: "needed: 99.8%".to_owned(),
            at_mark: points.get(20).map(|point| point.1),
            points,
        }
    }

    fn chart(series: Vec<Series>) -> Option<Chart> {
        PowerChart {
            id: "power".to_owned(),
            finding: "A true 15% reduction is found".to_owned(),
            description: String::new(),
            series,
            mark: 15.0,
            mark_label: "MDE 15%".to_owned(),
            target: 0.95,
            target_label: "target 95%".to_owned(),
            x_title: "True relative reduction".to_owned(),
            y_title: "Chance of a win".to_owned(),
            x_suffix: "%".to_owned(),
        }
        .draw()
    }

    fn rooms(drawing: &Drawing) -> Vec<Room> {
        drawing
            .labels
            .iter()
            .map(|label| {
                let end = label.anchor == "end";
                let first = Room::of_text(&label.text, LABEL, label.x, label.y, end);
                label.detail.iter().fold(first, |room, detail| {
                    room.with(Room::of_text(detail, DETAIL, label.x, label.y + LINE, end))
                })
            })
            .collect()
    }

    #[test]
    fn no_label_crosses_another_or_leaves_the_drawing() {
        let three = [
            series(SeriesRole::Required, 6.0, "13,300 queries"),
            series(SeriesRole::Planned, 16.0, "2,000 queries"),
            series(SeriesRole::Available, 4.0, "24,624 queries"),
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
        let chart = chart(vec![series(SeriesRole::Required, 6.0, "n")]).unwrap();
        let texts: Vec<_> = chart.wide.columns.iter().map(|tick| tick.text.as_str()).collect();
        assert_eq!(texts, ["0%", "5%", "10%", "15%", "20%", "25%", "30%"]);
        let mark = &chart.wide.marks[0];
        assert_eq!((mark.x, chart.wide.area.left + 330.0), (374.0, 374.0));
    }

    #[test]
    fn nothing_to_draw_draws_nothing() {
        assert_eq!(chart(Vec::new()), None);
    }
}
