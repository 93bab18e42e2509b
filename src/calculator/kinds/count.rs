//! Counts and rates, by the log of their ratio.

use super::super::adjust::{need, ratio};
use super::super::answer::Effect;
use super::super::design::{Comparison, Design, Layout, Method, Smallest, ZDesign};
use super::super::fault::{Fault, Result};
use super::super::quantity::Quantity;
use super::super::question::{Margin, Question};
use super::super::request::{NullVariance, Request};
use super::equivalence::Tost;
use super::relative_of_log;
use crate::language::Test;
use crate::stats::{RateNullVariance, RateRatio};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let control = need(question.control, "count", "baseline", "control's rate per unit of time")?;
    let treated = question.treated(control);
    if !(control > 0.0 && treated > 0.0) {
        return Err(Fault::of(
            "baseline",
            format!("rates must be above 0; they are {control} and {treated}"),
        ));
    }
    let exposure = request.exposure.get_or_insert(Quantity::new(1.0)).get();
    let dispersion = request.dispersion.get_or_insert(Quantity::new(0.0)).get();
    let null_variance = *request.null_variance.get_or_insert(NullVariance::Truth);
    let ratio = ratio(request)?;
    let rates = RateRatio::new(control, treated)?
        .with_exposure(exposure)?
        .with_dispersion(dispersion)?
        .with_ratio(ratio)
        .with_null_variance(match null_variance {
            NullVariance::Truth => RateNullVariance::Truth,
            NullVariance::Control => RateNullVariance::Reference,
            NullVariance::Pooled => RateNullVariance::Pooled,
        });
    let better = question.direction;
    let log_ratio = rates.log_ratio();
    let design: Box<dyn Design> = if question.test == Test::Equivalence {
        Box::new(Tost {
            difference: log_ratio,
            margin: question.log_margin(),
            sd: rates.sd(),
            freedom: None,
            shown: |margin| Effect::margin(None, Some(margin.exp_m1())),
        })
    } else {
        let hypothesis = question.log_hypothesis(0.5)?;
        let test = rates.test(hypothesis)?;
        let superiority = question.test == Test::Superiority;
        Box::new(ZDesign {
            test,
            shown: move |level, power, n| {
                if superiority {
                    let ratio = rates.detectable(hypothesis, level, power, n)?;
                    return Ok(Smallest::Effect(Effect::ratio(Some(control), ratio)));
                }
                let margin = test.detectable(level, power, n)? - better.sign() * log_ratio;
                Ok(Smallest::Margin(Effect::margin(
                    None,
                    Some(relative_of_log(better, margin)),
                )))
            },
        })
    };
    Ok(Comparison {
        design,
        method: Method {
            test: match question.test {
                Test::Equivalence => "two one-sided z tests of the log rate ratio",
                _ => "z test of the log rate ratio",
            },
            formula: match question.test {
                Test::Equivalence => {
                    "power = Φ((m − D)/se − A) − Φ((−m − D)/se + A), se² = [1/(t·λ₀) + k + (1/(t·λ₁) + k)/r]/n₀, solved for n₀"
                }
                _ => "n₀ = (A·√V₀ + B·√V₁)² / (ln(λ₁/λ₀) − ln of the margin)², V = (1/(t·λ₀) + k) + (1/(t·λ₁) + k)/r",
            },
            source: "Zhu & Lakkis 2014, Statistics in Medicine 33:376",
        },
        layout: Layout::Arms {
            unit: "unit",
            ratio: ratio.get(),
        },
        shared_control: Some(ratio.get()),
        adjustments: Vec::new(),
        effect: question.change.map(|_| Effect::ratio(Some(control), treated / control)),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: Vec::new(),
        exact: None,
    })
}

impl Question {
    /// The margin of an equivalence on the log scale, from 1/(1 + m) to 1 + m.
    pub(super) fn log_margin(&self) -> Option<f64> {
        match self.margin {
            Some(Margin::Relative(share)) => Some(share.ln_1p()),
            _ => None,
        }
    }
}
