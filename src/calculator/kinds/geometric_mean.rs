//! Two independent geometric means: Welch's t test of the logarithms.

use super::super::adjust::{factors, ratio};
use super::super::answer::Effect;
use super::super::design::{Comparison, Design, Layout, Method, Smallest};
use super::super::fault::{Fault, Result};
use super::super::question::Question;
use super::super::request::Request;
use super::super::text::number;
use super::{log_truth, relative_of_log};
use crate::language::Test;
use crate::stats::{Level, Power, Ratio, SampleSize, TwoMeans, log_sd_from_cv};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    question.refuse_equivalence(request.kind)?;
    let sd = log_sd(request)?;
    let ratio = ratio(request)?;
    let change = log_truth(question, "geometric mean")?;
    let mut adjustments = factors(request)?;
    // A covariate lowers the standard deviation itself, so that the t distribution is that of the smaller sample.
    let mut shrink = 1.0;
    for step in adjustments.iter_mut().filter(|step| step.name == "covariate") {
        shrink = step.factor.take().unwrap_or(1.0).sqrt();
        step.change = format!("{} on the variance", step.change);
    }
    Ok(Comparison {
        design: Box::new(Logarithms {
            log_ratio: change.unwrap_or(0.0),
            sd: sd * shrink,
            ratio,
            question: *question,
        }),
        method: Method {
            test: "Welch t on logarithms",
            formula: "power = P(T(ν, δ) > t), δ = (ln of the ratio − ln of the margin) / (σ·√(1/n₀ + 1/n₁)), ν by Satterthwaite, solved for n₀",
            source: "Julious 2004, Statistics in Medicine 23:1921; noncentral t of Owen 1965",
        },
        layout: Layout::Arms {
            unit: "unit",
            ratio: ratio.get(),
        },
        shared_control: Some(ratio.get()),
        adjustments,
        effect: change.map(|change| Effect::ratio(question.control, change.exp())),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: vec![format!(
            "the standard deviation of the logarithms is {}; the ratio of geometric means is that of the means where it is the same in both arms",
            number(sd)
        )],
        exact: None,
    })
}

/// The spread of the logarithms, by itself or from log-normal values.
fn log_sd(request: &Request) -> Result<f64> {
    match (request.log_sd, request.cv) {
        (Some(log_sd), None) if log_sd.get() > 0.0 => Ok(log_sd.get()),
        (Some(log_sd), None) => Err(Fault::outside("log_sd", log_sd.get(), "above 0")),
        (None, Some(cv)) => Ok(log_sd_from_cv(cv.get())?),
        (Some(_), Some(_)) => Err(Fault::new(
            "`log_sd` and `cv` are two ways to give the spread: give one",
        )),
        (None, None) => Err(Fault::of(
            "log_sd",
            "kind geometric-mean needs `log_sd`, the standard deviation of the logarithm of one value (or `cv`)",
        )),
    }
}

/// Means of logarithms; control's is 0.
#[derive(Clone, Copy)]
struct Logarithms {
    /// The true logarithm of treatment over control.
    log_ratio: f64,
    sd: f64,
    ratio: Ratio,
    question: Question,
}

impl Logarithms {
    fn means(&self) -> Result<TwoMeans> {
        let hypothesis = self.question.log_hypothesis(0.5)?;
        Ok(TwoMeans::new(0.0, self.log_ratio, self.sd, hypothesis)?.with_ratio(self.ratio))
    }

    fn arms(&self, n: f64) -> Result<SampleSize> {
        Ok(SampleSize::from_control(n, self.ratio)?)
    }
}

impl Design for Logarithms {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        Ok(self.means()?.sample_size(level, power)?.control())
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        Ok(self.means()?.power(level, self.arms(n)?)?)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        let (means, n) = (self.means()?, self.arms(n)?);
        if self.question.test == Test::Superiority {
            let found = means.detectable(level, power, n)?;
            return Ok(Smallest::Effect(Effect::ratio(
                self.question.control,
                found.difference.exp(),
            )));
        }
        let margin = means.smallest_margin(level, power, n)?;
        Ok(Smallest::Margin(Effect::margin(
            None,
            Some(relative_of_log(self.question.direction, margin)),
        )))
    }
}
