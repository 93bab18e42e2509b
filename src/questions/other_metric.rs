//! Other metrics that an experiment could decide by.

use super::answer::Setting;
use super::relax::Idea;
use crate::format;
use crate::language::values::Effect;
use crate::language::{self, Facet, Role, Test};
use crate::plan::Plan;
use crate::resolve::{Experiment, Metric};

/// What is watched so that it does not get worse, and says little about whether a change does good.
const HELD: [Facet; 7] = [
    Facet::Latency,
    Facet::Cost,
    Facet::Error,
    Facet::Safety,
    Facet::Refusal,
    Facet::Length,
    Facet::Other,
];

/// Other metrics to decide by instead of the primary that binds, at the same MDE: those that the spec watches anyway, and
/// of the catalogue those that drive it or measure the same facet.
pub(super) fn other_metrics(
    experiment: &Experiment,
    plan: &Plan,
    catalogue: &[(String, language::Metric)],
) -> Vec<Idea> {
    let binding = plan.sample_size.as_ref().map(|size| size.binding_metric.as_str());
    let Some(primary) = binding.and_then(|id| experiment.metric(id)) else {
        return Vec::new();
    };
    let (Role::Primary, Test::Superiority, Some(mde)) = (primary.role, primary.test(), primary.declared.mde) else {
        return Vec::new();
    };
    let facet = primary.declared.facet;
    let leads =
        |metric: &language::Metric| metric.facet == facet || metric.facet.is_none_or(|facet| !HELD.contains(&facet));
    let watched = experiment
        .metrics
        .iter()
        .filter(|metric| matches!(metric.role, Role::Secondary | Role::Diagnostic))
        .filter(|metric| leads(&metric.declared))
        .map(|metric| (metric.id.as_str(), &metric.declared, None));
    let known = catalogue_id(primary);
    let kindred = catalogue
        .iter()
        .filter(|(id, other)| {
            let used = |metric: &Metric| metric.id == *id || catalogue_id(metric) == id;
            let near = from(other).is_some() && from(other) == from(&primary.declared);
            let alike = facet.is_some() && other.facet == facet;
            let drives = other.drives.iter().any(|driven| driven == known);
            near && leads(other) && (alike || drives) && !experiment.metrics.iter().any(used)
        })
        .map(|(id, other)| {
            let inherit = Setting::new(format!("metrics.{id}.use"), &id);
            (id.as_str(), other, Some(inherit))
        });
    watched
        .chain(kindred)
        .filter_map(|(id, other, inherit)| {
            let (scale, amount, shown) = match mde {
                Effect::Relative(share) => ("relative", share.get(), format::percent(share.get())),
                Effect::Absolute(amount) if other.kind == primary.kind() && other.unit == primary.declared.unit => {
                    ("absolute", amount.value(), amount.value().to_string())
                }
                Effect::Absolute(_) => return None,
            };
            let mut settings: Vec<Setting> = inherit.into_iter().collect();
            settings.extend([
                Setting::new(format!("metrics.{id}.role"), &"primary"),
                Setting::new(format!("metrics.{id}.mde.{scale}"), &amount),
                Setting::new(format!("metrics.{}.role", primary.id), &"secondary"),
            ]);
            Some(Idea {
                what: format!(
                    "decide by `{id}` instead of `{}`, if it moves by {shown} too",
                    primary.id
                ),
                settings,
                without: Vec::new(),
            })
        })
        .collect()
}

/// The source that a metric is measured at.
fn from(metric: &language::Metric) -> Option<&str> {
    metric.source.as_ref()?.from.as_deref()
}

/// What a metric is called in the catalogue.
fn catalogue_id(metric: &Metric) -> &str {
    metric.declared.r#use.as_deref().unwrap_or(&metric.id)
}
