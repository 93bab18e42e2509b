//! From what one comparison needs to what the experiment needs: units over all arms, whole units, whole clusters.

use super::sizing::{Sizing, Stage};
use crate::language::DesignKind;
use crate::resolve::{Arm, Contrast, Experiment};
use crate::stats::SampleSize;

/// How units come to the arms of an experiment.
#[derive(Debug, Clone)]
pub(super) enum Shares {
    /// Each unit is in one arm.
    Split {
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
    pub(super) fn of(experiment: &Experiment) -> Self {
        let design = experiment.spec.design.as_ref();
        match design.and_then(|design| design.kind) {
            Some(DesignKind::Paired | DesignKind::Interleaving) => Self::Together {
                arms: experiment.arms.len(),
            },
            kind => Self::Split {
                all: experiment.arms.iter().map(|arm| arm.share.to_f64()).collect(),
                cluster: design
                    .filter(|_| kind == Some(DesignKind::Cluster))
                    .and_then(|design| design.cluster.as_ref()?.mean_size),
            },
        }
    }

    /// Units over all arms, real, so that both sides of a contrast get what their comparison needs.
    ///
    /// INVARIANT: sizes are solved at the ratio of the shares, so what suffices for one side suffices for the other.
    pub(super) fn total(&self, contrast: &Contrast, sizing: &Sizing<'_>, stage: Stage, need: SampleSize) -> f64 {
        match self {
            Self::Split { .. } => need.control() / contrast.reference_share,
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

    /// Both sides of a contrast at a total.
    pub(super) fn pair(&self, contrast: &Contrast, total: Option<f64>) -> Option<SampleSize> {
        let total = total?;
        match self {
            Self::Split { .. } => SampleSize::new(contrast.reference_share * total, contrast.treated_share * total),
            Self::Together { .. } => SampleSize::equal(total),
        }
        .ok()
    }

    /// The same on the whole units that each arm really gets.
    pub(super) fn rounded_pair(&self, contrast: &Contrast, total: Option<f64>) -> Option<SampleSize> {
        let total = total?;
        match self {
            Self::Split { .. } => {
                let (reference, treated) = self.whole_pair(contrast, total);
                SampleSize::new(reference as f64, treated as f64)
            }
            Self::Together { .. } => SampleSize::equal(whole(total) as f64),
        }
        .ok()
    }

    /// Whole units on both sides of a contrast: of the reference, then of the treated arms.
    pub(super) fn whole_pair(&self, contrast: &Contrast, total: f64) -> (u64, u64) {
        match self {
            Self::Split { all, cluster } => {
                let share = |arm: &usize| all.get(*arm).copied().unwrap_or(0.0);
                let units = |arms: &[usize]| arms.iter().map(|arm| rounded(share(arm) * total, *cluster)).sum();
                (units(&contrast.reference), units(&contrast.treated))
            }
            Self::Together { .. } => (whole(total), whole(total)),
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
