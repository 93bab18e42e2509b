//! What an analysis outside abide must know of a spec beyond the shape of its metrics: how units are grouped, what each planned look
//! asks, how a judge errs, what a change is worth.

use super::feature;
use super::registered::{Boundary, CapRule, Component, Grouping, JudgeErrors, Looking, Prices};
use crate::analysis;
use crate::language::{self, DesignKind, Direction, MetricKind, Select, SequentialMethod, metric, values};
use crate::resolve::{self, Experiment};

/// How the rows of a unit belong together.
pub(super) fn grouping(experiment: &Experiment) -> Grouping {
    let design = experiment.spec.design.as_ref();
    let kind = design.and_then(|design| design.kind);
    let of = match kind {
        Some(DesignKind::Paired) => "pairs",
        Some(DesignKind::Interleaving) => "interleaved",
        Some(DesignKind::Switchback) => "blocks",
        Some(DesignKind::Cluster) => "clusters",
        _ if feature::comes_in_groups(experiment) => "rows",
        _ => "units",
    };
    let seconds = |span: Option<values::Duration>| span.map_or(0, |span| span.seconds().round() as u64);
    Grouping {
        of: of.to_owned(),
        summed: feature::comes_in_groups(experiment),
        map: design
            .and_then(|design| design.cluster.as_ref())
            .and_then(|cluster| cluster.map.clone()),
        block_seconds: seconds(design.and_then(|design| design.block)),
        washout_seconds: seconds(design.and_then(|design| design.washout)),
    }
}

/// How the data are looked at.
pub(super) fn looking(experiment: &Experiment) -> Looking {
    let sequential = experiment.statistics.sequential.as_ref();
    let method = sequential
        .and_then(|sequential| sequential.method)
        .unwrap_or(SequentialMethod::None);
    Looking {
        method: match method {
            SequentialMethod::None => "once",
            SequentialMethod::Group => "group",
            SequentialMethod::AlwaysValid | SequentialMethod::Msprt => "any-time",
        }
        .to_owned(),
        tau: sequential.and_then(|sequential| sequential.tau),
        guardrails_spend: sequential
            .is_some_and(|sequential| sequential.guardrails.as_ref().is_some_and(|own| own.spending.is_some())),
    }
}

/// The boundaries of each metric, in the order of the spec; none where there are no planned looks.
pub(super) fn boundaries(experiment: &Experiment) -> Vec<Vec<Boundary>> {
    // A spec whose looks cannot be placed has been refused by then: it is an error of `check`.
    let solved = analysis::boundaries(experiment).unwrap_or_default();
    solved
        .into_iter()
        .map(|looks| {
            looks
                .into_iter()
                .map(|look| Boundary {
                    tail: look.tail,
                    futility: look.futility,
                })
                .collect()
        })
        .collect()
}

/// How the judge of a metric errs; `None` without a judge, or with one that never does.
pub(super) fn judge(metric: &resolve::Metric) -> Option<JudgeErrors> {
    let judge = metric.declared.judge.as_ref()?;
    let share = |share: Option<values::Fraction>| share.map_or(1.0, values::Fraction::get);
    let errors = JudgeErrors {
        sensitivity: share(judge.sensitivity),
        specificity: share(judge.specificity),
        positives: judge.positives,
        negatives: judge.negatives,
        takes_labels: judge.label_share.is_some(),
    };
    let errs = errors.sensitivity < 1.0 || errors.specificity < 1.0;
    (errs || errors.takes_labels).then_some(errors)
}

/// The design effect of pairs that come in clusters: 1 + ((1 + cv²) m − 1) · icc (Eldridge et al. 2006). `None` where pairs do not.
pub(super) fn inflation(experiment: &Experiment, metric: &resolve::Metric) -> Option<f64> {
    let cluster = experiment.spec.design.as_ref()?.cluster.as_ref()?;
    if !experiment.is_of(DesignKind::Paired) {
        return None;
    }
    let icc = metric.declared.baseline.as_ref()?.icc?.get();
    let cv = cluster.size_cv.unwrap_or(0.0);
    Some((1.0 + ((1.0 + cv * cv) * cluster.mean_size? - 1.0) * icc).max(1.0))
}

/// What a composite is made of, with signed weights per unit of the metric.
pub(super) fn parts(experiment: &Experiment, metric: &resolve::Metric) -> Vec<Component> {
    metric
        .declared
        .components
        .iter()
        .map(|component| {
            let of = experiment.metric(&component.metric);
            let falls = of.is_some_and(|of| of.direction() == Some(Direction::Decrease));
            let sign = if falls { -1.0 } else { 1.0 };
            Component {
                metric: component.metric.clone(),
                weight: sign * component.weight.get() / component.scale.unwrap_or(1.0),
            }
        })
        .collect()
}

/// The quantile at which values are capped.
pub(super) fn cap_rule(metric: &resolve::Metric) -> Option<CapRule> {
    let cap = metric.declared.cap.as_ref().filter(|cap| cap.value.is_none())?;
    Some(CapRule {
        quantile: cap.quantile?.get(),
        from: match cap.from {
            Some(metric::CapFrom::PrePeriod) => "pre-period",
            Some(metric::CapFrom::Pooled) | None => "pooled",
        }
        .to_owned(),
    })
}

/// What the change is worth, where the spec prices it completely.
pub(super) fn prices(experiment: &Experiment) -> Option<Prices> {
    let declared = experiment.spec.decision.as_ref()?;
    let prices = declared.net_value.as_ref()?;
    Some(Prices {
        success: prices.success.clone()?,
        cost: prices.cost.clone()?,
        volume_per_day: prices.volume_per_day?,
        value_per_success: prices.value_per_success?,
        one_off_cost: prices.one_off_cost.unwrap_or(0.0),
        horizon_days: prices.horizon?.days(),
        probability: prices.probability?.get(),
        decides: declared.rule == Some(language::DecisionPreset::NetValue) && declared.rules.is_empty(),
    })
}

/// Which of several arms that may ship does, in order; empty for the one with the best estimate.
pub(super) fn preferred(experiment: &Experiment) -> Vec<String> {
    match experiment
        .spec
        .decision
        .as_ref()
        .and_then(|decision| decision.select.as_ref())
    {
        Some(Select::Order(order)) => order.clone(),
        Some(Select::BestEstimate) | None => Vec::new(),
    }
}

/// The metrics of which each unit's value can be read from tables. `has_table` says whether the source of a metric has one.
pub(super) fn readable(experiment: &Experiment, has_table: impl Fn(&resolve::Metric) -> bool) -> Vec<String> {
    let grouped = feature::comes_in_groups(experiment);
    let paired = experiment.is_of(DesignKind::Paired);
    let alone = |metric: &resolve::Metric| {
        let number = match metric.kind() {
            Some(MetricKind::Proportion | MetricKind::Mean | MetricKind::Count) => true,
            Some(MetricKind::Ratio | MetricKind::Rate) => !paired,
            Some(MetricKind::Quantile) => !grouped,
            Some(MetricKind::TimeToEvent) => !paired && !grouped,
            Some(MetricKind::Preference) => paired || experiment.is_of(DesignKind::Interleaving),
            Some(MetricKind::Composite) | None => false,
        };
        number && has_table(metric)
    };
    let composed = |metric: &resolve::Metric| {
        let parts = &metric.declared.components;
        let part = |id: &str| experiment.metric(id);
        let number = |of: &resolve::Metric| {
            let kinds = [MetricKind::Proportion, MetricKind::Mean, MetricKind::Count];
            of.kind().is_some_and(|kind| kinds.contains(&kind)) && !of.is_logarithmic()
        };
        metric.kind() == Some(MetricKind::Composite)
            && !grouped
            && !paired
            && !parts.is_empty()
            && parts
                .iter()
                .all(|of| part(&of.metric).is_some_and(|of| number(of) && alone(of)))
    };
    experiment
        .metrics
        .iter()
        .filter(|metric| alone(metric) || composed(metric))
        .map(|metric| metric.id.clone())
        .collect()
}
