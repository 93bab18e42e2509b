//! Evaluations of language models on a set of questions (Miller 2024, "Adding Error Bars to Evals", arXiv 2411.00640).

use super::error::{Result, StatsError, finite, require};
use super::ztest::ZTest;

/// Variance of one question's paired difference of scores, ω² + σ_A²/K_A + σ_B²/K_B (eq. 9).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedEval {
    variance: f64,
}

/// The answers of one model to a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answers {
    /// Mean variance of the score of one question over repeated answers, 0 or more.
    pub variance: f64,
    /// Answers drawn and averaged per question, 1 or more.
    pub repeats: f64,
}

impl Answers {
    /// A score without randomness.
    pub const DETERMINISTIC: Self = Self {
        variance: 0.0,
        repeats: 1.0,
    };
}

impl PairedEval {
    /// `between` is ω², the variance over questions of the true (mean) difference, 0 or more.
    pub fn new(between: f64, a: Answers, b: Answers) -> Result<Self> {
        let mut variance = require(
            "variance between questions",
            between,
            "a finite number, 0 or more",
            between >= 0.0,
        )?;
        for Answers {
            variance: within,
            repeats,
        } in [a, b]
        {
            require(
                "variance between answers",
                within,
                "a finite number, 0 or more",
                within >= 0.0,
            )?;
            variance += within / require("answers per question", repeats, "1 or more", repeats >= 1.0)?;
        }
        require(
            "variance of a question's difference",
            variance,
            "a finite number above 0",
            variance > 0.0,
        )?;
        Ok(Self { variance })
    }

    /// Standard deviation of one question's difference.
    pub fn sd(self) -> f64 {
        self.variance.sqrt()
    }

    /// The z test of a mean difference of `distance`; its n counts questions.
    ///
    /// ```
    /// use abide::stats::{Answers, Level, PairedEval, Power};
    /// let eval = PairedEval::new(1.0 / 9.0, Answers::DETERMINISTIC, Answers::DETERMINISTIC)?;
    /// let n = eval.test(0.03)?.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?;
    /// assert_eq!(n.ceil(), 969.0); // as printed in the paper
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn test(self, distance: f64) -> Result<ZTest> {
        ZTest::new(distance, self.sd())
    }
}

/// Standard errors of a mean of scores that come in clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredMean {
    /// Mean score.
    pub mean: f64,
    /// Standard error if the scores were independent.
    pub se_independent: f64,
    /// Miller's eq. 4: the independent variance (divisor n − 1) plus the products within clusters.
    pub se_miller: f64,
    /// Liang & Zeger 1986 without small-sample correction: squared cluster sums of residuals (divisor n).
    pub se_sandwich: f64,
}

/// Mean of `scores` and its standard errors, where `clusters` names the cluster of each score. Needs two scores or more.
pub fn clustered_mean(scores: &[f64], clusters: &[u64]) -> Result<ClusteredMean> {
    let n = scores.len() as f64;
    require("number of scores", n, "2 or more", scores.len() >= 2)?;
    require(
        "number of cluster names",
        clusters.len() as f64,
        "one per score",
        clusters.len() == scores.len(),
    )?;
    for &score in scores {
        finite("score", score)?;
    }
    let mean = scores.iter().sum::<f64>() / n;
    let mut sums: std::collections::BTreeMap<u64, f64> = std::collections::BTreeMap::new();
    let mut squares = 0.0;
    for (score, cluster) in scores.iter().zip(clusters) {
        *sums.entry(*cluster).or_insert(0.0) += score - mean;
        squares += (score - mean).powi(2);
    }
    let clustered: f64 = sums.values().map(|sum| sum * sum).sum();
    let independent = squares / (n - 1.0) / n;
    // Σ over clusters of the products i ≠ j is the squared sum without its diagonal; it may be negative.
    let miller = independent + (clustered - squares) / (n * n);
    if miller < 0.0 {
        return Err(StatsError::no_solution(
            "clustered standard error",
            "the estimated variance is negative",
        ));
    }
    Ok(ClusteredMean {
        mean,
        se_independent: independent.sqrt(),
        se_miller: miller.sqrt(),
        se_sandwich: clustered.sqrt() / n,
    })
}
