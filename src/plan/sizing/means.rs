//! Means, as they are and as means of logarithms.

use super::Sizing;
use super::build::{Asked, equivalence_log};
use super::model::{Design, Layout, Model, Spread as Variance};
use super::stage::Stage;
use crate::language::Test;
use crate::stats::{Hypothesis, MeanTest, PairedMeans, StatsError, TwoMeans};

/// What two means are compared with: spreads with everything that a stage takes off them, and the test.
#[derive(Debug, Clone, Copy)]
struct Averages {
    /// Standard deviation of a unit of control.
    control: f64,
    /// And of a treated unit.
    treated: f64,
    /// Of the two values of one unit; 0 where arms have units of their own.
    correlation: f64,
    test: MeanTest,
}

impl Averages {
    fn spread(self) -> Variance {
        if self.test == MeanTest::Z {
            Variance::Known
        } else {
            Variance::Estimated
        }
    }
}

impl Sizing<'_> {
    pub(super) fn mean(&self, stage: Stage, amount: f64, sd: f64, last: MeanTest) -> Result<Model, StatsError> {
        let asked = self.asked(stage, amount, 1.0)?;
        let averages = self.averages(stage, (sd, self.treated_sd(sd, amount)), last)?;
        let design = if self.test == Test::Equivalence {
            let v = averages.control * averages.control;
            let contrast = |w: f64| self.contrast_sd(stage, w, (v, v), averages.correlation * v);
            self.equivalence_linear(amount, 1.0, contrast, averages.spread())?
        } else {
            self.two_means(stage, asked, averages)?
        };
        Ok(self.wrap(stage, design, 1.0))
    }

    /// Means of logarithms: control's is 0, the arm's is the logarithm of the ratio of geometric means, and so are margins
    /// (Julious 2004, Statistics in Medicine 23:1921). The spread of the logarithms does not follow their mean.
    pub(super) fn log_mean(&self, stage: Stage, amount: f64, sd: f64) -> Result<Model, StatsError> {
        let averages = self.averages(stage, (sd, sd), MeanTest::Welch)?;
        let better = self.values.direction;
        let distance = self.log_ratio(amount)?;
        let asked = match (self.test, self.to_beat) {
            (Test::Equivalence, _) => {
                let v = averages.control * averages.control;
                let sd = self.contrast_sd(stage, 1.0, (v, v), averages.correlation * v);
                return Ok(self.wrap(stage, equivalence_log(amount, sd, averages.spread())?, 1.0));
            }
            (Test::NonInferiority, _) => Asked {
                values: (0.0, 0.0),
                hypothesis: Hypothesis::non_inferiority(better, distance)?,
            },
            (Test::Superiority, None) => Asked {
                values: (0.0, better.sign() * distance),
                hypothesis: Hypothesis::superiority(better),
            },
            (Test::Superiority, Some(margin)) => Asked {
                values: (0.0, better.sign() * distance),
                hypothesis: Hypothesis::superiority_by(better, self.log_ratio(margin.magnitude())?)?,
            },
        };
        Ok(self.wrap(stage, self.two_means(stage, asked, averages)?, 1.0))
    }

    fn averages(&self, stage: Stage, (control, treated): (f64, f64), last: MeanTest) -> Result<Averages, StatsError> {
        // Over clusters the t distribution is that of the clusters.
        let test = if stage >= Stage::SmallSample && !self.has_few_clusters() {
            last
        } else {
            MeanTest::Z
        };
        let repeats = self.repeat_factor(stage);
        let left = (self.variance_factor(stage)? * repeats).sqrt();
        let correlation = match (self.pairing, self.layout(stage)) {
            (Some(pairing), Layout::Both) => pairing.correlation()? / repeats,
            _ => 0.0,
        };
        Ok(Averages {
            control: control * left,
            treated: treated * left,
            correlation,
            test,
        })
    }

    fn two_means(&self, stage: Stage, asked: Asked, averages: Averages) -> Result<Design, StatsError> {
        let (control, treated) = asked.values;
        Ok(match self.layout(stage) {
            Layout::Split(ratio) => Design::Means(
                TwoMeans::new(control, treated, averages.control, asked.hypothesis)?
                    .with_sds(averages.control, averages.treated)?
                    .with_ratio(ratio)
                    .with_test(averages.test),
            ),
            Layout::Both => Design::Pairs(
                PairedMeans::new(
                    (control, averages.control),
                    (treated, averages.treated),
                    averages.correlation,
                    asked.hypothesis,
                )?
                .with_test(averages.test),
            ),
        })
    }
}
