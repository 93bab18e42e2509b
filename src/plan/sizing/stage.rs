//! The steps from the naive size to the final one, in the order of the language page.

/// How far the waterfall has come. A stage includes all earlier ones.
///
/// INVARIANT: the order of the variants is the order of the bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Stage {
    /// Two independent arms, a perfect measurement, one look, normal quantiles.
    Naive,
    /// The errors of the judge shrink the effect.
    Judge,
    /// Each unit passes both arms.
    Pairing,
    /// Each unit is run several times and averaged.
    Repeats,
    /// Units come in groups that are alike.
    Clusters,
    /// Rows are averages over blocks of time.
    Blocks,
    /// The arm before has not worn off when a block is counted.
    Carryover,
    /// A covariate explains part of the variance.
    Covariate,
    /// Strata explain part of the variance.
    Strata,
    /// Alpha is shared by several primaries.
    AlphaOverMetrics,
    /// Alpha is shared by several arms.
    AlphaOverArms,
    /// Every gating metric must come out right at once.
    Power,
    /// Interim looks.
    Looks,
    /// The distribution that the test really has.
    SmallSample,
    /// Units that never reach the change dilute it.
    Dilution,
}

impl Stage {
    /// All stages in order.
    pub(in crate::plan) const ALL: [Self; 15] = [
        Self::Naive,
        Self::Judge,
        Self::Pairing,
        Self::Repeats,
        Self::Clusters,
        Self::Blocks,
        Self::Carryover,
        Self::Covariate,
        Self::Strata,
        Self::AlphaOverMetrics,
        Self::AlphaOverArms,
        Self::Power,
        Self::Looks,
        Self::SmallSample,
        Self::Dilution,
    ];

    /// With everything on: the only stage whose size is used.
    pub(in crate::plan) const FINAL: Self = Self::Dilution;

    /// Kebab-case name of the step in the plan.
    pub(in crate::plan) fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::Judge => "judge",
            Self::Pairing => "pairing",
            Self::Repeats => "repeats",
            Self::Clusters => "clusters",
            Self::Blocks => "blocks",
            Self::Carryover => "carryover",
            Self::Covariate => "covariate",
            Self::Strata => "stratification",
            Self::AlphaOverMetrics => "multiplicity-metrics",
            Self::AlphaOverArms => "multiplicity-arms",
            Self::Power => "guardrail-power",
            Self::Looks => "sequential",
            Self::SmallSample => "small-sample",
            Self::Dilution => "dilution",
        }
    }
}
