//! Where a value stands against its target and its levels.

use serde::Serialize;

use crate::emit::board::Style;
use crate::language::{Direction, Metric};

/// Target and levels of a metric; each is an absolute level, on the scale of the metric.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Levels {
    pub(super) target: Option<f64>,
    pub(super) warn: Option<f64>,
    pub(super) critical: Option<f64>,
}

impl Levels {
    /// What is declared of a metric.
    pub(super) fn of(metric: &Metric) -> Self {
        let get = |level: Option<crate::language::values::Fraction>| level.map(crate::language::values::Fraction::get);
        Self {
            target: get(metric.target),
            warn: get(metric.warn),
            critical: get(metric.critical),
        }
    }

    /// Whether there is anything to hold a value against.
    pub(super) fn any(self) -> bool {
        self.target.is_some() || self.warn.is_some() || self.critical.is_some()
    }
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// At its target, or better.
    OnTarget,
    /// No target is declared, and it is on the right side of its levels.
    WithinLimits,
    /// On the right side of its levels, yet not at its target.
    OffTarget,
    /// At the warning level, or beyond.
    Warning,
    /// At the critical level, or beyond.
    Critical,
    /// The catalogue has no value for it.
    Unmeasured,
    /// The catalogue does not say which way is better.
    Undirected,
}

impl Status {
    /// Where `value` stands. A level counts from the level itself on, because that is where a dashboard turns.
    pub(super) fn of(value: Option<f64>, levels: Levels, direction: Option<Direction>) -> Self {
        let Some(direction) = direction else {
            return Self::Undirected;
        };
        let Some(value) = value else {
            return Self::Unmeasured;
        };
        let at_or_worse = |level: f64| match direction {
            Direction::Increase => value <= level,
            Direction::Decrease => value >= level,
        };
        let at_or_better = |level: f64| match direction {
            Direction::Increase => value >= level,
            Direction::Decrease => value <= level,
        };
        if levels.critical.is_some_and(at_or_worse) {
            Self::Critical
        } else if levels.warn.is_some_and(at_or_worse) {
            Self::Warning
        } else {
            match levels.target {
                None => Self::WithinLimits,
                Some(target) if at_or_better(target) => Self::OnTarget,
                Some(_) => Self::OffTarget,
            }
        }
    }

    /// The words of the page.
    pub fn words(self, direction: Option<Direction>) -> &'static str {
        match self {
            Self::OnTarget => "on target",
            Self::WithinLimits => "within limits",
            Self::OffTarget if direction == Some(Direction::Decrease) => "above target",
            Self::OffTarget => "below target",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Unmeasured => "not measured",
            Self::Undirected => "no direction",
        }
    }

    /// The shape and colour it is drawn with.
    pub fn style(self) -> Style {
        match self {
            Self::OnTarget | Self::WithinLimits => Style::Ok,
            Self::Warning => Style::Warn,
            Self::Critical => Style::Stop,
            Self::OffTarget | Self::Unmeasured | Self::Undirected => Style::Info,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESS: Levels = Levels {
        target: Some(0.05),
        warn: Some(0.10),
        critical: Some(0.12),
    };
    const MORE: Levels = Levels {
        target: Some(3.9),
        warn: Some(3.5),
        critical: Some(3.3),
    };

    #[test]
    fn a_level_counts_from_itself_on() {
        let less = |value| Status::of(Some(value), LESS, Some(Direction::Decrease));
        let more = |value| Status::of(Some(value), MORE, Some(Direction::Increase));
        for (status, low, high) in [
            (Status::OnTarget, 0.05, 3.9),
            (Status::OffTarget, 0.0999, 3.51),
            (Status::Warning, 0.10, 3.5),
            (Status::Critical, 0.12, 3.3),
        ] {
            assert_eq!(less(low), status, "{low}");
            assert_eq!(more(high), status, "{high}");
        }
    }

    #[test]
    fn without_a_value_or_a_direction_nothing_is_judged() {
        assert_eq!(Status::of(None, LESS, Some(Direction::Decrease)), Status::Unmeasured);
        assert_eq!(Status::of(Some(1.0), LESS, None), Status::Undirected);
        let bare = Levels::default();
        assert_eq!(
            Status::of(Some(1.0), bare, Some(Direction::Increase)),
            Status::WithinLimits
        );
    }
}
