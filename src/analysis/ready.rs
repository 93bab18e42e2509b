//! An experiment made ready to be analysed at a look: what does not depend on the data, computed once.
//!
//! `decide` makes one and reads one file with it; a simulation makes one per look and reads thousands of results.

use super::actions::Deciding;
use super::assess::{self, Assessment, Depth, Setting};
use super::collect;
use super::monitoring::Monitoring;
use super::results::{Look, Results};
use super::verdict::{EarlyRecord, QualityRecord};
use crate::decision::DecisionRule;
use crate::language::Decision;
use crate::resolve::{Experiment, Metric};
use crate::stats::Level;

/// An analysis, ready for results of one look.
pub(crate) struct Analysis<'a> {
    experiment: &'a Experiment,
    arms: Vec<&'a str>,
    metrics: Vec<&'a Metric>,
    /// Or why nothing can be assessed at this look.
    setting: Result<Setting, String>,
    rule: DecisionRule,
    depth: Depth,
    /// That the results are from before the end, where no look is planned.
    early: Option<EarlyRecord>,
}

impl<'a> Analysis<'a> {
    /// Everything that people read of every metric.
    pub(crate) fn in_full(experiment: &'a Experiment, look: Option<Look>) -> Self {
        Self::of(experiment, look, experiment.metrics.iter().collect(), Depth::Verdict)
    }

    /// What the decision reads of some of the metrics.
    pub(crate) fn for_decision(experiment: &'a Experiment, look: Option<Look>, metrics: Vec<&'a Metric>) -> Self {
        Self::of(experiment, look, metrics, Depth::Decision)
    }

    fn of(experiment: &'a Experiment, look: Option<Look>, metrics: Vec<&'a Metric>, depth: Depth) -> Self {
        let default = Decision::default();
        Self {
            experiment,
            arms: experiment
                .contrasts
                .iter()
                .map(|contrast| contrast.id.as_str())
                .collect(),
            metrics,
            setting: Setting::of(experiment, look),
            rule: DecisionRule::of(experiment.spec.decision.as_ref().unwrap_or(&default)),
            depth,
            early: None,
        }
    }

    /// The same for results that are known to be early, or not to be.
    pub(super) fn read_early(self, early: Option<EarlyRecord>) -> Self {
        Self { early, ..self }
    }

    /// How the data are looked at.
    ///
    /// # Errors
    /// Why the look cannot be placed or alpha not be shared out.
    pub(super) fn monitoring(&self) -> Result<&Monitoring, &str> {
        self.setting
            .as_ref()
            .map(|setting| &setting.monitoring)
            .map_err(String::as_str)
    }

    /// Why nothing can be assessed at this look.
    pub(crate) fn obstacle(&self) -> Option<&str> {
        self.setting.as_ref().err().map(String::as_str)
    }

    /// Every metric (outer) in every arm (inner).
    pub(super) fn assess(&self, results: &Results) -> Vec<Vec<Assessment<'a>>> {
        let setting = match &self.setting {
            Ok(setting) => setting,
            Err(reason) => {
                // INVARIANT: one half is a legal alpha; it stands where the declared one is not.
                let level = Level::two_sided(self.experiment.statistics.alpha).or_else(|_| Level::two_sided(0.5));
                return match level {
                    Ok(level) => assess::without_setting(&self.metrics, &self.arms, level, reason),
                    Err(_) => Vec::new(),
                };
            }
        };
        let collected = self
            .metrics
            .iter()
            .map(|&metric| {
                let of = results.metrics.get(&metric.id);
                let evidence = |contrast| collect::collect(self.experiment, metric, of, contrast);
                (metric, self.experiment.contrasts.iter().map(evidence).collect())
            })
            .collect();
        setting.assess_all(&self.arms, collected, self.depth)
    }

    /// What decides about an arm, by its position among the treatments.
    pub(super) fn deciding<'b>(
        &'b self,
        position: usize,
        quality: &'b QualityRecord,
        assessments: &'b [Vec<Assessment<'a>>],
    ) -> Deciding<'b> {
        Deciding {
            experiment: self.experiment,
            quality,
            monitoring: self.setting.as_ref().ok().map(|setting| &setting.monitoring),
            rule: &self.rule,
            depth: self.depth,
            early: self.early,
            arm: self.arms.get(position).copied().unwrap_or_default(),
            metrics: assessments.iter().filter_map(|metric| metric.get(position)).collect(),
        }
    }

    /// The experiment that is analysed.
    pub(super) fn experiment(&self) -> &'a Experiment {
        self.experiment
    }

    /// What is compared, in the order of the spec: arms with control, or levels of factors with control's.
    pub(crate) fn arms(&self) -> &[&'a str] {
        &self.arms
    }
}
