//! Time to an event, by the hazard ratio.

use super::super::adjust::ratio;
use super::super::answer::Effect;
use super::super::design::{Comparison, Design, Layout, Method, Smallest, ZDesign, probit};
use super::super::fault::{Fault, Result};
use super::super::quantity::Quantity;
use super::super::question::{Question, Unknown};
use super::super::request::{Events, Request};
use super::super::root;
use super::equivalence::Tost;
use super::relative_of_log;
use crate::language::Test;
use crate::stats::{Direction, Level, Power, Ratio, ZTest, event_probability};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let ratio = ratio(request)?;
    let r = ratio.get();
    let formula = *request.events_formula.get_or_insert(Events::Schoenfeld);
    let against_none = question.test == Test::Superiority && question.margin.is_none();
    if formula == Events::Freedman && !against_none {
        return Err(Fault::of(
            "events_formula",
            "Freedman's formula is for superiority over no effect; with a margin use `schoenfeld`",
        ));
    }
    let log_ratio = question.change.unwrap_or(0.0);
    let probability = probability(request, question, log_ratio.exp(), ratio)?;
    // With a probability n counts control units, without one events of both arms.
    let events_per_n = probability.map(|p| p * (1.0 + r));
    let sd = (1.0 + r) / (r * events_per_n.unwrap_or(1.0)).sqrt();
    let better = question.direction;
    let design: Box<dyn Design> = match (question.test, formula) {
        (Test::Equivalence, _) => Box::new(Tost {
            difference: log_ratio,
            margin: question.log_margin(),
            sd,
            freedom: None,
            shown: |margin| Effect::margin(None, Some(margin.exp_m1())),
        }),
        (Test::Superiority, Events::Freedman) => Box::new(Freedman {
            ratio: log_ratio.exp(),
            allocation: r,
            events_per_n: events_per_n.unwrap_or(1.0),
            better,
        }),
        (test, _) => {
            let z = ZTest::new(question.log_distance(log_ratio)?, sd)?;
            let to_beat = question.log_to_beat()?;
            Box::new(ZDesign {
                test: z,
                shown: move |level, power, n| {
                    let distance = z.detectable(level, power, n)?;
                    Ok(if test == Test::Superiority {
                        Smallest::Effect(Effect::ratio(None, (better.sign() * (to_beat + distance)).exp()))
                    } else {
                        let margin = distance - better.sign() * log_ratio;
                        Smallest::Margin(Effect::margin(None, Some(relative_of_log(better, margin))))
                    })
                },
            })
        }
    };
    let layout = match probability {
        Some(_) => Layout::Arms { unit: "unit", ratio: r },
        None => Layout::Shared { unit: "event" },
    };
    Ok(Comparison {
        design,
        method: method(question.test, formula),
        layout,
        shared_control: Some(r),
        adjustments: Vec::new(),
        effect: question.change.map(|change| Effect::ratio(None, change.exp())),
        margin: question.shown_margin(),
        events_per_n: Some(events_per_n.unwrap_or(1.0)),
        notes: Vec::new(),
        exact: None,
    })
}

/// Probability of an event over both arms, given or from the hazards; `None` if events are counted instead of units.
fn probability(request: &mut Request, question: &Question, hazard_ratio: f64, ratio: Ratio) -> Result<Option<f64>> {
    let r = ratio.get();
    if request.n.is_some() && request.events.is_some() {
        return Err(Fault::new("`n` and `events` are two sizes: give one"));
    }
    if let (None, Some(field)) = (
        request.hazard,
        [("accrual", request.accrual), ("follow_up", request.follow_up)]
            .iter()
            .find(|field| field.1.is_some()),
    ) {
        return Err(Fault::of(
            field.0,
            format!("`{}` needs `hazard`, that of control", field.0),
        ));
    }
    let found = match (request.event_probability, request.hazard) {
        (Some(_), Some(_)) => {
            return Err(Fault::new(
                "`event_probability` and `hazard` both say how many units have events: give one",
            ));
        }
        (Some(p), None) => {
            let p = p.get();
            if !(p > 0.0 && p <= 1.0) {
                return Err(Fault::outside("event_probability", p, "above 0, at most 1"));
            }
            Some(p)
        }
        (None, Some(hazard)) => {
            if matches!(question.unknown, Unknown::Smallest(_)) && question.test == Test::Superiority {
                return Err(Fault::of(
                    "hazard",
                    "how many units have events depends on the effect that is asked for: give `event_probability` or `events`",
                ));
            }
            let follow_up = request
                .follow_up
                .ok_or_else(|| Fault::of("follow_up", "`hazard` needs `follow_up`, the time of observation"))?
                .get();
            let accrual = request.accrual.get_or_insert(Quantity::new(0.0)).get();
            let control = event_probability(hazard.get(), accrual, follow_up)?;
            let treated = event_probability(hazard.get() * hazard_ratio, accrual, follow_up)?;
            Some((control + r * treated) / (1.0 + r))
        }
        (None, None) => None,
    };
    match (found, request.n, request.events) {
        (Some(_), _, Some(_)) => Err(Fault::of(
            "events",
            "with a number of events the probability of one has no part: leave one out",
        )),
        (None, Some(_), _) => Err(Fault::of(
            "n",
            "how many events do `n` units have? give `event_probability`, or `hazard` and `follow_up`, or `events` instead of `n`",
        )),
        (found, _, _) => Ok(found),
    }
}

/// Freedman's formula, whose spread moves with the hazard ratio.
struct Freedman {
    ratio: f64,
    allocation: f64,
    events_per_n: f64,
    better: Direction,
}

impl Freedman {
    fn at(&self, hazard_ratio: f64) -> Result<ZTest> {
        let sd = (1.0 + self.allocation * hazard_ratio) / (self.allocation * self.events_per_n).sqrt();
        Ok(ZTest::new((1.0 - hazard_ratio).abs(), sd)?)
    }
}

impl Design for Freedman {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        Ok(self.at(self.ratio)?.sample_size(level, power)?)
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        Ok(self.at(self.ratio)?.power(level, n)?)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        // In the logarithm of the log ratio, from hardly any effect to a factor of e^30.
        let found = root::increasing("detectable hazard ratio", -25.0, 3.4, |log| {
            let ratio = (self.better.sign() * log.exp()).exp();
            Ok(probit(self.at(ratio)?.power(level, n)?) - power.z())
        })?;
        Ok(Smallest::Effect(Effect::ratio(
            None,
            (self.better.sign() * found.exp()).exp(),
        )))
    }
}

fn method(test: Test, formula: Events) -> Method {
    match (test, formula) {
        (Test::Equivalence, _) => Method {
            test: "two one-sided z tests of the log hazard ratio",
            formula: "power = Φ((m − D)/se − A) − Φ((−m − D)/se + A), se² = (1 + r)²/(r·events), solved for the events",
            source: "Schoenfeld 1981, Biometrika 68:316; Schuirmann 1987",
        },
        (_, Events::Schoenfeld) => Method {
            test: "log-rank",
            formula: "events = (A + B)²·(1 + r)² / (r·(ln HR − ln of the margin)²)",
            source: "Schoenfeld 1981, Biometrika 68:316",
        },
        (_, Events::Freedman) => Method {
            test: "log-rank",
            formula: "events = (A + B)²·(1 + r·HR)² / (r·(1 − HR)²)",
            source: "Freedman 1982, Statistics in Medicine 1:121",
        },
    }
}
