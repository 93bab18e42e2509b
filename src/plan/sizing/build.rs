//! From what is known of a comparison to the design of `stats` that answers it, one function per kind of metric.
//!
//! Every function takes the stage of the waterfall and leaves out what comes later.

use super::model::{Design, Layout, Model, Spread as Variance};
use super::stage::Stage;
use super::values::Spread;
use super::{ClusterRole, Sizing};
use crate::language::Test;
use crate::stats::{
    Equivalence, Hypothesis, LogRank, MeanTest, Proportion, RateRatio, SignTest, StatsError, ZTest, cuped_factor,
    quantile_correlation,
};

/// What is asked, on the scale that arms are compared on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// The baseline and the value in the treated arm, on the true scale.
    pub(super) values: (f64, f64),
    /// The null hypothesis, on the metric's own scale.
    pub(super) hypothesis: Hypothesis,
}

/// A margin that must be beaten.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Margin {
    /// A share of control's value.
    Relative(f64),
    /// In the unit of the metric.
    Absolute(f64),
}

impl Sizing<'_> {
    /// The design at a stage, for an effect or margin of `amount` (a share, or absolute, as the question is stated).
    pub(super) fn model(&self, stage: Stage, amount: f64) -> Result<Model, StatsError> {
        let amount = amount * self.left_of_effects(stage);
        match self.values.spread {
            Spread::Proportion => self.proportion(stage, amount),
            Spread::Mean { sd } => self.mean(stage, amount, sd, MeanTest::Welch),
            // The delta method is asymptotic: there is no t distribution to go to.
            Spread::Ratio { sd } | Spread::EventByWindow { sd } => self.mean(stage, amount, sd, MeanTest::Z),
            Spread::LogMean { sd } => self.log_mean(stage, amount, sd),
            Spread::Quantile { q, log_sd } => {
                let log_ratio = self.log_distance(stage, self.relative(amount))?;
                // Sample quantiles go together as little as being beyond them does.
                let correlation = |of_values| quantile_correlation(q, of_values);
                self.logarithm(stage, log_ratio, (log_sd, log_sd), amount, correlation)
            }
            Spread::Rate { exposure, dispersion } => self.rate(stage, amount, exposure, dispersion),
            Spread::TimeToEvent => self.hazard(stage, amount),
            Spread::Preference { ties } => self.preference(stage, amount, ties),
        }
    }

    /// What is left to see of an effect: everybody is analysed and only a share met the change, or a block still answers to
    /// the arm before.
    pub(super) fn left_of_effects(&self, stage: Stage) -> f64 {
        let met = self.reach.filter(|_| stage >= Stage::Dilution);
        let seen = self.seen.filter(|_| stage >= Stage::Carryover);
        met.unwrap_or(1.0) * seen.unwrap_or(1.0)
    }

    /// Rows to the arms at a stage.
    pub(super) fn layout(&self, stage: Stage) -> Layout {
        if self.pairing.is_some() && stage >= Stage::Pairing {
            Layout::Both
        } else {
            Layout::Split(self.ratio)
        }
    }

    pub(super) fn wrap(&self, stage: Stage, design: Design, own_factor: f64) -> Model {
        let few = matches!(&self.clusters, Some(c) if c.role == ClusterRole::Randomised) && stage >= Stage::SmallSample;
        Model {
            design,
            layout: self.layout(stage),
            factor: own_factor * self.rows_per_unit.unwrap_or(1.0),
            spent_on_strata: self
                .strata
                .filter(|_| stage >= Stage::Strata)
                .map_or(0.0, |strata| strata.count - 1.0),
            rows_per_cluster: self.clusters.filter(|_| few).map(|clusters| clusters.sizes.size()),
        }
    }

    /// Factor on the variance from clusters and covariates.
    pub(super) fn variance_factor(&self, stage: Stage) -> Result<f64, StatsError> {
        let mut factor = 1.0;
        if let Some(clusters) = self.clusters.filter(|_| stage >= Stage::Clusters) {
            factor *= clusters.sizes.design_effect();
        }
        if let Some(block) = self.block.filter(|_| stage >= Stage::Blocks) {
            factor *= block.factor;
        }
        if let Some(correlation) = self.covariate.filter(|_| stage >= Stage::Covariate) {
            factor *= cuped_factor(correlation)?;
        }
        if let Some(strata) = self.strata.filter(|_| stage >= Stage::Strata) {
            factor *= 1.0 - strata.explained;
        }
        Ok(factor)
    }

    pub(super) fn averages_repeats(&self, stage: Stage) -> bool {
        self.repeats.is_some() && stage >= Stage::Repeats
    }

    /// (1 + (K − 1) ρ)/K: the variance of a mean of K repeats of a unit over that of one.
    pub(super) fn repeat_factor(&self, stage: Stage) -> f64 {
        match self.repeats {
            Some(repeats) if stage >= Stage::Repeats => {
                (1.0 + (repeats.count - 1.0) * repeats.correlation) / repeats.count
            }
            _ => 1.0,
        }
    }

    /// An amount as a share of the baseline.
    pub(super) fn relative(&self, amount: f64) -> f64 {
        if self.is_relative() {
            amount
        } else {
            amount / self.values.baseline.abs()
        }
    }

    /// An amount on the metric's own scale.
    pub(super) fn absolute(&self, amount: f64) -> f64 {
        if self.is_relative() {
            amount * self.values.baseline.abs()
        } else {
            amount
        }
    }

    /// The question on the metric's own scale. `shrink` is what the measurement leaves of a difference; absolute margins are
    /// taken as they are then seen.
    pub(super) fn asked(&self, stage: Stage, amount: f64, shrink: f64) -> Result<Asked, StatsError> {
        let (baseline, better) = (self.values.baseline, self.values.direction);
        Ok(match self.test {
            Test::Superiority => Asked {
                values: (baseline, baseline + better.sign() * self.absolute(amount)),
                hypothesis: match self.margin_at(stage) {
                    None => Hypothesis::superiority(better),
                    Some(Margin::Relative(margin)) => Hypothesis::superiority_by_relative(better, margin)?,
                    Some(Margin::Absolute(margin)) => Hypothesis::superiority_by(better, shrink * margin)?,
                },
            },
            // The truth under which non-inferiority is to be shown is no difference at all.
            Test::NonInferiority | Test::Equivalence => Asked {
                values: (baseline, baseline),
                hypothesis: if self.is_relative() {
                    Hypothesis::non_inferiority_relative(better, amount)?
                } else {
                    Hypothesis::non_inferiority(better, shrink * amount)?
                },
            },
        })
    }

    /// The margin that must be beaten, of which as much is left to see as of an effect.
    pub(super) fn margin_at(&self, stage: Stage) -> Option<Margin> {
        let margin = self.to_beat?;
        let seen = margin.magnitude() * self.left_of_effects(stage);
        Some(if margin.is_relative() {
            Margin::Relative(seen)
        } else {
            Margin::Absolute(seen)
        })
    }

    /// The distance of the truth from the null hypothesis where logarithms are compared: |ln(1 ± r)|, less that of the margin
    /// that must be beaten.
    pub(super) fn log_distance(&self, stage: Stage, relative: f64) -> Result<f64, StatsError> {
        let whole = self.log_ratio(relative)?;
        Ok(match self.margin_at(stage) {
            None => whole,
            Some(Margin::Relative(margin)) => whole - self.log_ratio(margin)?,
            Some(Margin::Absolute(margin)) => whole - self.log_ratio(margin / self.values.baseline.abs())?,
        })
    }

    /// |ln(1 ± r)|, the distance that a relative effect or margin has on the log scale.
    pub(super) fn log_ratio(&self, relative: f64) -> Result<f64, StatsError> {
        let ratio = 1.0 + self.toward() * relative;
        if ratio > 0.0 && relative > 0.0 {
            Ok(ratio.ln().abs())
        } else {
            Err(StatsError::OutOfDomain {
                input: "relative effect",
                value: relative,
                allowed: "above 0, and below 1 where it is a fall",
            })
        }
    }

    /// The sign of what is asked about: an improvement, or the harm that is to be ruled out.
    pub(super) fn toward(&self) -> f64 {
        let better = self.values.direction.sign();
        match self.test {
            Test::Superiority => better,
            Test::NonInferiority | Test::Equivalence => -better,
        }
    }

    /// Two one-sided tests on the linear scale. `sd` is the standard deviation of √n times the estimate of θT − wθC; relative
    /// margins are two contrasts, with 1 − m and 1 + m, and each has its own. `shrink` is what the measurement leaves of a
    /// difference.
    pub(super) fn equivalence_linear(
        &self,
        amount: f64,
        shrink: f64,
        sd: impl Fn(f64) -> f64,
        spread: Variance,
    ) -> Result<Design, StatsError> {
        let margin = self.absolute(shrink * amount);
        let apart = if self.is_relative() { amount } else { 0.0 };
        let (low, middle, high) = (sd(1.0 - apart), sd(1.0), sd(1.0 + apart));
        // Margins in the units of the middle contrast: each as many of its own standard errors away as it was.
        Ok(Design::Equivalence {
            margins: Equivalence::new(0.0, -margin * middle / low, margin * middle / high)?,
            sd: middle,
            spread,
        })
    }

    /// √ of the variance of a contrast θT − wθC, with `n` counting control rows or pairs.
    pub(super) fn contrast_sd(&self, stage: Stage, w: f64, (v0, v1): (f64, f64), covariance: f64) -> f64 {
        match self.layout(stage) {
            Layout::Split(ratio) => (w * w * v0 + v1 / ratio.get()).sqrt(),
            Layout::Both => (w * w * v0 + v1 - 2.0 * w * covariance).sqrt(),
        }
    }

    /// The standard deviation of a unit in the treated arm, where control's is `sd` and `amount` is what has been moved. The
    /// variance of a mean is taken not to follow it; of a composite it is known how it does.
    pub(super) fn treated_sd(&self, sd: f64, amount: f64) -> f64 {
        match &self.values.composite {
            Some(composite) if self.test == Test::Superiority => {
                composite.sd(self.values.direction.sign() * self.absolute(amount))
            }
            _ => sd,
        }
    }

    /// A comparison of logarithms with the standard deviations of √n times each arm's estimate.
    /// `correlation` turns that of a unit's two values, or of its repeats, into that of the estimates.
    fn logarithm(
        &self,
        stage: Stage,
        distance: f64,
        (s0, s1): (f64, f64),
        amount: f64,
        correlation: impl Fn(f64) -> Result<f64, StatsError>,
    ) -> Result<Model, StatsError> {
        let repeats = match self.repeats.filter(|_| stage >= Stage::Repeats) {
            Some(repeats) => (1.0 + (repeats.count - 1.0) * correlation(repeats.correlation)?) / repeats.count,
            None => 1.0,
        };
        let covariance = match (self.pairing, self.layout(stage)) {
            (Some(pairing), Layout::Both) => correlation(pairing.correlation()?)? * s0 * s1,
            _ => 0.0,
        };
        let sd = self.contrast_sd(stage, 1.0, (s0 * s0 * repeats, s1 * s1 * repeats), covariance);
        let design = if self.test == Test::Equivalence {
            let margin = self.relative(amount);
            equivalence_log(margin, sd, Variance::Known)?
        } else {
            Design::Z(ZTest::new(distance, sd)?)
        };
        Ok(self.wrap(stage, design, self.variance_factor(stage)?))
    }

    fn rate(&self, stage: Stage, amount: f64, exposure: f64, dispersion: f64) -> Result<Model, StatsError> {
        let relative = self.relative(amount);
        let distance = self.log_distance(stage, relative)?;
        let treated = match self.test {
            Test::Superiority => self.values.baseline * (1.0 + self.values.direction.sign() * relative),
            Test::NonInferiority | Test::Equivalence => self.values.baseline,
        };
        // One arm's share of the variance of the log ratio, 1/(exposure · rate) + k (Zhu & Lakkis 2014).
        let of = |rate: f64| -> Result<f64, StatsError> {
            let design = RateRatio::new(rate, rate)?
                .with_exposure(exposure)?
                .with_dispersion(dispersion)?;
            Ok(design.sd() / std::f64::consts::SQRT_2)
        };
        self.logarithm(stage, distance, (of(self.values.baseline)?, of(treated)?), amount, Ok)
    }

    /// Events by Schoenfeld 1981, turned into units by the share of units that have the event within the window.
    fn hazard(&self, stage: Stage, amount: f64) -> Result<Model, StatsError> {
        let p0 = Proportion::named("probability of the event", self.values.baseline)?.get();
        let hazard_ratio = self.hazard_ratio(p0, self.is_relative(), amount)?;
        let log_rank = LogRank::new(hazard_ratio)?.with_ratio(self.ratio);
        let at_margin = match self.margin_at(stage) {
            None => 1.0,
            Some(Margin::Relative(margin)) => self.hazard_ratio(p0, true, margin)?,
            Some(Margin::Absolute(margin)) => self.hazard_ratio(p0, false, margin)?,
        };
        let distance = (hazard_ratio / at_margin).ln() * (hazard_ratio - 1.0).signum();
        // Under non-inferiority and equivalence both arms have the hazard of control.
        let p1 = match self.test {
            Test::Superiority => -((-p0).ln_1p() * hazard_ratio).exp_m1(),
            Test::NonInferiority | Test::Equivalence => p0,
        };
        let better = if hazard_ratio > 1.0 {
            crate::stats::Direction::Increase
        } else {
            crate::stats::Direction::Decrease
        };
        let events = log_rank.test(Hypothesis::superiority(better))?;
        // `events` counts events in both arms; per control unit there are p0 + r p1.
        let events_per_control = p0 + self.ratio.get() * p1;
        let sd = events.truth_sd() / events_per_control.sqrt();
        let design = if self.test == Test::Equivalence {
            let margin = if self.is_relative() {
                amount
            } else {
                (distance.exp() - 1.0).abs()
            };
            equivalence_log(margin, sd, Variance::Known)?
        } else {
            Design::Z(ZTest::new(distance, sd)?)
        };
        Ok(self.wrap(stage, design, self.variance_factor(stage)?))
    }

    /// The hazard ratio of an effect or a margin: a relative one acts on the hazard, an absolute one on the probability at the
    /// window's end.
    pub(super) fn hazard_ratio(&self, p0: f64, relative: bool, amount: f64) -> Result<f64, StatsError> {
        let toward = self.toward();
        if relative {
            return Ok(1.0 + toward * amount);
        }
        let p1 = Proportion::named("probability of the event in the treated arm", p0 + toward * amount)?.get();
        Ok((-p1).ln_1p() / (-p0).ln_1p())
    }

    fn preference(&self, stage: Stage, amount: f64, ties: f64) -> Result<Model, StatsError> {
        let baseline = self.values.baseline;
        let amount = self.absolute(amount);
        if self.counts_exactly(stage) {
            let test = SignTest::new(baseline + self.values.direction.sign() * amount)?;
            let mut model = self.wrap(stage, Design::ExactWins(test), 1.0 / (1.0 - ties));
            model.layout = Layout::Both;
            return Ok(model);
        }
        let test = match self.test {
            Test::Superiority => {
                let wins = baseline + self.values.direction.sign() * amount;
                let test = SignTest::new(wins)?.test()?;
                match self.margin_at(stage) {
                    None => test,
                    Some(margin) => {
                        let (Margin::Relative(share) | Margin::Absolute(share)) = margin;
                        let share = if matches!(margin, Margin::Relative(_)) {
                            share * baseline
                        } else {
                            share
                        };
                        let null = Proportion::named(
                            "share of wins at the margin",
                            baseline + self.values.direction.sign() * share,
                        )?;
                        ZTest::new(amount - share, test.truth_sd())?.with_null_sd(null.variance().sqrt())?
                    }
                }
            }
            Test::NonInferiority | Test::Equivalence => {
                let truth = Proportion::named("share of wins", baseline)?;
                ZTest::new(amount, truth.variance().sqrt())?
            }
        };
        let design = if self.test == Test::Equivalence {
            Design::Equivalence {
                margins: Equivalence::new(0.0, -amount, amount)?,
                sd: test.truth_sd(),
                spread: Variance::Known,
            }
        } else {
            Design::Z(test)
        };
        let mut model = self.wrap(stage, design, self.variance_factor(stage)? / (1.0 - ties));
        // Each comparison is made by one unit that meets both sides, whatever the design is called.
        model.layout = Layout::Both;
        Ok(model)
    }
}

/// Two one-sided tests of a log ratio between ln(1 − m) and ln(1 + m).
pub(super) fn equivalence_log(margin: f64, sd: f64, spread: Variance) -> Result<Design, StatsError> {
    Ok(Design::Equivalence {
        margins: Equivalence::new(0.0, (1.0 - margin).max(f64::MIN_POSITIVE).ln(), margin.ln_1p())?,
        sd,
        spread,
    })
}
