//! Statistics of experiments: sizes, powers and detectable effects, as pure functions of numbers.
//!
//! A design is built from true values and a [`Hypothesis`], then asked for a sample size, a power, a detectable effect
//! or a margin. Sizes are real numbers; rounding belongs to the plan. Inputs out of range, questions without an answer
//! and solves that do not plug back are a [`StatsError`], never a NaN.
//!
//! Conventions: alpha is the total over the sides of a test; power is the probability of deciding in the beneficial
//! direction; the allocation ratio is treatment units per control unit.

#![allow(clippy::float_cmp, reason = "comparisons with exact values are meant as such")]

mod arcsine;
mod bandit;
mod bayes;
mod binomial;
mod chi;
mod clusters;
mod counts;
mod covariates;
mod dilution;
mod duration;
mod endpoints;
mod equivalence;
mod error;
mod evals;
mod exact;
mod exact_counts;
mod exact_margins;
mod exact_pairs;
mod fisher;
mod goodness;
mod hypothesis;
mod input;
mod judge;
mod lasting;
mod lift;
mod means;
mod multiplicity;
pub mod normal;
mod paired;
mod paired_proportions;
mod proportions;
mod pvalues;
mod quadrature;
mod quantile;
mod ratio;
mod restricted;
mod sequential;
mod sign_test;
pub(crate) mod solve;
pub mod student;
mod survival;
mod switchback;
mod ztest;

#[cfg(test)]
mod tests;

/// Power of a t test in the beneficial direction and its complement.
pub(crate) fn t_power(critical: f64, df: f64, expected: f64) -> Result<(f64, f64)> {
    means::t_power(critical, df, expected, false)
}

pub use arcsine::{arcsine_test, cohen_h, one_proportion_test};
pub use bandit::{BanditRuns, BanditTrial, MonteCarlo, Policy, Posterior, RegretBound, best_arm_chances, regret_bound};
pub use bayes::{Assurance, Beta, BetaComparison, assurance, expected_loss_of_wins, false_positive_risk};
pub use clusters::{ClusteredMeans, Clusters, SteppedWedge, hayes_bennett_proportions, hayes_bennett_rates};
pub use counts::{RateNullVariance, RateRatio};
pub use covariates::{RepeatedMeasures, Stratified, cuped_factor, repeated_measures, stratified};
pub use dilution::{Trigger, TriggeredSizes};
pub use duration::{Traffic, whole_weeks};
pub use endpoints::AllWin;
pub use equivalence::Equivalence;
pub use error::{Result, StatsError};
pub use evals::{Answers, ClusteredMean, PairedEval, clustered_mean};
pub use exact::ExactProportions;
pub use exact_counts::CountedEvents;
pub use fisher::{FisherTest, coin_tail, fisher_tail};
pub use goodness::{
    ShareMismatch, ShareTest, chi_square_critical, chi_square_sf, noncentral_chi_square_sf, required_noncentrality,
    share_test,
};
pub use hypothesis::{Detectable, Hypothesis};
pub use input::{Alpha, Direction, Level, Power, Proportion, Ratio, SampleSize, Sides, Tails};
pub use judge::{Judge, PredictionPowered, prediction_powered};
pub use lift::RelativeLift;
pub use means::{MeanTest, TwoMeans};
pub use multiplicity::{ArmPowers, Dunnett, bonferroni, holm, sidak, sidak_adjusted};
pub use paired::PairedMeans;
pub(crate) use paired_proportions::restricted_pair_variance;
pub use paired_proportions::{ExactPValue, PairedProportions};
pub use proportions::{
    Continuity, FEW_EVENTS, NullVariance, TwoProportions, restricted_proportions, share_score_variance,
};
pub use pvalues::{Adjustment, adjust, false_discovery_alpha};
pub use quantile::{
    QuantileMetric, log_normal_skewness, log_sd_from_cv, quantile_correlation, sample_quantile_variance_ratio,
    skewness_floor,
};
pub use ratio::RatioMetric;
pub use sequential::{
    AsymptoticSequence, Boundary, Futility, INTERIM_Z, Looks, Operating, SequentialDesign, SequentialPlan, Spending,
    exact_tuning, mixture_threshold, peeking_error, tuning,
};
pub use sign_test::{ExactSignTest, SignTest};
pub use survival::{LogRank, cox_events, event_probability, log_rank_likeness};
pub use switchback::Switchback;
pub use ztest::ZTest;
