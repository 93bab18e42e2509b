//! A quantile, compared on the log scale.

use super::super::adjust::{factors, need, ratio};
use super::super::answer::Effect;
use super::super::design::{Comparison, Design, Layout, Method, Smallest, ZDesign};
use super::super::fault::{Fault, Result};
use super::super::question::Question;
use super::super::request::Request;
use super::super::text::number;
use super::equivalence::Tost;
use super::{log_truth, relative_of_log};
use crate::language::Test;
use crate::stats::{QuantileMetric, ZTest};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let log_sd = metric(request, question)?.log_sd();
    let ratio = ratio(request)?;
    let change = log_truth(question, "quantile")?;
    let sd = log_sd * (1.0 + 1.0 / ratio.get()).sqrt();
    let log_ratio = change.unwrap_or(0.0);
    let (better, control) = (question.direction, question.control);
    let design: Box<dyn Design> = if question.test == Test::Equivalence {
        Box::new(Tost {
            difference: log_ratio,
            margin: question.log_margin(),
            sd,
            freedom: None,
            shown: |margin| Effect::margin(None, Some(margin.exp_m1())),
        })
    } else {
        let test = ZTest::new(question.log_distance(log_ratio)?, sd)?;
        let superiority = question.test == Test::Superiority;
        let to_beat = question.log_to_beat()?;
        Box::new(ZDesign {
            test,
            shown: move |level, power, n| {
                let distance = test.detectable(level, power, n)?;
                Ok(if superiority {
                    Smallest::Effect(Effect::ratio(control, (better.sign() * (to_beat + distance)).exp()))
                } else {
                    let margin = distance - better.sign() * log_ratio;
                    Smallest::Margin(Effect::margin(None, Some(relative_of_log(better, margin))))
                })
            },
        })
    };
    Ok(Comparison {
        design,
        method: Method {
            test: match question.test {
                Test::Equivalence => "two one-sided z tests of the log quantile",
                _ => "z test of the log quantile",
            },
            formula: match question.test {
                Test::Equivalence => {
                    "power = Φ((m − D)/se − A) − Φ((−m − D)/se + A), se² = V·(1 + 1/r)/n₀, V = q(1 − q)/(f(x)·x)², solved for n₀"
                }
                _ => "n₀ = (A + B)²·V·(1 + 1/r) / (ln of the ratio − ln of the margin)², V = q(1 − q)/(f(x)·x)²",
            },
            source: "Serfling 1980, section 2.3.3; Liu et al. 2019",
        },
        layout: Layout::Arms {
            unit: "unit",
            ratio: ratio.get(),
        },
        shared_control: Some(ratio.get()),
        adjustments: factors(request)?,
        effect: change.map(|change| Effect::ratio(control, change.exp())),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: vec![format!(
            "√n times the standard error of the log quantile is {}",
            number(log_sd)
        )],
        exact: None,
    })
}

/// The quantile and the density there, from the one shape that the request gives.
fn metric(request: &Request, question: &Question) -> Result<QuantileMetric> {
    let q = need(request.quantile, "quantile", "quantile", "such as 0.95")?.get();
    let value = |field: &str| {
        question
            .control
            .ok_or_else(|| Fault::of("baseline", format!("`{field}` needs `baseline`, control's quantile")))
    };
    match (
        request.log_sd,
        request.density,
        request.other_quantile,
        request.other_value,
    ) {
        (Some(sigma), None, None, None) => Ok(QuantileMetric::log_normal(q, 0.0, sigma.get())?),
        (None, Some(density), None, None) => Ok(QuantileMetric::new(q, value("density")?, density.get())?),
        (None, None, Some(other), Some(at)) => Ok(QuantileMetric::log_normal_from_pilot(
            (q, value("other_quantile")?),
            (other.get(), at.get()),
        )?),
        (None, None, Some(_), None) => Err(Fault::of(
            "other_value",
            "`other_quantile` needs `other_value`, its value",
        )),
        (None, None, None, Some(_)) => Err(Fault::of("other_quantile", "`other_value` needs `other_quantile`")),
        (None, None, None, None) => Err(Fault::of(
            "log_sd",
            "kind quantile needs a shape: `log_sd`, or a second quantile (`other_quantile` and `other_value`), or `density`",
        )),
        _ => Err(Fault::new(
            "`log_sd`, `density` and a second quantile are three ways to give the shape: give one",
        )),
    }
}
