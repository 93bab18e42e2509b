//! Group-sequential designs: efficacy boundaries, futility boundaries, and what they cost.

use super::super::error::{Result, StatsError, finite, require};
use super::super::input::{Level, Power, Sides};
use super::super::solve::{Crossing, Search, probit};
use super::bounds::{Operating, Path};
use super::looks::Looks;
use super::shape::Beta;
use super::spending::Spending;

/// The critical value before the end that is usual in the design of Haybittle 1971 and Peto et al. 1976.
pub const INTERIM_Z: f64 = 3.0;

/// The shape of the efficacy boundary.
///
/// A shape is one of critical values at the planned looks. The alpha that it has used up by each of them,
/// [`SequentialDesign::cumulative_alpha`], is what [`Self::Cumulative`] keeps when a look comes early or late.
#[derive(Debug, Clone, PartialEq)]
pub enum Boundary {
    /// Alpha spent by a function of the information (Lan & DeMets 1983).
    Spending(Spending),
    /// Critical values C t^(Δ − ½) (Wang & Tsiatis 1987): Δ = 0 is O'Brien–Fleming, ½ is Pocock.
    WangTsiatis(f64),
    /// One critical value at all interim looks, the last one set so that alpha is used up (Haybittle 1971; Peto 1976).
    HaybittlePeto(f64),
    /// Alpha of one side that is used up by each look: as many as there are looks, rising, the last at most all of it.
    Cumulative(Vec<f64>),
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
    pub(super) looks: Looks,
    pub(super) level: Level,
    pub(super) boundary: Boundary,
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
        match &boundary {
            &Boundary::Spending(spending) => {
                spending.check()?;
            }
            &Boundary::WangTsiatis(delta) => {
                require(
                    "delta of the Wang-Tsiatis boundary",
                    delta,
                    "between -1 and 1",
                    delta.abs() <= 1.0,
                )?;
            }
            &Boundary::HaybittlePeto(z) => {
                require(
                    "interim critical value",
                    z,
                    "above 0 and at most 37",
                    z > 0.0 && z <= 37.0,
                )?;
            }
            Boundary::Cumulative(spent) => {
                require(
                    "number of cumulative alphas",
                    spent.len() as f64,
                    "that of the looks",
                    spent.len() == looks.0.len(),
                )?;
                let mut before = 0.0;
                for &alpha in spent {
                    require(
                        "cumulative alpha",
                        alpha,
                        "at least that of the look before, and at most all of it",
                        alpha >= before && alpha <= level.tail() * (1.0 + 1e-9),
                    )?;
                    before = alpha;
                }
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
        const WANTED: &str = "inflation";
        let fixed = self.level.z() + power.z();
        if fixed <= 0.0 {
            return Err(StatsError::no_solution(WANTED, "any sample size reaches this power"));
        }
        // Powers close to alpha cost many times the little that the fixed design needs.
        let most = 2.0 * fixed + 2.0;
        let sides = self.level.sides;
        let binding = self.futility.is_some_and(|futility| futility.binding);
        // Efficacy that ignores futility: one path that serves all drifts.
        let plain = if binding {
            None
        } else {
            Some(self.without_futility(most)?)
        };
        let with_futility = |futility: Futility, theta: f64| -> Result<Path> {
            let beta = Beta {
                spending: futility.spending,
                whole: 1.0 - power.get(),
                drift: theta,
            };
            match &plain {
                Some(path) => self.with_beta_spent(&path.efficacy, beta, most),
                None => self.with_binding_futility(beta, most),
            }
        };
        let search = Search {
            wanted: WANTED,
            start: 1.03 * fixed,
            floor: 0.999 * fixed,
            ceiling: most,
            slope: 1.0,
        };
        let found = search.crossing_on_line(|theta| {
            let solved = self
                .futility
                .map(|futility| with_futility(futility, theta))
                .transpose()?;
            let Some(path) = solved.as_ref().or(plain.as_ref()) else {
                return Err(StatsError::no_solution(WANTED, "there is no boundary"));
            };
            let reached = path.operating(theta, sides).power;
            let miss = if reached < 0.9 { 1.0 - reached } else { path.miss(theta) };
            Ok(probit(reached, miss) - power.z())
        })?;
        let Crossing::At(theta) = found else {
            return Err(StatsError::no_solution(
                WANTED,
                "the power is not reached within many times the fixed sample",
            ));
        };
        let solved = self
            .futility
            .map(|futility| with_futility(futility, theta))
            .transpose()?;
        let Some(path) = solved.as_ref().or(plain.as_ref()) else {
            return Err(StatsError::no_solution(WANTED, "there is no boundary"));
        };
        // What is spent on paper: with non-binding futility, by the path that ignores it.
        let mut total = 0.0;
        let spent = plain.as_ref().unwrap_or(path).operating(0.0, sides).efficacy;
        let cumulative_alpha = spent.iter().map(|step| {
            total += step;
            total
        });
        let futility = self.futility.map(|_| {
            let mut values = path.other.clone();
            if let (Some(last), Some(efficacy)) = (values.last_mut(), path.efficacy.last()) {
                *last = *efficacy;
            }
            values
        });
        Ok(SequentialDesign {
            looks: self.looks.0.clone(),
            efficacy: path.efficacy.clone(),
            futility,
            cumulative_alpha: cumulative_alpha.collect(),
            noncentrality: theta,
            inflation: (theta / fixed).powi(2),
            under_null: path.operating(0.0, sides),
            under_truth: path.operating(theta, sides),
            sides,
        })
    }
}

impl SequentialDesign {
    /// The same looks with other boundaries of efficacy; what else the design holds is of those it was solved for.
    #[must_use]
    pub fn with_efficacy(&self, efficacy: Vec<f64>) -> Self {
        Self {
            efficacy,
            ..self.clone()
        }
    }

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
        let looks = Looks(self.looks.clone());
        let bounds: Vec<(f64, f64)> = other.into_iter().zip(self.efficacy.iter().copied()).collect();
        let path = Path::trace(&looks, noncentrality, |k, _, _| {
            Ok(bounds.get(k).copied().unwrap_or((f64::NEG_INFINITY, f64::INFINITY)))
        })?;
        Ok(path.operating(noncentrality, self.sides))
    }
}
