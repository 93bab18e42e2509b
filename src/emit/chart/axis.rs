//! Axes: what they count, from where to where, and round numbers on them.

use super::labels::DETAIL;
use super::place::Room;
use super::{Anchor, Tick, tenth};
use crate::format;

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it counts.
    pub title: String,
    /// From where.
    pub from: f64,
    /// To where; above `from`.
    pub to: f64,
    /// How its numbers are written.
    pub numbers: Numbers,
}

/// How numbers of an axis are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Numbers {
    /// As short as they can be, with something behind each: `%`, ` pp`, ` s`.
    With(String),
    /// Parts of one as percent.
    Percent,
    /// Whole numbers.
    Count,
    /// An amount of a currency.
    Money(String),
}

impl Numbers {
    /// A number of the axis.
    pub fn write(&self, x: f64) -> String {
        // Twelve digits drop what floating point adds to 0.1 + 0.2.
        let short = (x * 1e9).round() / 1e9;
        match self {
            Self::With(suffix) => format!("{}{suffix}", format::exact(short)),
            Self::Percent => format::percent(short),
            Self::Count => format::count(short.max(0.0)),
            Self::Money(currency) => format::money(short, currency),
        }
    }
}

impl Axis {
    /// Where a value stands between two ends in px.
    pub(super) fn place(&self, value: f64, start: f64, end: f64) -> f64 {
        start + (end - start) * (value - self.from) / (self.to - self.from)
    }

    /// Whether it has a length.
    pub(super) fn is_drawable(&self) -> bool {
        self.from.is_finite() && self.to.is_finite() && self.to > self.from
    }

    /// About `wanted` ticks between two ends in px. One that stands at the end of the drawing ends there, one at its
    /// start begins there.
    pub(super) fn ticks(&self, wanted: usize, start: f64, end: f64) -> Vec<Tick> {
        round_steps(self.from, self.to, wanted)
            .into_iter()
            .map(|value| {
                let at = tenth(self.place(value, start, end));
                let text = self.numbers.write(value);
                let across = end > start;
                let (at, anchor) = if across && at > end - 12.0 {
                    (end, Anchor::End)
                } else if across && at < Room::width(&text, DETAIL) / 2.0 {
                    (at, Anchor::Start)
                } else {
                    (at, Anchor::Mid)
                };
                Tick { at, text, anchor }
            })
            .collect()
    }
}

/// Round numbers from `from` to `to`, about `wanted` of them: steps of 1, 2 or 5 times a power of ten.
pub(super) fn round_steps(from: f64, to: f64, wanted: usize) -> Vec<f64> {
    let reach = to - from;
    if !(reach.is_finite() && reach > 0.0) || wanted == 0 {
        return vec![0.0];
    }
    let rough = reach / wanted as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * power);
    let first = (from / step - 1e-9).ceil();
    let count = ((to / step + 1e-9).floor() - first).max(0.0) as usize;
    (0..=count).map(|at| (first + at as f64) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_reach_the_end() {
        assert_eq!(round_steps(0.0, 30.0, 6), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0]);
        assert_eq!(round_steps(0.0, 30.0, 3), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(round_steps(0.0, 0.7, 4).len(), 4);
        assert_eq!(round_steps(0.0, f64::NAN, 4), [0.0]);
    }

    #[test]
    fn steps_need_not_start_at_zero() {
        assert_eq!(round_steps(-2.5, 4.0, 3), [0.0]);
        assert_eq!(round_steps(-2.5, 4.0, 6), [-2.0, 0.0, 2.0, 4.0]);
        assert_eq!(round_steps(14.0, 21.0, 4), [14.0, 16.0, 18.0, 20.0]);
    }

    #[test]
    fn numbers_are_written_for_their_axis() {
        for (numbers, written) in [
            (Numbers::With("%".to_owned()), "0.3%"),
            (Numbers::Percent, "30%"),
            (Numbers::Count, "1"),
            (Numbers::Money("USD".to_owned()), "$0.30"),
        ] {
            assert_eq!(numbers.write(0.1 + 0.2), written);
        }
    }
}
