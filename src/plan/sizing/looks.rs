//! Interim looks: what they cost, and the power that is left at a size.

use crate::language::{self, SequentialMethod};
use crate::plan::spending::{efficacy_boundary, spending};
use crate::stats::solve::Search;
use crate::stats::{
    Alpha, AsymptoticSequence, Boundary, Futility, Level, Looks, Power, SequentialDesign, SequentialPlan, Sides,
    Spending, StatsError, normal, tuning,
};

/// A sequential design solved for a level and a power.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Monitoring {
    kind: Kind,
    /// Largest sample over that of a single look.
    inflation: f64,
}

#[derive(Debug, Clone)]
enum Kind {
    Group(Box<SequentialDesign>),
    /// Monitored all the time; `noncentrality` is the drift of the whole sample.
    Always {
        sequence: AsymptoticSequence,
        noncentrality: f64,
    },
}

/// The sample size that always-valid sequences are tuned for, as a number of observations. Only ratios to it matter.
const REFERENCE_N: f64 = 1e6;

impl Monitoring {
    /// The design that a spec declares for superiority tests; `None` when it looks once.
    ///
    /// `tau_over_effect` is the standard deviation of the mixing distribution over the effect that is sized for; without
    /// it the mixture is the one that is best at the planned size.
    ///
    /// # Errors
    /// When a parameter is missing or out of range, or no design exists.
    pub(in crate::plan) fn of(
        declared: &language::Sequential,
        level: Level,
        power: Power,
        tau_over_effect: Option<f64>,
    ) -> Result<Option<Self>, StatsError> {
        match declared.method {
            None | Some(SequentialMethod::None) => Ok(None),
            Some(SequentialMethod::Group) => {
                let futility = match &declared.futility {
                    Some(futility) => Some(Futility {
                        spending: function(futility.spending, futility.gamma, futility.rho)?,
                        binding: futility.binding == Some(true),
                    }),
                    None => None,
                };
                Self::group(looks(declared)?, efficacy(declared)?, futility, level, power).map(Some)
            }
            // A mixture test of normal estimates rejects when its confidence sequence excludes zero (Robbins 1970).
            Some(SequentialMethod::AlwaysValid | SequentialMethod::Msprt) => {
                Self::always(level, power, tau_over_effect).map(Some)
            }
        }
    }

    /// The design of guardrails: at planned looks they have one only if the spec gives them spending of their own; where the
    /// run may end at any time, they are judged at any time too.
    pub(in crate::plan) fn of_guardrails(
        declared: &language::Sequential,
        level: Level,
        power: Power,
    ) -> Result<Option<Self>, StatsError> {
        match (declared.method, &declared.guardrails) {
            (Some(SequentialMethod::Group), Some(own)) => {
                let boundary = Boundary::Spending(function(own.spending, own.gamma, own.rho)?);
                Self::group(looks(declared)?, boundary, None, level, power).map(Some)
            }
            // Harm is looked for at the boundary of the design, which must exist at the alpha of guardrails.
            (Some(SequentialMethod::Group), None) => {
                let boundary = efficacy(declared)?;
                if !matches!(boundary, Boundary::Spending(_)) {
                    Self::group(looks(declared)?, boundary, None, level, power).map_err(|error| {
                        StatsError::no_solution(
                            "boundary of harm at looks",
                            format!("{error}; `sequential.guardrails` gives guardrails a spending of their own"),
                        )
                    })?;
                }
                Ok(None)
            }
            (Some(SequentialMethod::AlwaysValid | SequentialMethod::Msprt), _) => {
                Self::always(level, power, None).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn group(
        looks: Looks,
        boundary: Boundary,
        futility: Option<Futility>,
        level: Level,
        power: Power,
    ) -> Result<Self, StatsError> {
        let plan = match futility {
            None => SequentialPlan::new(looks, level, boundary)?,
            // Power counts one direction only, so the side that is not wanted may be left out where beta is spent.
            Some(futility) => {
                SequentialPlan::new(looks, Level::one_sided(level.tail())?, boundary)?.with_futility(futility)?
            }
        };
        let design = plan.solve(power)?;
        Ok(Self {
            inflation: design.inflation,
            kind: Kind::Group(Box::new(design)),
        })
    }

    fn always(level: Level, power: Power, tau_over_effect: Option<f64>) -> Result<Self, StatsError> {
        // A sequence has two sides; a one-sided test at alpha is one of its sides at twice that.
        let alpha = match level.sides {
            Sides::Two => level.alpha,
            Sides::One => Alpha::new(2.0 * level.alpha.get())?,
        };
        let fixed = normal::upper_quantile(0.5 * alpha.get());
        let mixture = |noncentrality: f64| match tau_over_effect {
            None => AsymptoticSequence::new(alpha, tuning(alpha, REFERENCE_N)?),
            // The mixing variance in squared standard errors of the whole sample is n ρ².
            Some(ratio) => AsymptoticSequence::new(alpha, ratio * noncentrality / REFERENCE_N.sqrt()),
        };
        let critical = |noncentrality: f64| Ok(mixture(noncentrality)?.ratio_to_fixed(REFERENCE_N)? * fixed);
        let search = Search {
            wanted: "sample size",
            start: fixed + 1.0 + power.z().max(0.0),
            floor: 1e-3,
            ceiling: 1e6,
            slope: 3.0,
        };
        let noncentrality = search.at_least_floor(
            |noncentrality| Ok(noncentrality - critical(noncentrality)? - power.z()),
            "the mixture is too narrow or too wide for this effect",
        )?;
        Ok(Self {
            inflation: (noncentrality / (level.z() + power.z())).powi(2),
            kind: Kind::Always {
                sequence: mixture(noncentrality)?,
                noncentrality,
            },
        })
    }

    /// Largest sample over that of a single look with the same level and power.
    pub(in crate::plan) fn inflation(&self) -> f64 {
        self.inflation
    }

    /// Power when the sample is `share` of the one the design is solved for.
    pub(in crate::plan) fn power_at(&self, share: f64) -> Result<f64, StatsError> {
        match &self.kind {
            Kind::Group(design) => Ok(design.operating(drift(design, share))?.power),
            Kind::Always {
                sequence,
                noncentrality,
            } => {
                // In units where the whole sample is the reference, its drift is the noncentrality.
                sequence.single_look_power(*noncentrality / REFERENCE_N.sqrt(), 1.0, share * REFERENCE_N)
            }
        }
    }

    /// The group design, where there is one.
    pub(in crate::plan) fn group_design(&self) -> Option<&SequentialDesign> {
        match &self.kind {
            Kind::Group(design) => Some(design),
            Kind::Always { .. } => None,
        }
    }
}

/// The drift of a design when the sample is `share` of the one it is solved for. What is out of reach of the recursion is won
/// at the first look that has a boundary.
pub(in crate::plan) fn drift(design: &SequentialDesign, share: f64) -> f64 {
    (design.noncentrality * share.sqrt()).min(25.0)
}

fn looks(declared: &language::Sequential) -> Result<Looks, StatsError> {
    match &declared.looks {
        None => Err(StatsError::no_solution("group design", "it does not say when it looks")),
        Some(language::Looks::Count(count)) => Looks::equal(*count as usize),
        Some(language::Looks::Shares(shares)) => {
            Looks::at(&shares.iter().map(|share| share.get()).collect::<Vec<f64>>())
        }
    }
}

fn efficacy(declared: &language::Sequential) -> Result<Boundary, StatsError> {
    efficacy_boundary(declared).map_err(|open| StatsError::no_solution("group design", open))
}

fn function(
    declared: Option<language::Spending>,
    gamma: Option<f64>,
    rho: Option<f64>,
) -> Result<Spending, StatsError> {
    declared
        .ok_or_else(|| "a spending function is missing".to_owned())
        .and_then(|of| spending(of, gamma, rho))
        .map_err(|open| StatsError::no_solution("group design", open))
}
