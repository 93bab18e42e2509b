//! What is known, what is asked, and whether the request says so without contradiction.

use super::fault::{Fault, Result};
use super::kind::Kind;
use super::request::Request;
use crate::language::{self, Test};
use crate::stats::{Direction, Hypothesis};

/// What a request leaves open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unknown {
    /// The sample size.
    Size,
    /// The power with so many units in control.
    Power(f64),
    /// The smallest effect (or margin) with so many units in control.
    Smallest(f64),
}

/// A margin as it was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Margin {
    Absolute(f64),
    Relative(f64),
}

/// A request, understood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    pub(super) test: Test,
    pub(super) direction: Direction,
    pub(super) unknown: Unknown,
    /// Control's value, where the kind has one.
    pub(super) control: Option<f64>,
    /// The true difference, treatment minus control; 0 with a margin and no other truth, `None` where it is asked for.
    pub(super) change: Option<f64>,
    pub(super) margin: Option<Margin>,
    /// Treatment's value as it was given: near 1, control plus the difference would have lost digits.
    pub(super) stated: Option<f64>,
}

impl Question {
    /// Reads a request whose fields all belong to its kind.
    pub(super) fn of(request: &Request) -> Result<Self> {
        let margin = margin(request)?;
        let effects = effects(request);
        if let [first, second, ..] = effects.as_slice() {
            return Err(Fault::new(format!(
                "`{first}` and `{second}` both say what the effect is: give one"
            )));
        }
        let test = request
            .test
            .unwrap_or(if margin.is_some() && effects.iter().all(|name| is_truth(name)) {
                Test::NonInferiority
            } else {
                Test::Superiority
            });
        let control = control(request)?;
        let change = change(request, control)?;
        let unknown = unknown(request, test, !effects.is_empty(), margin.is_some())?;
        if let (true, Some(name)) = (test != Test::Superiority, effects.iter().find(|name| !is_truth(name))) {
            return Err(Fault::of(
                name,
                format!(
                    "`{name}` is no part of a {test} test: its margin is what is sized for; what is true then goes into `treated`"
                ),
            ));
        }
        let change = match (test, change) {
            (Test::Superiority, change) => change,
            (_, change) => Some(change.unwrap_or(0.0)),
        };
        if test == Test::Superiority && change == Some(0.0) && margin.is_none() {
            return Err(Fault::new("the effect is 0: no sample is large enough to show it"));
        }
        if test == Test::Equivalence && request.direction.is_some() {
            return Err(Fault::of(
                "direction",
                "equivalence looks both ways: leave out `direction`",
            ));
        }
        let direction = direction(request, test, change)?;
        // An unsigned effect goes in the direction that was declared.
        let change = match (test, request.direction) {
            (Test::Superiority, Some(_)) if !effects.iter().any(|name| is_truth(name)) => {
                change.map(|change| change.abs() * direction.sign())
            }
            _ => change,
        };
        Ok(Self {
            test,
            direction,
            unknown,
            control,
            change,
            margin,
            stated: request.treated.map(crate::language::values::Fraction::get),
        })
    }

    /// Treatment's true value; control's while the effect is asked for.
    pub(super) fn treated(&self, control: f64) -> f64 {
        self.stated.unwrap_or(control + self.change.unwrap_or(0.0))
    }

    /// The hypothesis about values compared by their difference. A margin that is asked for stands at `placeholder`.
    pub(super) fn hypothesis(&self, placeholder: Margin) -> Result<Hypothesis> {
        let margin = match (self.test, self.margin) {
            (Test::Superiority, margin) => margin,
            (_, margin) => Some(margin.unwrap_or(placeholder)),
        };
        Ok(match (self.test, margin) {
            (Test::Superiority, None) => Hypothesis::superiority(self.direction),
            (Test::Superiority, Some(Margin::Absolute(m))) => Hypothesis::superiority_by(self.direction, m)?,
            (Test::Superiority, Some(Margin::Relative(m))) => Hypothesis::superiority_by_relative(self.direction, m)?,
            (_, Some(Margin::Relative(m))) => Hypothesis::non_inferiority_relative(self.direction, m)?,
            (_, Some(Margin::Absolute(m))) => Hypothesis::non_inferiority(self.direction, m)?,
            (_, None) => return Err(Fault::new("a margin is missing")),
        })
    }

    /// The hypothesis about logarithms. A margin that is asked for stands at `placeholder`.
    pub(super) fn log_hypothesis(&self, placeholder: f64) -> Result<Hypothesis> {
        Ok(match (self.test, self.margin) {
            (Test::Superiority, None) => Hypothesis::superiority(self.direction),
            (Test::Superiority, Some(Margin::Relative(m))) => Hypothesis::superiority_by_log(self.direction, m)?,
            (_, Some(Margin::Relative(m))) => Hypothesis::non_inferiority_log(self.direction, m)?,
            (_, None) => Hypothesis::non_inferiority_log(self.direction, placeholder)?,
            (_, Some(Margin::Absolute(_))) => return Err(Fault::of("margin_absolute", "the margin must be relative")),
        })
    }

    /// How far the log of a ratio lies from the null hypothesis, in the good direction. A margin that is asked for counts
    /// as none.
    pub(super) fn log_distance(&self, log_ratio: f64) -> Result<f64> {
        let toward = self.direction.sign() * log_ratio;
        Ok(match (self.test, self.margin) {
            (Test::Superiority, _) => toward - self.log_to_beat()?,
            (_, Some(Margin::Relative(m))) => match self.direction {
                Direction::Increase if m >= 1.0 => {
                    return Err(Fault::outside(
                        "margin_relative",
                        m,
                        "above 0, and below 1 where higher is better",
                    ));
                }
                Direction::Increase => toward - (-m).ln_1p(),
                Direction::Decrease => toward + m.ln_1p(),
            },
            _ => toward,
        })
    }

    /// The margin that an effect must beat, as the log of a ratio in the good direction; 0 without one.
    pub(super) fn log_to_beat(&self) -> Result<f64> {
        match (self.test, self.margin, self.direction) {
            (Test::Superiority, Some(Margin::Relative(m)), Direction::Increase) => Ok(m.ln_1p()),
            (Test::Superiority, Some(Margin::Relative(m)), Direction::Decrease) if m < 1.0 => Ok(-(-m).ln_1p()),
            (Test::Superiority, Some(Margin::Relative(m)), Direction::Decrease) => Err(Fault::outside(
                "margin_relative",
                m,
                "above 0, and below 1 where lower is better",
            )),
            _ => Ok(0.0),
        }
    }

    /// Refuses equivalence for kinds that do not cover it.
    pub(super) fn refuse_equivalence(&self, kind: Kind) -> Result<()> {
        if self.test == Test::Equivalence {
            let message = format!("equivalence is not covered for kind {}", kind.as_str());
            return Err(Fault::of("test", message)
                .with_value("equivalence")
                .with_range("superiority, non-inferiority"));
        }
        Ok(())
    }
}

/// The fields given that say what the effect is.
fn effects(request: &Request) -> Vec<&'static str> {
    [
        ("mde_relative", request.mde_relative.is_some()),
        ("mde_absolute", request.mde_absolute.is_some()),
        ("treated", request.treated.is_some()),
        ("hazard_ratio", request.hazard_ratio.is_some()),
        ("win_rate", request.win_rate.is_some()),
        ("only_treated", request.only_treated.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, given)| given.then_some(name))
    .collect()
}

/// Whether a field gives the true state of things, which a test with a margin takes as well.
fn is_truth(name: &str) -> bool {
    matches!(name, "treated" | "hazard_ratio" | "only_treated" | "win_rate")
}

fn margin(request: &Request) -> Result<Option<Margin>> {
    let (name, margin) = match (request.margin_relative, request.margin_absolute) {
        (Some(_), Some(_)) => {
            return Err(Fault::new(
                "`margin_relative` and `margin_absolute` are two margins: give one",
            ));
        }
        (Some(share), None) => ("margin_relative", Margin::Relative(share.get())),
        (None, Some(amount)) => ("margin_absolute", Margin::Absolute(amount.get())),
        (None, None) => return Ok(None),
    };
    let (Margin::Absolute(size) | Margin::Relative(size)) = margin;
    if size > 0.0 && size.is_finite() {
        Ok(Some(margin))
    } else {
        Err(Fault::outside(name, size, "above 0"))
    }
}

fn control(request: &Request) -> Result<Option<f64>> {
    if request.kind != Kind::Ratio {
        return Ok(request.baseline.map(crate::language::values::Fraction::get));
    }
    match (request.numerator_mean, request.denominator_mean) {
        (Some(x), Some(y)) if y.get() > 0.0 => Ok(Some(x.get() / y.get())),
        (Some(_), Some(y)) => Err(Fault::outside("denominator_mean", y.get(), "above 0")),
        _ => Ok(None),
    }
}

/// The signed true difference that the request states.
fn change(request: &Request, control: Option<f64>) -> Result<Option<f64>> {
    let need = |field: &str| {
        control.ok_or_else(|| Fault::of("baseline", format!("`{field}` needs `baseline`, control's value")))
    };
    if let Some(change) = request.mde_absolute {
        return Ok(Some(change.get()));
    }
    if let Some(share) = request.mde_relative {
        return Ok(Some(share.get() * need("mde_relative")?.abs()));
    }
    if let Some(treated) = request.treated {
        return Ok(Some(treated.get() - need("treated")?));
    }
    // On the scale of the logarithm, of preferences, or of discordant pairs.
    Ok(match (request.hazard_ratio, request.win_rate, request.only_treated) {
        (Some(ratio), _, _) if ratio.get() > 0.0 => Some(ratio.get().ln()),
        (Some(ratio), _, _) => return Err(Fault::outside("hazard_ratio", ratio.get(), "above 0")),
        (_, Some(rate), _) => Some(rate.get() - 0.5),
        (_, _, Some(treated)) => {
            Some(treated.get() - request.only_control.map_or(0.0, crate::language::values::Fraction::get))
        }
        _ => None,
    })
}

fn direction(request: &Request, test: Test, change: Option<f64>) -> Result<Direction> {
    let declared = request.direction.map(|direction| match direction {
        language::Direction::Increase => Direction::Increase,
        language::Direction::Decrease => Direction::Decrease,
    });
    let signed = match change {
        Some(change) if change < 0.0 => Some(Direction::Decrease),
        Some(change) if change > 0.0 => Some(Direction::Increase),
        _ => None,
    };
    match (test, declared, signed) {
        (Test::Superiority, Some(Direction::Increase), Some(Direction::Decrease)) => Err(Fault::of(
            "direction",
            "the effect is a decrease, but `direction` says that an increase is good",
        )),
        (Test::Superiority, Some(Direction::Decrease), Some(Direction::Increase))
            if effects(request).iter().any(|name| is_truth(name)) =>
        {
            Err(Fault::of(
                "direction",
                "the effect is an increase, but `direction` says that a decrease is good",
            ))
        }
        (_, Some(declared), _) => Ok(declared),
        (Test::Superiority, None, Some(signed)) => Ok(signed),
        (Test::Superiority | Test::Equivalence, None, _) => Ok(if request.kind == Kind::TimeToEvent {
            Direction::Decrease
        } else {
            Direction::Increase
        }),
        (Test::NonInferiority, None, _) => Err(Fault::of(
            "direction",
            "not worse in which direction? give `direction`: increase if higher is better, decrease if lower is",
        )
        .with_range("increase, decrease")),
    }
}

/// Exactly one of the three may be open.
fn unknown(request: &Request, test: Test, effect: bool, margin: bool) -> Result<Unknown> {
    let size = request.n.or(request.events).map(super::quantity::Quantity::get);
    let (given, wanted) = match test {
        Test::Superiority => (effect, "an effect"),
        _ => (margin, "a margin"),
    };
    match (size, given, request.power.is_some()) {
        (None, true, _) => Ok(Unknown::Size),
        (Some(n), true, false) => Ok(Unknown::Power(n)),
        (Some(n), false, _) => Ok(Unknown::Smallest(n)),
        (Some(_), true, true) => Err(Fault::new(format!(
            "n, {wanted} and `power` are all given, so nothing is left to solve: \
             leave out n for the sample size, `power` for the power, or {wanted} for the smallest one"
        ))),
        (None, false, _) => {
            let fields = ways(request.kind, test);
            Err(Fault::new(format!(
                "there is nothing to solve: give {wanted} ({fields}) for the sample size, \
                 `n` for the smallest one that can be shown, or both for the power"
            )))
        }
    }
}

/// The fields that would give the effect or margin of a kind.
fn ways(kind: Kind, test: Test) -> String {
    let names: &[&str] = match test {
        Test::Superiority => &[
            "mde_relative",
            "mde_absolute",
            "treated",
            "hazard_ratio",
            "win_rate",
            "only_treated",
        ],
        _ => &["margin_relative", "margin_absolute"],
    };
    let fields = kind.fields();
    let known: Vec<String> = names
        .iter()
        .filter(|name| fields.contains(name))
        .map(|name| format!("`{name}`"))
        .collect();
    match known.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
