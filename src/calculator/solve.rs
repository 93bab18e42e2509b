//! From a comparison and its error rates to the answer.

use super::answer::Adjustment;
use super::answer::{Answer, Effect, Size, Sizing, Solved, TestLevel, Version};
use super::design::{Comparison, Layout, Smallest, probit};
use super::errors::Errors;
use super::fault::{Fault, Result};
use super::question::{Question, Unknown};
use super::request::Request;
use super::root;
use crate::stats::{Power, Sides, StatsError, normal};

/// Solves for what the request leaves open.
pub(super) fn solve(request: Request, question: &Question, errors: &Errors, comparison: Comparison) -> Result<Sizing> {
    let factor: f64 = comparison.adjustments.iter().filter_map(|step| step.factor).product();
    let (level, asked) = (errors.level, errors.power);
    let (solved, n, power, found) = match question.unknown {
        Unknown::Size => {
            let plain = comparison.design.sample_size(level, asked)?;
            (Solved::N, plain * factor * errors.inflation(asked)?, asked.get(), None)
        }
        Unknown::Power(n) => {
            let n = checked(n)?;
            let power = if errors.looks_early() {
                power_with_looks(errors, &comparison, n / factor)?
            } else {
                comparison.design.power(level, n / factor)?
            };
            (Solved::Power, n, power, None)
        }
        Unknown::Smallest(n) => {
            let n = checked(n)?;
            let smallest = comparison
                .design
                .smallest(level, asked, n / factor / errors.inflation(asked)?)?;
            let solved = match smallest {
                Smallest::Effect(_) => Solved::Effect,
                Smallest::Margin(_) => Solved::Margin,
            };
            (solved, n, asked.get(), Some(smallest))
        }
    };
    if !n.is_finite() || n > 1e18 {
        return Err(StatsError::NoSolution {
            wanted: "sample size",
            reason: "more than 1e18 units would be needed".to_owned(),
        }
        .into());
    }
    let size = size(&comparison, n, request.arms.unwrap_or(1));
    let power_at_whole_n = match (solved, errors.looks_early()) {
        (Solved::N, false) => Some(comparison.design.power(level, size.control as f64 / factor)?),
        _ => None,
    };
    let mut notes = comparison.notes;
    if let Some(exact) = &comparison.exact {
        let control = size.control as f64;
        notes.extend(exact(
            level,
            control,
            size.treated.map_or(control, |treated| treated as f64),
        ));
    }
    let mut adjustments = errors.adjustments.clone();
    adjustments.extend(comparison.adjustments);
    let (mut boundaries, mut expected_share) = (Vec::new(), None);
    if errors.looks_early()
        && let Some((bounds, share)) = errors.boundaries(Power::new(power)?)?
    {
        adjustments.push(Adjustment {
            name: "looks".to_owned(),
            change: format!(
                "{} looks, {}",
                bounds.len(),
                request
                    .spending
                    .map_or("obrien-fleming", crate::language::EfficacySpending::as_str)
            ),
            factor: Some(errors.inflation(Power::new(power)?)?),
        });
        boundaries = bounds
            .into_iter()
            .map(|bound| Some(bound).filter(|bound| bound.is_finite()))
            .collect();
        expected_share = Some(share);
    }
    let shown = |known: Option<Effect>, found: Option<Effect>| found.or(known);
    let (effect, margin) = match found {
        Some(Smallest::Effect(effect)) => (shown(comparison.effect, Some(effect)), comparison.margin),
        Some(Smallest::Margin(margin)) => (comparison.effect, shown(comparison.margin, Some(margin))),
        None => (comparison.effect, comparison.margin),
    };
    Ok(Sizing {
        schema: Version::One,
        request,
        answer: Answer {
            solved,
            n: size,
            power,
            power_at_whole_n,
            effect,
            margin,
            level: TestLevel {
                alpha: level.alpha.get(),
                sides: if level.sides == Sides::One { 1 } else { 2 },
                critical_value: level.z(),
            },
            adjustments,
            test: comparison.method.test.to_owned(),
            formula: comparison.method.formula.to_owned(),
            source: comparison.method.source.to_owned(),
            boundaries,
            expected_share,
            notes,
        },
    })
}

fn checked(n: f64) -> Result<f64> {
    if n > 0.0 && n <= 1e18 {
        Ok(n)
    } else {
        Err(Fault::outside("n", n, "above 0 and at most 1e18"))
    }
}

/// The power p at which the plain comparison with n / inflation(p) units has power p.
///
/// INVARIANT: the inverse of how a size is found, so that a size asked for a power has that power.
fn power_with_looks(errors: &Errors, comparison: &Comparison, n: f64) -> Result<f64> {
    // A power that is hardly above alpha has no inflation: any sample reaches it.
    let inflates = |power: &f64| Power::new(*power).is_ok_and(|power| errors.inflation(power).is_ok());
    let lowest = [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.35, 0.5]
        .into_iter()
        .find(inflates);
    let (lowest, highest) = (lowest.unwrap_or(0.6), 1.0 - 1e-9);
    let wanted = format!("power between {lowest} and 1 − 1e-9");
    let found = root::increasing(&wanted, normal::quantile(lowest), normal::quantile(highest), |z| {
        let power = Power::new(normal::cdf(z).clamp(lowest, highest))?;
        let plain = n / errors.inflation(power)?;
        Ok(z - probit(comparison.design.power(errors.level, plain)?))
    })?;
    Ok(normal::cdf(found).clamp(lowest, highest))
}

/// Real and whole sizes of control, treatment and all arms.
fn size(comparison: &Comparison, n: f64, arms: u16) -> Size {
    let arms = u64::from(arms.max(1));
    let (treated_real, total) = match comparison.layout {
        Layout::Arms { ratio, .. } => (
            Some(n * ratio),
            whole(n).saturating_add(arms.saturating_mul(whole(n * ratio))),
        ),
        Layout::Shared { .. } => (None, whole(n)),
    };
    Size {
        unit: comparison.layout.unit().to_owned(),
        control_real: n,
        treated_real,
        control: whole(n),
        treated: treated_real.map(whole),
        total,
        events: comparison.events_per_n.map(|per_unit| n * per_unit),
    }
}

/// Whole units, rounded up; a real need that is whole but for the last bits of a float is that number.
fn whole(units: f64) -> u64 {
    let nearest = units.round();
    if (units - nearest).abs() <= 1e-12 * units.abs() {
        nearest as u64
    } else {
        units.ceil() as u64
    }
}
