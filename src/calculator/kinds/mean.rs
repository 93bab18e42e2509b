//! Two independent means.

use super::super::adjust::{factors, need, ratio};
use super::super::answer::Effect;
use super::super::design::{Comparison, Design, Layout, Method, Smallest};
use super::super::fault::{Fault, Result};
use super::super::quantity::Quantity;
use super::super::question::{Margin, Question};
use super::super::request::{Request, Statistic};
use super::equivalence::Tost;
use super::proportion::{relative_equivalence, standard_deviation};
use crate::language::Test;
use crate::stats::{Level, MeanTest, Power, Ratio, SampleSize, TwoMeans};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let sd = standard_deviation(request, question.control)?;
    let sd = need(sd, "mean", "sd", "the standard deviation of one unit (or `cv`)")?;
    let test = match *request.statistic.get_or_insert(Statistic::Welch) {
        Statistic::Welch => MeanTest::Welch,
        Statistic::Student => MeanTest::Student,
        Statistic::Z => MeanTest::Z,
        Statistic::Exact => return Err(inexact("mean", "welch, student, z")),
    };
    let ratio = ratio(request)?;
    let treated = request.sd_treated.map_or(sd, Quantity::get);
    let mut adjustments = factors(request)?;
    // A covariate lowers the standard deviation itself, so that the t distribution is that of the smaller sample.
    let mut shrink = 1.0;
    for step in &mut adjustments {
        if step.name == "covariate" {
            shrink = step.factor.take().unwrap_or(1.0).sqrt();
            step.change = format!("{} on the variance", step.change);
        }
    }
    let means = Means {
        control: question.control,
        sds: (sd * shrink, treated * shrink),
        ratio,
        test,
        question: *question,
    };
    Ok(Comparison {
        method: means.method(),
        design: means.design()?,
        layout: Layout::Arms {
            unit: "unit",
            ratio: ratio.get(),
        },
        shared_control: Some(ratio.get()),
        adjustments,
        effect: question
            .change
            .map(|change| Effect::difference(question.control, change)),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: Vec::new(),
        exact: None,
    })
}

pub(super) fn inexact(kind: &str, range: &str) -> Fault {
    Fault::of(
        "statistic",
        format!("kind {kind} has no such statistic; it has: {range}"),
    )
    .with_range(range)
}

/// Means of control and treatment, also those of a ratio metric.
#[derive(Clone, Copy)]
pub(super) struct Means {
    pub(super) control: Option<f64>,
    pub(super) sds: (f64, f64),
    pub(super) ratio: Ratio,
    pub(super) test: MeanTest,
    pub(super) question: Question,
}

impl Means {
    pub(super) fn design(self) -> Result<Box<dyn Design>> {
        if self.question.test != Test::Equivalence {
            if matches!(self.question.margin, Some(Margin::Relative(_))) && self.control.is_none() {
                return Err(Fault::of(
                    "baseline",
                    "`margin_relative` needs `baseline`, control's mean",
                ));
            }
            return Ok(Box::new(self));
        }
        let margin = match self.question.margin {
            Some(Margin::Relative(_)) => return Err(relative_equivalence()),
            Some(Margin::Absolute(margin)) => Some(margin),
            None => None,
        };
        let r = self.ratio.get();
        let (v0, v1) = (self.sds.0.powi(2), self.sds.1.powi(2));
        let variance = match self.test {
            // Student's pooled variance, weighted by the arms' sizes.
            MeanTest::Student => (v0 + r * v1) / (1.0 + r) * (1.0 + 1.0 / r),
            MeanTest::Z | MeanTest::Welch => v0 + v1 / r,
        };
        let welch = move |n: f64| {
            let (a, b) = (v0 / n, v1 / (r * n));
            (a + b).powi(2) / (a * a / (n - 1.0) + b * b / (r * n - 1.0))
        };
        Ok(Box::new(Tost {
            difference: self.question.change.unwrap_or(0.0),
            margin,
            sd: variance.sqrt(),
            freedom: match self.test {
                MeanTest::Z => None,
                MeanTest::Student => Some((
                    3.0 / (1.0 + r) * (1.0 + 4.0 * f64::EPSILON),
                    Box::new(move |n| n * (1.0 + r) - 2.0),
                )),
                MeanTest::Welch => Some((2.0_f64.max(2.0 / r), Box::new(welch))),
            },
            shown: |margin| Effect::margin(Some(margin), None),
        }))
    }

    fn means(&self, placeholder: Margin) -> Result<TwoMeans> {
        let control = self.control.unwrap_or(0.0);
        let hypothesis = self.question.hypothesis(placeholder)?;
        Ok(
            TwoMeans::new(control, self.question.treated(control), self.sds.0, hypothesis)?
                .with_sds(self.sds.0, self.sds.1)?
                .with_ratio(self.ratio)
                .with_test(self.test),
        )
    }

    fn method(&self) -> Method {
        let test = match (self.question.test, self.test) {
            (Test::Equivalence, MeanTest::Z) => "two one-sided z tests of two means",
            (Test::Equivalence, MeanTest::Student) => "two one-sided t tests of two means, exact",
            (Test::Equivalence, MeanTest::Welch) => "two one-sided Welch t tests of two means",
            (_, MeanTest::Z) => "two-sample z",
            (_, MeanTest::Student) => "two-sample t, common standard deviation",
            (_, MeanTest::Welch) => "Welch t",
        };
        let (formula, source) = match (self.question.test, self.test) {
            (Test::Equivalence, _) => (
                "power = ∫ [Φ((m − D)/se − t·s) − Φ((−m − D)/se + t·s)]·f(s) ds, se² = σ₀²/n₀ + σ₁²/(r·n₀), solved for n₀",
                "Schuirmann 1987; Owen 1965, Biometrika 52:437",
            ),
            (_, MeanTest::Z) => (
                "n₀ = (A + B)²·(w²·σ₀² + σ₁²/r) / (distance)², w = 1 without a relative margin",
                "Chow, Shao & Wang 2008, section 3.2",
            ),
            (_, MeanTest::Student) => (
                "power = P(T(n₀ + n₁ − 2, δ) > t), δ = distance / √(w²·σ²/n₀ + σ²/n₁), solved for n₀",
                "Cohen 1988, chapter 2; noncentral t of Owen 1965",
            ),
            (_, MeanTest::Welch) => (
                "power = P(T(ν, δ) > t), δ = distance / √(w²·σ₀²/n₀ + σ₁²/n₁), ν by Satterthwaite, solved for n₀",
                "Welch 1947, Biometrika 34:28; noncentral t of Owen 1965",
            ),
        };
        Method { test, formula, source }
    }
}

impl Design for Means {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        Ok(self.means(Margin::Absolute(1.0))?.sample_size(level, power)?.control())
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        Ok(self
            .means(Margin::Absolute(1.0))?
            .power(level, SampleSize::from_control(n, self.ratio)?)?)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        let n = SampleSize::from_control(n, self.ratio)?;
        let absolute = self.means(Margin::Absolute(1.0))?;
        if self.question.test == Test::Superiority {
            let found = absolute.detectable(level, power, n)?;
            return Ok(Smallest::Effect(Effect::difference(self.control, found.difference)));
        }
        let relative = match self.control {
            Some(control) if control > 0.0 => self.means(Margin::Relative(0.5))?.smallest_margin(level, power, n).ok(),
            _ => None,
        };
        Ok(Smallest::Margin(Effect::margin(
            Some(absolute.smallest_margin(level, power, n)?),
            relative,
        )))
    }
}
