//! What a judge who errs saw → what is true.

use super::super::evidence::Linear;
use super::{Case, Obstacle};
use crate::language::values::Fraction;

impl Case<'_> {
    /// The true proportions behind those that an imperfect judge saw (Rogan & Gladen 1978). The error rates count as they were
    /// validated: their uncertainty scales the difference by D²/J² · (variance of J).
    pub(super) fn unjudged(&self, seen: Linear) -> Result<Option<Linear>, Obstacle> {
        let Some(judge) = self.metric.declared.judge.as_ref() else {
            return Ok(None);
        };
        if !self.judge_errs() {
            return Ok(None);
        }
        let (sensitivity, specificity) = (share(judge.sensitivity), share(judge.specificity));
        let j = sensitivity + specificity - 1.0;
        if j <= 0.0 {
            return Err(self.obstacle("its judge is no better than chance, so nothing can be read from it"));
        }
        let spread =
            |share: f64, labels: Option<u64>| labels.map_or(0.0, |n| share * (1.0 - share) / (n as f64).max(1.0));
        let of_j = spread(sensitivity, judge.positives) + spread(specificity, judge.negatives);
        let truth = |seen: f64| (seen - (1.0 - specificity)) / j;
        let difference = truth(seen.arm) - truth(seen.control);
        Ok(Some(Linear {
            control: truth(seen.control),
            arm: truth(seen.arm),
            var_control: seen.var_control / (j * j),
            // The labels are shared by both arms: what they add to the difference is put on the arm.
            var_arm: (seen.var_arm + difference * difference * of_j) / (j * j),
            covariance: seen.covariance / (j * j),
            ..seen
        }))
    }

    /// Whether people label a share of what a judge reads, so that neither alone is the estimate.
    pub(super) fn takes_labels(&self) -> bool {
        let judge = self.metric.declared.judge.as_ref();
        judge.is_some_and(|judge| judge.label_share.is_some())
    }

    /// Whether a judge is declared to err.
    pub(super) fn judge_errs(&self) -> bool {
        let judge = self.metric.declared.judge.as_ref();
        judge.is_some_and(|judge| share(judge.sensitivity) < 1.0 || share(judge.specificity) < 1.0)
    }
}

fn share(value: Option<Fraction>) -> f64 {
    value.map_or(1.0, Fraction::get)
}
