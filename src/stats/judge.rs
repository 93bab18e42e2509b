//! Outcomes read by an imperfect judge, human or model.

use super::error::{Result, StatsError, positive, require};
use super::input::Proportion;

/// A judge with known error rates, the same in both arms (Bross 1954; Rogan & Gladen 1978).
///
/// ```
/// use abide::stats::Judge;
/// let judge = Judge::new(0.85, 0.90)?;
/// // A fall from 20% to 17% looks like one from 25% to 22.75%.
/// assert!((judge.apparent(0.20)? - 0.25).abs() < 1e-12);
/// assert!((judge.apparent(0.17)? - 0.2275).abs() < 1e-12);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judge {
    sensitivity: f64,
    specificity: f64,
}

impl Judge {
    /// Probabilities that a true event and a true non-event are judged so; their sum must exceed 1.
    pub fn new(sensitivity: f64, specificity: f64) -> Result<Self> {
        let probability = |input, p: f64| require(input, p, "between 0 and 1", (0.0..=1.0).contains(&p));
        probability("sensitivity", sensitivity)?;
        probability("specificity", specificity)?;
        let sum = sensitivity + specificity;
        require(
            "sensitivity + specificity",
            sum,
            "above 1, or the judge is no better than chance",
            sum > 1.0,
        )?;
        Ok(Self {
            sensitivity,
            specificity,
        })
    }

    /// J = Se + Sp − 1, the factor by which true differences shrink.
    pub fn attenuation(self) -> f64 {
        self.sensitivity - (1.0 - self.specificity)
    }

    /// The proportion judged to have the event: p Se + (1 − p)(1 − Sp).
    pub fn apparent(self, true_proportion: f64) -> Result<f64> {
        let p = Proportion::named("true proportion", true_proportion)?.get();
        Ok(p * self.sensitivity + (1.0 - p) * (1.0 - self.specificity))
    }

    /// The true proportion behind an apparent one, (a + Sp − 1)/J, which must come out between 0 and 1.
    pub fn corrected(self, apparent: f64) -> Result<f64> {
        let p = (apparent - (1.0 - self.specificity)) / self.attenuation();
        require(
            "apparent proportion",
            apparent,
            "between 1 - specificity and sensitivity",
            (0.0..=1.0).contains(&p),
        )?;
        Ok(p)
    }

    /// The difference that a corrected estimate shows between two arms of the same true proportion, when the judge's
    /// sensitivity and specificity on their answers are `control` and `arm`: (a₁ − a₀)/J, with J of this judge, which the
    /// correction takes for that of both. A bias: no number of units averages it out.
    ///
    /// ```
    /// use abide::stats::Judge;
    /// // 20% have the event; a tenth less of them is found in the arm.
    /// let bias = Judge::new(0.85, 0.93)?.differential_bias(0.2, (0.9, 0.93), (0.8, 0.93))?;
    /// assert!((bias - -0.02 / 0.78).abs() < 1e-12);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn differential_bias(self, true_proportion: f64, control: (f64, f64), arm: (f64, f64)) -> Result<f64> {
        let p = Proportion::named("true proportion", true_proportion)?.get();
        let apparent = |(sensitivity, specificity): (f64, f64)| p * sensitivity + (1.0 - p) * (1.0 - specificity);
        Ok((apparent(arm) - apparent(control)) / self.attenuation())
    }

    /// Variance that calibration on `positives` truly positive and `negatives` truly negative labelled items adds to a
    /// corrected *difference* d between two arms read by the same judge: d² · Var(Ĵ)/J² (delta method; the errors of a
    /// shared judge cancel except through J).
    pub fn calibration_variance(self, difference: f64, positives: f64, negatives: f64) -> Result<f64> {
        let m1 = positive("labelled positives", positives)?;
        let m0 = positive("labelled negatives", negatives)?;
        let variance =
            self.sensitivity * (1.0 - self.sensitivity) / m1 + self.specificity * (1.0 - self.specificity) / m0;
        Ok((difference / self.attenuation()).powi(2) * variance)
    }

    /// What PPI++ leaves of the variance of a proportion when people label a share of the judged units, over the variance that
    /// labels of all of them would have: (1 − ρ²)/share + ρ², with ρ² = p(1 − p)J²/(a(1 − a)) the squared correlation of label
    /// and judgement (Angelopoulos, Duchi & Zrnic 2023, with the best weight; labelled and other units add up to all).
    ///
    /// ```
    /// use abide::stats::Judge;
    /// let judge = Judge::new(0.85, 0.90)?;
    /// // Labels of a tenth of the units, and a judge of all: as good as labels of 17.6% of them.
    /// let factor = judge.prediction_powered_factor(0.20, 0.1)?;
    /// assert!((1.0 / factor - 0.1761).abs() < 1e-4);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn prediction_powered_factor(self, true_proportion: f64, label_share: f64) -> Result<f64> {
        let share = require(
            "share of labelled units",
            label_share,
            "above 0 and at most 1",
            label_share > 0.0 && label_share <= 1.0,
        )?;
        let (p, a) = (true_proportion, self.apparent(true_proportion)?);
        let seen = a * (1.0 - a);
        // A judge that always says the same tells nothing.
        let explained = if seen > 0.0 {
            p * (1.0 - p) * self.attenuation().powi(2) / seen
        } else {
            0.0
        };
        Ok((1.0 - explained) / share + explained)
    }

    /// Variance of one corrected proportion from `n` judged items and the same calibration (Lang & Reiczigel 2014):
    /// (a (1 − a)/n + (1 − p)² Sp (1 − Sp)/m0 + p² Se (1 − Se)/m1)/J².
    pub fn corrected_variance(self, true_proportion: f64, n: f64, positives: f64, negatives: f64) -> Result<f64> {
        let (p, a) = (true_proportion, self.apparent(true_proportion)?);
        let (n, m1) = (positive("n", n)?, positive("labelled positives", positives)?);
        let m0 = positive("labelled negatives", negatives)?;
        let (se, sp) = (self.sensitivity, self.specificity);
        let sum = a * (1.0 - a) / n + (1.0 - p).powi(2) * sp * (1.0 - sp) / m0 + p * p * se * (1.0 - se) / m1;
        Ok(sum / self.attenuation().powi(2))
    }
}

/// A mean estimated from `n` human labels and a judge's scores of those and `N` further items, with the optimal weight
/// (PPI++, Angelopoulos, Duchi & Zrnic 2023).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PredictionPowered {
    /// λ* = Cov(Y, f)/((1 + n/N) Var f).
    pub weight: f64,
    /// Variance of the estimate.
    pub variance: f64,
    /// Variance of the mean of the labels alone.
    pub variance_of_labels: f64,
    /// Labels that would give the same variance without the judge.
    pub effective_labels: f64,
}

/// See [`PredictionPowered`]. Counts of labelled and unlabelled items, variances of label and judge score over items,
/// and their correlation.
pub fn prediction_powered(
    labelled: f64,
    unlabelled: f64,
    (var_label, var_judge): (f64, f64),
    correlation: f64,
) -> Result<PredictionPowered> {
    let n = positive("labelled items", labelled)?;
    let more = positive("unlabelled items", unlabelled)?;
    let (vy, vf) = (
        positive("variance of the labels", var_label)?,
        positive("variance of the judge", var_judge)?,
    );
    let rho = require("correlation", correlation, "between -1 and 1", correlation.abs() <= 1.0)?;
    let covariance = rho * (vy * vf).sqrt();
    let weight = covariance / (vf * (1.0 + n / more));
    let variance = (vy - covariance * weight) / n;
    if variance <= 0.0 {
        return Err(StatsError::no_solution(
            "variance of the estimate",
            "the judge predicts every label",
        ));
    }
    Ok(PredictionPowered {
        weight,
        variance,
        variance_of_labels: vy / n,
        effective_labels: vy / variance,
    })
}
