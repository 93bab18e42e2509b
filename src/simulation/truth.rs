//! What is true in a scenario: how far each metric moves in the treatments.

use crate::language::values::Effect;
use crate::language::{Direction, Role, Test};
use crate::resolve::{Experiment, Metric};

/// How a metric of a treatment differs from control. Signs are those of the value, not turned by what is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Change {
    /// Not at all.
    None,
    /// By a share of control's value; of a time to an event, of its hazard.
    Relative(f64),
    /// By an amount in the metric's unit.
    Absolute(f64),
}

impl Change {
    /// A change of this size in the beneficial direction of a metric; a negative one does harm.
    fn of(metric: &Metric, effect: Effect, times: f64) -> Self {
        let sign = if metric.direction() == Some(Direction::Decrease) {
            -1.0
        } else {
            1.0
        };
        match effect {
            Effect::Relative(share) => Self::Relative(times * sign * share.get()),
            Effect::Absolute(amount) => Self::Absolute(times * sign * amount.value()),
        }
    }

    /// The same change of which only a share arrives.
    pub(super) fn diluted(self, reach: f64) -> Self {
        match self {
            Self::None => Self::None,
            Self::Relative(share) => Self::Relative(reach * share),
            Self::Absolute(amount) => Self::Absolute(reach * amount),
        }
    }

    /// The change of an arm that has it so many times, as in the cells of a factorial design: shares compound, amounts add up.
    pub(super) fn times(self, often: u32) -> Self {
        match self {
            _ if often == 0 => Self::None,
            Self::None => Self::None,
            Self::Relative(share) => Self::Relative((f64::from(often) * share.ln_1p()).exp_m1()),
            Self::Absolute(amount) => Self::Absolute(f64::from(often) * amount),
        }
    }

    /// The same as what it adds to the mean logarithm of values, where control's is `control`.
    pub(super) fn of_logarithm(self, control: f64) -> Self {
        match self {
            Self::None => Self::None,
            Self::Relative(share) => Self::Absolute(share.ln_1p()),
            Self::Absolute(amount) => Self::Absolute((amount / control.exp()).ln_1p()),
        }
    }

    /// The value of a treatment where control has `baseline`.
    pub(super) fn applied(self, baseline: f64) -> f64 {
        match self {
            Self::None => baseline,
            Self::Relative(share) => baseline + share * baseline.abs(),
            Self::Absolute(amount) => baseline + amount,
        }
    }
}

/// A truth that a scenario is drawn under.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum World {
    /// Nothing has an effect, but for metrics whose effect must beat a margin: those have exactly that.
    NoEffect,
    /// Every superiority primary moves by its MDE.
    Mde,
    /// As [`World::Mde`], and this metric is worse by exactly the margin it must keep.
    Harm(String),
    /// As stated: changes by metric, and no change of the others.
    Stated(Vec<(String, Change)>),
}

impl World {
    /// The worlds that a spec asks about: no effect, the MDE, and harm to each metric that must keep a margin.
    pub(super) fn of(experiment: &Experiment) -> Vec<Self> {
        let mut worlds = vec![Self::NoEffect];
        if experiment.superiority_primaries().next().is_some() {
            worlds.push(Self::Mde);
        }
        worlds.extend(
            experiment
                .non_inferiority_metrics()
                .map(|metric| Self::Harm(metric.id.clone())),
        );
        worlds
    }

    /// The world that sizes are solved for.
    pub(super) fn planned(experiment: &Experiment) -> Self {
        match experiment.superiority_primaries().next() {
            Some(_) => Self::Mde,
            None => Self::NoEffect,
        }
    }

    /// How a metric of a treatment differs from control.
    pub(super) fn change(&self, metric: &Metric) -> Change {
        let improves = metric.role == Role::Primary && metric.test() == Test::Superiority;
        match (self, metric.effect()) {
            (Self::Stated(changes), _) => changes
                .iter()
                .find(|(id, _)| *id == metric.id)
                .map_or(Change::None, |(_, change)| *change),
            (Self::Harm(id), Some(margin)) if *id == metric.id => Change::of(metric, margin, -1.0),
            (Self::Mde | Self::Harm(_), Some(mde)) if improves => Change::of(metric, mde, 1.0),
            (Self::NoEffect, _) => metric
                .margin_to_beat
                .map_or(Change::None, |margin| Change::of(metric, margin, 1.0)),
            _ => Change::None,
        }
    }
}
