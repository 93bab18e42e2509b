//! One metric, one arm against control: what is known, what is asked, and the sizes along the waterfall.

mod adjustments;
mod blocks;
mod build;
mod composite;
mod describe;
mod formula;
mod looks;
mod means;
mod model;
mod proportion;
mod stage;
mod values;
mod worthwhile;

use super::budget::Budget;
use super::model::{Effect, Question};
use super::support::Obstacle;
use crate::language::metric::BaselineScale;
use crate::language::{self, DesignKind, ProportionTest, Test};
use crate::resolve::{Contrast, Experiment, Metric, Statistics};
use crate::source::Pointer;
use crate::stats::{self, Level, Power, Ratio, SampleSize, StatsError};

pub use adjustments::reach;
use blocks::BlockMean;
pub use blocks::{left_of_effects, seen};
use looks::Monitoring;
pub(super) use looks::drift;
pub(super) use stage::Stage;
use values::Values;
pub(super) use values::{Spread, quantile_log_sd, values};

/// A comparison that can be sized.
#[derive(Debug, Clone)]
pub(super) struct Sizing<'a> {
    values: Values,
    test: Test,
    /// The MDE or the margin as the spec states it.
    effect: language::values::Effect,
    /// The margin that a superiority test must beat, as the spec states it.
    to_beat: Option<language::values::Effect>,
    /// What the estimate must reach besides, as the spec states it.
    worthwhile: Option<language::values::Effect>,
    /// How proportions are tested.
    counting: ProportionTest,
    /// Units in the arm per unit in control.
    ratio: Ratio,
    judge: Option<JudgeCard>,
    /// Whether the baseline was read by the judge, and is corrected.
    baseline_is_judged: bool,
    pairing: Option<Pairing>,
    repeats: Option<Repeats>,
    clusters: Option<ClusterSizes>,
    /// Where a row is the average over a block of time.
    block: Option<BlockMean>,
    /// Share of an effect that the arm before leaves to see.
    seen: Option<f64>,
    /// Correlation of the covariate with the metric.
    covariate: Option<f64>,
    strata: Option<Strata>,
    /// Share of the analysed units that meet the change, where all are analysed.
    reach: Option<f64>,
    /// Rows that are counted per unit that the variance belongs to, where those differ.
    rows_per_unit: Option<f64>,
    looks: Option<Monitoring>,
    errors: Errors,
    statistics: &'a Statistics,
}

/// Error rates along the waterfall.
#[derive(Debug, Clone, Copy)]
struct Errors {
    uncorrected: Level,
    over_metrics: Level,
    over_arms: Level,
    power: Power,
    target: Power,
}

#[derive(Debug, Clone, Copy)]
struct JudgeCard {
    judge: stats::Judge,
    sensitivity: f64,
    specificity: f64,
    /// Labelled positives and negatives that the errors were measured on.
    labels: Option<(f64, f64)>,
    /// Share of the units that people label too.
    label_share: Option<f64>,
}

/// What is known of the two outcomes of one unit.
#[derive(Debug, Clone, Copy)]
enum Pairing {
    Correlation(f64),
    Discordant(f64),
}

#[derive(Debug, Clone, Copy)]
struct Repeats {
    count: f64,
    correlation: f64,
}

/// Groups of units that are compared within.
#[derive(Debug, Clone, Copy)]
struct Strata {
    count: f64,
    /// Share of the variance that lies between them.
    explained: f64,
}

#[derive(Debug, Clone, Copy)]
struct ClusterSizes {
    sizes: stats::Clusters,
    size_cv: f64,
    /// Of what the test rests on: of a quantile, of being beyond it.
    icc: f64,
    role: ClusterRole,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClusterRole {
    /// Whole clusters get an arm, and there may be few of them.
    Randomised,
    /// Units in the same cluster are alike.
    Alike,
}

/// A comparison without one of its steps.
pub(super) struct Forgetful<'a> {
    /// What is left of it.
    pub(super) sizing: Sizing<'a>,
    /// How often it counts each unit.
    pub(super) units_counted: f64,
}

/// What a question is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The metric gates the decision and takes its part of the error budget.
    Gate,
    /// The metric is only reported: no correction, the power of the decision.
    Report,
}

impl<'a> Sizing<'a> {
    /// The comparison that a contrast asks for, on a metric.
    ///
    /// # Errors
    /// What the metric or the design lacks, or what this version does not size.
    pub(super) fn of(
        experiment: &'a Experiment,
        budget: &Budget,
        metric: &Metric,
        contrast: &Contrast,
        effect: language::values::Effect,
        purpose: Purpose,
    ) -> Result<Self, Obstacle> {
        let numeric = |error: StatsError| Obstacle::new(metric.pointer.clone(), &error.to_string());
        let design = experiment.spec.design.clone().unwrap_or_default();
        let ratio = Ratio::new(contrast.treated_share / contrast.reference_share).map_err(numeric)?;
        let test = metric.test();
        let judge = adjustments::judge(metric)?;
        let mut values = values(experiment, metric)?;
        let scale = metric.declared.baseline.as_ref().and_then(|baseline| baseline.scale);
        let baseline_is_judged = scale == Some(BaselineScale::Judged);
        if let Some(card) = judge.filter(|_| baseline_is_judged) {
            values.baseline = card.judge.corrected(values.baseline).map_err(numeric)?;
        }
        let clusters = adjustments::clusters(&design, metric, &values)?;
        // The variance of a ratio is that of whole randomisation units; rows of the analysis are finer.
        let (clusters, rows_per_unit) = match (clusters, values.spread) {
            (Some(c), Spread::Ratio { .. })
                if c.role == ClusterRole::Alike && design.kind != Some(DesignKind::Paired) =>
            {
                (None, Some(c.sizes.size()))
            }
            (clusters, _) => (clusters, None),
        };
        let mut sizing = Self {
            test,
            effect,
            // What is only reported, such as an interaction, is held against no effect.
            to_beat: metric.margin_to_beat.filter(|_| purpose == Purpose::Gate),
            worthwhile: worthwhile::declared(metric).filter(|_| purpose == Purpose::Gate),
            counting: experiment.statistics.proportion_test,
            ratio,
            judge,
            baseline_is_judged,
            pairing: adjustments::pairing(&design, metric)?,
            repeats: adjustments::repeats(&design, metric)?,
            clusters,
            block: blocks::block_mean(&design, metric)?,
            seen: blocks::seen(experiment),
            covariate: adjustments::covariate(&design, metric)?,
            strata: adjustments::strata(&design, metric)?,
            reach: adjustments::reach(experiment),
            rows_per_unit,
            looks: None,
            errors: Errors::of(budget, test, purpose),
            statistics: &experiment.statistics,
            values,
        };
        if let Some(reason) = sizing.out_of_reach() {
            return Err(Obstacle::new(metric.field("mde"), &reason));
        }
        if matches!(sizing.values.spread, Spread::Quantile { .. })
            && sizing.repeats.is_some()
            && sizing.clusters.is_some()
        {
            return Err(Obstacle::new(
                metric.field("kind"),
                "a quantile over repeats of units in clusters is not sized by this version of abide: write `repeats = 1`",
            ));
        }
        if sizing.judge.is_some_and(|card| card.label_share.is_some())
            && (sizing.pairing.is_some()
                || sizing.repeats.is_some()
                || sizing.clusters.is_some()
                || sizing.covariate.is_some())
        {
            return Err(Obstacle::new(
                metric.field("judge").join("label_share"),
                "labels of a share of the units are not sized with pairs, repeats, clusters or covariates by this version of abide: leave \
                 `label_share` out, and the judge is corrected by its declared errors; or label every unit, and leave the judge out",
            ));
        }
        if purpose == Purpose::Gate
            && let Some(declared) = &experiment.statistics.sequential
        {
            let tau = declared
                .tau
                .map(|tau| tau / (sizing.amount() - sizing.amount_to_beat()));
            let found = match test {
                Test::Superiority => Monitoring::of(declared, sizing.level(), sizing.target(), tau),
                Test::NonInferiority | Test::Equivalence => {
                    Monitoring::of_guardrails(declared, sizing.level(), sizing.target())
                }
            };
            sizing.looks = found
                .map_err(|error| Obstacle::new(Pointer::from_dotted("statistics.sequential"), &error.to_string()))?;
        }
        if sizing.counts_exactly(Stage::FINAL)
            && let Some(what) = sizing.inexact(design.kind)
        {
            return Err(Obstacle::new(
                Pointer::from_dotted("statistics.proportion_test"),
                &format!(
                    "an exact test counts independent yes and no, and `{}` has {what}: write `proportion_test = \"z\"`",
                    metric.id
                ),
            ));
        }
        Ok(sizing)
    }

    /// The level of the final test.
    pub(super) fn level(&self) -> Level {
        self.errors.over_arms
    }

    /// The power that is sized for.
    pub(super) fn target(&self) -> Power {
        self.errors.target
    }

    fn level_at(&self, stage: Stage) -> Level {
        if stage >= Stage::AlphaOverArms {
            self.errors.over_arms
        } else if stage >= Stage::AlphaOverMetrics {
            self.errors.over_metrics
        } else {
            self.errors.uncorrected
        }
    }

    fn power_at(&self, stage: Stage) -> Power {
        if stage >= Stage::Power {
            self.errors.target
        } else {
            self.errors.power
        }
    }

    /// The effect or margin as it is stated: a share or an amount.
    fn amount(&self) -> f64 {
        self.effect.magnitude()
    }

    /// The margin that must be beaten, on the scale that the effect is stated on; 0 without one.
    fn amount_to_beat(&self) -> f64 {
        let Some(margin) = self.to_beat else { return 0.0 };
        let baseline = self.values.baseline.abs();
        if let (Spread::TimeToEvent, true) = (self.values.spread, self.is_relative() != margin.is_relative()) {
            // Between a share of the hazard and a difference of the probability at the end there is no fixed factor.
            let ratio = self.hazard_ratio(baseline, margin.is_relative(), margin.magnitude());
            let ratio = ratio.unwrap_or(f64::INFINITY);
            return if self.is_relative() {
                (ratio - 1.0).abs()
            } else {
                (-((-baseline).ln_1p() * ratio).exp_m1() - baseline).abs()
            };
        }
        match (self.is_relative(), margin.is_relative()) {
            (true, false) => margin.magnitude() / baseline,
            (false, true) => margin.magnitude() * baseline,
            _ => margin.magnitude(),
        }
    }

    fn is_relative(&self) -> bool {
        self.effect.is_relative()
    }

    /// Whether each unit passes both arms at a stage.
    pub(super) fn units_pass_both(&self, stage: Stage) -> bool {
        matches!(self.values.spread, Spread::Preference { .. }) || (self.pairing.is_some() && stage >= Stage::Pairing)
    }

    /// Whether a stage adds something to this comparison.
    pub(super) fn changes_at(&self, stage: Stage) -> bool {
        let errors = self.errors;
        match stage {
            Stage::Naive => true,
            Stage::Judge => self.judge.is_some(),
            Stage::Pairing => self.pairing.is_some() && !matches!(self.values.spread, Spread::Preference { .. }),
            Stage::Repeats => self.repeats.is_some(),
            Stage::Clusters => self.clusters.is_some(),
            Stage::Blocks => self.block.is_some(),
            Stage::Carryover => self.seen.is_some(),
            Stage::Covariate => self.covariate.is_some(),
            Stage::Strata => self.strata.is_some(),
            Stage::AlphaOverMetrics => errors.over_metrics != errors.uncorrected,
            Stage::AlphaOverArms => errors.over_arms != errors.over_metrics,
            Stage::Power => errors.target != errors.power,
            Stage::Looks => self.looks.is_some(),
            Stage::SmallSample => self.has_few_clusters() || self.estimates_its_spread() || self.counts_exactly(stage),
            Stage::Dilution => self.reach.is_some(),
        }
    }

    fn has_few_clusters(&self) -> bool {
        self.clusters
            .is_some_and(|clusters| clusters.role == ClusterRole::Randomised)
    }

    /// Whether events are counted exactly at a stage instead of by the normal approximation.
    fn counts_exactly(&self, stage: Stage) -> bool {
        stage >= Stage::SmallSample
            && self.counting == ProportionTest::Exact
            && self.test == Test::Superiority
            && matches!(self.values.spread, Spread::Proportion | Spread::Preference { .. })
    }

    /// What keeps events from being counted exactly: the first of what makes them other than independent yes and no.
    fn inexact(&self, design: Option<DesignKind>) -> Option<&'static str> {
        let obstacles = [
            (self.judge.is_some(), "a judge that errs"),
            (self.repeats.is_some(), "repeats"),
            (self.clusters.is_some(), "clusters"),
            (self.block.is_some() || self.seen.is_some(), "blocks of time"),
            (self.covariate.is_some(), "a covariate"),
            (self.strata.is_some(), "strata"),
            (self.looks.is_some(), "interim looks"),
            (self.to_beat.is_some(), "a `margin` to beat"),
            (design == Some(DesignKind::Factorial), "a factorial design"),
        ];
        let found = obstacles.into_iter().find(|(holds, _)| *holds);
        found.map(|(_, what)| what)
    }

    fn estimates_its_spread(&self) -> bool {
        match self.values.spread {
            Spread::Mean { .. } | Spread::LogMean { .. } => true,
            // Averages over repeats are numbers, not yes and no.
            Spread::Proportion => self.pairing.is_some() && self.repeats.is_some() && self.test != Test::Equivalence,
            _ => false,
        }
    }

    /// Rows per arm with everything up to a stage: real numbers.
    pub(super) fn size(&self, stage: Stage) -> Result<SampleSize, StatsError> {
        let n = self
            .model(stage, self.amount())?
            .size(self.level_at(stage), self.power_at(stage))?;
        n.scaled(self.inflation(stage))
    }

    /// Power of the final test with a number of rows.
    pub(super) fn power(&self, n: SampleSize) -> Result<f64, StatsError> {
        let model = self.model(Stage::FINAL, self.amount())?;
        match &self.looks {
            None => model.power(self.level(), n),
            Some(looks) => {
                let whole = self.size(Stage::FINAL)?;
                looks.power_at(n.control() / whole.control())
            }
        }
    }

    /// The smallest effect, or the smallest margin, with a power of `power` with a number of rows.
    pub(super) fn smallest(&self, power: Power, n: SampleSize) -> Result<Effect, StatsError> {
        let n = n.scaled(1.0 / self.inflation(Stage::FINAL))?;
        let amount = model::smallest_amount(
            (self.amount_to_beat(), self.amount(), self.largest_amount()),
            self.level(),
            power,
            n,
            |amount| self.model(Stage::FINAL, amount),
        )?;
        Ok(self.on_both_scales(amount))
    }

    fn inflation(&self, stage: Stage) -> f64 {
        match &self.looks {
            Some(looks) if stage >= Stage::Looks => looks.inflation(),
            _ => 1.0,
        }
    }

    /// The supremum of the amounts that the metric can have.
    fn largest_amount(&self) -> f64 {
        let baseline = self.values.baseline;
        let toward = self.toward();
        let left = self.left_of_effects(Stage::FINAL);
        let unit = if self.is_relative() { baseline.abs() } else { 1.0 };
        let bounded = matches!(
            self.values.spread,
            Spread::Proportion | Spread::Preference { .. } | Spread::TimeToEvent | Spread::EventByWindow { .. }
        );
        let on_hazard = self.values.spread == Spread::TimeToEvent && self.is_relative();
        if toward < 0.0 && (bounded || self.is_relative() || self.is_logarithmic()) && baseline > 0.0 {
            baseline / unit / left
        } else if toward > 0.0 && bounded && !on_hazard {
            (1.0 - baseline) / unit / left
        } else {
            1e6 * self.amount()
        }
    }

    fn is_logarithmic(&self) -> bool {
        matches!(
            self.values.spread,
            Spread::LogMean { .. } | Spread::Quantile { .. } | Spread::Rate { .. } | Spread::TimeToEvent
        )
    }

    fn on_both_scales(&self, amount: f64) -> Effect {
        let baseline = self.values.baseline.abs();
        if self.is_relative() {
            Effect {
                absolute: amount * baseline,
                relative: amount,
            }
        } else {
            Effect {
                absolute: amount,
                relative: amount / baseline,
            }
        }
    }

    /// The same comparison for another amount, relative to the baseline: a point of a power curve. The looks stay those of
    /// the declared effect.
    pub(super) fn power_for(&self, relative: f64, n: SampleSize) -> Result<f64, StatsError> {
        let amount = if self.is_relative() {
            relative
        } else {
            relative * self.values.baseline.abs()
        };
        let model = self.model(Stage::FINAL, amount)?;
        match &self.looks {
            None => model.power(self.level(), n),
            Some(looks) => {
                let whole = model.size(self.level(), self.target())?.scaled(looks.inflation())?;
                looks.power_at(n.control() / whole.control())
            }
        }
    }

    /// The same comparison by somebody who forgot a step; `None` for steps that nobody forgets.
    pub(super) fn without(&self, stage: Stage) -> Option<Forgetful<'a>> {
        let mut sizing = self.clone();
        let mut units_counted = 1.0;
        match stage {
            Stage::Judge => sizing.judge = None,
            Stage::Clusters => sizing.clusters = None,
            Stage::Looks => sizing.looks = None,
            Stage::Repeats => units_counted = sizing.repeats.take()?.count,
            _ => return None,
        }
        Some(Forgetful { sizing, units_counted })
    }

    /// The design of planned looks, with its drift when the experiment has a number of rows.
    fn group_at(&self, n: SampleSize) -> Result<Option<(&stats::SequentialDesign, f64)>, StatsError> {
        let Some(design) = self.group_design() else {
            return Ok(None);
        };
        let share = n.control() / self.size(Stage::FINAL)?.control();
        Ok(Some((design, looks::drift(design, share))))
    }

    /// The boundaries of planned looks.
    pub(super) fn group_design(&self) -> Option<&stats::SequentialDesign> {
        self.looks.as_ref()?.group_design()
    }

    /// What keeps the MDE from being shown to beat the margin: a clause, or nothing where it is beyond it.
    fn out_of_reach(&self) -> Option<String> {
        let margin = self.to_beat?;
        // Equal on two scales is equal but for the last digits.
        (self.amount() <= self.amount_to_beat() * (1.0 + 1e-9)).then(|| {
            format!(
                "its MDE of {} is not beyond the margin of {} that the effect must beat, so no sample is large enough",
                describe::stated(self.effect),
                describe::stated(margin)
            )
        })
    }

    /// The question as the plan shows it.
    pub(super) fn question(&self) -> Question {
        let effect = self.on_both_scales(self.amount());
        Question {
            test: self.test.as_str().to_owned(),
            scale: if self.is_relative() { "relative" } else { "absolute" }.to_owned(),
            absolute: effect.absolute,
            relative: effect.relative,
            margin: self.to_beat.map(|_| self.on_both_scales(self.amount_to_beat())),
        }
    }
}

impl Errors {
    fn of(budget: &Budget, test: Test, purpose: Purpose) -> Self {
        match (purpose, test) {
            (Purpose::Report, _) => Self::plain(budget.uncorrected, budget.power, budget.power),
            (Purpose::Gate, Test::Superiority) => Self {
                over_metrics: budget.over_metrics,
                over_arms: budget.per_comparison,
                ..Self::plain(budget.uncorrected, budget.power, budget.target)
            },
            // All must pass, so alpha is not divided.
            (Purpose::Gate, Test::NonInferiority | Test::Equivalence) => {
                Self::plain(budget.guardrail, budget.power, budget.target)
            }
        }
    }

    fn plain(level: Level, power: Power, target: Power) -> Self {
        Self {
            uncorrected: level,
            over_metrics: level,
            over_arms: level,
            power,
            target,
        }
    }
}
