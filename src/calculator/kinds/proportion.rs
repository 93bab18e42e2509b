//! Two independent proportions, read directly or by a judge.

use super::super::adjust::{factors, need, ratio};
use super::super::answer::{Adjustment, Effect};
use super::super::design::{Comparison, Design, Exact, Layout, Method, Smallest};
use super::super::fault::{Fault, Result};
use super::super::question::{Margin, Question};
use super::super::request::{Request, Variance};
use super::super::text::number;
use super::equivalence::Tost;
use crate::language::Test;
use crate::language::values::Fraction;
use crate::stats::{
    ExactProportions, Judge, Level, NullVariance, Power, Proportion, Ratio, SampleSize, TwoProportions,
};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let control = need(question.control, "proportion", "baseline", "control's proportion")?;
    let ratio = ratio(request)?;
    let judge = judge(request, question)?;
    let variance = variance(request, question)?;
    let truth = Truth {
        control,
        treated: question.treated(control),
        judge,
    };
    Proportion::named("baseline", control)?;
    Proportion::named("treatment's proportion", truth.treated)?;
    let mut adjustments = Vec::new();
    if let Some(judge) = judge {
        adjustments.push(Adjustment {
            name: "judge".to_owned(),
            change: format!(
                "the judge sees {} and {}: differences shrink by sensitivity + specificity − 1 = {}",
                number(judge.apparent(truth.control)?),
                number(judge.apparent(truth.treated)?),
                number(judge.attenuation())
            ),
            factor: None,
        });
    }
    adjustments.extend(factors(request)?);
    let plain = adjustments.is_empty();
    let design: Box<dyn Design> = if question.test == Test::Equivalence {
        let margin = match question.margin {
            Some(Margin::Relative(_)) => return Err(relative_equivalence()),
            Some(Margin::Absolute(margin)) => Some(margin * truth.shrink()),
            None => None,
        };
        let (p0, p1) = truth.apparent()?;
        if judge.is_some() && margin.is_none() {
            return Err(Fault::of(
                "sensitivity",
                "the smallest equivalence margin behind a judge is not covered",
            ));
        }
        Box::new(Tost {
            difference: p1 - p0,
            margin,
            sd: (p0 * (1.0 - p0) + p1 * (1.0 - p1) / ratio.get()).sqrt(),
            freedom: None,
            shown: |margin| Effect::margin(Some(margin), None),
        })
    } else {
        Box::new(Proportions {
            truth,
            ratio,
            variance,
            question: *question,
        })
    };
    Ok(Comparison {
        design,
        method: method(question, variance),
        layout: Layout::Arms {
            unit: "unit",
            ratio: ratio.get(),
        },
        shared_control: Some(ratio.get()),
        adjustments,
        effect: question.change.map(|change| Effect::difference(Some(control), change)),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: Vec::new(),
        exact: (plain && question.test == Test::Superiority && question.margin.is_none())
            .then(|| exact(truth, variance)),
    })
}

/// The proportions as they are, and the judge who reads them.
#[derive(Clone, Copy)]
struct Truth {
    control: f64,
    treated: f64,
    judge: Option<Judge>,
}

impl Truth {
    fn apparent(self) -> Result<(f64, f64)> {
        match self.judge {
            None => Ok((self.control, self.treated)),
            Some(judge) => Ok((judge.apparent(self.control)?, judge.apparent(self.treated)?)),
        }
    }

    fn shrink(self) -> f64 {
        self.judge.map_or(1.0, Judge::attenuation)
    }
}

struct Proportions {
    truth: Truth,
    ratio: Ratio,
    variance: Variance,
    question: Question,
}

impl Proportions {
    fn design(&self, placeholder: Margin) -> Result<TwoProportions> {
        let shrink = self.truth.shrink();
        let scaled = Question {
            margin: self.question.margin.map(|margin| match margin {
                Margin::Absolute(size) => Margin::Absolute(size * shrink),
                relative @ Margin::Relative(_) => relative,
            }),
            ..self.question
        };
        let (p0, p1) = self.truth.apparent()?;
        let design = TwoProportions::new(p0, p1, scaled.hypothesis(placeholder)?)?.with_ratio(self.ratio);
        let by_default = scaled.margin.is_none() && matches!(placeholder, Margin::Relative(_));
        Ok(match self.variance {
            Variance::FarringtonManning if by_default => design,
            Variance::Pooled | Variance::FarringtonManning => design.with_variance(NullVariance::Restricted),
            Variance::Unpooled => design.with_variance(NullVariance::Unpooled),
        })
    }
}

/// Stands in for a margin that is asked for.
const ABSOLUTE: Margin = Margin::Absolute(1e-6);
const RELATIVE: Margin = Margin::Relative(1e-6);

impl Design for Proportions {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        Ok(self.design(ABSOLUTE)?.sample_size(level, power)?.control())
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        Ok(self
            .design(ABSOLUTE)?
            .power(level, SampleSize::from_control(n, self.ratio)?)?)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        let n = SampleSize::from_control(n, self.ratio)?;
        let shrink = self.truth.shrink();
        if self.question.test == Test::Superiority {
            let found = self.design(ABSOLUTE)?.detectable(level, power, n)?;
            return Ok(Smallest::Effect(Effect::difference(
                Some(self.truth.control),
                found.difference / shrink,
            )));
        }
        let absolute = self.design(ABSOLUTE)?.smallest_margin(level, power, n)? / shrink;
        // The contrast of a relative margin has no counterpart in what a judge sees.
        let relative = match self.truth.judge {
            None => self.design(RELATIVE)?.smallest_margin(level, power, n).ok(),
            Some(_) => None,
        };
        Ok(Smallest::Margin(Effect::margin(Some(absolute), relative)))
    }
}

fn judge(request: &Request, question: &Question) -> Result<Option<Judge>> {
    match (request.sensitivity, request.specificity) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) if matches!(question.margin, Some(Margin::Relative(_))) => Err(Fault::of(
            "margin_relative",
            "a judge turns a relative margin into none at all: give `margin_absolute`",
        )),
        (Some(sensitivity), Some(specificity)) => Ok(Some(Judge::new(sensitivity.get(), specificity.get())?)),
        (Some(_), None) => Err(Fault::of(
            "specificity",
            "`sensitivity` needs `specificity`; 1 if it is perfect",
        )),
        (None, Some(_)) => Err(Fault::of(
            "sensitivity",
            "`specificity` needs `sensitivity`; 1 if it is perfect",
        )),
    }
}

fn variance(request: &mut Request, question: &Question) -> Result<Variance> {
    let with_margin = question.margin.is_some() || question.test != Test::Superiority;
    let default = match (question.test, question.margin) {
        (Test::Superiority, None) => Variance::Pooled,
        (Test::Equivalence, _) | (_, Some(Margin::Relative(_))) => Variance::Unpooled,
        _ => Variance::FarringtonManning,
    };
    let variance = *request.variance.get_or_insert(default);
    let refused = match (variance, with_margin, question.test) {
        (Variance::Pooled, true, _) => "the pooled variance supposes no difference, and the margin is one",
        (Variance::FarringtonManning, false, _) => "without a margin it is the pooled one: use `pooled`",
        (Variance::FarringtonManning, _, Test::Equivalence) => "equivalence is covered with `unpooled` only",
        _ => return Ok(variance),
    };
    let message = format!("variance `{}` does not fit: {refused}", variance.as_str());
    Err(Fault::of("variance", message).with_value(variance.as_str()))
}

pub(super) fn relative_equivalence() -> Fault {
    Fault::of(
        "margin_relative",
        "equivalence of values compared by their difference needs `margin_absolute`",
    )
}

fn method(question: &Question, variance: Variance) -> Method {
    match (question.test, variance) {
        (Test::Equivalence, _) => Method {
            test: "two one-sided z tests of two proportions, unpooled variance",
            formula: "power = Φ((m − D)/se − A) − Φ((−m − D)/se + A), se² = p₀q₀/n₀ + p₁q₁/(r·n₀), solved for n₀",
            source: "Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15:657",
        },
        (_, Variance::Pooled) => Method {
            test: "two-proportion z, pooled null variance",
            formula: "n₀ = [A·√((1 + 1/r)·p̄·q̄) + B·√(p₀q₀ + p₁q₁/r)]² / (p₁ − p₀)², p̄ = (p₀ + r·p₁)/(1 + r)",
            source: "Fleiss, Tytun & Ury 1980, Biometrics 36:343, without continuity correction",
        },
        (_, Variance::FarringtonManning) => Method {
            test: "two-proportion z with a margin, Farrington–Manning variance",
            formula: "n₀ = [A·√(variance at the margin) + B·√(p₀q₀ + p₁q₁/r)]² / (distance to the margin)²",
            source: "Farrington & Manning 1990, Statistics in Medicine 9:1447, method 3",
        },
        (_, Variance::Unpooled) if matches!(question.margin, Some(Margin::Relative(_))) => Method {
            test: "two-proportion z of θ₁ − (1 ∓ m)·θ₀, unpooled variance",
            formula: "n₀ = (A + B)²·(w²·p₀q₀ + p₁q₁/r) / (p₁ − w·p₀)², w = 1 ∓ m",
            source: "linear contrast; variance of Chow, Shao & Wang 2008, section 4.2",
        },
        (_, Variance::Unpooled) => Method {
            test: "two-proportion z, unpooled variance",
            formula: "n₀ = (A + B)²·(p₀q₀ + p₁q₁/r) / (distance)²",
            source: "Chow, Shao & Wang 2008, section 4.2",
        },
    }
}

/// What the tests really do at small counts, by enumerating both binomials.
fn exact(truth: Truth, variance: Variance) -> Exact {
    Box::new(move |level, n0, n1| {
        let rare = |p: f64, n: f64| n * p.min(1.0 - p) < 30.0;
        // Enumeration takes as many steps as there are pairs of outcomes.
        if (n0 + 1.0) * (n1 + 1.0) > 4e6 || !(rare(truth.control, n0) || rare(truth.treated, n1)) {
            return None;
        }
        let exact = ExactProportions::new((truth.control, n0 as u32), (truth.treated, n1 as u32)).ok()?;
        let null = match variance {
            Variance::Unpooled => NullVariance::Unpooled,
            _ => NullVariance::Restricted,
        };
        Some(format!(
            "fewer than 30 expected events (or non-events) in an arm: the z test really rejects with probability {}, Fisher's exact test with {}",
            number(exact.z_rejection(level, null)),
            number(exact.fisher_power(level))
        ))
    })
}

impl Question {
    /// The margin as given, on its own scale.
    pub(super) fn shown_margin(&self) -> Option<Effect> {
        self.margin.map(|margin| match margin {
            Margin::Absolute(size) => Effect::margin(Some(size), None),
            Margin::Relative(size) => Effect::margin(None, Some(size)),
        })
    }
}

/// The standard deviation of a request: given, or by the coefficient of variation.
pub(super) fn standard_deviation(request: &Request, control: Option<f64>) -> Result<Option<f64>> {
    match (request.sd, request.cv.map(Fraction::get)) {
        (Some(_), Some(_)) => Err(Fault::new(
            "`sd` and `cv` both say what the standard deviation is: give one",
        )),
        (Some(sd), None) => Ok(Some(sd.get())),
        (None, Some(cv)) => match control {
            Some(control) => Ok(Some(cv * control.abs())),
            None => Err(Fault::of("baseline", "`cv` needs `baseline`, control's mean")),
        },
        (None, None) => Ok(None),
    }
}
