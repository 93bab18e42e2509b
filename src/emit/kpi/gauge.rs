//! The bar of a KPI: zones, the target and the value on one line, as percentages of its width.

use serde::Serialize;

use super::amount::Scale;
use super::status::Levels;
use crate::language::Direction;

/// A stretch of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Zone {
    /// What values in it are.
    pub is: ZoneIs,
    /// Where it starts, in percent of the bar.
    pub from: f64,
    /// How long it is, in percent of the bar.
    pub length: f64,
}

/// What values in a zone are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ZoneIs {
    /// On the right side of the levels.
    Acceptable,
    /// Between the warning level and the critical one.
    Warning,
    /// Beyond the critical level.
    Critical,
}

/// A mark on the bar with its label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mark {
    /// Where, in percent of the bar.
    pub at: f64,
    /// What stands there: `target 3.9`.
    pub label: String,
    /// The row its label is written in, counted away from the bar: close labels take two.
    pub row: usize,
}

/// The bar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gauge {
    /// The zones from left to right; they fill the bar.
    pub zones: Vec<Zone>,
    /// The value.
    pub now: Option<Mark>,
    /// The 95% interval of the value: start and length in percent of the bar.
    pub interval: Option<(f64, f64)>,
    /// The target.
    pub target: Option<Mark>,
    /// The levels, from left to right.
    pub levels: Vec<Mark>,
    /// Everything it shows, in words.
    pub description: String,
}

/// The room left of the lowest number and right of the highest, as a share of what lies between them.
const ROOM: f64 = 0.12;

/// What one character of a label takes of the bar on the narrowest screen, in percent: 7.5 of 328 px.
const CHARACTER: f64 = 2.3;
/// How near to an end of the bar a label is written, in percent on that screen: the style keeps it inside.
const EDGE: f64 = 22.0;

/// Whether two labels side by side would touch on a narrow screen.
fn would_touch(first: &Mark, second: &Mark) -> bool {
    let place = |mark: &Mark| mark.at.clamp(EDGE, 100.0 - EDGE);
    let characters = first.label.chars().count() + second.label.chars().count();
    place(second) - place(first) < characters as f64 / 2.0 * CHARACTER + 2.0
}

impl Gauge {
    /// The bar of a value; `None` where there is nothing to hold a value against, no direction, or a single point only.
    pub(super) fn new(
        value: Option<f64>,
        interval: Option<(f64, f64)>,
        levels: Levels,
        direction: Option<Direction>,
        scale: &Scale,
    ) -> Option<Self> {
        let direction = direction.filter(|_| levels.any())?;
        let (low, high) = interval.unzip();
        let points = [value, low, high, levels.target, levels.warn, levels.critical];
        let points: Vec<f64> = points.into_iter().flatten().filter(|x| x.is_finite()).collect();
        let low = points.iter().copied().fold(f64::INFINITY, f64::min);
        let high = points.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let span = high - low;
        if span.is_nan() || span <= 0.0 {
            return None;
        }
        let (from, to) = (low - span * ROOM, high + span * ROOM);
        let place = |x: f64| hundredths(((x - from) / (to - from) * 100.0).clamp(0.0, 100.0));
        let mark = |words: &str, x: f64| Mark {
            at: place(x),
            label: format!("{words} {}", scale.written(x)),
            row: 0,
        };
        let mut level_marks: Vec<Mark> = [("warn", levels.warn), ("critical", levels.critical)]
            .into_iter()
            .filter_map(|(words, level)| Some(mark(words, level?)))
            .collect();
        level_marks.sort_by(|a, b| a.at.total_cmp(&b.at));
        if let [first, second] = level_marks.as_mut_slice()
            && would_touch(first, second)
        {
            second.row = 1;
        }
        let mut said = Vec::new();
        said.extend(value.map(|x| format!("now {}", scale.written(x))));
        said.extend(levels.target.map(|x| format!("target {}", scale.written(x))));
        said.extend(levels.warn.map(|x| format!("warning from {}", scale.written(x))));
        said.extend(levels.critical.map(|x| format!("critical from {}", scale.written(x))));
        said.push(match direction {
            Direction::Increase => "more is better".to_owned(),
            Direction::Decrease => "less is better".to_owned(),
        });
        Some(Self {
            zones: zones(levels, direction, place),
            now: value.map(|x| mark("now", x)),
            interval: interval.map(|(low, high)| (place(low), hundredths(place(high) - place(low)))),
            target: levels.target.map(|x| mark("target", x)),
            levels: level_marks,
            description: said.join("; "),
        })
    }
}

/// Zones that fill the bar. Levels in the wrong order leave no zone between them, never one of negative length.
fn zones(levels: Levels, direction: Direction, place: impl Fn(f64) -> f64) -> Vec<Zone> {
    // Measured from the good end, so that both directions are one case.
    let from_good = |level: f64| match direction {
        Direction::Decrease => place(level),
        Direction::Increase => 100.0 - place(level),
    };
    let critical = levels.critical.map_or(100.0, &from_good);
    let warn = levels.warn.map_or(critical, &from_good).min(critical);
    let stretches = [
        (ZoneIs::Acceptable, 0.0, warn),
        (ZoneIs::Warning, warn, critical),
        (ZoneIs::Critical, critical, 100.0),
    ];
    let mut zones: Vec<Zone> = stretches
        .into_iter()
        .filter(|(_, from, to)| to > from)
        .map(|(is, from, to)| Zone {
            is,
            from: hundredths(match direction {
                Direction::Decrease => from,
                Direction::Increase => 100.0 - to,
            }),
            length: hundredths(to - from),
        })
        .collect();
    zones.sort_by(|a, b| a.from.total_cmp(&b.from));
    zones
}

/// Finer than a pixel, and short in the page.
fn hundredths(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn gauge(levels: Levels, direction: Direction) -> Gauge {
        let scale = Scale::Number(String::new());
        Gauge::new(Some(4.0), Some((3.5, 4.5)), levels, Some(direction), &scale).unwrap()
    }

    #[test]
    fn zones_fill_the_bar_in_both_directions() {
        let levels = |target, warn, critical| Levels { target, warn, critical };
        for (levels, direction, expected) in [
            (
                levels(Some(2.0), Some(5.0), Some(8.0)),
                Direction::Decrease,
                vec![ZoneIs::Acceptable, ZoneIs::Warning, ZoneIs::Critical],
            ),
            (
                levels(Some(8.0), Some(5.0), Some(2.0)),
                Direction::Increase,
                vec![ZoneIs::Critical, ZoneIs::Warning, ZoneIs::Acceptable],
            ),
            (
                levels(Some(2.0), None, None),
                Direction::Decrease,
                vec![ZoneIs::Acceptable],
            ),
            // Levels in the wrong order.
            (
                levels(None, Some(8.0), Some(5.0)),
                Direction::Decrease,
                vec![ZoneIs::Acceptable, ZoneIs::Critical],
            ),
        ] {
            let gauge = gauge(levels, direction);
            let order: Vec<ZoneIs> = gauge.zones.iter().map(|zone| zone.is).collect();
            assert_eq!(order, expected);
            let mut end = 0.0;
            for zone in &gauge.zones {
                assert!((zone.from - end).abs() < 0.02, "{:?}", gauge.zones);
                end = zone.from + zone.length;
            }
            assert!((end - 100.0).abs() < 0.02);
        }
    }

    #[test]
    fn marks_stand_in_the_order_of_their_values() {
        let gauge = gauge(
            Levels {
                target: Some(2.0),
                warn: Some(5.0),
                critical: Some(8.0),
            },
            Direction::Decrease,
        );
        let now = gauge.now.unwrap().at;
        assert!(gauge.target.unwrap().at < now && now < gauge.levels[0].at);
        assert_eq!(gauge.levels.iter().map(|mark| mark.row).collect::<Vec<_>>(), [0, 0]);
        assert_eq!(
            gauge.description,
            "now 4; target 2; warning from 5; critical from 8; less is better"
        );
    }

    #[test]
    fn there_is_no_bar_without_two_numbers_to_compare() {
        let scale = Scale::Share;
        let target = Levels {
            target: Some(0.1),
            ..Levels::default()
        };
        let more = Some(Direction::Increase);
        assert_eq!(Gauge::new(None, None, target, more, &scale), None);
        assert_eq!(Gauge::new(Some(0.1), None, target, more, &scale), None);
        assert_eq!(Gauge::new(Some(0.2), None, target, None, &scale), None);
        assert_eq!(Gauge::new(Some(0.2), None, Levels::default(), more, &scale), None);
    }
}
