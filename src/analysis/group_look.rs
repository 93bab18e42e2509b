//! One of several planned looks: where it came out, and the boundary that it is held against.

use super::monitoring::Purpose;
use super::results::Look;
use crate::language;
use crate::plan::{self, efficacy_boundary, spending};
use crate::resolve::Experiment;
use crate::stats::{
    Alpha, Boundary, Futility, Level, Looks, Power, SequentialDesign, SequentialPlan, Sides, Spending, StatsError,
};

/// One of several planned looks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupLook {
    /// Shares of information of all looks, as planned.
    planned: Vec<f64>,
    placed: Placed,
    efficacy: Boundary,
    futility: Option<Futility>,
    guardrails: Option<Spending>,
    /// The power that the design is solved for: that of the plan.
    power: Power,
    /// Boundaries that were solved beforehand.
    solved: Vec<(Level, Purpose, Bounds)>,
}

/// The looks of a design with this one where it came out.
#[derive(Debug, Clone, PartialEq)]
struct Placed {
    /// Shares of information of all looks: earlier ones as planned, later ones too, the last at 1.
    fractions: Vec<f64>,
    /// For each look the planned information whose alpha it may have used up. A function of the information has used up what
    /// it gives there; a shape what it has by the planned look, and on a line between planned looks.
    spent_at: Vec<f64>,
    /// Which look this is, from 0.
    position: usize,
}

/// Critical values of a look, on the z scale, in the beneficial direction.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bounds {
    /// Infinite where nothing is spent.
    efficacy: f64,
    /// `None` without a futility rule, and at the last look.
    futility: Option<f64>,
}

impl GroupLook {
    pub(super) fn of(
        experiment: &Experiment,
        declared: &language::Sequential,
        look: Option<Look>,
    ) -> Result<Self, String> {
        let planned: Vec<f64> = match declared.looks.as_ref() {
            None => return Err("the spec plans looks and does not say when".to_owned()),
            Some(language::Looks::Count(count)) => (1..=*count).map(|k| f64::from(k) / f64::from(*count)).collect(),
            Some(language::Looks::Shares(shares)) => shares.iter().map(|share| share.get()).collect(),
        };
        let Some(look) = look else {
            return Err(format!(
                "the spec plans {} looks and the results have no `look` that says which this is",
                planned.len()
            ));
        };
        let placed = Placed::of(&planned, look)?;
        let function = |of: Option<language::Spending>, gamma: Option<f64>, rho: Option<f64>| {
            of.map(|of| spending(of, gamma, rho)).transpose()
        };
        let futility = match &declared.futility {
            None => None,
            Some(futility) => function(futility.spending, futility.gamma, futility.rho)?.map(|spending| Futility {
                spending,
                binding: futility.binding.unwrap_or(false),
            }),
        };
        let guardrails = match &declared.guardrails {
            None => None,
            Some(own) => function(own.spending, own.gamma, own.rho)?,
        };
        Ok(Self {
            planned,
            placed,
            efficacy: efficacy_boundary(declared)?,
            futility,
            guardrails,
            power: Power::new(plan::target_power(experiment)).map_err(|error| error.to_string())?,
            solved: Vec::new(),
        })
    }

    /// How many looks there are.
    pub(super) fn count(&self) -> usize {
        self.placed.fractions.len()
    }

    /// Which look this is, from 1.
    pub(super) fn number(&self) -> usize {
        self.placed.position + 1
    }

    pub(super) fn is_last(&self) -> bool {
        self.number() == self.count()
    }

    /// Share of the final information.
    pub(super) fn information(&self) -> f64 {
        self.placed.fractions.get(self.placed.position).copied().unwrap_or(1.0)
    }

    /// Whether guardrails have alpha of their own at looks.
    pub(super) fn guardrails_spend(&self) -> bool {
        self.guardrails.is_some()
    }

    /// The critical value of a win at this look; infinite where nothing is spent.
    ///
    /// # Errors
    /// When the boundary cannot be computed.
    pub(super) fn efficacy(&self, level: Level, purpose: Purpose) -> Result<f64, StatsError> {
        Ok(self.bounds(level, purpose)?.efficacy)
    }

    /// The critical value of futility at this look; `None` without such a rule, and at the last.
    ///
    /// # Errors
    /// When the boundary cannot be computed.
    pub(super) fn futility(&self, level: Level) -> Result<Option<f64>, StatsError> {
        match self.futility {
            Some(_) => Ok(self.bounds(level, Purpose::Efficacy)?.futility),
            None => Ok(None),
        }
    }

    /// Solves the boundaries at a level once, for many results.
    ///
    /// # Errors
    /// When a boundary cannot be computed.
    pub(super) fn prepare(&mut self, level: Level, purpose: Purpose) -> Result<(), StatsError> {
        let bounds = self.bounds(level, purpose)?;
        self.solved.push((level, purpose, bounds));
        Ok(())
    }

    fn bounds(&self, level: Level, purpose: Purpose) -> Result<Bounds, StatsError> {
        let before = self.solved.iter().find(|(at, of, _)| *at == level && *of == purpose);
        match before {
            Some((.., bounds)) => Ok(*bounds),
            None => self.solve(level, purpose),
        }
    }

    fn solve(&self, level: Level, purpose: Purpose) -> Result<Bounds, StatsError> {
        let futility = self.futility.filter(|_| purpose == Purpose::Efficacy);
        let boundary = match (purpose, self.guardrails) {
            (Purpose::Safety, Some(own)) => Boundary::Spending(own),
            (Purpose::Safety | Purpose::Efficacy | Purpose::Display, _) => self.efficacy.clone(),
        };
        let fractions = &self.placed.fractions;
        let design = match boundary {
            Boundary::Spending(_) => self.design(fractions, boundary, futility, level)?,
            shape => {
                let planned = self.design(&self.planned, shape, futility, level)?;
                if *fractions == self.planned {
                    planned
                } else {
                    let spent = self.placed.spent(&planned);
                    self.design(fractions, Boundary::Cumulative(spent), futility, level)?
                }
            }
        };
        let here = |bounds: &Vec<f64>| bounds.get(self.placed.position).copied();
        Ok(Bounds {
            efficacy: here(&design.efficacy).unwrap_or(f64::INFINITY),
            futility: design
                .futility
                .as_ref()
                .and_then(here)
                .filter(|bound| bound.is_finite() && !self.is_last()),
        })
    }

    /// The design of the plan: with futility that of one side, whose efficacy is lowered where futility is binding. The other
    /// side has the same; it spends no more, as the runs that could cross it late have stopped early.
    fn design(
        &self,
        fractions: &[f64],
        boundary: Boundary,
        futility: Option<Futility>,
        level: Level,
    ) -> Result<SequentialDesign, StatsError> {
        let looks = Looks::at(fractions)?;
        let plan = match futility {
            None => SequentialPlan::new(looks, level, boundary)?,
            Some(futility) => {
                let one_sided = Level::new(Alpha::new(level.tail())?, Sides::One);
                SequentialPlan::new(looks, one_sided, boundary)?.with_futility(futility)?
            }
        };
        plan.solve(self.power)
    }
}

impl Placed {
    /// Where a look is among the planned ones.
    fn of(planned: &[f64], look: Look) -> Result<Self, String> {
        let count = planned.len();
        let position = match (look.number, look.information) {
            (Some(number), _) => (number as usize)
                .checked_sub(1)
                .filter(|position| *position < count)
                .ok_or_else(|| format!("the results are of look {number} and the spec plans {count}"))?,
            (None, Some(information)) => planned
                .iter()
                .position(|share| *share >= information - NEAR)
                .unwrap_or(count.saturating_sub(1)),
            (None, None) => return Err("`look` says neither its `number` nor its `information`".to_owned()),
        };
        let mut placed = Self {
            fractions: planned.to_vec(),
            spent_at: planned.to_vec(),
            position,
        };
        let last = position + 1 == count;
        if let (Some(information), false) = (look.information, last) {
            let before = position
                .checked_sub(1)
                .and_then(|at| planned.get(at))
                .copied()
                .unwrap_or(0.0);
            if information <= before || information >= 1.0 {
                return Err(format!(
                    "look {} has {information} of the information, which is not between that of its neighbours",
                    position + 1
                ));
            }
            let later = planned
                .iter()
                .skip(position + 1)
                .filter(|share| **share > information + NEAR);
            // Without its number the look is known by its information alone.
            let planned_here = planned.get(position).copied().filter(|_| look.number.is_some());
            placed.fractions.truncate(position);
            placed.spent_at.truncate(position);
            placed.fractions.push(information);
            placed.spent_at.push(planned_here.unwrap_or(information));
            placed.fractions.extend(later.clone());
            placed.spent_at.extend(later);
        }
        Ok(placed)
    }

    /// The alpha that a shape, solved for the planned looks, has used up by each look.
    fn spent(&self, planned: &SequentialDesign) -> Vec<f64> {
        self.spent_at
            .iter()
            .map(|&at| {
                let mut below = (0.0, 0.0);
                for (&share, &alpha) in planned.looks.iter().zip(&planned.cumulative_alpha) {
                    if share >= at {
                        return below.1 + (alpha - below.1) * (at - below.0) / (share - below.0);
                    }
                    below = (share, alpha);
                }
                below.1
            })
            .collect()
    }
}

/// Shares of information this close are the same look.
const NEAR: f64 = 1e-4;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PLANNED: [f64; 3] = [0.3, 0.65, 1.0];

    fn look(number: Option<u32>, information: Option<f64>) -> Look {
        Look { number, information }
    }

    fn placed(look: Look) -> (Vec<f64>, usize) {
        let placed = Placed::of(&[0.25, 0.5, 1.0], look).unwrap();
        (placed.fractions, placed.position)
    }

    #[test]
    fn a_look_is_placed_among_the_planned_ones() {
        let planned = vec![0.25, 0.5, 1.0];
        assert_eq!(placed(look(Some(2), None)), (planned.clone(), 1));
        assert_eq!(placed(look(Some(2), Some(0.4))), (vec![0.25, 0.4, 1.0], 1));
        assert_eq!(placed(look(None, Some(0.5))).1, 1);
        // More than was planned at the end is still the end.
        assert_eq!(placed(look(None, Some(1.1))), (planned.clone(), 2));
        for nowhere in [look(Some(4), None), look(Some(2), Some(0.1)), look(None, None)] {
            assert!(Placed::of(&planned, nowhere).is_err());
        }
    }

    fn of(efficacy: Boundary, look: Look) -> GroupLook {
        GroupLook {
            planned: PLANNED.to_vec(),
            placed: Placed::of(&PLANNED, look).unwrap(),
            efficacy,
            futility: None,
            guardrails: None,
            power: Power::new(0.8).unwrap(),
            solved: Vec::new(),
        }
    }

    /// Critical values at the planned looks, and where look 2 came at 50% instead of 65%: by its number it keeps the alpha that
    /// the shape has used up by look 2, by its information the part of it on the line between looks 1 and 2. From a recursion
    /// with Simpson's rule on 801 points and scipy's `brentq`.
    #[test]
    fn a_shape_keeps_the_alpha_that_it_has_used_up() {
        let level = Level::two_sided(0.05).unwrap();
        let second =
            |boundary: &Boundary, look: Look| of(boundary.clone(), look).efficacy(level, Purpose::Efficacy).unwrap();
        let shapes = [
            (Boundary::HaybittlePeto(3.0), 3.0, 2.969_609_2),
            (Boundary::WangTsiatis(0.25), 2.313_986_5, 2.298_949_0),
        ];
        for (shape, planned, by_number) in &shapes {
            for (given, want) in [
                (look(Some(2), None), *planned),
                (look(Some(2), Some(0.65)), *planned),
                (look(None, Some(0.65)), *planned),
                (look(Some(2), Some(0.5)), *by_number),
            ] {
                let found = second(shape, given);
                assert!((found - want).abs() < 1e-6, "{shape:?} {given:?}: {found}");
            }
        }
        let between = second(&shapes[1].0, look(None, Some(0.5)));
        assert!((between - 2.485_657_6).abs() < 1e-6, "{between}");
    }

    /// The last look comes at the end, whatever came before it: all of alpha is used up there.
    #[test]
    fn the_last_look_is_that_of_the_plan() {
        let level = Level::two_sided(0.05).unwrap();
        let last = of(Boundary::HaybittlePeto(3.0), look(Some(3), None));
        let found = last.efficacy(level, Purpose::Efficacy).unwrap();
        assert!((found - 1.976_578_5).abs() < 1e-6, "{found}");
    }

    /// A look that comes later than the next one was planned takes its place.
    #[test]
    fn a_look_that_passes_the_next_one_keeps_its_own_alpha() {
        let late = Placed::of(&[0.25, 0.5, 0.75, 1.0], look(Some(2), Some(0.8))).unwrap();
        assert_eq!(late.fractions, [0.25, 0.8, 1.0]);
        assert_eq!(late.spent_at, [0.25, 0.5, 1.0]);
    }
}
