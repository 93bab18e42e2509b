//! Group-sequential designs: efficacy boundaries, futility boundaries, and what they cost.

use super::super::error::{Result, StatsError, finite, require};
use super::super::input::{Level, Power, Sides};
use super::super::normal;
use super::super::solve::{Crossing, Search, probit};
use super::bounds::{Bounds, Operating, efficacy_bound, futility_bound, operating, walks};
use super::looks::Looks;
use super::spending::Spending;
use super::walk::Walk;

/// The shape of the efficacy boundary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Boundary {
    /// Alpha spent by a function of the information (Lan & DeMets 1983).
    Spending(Spending),
    /// Critical values C t^(Δ − ½) (Wang & Tsiatis 1987): Δ = 0 is O'Brien–Fleming, ½ is Pocock.
    WangTsiatis(f64),
    /// One critical value at all interim looks, the last one set so that alpha is used up (Haybittle 1971; Peto 1976).
    HaybittlePeto(f64),
}

/// Stopping early because the effect will not be shown. Only one-sided tests have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Futility {
    /// How beta is spent.
    pub spending: Spending,
    /// If true, stopping at the boundary is obligatory and the efficacy boundary is lowered in return; if false, the
    /// efficacy boundary ignores it and the type I error holds either way.
    pub binding: bool,
}

/// What to look for and when; [`Self::solve`] finds the boundaries.
///
/// ```
/// use abide::stats::{Boundary, Level, Looks, Power, SequentialPlan, Spending};
/// let plan = SequentialPlan::new(Looks::equal(5)?, Level::one_sided(0.025)?, Boundary::Spending(Spending::OBrienFleming))?;
/// let design = plan.solve(Power::new(0.9)?)?;
/// assert!((design.inflation - 1.023_078_26).abs() < 1e-7);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SequentialPlan {
    looks: Looks,
    level: Level,
    boundary: Boundary,
    futility: Option<Futility>,
}

/// A solved design. Critical values are on the z scale.
#[derive(Debug, Clone, PartialEq)]
pub struct SequentialDesign {
    /// Information fractions.
    pub looks: Vec<f64>,
    /// Efficacy critical values; infinite where nothing is spent.
    pub efficacy: Vec<f64>,
    /// Futility critical values, if any; the last equals the last efficacy value.
    pub futility: Option<Vec<f64>>,
    /// Alpha used up to each look, of one side.
    pub cumulative_alpha: Vec<f64>,
    /// Expected final z at which the power is reached.
    pub noncentrality: f64,
    /// Largest sample over that of the fixed design with the same level and power.
    pub inflation: f64,
    /// Under no effect.
    pub under_null: Operating,
    /// Under the effect the design is sized for.
    pub under_truth: Operating,
    sides: Sides,
}

impl SequentialPlan {
    /// Looks, total level and boundary.
    pub fn new(looks: Looks, level: Level, boundary: Boundary) -> Result<Self> {
        match boundary {
            Boundary::Spending(spending) => {
                spending.check()?;
            }
            Boundary::WangTsiatis(delta) => {
                require(
                    "delta of the Wang-Tsiatis boundary",
                    delta,
                    "between -1 and 1",
                    delta.abs() <= 1.0,
                )?;
            }
            Boundary::HaybittlePeto(z) => {
                require(
                    "interim critical value",
                    z,
                    "above 0 and at most 37",
                    z > 0.0 && z <= 37.0,
                )?;
            }
        }
        Ok(Self {
            looks,
            level,
            boundary,
            futility: None,
        })
    }

    /// The same with a futility boundary; the test must be one-sided.
    pub fn with_futility(self, futility: Futility) -> Result<Self> {
        futility.spending.check()?;
        if self.level.sides == Sides::Two {
            return Err(StatsError::no_solution("futility boundary", "the test is two-sided"));
        }
        Ok(Self {
            futility: Some(futility),
            ..self
        })
    }

    /// Boundaries, and the inflation of the sample that keeps `power`.
    pub fn solve(&self, power: Power) -> Result<SequentialDesign> {
        let binding = self.futility.is_some_and(|futility| futility.binding);
        let efficacy = if binding { Vec::new() } else { self.efficacy()? };
        let fixed = self.level.z() + power.z();
        if fixed <= 0.0 {
            return Err(StatsError::no_solution(
                "inflation",
                "any sample size reaches this power",
            ));
        }
        let reach = 2.0 * fixed;
        let bounds_at = |theta: f64| -> Result<Bounds> {
            Ok(match self.futility {
                None => Bounds {
                    efficacy: efficacy.clone(),
                    other: self.mirrored(&efficacy),
                },
                Some(futility) => self.with_beta_spent(futility, &efficacy, 1.0 - power.get(), theta)?,
            })
        };
        let search = Search {
            wanted: "inflation",
            start: 1.03 * fixed,
            floor: 0.999 * fixed,
            ceiling: 2.0 * fixed,
            slope: 1.0,
        };
        // Without futility the boundaries do not depend on the drift and one recursion serves all drifts.
        let fixed_bounds = if self.futility.is_none() {
            Some(bounds_at(fixed)?)
        } else {
            None
        };
        let fixed_walks = fixed_bounds.as_ref().map(|bounds| walks(&self.looks, bounds, reach));
        let found = search.crossing_on_line(|theta| {
            let reached = if let (Some(bounds), Some(walks)) = (&fixed_bounds, &fixed_walks) {
                self.operating(bounds, walks, theta).power
            } else {
                let bounds = bounds_at(theta)?;
                self.operating(&bounds, &walks(&self.looks, &bounds, reach), theta)
                    .power
            };
            Ok(probit(reached, 1.0 - reached) - power.z())
        })?;
        let Crossing::At(theta) = found else {
            return Err(StatsError::no_solution(
                "inflation",
                "the power is not reached within 4 times the fixed sample",
            ));
        };
        let bounds = bounds_at(theta)?;
        let solved = walks(&self.looks, &bounds, reach);
        let (under_null, under_truth) = (
            self.operating(&bounds, &solved, 0.0),
            self.operating(&bounds, &solved, theta),
        );
        // What is spent on paper: with non-binding futility the walk that ignores it.
        let spent = match self.futility {
            Some(Futility { binding: false, .. }) => {
                let plain = Bounds {
                    other: vec![f64::NEG_INFINITY; bounds.efficacy.len()],
                    efficacy: bounds.efficacy.clone(),
                };
                self.operating(&plain, &walks(&self.looks, &plain, 0.0), 0.0).efficacy
            }
            _ => under_null.efficacy.clone(),
        };
        let mut total = 0.0;
        let cumulative_alpha = spent
            .iter()
            .map(|step| {
                total += step;
                total
            })
            .collect();
        let futility = self.futility.map(|_| {
            let mut values = bounds.other.clone();
            if let (Some(last), Some(efficacy)) = (values.last_mut(), bounds.efficacy.last()) {
                *last = *efficacy;
            }
            values
        });
        Ok(SequentialDesign {
            looks: self.looks.0.clone(),
            efficacy: bounds.efficacy,
            futility,
            cumulative_alpha,
            noncentrality: theta,
            inflation: (theta / fixed).powi(2),
            under_null,
            under_truth,
            sides: self.level.sides,
        })
    }

    /// Efficacy critical values that ignore futility.
    fn efficacy(&self) -> Result<Vec<f64>> {
        let alpha = self.level.tail();
        match self.boundary {
            Boundary::Spending(spending) => {
                let mut walk = Walk::new();
                let (mut bounds, mut before) = (Vec::new(), 0.0);
                for (k, &t) in self.looks.0.iter().enumerate() {
                    let spent = spending.spent(alpha, t);
                    let bound = efficacy_bound(&walk, t, spent - before)?;
                    before = spent;
                    walk.advance(t, self.lower(bound), bound, self.looks.gap_after(k));
                    bounds.push(bound);
                }
                Ok(bounds)
            }
            Boundary::WangTsiatis(delta) => {
                let shape: Vec<f64> = self.looks.0.iter().map(|t| t.powf(delta - 0.5)).collect();
                let with = |c: f64| -> Vec<f64> { shape.iter().map(|s| c * s).collect() };
                let z = normal::upper_quantile(alpha);
                // Bonferroni over the looks bounds the constant.
                let most = normal::upper_quantile(alpha / shape.len() as f64) + 1e-9;
                let scale = shape.iter().copied().fold(1.0, f64::min);
                let search = Search {
                    wanted: "constant of the Wang-Tsiatis boundary",
                    start: z + 0.5 * (most - z),
                    floor: z - 1e-9,
                    ceiling: most / scale,
                    slope: z.max(1.0) * 1.2,
                };
                match search.crossing_on_line(|c| Ok((alpha / self.total_alpha(&with(c))).ln()))? {
                    Crossing::At(c) => Ok(with(c)),
                    Crossing::BelowFloor => Ok(with(z)),
                    Crossing::AboveCeiling => Err(StatsError::no_solution(search.wanted, "none keeps the level")),
                }
            }
            Boundary::HaybittlePeto(interim) => {
                let mut walk = Walk::new();
                let (mut spent, last) = (0.0, self.looks.0.len() - 1);
                let mut bounds = vec![interim; last];
                for (k, &t) in self.looks.0.iter().enumerate().take(last) {
                    spent += walk.above(t, interim, 0.0);
                    walk.advance(t, self.lower(interim), interim, self.looks.gap_after(k));
                }
                if spent >= alpha {
                    return Err(StatsError::no_solution(
                        "final critical value",
                        "the interim looks already spend all of alpha",
                    ));
                }
                bounds.push(efficacy_bound(&walk, 1.0, alpha - spent)?);
                Ok(bounds)
            }
        }
    }

    /// Type I error of one side.
    fn total_alpha(&self, efficacy: &[f64]) -> f64 {
        let bounds = Bounds {
            efficacy: efficacy.to_vec(),
            other: self.mirrored(efficacy),
        };
        self.operating(&bounds, &walks(&self.looks, &bounds, 0.0), 0.0).power
    }

    /// The lower end of the continuation region beside an efficacy value, without futility.
    fn lower(&self, efficacy: f64) -> f64 {
        if self.level.sides == Sides::Two {
            -efficacy
        } else {
            f64::NEG_INFINITY
        }
    }

    fn mirrored(&self, efficacy: &[f64]) -> Vec<f64> {
        efficacy.iter().map(|&bound| self.lower(bound)).collect()
    }

    /// Boundaries when beta is spent under drift `theta`; with binding futility the efficacy values follow along.
    fn with_beta_spent(&self, futility: Futility, efficacy: &[f64], beta: f64, theta: f64) -> Result<Bounds> {
        let alpha = self.level.tail();
        let mut walk = Walk::covering(theta);
        let mut bounds = Bounds {
            efficacy: Vec::new(),
            other: Vec::new(),
        };
        let (mut beta_before, mut alpha_before) = (0.0, 0.0);
        let last = self.looks.0.len() - 1;
        for (k, &t) in self.looks.0.iter().enumerate() {
            let upper = if let Some(&bound) = efficacy.get(k) {
                bound
            } else {
                let Boundary::Spending(spending) = self.boundary else {
                    return Err(StatsError::no_solution(
                        "efficacy boundary",
                        "binding futility needs a boundary by alpha spending",
                    ));
                };
                let spent = spending.spent(alpha, t);
                let step = spent - alpha_before;
                alpha_before = spent;
                efficacy_bound(&walk, t, step)?
            };
            let spent = futility.spending.spent(beta, t);
            let step = spent - beta_before;
            beta_before = spent;
            let lower = if k == last {
                f64::NEG_INFINITY
            } else {
                futility_bound(&walk, t, step, theta)?.min(upper)
            };
            bounds.efficacy.push(upper);
            bounds.other.push(lower);
            walk.advance(t, lower, upper, self.looks.gap_after(k));
        }
        Ok(bounds)
    }

    fn operating(&self, bounds: &Bounds, walks: &[Walk], theta: f64) -> Operating {
        operating(&self.looks.0, bounds, walks, theta, self.level.sides)
    }
}

impl SequentialDesign {
    /// How the design ends when the expected final z is `noncentrality` (0 without effect, negative for harm).
    pub fn operating(&self, noncentrality: f64) -> Result<Operating> {
        require(
            "noncentrality",
            finite("noncentrality", noncentrality)?,
            "between -25 and 25",
            noncentrality.abs() <= 25.0,
        )?;
        let other: Vec<f64> = match (&self.futility, self.sides) {
            (Some(futility), _) => futility.clone(),
            (None, Sides::Two) => self.efficacy.iter().map(|bound| -bound).collect(),
            (None, Sides::One) => vec![f64::NEG_INFINITY; self.efficacy.len()],
        };
        let bounds = Bounds {
            efficacy: self.efficacy.clone(),
            other,
        };
        let looks = Looks(self.looks.clone());
        let walks = walks(&looks, &bounds, noncentrality);
        Ok(operating(&self.looks, &bounds, &walks, noncentrality, self.sides))
    }
}
