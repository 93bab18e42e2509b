//! How the data may be looked at, and what that asks of an interval at this look.

use super::evidence::Critical;
use super::group_look::GroupLook;
use super::results::Look;
use crate::language::SequentialMethod;
use crate::resolve::Experiment;
use crate::stats::{Level, StatsError, normal};

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
            Self::Group(look) => Some(look.count()),
            Self::Once | Self::AnyTime { .. } => None,
        }
    }

    /// Whether guardrails may be passed at this look: at the last one, or with alpha of their own.
    pub(super) fn guardrails_may_pass(&self) -> bool {
        match self {
            Self::Group(look) => look.is_last() || look.guardrails_spend(),
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
            (Self::Group(look), Purpose::Safety) if !look.guardrails_spend() && look.is_last() => {
                Ok(Critical::Tail { tail: level.tail() })
            }
            (Self::Group(look), Purpose::Efficacy | Purpose::Safety) => {
                let bound = look.efficacy(level, purpose)?;
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
            Self::Group(look) => look.futility(level),
            Self::Once | Self::AnyTime { .. } => Ok(None),
        }
    }

    /// Share of the final information that the data hold.
    pub(super) fn information(&self) -> f64 {
        match self {
            Self::Once => 1.0,
            Self::Group(look) => look.information(),
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
            if purpose == Purpose::Efficacy || look.guardrails_spend() || !look.is_last() {
                look.prepare(level, purpose)?;
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
                look.number(),
                look.count(),
                crate::format::share(look.information())
            ),
            Self::AnyTime { information, .. } => format!(
                "looked at any time, {} of the final information",
                crate::format::share(*information)
            ),
        }
    }
}
