//! The assumption ledger: every value a plan rests on, and where it was written.

use serde_json::{Value, json};

use super::model::{Assumption, OriginKind, OriginRecord, Plan};
use crate::language::EfficacySpending;
use crate::resolve::{Experiment, Origin};
use crate::source::{Pointer, SourceMap, Span};
use crate::stats::INTERIM_Z;

/// What plans read, beside the metrics and arms.
const READ: [&str; 68] = [
    "design.kind",
    "design.mode",
    "design.unit",
    "design.analysis_unit",
    "design.planned_units",
    "design.log.units",
    "design.repeats",
    "design.cluster.unit",
    "design.cluster.mean_size",
    "design.cluster.size_cv",
    "design.cluster.count",
    "design.factors",
    "design.interactions",
    "design.block",
    "design.washout",
    "design.regions",
    "design.effect_half_life",
    "design.share",
    "design.until",
    "design.policy",
    "design.reward",
    "design.prior",
    "design.update_every",
    "design.reward_delay",
    "design.min_share",
    "design.explore",
    "design.horizon",
    "design.stop",
    "statistics.alpha",
    "statistics.sides",
    "statistics.power",
    "statistics.primaries",
    "statistics.multiplicity.metrics",
    "statistics.multiplicity.arms",
    "statistics.guardrail_alpha",
    "statistics.guardrail_power",
    "statistics.proportion_test",
    "statistics.proportion_variance",
    "statistics.noninferiority_variance",
    "statistics.sequential.method",
    "statistics.sequential.spending",
    "statistics.sequential.gamma",
    "statistics.sequential.rho",
    "statistics.sequential.delta",
    "statistics.sequential.interim_z",
    "statistics.sequential.looks",
    "statistics.sequential.tau",
    "statistics.sequential.futility.spending",
    "statistics.sequential.futility.gamma",
    "statistics.sequential.futility.rho",
    "statistics.sequential.futility.binding",
    "statistics.sequential.guardrails",
    "traffic.units_per_day",
    "traffic.cumulative",
    "traffic.eligible",
    "traffic.allocation",
    "traffic.analysis",
    "schedule.start",
    "schedule.max_days",
    "design.until",
    "schedule.ramp",
    "schedule.ramp_in_analysis",
    "budget.human_labels",
    "budget.tokens_usd",
    "budget.tokens_usd_per_unit",
    "policy.min_days",
    "policy.max_days",
    "policy.whole_weeks",
];

/// What plans read of a gating metric.
const READ_OF_METRIC: [&str; 36] = [
    "kind",
    "scale",
    "direction",
    "test",
    "quantile",
    "baseline.value",
    "baseline.scale",
    "baseline.sd",
    "baseline.cv",
    "baseline.dispersion",
    "baseline.log_sd",
    "baseline.quantiles",
    "baseline.density",
    "baseline.median",
    "baseline.ties",
    "baseline.icc",
    "baseline.autocorrelation",
    "baseline.correlations",
    "components",
    "baseline.moments",
    "mde.relative",
    "mde.absolute",
    "margin.relative",
    "margin.absolute",
    "window",
    "judge.sensitivity",
    "judge.specificity",
    "judge.positives",
    "judge.negatives",
    "judge.label_share",
    "correlation",
    "discordant",
    "repeat_correlation",
    "variance_reduction.correlation",
    "stratification.strata",
    "stratification.explained",
];

/// Every value the plan of an experiment rests on, in the order of the language.
pub fn assumptions(experiment: &Experiment, sources: &SourceMap) -> Vec<Assumption> {
    let mut ledger = Vec::new();
    let mut add = |pointer: Pointer| {
        if let Some(entry) = written(experiment, sources, &pointer) {
            ledger.push(entry);
        }
    };
    for dotted in READ {
        add(Pointer::from_dotted(dotted));
    }
    for arm in &experiment.arms {
        add(Pointer::root().join("arms").join(&arm.id).join("weight"));
    }
    for metric in experiment.metrics.iter().filter(|metric| metric.is_gating()) {
        for field in READ_OF_METRIC {
            add(field
                .split('.')
                .fold(metric.pointer.clone(), |pointer, name| pointer.join(name)));
        }
    }
    let is_open = |path: &str| experiment.tree.lookup(&Pointer::from_dotted(path)).is_none();
    if is_open("statistics.sequential.interim_z")
        && let Some(sequential) = &experiment.statistics.sequential
        && sequential.spending == Some(EfficacySpending::HaybittlePeto)
    {
        let rule = "usual with haybittle-peto";
        ledger.push(derived("statistics.sequential.interim_z", json!(INTERIM_Z), rule));
    }
    if is_open("statistics.guardrail_alpha") {
        let alpha = json!(experiment.statistics.guardrail_alpha);
        ledger.push(derived("statistics.guardrail_alpha", alpha, "alpha / sides"));
    }
    ledger
}

/// A value that nobody wrote and that follows from a rule.
fn derived(path: &str, value: Value, rule: &str) -> Assumption {
    Assumption {
        path: path.to_owned(),
        value,
        origin: OriginRecord {
            kind: OriginKind::Derived,
            file: None,
            line: None,
            column: None,
            rule: Some(rule.to_owned()),
        },
    }
}

fn written(experiment: &Experiment, sources: &SourceMap, pointer: &Pointer) -> Option<Assumption> {
    let node = experiment.tree.lookup(pointer)?;
    Some(Assumption {
        path: pointer.dotted(),
        value: plain(&node.to_json()),
        origin: record(experiment.layers.origin(node), sources),
    })
}

/// Dates as text: the bridge's tag is of no use to a reader.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Object(entries) => match entries.get(crate::syntax::DATETIME_TAG) {
            Some(date) => date.clone(),
            None => entries
                .iter()
                .map(|(name, value)| (name.clone(), plain(value)))
                .collect(),
        },
        Value::Array(elements) => elements.iter().map(plain).collect(),
        other => other.clone(),
    }
}

impl Plan {
    /// Names every file of the plan anew: a document shows paths from another folder than the run.
    pub fn rename_files(&mut self, name: impl Fn(&str) -> String) {
        self.experiment.file = name(&self.experiment.file);
        for assumption in &mut self.assumptions {
            assumption.origin.file = assumption.origin.file.as_deref().map(&name);
        }
    }
}

/// An origin as the plan shows it.
pub fn record(origin: Origin, sources: &SourceMap) -> OriginRecord {
    let at = |kind: OriginKind, span: Span| {
        let file = sources.file(span.file);
        let position = file.position(span.start as usize);
        OriginRecord {
            kind,
            file: Some(file.path().to_owned()),
            line: Some(position.line),
            column: Some(position.column),
            rule: None,
        }
    };
    match origin {
        Origin::Spec(span) => at(OriginKind::Spec, span),
        Origin::Supposed(span) => at(OriginKind::WhatIf, span),
        Origin::Catalogue(span) => at(OriginKind::Catalogue, span),
        Origin::Workspace(span) => at(OriginKind::Workspace, span),
        Origin::EditionDefault => OriginRecord {
            kind: OriginKind::EditionDefault,
            file: None,
            line: None,
            column: None,
            rule: None,
        },
    }
}
