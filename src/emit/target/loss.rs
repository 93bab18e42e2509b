//! What a target cannot express of an experiment.

use super::context::{Context, Loss};
use super::enrolment::Unfit;
use super::feature::{Feature, Need};
use super::manifest::{Manifest, SplitOf};
use super::split::{Whole, ratio, whole};
use crate::format;
use crate::language::AcceptedLoss;
use crate::language::values::Decimal;
use crate::resolve::Experiment;

/// Everything lost, in the order of the features.
pub(super) fn losses(
    needs: &[Need],
    context: &Context,
    (split, unfit): (Option<&Numbers>, &[Unfit]),
    manifest: &Manifest,
    accepted: &[AcceptedLoss],
) -> Vec<Loss> {
    let mut found: Vec<Loss> = Vec::new();
    let mut add = |need: &Need, instead: &str, changes: bool| {
        let because = accepted.iter().find(|entry| {
            entry.loss == need.feature.as_str()
                && entry.experiment.as_ref().is_none_or(|id| *id == context.experiment.id)
        });
        found.push(Loss {
            feature: need.feature.to_string(),
            at: need.at.clone(),
            what: need.what.clone(),
            instead: instead.to_owned(),
            changes_experiment: changes && need.decisive,
            accepted: because.map(|entry| format!("{}: {}", entry.by, entry.because)),
        });
    };
    if let Some(numbers) = split.filter(|numbers| !numbers.whole.exact) {
        add(&numbers.need(context), &numbers.nearest(context), true);
    }
    for (need, nearest) in unfit {
        add(need, nearest, true);
    }
    // Only an exclusive layer keeps units out of the other experiments.
    let exclusive = context.traffic.layer.as_ref().is_some_and(|layer| layer.exclusive);
    let asked = needs.iter().filter(|need| need.feature != Feature::Layer || exclusive);
    for need in asked.chain(&of_sources(context)) {
        for cannot in manifest.cannot.iter().filter(|cannot| cannot.express == need.feature) {
            add(need, &cannot.instead, cannot.changes_experiment);
        }
    }
    found
}

/// What follows from the sources that the workspace declares.
fn of_sources(context: &Context) -> Vec<Need> {
    let mut needs = Vec::new();
    for metric in &context.metrics {
        let declared = metric.source.as_ref().map(|source| &source.declared);
        let mut add = |feature: Feature, what: &str| {
            needs.push(Need {
                feature,
                at: format!("metrics.{}.source", metric.id),
                what: what.to_owned(),
                decisive: metric.gating,
            });
        };
        // A composite is read through its parts.
        let composed = metric.kind == "composite";
        if !composed && declared.is_none_or(|source| source.table.is_none() || source.unit_column.is_none()) {
            add(Feature::NoTable, "a metric without a table of its units");
        }
        if metric.role == "guardrail" && metric.watch.is_empty() {
            add(Feature::NoSeries, "a guardrail that no instrument shows");
        }
    }
    needs
}

/// Shares in the whole numbers of a target.
pub(super) struct Numbers {
    pub(super) whole: Whole,
    pub(super) total: u64,
    of: SplitOf,
}

impl Numbers {
    /// The numbers of an experiment; `None` where the target has fractions, or the shares cannot be computed.
    pub(super) fn of(experiment: &Experiment, manifest: &Manifest) -> Option<Self> {
        let split = manifest.split?;
        let shares: Vec<_> = experiment.arms.iter().map(|arm| arm.share).collect();
        if let (SplitOf::Ratio, Some((whole, total))) = (split.of, ratio(&shares, split.total)) {
            return Some(Self {
                whole,
                total,
                of: split.of,
            });
        }
        let allocation = experiment.spec.traffic.as_ref().and_then(|traffic| traffic.allocation);
        let of = match split.of {
            SplitOf::Arms | SplitOf::Ratio => Decimal::ONE,
            SplitOf::Eligible => allocation.map_or(Some(Decimal::ONE), |share| Decimal::from_f64(share.get()))?,
        };
        Some(Self {
            whole: whole(&shares, of, split.total)?,
            total: split.total,
            of: split.of,
        })
    }

    fn need(&self, context: &Context) -> Need {
        let parts: Vec<String> = context
            .arms
            .iter()
            .map(|arm| match arm.exact.denominator {
                1 => arm.exact.numerator.to_string(),
                denominator => format!("{}/{denominator}", arm.exact.numerator),
            })
            .collect();
        let of = match self.of {
            SplitOf::Arms | SplitOf::Ratio => String::new(),
            SplitOf::Eligible => format!(" of {}", format::percent(context.traffic.allocation)),
        };
        Need {
            feature: Feature::Split,
            at: "arms".to_owned(),
            what: format!("shares {}{of}", parts.join(" : ")),
            decisive: true,
        }
    }

    fn nearest(&self, context: &Context) -> String {
        let parts: Vec<String> = self
            .whole
            .parts
            .iter()
            .take(context.arms.len())
            .map(u64::to_string)
            .collect();
        format!(
            "{} of {} are the nearest whole numbers; as weights they keep the plan exact",
            parts.join(" : "),
            self.total
        )
    }
}
