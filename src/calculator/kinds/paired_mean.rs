//! Two means of the same units.

use super::super::adjust::need;
use super::super::answer::Effect;
use super::super::design::{Comparison, Design, Layout, Method, Smallest, smallest_margin};
use super::super::fault::{Fault, Result};
use super::super::quantity::Quantity;
use super::super::question::{Margin, Question};
use super::super::request::{Request, Statistic};
use super::equivalence::Tost;
use super::mean::inexact;
use super::proportion::{relative_equivalence, standard_deviation};
use crate::language::Test;
use crate::stats::{Hypothesis, Level, MeanTest, PairedMeans, Power};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let test = match *request.statistic.get_or_insert(Statistic::Student) {
        Statistic::Student => MeanTest::Student,
        Statistic::Z => MeanTest::Z,
        _ => return Err(inexact("paired-mean", "student, z")),
    };
    let pairs = Pairs {
        spread: spread(request, question)?,
        question: *question,
        test,
    };
    let design: Box<dyn Design> = if question.test == Test::Equivalence {
        let margin = match question.margin {
            Some(Margin::Relative(_)) => return Err(relative_equivalence()),
            Some(Margin::Absolute(margin)) => Some(margin),
            None => None,
        };
        Box::new(Tost {
            difference: question.change.unwrap_or(0.0),
            margin,
            sd: pairs.means(Hypothesis::superiority(question.direction))?.sd(),
            freedom: (test == MeanTest::Student).then(|| (2.0, Box::new(|n| n - 1.0) as super::equivalence::Freedom)),
            shown: |margin| Effect::margin(Some(margin), None),
        })
    } else {
        Box::new(pairs)
    };
    Ok(Comparison {
        design,
        method: match (question.test, test) {
            (Test::Equivalence, _) => Method {
                test: "two one-sided tests of the mean difference",
                formula: "power = ∫ [Φ((m − D)/se − t·s) − Φ((−m − D)/se + t·s)]·f(s) ds, se = σ_d/√n, solved for n",
                source: "Schuirmann 1987; Owen 1965, Biometrika 52:437",
            },
            (_, MeanTest::Z) => Method {
                test: "paired z",
                formula: "n = (A + B)²·σ_d² / (distance)²",
                source: "Chow, Shao & Wang 2008, section 3.1",
            },
            _ => Method {
                test: "paired t",
                formula: "power = P(T(n − 1, δ) > t), δ = distance·√n/σ_d, σ_d² = (σ₁ − w·σ₀)² + 2·w·σ₀·σ₁·(1 − ρ), solved for n",
                source: "Cohen 1988, chapter 2; noncentral t of Owen 1965",
            },
        },
        layout: Layout::Shared { unit: "pair" },
        shared_control: None,
        adjustments: Vec::new(),
        effect: question
            .change
            .map(|change| Effect::difference(question.control, change)),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: Vec::new(),
        exact: None,
    })
}

/// What is known of the spread of a pair.
#[derive(Clone, Copy)]
enum Spread {
    Difference(f64),
    Arms { sds: (f64, f64), correlation: f64 },
}

fn spread(request: &Request, question: &Question) -> Result<Spread> {
    if let Some(sd) = request.sd_difference {
        let other = [
            ("sd", request.sd.is_some()),
            ("sd_treated", request.sd_treated.is_some()),
            ("cv", request.cv.is_some()),
            ("correlation", request.correlation.is_some()),
        ];
        if let Some((name, _)) = other.iter().find(|field| field.1) {
            return Err(Fault::of(
                name,
                format!("`sd_difference` says all there is: leave out `{name}`"),
            ));
        }
        if matches!(question.margin, Some(Margin::Relative(_))) {
            return Err(Fault::of(
                "margin_relative",
                "a relative margin needs `sd` and `correlation` instead of `sd_difference`",
            ));
        }
        return Ok(Spread::Difference(sd.get()));
    }
    let sd = standard_deviation(request, question.control)?;
    let sd = need(
        sd,
        "paired-mean",
        "sd_difference",
        "or `sd` (or `cv`) and `correlation`",
    )?;
    let correlation = need(
        request.correlation,
        "paired-mean",
        "correlation",
        "that of the two values of a pair",
    )?;
    Ok(Spread::Arms {
        sds: (sd, request.sd_treated.map_or(sd, Quantity::get)),
        correlation: correlation.get(),
    })
}

struct Pairs {
    spread: Spread,
    question: Question,
    test: MeanTest,
}

impl Pairs {
    fn means(&self, hypothesis: Hypothesis) -> Result<PairedMeans> {
        let control = self.question.control.unwrap_or(0.0);
        let treated = self.question.treated(control);
        Ok(match self.spread {
            Spread::Difference(sd) => PairedMeans::from_difference(treated - control, sd, hypothesis)?,
            Spread::Arms { sds, correlation } => {
                PairedMeans::new((control, sds.0), (treated, sds.1), correlation, hypothesis)?
            }
        }
        .with_test(self.test))
    }

    fn given(&self) -> Result<PairedMeans> {
        if matches!(self.question.margin, Some(Margin::Relative(_))) && self.question.control.is_none() {
            return Err(Fault::of(
                "baseline",
                "`margin_relative` needs `baseline`, control's mean",
            ));
        }
        self.means(self.question.hypothesis(Margin::Absolute(1.0))?)
    }
}

impl Design for Pairs {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        Ok(self.given()?.sample_size(level, power)?)
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        Ok(self.given()?.power(level, n)?)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        if self.question.test == Test::Superiority {
            let found = self.given()?.detectable(level, power, n)?;
            return Ok(Smallest::Effect(Effect::difference(
                self.question.control,
                found.difference,
            )));
        }
        let better = self.question.direction;
        let se = self.means(Hypothesis::superiority(better))?.sd() / n.sqrt();
        let loss = self.question.change.unwrap_or(0.0).abs();
        let absolute = smallest_margin(power, (1e-9 * se, loss + 5e3 * se), |margin| {
            Ok(self
                .means(Hypothesis::non_inferiority(better, margin)?)?
                .power(level, n)?)
        })?;
        let relative = match (self.spread, self.question.control) {
            (Spread::Arms { .. }, Some(control)) if control > 0.0 => {
                smallest_margin(power, (1e-9, 1.0 - 1e-9), |margin| {
                    Ok(self
                        .means(Hypothesis::non_inferiority_relative(better, margin)?)?
                        .power(level, n)?)
                })
                .ok()
            }
            _ => None,
        };
        Ok(Smallest::Margin(Effect::margin(Some(absolute), relative)))
    }
}
