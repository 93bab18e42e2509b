//! `[hypothesis]`: what is believed, why, and what would refute it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::metric::Direction;
use super::values::{Effect, Fraction};

/// What is believed before the data: the change, whom it reaches, what moves, which way, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Hypothesis {
    /// What the treatment does differently, in one sentence.
    #[schemars(extend("examples" = ["The prompt requires every claim to cite the product record"]))]
    pub change: Option<String>,
    /// Whom the change reaches, in words. The eligibility itself is `population.where`.
    #[schemars(extend("examples" = ["English product-description requests"]))]
    pub population: Option<String>,
    /// The metric that should move: a primary metric of this spec.
    #[schemars(extend("x-abide-ref" = "metric", "examples" = ["hallucination_rate"]))]
    pub metric: Option<String>,
    /// Which way it should move. Must agree with the direction of the metric.
    pub direction: Option<Direction>,
    /// The effect that is believed. The effect that must not be missed is the `mde` of the metric.
    #[schemars(extend("examples" = [{ "relative": 0.15 }]))]
    pub effect: Option<Effect>,
    /// How unsure the belief is: the standard deviation of the effect around `effect`, on its scale. With it the plan shows the chance of
    /// success under that belief.
    #[schemars(extend("exclusiveMinimum" = 0, "x-abide-type" = "number-or-percent", "examples" = [0.10]))]
    pub effect_sd: Option<Fraction>,
    /// The mechanism: why the change should have this effect.
    #[schemars(extend("examples" = ["Most fabricated claims come from attributes missing in the context"]))]
    pub because: Option<String>,
    /// Earlier findings that support it: evaluations, audits, experiments.
    #[schemars(extend("examples" = [["offline-eval-2026-10"]]))]
    pub evidence: Vec<String>,
    /// The result that would lower the belief.
    #[schemars(extend("examples" = ["the upper bound of the reduction is below 5%"]))]
    pub refuted_if: Option<String>,
    /// The share of comparable changes that worked, between 0 and 1. Gives the false-positive risk that the board is shown.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.15]))]
    pub prior_success_rate: Option<Fraction>,
}
