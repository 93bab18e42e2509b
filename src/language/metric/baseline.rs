//! `baseline`: what is known about a metric before the experiment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::choice::choice;
use crate::language::values::{Date, Duration, Fraction};

choice! {
    /// Whether a judged baseline was corrected for the judge's errors.
    pub enum BaselineScale {
        /// Corrected, or never judged.
        True = "true",
        /// As the judge reported it.
        Judged = "judged",
    }
}

/// The level and the spread of a metric before the experiment, and where they were read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Baseline {
    /// The level: a fraction for proportions and preferences, else in the unit of the metric. With `scale = "log"` the geometric mean. For `time_to_event` the share of units with the event within the window.
    #[schemars(extend("x-abide-type" = "number-or-percent", "examples" = [0.20, 1.8]))]
    pub value: Option<Fraction>,
    /// With a judge: whether `value` is on the true scale or as judged.
    pub scale: Option<BaselineScale>,
    /// Standard deviation of one analysis unit, in the unit of the metric.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [30]))]
    pub sd: Option<f64>,
    /// Coefficient of variation: standard deviation over mean. Of a ratio: that of its linearised unit value. With `scale = "log"` that of log-normal values, whose logarithms have the standard
    /// deviation √ln(1 + cv²).
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [0.8]))]
    pub cv: Option<f64>,
    /// Skewness of one analysis unit. Write it when tails are heavy: it tells from how many units on the mean is normal.
    #[schemars(extend("examples" = [9]))]
    pub skewness: Option<f64>,
    /// Negative-binomial dispersion k of a count or rate: variance μ + kμ². 0 is Poisson.
    #[schemars(extend("minimum" = 0, "examples" = [1.4]))]
    pub dispersion: Option<f64>,
    /// For quantiles and for means with `scale = "log"`: standard deviation of the logarithm of one value.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [0.6]))]
    pub log_sd: Option<f64>,
    /// For quantiles: quantiles of a pilot, from which the shape is taken.
    #[schemars(extend("examples" = [[{ "p": 0.90, "value": 1.4 }, { "p": 0.99, "value": 3.1 }]]))]
    pub quantiles: Vec<QuantilePoint>,
    /// For quantiles: the density of values at the quantile, per unit of the metric.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [0.21]))]
    pub density: Option<f64>,
    /// For `time_to_event`: the time by which half of the units had the event.
    #[schemars(extend("examples" = ["36h"]))]
    pub median: Option<Duration>,
    /// For preferences: the share of comparisons that neither side wins, from 0 to below 1.
    #[schemars(extend("minimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.35]))]
    pub ties: Option<Fraction>,
    /// For ratings: the share of units that gave one, from 0 to 1. The fewer do, the less their mean says about the others.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.04]))]
    pub response_rate: Option<Fraction>,
    /// Intraclass correlation: how alike the units of a cluster are, from 0 to 1. A paired design uses that of the differences; of a quantile it is that of its values, of a time to an event that of having the event.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.1]))]
    pub icc: Option<Fraction>,
    /// Switchbacks: correlation of neighbouring values within a block, from −1 to 1.
    #[schemars(extend("exclusiveMinimum" = -1, "exclusiveMaximum" = 1, "examples" = [0.3]))]
    pub autocorrelation: Option<f64>,
    /// For ratios: moments of numerator and denominator per randomisation unit, instead of `cv`.
    pub moments: Option<RatioMoments>,
    /// For composites: correlations of the components, pair by pair.
    pub correlations: Vec<PairCorrelation>,
    /// How many analysis units the baseline was read from.
    #[schemars(extend("minimum" = 1, "examples" = [4312]))]
    pub n: Option<u64>,
    /// The first day it was read from.
    pub from: Option<Date>,
    /// The last day it was read from.
    pub to: Option<Date>,
    /// Where it was read: a source of the catalogue, or any other citation.
    #[schemars(extend("examples" = ["evals", "billing export"]))]
    pub source: Option<String>,
}

/// One quantile of a pilot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantilePoint {
    /// Which quantile, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub p: Fraction,
    /// Its value, in the unit of the metric.
    pub value: f64,
}

/// Moments of a ratio's numerator and denominator per randomisation unit, for the delta method.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RatioMoments {
    /// Mean of the numerator.
    pub numerator_mean: Option<f64>,
    /// Standard deviation of the numerator.
    #[schemars(extend("minimum" = 0))]
    pub numerator_sd: Option<f64>,
    /// Mean of the denominator.
    pub denominator_mean: Option<f64>,
    /// Standard deviation of the denominator.
    #[schemars(extend("minimum" = 0))]
    pub denominator_sd: Option<f64>,
    /// Correlation of numerator and denominator, from −1 to 1.
    #[schemars(extend("minimum" = -1, "maximum" = 1))]
    pub correlation: Option<f64>,
}

/// The correlation of two components of a composite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairCorrelation {
    /// The two components.
    #[schemars(extend("x-abide-ref" = "metric", "examples" = [["answer_ctr", "latency_p95"]]))]
    pub between: [String; 2],
    /// Their correlation per analysis unit, from −1 to 1.
    #[schemars(extend("minimum" = -1, "maximum" = 1))]
    pub value: f64,
}
