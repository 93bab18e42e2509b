//! Preferences: each decided comparison is won by one side.

use super::super::answer::{Adjustment, Effect};
use super::super::design::{Comparison, Design, Layout, Method, Smallest, probit};
use super::super::fault::{Fault, Result};
use super::super::question::{Question, Unknown};
use super::super::request::{Request, Statistic};
use super::super::root;
use super::super::text::number;
use super::mean::inexact;
use crate::language::Test;
use crate::language::values::Fraction;
use crate::stats::{Direction, Level, Power, SignTest};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    if question.test != Test::Superiority {
        return Err(Fault::of("test", "preferences are tested for superiority").with_range("superiority"));
    }
    let exact = match *request.statistic.get_or_insert(Statistic::Z) {
        Statistic::Z => false,
        Statistic::Exact => true,
        _ => return Err(inexact("preference", "z, exact")),
    };
    if exact && matches!(question.unknown, Unknown::Smallest(_)) {
        return Err(Fault::of(
            "statistic",
            "the smallest effect is found with `z`: exact power is saw-toothed",
        ));
    }
    if exact && request.looks.is_some_and(|looks| looks > 1) {
        return Err(Fault::of(
            "looks",
            "looks are covered with the statistic `z`, not with the exact test",
        ));
    }
    let ties = request.ties.get_or_insert(Fraction::new(0.0)).get();
    if !(0.0..1.0).contains(&ties) {
        return Err(Fault::outside("ties", ties, "0 or more and below 1"));
    }
    let mut adjustments = Vec::new();
    if ties > 0.0 {
        adjustments.push(Adjustment {
            name: "ties".to_owned(),
            change: format!("{} of comparisons decide nothing: 1/(1 − ties)", number(ties)),
            factor: Some(1.0 / (1.0 - ties)),
        });
    }
    // Stands in for a rate that is asked for.
    let wins = question.change.map_or(0.75, |change| 0.5 + change);
    Ok(Comparison {
        design: Box::new(Preferences {
            wins: SignTest::new(wins)?,
            better: question.direction,
            exact,
        }),
        method: if exact {
            Method {
                test: "exact sign test of decided comparisons",
                formula: "the n from which P(wins ≥ critical) never falls below the power again, binomial",
                source: "exact binomial, by enumeration",
            }
        } else {
            Method {
                test: "sign test of decided comparisons, normal approximation",
                formula: "n = (A/2 + B·√(p·q))² / (p − ½)²",
                source: "Noether 1987, Journal of the American Statistical Association 82:645",
            }
        },
        layout: Layout::Shared { unit: "comparison" },
        shared_control: None,
        adjustments,
        effect: question.change.map(win_rate),
        margin: None,
        events_per_n: None,
        notes: if ties > 0.0 {
            vec!["sized for the expected number of decided comparisons; the real one varies".to_owned()]
        } else {
            Vec::new()
        },
        exact: None,
    })
}

/// Control wins the rest of what treatment wins.
fn win_rate(change: f64) -> Effect {
    Effect {
        control: Some(0.5 - change),
        treated: Some(0.5 + change),
        absolute: Some(change),
        ..Effect::default()
    }
}

struct Preferences {
    wins: SignTest,
    better: Direction,
    exact: bool,
}

impl Design for Preferences {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        if self.exact {
            return Ok(self.wins.exact_stable(level, power)?.n);
        }
        Ok(self.wins.test()?.sample_size(level, power)?)
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        if self.exact {
            // Only whole comparisons are won; the slack is that of dividing by the share of decided ones.
            return Ok(self.wins.exact_power(level, (n * (1.0 + 1e-12)).floor())?);
        }
        Ok(self.wins.test()?.power(level, n)?)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        let found = root::increasing("detectable win rate", 1e-9_f64.ln(), (0.5 - 1e-12_f64).ln(), |log| {
            let test = SignTest::new(0.5 + log.exp())?.test()?;
            Ok(probit(test.power(level, n)?) - power.z())
        })?;
        Ok(Smallest::Effect(win_rate(self.better.sign() * found.exp())))
    }
}
