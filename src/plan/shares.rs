//! From what one comparison needs to what the experiment needs: units over all arms, whole units, whole clusters.

use super::sizing::{Sizing, Stage};
use crate::language::DesignKind;
use crate::resolve::{Arm, Experiment};
use crate::stats::SampleSize;

/// How units come to the arms of an experiment.
#[derive(Debug, Clone)]
pub(super) enum Shares {
    /// Each unit is in one arm.
    Split {
        /// Control's share.
        control: f64,
        /// The shares of all arms in the order of the spec, control's too.
        all: Vec<f64>,
        /// Units in a cluster, where whole clusters get an arm.
        cluster: Option<f64>,
    },
    /// Each unit passes every arm.
    Together {
        /// How many arms there are, control too.
        arms: usize,
    },
}

impl Shares {
    pub(super) fn of(experiment: &Experiment, control: &Arm) -> Self {
        let design = experiment.spec.design.as_ref();
        match design.and_then(|design| design.kind) {
            Some(DesignKind::Paired | DesignKind::Interleaving) => Self::Together {
                arms: experiment.arms.len(),
            },
            kind => Self::Split {
                control: control.share.to_f64(),
                all: experiment.arms.iter().map(|arm| arm.share.to_f64()).collect(),
                cluster: design
                    .filter(|_| kind == Some(DesignKind::Cluster))
                    .and_then(|design| design.cluster.as_ref()?.mean_size),
            },
        }
    }

    /// Units over all arms, real, so that control gets what the comparison needs.
    ///
    /// INVARIANT: sizes are solved at the ratio of the shares, so the other arm gets what it needs as well.
    pub(super) fn total(&self, sizing: &Sizing<'_>, stage: Stage, need: SampleSize) -> f64 {
        match self {
            Self::Split { control, .. } => need.control() / control,
            Self::Together { .. } if sizing.units_pass_both(stage) => need.control(),
            // Before units are shared, every arm has units of its own.
            Self::Together { arms } => need.control() + (*arms as f64 - 1.0) * need.treatment(),
        }
    }

    /// Units over all arms when every arm is rounded up.
    pub(super) fn rounded(&self, total: f64) -> u64 {
        match self {
            Self::Split { all, cluster, .. } => all.iter().map(|share| rounded(share * total, *cluster)).sum(),
            Self::Together { .. } => whole(total),
        }
    }

    /// Whole units of one arm at a total.
    pub(super) fn arm(&self, arm: &Arm, total: f64) -> u64 {
        match self {
            Self::Split { cluster, .. } => rounded(arm.share.to_f64() * total, *cluster),
            Self::Together { .. } => whole(total),
        }
    }

    /// Share of all units that an arm has.
    pub(super) fn share(&self, arm: &Arm) -> f64 {
        match self {
            Self::Split { .. } => arm.share.to_f64(),
            Self::Together { .. } => 1.0,
        }
    }

    /// The two arms of a comparison at a total.
    pub(super) fn pair(&self, arm: &Arm, total: Option<f64>) -> Option<SampleSize> {
        let total = total?;
        match self {
            Self::Split { control, .. } => SampleSize::new(control * total, arm.share.to_f64() * total),
            Self::Together { .. } => SampleSize::equal(total),
        }
        .ok()
    }

    /// The same on the whole units that each arm really gets.
    pub(super) fn rounded_pair(&self, arm: &Arm, total: Option<f64>) -> Option<SampleSize> {
        let total = total?;
        match self {
            Self::Split { control, cluster, .. } => {
                let units = |share: f64| rounded(share * total, *cluster) as f64;
                SampleSize::new(units(*control), units(arm.share.to_f64()))
            }
            Self::Together { .. } => SampleSize::equal(whole(total) as f64),
        }
        .ok()
    }

    /// Units in control at a total: a real number.
    pub(super) fn in_control(&self, total: f64) -> f64 {
        match self {
            Self::Split { control, .. } => control * total,
            Self::Together { .. } => total,
        }
    }
}

/// Whole units of an arm; with clusters, the units of whole clusters.
pub(super) fn rounded(units: f64, cluster: Option<f64>) -> u64 {
    match cluster {
        None => whole(units),
        Some(size) => whole(whole(units / size) as f64 * size),
    }
}

/// Whole units, rounded up; a real need that is a whole number but for the last bits of a float is that number.
pub(super) fn whole(units: f64) -> u64 {
    let nearest = units.round();
    if (units - nearest).abs() <= 1e-12 * units.abs() {
        nearest as u64
    } else {
        units.ceil() as u64
    }
}
