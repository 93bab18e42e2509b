//! Critical values of efficacy for each shape of the boundary, beside whatever else ends a run.

use super::super::error::{Result, StatsError, shown};
use super::super::input::Sides;
use super::super::normal;
use super::super::solve::{Crossing, Search};
use super::bounds::{Path, efficacy_bound, futility_bound};
use super::design::{Boundary, SequentialPlan};
use super::spending::Spending;
use super::walk::Walk;

/// How beta is spent, and under which drift.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beta {
    pub(super) spending: Spending,
    /// All of it.
    pub(super) whole: f64,
    pub(super) drift: f64,
}

impl SequentialPlan {
    /// Critical values of efficacy that ignore futility, for drifts between 0 and `most`.
    pub(super) fn without_futility(&self, most: f64) -> Result<Path> {
        let two_sided = self.level.sides == Sides::Two;
        let lower = |_: usize, _: &Walk, upper: f64| Ok(if two_sided { -upper } else { f64::NEG_INFINITY });
        self.shaped(most, normal::upper_quantile(self.level.tail()), lower)
    }

    /// Given critical values of efficacy, with those of futility beside them.
    pub(super) fn with_beta_spent(&self, efficacy: &[f64], beta: Beta, most: f64) -> Result<Path> {
        Path::trace(&self.looks, most, |k, _, walk| {
            // INVARIANT: there are as many as looks.
            let upper = efficacy.get(k).copied().unwrap_or(f64::INFINITY);
            Ok((self.futility_value(beta, k, walk, upper)?, upper))
        })
    }

    /// Critical values of efficacy that count on runs being ended for futility: what cannot win any more leaves its alpha to the
    /// others, and the shape is kept.
    pub(super) fn with_binding_futility(&self, beta: Beta, most: f64) -> Result<Path> {
        self.shaped(most, LOWEST, |k, walk, upper| self.futility_value(beta, k, walk, upper))
    }

    /// The critical value of futility at look `k`; none at the last, where all that does not win ends.
    fn futility_value(&self, beta: Beta, k: usize, walk: &Walk, upper: f64) -> Result<f64> {
        let fractions = self.looks.fractions();
        let (Some(&t), true) = (fractions.get(k), k + 1 < fractions.len()) else {
            return Ok(f64::NEG_INFINITY);
        };
        let before = k.checked_sub(1).and_then(|before| fractions.get(before));
        let spent = |t: f64| beta.spending.spent(beta.whole, t);
        let step = spent(t) - before.map_or(0.0, |&t| spent(t));
        Ok(futility_bound(walk, t, step, beta.drift)?.min(upper))
    }

    /// Critical values of the declared shape that use up alpha where runs also end below `lower`, which follows from the look,
    /// the walk before it and the critical value of efficacy. The constant of a shape is at least `least`.
    fn shaped(&self, most: f64, least: f64, lower: impl Fn(usize, &Walk, f64) -> Result<f64>) -> Result<Path> {
        let alpha = self.level.tail();
        let last = self.looks.fractions().len() - 1;
        let beside = |k: usize, walk: &Walk, upper: f64| Ok((lower(k, walk, upper)?, upper));
        match &self.boundary {
            Boundary::Spending(spending) => {
                let mut before = 0.0;
                Path::trace(&self.looks, most, |k, t, walk| {
                    let spent = spending.spent(alpha, t);
                    let step = spent - before;
                    before = spent;
                    beside(k, walk, efficacy_bound(walk, t, step)?)
                })
            }
            Boundary::Cumulative(spent) => {
                let mut before = 0.0;
                Path::trace(&self.looks, most, |k, t, walk| {
                    // INVARIANT: there are as many as looks.
                    let spent = spent.get(k).copied().unwrap_or(alpha);
                    let step = spent - before;
                    before = spent;
                    beside(k, walk, efficacy_bound(walk, t, step)?)
                })
            }
            &Boundary::WangTsiatis(delta) => {
                let path =
                    |c: f64| Path::trace(&self.looks, most, |k, t, walk| beside(k, walk, c * t.powf(delta - 0.5)));
                let z = normal::upper_quantile(alpha);
                // Bonferroni over the looks bounds the constant, where the boundary is lowest.
                let fractions = self.looks.fractions();
                let highest = normal::upper_quantile(alpha / fractions.len() as f64) + 1e-9;
                let lowest = fractions.iter().map(|t| t.powf(delta - 0.5)).fold(1.0, f64::min);
                let search = Search {
                    wanted: "constant of the Wang-Tsiatis boundary",
                    start: z + 0.5 * (highest - z),
                    floor: least - 1e-9,
                    ceiling: highest / lowest,
                    slope: z.max(1.0) * 1.2,
                };
                let error = |c: f64| Ok((alpha / path(c)?.operating(0.0, self.level.sides).power).ln());
                match search.crossing_on_line(error)? {
                    Crossing::At(c) => path(c),
                    _ => Err(StatsError::no_solution(search.wanted, "none keeps the level")),
                }
            }
            &Boundary::HaybittlePeto(interim) => {
                let mut left = alpha;
                Path::trace(&self.looks, most, |k, t, walk| {
                    if k == last {
                        return beside(k, walk, efficacy_bound(walk, t, left)?);
                    }
                    left -= walk.above(t, interim, 0.0);
                    if left <= 0.0 {
                        let alpha = shown(alpha);
                        let reason = format!(
                            "looks at z = {interim} before the end spend all of the one-sided alpha of {alpha}, which a larger \
                             value there does not"
                        );
                        return Err(StatsError::no_solution("final critical value", reason));
                    }
                    beside(k, walk, interim)
                })
            }
        }
    }
}

/// Beside binding futility the constant of a shape may be far below the quantile of a single look, and is above this.
const LOWEST: f64 = 1e-3;
