//! From what is known of a comparison to the design of `stats` that answers it, one function per kind of metric.
//!
//! Every function takes the stage of the waterfall and leaves out what comes later.

use super::model::{Design, Layout, Model, Spread as Variance};
use super::stage::Stage;
use super::values::Spread;
use super::{ClusterRole, Sizing};
use crate::language::{NonInferiorityVariance, ProportionVariance, Test};
use crate::stats::{
    Equivalence, Hypothesis, LogRank, MeanTest, NullVariance, PairedMeans, PairedProportions, Proportion, RateRatio,
    SignTest, StatsError, TwoMeans, TwoProportions, ZTest, cuped_factor,
};

/// What is asked, on the scale that arms are compared on.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// The baseline and the value in the treated arm, on the true scale.
    values: (f64, f64),
    /// The null hypothesis, on the metric's own scale.
    hypothesis: Hypothesis,
}

impl Sizing<'_> {
    /// The design at a stage, for an effect or margin of `amount` (a share, or absolute, as the question is stated).
    pub(super) fn model(&self, stage: Stage, amount: f64) -> Result<Model, StatsError> {
        // Everybody is analysed and only a share met the change: what is left of an effect is that share of it.
        let amount = match self.reach {
            Some(reach) if stage >= Stage::Dilution => amount * reach,
            _ => amount,
        };
        match self.values.spread {
            Spread::Proportion => self.proportion(stage, amount),
            Spread::Mean { sd } => self.mean(stage, amount, sd, MeanTest::Welch),
            // The delta method is asymptotic: there is no t distribution to go to.
            Spread::Ratio { sd } => self.mean(stage, amount, sd, MeanTest::Z),
            Spread::Quantile { log_sd } => {
                let log_ratio = self.log_ratio(self.relative(amount))?;
                self.logarithm(stage, log_ratio, (log_sd, log_sd), amount)
            }
            Spread::Rate { exposure, dispersion } => self.rate(stage, amount, exposure, dispersion),
            Spread::TimeToEvent => self.hazard(stage, amount),
            Spread::Preference { ties } => self.preference(stage, amount, ties),
        }
    }

    /// Rows to the arms at a stage.
    fn layout(&self, stage: Stage) -> Layout {
        if self.pairing.is_some() && stage >= Stage::Pairing {
            Layout::Both
        } else {
            Layout::Split(self.ratio)
        }
    }

    fn wrap(&self, stage: Stage, design: Design, own_factor: f64) -> Model {
        let few = matches!(&self.clusters, Some(c) if c.role == ClusterRole::Randomised) && stage >= Stage::SmallSample;
        Model {
            design,
            layout: self.layout(stage),
            factor: own_factor * self.rows_per_unit.unwrap_or(1.0),
            rows_per_cluster: self.clusters.filter(|_| few).map(|clusters| clusters.sizes.size()),
        }
    }

    /// Factor on the variance from clusters and covariates.
    pub(super) fn variance_factor(&self, stage: Stage) -> Result<f64, StatsError> {
        let mut factor = 1.0;
        if let Some(clusters) = self.clusters.filter(|_| stage >= Stage::Clusters) {
            factor *= clusters.sizes.design_effect();
        }
        if let Some(correlation) = self.covariate.filter(|_| stage >= Stage::Covariate) {
            factor *= cuped_factor(correlation)?;
        }
        Ok(factor)
    }

    fn averages_repeats(&self, stage: Stage) -> bool {
        self.repeats.is_some() && stage >= Stage::Repeats
    }

    /// (1 + (K − 1) ρ)/K: the variance of a mean of K repeats of a unit over that of one.
    fn repeat_factor(&self, stage: Stage) -> f64 {
        match self.repeats {
            Some(repeats) if stage >= Stage::Repeats => {
                (1.0 + (repeats.count - 1.0) * repeats.correlation) / repeats.count
            }
            _ => 1.0,
        }
    }

    /// An amount as a share of the baseline.
    fn relative(&self, amount: f64) -> f64 {
        if self.is_relative() {
            amount
        } else {
            amount / self.values.baseline.abs()
        }
    }

    /// An amount on the metric's own scale.
    fn absolute(&self, amount: f64) -> f64 {
        if self.is_relative() {
            amount * self.values.baseline.abs()
        } else {
            amount
        }
    }

    /// The question on the metric's own scale. `shrink` is what the measurement leaves of a difference.
    fn asked(&self, amount: f64, shrink: f64) -> Result<Asked, StatsError> {
        let (baseline, better) = (self.values.baseline, self.values.direction);
        Ok(match self.test {
            Test::Superiority => Asked {
                values: (baseline, baseline + better.sign() * self.absolute(amount)),
                hypothesis: Hypothesis::superiority(better),
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

    /// |ln(1 ± r)|, the distance that a relative effect or margin has on the log scale.
    fn log_ratio(&self, relative: f64) -> Result<f64, StatsError> {
        let toward = match self.test {
            Test::Superiority => self.values.direction.sign(),
            Test::NonInferiority | Test::Equivalence => -self.values.direction.sign(),
        };
        let ratio = 1.0 + toward * relative;
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

    /// A test on the linear scale from the standard deviation of √n times the estimate.
    fn equivalence_linear(&self, amount: f64, sd: f64, spread: Variance) -> Result<Design, StatsError> {
        let margin = self.absolute(amount);
        Ok(Design::Equivalence {
            margins: Equivalence::new(0.0, -margin, margin)?,
            sd,
            spread,
        })
    }

    /// √ of the variance of a contrast θT − wθC, with `n` counting control rows or pairs.
    fn contrast_sd(&self, stage: Stage, w: f64, (v0, v1): (f64, f64), covariance: f64) -> f64 {
        match self.layout(stage) {
            Layout::Split(ratio) => (w * w * v0 + v1 / ratio.get()).sqrt(),
            Layout::Both => (w * w * v0 + v1 - 2.0 * w * covariance).sqrt(),
        }
    }

    fn proportion(&self, stage: Stage, amount: f64) -> Result<Model, StatsError> {
        let judge = self.judge.filter(|_| stage >= Stage::Judge);
        let shrink = judge.map_or(1.0, |card| card.judge.attenuation());
        let asked = self.asked(amount, shrink)?;
        let (p0, p1) = asked.values;
        let seen = |p: f64| match judge {
            Some(card) => card.judge.apparent(p),
            None => Ok(p),
        };
        let variance = |p: f64| Proportion::named("proportion in an arm", p).map(Proportion::variance);
        let (t0, t1) = (variance(p0)?, variance(p1)?);
        let (v0, v1) = (variance(seen(p0)?)?, variance(seen(p1)?)?);
        let factor = self.variance_factor(stage)?;
        if let (Some(pairing), Layout::Both) = (self.pairing, self.layout(stage)) {
            let covariance = shrink * shrink * pairing.covariance((p0, p1), (t0, t1))?;
            return self.paired_proportion(stage, &asked, amount, shrink, (t0, t1), (v0, v1), covariance);
        }
        let repeats = |seen: f64, truth: f64| self.averaged(stage, seen, shrink * shrink * truth);
        let (u0, u1) = (repeats(v0, t0), repeats(v1, t1));
        if self.test == Test::Equivalence {
            let w = if self.is_relative() { 1.0 + amount } else { 1.0 };
            let sd = self.contrast_sd(stage, w, (u0, u1), 0.0);
            let design = self.equivalence_linear(shrink * amount, sd, Variance::Known)?;
            return Ok(self.wrap(stage, design, factor));
        }
        let plain = !self.averages_repeats(stage);
        let superior = self.test == Test::Superiority;
        let absolute = !asked.hypothesis.is_relative();
        if plain && (judge.is_none() || (absolute && !superior)) {
            let design = TwoProportions::new(seen(p0)?, seen(p1)?, asked.hypothesis)?.with_ratio(self.ratio);
            let design = match self.null_variance(absolute) {
                Some(variance) => design.with_variance(variance),
                None => design,
            };
            return Ok(self.wrap(stage, Design::Proportions(design), factor));
        }
        let distance = shrink * asked.hypothesis.distance(p0, p1);
        let mut test = ZTest::new(
            if absolute && !superior {
                asked.hypothesis.distance(p0, p1)
            } else {
                distance
            },
            self.contrast_sd(stage, asked.hypothesis.weight(), (u0, u1), 0.0),
        )?;
        if superior && plain && self.statistics.proportion_variance == ProportionVariance::PooledNull {
            let r = self.ratio.get();
            let pooled = variance((seen(p0)? + r * seen(p1)?) / (1.0 + r))?;
            test = test.with_null_sd((pooled * (1.0 + 1.0 / r)).sqrt())?;
        }
        if let Some((card, (positives, negatives))) = judge.and_then(|card| Some((card, card.labels?)))
            && superior
        {
            let fixed = card.judge.calibration_variance(distance, positives, negatives)?;
            test = test.with_fixed_variance(fixed)?;
        }
        Ok(self.wrap(stage, Design::Z(test), factor))
    }

    /// Variance of a unit's average over repeats, when `shared` is the variance that repeats could share.
    fn averaged(&self, stage: Stage, seen: f64, shared: f64) -> f64 {
        match self.repeats {
            Some(repeats) if stage >= Stage::Repeats => {
                (seen + (repeats.count - 1.0) * repeats.correlation * shared) / repeats.count
            }
            _ => seen,
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the moments of one pair, as the formula has them"
    )]
    fn paired_proportion(
        &self,
        stage: Stage,
        asked: &Asked,
        amount: f64,
        shrink: f64,
        (t0, t1): (f64, f64),
        (v0, v1): (f64, f64),
        covariance: f64,
    ) -> Result<Model, StatsError> {
        let factor = self.variance_factor(stage)?;
        let (p0, p1) = asked.values;
        let once = !self.averages_repeats(stage);
        if self.test == Test::Equivalence {
            let w = if self.is_relative() { 1.0 + amount } else { 1.0 };
            let shared = shrink * shrink;
            let moments = (
                self.averaged(stage, v0, shared * t0),
                self.averaged(stage, v1, shared * t1),
            );
            let sd = self.contrast_sd(stage, w, moments, covariance);
            let design = self.equivalence_linear(shrink * amount, sd, Variance::Known)?;
            return Ok(self.wrap(stage, design, factor));
        }
        if once {
            let hypothesis = asked.hypothesis;
            let superior = self.test == Test::Superiority;
            let distance = if superior || hypothesis.is_relative() {
                shrink * hypothesis.distance(p0, p1)
            } else {
                hypothesis.distance(p0, p1)
            };
            let sd = self.contrast_sd(stage, hypothesis.weight(), (v0, v1), covariance);
            let mut test = ZTest::new(distance, sd)?;
            if superior {
                // Under the null hypothesis both discordant outcomes are as likely (Connor 1987).
                test = test.with_null_sd((sd * sd + distance * distance).sqrt())?;
                if let Some((card, (positives, negatives))) = self
                    .judge
                    .filter(|_| stage >= Stage::Judge)
                    .and_then(|card| Some((card, card.labels?)))
                {
                    test =
                        test.with_fixed_variance(card.judge.calibration_variance(distance, positives, negatives)?)?;
                }
            }
            return Ok(self.wrap(stage, Design::Z(test), factor));
        }
        // Averages over repeats are numbers: the paired-mean formula (Miller 2024).
        let shared = shrink * shrink;
        let s0 = (self.averaged(stage, v0, shared * t0) * factor).sqrt();
        let s1 = (self.averaged(stage, v1, shared * t1) * factor).sqrt();
        let design = PairedMeans::new(
            (shrink * p0, s0),
            (shrink * p1, s1),
            covariance * factor / (s0 * s1),
            asked.hypothesis,
        )?
        .with_test(if stage >= Stage::SmallSample {
            MeanTest::Student
        } else {
            MeanTest::Z
        });
        Ok(self.wrap(stage, Design::Pairs(design), 1.0))
    }

    /// The null variance of a proportion's test; `None` leaves the one that belongs to a relative margin.
    fn null_variance(&self, absolute: bool) -> Option<NullVariance> {
        match self.test {
            Test::Superiority => Some(match self.statistics.proportion_variance {
                ProportionVariance::PooledNull => NullVariance::Restricted,
                ProportionVariance::Unpooled => NullVariance::Unpooled,
            }),
            Test::NonInferiority | Test::Equivalence if absolute => {
                Some(match self.statistics.noninferiority_variance {
                    NonInferiorityVariance::FarringtonManning => NullVariance::Restricted,
                    NonInferiorityVariance::Unpooled => NullVariance::Unpooled,
                })
            }
            Test::NonInferiority | Test::Equivalence => None,
        }
    }

    fn mean(&self, stage: Stage, amount: f64, sd: f64, last: MeanTest) -> Result<Model, StatsError> {
        let asked = self.asked(amount, 1.0)?;
        // Over clusters the t distribution is that of the clusters.
        let test = if stage >= Stage::SmallSample && !self.has_few_clusters() {
            last
        } else {
            MeanTest::Z
        };
        let spread = if test == MeanTest::Z {
            Variance::Known
        } else {
            Variance::Estimated
        };
        let sd = sd * self.variance_factor(stage)?.sqrt();
        let repeats = self.repeat_factor(stage);
        let sd_of_average = sd * repeats.sqrt();
        let correlation = match (self.pairing, self.layout(stage)) {
            (Some(pairing), Layout::Both) => pairing.correlation()? / repeats,
            _ => 0.0,
        };
        if self.test == Test::Equivalence {
            let w = if self.is_relative() { 1.0 + amount } else { 1.0 };
            let v = sd_of_average * sd_of_average;
            let contrast = self.contrast_sd(stage, w, (v, v), correlation * v);
            return Ok(self.wrap(stage, self.equivalence_linear(amount, contrast, spread)?, 1.0));
        }
        let (control, treated) = asked.values;
        let design = match self.layout(stage) {
            Layout::Split(ratio) => Design::Means(
                TwoMeans::new(control, treated, sd_of_average, asked.hypothesis)?
                    .with_ratio(ratio)
                    .with_test(test),
            ),
            Layout::Both => Design::Pairs(
                PairedMeans::new(
                    (control, sd_of_average),
                    (treated, sd_of_average),
                    correlation,
                    asked.hypothesis,
                )?
                .with_test(test),
            ),
        };
        Ok(self.wrap(stage, design, 1.0))
    }

    /// A comparison of logarithms with the standard deviations of √n times each arm's estimate.
    fn logarithm(&self, stage: Stage, distance: f64, (s0, s1): (f64, f64), amount: f64) -> Result<Model, StatsError> {
        let repeats = self.repeat_factor(stage);
        let covariance = match (self.pairing, self.layout(stage)) {
            (Some(pairing), Layout::Both) => pairing.correlation()? * s0 * s1,
            _ => 0.0,
        };
        let sd = self.contrast_sd(stage, 1.0, (s0 * s0 * repeats, s1 * s1 * repeats), covariance);
        let design = if self.test == Test::Equivalence {
            let margin = self.relative(amount);
            Design::Equivalence {
                margins: Equivalence::new(0.0, (1.0 - margin).max(f64::MIN_POSITIVE).ln(), margin.ln_1p())?,
                sd,
                spread: Variance::Known,
            }
        } else {
            Design::Z(ZTest::new(distance, sd)?)
        };
        Ok(self.wrap(stage, design, self.variance_factor(stage)?))
    }

    fn rate(&self, stage: Stage, amount: f64, exposure: f64, dispersion: f64) -> Result<Model, StatsError> {
        let relative = self.relative(amount);
        let distance = self.log_ratio(relative)?;
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
        self.logarithm(stage, distance, (of(self.values.baseline)?, of(treated)?), amount)
    }

    /// Events by Schoenfeld 1981, turned into units by the share of units that have the event within the window.
    fn hazard(&self, stage: Stage, amount: f64) -> Result<Model, StatsError> {
        let p0 = Proportion::named("probability of the event", self.values.baseline)?.get();
        let sign = match self.test {
            Test::Superiority => self.values.direction.sign(),
            Test::NonInferiority | Test::Equivalence => -self.values.direction.sign(),
        };
        // A relative effect acts on the hazard, an absolute one on the probability at the window's end.
        let hazard_ratio = if self.is_relative() {
            1.0 + sign * amount
        } else {
            let p1 = Proportion::named("probability of the event in the treated arm", p0 + sign * amount)?.get();
            (-p1).ln_1p() / (-p0).ln_1p()
        };
        let log_rank = LogRank::new(hazard_ratio)?.with_ratio(self.ratio);
        let distance = hazard_ratio.ln().abs();
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
            Design::Equivalence {
                margins: Equivalence::new(0.0, (1.0 - margin).max(f64::MIN_POSITIVE).ln(), margin.ln_1p())?,
                sd,
                spread: Variance::Known,
            }
        } else {
            Design::Z(ZTest::new(distance, sd)?)
        };
        Ok(self.wrap(stage, design, self.variance_factor(stage)? * self.repeat_factor(stage)))
    }

    fn preference(&self, stage: Stage, amount: f64, ties: f64) -> Result<Model, StatsError> {
        let baseline = self.values.baseline;
        let amount = self.absolute(amount);
        let test = match self.test {
            Test::Superiority => SignTest::new(baseline + self.values.direction.sign() * amount)?.test()?,
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

impl super::Pairing {
    /// Covariance of a pair's two true outcomes, each one draw.
    fn covariance(self, (p0, p1): (f64, f64), (v0, v1): (f64, f64)) -> Result<f64, StatsError> {
        match self {
            Self::Correlation(correlation) => {
                // Not every correlation is possible between two proportions: the error names the range.
                PairedProportions::from_correlation(p0, p1, correlation)?;
                Ok(correlation * (v0 * v1).sqrt())
            }
            Self::Discordant(share) => {
                let difference = p1 - p0;
                PairedProportions::from_discordant(0.5 * (share - difference), 0.5 * (share + difference))?;
                // Var(difference) = ψ − d².
                Ok(0.5 * (v0 + v1 - (share - difference * difference)))
            }
        }
    }

    fn correlation(self) -> Result<f64, StatsError> {
        match self {
            Self::Correlation(correlation) => Ok(correlation),
            Self::Discordant(_) => Err(StatsError::no_solution(
                "paired design",
                "a share of discordant pairs describes yes and no; write `correlation`",
            )),
        }
    }
}
