//! What is missing in results or does not belong there, with its address.

use super::super::results::{ArmStatistics, ComparisonStatistics};
use super::{Case, Obstacle};
use crate::language::MetricKind;
use crate::source::Pointer;
use crate::stats::StatsError;

impl Case<'_> {
    /// At most one way to say what an arm did against control.
    pub(super) fn one_source(&self, comparison: &ComparisonStatistics) -> Result<(), Obstacle> {
        let given = [
            comparison.pairs.is_some(),
            comparison.differences.is_some(),
            comparison.log_differences.is_some(),
            comparison.hazard.is_some(),
            comparison.preference.is_some(),
            comparison.effect.is_some(),
        ];
        let count = given.iter().filter(|given| **given).count();
        if count > 1 {
            return Err(Obstacle {
                pointer: self.comparison_pointer(),
                reason: "it is given in more than one way: give one".to_owned(),
            });
        }
        if comparison.effect.is_some() && self.results.arms.contains_key(self.arm) {
            return Err(Obstacle {
                pointer: self.comparison_pointer().join("effect"),
                reason: "there are both statistics of the arm and a finished effect: give one".to_owned(),
            });
        }
        Ok(())
    }

    /// Statistics that belong to another kind or design.
    pub(super) fn foreign(&self, kind: MetricKind, comparison: &ComparisonStatistics) -> Option<Obstacle> {
        let pairs =
            comparison.pairs.is_some() || comparison.differences.is_some() || comparison.log_differences.is_some();
        let reason = if pairs {
            "pairs and differences belong to a paired design, and this one is not".to_owned()
        } else if comparison.hazard.is_some() && kind != MetricKind::TimeToEvent {
            format!("a hazard ratio does not belong to a {kind} metric")
        } else if comparison.preference.is_some() && kind != MetricKind::Preference {
            format!("wins and losses do not belong to a {kind} metric")
        } else {
            return None;
        };
        Some(Obstacle {
            pointer: self.comparison_pointer(),
            reason,
        })
    }

    pub(super) fn statistics(&self, id: &str) -> Result<&ArmStatistics, Obstacle> {
        self.results.arms.get(id).ok_or_else(|| Obstacle {
            pointer: self.pointer().join("arms"),
            reason: format!("there are no statistics of arm `{id}`"),
        })
    }

    pub(super) fn number(&self, id: &str, field: &str, value: Option<f64>) -> Result<f64, Obstacle> {
        value.ok_or_else(|| self.lacks(id, field))
    }

    pub(super) fn lacks(&self, id: &str, field: &str) -> Obstacle {
        Obstacle {
            pointer: self.pointer().join("arms").join(id),
            reason: format!("arm `{id}` has no `{field}`"),
        }
    }

    pub(super) fn at(&self, id: &str, field: &str, reason: &str) -> Obstacle {
        Obstacle {
            pointer: self.pointer().join("arms").join(id).join(field),
            reason: format!("arm `{id}`: {reason}"),
        }
    }

    pub(super) fn missing_comparison(&self, field: &str) -> Obstacle {
        Obstacle {
            pointer: self.pointer().join("comparisons"),
            reason: format!("the comparison of `{}` with control has no `{field}`", self.arm),
        }
    }

    /// The address of the metric in the results.
    pub(super) fn pointer(&self) -> Pointer {
        Pointer::root().join("metrics").join(&self.metric.id)
    }

    pub(super) fn comparison_pointer(&self) -> Pointer {
        self.pointer().join("comparisons").join(self.arm)
    }

    pub(super) fn obstacle(&self, reason: impl Into<String>) -> Obstacle {
        Obstacle {
            pointer: self.pointer(),
            reason: reason.into(),
        }
    }

    pub(super) fn of_stats(&self, error: &StatsError) -> Obstacle {
        self.obstacle(error.to_string())
    }
}
