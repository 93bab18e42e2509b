//! How the data may be looked at, and what that asks of an interval at this look.

use super::evidence::Critical;
use super::results::Look;
use crate::language::{self, SequentialMethod};
use crate::plan;
use crate::resolve::Experiment;
use crate::stats::{
    Alpha, Boundary, Futility, Level, Looks, Power, SequentialPlan, Sides, Spending, StatsError, normal,
};

/// The declared way of looking, at the look that the results are of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Monitoring {
    /// Once, at the end.
    Once,
    /// One of several planned looks.
    Group(GroupLook),
    /// At any time.
    AnyTime {
        /// Share of the final information.
        information: f64,
        /// Standard deviation of the mixing distribution, on the scale of the effect asked about.
        tau: Option<f64>,
    },
}

/// One of several planned looks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupLook {
    /// Shares of information of all looks, this one as it came out.
    fractions: Vec<f64>,
    /// Which look, from 0.
    position: usize,
    spending: Spending,
    futility: Option<Futility>,
    guardrails: Option<Spending>,
    /// The power that the design is solved for: that of the plan.
    power: Power,
    /// Boundaries that were solved beforehand.
    solved: Vec<(Level, Purpose, Bounds)>,
}

/// Critical values of a look, on the z scale, in the beneficial direction.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bounds {
    /// Infinite where nothing is spent.
    efficacy: f64,
    /// `None` without a futility rule, and at the last look.
    futility: Option<f64>,
}

/// What of an interval the alpha is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A superiority primary: spends the alpha of the design.
    Efficacy,
    /// A guardrail or a non-inferiority primary: spends its own alpha, where that is declared.
    Safety,
    /// Shown only.
    Display,
}

impl Monitoring {
    /// The way of looking that an experiment declares, at a look.
    ///
    /// # Errors
    /// A clause that says why the look cannot be placed in the design.
    pub(super) fn of(experiment: &Experiment, look: Option<Look>) -> Result<Self, String> {
        let Some(declared) = experiment.statistics.sequential.as_ref() else {
            return Ok(Self::Once);
        };
        match declared.method.unwrap_or(SequentialMethod::None) {
            SequentialMethod::None => Ok(Self::Once),
            SequentialMethod::Group => GroupLook::of(experiment, declared, look).map(Self::Group),
            SequentialMethod::AlwaysValid | SequentialMethod::Msprt => Ok(Self::AnyTime {
                information: look.and_then(|look| look.information).unwrap_or(1.0),
                tau: declared.tau,
            }),
        }
    }

    /// Whether more data are to come.
    pub(super) fn is_interim(&self) -> bool {
        match self {
            Self::Once => false,
            Self::Group(look) => !look.is_last(),
            Self::AnyTime { information, .. } => *information < 1.0,
        }
    }

    /// How many looks are planned, where they are.
    pub(super) fn looks(&self) -> Option<usize> {
        match self {
            Self::Group(look) => Some(look.fractions.len()),
            Self::Once | Self::AnyTime { .. } => None,
        }
    }

    /// Whether guardrails may be passed at this look: at the last one, or with alpha of their own.
    pub(super) fn guardrails_may_pass(&self) -> bool {
        match self {
            Self::Group(look) => look.is_last() || look.guardrails.is_some(),
            Self::Once | Self::AnyTime { .. } => true,
        }
    }

    /// How far an interval at `alpha` reaches at this look; `variance` is that of the estimate on the scale that is asked
    /// about.
    ///
    /// # Errors
    /// When the boundary cannot be computed.
    pub(super) fn critical(
        &self,
        level: Level,
        purpose: Purpose,
        variance: Option<f64>,
    ) -> Result<Critical, StatsError> {
        match (self, purpose) {
            (Self::Once, _) | (_, Purpose::Display) => Ok(Critical::Tail { tail: level.tail() }),
            // Without spending of their own guardrails are tested once, at the end; before it they can only be broken, and
            // at the boundary of the design, as harm looked for at every look is found by chance.
            (Self::Group(look), Purpose::Safety) if look.guardrails.is_none() && look.is_last() => {
                Ok(Critical::Tail { tail: level.tail() })
            }
            (Self::Group(look), Purpose::Efficacy | Purpose::Safety) => {
                let bound = look.bounds(level, purpose)?.efficacy;
                Ok(Critical::Tail {
                    tail: if bound.is_finite() { normal::sf(bound) } else { 0.0 },
                })
            }
            (Self::AnyTime { information, tau }, _) => {
                // The mixture is symmetric: one end of it holds at half its alpha.
                let alpha = 2.0 * level.tail();
                // A declared mixture is one of effects of the primary.
                let tau = tau.filter(|_| purpose == Purpose::Efficacy);
                match (tau, variance) {
                    (Some(tau), Some(variance)) if variance > 0.0 => Ok(Critical::Mixture {
                        alpha,
                        ratio: tau * tau / variance,
                    }),
                    _ => Critical::narrowest_at_the_end(alpha, *information),
                }
            }
        }
    }

    /// The critical value below which a one-sided z says that a win has become unlikely; `None` without such a rule.
    ///
    /// # Errors
    /// When the boundary cannot be computed.
    pub(super) fn futility(&self, level: Level) -> Result<Option<f64>, StatsError> {
        match self {
            Self::Group(look) if look.futility.is_some() => Ok(look.bounds(level, Purpose::Efficacy)?.futility),
            Self::Once | Self::Group(_) | Self::AnyTime { .. } => Ok(None),
        }
    }

    /// Share of the final information that the data hold.
    pub(super) fn information(&self) -> f64 {
        match self {
            Self::Once => 1.0,
            Self::Group(look) => look.fractions.get(look.position).copied().unwrap_or(1.0),
            Self::AnyTime { information, .. } => *information,
        }
    }

    /// Solves the boundaries at some levels once, for many results.
    ///
    /// # Errors
    /// When a boundary cannot be computed.
    pub(super) fn prepare(&mut self, levels: &[(Level, Purpose)]) -> Result<(), StatsError> {
        let Self::Group(look) = self else { return Ok(()) };
        for &(level, purpose) in levels {
            if purpose == Purpose::Efficacy || look.guardrails.is_some() || !look.is_last() {
                let bounds = look.bounds(level, purpose)?;
                look.solved.push((level, purpose, bounds));
            }
        }
        Ok(())
    }

    /// The look in words; empty where there is only one.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Once => String::new(),
            Self::Group(look) => format!(
                "look {} of {}, {} of the final information",
                look.position + 1,
                look.fractions.len(),
                crate::format::share(look.fractions.get(look.position).copied().unwrap_or(1.0))
            ),
            Self::AnyTime { information, .. } => format!(
                "looked at any time, {} of the final information",
                crate::format::share(*information)
            ),
        }
    }
}

impl GroupLook {
    fn of(experiment: &Experiment, declared: &language::Sequential, look: Option<Look>) -> Result<Self, String> {
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
        let (fractions, position) = placed(&planned, look)?;
        let spending = |of: Option<language::Spending>, gamma: Option<f64>, rho: Option<f64>| {
            of.map(|of| spending(of, gamma, rho)).transpose()
        };
        let Some(efficacy) = spending(declared.spending, declared.gamma, declared.rho)? else {
            return Err("the spec does not say how alpha is spent over looks".to_owned());
        };
        let futility = match &declared.futility {
            None => None,
            Some(futility) => spending(futility.spending, futility.gamma, futility.rho)?.map(|spending| Futility {
                spending,
                binding: futility.binding.unwrap_or(false),
            }),
        };
        let guardrails = match &declared.guardrails {
            None => None,
            Some(own) => spending(own.spending, own.gamma, own.rho)?,
        };
        Ok(Self {
            fractions,
            position,
            spending: efficacy,
            futility,
            guardrails,
            power: Power::new(plan::target_power(experiment)).map_err(|error| error.to_string())?,
            solved: Vec::new(),
        })
    }

    fn is_last(&self) -> bool {
        self.position + 1 == self.fractions.len()
    }

    fn bounds(&self, level: Level, purpose: Purpose) -> Result<Bounds, StatsError> {
        let before = self.solved.iter().find(|(at, of, _)| *at == level && *of == purpose);
        match before {
            Some((.., bounds)) => Ok(*bounds),
            None => self.solve(level, purpose),
        }
    }

    /// The boundaries of the plan: with futility those of one side, whose efficacy is lowered where futility is binding. The
    /// other side has the same; it spends no more, as the runs that could cross it late have stopped early.
    fn solve(&self, level: Level, purpose: Purpose) -> Result<Bounds, StatsError> {
        let looks = Looks::at(&self.fractions)?;
        let futility = self.futility.filter(|_| purpose == Purpose::Efficacy);
        let spending = match purpose {
            Purpose::Safety => self.guardrails.unwrap_or(self.spending),
            Purpose::Efficacy | Purpose::Display => self.spending,
        };
        let plan = match futility {
            None => SequentialPlan::new(looks, level, Boundary::Spending(spending))?,
            Some(futility) => {
                let one_sided = Level::new(Alpha::new(level.tail())?, Sides::One);
                SequentialPlan::new(looks, one_sided, Boundary::Spending(spending))?.with_futility(futility)?
            }
        };
        let design = plan.solve(self.power)?;
        let here = |bounds: &Vec<f64>| bounds.get(self.position).copied();
        Ok(Bounds {
            efficacy: here(&design.efficacy).unwrap_or(f64::INFINITY),
            futility: design
                .futility
                .as_ref()
                .and_then(here)
                .filter(|bound| bound.is_finite() && !self.is_last()),
        })
    }
}

/// The looks of the design with this one where it came out: earlier ones as planned, later ones too, the last at 1.
fn placed(planned: &[f64], look: Look) -> Result<(Vec<f64>, usize), String> {
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
    let mut fractions = planned.to_vec();
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
        fractions.truncate(position);
        fractions.push(information);
        fractions.extend(
            planned
                .iter()
                .skip(position + 1)
                .filter(|share| **share > information + NEAR),
        );
    }
    Ok((fractions, position))
}

/// Shares of information this close are the same look.
const NEAR: f64 = 1e-4;

fn spending(of: language::Spending, gamma: Option<f64>, rho: Option<f64>) -> Result<Spending, String> {
    match of {
        language::Spending::ObrienFleming => Ok(Spending::OBrienFleming),
        language::Spending::Pocock => Ok(Spending::Pocock),
        language::Spending::HwangShihDecani => gamma
            .map(Spending::HwangShihDeCani)
            .ok_or_else(|| "`hwang-shih-decani` spending needs its `gamma`".to_owned()),
        language::Spending::KimDemets => rho
            .map(Spending::Power)
            .ok_or_else(|| "`kim-demets` spending needs its `rho`".to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn look(number: Option<u32>, information: Option<f64>) -> Look {
        Look { number, information }
    }

    #[test]
    fn a_look_is_placed_among_the_planned_ones() {
        let planned = [0.25, 0.5, 1.0];
        assert_eq!(
            placed(&planned, look(Some(2), None)).unwrap(),
            (vec![0.25, 0.5, 1.0], 1)
        );
        assert_eq!(
            placed(&planned, look(Some(2), Some(0.4))).unwrap(),
            (vec![0.25, 0.4, 1.0], 1)
        );
        assert_eq!(placed(&planned, look(None, Some(0.5))).unwrap().1, 1);
        // More than was planned at the end is still the end.
        assert_eq!(placed(&planned, look(None, Some(1.1))).unwrap(), (planned.to_vec(), 2));
        assert!(placed(&planned, look(Some(4), None)).is_err());
        assert!(placed(&planned, look(Some(2), Some(0.1))).is_err());
        assert!(placed(&planned, look(None, None)).is_err());
    }
}
