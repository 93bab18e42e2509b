//! The alpha of each comparison, after the declared corrections over primaries and over arms.
//!
//! Every correction ends in one alpha per comparison, so that a decision is the same read from its interval at that alpha,
//! from its p-value against it, or from its adjusted p-value against the overall alpha. Stepped procedures give the alpha
//! of the step at which a comparison was decided.

use super::assess::Depth;
use super::evidence::{Against, Statistic};
use crate::language::{ArmCorrection, DesignKind, MetricCorrection, Primaries};
use crate::resolve::Experiment;
use crate::stats::{
    Adjustment, Alpha, Dunnett, Level, Sides, StatsError, adjust, bonferroni, holm, normal, sidak, sidak_adjusted,
};

/// The superiority primaries of an experiment over its arms, and how they are corrected.
#[derive(Debug, Clone)]
pub(super) struct Family {
    level: Level,
    over_metrics: MetricCorrection,
    over_arms: ArmCorrection,
    dunnett: Option<Dunnett>,
    /// The alpha of each comparison by Dunnett's correction, where a metric has the alpha before it to itself: a search that
    /// does not depend on the data.
    searched: Vec<(Alpha, f64)>,
}

/// What the corrections make of one comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Corrected {
    /// Alpha of this comparison, total over its sides.
    pub(super) alpha: f64,
    /// The smallest overall alpha at which it is rejected; where it was asked for.
    pub(super) p_adjusted: Option<f64>,
}

/// Whether the data are looked at once. Stepped and joint procedures, and Šidák's, are those of one look; at several, Bonferroni holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looking {
    /// Once, at the end.
    Once,
    /// At several looks, or at any time.
    Repeatedly,
}

impl Family {
    /// The corrections that an experiment declares.
    ///
    /// # Errors
    /// When alpha or the arms' shares are outside the range that can be computed.
    pub(super) fn of(experiment: &Experiment, looking: Looking) -> Result<Self, StatsError> {
        let statistics = &experiment.statistics;
        let sides = if statistics.sides == 1 { Sides::One } else { Sides::Two };
        let arms = experiment.contrasts.len();
        let over_metrics = match (statistics.primaries, statistics.over_metrics, looking) {
            (Primaries::All, ..) => MetricCorrection::None,
            (Primaries::Any, MetricCorrection::Sidak | MetricCorrection::Holm, Looking::Repeatedly) => {
                MetricCorrection::Bonferroni
            }
            (Primaries::Any, declared, _) => declared,
        };
        let over_arms = match (statistics.over_arms, looking) {
            _ if arms < 2 => ArmCorrection::None,
            // Main effects of different factors have no arm in common that Dunnett's integral could go by.
            (ArmCorrection::Dunnett, _) if experiment.is_of(DesignKind::Factorial) => ArmCorrection::Bonferroni,
            (ArmCorrection::Dunnett | ArmCorrection::Sidak | ArmCorrection::Holm, Looking::Repeatedly) => {
                ArmCorrection::Bonferroni
            }
            (declared, _) => declared,
        };
        let dunnett = match (over_arms, experiment.control()) {
            (ArmCorrection::Dunnett, Some(control)) => {
                let ratios: Vec<f64> = experiment
                    .treatments()
                    .map(|arm| arm.share.to_f64() / control.share.to_f64())
                    .collect();
                Some(Dunnett::new(&ratios)?)
            }
            _ => None,
        };
        let mut family = Self {
            level: Level::new(Alpha::new(statistics.alpha)?, sides),
            over_metrics,
            over_arms,
            dunnett,
            searched: Vec::new(),
        };
        if family.dunnett.is_some() {
            for open in 1..=experiment.superiority_primaries().count().max(1) {
                let alpha = family.share(open)?;
                let each = family.dunnett_alpha(alpha)?;
                family.searched.push((alpha, each));
            }
        }
        Ok(family)
    }

    /// The alpha of a metric that is tested among `open` ones.
    fn share(&self, open: usize) -> Result<Alpha, StatsError> {
        Alpha::new(match self.over_metrics {
            MetricCorrection::Sidak => sidak(self.level.alpha, open)?,
            MetricCorrection::None | MetricCorrection::Bonferroni | MetricCorrection::Holm => {
                bonferroni(self.level.alpha, open)?
            }
        })
    }

    /// Whether the alpha of a comparison depends on the p-values, as it does in steps.
    pub(super) fn reads_p_values(&self) -> bool {
        self.over_metrics == MetricCorrection::Holm || self.over_arms == ArmCorrection::Holm
    }

    /// The alpha of a comparison when the data do not move it: of one arm against control, in a family of `primaries`.
    ///
    /// # Errors
    /// When it is outside the range that can be computed.
    pub(super) fn first_alpha(&self, primaries: usize, arms: usize) -> Result<f64, StatsError> {
        let open = match self.over_metrics {
            MetricCorrection::None => 1,
            MetricCorrection::Bonferroni | MetricCorrection::Sidak | MetricCorrection::Holm => primaries.max(1),
        };
        let alpha = self.share(open)?;
        match (&self.dunnett, self.over_arms) {
            (Some(_), _) => self.dunnett_alpha(alpha),
            (None, ArmCorrection::Bonferroni | ArmCorrection::Holm) => bonferroni(alpha, arms.max(1)),
            (None, ArmCorrection::Sidak) => sidak(alpha, arms.max(1)),
            (None, ArmCorrection::None | ArmCorrection::Dunnett) => Ok(alpha.get()),
        }
    }

    fn dunnett_alpha(&self, alpha: Alpha) -> Result<f64, StatsError> {
        let searched = self.searched.iter().find(|(of, _)| *of == alpha);
        match (searched, &self.dunnett) {
            (Some((_, each)), _) => Ok(*each),
            (None, Some(dunnett)) => dunnett.comparison_alpha(Level::new(alpha, self.level.sides)),
            (None, None) => Ok(alpha.get()),
        }
    }

    /// The level before any correction.
    pub(super) fn level(&self) -> Level {
        self.level
    }

    /// Corrects the p-values of each metric (outer) and arm (inner). A comparison without data has p-value 1 and still
    /// counts, as it was declared. Adjusted p-values are computed where `depth` asks for them.
    ///
    /// # Errors
    /// When a corrected alpha is outside the range that can be computed.
    pub(super) fn correct(&self, p_values: &[Vec<f64>], depth: Depth) -> Result<Vec<Vec<Corrected>>, StatsError> {
        if depth == Depth::Decision && !self.reads_p_values() {
            return p_values
                .iter()
                .map(|arms| {
                    let alpha = self.first_alpha(p_values.len(), arms.len())?;
                    Ok(vec![
                        Corrected {
                            alpha,
                            p_adjusted: None
                        };
                        arms.len()
                    ])
                })
                .collect();
        }
        let within: Vec<Vec<f64>> = p_values
            .iter()
            .map(|p| self.adjusted_over_arms(p))
            .collect::<Result<_, _>>()?;
        let stages = self.stages(&within);
        p_values
            .iter()
            .zip(&within)
            .zip(stages)
            .map(|((p, within), stage)| {
                let alphas = self.alphas_over_arms(p, self.share(stage.open)?)?;
                alphas
                    .into_iter()
                    .zip(within)
                    .map(|(alpha, &p)| {
                        Ok(Corrected {
                            alpha,
                            p_adjusted: Some(self.adjusted_over_metrics(&stage, p)?),
                        })
                    })
                    .collect()
            })
            .collect()
    }

    /// A p-value that is adjusted over the arms, adjusted over the metrics too: the smallest overall alpha at which it is rejected
    /// at some stage.
    fn adjusted_over_metrics(&self, stage: &Stage, p: f64) -> Result<f64, StatsError> {
        match self.over_metrics {
            // One stage, which is reached from the start.
            MetricCorrection::Sidak => sidak_adjusted(p, stage.open),
            MetricCorrection::None | MetricCorrection::Bonferroni | MetricCorrection::Holm => Ok(stage.adjusted(p)),
        }
    }

    /// p-values of one metric's comparisons, adjusted over the arms.
    fn adjusted_over_arms(&self, p: &[f64]) -> Result<Vec<f64>, StatsError> {
        match (&self.dunnett, self.over_arms) {
            (Some(dunnett), _) => p.iter().map(|&p| self.dunnett_adjusted(dunnett, p)).collect(),
            (None, ArmCorrection::Bonferroni) => adjust(p, Adjustment::Bonferroni),
            (None, ArmCorrection::Sidak) => adjust(p, Adjustment::Sidak),
            (None, ArmCorrection::Holm) => adjust(p, Adjustment::Holm),
            (None, ArmCorrection::None | ArmCorrection::Dunnett) => Ok(p.to_vec()),
        }
    }

    fn dunnett_adjusted(&self, dunnett: &Dunnett, p: f64) -> Result<f64, StatsError> {
        let statistic = normal::upper_quantile(p / self.level.sides.count()).clamp(0.0, 40.0);
        // Below zero the joint probability is not needed: nothing there is rejected at any alpha in use.
        Ok(dunnett.familywise(statistic, self.level.sides)?.max(p))
    }

    /// The alpha of each comparison of a metric that has `alpha` to itself.
    fn alphas_over_arms(&self, p: &[f64], alpha: Alpha) -> Result<Vec<f64>, StatsError> {
        let k = p.len().max(1);
        match (&self.dunnett, self.over_arms) {
            (Some(_), _) => Ok(vec![self.dunnett_alpha(alpha)?; p.len()]),
            (None, ArmCorrection::Bonferroni) => Ok(vec![bonferroni(alpha, k)?; p.len()]),
            (None, ArmCorrection::Sidak) => Ok(vec![sidak(alpha, k)?; p.len()]),
            (None, ArmCorrection::Holm) => {
                let mut order: Vec<usize> = (0..p.len()).collect();
                order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
                let mut alphas = vec![0.0; p.len()];
                let mut step = 1;
                for arm in order {
                    alphas[arm] = holm(alpha, k, step)?;
                    // Where one is not rejected the procedure stops: larger p-values stay at that step.
                    if p[arm] <= alphas[arm] && step < k {
                        step += 1;
                    }
                }
                Ok(alphas)
            }
            (None, ArmCorrection::None | ArmCorrection::Dunnett) => Ok(vec![alpha.get(); p.len()]),
        }
    }

    /// At which stage each metric is tested: among how many that are still open.
    ///
    /// Holm 1979 with metrics as the steps: a metric passes its alpha on when all its comparisons are rejected. With one
    /// arm this is Holm's procedure; with several it holds the error rate because a metric's alpha is only reused when it
    /// has no true null hypothesis left that was not rejected.
    fn stages(&self, within: &[Vec<f64>]) -> Vec<Stage> {
        let count = within.len();
        match self.over_metrics {
            MetricCorrection::None => vec![Stage::fixed(1); count],
            MetricCorrection::Bonferroni | MetricCorrection::Sidak => vec![Stage::fixed(count); count],
            MetricCorrection::Holm => {
                // The p-value at which all comparisons of a metric are rejected.
                let worst = |metric: &Vec<f64>| metric.iter().copied().fold(0.0, f64::max);
                let mut order: Vec<(usize, f64)> = within.iter().map(worst).enumerate().collect();
                order.sort_by(|a, b| a.1.total_cmp(&b.1));
                let mut stages = vec![Stage::fixed(count); count];
                let mut reached = Vec::new();
                let mut closing = 0.0_f64;
                let mut open = count;
                for (rank, &(metric, worst)) in order.iter().enumerate() {
                    reached.push((count - rank, closing));
                    if let Some(stage) = stages.get_mut(metric) {
                        *stage = Stage {
                            open,
                            reached: reached.clone(),
                        };
                    }
                    closing = closing.max((count - rank) as f64 * worst);
                    if closing <= self.level.alpha.get() {
                        open = count - rank - 1;
                    }
                }
                stages
            }
        }
    }
}

/// Where a metric stands in the procedure over metrics.
#[derive(Debug, Clone, PartialEq)]
struct Stage {
    /// Metrics among which alpha is shared when this one is decided.
    open: usize,
    /// The stages that this metric can be tested at: how many are open, and the overall alpha from which it is reached.
    reached: Vec<(usize, f64)>,
}

impl Stage {
    fn fixed(open: usize) -> Self {
        Self {
            open,
            reached: vec![(open, 0.0)],
        }
    }

    /// The smallest overall alpha at which a comparison with this p-value is rejected at some stage.
    fn adjusted(&self, p: f64) -> f64 {
        self.reached
            .iter()
            .map(|&(open, from)| (open as f64 * p).max(from))
            .fold(f64::INFINITY, f64::min)
            .min(1.0)
    }
}

/// The p-value of a statistic against no effect.
///
/// # Errors
/// When the degrees of freedom are outside the range of Student's t.
pub(super) fn p_value(statistic: Statistic, sides: Sides, sign: f64) -> Result<f64, StatsError> {
    statistic.p_value(Against::of(sides, sign))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn family(over_metrics: MetricCorrection, over_arms: ArmCorrection, ratios: &[f64]) -> Family {
        Family {
            level: Level::two_sided(0.05).unwrap(),
            over_metrics,
            over_arms,
            dunnett: (over_arms == ArmCorrection::Dunnett).then(|| Dunnett::new(ratios).unwrap()),
            searched: Vec::new(),
        }
    }

    const METRICS: [MetricCorrection; 4] = [
        MetricCorrection::None,
        MetricCorrection::Bonferroni,
        MetricCorrection::Sidak,
        MetricCorrection::Holm,
    ];
    const ARMS: [ArmCorrection; 5] = [
        ArmCorrection::None,
        ArmCorrection::Bonferroni,
        ArmCorrection::Sidak,
        ArmCorrection::Holm,
        ArmCorrection::Dunnett,
    ];

    /// A decision is the same from the comparison's alpha and from its adjusted p-value.
    #[test]
    fn alpha_and_adjusted_p_agree() {
        let values = [0.0004, 0.004, 0.012, 0.02, 0.03, 0.049, 0.3];
        for over_metrics in METRICS {
            for over_arms in ARMS {
                let family = family(over_metrics, over_arms, &[1.0, 0.5]);
                for (i, &a) in values.iter().enumerate() {
                    for (j, &b) in values.iter().enumerate() {
                        let p = vec![vec![a, values[(i + 3) % 7]], vec![b, values[(j + 5) % 7]]];
                        for (p, corrected) in p
                            .iter()
                            .flatten()
                            .zip(family.correct(&p, Depth::Verdict).unwrap().iter().flatten())
                        {
                            assert_eq!(
                                *p <= corrected.alpha,
                                corrected.p_adjusted.unwrap() <= 0.05,
                                "{over_metrics} {over_arms} {p} {corrected:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    /// What is decided does not depend on whether p-values are shown.
    #[test]
    fn without_adjusted_p_values_the_alphas_are_the_same() {
        let p = vec![vec![0.001, 0.03], vec![0.012, 0.4]];
        for over_metrics in METRICS {
            for over_arms in ARMS {
                let family = family(over_metrics, over_arms, &[1.0, 0.5]);
                let alphas = |depth| -> Vec<f64> {
                    let corrected = family.correct(&p, depth).unwrap();
                    corrected.iter().flatten().map(|corrected| corrected.alpha).collect()
                };
                assert_eq!(
                    alphas(Depth::Decision),
                    alphas(Depth::Verdict),
                    "{over_metrics} {over_arms}"
                );
            }
        }
    }

    #[test]
    fn holm_over_metrics_is_holms() {
        let p = [0.011, 0.04, 0.02, 0.6];
        let family = family(MetricCorrection::Holm, ArmCorrection::None, &[]);
        let corrected = family.correct(&p.map(|p| vec![p]), Depth::Verdict).unwrap();
        let expected = adjust(&p, Adjustment::Holm).unwrap();
        for (corrected, expected) in corrected.iter().flatten().zip(expected) {
            assert!((corrected.p_adjusted.unwrap() - expected).abs() < 1e-15);
        }
    }

    #[test]
    fn a_metric_passes_its_alpha_on_only_when_all_its_arms_are_rejected() {
        let family = family(MetricCorrection::Holm, ArmCorrection::Bonferroni, &[]);
        let passed = family
            .correct(&[vec![0.001, 0.002], vec![0.02, 0.9]], Depth::Verdict)
            .unwrap();
        assert!((passed[1][0].alpha - 0.025).abs() < 1e-15);
        let held = family
            .correct(&[vec![0.001, 0.2], vec![0.02, 0.9]], Depth::Verdict)
            .unwrap();
        assert!((held[1][0].alpha - 0.0125).abs() < 1e-15);
    }

    #[test]
    fn p_values_move_with_their_arms() {
        for over_arms in ARMS {
            let family = family(MetricCorrection::Bonferroni, over_arms, &[1.0, 1.0, 1.0]);
            let one = family.correct(&[vec![0.01, 0.02, 0.5]], Depth::Verdict).unwrap();
            let other = family.correct(&[vec![0.5, 0.01, 0.02]], Depth::Verdict).unwrap();
            assert_eq!(
                (one[0][0], one[0][1], one[0][2]),
                (other[0][1], other[0][2], other[0][0])
            );
        }
    }
}
