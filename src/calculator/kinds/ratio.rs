//! A ratio of two means per unit of randomisation, by the delta method.

use super::super::adjust::{factors, need, ratio};
use super::super::answer::Effect;
use super::super::design::{Comparison, Layout, Method};
use super::super::fault::Result;
use super::super::question::Question;
use super::super::request::Request;
use super::mean::Means;
use crate::stats::{MeanTest, RatioMetric};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let numerator = need(request.numerator_mean, "ratio", "numerator_mean", "its mean over units")?.get();
    let numerator_sd = need(request.numerator_sd, "ratio", "numerator_sd", "its standard deviation")?.get();
    let denominator = need(
        request.denominator_mean,
        "ratio",
        "denominator_mean",
        "its mean over units",
    )?
    .get();
    let denominator_sd = need(
        request.denominator_sd,
        "ratio",
        "denominator_sd",
        "its standard deviation",
    )?
    .get();
    let correlation = need(
        request.correlation,
        "ratio",
        "correlation",
        "of numerator and denominator over units",
    )?
    .get();
    let metric = RatioMetric::new(
        (numerator, numerator_sd.powi(2)),
        (denominator, denominator_sd.powi(2)),
        correlation * numerator_sd * denominator_sd,
    )?;
    let ratio = ratio(request)?;
    let means = Means {
        control: Some(metric.value()),
        sds: (metric.sd(), metric.sd()),
        ratio,
        test: MeanTest::Z,
        question: *question,
    };
    Ok(Comparison {
        design: means.design()?,
        method: Method {
            test: "z test of a ratio metric, delta method",
            formula: "n₀ = (A + B)²·V·(w² + 1/r) / (distance)², V = (s²ₓ − 2·R·cₓᵧ + R²·s²ᵧ)/ȳ², w = 1 without a relative margin",
            source: "Deng, Knoblich & Lu 2018, KDD, equation 2",
        },
        layout: Layout::Arms {
            unit: "unit",
            ratio: ratio.get(),
        },
        shared_control: Some(ratio.get()),
        adjustments: factors(request)?,
        effect: question
            .change
            .map(|change| Effect::difference(question.control, change)),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: vec![format!(
            "one unit's linearised value has standard deviation {}",
            super::super::text::number(metric.sd())
        )],
        exact: None,
    })
}
