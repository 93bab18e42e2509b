//! The error rates of one comparison: what several arms, guardrails and looks make of alpha and power.

use super::answer::Adjustment;
use super::fault::{Fault, Result};
use super::question::{Question, Unknown};
use super::request::{Correction, Request};
use crate::language::values::Fraction;
use crate::language::{EfficacySpending, SpendingParameter, Test};
use crate::stats::{
    self, Alpha, Boundary, Dunnett, INTERIM_Z, Level, Looks, Power, SequentialPlan, Sides, bonferroni, sidak,
};

/// The level and power of one comparison, and how it is looked at.
#[derive(Debug)]
pub(super) struct Errors {
    /// After the correction over arms.
    pub(super) level: Level,
    /// After guardrails.
    pub(super) power: Power,
    looks: Option<SequentialPlan>,
    /// What happened to alpha and power, in order.
    pub(super) adjustments: Vec<Adjustment>,
}

/// Fills in the defaults of the error rates, so that the echoed request says what was used.
pub(super) fn fill(request: &mut Request, question: &Question) -> Result<()> {
    let one_sided = question.test != Test::Superiority;
    let sides = *request.sides.get_or_insert(if one_sided { 1 } else { 2 });
    if !matches!(sides, 1 | 2) {
        return Err(Fault::outside("sides", f64::from(sides), "1 or 2"));
    }
    if one_sided && sides == 2 {
        let message = format!(
            "a {} test is one-sided: leave out `sides` and give its alpha",
            question.test
        );
        return Err(Fault::of("sides", message).with_value(2).with_range("1"));
    }
    let alpha = if question.test == Test::NonInferiority {
        0.025
    } else {
        0.05
    };
    request.alpha.get_or_insert(Fraction::new(alpha));
    if !matches!(question.unknown, Unknown::Power(_)) {
        request.power.get_or_insert(Fraction::new(0.8));
    }
    Ok(())
}

impl Errors {
    /// The error rates of a filled-in request whose arms share a control, or not, with `ratio` units per control unit.
    pub(super) fn of(request: &Request, question: &Question, shared_control: Option<f64>) -> Result<Self> {
        let sides = if request.sides == Some(1) {
            Sides::One
        } else {
            Sides::Two
        };
        let uncorrected = Level::new(Alpha::new(request.alpha.map_or(0.05, Fraction::get))?, sides);
        let mut adjustments = Vec::new();
        let level = over_arms(request, question, uncorrected, shared_control, &mut adjustments)?;
        let power = over_guardrails(request, question, &mut adjustments)?;
        let looks = looks(request, question, level)?;
        Ok(Self {
            level,
            power,
            looks,
            adjustments,
        })
    }

    /// The factor on the largest sample that looking early costs at a power; 1 without looks.
    pub(super) fn inflation(&self, power: Power) -> stats::Result<f64> {
        self.looks
            .as_ref()
            .map_or(Ok(1.0), |plan| Ok(plan.solve(power)?.inflation))
    }

    /// Whether there are looks before the last.
    pub(super) fn looks_early(&self) -> bool {
        self.looks.is_some()
    }

    /// Critical values of the looks, and the expected share of the largest sample under the effect.
    pub(super) fn boundaries(&self, power: Power) -> stats::Result<Option<(Vec<f64>, f64)>> {
        let Some(plan) = &self.looks else { return Ok(None) };
        let design = plan.solve(power)?;
        Ok(Some((design.efficacy, design.under_truth.expected_information)))
    }
}

fn over_arms(
    request: &Request,
    question: &Question,
    level: Level,
    shared_control: Option<f64>,
    adjustments: &mut Vec<Adjustment>,
) -> Result<Level> {
    let arms = usize::from(request.arms.unwrap_or(1));
    if arms == 0 {
        return Err(Fault::outside("arms", 0.0, "1 or more"));
    }
    if arms == 1 {
        return match request.correction {
            Some(_) => Err(Fault::of("correction", "`correction` needs `arms`, 2 or more")),
            None => Ok(level),
        };
    }
    if question.test == Test::Equivalence {
        return Err(Fault::of("arms", "equivalence is covered for one treatment arm"));
    }
    // Dunnett's critical value is that of one look; with several, Bonferroni holds whatever they are.
    let looks_early = request.looks.is_some_and(|looks| looks > 1);
    let correction = request
        .correction
        .unwrap_or(if shared_control.is_some() && !looks_early {
            Correction::Dunnett
        } else {
            Correction::Bonferroni
        });
    let alpha = match (correction, shared_control) {
        (Correction::Dunnett | Correction::Sidak, _) if looks_early => {
            let why = if correction == Correction::Dunnett {
                "Dunnett's critical value is that of one look"
            } else {
                "Šidák's inequality is about one look"
            };
            return Err(Fault::of(
                "correction",
                format!("{why}: with `looks`, use `bonferroni`"),
            ));
        }
        (Correction::Dunnett, Some(ratio)) => Dunnett::new(&vec![ratio; arms])?.comparison_alpha(level)?,
        (Correction::Dunnett, None) => {
            return Err(Fault::of(
                "correction",
                "Dunnett's correction is for arms with units of their own that share a control: use `bonferroni`",
            ));
        }
        (Correction::Bonferroni, _) => bonferroni(level.alpha, arms)?,
        (Correction::Sidak, _) => sidak(level.alpha, arms)?,
        (Correction::None, _) => level.alpha.get(),
    };
    let change = if correction == Correction::None {
        format!("{arms} arms without correction: the error rate grows with every arm")
    } else {
        let (before, after) = (level.alpha.get(), super::text::number(alpha));
        format!("{} over {arms} arms: alpha {before} → {after}", correction.as_str())
    };
    adjustments.push(Adjustment {
        name: "arms".to_owned(),
        change,
        factor: None,
    });
    Ok(Level::new(Alpha::new(alpha)?, level.sides))
}

fn over_guardrails(request: &Request, question: &Question, adjustments: &mut Vec<Adjustment>) -> Result<Power> {
    let power = Power::new(request.power.map_or(0.8, Fraction::get))?;
    let Some(guardrails) = request.guardrails.filter(|count| *count > 0) else {
        return Ok(power);
    };
    if matches!(question.unknown, Unknown::Power(_)) {
        return Err(Fault::of(
            "guardrails",
            "guardrails raise the power that is asked for, and here the power is what is solved: leave them out",
        ));
    }
    let target = 1.0 - (1.0 - power.get()) / (f64::from(guardrails) + 1.0);
    adjustments.push(Adjustment {
        name: "guardrails".to_owned(),
        change: format!(
            "all {guardrails} must pass too: power {} → {}",
            power.get(),
            super::text::number(target)
        ),
        factor: None,
    });
    Ok(Power::new(target)?)
}

fn looks(request: &Request, question: &Question, level: Level) -> Result<Option<SequentialPlan>> {
    let looks = request.looks.unwrap_or(1);
    let number = |of: SpendingParameter| {
        let given = match of {
            SpendingParameter::Gamma => request.gamma,
            SpendingParameter::Rho => request.rho,
            SpendingParameter::Delta => request.delta,
            SpendingParameter::InterimZ => request.interim_z,
        };
        given.map(super::quantity::Quantity::get)
    };
    let mut given = SpendingParameter::ALL.iter().filter(|of| number(**of).is_some());
    if looks == 0 {
        return Err(Fault::outside("looks", 0.0, "1 or more"));
    }
    if looks == 1 {
        return match (request.spending, given.next()) {
            (Some(_), _) => Err(Fault::of("spending", "`spending` needs `looks`, 2 or more")),
            (_, Some(of)) => Err(Fault::of(of.as_str(), format!("`{of}` needs `looks`, 2 or more"))),
            _ => Ok(None),
        };
    }
    if question.test == Test::Equivalence {
        return Err(Fault::of(
            "looks",
            "equivalence with looks is not covered: its two tests stop at different times",
        ));
    }
    let spending = request.spending.unwrap_or(EfficacySpending::ObrienFleming);
    let reads = spending.parameter();
    if let Some(of) = given.find(|of| Some(**of) != reads) {
        let message = format!(
            "`{spending}` spending does not read `{of}`: leave it out, or use `{}`",
            of.spending()
        );
        return Err(Fault::of(of.as_str(), message));
    }
    let parameter = reads.and_then(number);
    let boundary = match spending {
        EfficacySpending::ObrienFleming => Boundary::Spending(stats::Spending::OBrienFleming),
        EfficacySpending::Pocock => Boundary::Spending(stats::Spending::Pocock),
        EfficacySpending::HwangShihDecani => {
            Boundary::Spending(stats::Spending::HwangShihDeCani(parameter.unwrap_or(-4.0)))
        }
        EfficacySpending::KimDemets => Boundary::Spending(stats::Spending::Power(parameter.unwrap_or(3.0))),
        EfficacySpending::WangTsiatis => Boundary::WangTsiatis(parameter.unwrap_or(0.0)),
        EfficacySpending::HaybittlePeto => Boundary::HaybittlePeto(parameter.unwrap_or(INTERIM_Z)),
    };
    Ok(Some(SequentialPlan::new(
        Looks::equal(usize::from(looks))?,
        level,
        boundary,
    )?))
}
