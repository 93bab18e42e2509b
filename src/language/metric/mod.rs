//! `[metrics.*]`: what is measured. The same type serves the catalogue and a spec.

mod baseline;
mod cost;
mod judge;
mod plan;
mod source;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use baseline::{Baseline, BaselineScale, PairCorrelation, QuantilePoint, RatioMoments};
pub use cost::Cost;
pub use judge::{ArmErrors, Human, Judge};
pub use plan::{Cap, CapFrom, Component, Measured, Stratification, VarianceReduction};
pub use source::Measure;

use super::choice::choice;
use super::values::{Duration, Effect, Fraction};

choice! {
    /// What a value of the metric is, per analysis unit.
    pub enum MetricKind {
        /// One yes or no per analysis unit.
        Proportion = "proportion",
        /// One number per analysis unit.
        Mean = "mean",
        /// A sum over a sum, finer than the randomisation unit.
        Ratio = "ratio",
        /// Events per analysis unit.
        Count = "count",
        /// Events per exposure.
        Rate = "rate",
        /// A quantile such as p50, p95 or p99.
        Quantile = "quantile",
        /// The time until something happens: retention, resolution.
        TimeToEvent = "time_to_event",
        /// The share of comparisons won: interleaving, pairwise judgement.
        Preference = "preference",
        /// A declared weighting of other metrics.
        Composite = "composite",
    }
}

choice! {
    /// On which scale the values of a mean are analysed.
    pub enum MetricScale {
        /// Values are analysed as logarithms: effects are ratios of geometric means.
        Log = "log",
    }
}

choice! {
    /// A ratio that is known by name.
    pub enum Preset {
        /// True positives over everything flagged.
        Precision = "precision",
        /// True positives over everything that should be flagged.
        Recall = "recall",
        /// The harmonic mean of precision and recall.
        F1 = "f1",
    }
}

choice! {
    /// How precision, recall or F1 are taken over many queries.
    pub enum Aggregation {
        /// Over the counts of all queries together.
        Micro = "micro",
        /// The mean over queries of each query's value.
        Macro = "macro",
    }
}

choice! {
    /// Which way a metric should go.
    pub enum Direction {
        /// More is better.
        Increase = "increase",
        /// Less is better.
        Decrease = "decrease",
    }
}

choice! {
    /// What a metric decides.
    pub enum Role {
        /// Decides whether the change works.
        Primary = "primary",
        /// Reported; takes no alpha and gates nothing.
        Secondary = "secondary",
        /// Must not get worse by more than its margin.
        Guardrail = "guardrail",
        /// Explains; never decided on.
        Diagnostic = "diagnostic",
    }
}

choice! {
    /// Which question is asked of a metric.
    pub enum Test {
        /// Is it better? With a `margin`: by more than that?
        Superiority = "superiority",
        /// Is it not worse by more than the margin?
        NonInferiority = "non-inferiority",
        /// Is it within the margin on both sides?
        Equivalence = "equivalence",
    }
}

choice! {
    /// How a value is obtained.
    pub enum Method {
        /// A model judges; needs its judge card.
        Judge = "judge",
        /// People judge; needs its human card.
        Human = "human",
        /// A program decides: an exact match, a validator.
        Rule = "rule",
        /// Logged by the system: a click, a duration, an invoice.
        Event = "event",
        /// A model judges and people check a part; needs both cards.
        Hybrid = "hybrid",
    }
}

choice! {
    /// What a metric measures. Rules and policy read facets, never names.
    pub enum Facet {
        /// How long something takes.
        Latency = "latency",
        /// What it costs to serve.
        Cost = "cost",
        /// Failures and timeouts.
        Error = "error",
        /// How often it is right.
        Accuracy = "accuracy",
        /// Claims without support.
        Hallucination = "hallucination",
        /// How well it answers what was asked.
        Relevance = "relevance",
        /// Harm: unsafe content, leaked personal data.
        Safety = "safety",
        /// Answers withheld.
        Refusal = "refusal",
        /// How long answers are.
        Length = "length",
        /// How much people use it. A user reaction.
        Engagement = "engagement",
        /// What people say of it. A user reaction.
        Satisfaction = "satisfaction",
        /// Whether people go on to do what matters. A user reaction.
        Conversion = "conversion",
        /// Whether people come back. A user reaction.
        Retention = "retention",
        /// What people pay. A user reaction.
        Revenue = "revenue",
        /// None of these.
        Other = "other",
    }
}

impl Facet {
    /// Whether it is a reaction of users, which a replay cannot observe.
    pub fn is_user_reaction(self) -> bool {
        matches!(
            self,
            Self::Engagement | Self::Satisfaction | Self::Conversion | Self::Retention | Self::Revenue
        )
    }
}

choice! {
    /// The level of the system at which a metric lives.
    pub enum Tier {
        /// Servers and pipelines.
        Platform = "platform",
        /// The model's answers.
        Model = "model",
        /// Users and money.
        Business = "business",
    }
}

choice! {
    /// The dimension of user experience, after the HEART framework (Rodden et al. 2010).
    pub enum Heart {
        /// What users feel.
        Happiness = "happiness",
        /// How much they use it.
        Engagement = "engagement",
        /// Whether they start to.
        Adoption = "adoption",
        /// Whether they stay.
        Retention = "retention",
        /// Whether they get done what they came for.
        TaskSuccess = "task_success",
    }
}

choice! {
    /// Whether a metric moves before or after what matters.
    pub enum Indicator {
        /// Moves early and predicts.
        Leading = "leading",
        /// Moves late and confirms.
        Lagging = "lagging",
    }
}

/// One metric: what it is, where it comes from, what is known about it, and what the experiment asks of it.
///
/// A spec inherits from the catalogue with `use` and refines what it inherits. What a metric is (kind, scale, direction, source,
/// unit, window, quantile, method) cannot be overridden.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Metric {
    /// The metric of the catalogue that this one inherits from. The id may differ.
    #[schemars(extend("x-abide-ref" = "catalogue-metric", "examples" = ["hallucination_rate"]))]
    pub r#use: Option<String>,

    /// The name people read.
    #[schemars(extend("examples" = ["Hallucination rate"]))]
    pub title: Option<String>,
    /// What exactly is counted, in a sentence.
    #[schemars(extend("examples" = ["Answers with at least one claim that the product record does not support"]))]
    pub description: Option<String>,
    /// What a value of the metric is; decides the test and the sizing.
    pub kind: Option<MetricKind>,
    /// For `kind = "mean"`: values are analysed as logarithms, so that effects are ratios of geometric means. All values must be
    /// above 0. Left out, values are analysed as they are.
    // Left out where it is not written, so that what was made of a catalogue before keeps its digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<MetricScale>,
    /// A ratio known by name; with `kind = "ratio"`.
    pub preset: Option<Preset>,
    /// For presets: over all queries together (`micro`) or the mean of each query's value (`macro`).
    pub aggregation: Option<Aggregation>,
    /// For `kind = "quantile"`: which one, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.95]))]
    pub quantile: Option<Fraction>,
    /// The unit of the values: `s`, `ms`, a currency, `token`. Proportions and preferences have none.
    #[schemars(extend("examples" = ["s", "USD"]))]
    pub unit: Option<String>,
    /// Which way is better.
    pub direction: Option<Direction>,
    /// Where values come from: a source of the catalogue and expressions over its columns.
    pub source: Option<Measure>,
    /// How long after its exposure a unit is observed.
    #[schemars(extend("examples" = ["1d", "28d"]))]
    pub window: Option<Duration>,
    /// Who answers for the definition.
    #[schemars(extend("examples" = ["genai-quality"]))]
    pub owner: Option<String>,
    /// How a value is obtained. `judge` and `human` need their card.
    pub method: Option<Method>,
    /// What it measures. Rules and policy read facets, never names.
    pub facet: Option<Facet>,
    /// The level of the system at which it lives.
    pub tier: Option<Tier>,
    /// The dimension of user experience it speaks of.
    pub heart: Option<Heart>,
    /// Whether it moves before or after what matters.
    pub indicator: Option<Indicator>,
    /// The metrics that it drives: the edges of the metric tree.
    #[schemars(extend("x-abide-ref" = "catalogue-metric", "examples" = [["weekly_resolved_tickets"]]))]
    pub drives: Vec<String>,
    /// The value aimed for, an absolute level for dashboards. It is no test.
    #[schemars(extend("x-abide-type" = "number-or-percent", "examples" = [0.15]))]
    pub target: Option<Fraction>,
    /// The level at which a dashboard turns yellow.
    #[schemars(extend("x-abide-type" = "number-or-percent", "examples" = [0.20]))]
    pub warn: Option<Fraction>,
    /// The level at which a dashboard turns red: a service objective, not a margin.
    #[schemars(extend("x-abide-type" = "number-or-percent", "examples" = [0.25]))]
    pub critical: Option<Fraction>,
    /// How often values are refreshed.
    #[schemars(extend("examples" = ["1d"]))]
    pub refresh: Option<Duration>,
    /// What is known about the metric before the experiment: its level, its spread, and where that was read.
    pub baseline: Option<Baseline>,
    /// The card of the model that judges.
    pub judge: Option<Judge>,
    /// The card of the people who judge.
    pub human: Option<Human>,
    /// The prices that a cost is computed from.
    pub cost: Option<Cost>,
    /// For `kind = "composite"`: the metrics it is made of.
    pub components: Vec<Component>,

    /// What the metric decides in this experiment.
    pub role: Option<Role>,
    /// Which question is asked of it. Left out: `superiority`, and `non-inferiority` for a guardrail.
    pub test: Option<Test>,
    /// The smallest effect that must not be missed: what the experiment is sized for. A positive magnitude on a stated scale.
    #[schemars(extend("examples" = [{ "relative": 0.15 }, { "absolute": "3pp" }]))]
    pub mde: Option<Effect>,
    /// Why effects below the MDE may be missed.
    #[schemars(extend("examples" = ["below 15% the extra prompt tokens do not pay for themselves"]))]
    pub mde_reason: Option<String>,
    /// Practical significance: the estimate must reach it, beside being significant.
    #[schemars(extend("examples" = [{ "relative": 0.05 }]))]
    pub worthwhile: Option<Effect>,
    /// How much worse the metric may get. Required on a guardrail: not significantly worse is no evidence of no harm. Beside the
    /// `mde` of a metric that is tested for superiority it is what must be beaten: the effect must be shown to be larger than it,
    /// not only larger than none. Only where the spec itself writes it, so that a margin of the catalogue serves guardrails.
    #[schemars(extend("examples" = [{ "absolute": "2pp" }, { "relative": 0.10 }]))]
    pub margin: Option<Effect>,
    /// Why a loss up to the margin is acceptable, or why an effect must be larger than it.
    #[schemars(extend("examples" = ["page budget has 200 ms left at p95"]))]
    pub margin_reason: Option<String>,
    /// The metrics that would show that this one is being gamed.
    #[schemars(extend("x-abide-ref" = "metric", "examples" = [["refusal_rate"]]))]
    pub counter_metrics: Vec<String>,
    /// Paired designs: correlation of one draw across arms, from −1 to 1. Required on every metric that is sized; 0 must be written.
    #[schemars(extend("minimum" = -1, "maximum" = 1, "examples" = [0.5]))]
    pub correlation: Option<f64>,
    /// Paired designs: the share of pairs in which the arms differ, between 0 and 1. Instead of `correlation`.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.18]))]
    pub discordant: Option<Fraction>,
    /// Correlation of repeats of the same unit in the same arm, from −1 to 1. Required when `design.repeats` is above 1.
    #[schemars(extend("minimum" = -1, "maximum" = 1, "examples" = [0.7]))]
    pub repeat_correlation: Option<f64>,
    /// Values above a limit are counted as the limit, against heavy tails.
    pub cap: Option<Cap>,
    /// A covariate from before the exposure that explains part of the variance (CUPED, Deng et al. 2013).
    pub variance_reduction: Option<VarianceReduction>,
    /// Strata that units are analysed in, each compared within (post-stratification, Cochran 1977).
    // Left out where it is not written, as `scale` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stratification: Option<Stratification>,
}
/// Whether values of a kind, as it is written, are shares of units or comparisons: differences are then percentage points.
pub fn is_share(kind: Option<&str>) -> bool {
    matches!(kind, Some("proportion" | "preference" | "time_to_event"))
}
