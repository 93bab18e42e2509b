//! Arms compared within strata: post-stratification (Cochran 1977, section 5A.9; Miratrix, Sekhon & Yu 2013).

use super::super::evidence::{Freedom, Linear};
use super::super::results::ArmStatistics;
use super::moments::Moments;
use super::{Case, Obstacle, binary};
use crate::language::MetricKind;
use crate::source::Pointer;

/// An arm's mean over strata, so far.
#[derive(Debug, Clone, Copy, Default)]
struct Weighted {
    mean: f64,
    variance: f64,
    /// Σ V²/df, for Satterthwaite's degrees of freedom.
    spread: f64,
}

impl Weighted {
    /// Adds a stratum that holds this share of all units.
    fn add(&mut self, share: f64, of: Moments) {
        let variance = share * share * of.variance / of.n;
        self.mean += share * of.mean;
        self.variance += variance;
        self.spread += variance * variance / (of.n - 1.0);
    }

    fn degrees_of_freedom(self) -> f64 {
        if self.spread > 0.0 {
            self.variance * self.variance / self.spread
        } else {
            1.0
        }
    }
}

impl Case<'_> {
    /// Means over strata, each weighed by its share of the units of all arms together; `None` where the spec declares no
    /// strata, or where each arm comes as a finished estimate.
    pub(super) fn stratified(&self, kind: MetricKind) -> Result<Option<Linear>, Obstacle> {
        let declared = self.metric.declared.stratification.is_some();
        let strata = &self.results.strata;
        if !declared {
            if strata.is_empty() {
                return Ok(None);
            }
            let reason = "the spec declares no `stratification`: give the sums of each arm under `arms`";
            return Err(self.in_strata(None, reason.to_owned()));
        }
        if self.results.arms.values().any(|arm| arm.estimate.is_some()) && strata.is_empty() {
            return Ok(None);
        }
        if self.results.arms.values().any(|arm| arm.sum.is_some()) || strata.is_empty() {
            return Err(self.obstacle(
                "the spec compares arms within strata: give the sums of each stratum and arm under `strata`, and none under `arms`",
            ));
        }
        let units =
            |arms: &indexmap::IndexMap<String, ArmStatistics>| arms.values().filter_map(|arm| arm.n).sum::<f64>();
        let all: f64 = strata.values().map(units).sum();
        let (mut control, mut arm) = (Weighted::default(), Weighted::default());
        for (stratum, arms) in strata {
            let share = units(arms) / all;
            control.add(
                share,
                self.in_stratum(kind, stratum, self.control, arms.get(self.control))?,
            );
            arm.add(share, self.in_stratum(kind, stratum, self.arm, arms.get(self.arm))?);
        }
        Ok(Some(Linear {
            control: control.mean,
            arm: arm.mean,
            var_control: control.variance,
            var_arm: arm.variance,
            covariance: 0.0,
            freedom: Freedom::Separate {
                control: control.degrees_of_freedom(),
                arm: arm.degrees_of_freedom(),
            },
        }))
    }

    fn in_stratum(
        &self,
        kind: MetricKind,
        stratum: &str,
        id: &str,
        statistics: Option<&ArmStatistics>,
    ) -> Result<Moments, Obstacle> {
        let place = |reason: String| {
            self.in_strata(
                Some((stratum, id)),
                format!("stratum `{stratum}`, arm `{id}`: {reason}"),
            )
        };
        let Some(statistics) = statistics else {
            return Err(place(
                "nothing is given: merge the stratum with another, so that every arm has units in it".to_owned(),
            ));
        };
        let statistics = match kind {
            MetricKind::Proportion => binary(statistics),
            _ => *statistics,
        };
        let given = (statistics.n, statistics.sum, statistics.sum_squares);
        let (Some(n), Some(sum), Some(squares)) = given else {
            let missing = match given {
                (None, ..) => "n",
                (_, None, _) => "sum",
                _ => "sum_squares",
            };
            return Err(place(format!("there is no `{missing}`")));
        };
        if n < 2.0 {
            return Err(place(
                "a spread needs two units or more: merge the stratum with another".to_owned(),
            ));
        }
        if kind == MetricKind::Proportion && !(0.0..=n).contains(&sum) {
            return Err(place(format!("{sum} events among {n} units is no proportion")));
        }
        Moments::of(n, sum, squares)
            .ok_or_else(|| place("the sum of squares is smaller than the sum allows".to_owned()))
    }

    fn in_strata(&self, place: Option<(&str, &str)>, reason: String) -> Obstacle {
        let strata = self.pointer().join("strata");
        let pointer: Pointer = match place {
            Some((stratum, arm)) => strata.join(stratum).join(arm),
            None => strata,
        };
        Obstacle { pointer, reason }
    }
}
