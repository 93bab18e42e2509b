//! What can be compared, and which fields of a request each kind takes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::request::words;

words! {
    /// What is compared.
    pub enum Kind {
        /// Two independent proportions, such as conversion rates.
        Proportion = "proportion",
        /// Two independent means.
        Mean = "mean",
        /// Two independent geometric means: means of logarithms, compared by their ratio.
        GeometricMean = "geometric-mean",
        /// A ratio of two means per unit, such as clicks per view (delta method).
        Ratio = "ratio",
        /// Counts or rates of events, Poisson or negative binomial.
        Count = "count",
        /// A quantile, such as p95 latency, on the log scale.
        Quantile = "quantile",
        /// Time to an event, by the hazard ratio.
        TimeToEvent = "time-to-event",
        /// Preferences: which of two is better, with ties (sign test).
        Preference = "preference",
        /// Two proportions of the same units (McNemar).
        PairedProportion = "paired-proportion",
        /// Two means of the same units.
        PairedMean = "paired-mean",
        /// Means with whole clusters randomised (t test of cluster means).
        ClusterMean = "cluster-mean",
        /// Proportions with whole clusters randomised.
        ClusterProportion = "cluster-proportion",
        /// Two models on the same questions, with repeated answers (Miller 2024).
        Eval = "eval",
    }
}

/// What every kind takes.
const ALWAYS: &[&str] = &[
    "kind",
    "test",
    "direction",
    "n",
    "alpha",
    "sides",
    "power",
    "arms",
    "correction",
    "looks",
    "spending",
    "gamma",
    "rho",
    "delta",
    "interim_z",
    "guardrails",
];
/// A baseline and the effect on it.
const EFFECT: &[&str] = &["baseline", "mde_relative", "mde_absolute", "treated"];
const MARGINS: &[&str] = &["margin_relative", "margin_absolute"];
const DESIGN_EFFECT: &[&str] = &["icc", "cluster_size", "size_cv"];

impl Kind {
    /// Every kind, in the order in which the help lists them.
    pub const ALL: [Self; 13] = [
        Self::Proportion,
        Self::Mean,
        Self::GeometricMean,
        Self::Ratio,
        Self::Count,
        Self::Quantile,
        Self::TimeToEvent,
        Self::Preference,
        Self::PairedProportion,
        Self::PairedMean,
        Self::ClusterMean,
        Self::ClusterProportion,
        Self::Eval,
    ];

    /// The fields of a request that mean something for the kind: its own first, then the shared ones.
    pub fn fields(self) -> Vec<&'static str> {
        let parts: &[&[&str]] = match self {
            Self::Proportion => &[
                EFFECT,
                MARGINS,
                &["variance", "ratio"],
                &["covariate_correlation"],
                DESIGN_EFFECT,
                &["sensitivity", "specificity"],
            ],
            Self::Mean => &[
                EFFECT,
                MARGINS,
                &["sd", "sd_treated", "cv", "statistic", "ratio"],
                &["covariate_correlation"],
                DESIGN_EFFECT,
            ],
            Self::GeometricMean => &[
                EFFECT,
                &["margin_relative", "log_sd", "cv", "ratio"],
                &["covariate_correlation"],
                DESIGN_EFFECT,
            ],
            Self::Ratio => &[
                &[
                    "numerator_mean",
                    "numerator_sd",
                    "denominator_mean",
                    "denominator_sd",
                    "correlation",
                ],
                &["mde_relative", "mde_absolute", "treated"],
                MARGINS,
                &["ratio", "covariate_correlation"],
            ],
            Self::Count => &[
                EFFECT,
                &["margin_relative", "exposure", "dispersion", "null_variance", "ratio"],
            ],
            Self::Quantile => &[
                &["quantile"],
                EFFECT,
                &[
                    "margin_relative",
                    "log_sd",
                    "density",
                    "other_quantile",
                    "other_value",
                    "ratio",
                ],
                DESIGN_EFFECT,
            ],
            Self::TimeToEvent => &[&[
                "hazard_ratio",
                "margin_relative",
                "events",
                "event_probability",
                "hazard",
                "accrual",
                "follow_up",
                "events_formula",
                "ratio",
            ]],
            Self::Preference => &[&["win_rate", "ties", "statistic"]],
            Self::PairedProportion => &[EFFECT, MARGINS, &["correlation", "only_control", "only_treated"]],
            Self::PairedMean => &[
                EFFECT,
                MARGINS,
                &["sd", "sd_treated", "cv", "correlation", "sd_difference", "statistic"],
            ],
            Self::ClusterMean => &[EFFECT, MARGINS, &["sd", "cv"], DESIGN_EFFECT],
            Self::ClusterProportion => &[EFFECT, MARGINS, DESIGN_EFFECT],
            Self::Eval => &[
                &[
                    "mde_absolute",
                    "margin_absolute",
                    "between_variance",
                    "within_variance",
                    "within_variance_treated",
                ],
                &["repeats", "repeats_treated"],
            ],
        };
        parts
            .iter()
            .chain([&ALWAYS])
            .flat_map(|part| part.iter().copied())
            .collect()
    }

    /// Why a field of the language of requests is no field of this kind.
    pub(super) fn refusal(self, field: &str) -> &'static str {
        match (self, field) {
            (Self::Count | Self::Quantile | Self::TimeToEvent | Self::GeometricMean, "margin_absolute") => {
                "it is compared as a ratio, so its margin is relative: give `margin_relative`"
            }
            (Self::TimeToEvent, "mde_relative" | "mde_absolute" | "treated" | "baseline") => {
                "its effect is `hazard_ratio`"
            }
            (Self::Preference, "mde_relative" | "mde_absolute" | "treated" | "baseline") => "its effect is `win_rate`",
            (Self::Eval, "mde_relative" | "treated" | "baseline" | "margin_relative") => {
                "scores are compared by their difference: give `mde_absolute` or `margin_absolute`"
            }
            (Self::GeometricMean, "sd" | "sd_treated") => {
                "it is of logarithms: give `log_sd`, or the `cv` of the values, their standard deviation over their mean"
            }
            (Self::Ratio, "baseline") => "its baseline is `numerator_mean` over `denominator_mean`",
            (Self::Count | Self::Ratio, "icc" | "cluster_size" | "size_cv") => {
                "the variance over units of randomisation already holds what goes on inside a unit"
            }
            (Self::Eval, "icc" | "cluster_size" | "size_cv") => {
                "put the clustered variance of the difference into `between_variance`"
            }
            (Self::PairedMean | Self::PairedProportion | Self::Preference, "icc" | "cluster_size" | "size_cv") => {
                "the correlation inside a cluster of the difference of a pair is not that of the values"
            }
            (Self::ClusterMean | Self::ClusterProportion, "covariate_correlation") => {
                "a covariate acts differently within and between clusters: lower `sd` and `icc` to what it leaves"
            }
            (Self::PairedMean | Self::PairedProportion | Self::Eval | Self::Preference, "covariate_correlation") => {
                "each unit is its own control already"
            }
            (Self::Count | Self::Quantile | Self::TimeToEvent, "covariate_correlation") => {
                "1 - correlation² holds for means, not for rates, quantiles or hazards"
            }
            (Self::ClusterMean | Self::ClusterProportion, "ratio") => "it has as many clusters in each arm",
            (Self::Preference | Self::PairedProportion | Self::PairedMean | Self::Eval, "ratio") => {
                "each unit sees both arms"
            }
            (_, "sensitivity" | "specificity") => "a judge's error rates act on independent proportions",
            (Self::Preference, "margin_relative" | "margin_absolute") => {
                "a margin of preferences is not covered; test superiority"
            }
            _ => "it means nothing there",
        }
    }
}
