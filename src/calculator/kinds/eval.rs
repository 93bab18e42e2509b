//! Two models on the same questions.

use super::super::adjust::need;
use super::super::answer::Effect;
use super::super::design::{Comparison, Design, Layout, Method, Smallest, ZDesign};
use super::super::fault::{Fault, Result};
use super::super::quantity::Quantity;
use super::super::question::{Margin, Question};
use super::super::request::Request;
use super::equivalence::Tost;
use crate::language::Test;
use crate::stats::{Answers, PairedEval};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let between = need(
        request.between_variance,
        "eval",
        "between_variance",
        "that of the true difference over questions",
    )?;
    let within = request.within_variance.get_or_insert(Quantity::new(0.0)).get();
    let repeats = request.repeats.get_or_insert(Quantity::new(1.0)).get();
    let control = Answers {
        variance: within,
        repeats,
    };
    let treated = Answers {
        variance: request.within_variance_treated.map_or(within, Quantity::get),
        repeats: request.repeats_treated.map_or(repeats, Quantity::get),
    };
    let eval = PairedEval::new(between.get(), control, treated)?;
    let change = question.change.unwrap_or(0.0);
    let better = question.direction;
    let margin = match question.margin {
        Some(Margin::Absolute(margin)) => Some(margin),
        Some(Margin::Relative(_)) => return Err(Fault::of("margin_relative", "give `margin_absolute`")),
        None => None,
    };
    let design: Box<dyn Design> = match question.test {
        Test::Equivalence => Box::new(Tost {
            difference: change,
            margin,
            sd: eval.sd(),
            freedom: None,
            shown: |margin| Effect::margin(Some(margin), None),
        }),
        test => {
            let offset = match (test, margin) {
                (Test::Superiority, Some(margin)) => -margin,
                (_, margin) => margin.unwrap_or(0.0),
            };
            let z = eval.test(better.sign() * change + offset)?;
            Box::new(ZDesign {
                test: z,
                shown: move |level, power, n| {
                    let distance = z.detectable(level, power, n)?;
                    Ok(if test == Test::Superiority {
                        Smallest::Effect(Effect::difference(None, better.sign() * (distance - offset)))
                    } else {
                        Smallest::Margin(Effect::margin(Some(distance - better.sign() * change), None))
                    })
                },
            })
        }
    };
    Ok(Comparison {
        design,
        method: Method {
            test: match question.test {
                Test::Equivalence => "two one-sided z tests of the paired difference of scores",
                _ => "z test of the paired difference of scores",
            },
            formula: match question.test {
                Test::Equivalence => {
                    "power = Φ((m − D)/se − A) − Φ((−m − D)/se + A), se² = (ω² + σ₀²/K₀ + σ₁²/K₁)/n, solved for n"
                }
                _ => "n = (A + B)²·(ω² + σ₀²/K₀ + σ₁²/K₁) / (distance)²",
            },
            source: "Miller 2024, Adding Error Bars to Evals, arXiv 2411.00640, equation 9",
        },
        layout: Layout::Shared { unit: "question" },
        shared_control: None,
        adjustments: Vec::new(),
        effect: question.change.map(|change| Effect::difference(None, change)),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: Vec::new(),
        exact: None,
    })
}
