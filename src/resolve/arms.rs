//! Arms: which is the control, and the exact share of each.

use indexmap::IndexMap;

use super::Arm;
use super::origin::{Layers, closest_span};
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::language;
use crate::language::values::{Decimal, Ratio};
use crate::source::Pointer;
use crate::syntax::{Faults, Node};

/// The name that makes an arm the control without further words.
const CONTROL: &str = "control";

/// Resolves the arms of a spec and reports what keeps them from being compared.
///
/// `held_out` is the share of control in a holdout, for arms whose weights say nothing.
pub(super) fn resolve(
    declared: &IndexMap<String, language::Arm>,
    tree: &Node,
    layers: &Layers,
    faults: &Faults,
    held_out: Option<Decimal>,
    sink: &mut Sink,
) -> Vec<Arm> {
    let all = Pointer::root().join("arms");
    let place = |pointer: Pointer| Place::new(closest_span(tree, &pointer, layers), pointer);
    let controls = controls(declared);
    let trustworthy = !faults.touches(&all);
    if trustworthy {
        report_controls(declared, &controls, &all, place, sink);
    }
    let weights: Vec<Decimal> = declared
        .values()
        .map(|arm| arm.weight.unwrap_or(Decimal::ONE))
        .collect();
    if trustworthy {
        report_weights(declared, &weights, &all, place, sink);
    }
    let weights = held_out
        // The edition gives every arm a weight of one.
        .filter(|_| weights.iter().all(|weight| *weight == Decimal::ONE))
        .and_then(|share| holdout_weights(declared, &controls, share))
        .unwrap_or(weights);
    let shares = Decimal::shares(&weights).unwrap_or_else(|| equal_shares(declared.len()));
    declared
        .iter()
        .zip(shares)
        .map(|((id, arm), share)| Arm {
            id: id.clone(),
            control: controls.contains(&id.as_str()),
            share,
            declared: arm.clone(),
        })
        .collect()
}

/// Weights that give control its share and all others equal parts of the rest.
fn holdout_weights(
    declared: &IndexMap<String, language::Arm>,
    controls: &[&str],
    share: Decimal,
) -> Option<Vec<Decimal>> {
    let others = u32::try_from(declared.len().checked_sub(controls.len())?).ok()?;
    let (control, other) = (share.times(others)?, share.complement()?);
    let weight = |id: &str| if controls.contains(&id) { control } else { other };
    (controls.len() == 1 && others > 0 && share.is_positive() && other.is_positive())
        .then(|| declared.keys().map(|id| weight(id)).collect())
}

/// The arms that say they are the control; else the arm that is named so.
fn controls(declared: &IndexMap<String, language::Arm>) -> Vec<&str> {
    let said: Vec<&str> = declared
        .iter()
        .filter(|(_, arm)| arm.control == Some(true))
        .map(|(id, _)| id.as_str())
        .collect();
    if !said.is_empty() {
        return said;
    }
    declared
        .iter()
        .filter(|(id, arm)| id.as_str() == CONTROL && arm.control != Some(false))
        .map(|(id, _)| id.as_str())
        .collect()
}

fn report_controls(
    declared: &IndexMap<String, language::Arm>,
    controls: &[&str],
    all: &Pointer,
    place: impl Fn(Pointer) -> Place,
    sink: &mut Sink,
) {
    if declared.is_empty() {
        sink.push(
            Diagnostic::error("missing-arms", place(all.clone()), "the experiment has no arms")
                .with_help("write at least two tables such as `[arms.control]` and `[arms.treatment]`"),
        );
        return;
    }
    match controls {
        [] => {
            let names: Vec<String> = declared.keys().map(|id| format!("`{id}`")).collect();
            sink.push(
                Diagnostic::error(
                    "no-control",
                    place(all.clone()),
                    format!("none of the arms {} is the control", names.join(", ")),
                )
                .with_note("every effect is a difference from control; without one nothing can be compared")
                .with_help("name one arm `control`, or write `control = true` in one"),
            );
        }
        [_] if declared.len() == 1 => sink.push(
            Diagnostic::error(
                "missing-arms",
                place(all.clone()),
                "there is no arm to compare with the control",
            )
            .with_help("write a second table such as `[arms.treatment]`"),
        ),
        [_] => {}
        [first, others @ ..] => {
            for other in others {
                sink.push(
                    Diagnostic::error(
                        "no-control",
                        place(all.join(other).join("control")),
                        "more than one arm is the control",
                    )
                    .with_label("also the control")
                    .with_other(place(all.join(first).join("control")), "the first one")
                    .with_help("exactly one arm is the control: remove `control = true` from the others"),
                );
            }
        }
    }
}

/// Weights normalise, so 37 : 21 : 21 : 21 and 0.37, 0.21 … mean the same. Fractions that do not add up to one were meant
/// as shares, and a share is missing or too much.
fn report_weights(
    declared: &IndexMap<String, language::Arm>,
    weights: &[Decimal],
    all: &Pointer,
    place: impl Fn(Pointer) -> Place,
    sink: &mut Sink,
) {
    let written: Vec<(&String, Decimal)> = declared
        .iter()
        .filter_map(|(id, arm)| arm.weight.map(|weight| (id, weight)))
        .collect();
    let below_one = |weight: &Decimal| weight.to_f64() < 1.0;
    if written.len() < 2 || written.len() != weights.len() || !weights.iter().all(below_one) {
        return;
    }
    let Some(sum) = Decimal::sum(weights) else { return };
    if sum == Decimal::ONE {
        return;
    }
    let Some((first, _)) = written.first() else { return };
    let listed: Vec<String> = written.iter().map(|(_, weight)| weight.to_string()).collect();
    let mut diagnostic = Diagnostic::error(
        "weights-sum",
        place(all.join(first).join("weight")),
        format!("the arm weights {} sum to {sum}, not to 1", listed.join(", ")),
    )
    .with_label(format!("the weights sum to {sum}"))
    .with_help("write shares that sum to 1, or whole-number ratios such as 1 and 2, which need not");
    for (id, weight) in written.iter().skip(1) {
        diagnostic = diagnostic.with_other(place(all.join(id).join("weight")), weight.to_string());
    }
    sink.push(diagnostic);
}

fn equal_shares(count: usize) -> Vec<Ratio> {
    Decimal::shares(&vec![Decimal::ONE; count]).unwrap_or_default()
}
