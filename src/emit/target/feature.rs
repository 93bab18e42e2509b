//! What an experiment asks for that not every system can express.

use crate::language::choice::choice;
use crate::language::values::Condition;
use crate::language::{DesignKind, MetricKind, ProportionTest, ProportionVariance, Test};
use crate::plan::Plan;
use crate::resolve::{Experiment, Metric};

choice! {
    /// Something an experiment asks for. A target names those it cannot express.
    pub enum Feature {
        /// Shares that the target's whole numbers cannot hold.
        Split = "split",
        /// A share of the units, or a part of a layer, that the target's whole numbers cannot hold.
        Share = "share",
        /// Units of a layer that are in one experiment at most.
        Layer = "layer",
        /// Units that a holdout keeps out.
        Holdout = "holdout",
        /// Stages of a smaller share before the full one.
        Ramp = "ramp",
        /// Groups that are left out by name.
        Exclusions = "exclusions",
        /// Eligibility by limits (`at_least`, `at_most`).
        Limits = "limits",
        /// More arms than one beside control.
        SeveralArms = "several-arms",
        /// Proportions whose difference is tested under the pooled null.
        PooledProportions = "pooled-proportions",
        /// Superiority of counts by an exact test.
        ExactTest = "exact-test",
        /// A margin that must be held, or beaten.
        Margin = "margin",
        /// A margin in the unit of the metric.
        AbsoluteMargin = "absolute-margin",
        /// A metric that must stay within its margin on both sides.
        Equivalence = "equivalence",
        /// An MDE: the smallest effect that must not be missed.
        Mde = "mde",
        /// An effect that an estimate must reach to be worth it.
        Worthwhile = "worthwhile",
        /// A quantile.
        Quantile = "quantile",
        /// A mean whose values are analysed as logarithms.
        LogScale = "log-scale",
        /// A ratio of sums.
        Ratio = "ratio",
        /// A count of events.
        Count = "count",
        /// Events per exposure.
        Rate = "rate",
        /// A time until something happens.
        TimeToEvent = "time-to-event",
        /// A share of comparisons won.
        Preference = "preference",
        /// A weighting of other metrics.
        Composite = "composite",
        /// A covariate from before the exposure.
        Covariate = "covariate",
        /// A covariate of a ratio.
        AdjustedRatio = "adjusted-ratio",
        /// Arms compared within strata.
        Stratification = "stratification",
        /// A cap at a quantile, which must be computed from data first.
        QuantileCap = "quantile-cap",
        /// A judge with error rates.
        Judge = "judge",
        /// People who label a share of what a judge reads.
        Labels = "labels",
        /// A metric whose source has no table.
        NoTable = "no-table",
        /// A guardrail that no instrument shows while the experiment runs.
        NoSeries = "no-series",
        /// Groups of units, randomised or analysed.
        Clusters = "clusters",
        /// A quantile of units that come in groups.
        GroupedQuantile = "grouped-quantile",
        /// A time to an event of units that come in groups.
        GroupedTime = "grouped-time",
        /// Groups without a table that tells the group of each unit.
        NoMap = "no-map",
        /// A quantile of units that pass every arm.
        PairedQuantile = "paired-quantile",
        /// A ratio or a rate of units that pass every arm.
        PairedRatio = "paired-ratio",
        /// A composite of parts that are not one number of each unit.
        CompositeOfRatios = "composite-of-ratios",
        /// Main effects and interactions.
        Factors = "factors",
        /// Several planned looks.
        Sequential = "sequential",
        /// A correction over metrics that works in steps.
        Holm = "holm",
        /// Šidák's correction over metrics or arms.
        Sidak = "sidak",
        /// A stop for harm.
        HarmStop = "harm-stop",
        /// A rule for results that are too good to be true.
        Twyman = "twyman",
        /// What missing values count as.
        Missing = "missing",
        /// Segments that are decided on.
        ConfirmatorySegments = "confirmatory-segments",
        /// Only units that met the change are analysed.
        Triggered = "triggered",
        /// A decision rule.
        DecisionRule = "decision-rule",
        /// A value of the change in money.
        NetValue = "net-value",
        /// A choice among several arms that may ship.
        Select = "select",
    }
}

/// One thing that an experiment asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What.
    pub feature: Feature,
    /// Where it is declared: `metrics.latency_p95`.
    pub at: String,
    /// What exactly, a clause: `a margin of 2%`.
    pub what: String,
    /// Whether the decision depends on it: what is asked of a metric that gates nothing does not change the experiment.
    pub decisive: bool,
}

/// Everything an experiment asks for, in the order of [`Feature`], within it in that of the spec. [`Feature::Split`] is not
/// among it: it depends on the numbers of the target.
pub fn needs(experiment: &Experiment, plan: &Plan) -> Vec<Need> {
    let mut found = Found::default();
    of_traffic(experiment, &mut found);
    for metric in &experiment.metrics {
        of_metric(experiment, metric, &mut found);
    }
    of_analysis(experiment, plan, &mut found);
    let mut needs = found.0;
    needs.sort_by_key(|need| need.feature);
    needs
}

#[derive(Default)]
struct Found(Vec<Need>);

impl Found {
    fn add(&mut self, feature: Feature, at: impl Into<String>, what: impl Into<String>) {
        self.add_if_decisive(feature, at, what, true);
    }

    fn add_if_decisive(&mut self, feature: Feature, at: impl Into<String>, what: impl Into<String>, decisive: bool) {
        self.0.push(Need {
            feature,
            at: at.into(),
            what: what.into(),
            decisive,
        });
    }
}

fn of_traffic(experiment: &Experiment, found: &mut Found) {
    let spec = &experiment.spec;
    if let Some(layer) = spec.traffic.as_ref().and_then(|traffic| traffic.layer.as_ref()) {
        found.add(Feature::Layer, "traffic.layer", format!("the layer `{layer}`"));
    }
    if experiment.holdout > 0.0 {
        let share = crate::format::percent(experiment.holdout);
        found.add(Feature::Holdout, "traffic.layer", format!("a holdout of {share}"));
    }
    let stages = spec.schedule.as_ref().map_or(0, |schedule| schedule.ramp.len());
    if stages > 0 {
        let stages = crate::format::counted(stages as f64, "stage");
        found.add(Feature::Ramp, "schedule.ramp", format!("a ramp of {stages}"));
    }
    if let Some(population) = &spec.population {
        if !population.exclude.is_empty() {
            let groups = population.exclude.join(", ");
            found.add(
                Feature::Exclusions,
                "population.exclude",
                format!("the groups {groups} left out"),
            );
        }
        let limited = |condition: &Condition| matches!(condition, Condition::Limits(limits) if limits.at_least.is_some() || limits.at_most.is_some());
        for (attribute, _) in population.r#where.iter().filter(|(_, condition)| limited(condition)) {
            let at = format!("population.where.{attribute}");
            found.add(Feature::Limits, at, format!("limits on `{attribute}`"));
        }
        for (attribute, segment) in &population.segments {
            if segment.role == Some(crate::language::SegmentRole::Confirmatory) {
                let at = format!("population.segments.{attribute}");
                found.add(
                    Feature::ConfirmatorySegments,
                    at,
                    format!("the segment `{attribute}` decides"),
                );
            }
        }
    }
    if experiment.treatments().count() > 1 {
        let arms = crate::format::counted(experiment.arms.len() as f64, "arm");
        found.add(Feature::SeveralArms, "arms", arms);
    }
    let triggered = Some(crate::language::AnalysisPopulation::Triggered);
    if spec
        .traffic
        .as_ref()
        .is_some_and(|traffic| traffic.analysis == triggered)
    {
        found.add(
            Feature::Triggered,
            "traffic.analysis",
            "an analysis of those who met the change",
        );
    }
}

fn of_metric(experiment: &Experiment, metric: &Metric, found: &mut Found) {
    let at = format!("metrics.{}", metric.id);
    let decisive = metric.is_gating();
    let mut add = |feature: Feature, field: &str, what: String| {
        let at = if field.is_empty() {
            at.clone()
        } else {
            format!("{at}.{field}")
        };
        found.add_if_decisive(feature, at, what, decisive);
    };
    let declared = &metric.declared;
    let pooled = experiment.statistics.proportion_variance == ProportionVariance::PooledNull;
    let exact = experiment.statistics.proportion_test == ProportionTest::Exact;
    let counted = matches!(metric.kind(), Some(MetricKind::Proportion | MetricKind::Preference));
    if counted && metric.test() == Test::Superiority && exact {
        add(Feature::ExactTest, "kind", "an exact test of counts".to_owned());
    }
    let against_none = metric.test() == Test::Superiority && metric.margin_to_beat.is_none();
    if metric.kind() == Some(MetricKind::Proportion) && against_none && pooled && !exact {
        let what = "a test of proportions under the pooled null";
        add(Feature::PooledProportions, "kind", what.to_owned());
    }
    if let Some(margin) = metric.tested_margin() {
        add(Feature::Margin, "margin", format!("a margin, {margin}"));
        if !margin.is_relative() {
            add(Feature::AbsoluteMargin, "margin", format!("a margin, {margin}"));
        }
    }
    if metric.test() == Test::Equivalence {
        add(Feature::Equivalence, "test", "a test of equivalence".to_owned());
    }
    if let Some(mde) = declared.mde {
        add(Feature::Mde, "mde", format!("an MDE, {mde}"));
    }
    if let Some(least) = declared.worthwhile {
        add(
            Feature::Worthwhile,
            "worthwhile",
            format!("a worthwhile effect, {least}"),
        );
    }
    let kind = match metric.kind() {
        Some(MetricKind::Quantile) => Some(Feature::Quantile),
        Some(MetricKind::Ratio) => Some(Feature::Ratio),
        Some(MetricKind::Count) => Some(Feature::Count),
        Some(MetricKind::Rate) => Some(Feature::Rate),
        Some(MetricKind::TimeToEvent) => Some(Feature::TimeToEvent),
        Some(MetricKind::Preference) => Some(Feature::Preference),
        Some(MetricKind::Composite) => Some(Feature::Composite),
        Some(MetricKind::Proportion | MetricKind::Mean) | None => None,
    };
    if let (Some(feature), Some(kind)) = (kind, metric.kind()) {
        add(feature, "kind", format!("a metric of kind {kind}"));
    }
    if metric.is_logarithmic() {
        let what = "a ratio of geometric means, of values that are analysed as logarithms";
        add(Feature::LogScale, "scale", what.to_owned());
    }
    if let Some(covariate) = declared.variance_reduction.as_ref().and_then(|v| v.covariate.as_ref()) {
        add(
            Feature::Covariate,
            "variance_reduction",
            format!("the covariate `{covariate}`"),
        );
    }
    if declared.variance_reduction.is_some() && metric.kind() == Some(MetricKind::Ratio) {
        let what = "a ratio adjusted for a covariate".to_owned();
        add(Feature::AdjustedRatio, "variance_reduction", what);
    }
    if let Some(stratification) = &declared.stratification {
        let by = stratification.by.join(", ");
        add(Feature::Stratification, "stratification", format!("strata by {by}"));
    }
    if declared.cap.as_ref().is_some_and(|cap| cap.value.is_none()) {
        add(Feature::QuantileCap, "cap", "a cap at a quantile".to_owned());
    }
    if declared
        .judge
        .as_ref()
        .is_some_and(|judge| judge.sensitivity.is_some() || judge.specificity.is_some())
    {
        add(Feature::Judge, "judge", "a judge with error rates".to_owned());
    }
    if declared.judge.as_ref().is_some_and(|judge| judge.label_share.is_some()) {
        let what = "people who label a share beside the judge";
        add(Feature::Labels, "judge.label_share", what.to_owned());
    }
    if metric.kind() == Some(MetricKind::Quantile) && comes_in_groups(experiment) {
        let what = "a quantile of units that come in groups";
        add(Feature::GroupedQuantile, "kind", what.to_owned());
    }
    if metric.kind() == Some(MetricKind::Quantile) && experiment.is_of(DesignKind::Paired) {
        add(Feature::PairedQuantile, "kind", "a quantile within pairs".to_owned());
    }
    if metric.kind() == Some(MetricKind::TimeToEvent) && comes_in_groups(experiment) {
        let what = "a time to an event of units that come in groups";
        add(Feature::GroupedTime, "kind", what.to_owned());
    }
    let of_sums = matches!(metric.kind(), Some(MetricKind::Ratio | MetricKind::Rate));
    if of_sums && experiment.is_of(DesignKind::Paired) {
        add(Feature::PairedRatio, "kind", "a ratio of sums within pairs".to_owned());
    }
    let numbers = |kind| matches!(kind, MetricKind::Proportion | MetricKind::Mean | MetricKind::Count);
    let parts = || declared.components.iter().map(|part| experiment.metric(&part.metric));
    let added = parts().all(|part| part.and_then(Metric::kind).is_some_and(numbers));
    if metric.kind() == Some(MetricKind::Composite) && (!added || comes_in_groups(experiment)) {
        let what = "a composite of ratios of sums";
        add(Feature::CompositeOfRatios, "components", what.to_owned());
    }
}

/// Whether a randomised unit holds several analysis units.
pub(super) fn comes_in_groups(experiment: &Experiment) -> bool {
    let design = experiment.spec.design.as_ref();
    let finer = design.is_some_and(|design| design.analysis_unit.is_some() && design.analysis_unit != design.unit);
    experiment.is_of(DesignKind::Cluster) || finer
}

fn of_analysis(experiment: &Experiment, plan: &Plan, found: &mut Found) {
    let spec = &experiment.spec;
    if comes_in_groups(experiment) {
        found.add(Feature::Clusters, "design", "units that come in groups");
    }
    let mapped = spec
        .design
        .as_ref()
        .and_then(|design| design.cluster.as_ref())
        .is_some_and(|cluster| cluster.map.is_some());
    if experiment.is_of(DesignKind::Cluster) && !mapped {
        found.add(
            Feature::NoMap,
            "design.cluster",
            "clusters without a map of their units",
        );
    }
    if experiment.is_of(DesignKind::Factorial) {
        found.add(Feature::Factors, "design.factors", "main effects of several factors");
    }
    if experiment.statistics.sequential.is_some() {
        found.add(Feature::Sequential, "statistics.sequential", "several looks");
    }
    if plan.error_budget.over_metrics == "holm" || plan.error_budget.over_arms == "holm" {
        found.add(Feature::Holm, "statistics.multiplicity", "a correction in steps");
    }
    if plan.error_budget.over_metrics == "sidak" || plan.error_budget.over_arms == "sidak" {
        found.add(Feature::Sidak, "statistics.multiplicity", "Šidák's correction");
    }
    let statistics = spec.statistics.as_ref();
    if statistics.is_some_and(|s| s.harm_stop.as_ref().is_some_and(|stop| !stop.metrics.is_empty())) {
        found.add(Feature::HarmStop, "statistics.harm_stop", "a stop for harm");
    }
    if statistics.is_some_and(|s| s.twyman.is_some()) {
        found.add_if_decisive(
            Feature::Twyman,
            "statistics.twyman",
            "an audit of what is too good to be true",
            false,
        );
    }
    if let Some(missing) = statistics.and_then(|s| s.missing.as_ref()) {
        found.add_if_decisive(Feature::Missing, "statistics.missing", format!("“{missing}”"), false);
    }
    if let Some(decision) = &spec.decision {
        found.add(Feature::DecisionRule, "decision", "a decision rule");
        if decision.net_value.is_some() {
            found.add(Feature::NetValue, "decision.net_value", "a value in money");
        }
        if decision.select.is_some() {
            found.add(Feature::Select, "decision.select", "a choice among arms that may ship");
        }
    }
}
