//! The question: one flat object, whose keys are the flags of the command line with underscores.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::quantity::Quantity;
use crate::language::values::Fraction;
use crate::language::{Direction, EfficacySpending, Test};

/// Declares words with their spelling in requests.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[schemars(inline)]
        pub enum $name { $($(#[$of])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// The word of a request.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

pub(super) use words;

words! {
    /// The variance that the statistic of two proportions is divided by.
    pub enum Variance {
        /// One proportion for both arms, as if there were no difference (superiority).
        Pooled = "pooled",
        /// Estimated on the boundary of the margin, Farrington and Manning 1990.
        FarringtonManning = "farrington-manning",
        /// Each arm's own.
        Unpooled = "unpooled",
    }
}

words! {
    /// The test statistic.
    pub enum Statistic {
        /// t with a standard deviation per arm.
        Welch = "welch",
        /// t with one standard deviation.
        Student = "student",
        /// Normal, standard deviations known.
        Z = "z",
        /// The exact binomial test.
        Exact = "exact",
    }
}

words! {
    /// The rates at which the variance of a rate ratio is taken under no effect.
    pub enum NullVariance {
        /// The true rates.
        Truth = "truth",
        /// Control's rate in both arms.
        Control = "control",
        /// The pooled rate.
        Pooled = "pooled",
    }
}

words! {
    /// How many events a hazard ratio needs.
    pub enum Events {
        /// By the log of the hazard ratio, Schoenfeld 1981.
        Schoenfeld = "schoenfeld",
        /// By the hazard ratio itself, Freedman 1982.
        Freedman = "freedman",
    }
}

words! {
    /// How several treatment arms share alpha.
    pub enum Correction {
        /// Exact for arms that share a control, Dunnett 1955.
        Dunnett = "dunnett",
        /// Alpha divided by the number of arms.
        Bonferroni = "bonferroni",
        /// 1 - (1 - alpha)^(1/arms).
        Sidak = "sidak",
        /// No correction: the error rate grows with every arm.
        None = "none",
    }
}

/// One question for the calculator. Exactly one of the sample size, the power and the effect (or margin) is left open;
/// it is what is solved for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is described")]
pub struct Request {
    /// What is compared.
    pub kind: Kind,
    /// What is to be shown: that treatment is better, that it is not worse by a margin, or that it differs by less than one [default: superiority, or non-inferiority when only a margin is given].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
    /// The direction that is good [default: that of the effect, else increase].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Control's value: a proportion, mean, rate per unit of time, or quantile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Fraction>,
    /// The effect as a share of the baseline, such as 0.15 or 15%; negative for a decrease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mde_relative: Option<Fraction>,
    /// The effect in the unit of the metric, such as 0.03 or 3pp; negative for a decrease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mde_absolute: Option<Quantity>,
    /// Treatment's true value, instead of an effect; with a margin, the truth under which it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub treated: Option<Fraction>,
    /// The margin as a share of the baseline, above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin_relative: Option<Fraction>,
    /// The margin in the unit of the metric, above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin_absolute: Option<Quantity>,
    /// Units in control (or pairs, comparisons, questions, clusters): asks for power, or for the smallest effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<Quantity>,
    /// Type I error, over all sides [default: 0.05; 0.025 for non-inferiority].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpha: Option<Fraction>,
    /// Sides of the test, 1 or 2 [default: 2; 1 with a margin].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sides: Option<u8>,
    /// Probability of a decision in the right direction [default: 0.8].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power: Option<Fraction>,
    /// Units in each treatment arm per unit in control [default: 1].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Quantity>,
    /// Variance of the test statistic [default: pooled; farrington-manning with an absolute margin; unpooled with a relative one].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variance: Option<Variance>,
    /// Standard deviation of one unit in control, or of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd: Option<Quantity>,
    /// Standard deviation in treatment, where it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd_treated: Option<Quantity>,
    /// Coefficient of variation, instead of the standard deviation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cv: Option<Fraction>,
    /// Standard deviation of the differences within pairs, instead of one per arm and their correlation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd_difference: Option<Quantity>,
    /// Test statistic [default: welch for means, student for pairs, z for preferences].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<Statistic>,
    /// Mean of the numerator, over units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator_mean: Option<Quantity>,
    /// Standard deviation of the numerator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator_sd: Option<Quantity>,
    /// Mean of the denominator, over units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator_mean: Option<Quantity>,
    /// Standard deviation of the denominator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator_sd: Option<Quantity>,
    /// Correlation of the two values of a pair, or of numerator and denominator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Fraction>,
    /// Time that each unit is observed, in the unit of time of the rate [default: 1].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Quantity>,
    /// Negative-binomial dispersion k, where the variance is mean + k mean squared [default: 0, Poisson].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispersion: Option<Quantity>,
    /// The rates of the variance under no effect [default: truth].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub null_variance: Option<NullVariance>,
    /// Which quantile, such as 0.95.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantile: Option<Fraction>,
    /// Standard deviation of the logarithm of the values, which are taken as log-normal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_sd: Option<Quantity>,
    /// Density of the values at the quantile, instead of a log-normal shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<Quantity>,
    /// A second quantile of a pilot, such as 0.5, which tells the log-normal shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_quantile: Option<Fraction>,
    /// The value of the second quantile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_value: Option<Quantity>,
    /// Hazard of treatment over that of control: the effect; with a margin, the truth under which it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazard_ratio: Option<Quantity>,
    /// Events in both arms, instead of `n`: asks for power, or for the smallest effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Quantity>,
    /// Probability that a unit has its event in the study, over both arms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_probability: Option<Fraction>,
    /// Hazard in control per unit of time, instead of the event probability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazard: Option<Quantity>,
    /// Time over which units enter, with `hazard` [default: 0].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accrual: Option<Quantity>,
    /// Time of observation after the last entry, with `hazard`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Quantity>,
    /// The formula of the number of events [default: schoenfeld].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_formula: Option<Events>,
    /// Probability that treatment wins a decided comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub win_rate: Option<Fraction>,
    /// Share of comparisons without a winner [default: 0].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ties: Option<Fraction>,
    /// Probability that only control of a pair has the event, instead of baseline and correlation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_control: Option<Fraction>,
    /// Probability that only treatment of a pair has the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_treated: Option<Fraction>,
    /// Variance over questions of the true difference of scores (omega squared of Miller 2024).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between_variance: Option<Quantity>,
    /// Variance of the score of one question over repeated answers [default: 0].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_variance: Option<Quantity>,
    /// The same of treatment [default: that of control].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_variance_treated: Option<Quantity>,
    /// Answers drawn per question [default: 1].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Quantity>,
    /// The same of treatment [default: that of control].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats_treated: Option<Quantity>,
    /// Treatment arms that are each compared with control [default: 1].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arms: Option<u16>,
    /// How several arms share alpha [default: dunnett where arms share a control and there is one look, else bonferroni].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// Equally spaced looks at the data, the last one included [default: 1].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks: Option<u16>,
    /// How alpha is spent over the looks [default: obrien-fleming].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spending: Option<EfficacySpending>,
    /// Parameter of hwang-shih-decani spending [default: -4].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<Quantity>,
    /// Parameter of kim-demets spending, above 0 [default: 3].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rho: Option<Quantity>,
    /// Parameter of wang-tsiatis spending: 0 is O'Brien and Fleming 1979, 0.5 is Pocock 1977 [default: 0].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delta: Option<Quantity>,
    /// Critical value of haybittle-peto spending at every look before the last [default: 3].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interim_z: Option<Quantity>,
    /// Correlation of the metric with a covariate known before the experiment (CUPED, ANCOVA).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covariate_correlation: Option<Fraction>,
    /// Intraclass correlation of values that belong together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icc: Option<Fraction>,
    /// Mean number of values that belong together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_size: Option<Quantity>,
    /// Coefficient of variation of those numbers [default: 0].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_cv: Option<Fraction>,
    /// Probability that a judge sees an event that is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Fraction>,
    /// Probability that a judge sees none where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specificity: Option<Fraction>,
    /// Guardrails that must pass as well; the power becomes 1 - beta/(guardrails + 1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardrails: Option<u16>,
}
