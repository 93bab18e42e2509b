//! Two proportions of the same units.

use super::super::answer::Effect;
use super::super::design::{Comparison, Design, Exact, Layout, Method, Smallest, smallest_margin};
use super::super::fault::{Fault, Result};
use super::super::question::{Margin, Question, Unknown};
use super::super::request::Request;
use super::super::text::number;
use super::paired_equivalence::Within;
use super::proportion::relative_equivalence;
use crate::language::Test;
use crate::stats::{ExactPValue, Hypothesis, Level, PairedProportions, Power};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let truth = truth(request, question)?;
    let within = question.test == Test::Equivalence;
    if within && matches!(question.margin, Some(Margin::Relative(_))) {
        return Err(relative_equivalence());
    }
    if matches!(truth, Truth::Discordant(_)) && matches!(question.margin, Some(Margin::Relative(_))) {
        return Err(Fault::of(
            "margin_relative",
            "a relative margin needs `baseline` and `correlation`",
        ));
    }
    let with_margin = question.margin.is_some() || question.test != Test::Superiority;
    Ok(Comparison {
        design: match (within, truth) {
            (true, Truth::Pairs(pairs) | Truth::Discordant(pairs)) => Box::new(Within {
                pairs,
                margin: match question.margin {
                    Some(Margin::Absolute(margin)) => Some(margin),
                    _ => None,
                },
            }),
            _ => Box::new(Pairs {
                truth,
                question: *question,
            }),
        },
        method: method(question),
        layout: Layout::Shared { unit: "pair" },
        shared_control: None,
        adjustments: Vec::new(),
        effect: question
            .change
            .map(|change| Effect::difference(question.control, change)),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: Vec::new(),
        exact: match (truth, question.margin) {
            _ if within => None,
            (Truth::Open { .. }, _) | (_, Some(Margin::Relative(_))) => None,
            (Truth::Pairs(pairs) | Truth::Discordant(pairs), Some(Margin::Absolute(margin))) => {
                Some(counted(pairs, question.hypothesis(Margin::Absolute(margin))?))
            }
            (Truth::Pairs(pairs) | Truth::Discordant(pairs), None) => (!with_margin).then(|| exact(pairs)),
        },
    })
}

fn method(question: &Question) -> Method {
    if question.test == Test::Equivalence {
        return Method {
            test: "two one-sided score tests of the paired difference",
            formula: "power = Φ((m − D)/se − A·r₊) − Φ((−m − D)/se + A·r₋), se = √((ψ − D²)/n), r = the standard deviation at a margin over \
                      that of the estimate, solved for n",
            source: "Liu, Hsueh, Hsieh & Chen 2002, Statistics in Medicine 21:231; score tests: Tango 1998, Statistics in Medicine 17:891",
        };
    }
    match question.margin {
        None if question.test == Test::Superiority => Method {
            test: "McNemar",
            formula: "n = [A·√ψ + B·√(ψ − D²)]² / D², ψ = share of discordant pairs",
            source: "Connor 1987, Biometrics 43:207",
        },
        Some(Margin::Relative(_)) => Method {
            test: "z test of the paired difference with a relative margin (Wald)",
            formula: "n = (A + B)²·Var(y₁ − w·y₀) / (distance to the margin)²",
            source: "Liu et al. 2002, Statistics in Medicine 21:231",
        },
        None | Some(Margin::Absolute(_)) => Method {
            test: "score test of the paired difference with a margin",
            formula: "n = [A·√(2q + d·(1 − d)) + B·√(ψ − D²)]² / (distance to the margin)², ψ = share of discordant pairs, q = the likeliest \
                      share with only control's event where the difference is d, the margin",
            source: "Nam 1997, Biometrics 53:1422; test: Tango 1998, Statistics in Medicine 17:891",
        },
    }
}

/// What is true of a pair.
#[derive(Clone, Copy)]
enum Truth {
    Pairs(PairedProportions),
    Discordant(PairedProportions),
    /// The effect is asked for.
    Open {
        control: f64,
        correlation: f64,
    },
}

fn truth(request: &Request, question: &Question) -> Result<Truth> {
    match (
        request.only_control,
        request.only_treated,
        question.control,
        request.correlation,
    ) {
        (Some(_), None, _, _) => Err(Fault::of("only_treated", "`only_control` needs `only_treated`")),
        (None, Some(_), _, _) => Err(Fault::of("only_control", "`only_treated` needs `only_control`")),
        (Some(_), Some(_), _, Some(_)) | (Some(_), Some(_), Some(_), _) => Err(Fault::new(
            "`only_control` and `only_treated` say all there is: leave out `baseline` and `correlation`",
        )),
        (Some(control), Some(treated), None, None) => Ok(Truth::Discordant(PairedProportions::from_discordant(
            control.get(),
            treated.get(),
        )?)),
        (None, None, Some(control), Some(correlation)) => {
            if matches!(question.unknown, Unknown::Smallest(_)) && question.test == Test::Superiority {
                return Ok(Truth::Open {
                    control,
                    correlation: correlation.get(),
                });
            }
            let treated = question.treated(control);
            Ok(Truth::Pairs(PairedProportions::from_correlation(
                control,
                treated,
                correlation.get(),
            )?))
        }
        (None, None, Some(_), None) => Err(Fault::of(
            "correlation",
            "kind paired-proportion needs `correlation`, that of the two outcomes of a pair \
             (or `only_control` and `only_treated` instead of it and `baseline`)",
        )),
        (None, None, None, _) => Err(Fault::of(
            "baseline",
            "kind paired-proportion needs `baseline` and `correlation`, or `only_control` and `only_treated`",
        )),
    }
}

struct Pairs {
    truth: Truth,
    question: Question,
}

impl Pairs {
    fn pairs(&self) -> Result<PairedProportions> {
        match self.truth {
            Truth::Pairs(pairs) | Truth::Discordant(pairs) => Ok(pairs),
            Truth::Open { .. } => Err(Fault::new("the effect is missing")),
        }
    }

    fn power_with(&self, hypothesis: Hypothesis, level: Level, n: f64) -> Result<f64> {
        Ok(self.pairs()?.test(hypothesis)?.power(level, n)?)
    }
}

impl Design for Pairs {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        let hypothesis = self.question.hypothesis(Margin::Absolute(0.5))?;
        Ok(self.pairs()?.test(hypothesis)?.sample_size(level, power)?)
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        self.power_with(self.question.hypothesis(Margin::Absolute(0.5))?, level, n)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        if let Truth::Open { control, correlation } = self.truth {
            let hypothesis = self.question.hypothesis(Margin::Absolute(0.5))?;
            let found = PairedProportions::detectable(control, correlation, hypothesis, level, power, n)?;
            return Ok(Smallest::Effect(Effect::difference(Some(control), found.difference)));
        }
        let better = self.question.direction;
        let absolute = smallest_margin(power, (1e-12, 1.0 - 1e-9), |margin| {
            self.power_with(Hypothesis::non_inferiority(better, margin)?, level, n)
        })?;
        let relative = match self.truth {
            Truth::Pairs(_) => smallest_margin(power, (1e-9, 1.0 - 1e-9), |margin| {
                self.power_with(Hypothesis::non_inferiority_relative(better, margin)?, level, n)
            })
            .ok(),
            _ => None,
        };
        Ok(Smallest::Margin(Effect::margin(Some(absolute), relative)))
    }
}

/// Power of the score test at a whole number of pairs with every outcome counted, where few enough differ that this says more.
fn counted(pairs: PairedProportions, hypothesis: Hypothesis) -> Exact {
    const FEW: f64 = 200.0;
    Box::new(move |level, n, _| {
        if n * pairs.discordant() > FEW {
            return None;
        }
        let power = pairs.margin_rejection(level, hypothesis, n).ok()?;
        Some(format!(
            "counted exactly, with {} pairs the test has a power of {}",
            crate::format::count(n),
            number(power)
        ))
    })
}

/// Power of the exact tests at a whole number of pairs, where that is soon told.
fn exact(pairs: PairedProportions) -> Exact {
    Box::new(move |level, n, _| {
        if n > 20_000.0 {
            return None;
        }
        let power = |p_value| pairs.exact_power(level, n, p_value).ok().map(number);
        Some(format!(
            "with {} pairs the exact McNemar test rejects with probability {}, its mid-p form with {}",
            crate::format::count(n),
            power(ExactPValue::Conservative)?,
            power(ExactPValue::MidP)?
        ))
    })
}
