//! Proportions: independent and paired, judged and repeated.

use super::build::Asked;
use super::model::{Design, Layout, Model, Spread as Variance};
use super::stage::Stage;
use super::values::Spread;
use super::{JudgeCard, Sizing};
use crate::language::{NonInferiorityVariance, ProportionVariance, Test};
use crate::stats::{
    Clusters, FisherTest, MeanTest, NullVariance, PairedMeans, PairedProportions, Proportion, StatsError,
    TwoProportions, ZTest,
};

impl Sizing<'_> {
    pub(super) fn proportion(&self, stage: Stage, amount: f64) -> Result<Model, StatsError> {
        let judge = self.judge.filter(|_| stage >= Stage::Judge);
        if let Some((card, share)) = judge.and_then(|card| Some((card, card.label_share?))) {
            return self.prediction_powered(stage, amount, card, share);
        }
        let shrink = judge.map_or(1.0, |card| card.judge.attenuation());
        let asked = self.asked(stage, amount, shrink)?;
        let (p0, p1) = asked.values;
        let seen = |p: f64| match judge {
            Some(card) => card.judge.apparent(p),
            None => Ok(p),
        };
        let variance = |p: f64| Proportion::named("proportion in an arm", p).map(Proportion::variance);
        if self.counts_exactly(stage) {
            return self.exact_proportions(stage, (p0, p1));
        }
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
            let sd = |w: f64| self.contrast_sd(stage, w, (u0, u1), 0.0);
            let design = self.equivalence_linear(amount, shrink, sd, Variance::Known)?;
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
        let mut test = ZTest::new(
            // As it is seen: the hypothesis has its absolute margin shrunk already.
            asked.hypothesis.distance(shrink * p0, shrink * p1),
            self.contrast_sd(stage, asked.hypothesis.weight(), (u0, u1), 0.0),
        )?;
        if superior
            && plain
            && self.to_beat.is_none()
            && self.statistics.proportion_variance == ProportionVariance::PooledNull
        {
            let r = self.ratio.get();
            let pooled = variance((seen(p0)? + r * seen(p1)?) / (1.0 + r))?;
            test = test.with_null_sd((pooled * (1.0 + 1.0 / r)).sqrt())?;
        }
        if superior {
            test = self.with_calibration(stage, test, shrink * (p1 - p0))?;
        }
        Ok(self.wrap(stage, Design::Z(test), factor))
    }

    /// Fisher's test, or McNemar's where each unit passes both arms.
    fn exact_proportions(&self, stage: Stage, (p0, p1): (f64, f64)) -> Result<Model, StatsError> {
        let design = match (self.pairing, self.layout(stage)) {
            (Some(pairing), Layout::Both) => Design::ExactPairs(pairing.proportions(p0, p1)?),
            _ => Design::Fisher(FisherTest::new(p0, p1)?.with_ratio(self.ratio)),
        };
        Ok(self.wrap(stage, design, 1.0))
    }

    /// Labels of a share of the units and judgements of all of them: an estimate on the true scale by Wald's test, with the
    /// variance that PPI++ leaves.
    fn prediction_powered(&self, stage: Stage, amount: f64, card: JudgeCard, share: f64) -> Result<Model, StatsError> {
        let asked = self.asked(stage, amount, 1.0)?;
        let (p0, p1) = asked.values;
        let variance = |p: f64| -> Result<f64, StatsError> {
            let labelled = Proportion::named("proportion in an arm", p)?.variance();
            Ok(labelled * card.judge.prediction_powered_factor(p, share)?)
        };
        let both = (variance(p0)?, variance(p1)?);
        let sd = |w: f64| self.contrast_sd(stage, w, both, 0.0);
        let design = if self.test == Test::Equivalence {
            self.equivalence_linear(amount, 1.0, sd, Variance::Known)?
        } else {
            let hypothesis = asked.hypothesis;
            Design::Z(ZTest::new(hypothesis.distance(p0, p1), sd(hypothesis.weight()))?)
        };
        Ok(self.wrap(stage, design, 1.0))
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
        if let Some(pairing) = self.pairing.filter(|_| self.scores_pairs()) {
            let pairs = pairing.proportions(p0, p1)?;
            let design = if self.test == Test::Equivalence {
                let (margins, sd) = pairs.equivalence(amount)?;
                let spread = Variance::Known;
                Design::Equivalence { margins, sd, spread }
            } else {
                Design::Z(pairs.test(asked.hypothesis)?)
            };
            return Ok(self.wrap(stage, design, factor));
        }
        if self.test == Test::Equivalence {
            let shared = shrink * shrink;
            let moments = (
                self.averaged(stage, v0, shared * t0),
                self.averaged(stage, v1, shared * t1),
            );
            let sd = |w: f64| self.contrast_sd(stage, w, moments, covariance);
            let design = self.equivalence_linear(amount, shrink, sd, Variance::Known)?;
            return Ok(self.wrap(stage, design, factor));
        }
        if once {
            let hypothesis = asked.hypothesis;
            let superior = self.test == Test::Superiority;
            let distance = hypothesis.distance(shrink * p0, shrink * p1);
            let sd = self.contrast_sd(stage, hypothesis.weight(), (v0, v1), covariance);
            let mut test = ZTest::new(distance, sd)?;
            if superior && self.to_beat.is_none() {
                // Under the null hypothesis both discordant outcomes are as likely (Connor 1987).
                test = test.with_null_sd((sd * sd + distance * distance).sqrt())?;
            }
            if superior {
                test = self.with_calibration(stage, test, shrink * (p1 - p0))?;
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

    /// Whether yes and no of the same units are held against an absolute margin by the score test. The analysis has the table
    /// of pairs then; where a judge is corrected, repeats are averaged or pairs come in clusters it has an estimate with its
    /// variance.
    pub(super) fn scores_pairs(&self) -> bool {
        let asks_margin = self.test != Test::Superiority || self.to_beat.is_some();
        matches!(self.values.spread, Spread::Proportion)
            && self.pairing.is_some()
            && asks_margin
            && !self.margin_is_relative()
            && self.judge.is_none()
            && self.repeats.is_none()
            && self.clusters.is_none()
    }

    /// What the judge's labels add to the variance of a difference that is seen: it does not shrink with n. Without an effect
    /// there is none, so it counts under the null hypothesis only where that is a margin to beat.
    fn with_calibration(&self, stage: Stage, test: ZTest, difference: f64) -> Result<ZTest, StatsError> {
        let judge = self.judge.filter(|_| stage >= Stage::Judge);
        let Some((card, (positives, negatives))) = judge.and_then(|card| Some((card, card.labels?))) else {
            return Ok(test);
        };
        let variance = card.judge.calibration_variance(difference, positives, negatives)?;
        if self.to_beat.is_some() {
            test.with_lasting_variance(variance)
        } else {
            test.with_fixed_variance(variance)
        }
    }

    /// What is left of the design effect of clusters when the likeness is that of what is true: a judge's errors are made in
    /// each unit by itself, so that what is seen is less alike. `None` without such a judge, or where the baseline, and so its
    /// `icc`, is of what the judge saw.
    pub(in crate::plan) fn judged_likeness(&self) -> Option<f64> {
        let (card, clusters) = (self.judge?, self.clusters?);
        if self.baseline_is_judged || self.values.spread != Spread::Proportion {
            return None;
        }
        let truth = self.values.baseline;
        let seen = card.judge.apparent(truth).ok()?;
        let (truth, seen) = (truth * (1.0 - truth), seen * (1.0 - seen));
        let shrunk = card.judge.attenuation().powi(2);
        // Of a pair what counts are the differences, whose true part both arms share.
        let shared = match self.pairing {
            Some(pairing) => {
                let baseline = self.values.baseline;
                pairing.covariance((baseline, baseline), (truth, truth)).ok()?
            }
            None => 0.0,
        };
        let of_true = self.averaged(Stage::FINAL, truth, truth) - shared;
        let of_seen = self.averaged(Stage::FINAL, seen, shrunk * truth) - shrunk * shared;
        let icc = clusters.icc * shrunk * of_true / of_seen;
        let diluted = Clusters::new(clusters.sizes.size(), clusters.size_cv, icc).ok()?;
        Some(diluted.design_effect() / clusters.sizes.design_effect())
    }

    /// The null variance of a proportion's test; `None` leaves the one that belongs to a relative margin.
    fn null_variance(&self, absolute: bool) -> Option<NullVariance> {
        match self.test {
            Test::Superiority if !absolute => None,
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
}

impl super::Pairing {
    /// Covariance of a pair's two true outcomes, each one draw.
    fn covariance(self, (p0, p1): (f64, f64), (v0, v1): (f64, f64)) -> Result<f64, StatsError> {
        // Not every correlation is possible between two proportions: the error names the range.
        self.proportions(p0, p1)?;
        match self {
            Self::Correlation(correlation) => Ok(correlation * (v0 * v1).sqrt()),
            Self::Discordant(share) => {
                let difference = p1 - p0;
                // Var(difference) = ψ − d².
                Ok(0.5 * (v0 + v1 - (share - difference * difference)))
            }
        }
    }

    /// Both outcomes of a unit.
    fn proportions(self, p0: f64, p1: f64) -> Result<PairedProportions, StatsError> {
        match self {
            Self::Correlation(correlation) => PairedProportions::from_correlation(p0, p1, correlation),
            Self::Discordant(share) => {
                let difference = p1 - p0;
                PairedProportions::from_discordant(0.5 * (share - difference), 0.5 * (share + difference))
            }
        }
    }

    pub(super) fn correlation(self) -> Result<f64, StatsError> {
        match self {
            Self::Correlation(correlation) => Ok(correlation),
            Self::Discordant(_) => Err(StatsError::no_solution(
                "paired design",
                "a share of discordant pairs describes yes and no; write `correlation`",
            )),
        }
    }
}
