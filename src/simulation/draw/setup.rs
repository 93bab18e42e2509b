//! What all metrics of an experiment share: its arms, how units come to them, and what is otherwise than the plan takes it.

use super::blocks::Course;
use super::clusters::Sizes;
use super::stages::Trend;
use crate::language::{Design, DesignKind};
use crate::plan;
use crate::resolve::{Contrast, Experiment};
use crate::simulation::Conditions;

/// What all metrics of an experiment share.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Setup {
    pub(super) arms: usize,
    pub(super) control: usize,
    /// In how many comparisons each arm is on the treated side: of control none, of the cells of a factorial design as many as
    /// factors are not at control's level.
    pub(super) treated: Vec<u32>,
    /// Share of the units of each arm.
    pub(super) shares: Vec<f64>,
    pub(super) contrasts: Vec<Contrast>,
    pub(super) layout: Layout,
    pub(super) repeats: u32,
    pub(super) sizes: Option<Sizes>,
    /// Whether clusters get an arm as a whole, and are not just coarser than the analysis.
    pub(super) randomises_clusters: bool,
    pub(super) looks: usize,
    /// Share of an effect that reaches the units that are analysed.
    pub(super) reach: f64,
    /// Units that are drawn of each arm until the end.
    pub(super) ends: Vec<u64>,
    pub(super) trend: Option<Trend>,
    /// Standard deviation of treatments over that of control.
    pub(super) spread: f64,
}

/// How units come to the arms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Layout {
    /// Each unit is in one arm.
    Apart,
    /// Clusters of units are in one arm.
    Clusters,
    /// Each unit passes every arm.
    Together,
    /// Blocks of time, each in one arm.
    Blocks(Course),
}

impl Setup {
    /// The design of an experiment that is looked at so often.
    ///
    /// # Errors
    /// A clause that says what of it is not simulated.
    pub(in crate::simulation) fn of(experiment: &Experiment, looks: usize) -> Result<Self, String> {
        let default = Design::default();
        let design = experiment.spec.design.as_ref().unwrap_or(&default);
        let finer = design.analysis_unit.is_some() && design.analysis_unit != design.unit;
        let layout = match design.kind {
            Some(DesignKind::Paired | DesignKind::Interleaving) => Layout::Together,
            Some(DesignKind::Cluster) => Layout::Clusters,
            Some(DesignKind::Parallel | DesignKind::Factorial | DesignKind::Aa | DesignKind::Holdout) if finer => {
                Layout::Clusters
            }
            Some(DesignKind::Parallel | DesignKind::Factorial | DesignKind::Aa | DesignKind::Holdout) => Layout::Apart,
            Some(DesignKind::Switchback) => Layout::Blocks(Course::of(design)),
            Some(DesignKind::Bandit) => {
                return Err("a bandit is simulated by `abide plan`, which has no formula for it".to_owned());
            }
            None => return Err("the design has no kind".to_owned()),
        };
        let sizes = design.cluster.as_ref().and_then(|cluster| {
            Some(Sizes {
                mean: cluster.mean_size?,
                cv: cluster.size_cv.unwrap_or(0.0),
            })
        });
        let times_treated = |arm: usize| {
            let treated = experiment
                .contrasts
                .iter()
                .filter(|contrast| contrast.treated.contains(&arm));
            u32::try_from(treated.count()).unwrap_or(u32::MAX)
        };
        Ok(Self {
            arms: experiment.arms.len(),
            control: experiment.arms.iter().position(|arm| arm.control).unwrap_or(0),
            treated: (0..experiment.arms.len()).map(times_treated).collect(),
            shares: experiment.arms.iter().map(|arm| arm.share.to_f64()).collect(),
            contrasts: experiment.contrasts.clone(),
            layout,
            repeats: design.repeats.unwrap_or(1).max(1),
            sizes,
            randomises_clusters: design.kind == Some(DesignKind::Cluster),
            looks,
            reach: plan::reach(experiment).unwrap_or(1.0),
            ends: Vec::new(),
            trend: None,
            spread: 1.0,
        })
    }

    /// The same where not all is as the plan takes it, in a run that ends with so many analysis units of each arm.
    ///
    /// # Errors
    /// A clause that says what of it is not simulated.
    pub(in crate::simulation) fn under(
        self,
        conditions: Conditions,
        units: impl Iterator<Item = u64>,
    ) -> Result<Self, String> {
        let trend = Trend::of(conditions)?;
        let spread = conditions.spread.unwrap_or(1.0);
        if !(spread.is_finite() && spread > 0.0) {
            return Err("the standard deviation of treatments is to be above 0 times that of control".to_owned());
        }
        let apart = matches!(self.layout, Layout::Apart | Layout::Clusters);
        if (trend.moves() || conditions.spread.is_some()) && !apart {
            return Err("drift, fading and unequal variances are simulated where each unit is in one arm".to_owned());
        }
        let rows = self.rows_per_unit();
        Ok(Self {
            ends: units.map(|units| (units as f64 / rows).round() as u64).collect(),
            trend: Some(trend),
            spread,
            ..self
        })
    }

    /// Factor on the standard deviation of an arm.
    pub(super) fn spread_of(&self, arm: usize) -> f64 {
        if arm == self.control { 1.0 } else { self.spread }
    }

    /// How many analysis units a drawn unit holds: a cluster's, where clusters are drawn.
    pub(in crate::simulation) fn rows_per_unit(&self) -> f64 {
        match (self.layout, self.sizes) {
            (Layout::Clusters, Some(sizes)) => sizes.mean,
            _ => 1.0,
        }
    }

    /// Whether each unit passes every arm.
    pub(in crate::simulation) fn is_together(&self) -> bool {
        self.layout == Layout::Together
    }

    /// Whose units an arm takes with it when it ends.
    pub(in crate::simulation) fn ends(&self) -> Ends {
        if self.is_together() {
            Ends::SharedUnits
        } else if self.pools_arms() || matches!(self.layout, Layout::Blocks(_)) {
            Ends::AllArms
        } else {
            Ends::ArmByArm
        }
    }

    pub(super) fn pools_arms(&self) -> bool {
        self.contrasts.iter().any(Contrast::pools_arms)
    }

    /// How often a change arrives in an arm.
    pub(super) fn times_treated(&self, arm: usize) -> u32 {
        self.treated.get(arm).copied().unwrap_or(0)
    }
}

/// Whose units come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulation) enum Ends {
    /// Each arm has its own, and control goes on until the last arm ends.
    ArmByArm,
    /// Comparisons share arms, so all arms go on until the last comparison ends.
    AllArms,
    /// Every unit passes all arms.
    SharedUnits,
}
