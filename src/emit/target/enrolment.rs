//! Which units come in: the share that is written, and the part of the layer it is taken from.

use super::Slot;
use super::context::{Context, Enrolment, Layer, Part};
use super::feature::{Feature, Need};
use super::manifest::Manifest;
use crate::format;

/// Shares that sums of floats leave a little off.
const ROUNDING: f64 = 1e-9;

/// Something that cannot be written as it is, and what comes nearest.
pub(super) type Unfit = (Need, String);

/// What comes in at the stage that the option `stage` names, in the whole numbers of the target; and what they cannot hold.
pub(super) fn enrolment(context: &Context, slot: Option<Slot>, manifest: &Manifest) -> (Enrolment, Vec<Unfit>) {
    let mut unfit = Vec::new();
    // Where somebody accepted that there is no layer, the share is one of all eligible units.
    let knows_layers = !manifest
        .cannot
        .iter()
        .any(|cannot| cannot.express == Feature::Layer && cannot.changes_experiment);
    let layer = context.traffic.layer.as_ref().filter(|_| knows_layers);
    let stage = stage(context);
    let share = share(context, stage, layer, &mut unfit);
    let split = manifest.split.as_ref();
    let (total, layer_total) = split.map_or((None, None), |split| (split.share, split.layer));
    let at = if stage.is_some() {
        "schedule.ramp"
    } else {
        "traffic.allocation"
    };
    let weight = total.map(|total| {
        let (weight, fits) = whole(share, total);
        if !fits {
            let nearest = format!(
                "it counts in {total} parts, and {weight} are nearest: {}",
                of(weight, total)
            );
            unfit.push((
                need(Feature::Share, at, format!("a share of {}", format::percent(share))),
                nearest,
            ));
        }
        weight.max(1)
    });
    let mut range = range(layer, slot);
    if layer_total.is_some() && total.is_none() {
        // The target writes the share as a smaller part.
        let (id, from, to) = range.unwrap_or((None, 0.0, 1.0));
        range = Some((id, from, from + (to - from) * share));
    }
    let over = matches!(context.experiment.status.as_str(), "concluded" | "abandoned");
    let part = range.map(|range| {
        let part = part(range, layer_total);
        if let Some(total) = layer_total.filter(|_| !over) {
            unfit.extend(misfit(&part, total, at));
        }
        part
    });
    let enrolment = Enrolment {
        stage: stage.map(|(number, _)| number),
        share,
        weight,
        total,
        part,
        layer_total,
    };
    (enrolment, unfit)
}

/// The share of the eligible units in the experiment's part of its layer, in [0, 1].
///
/// In an exclusive layer the part of the layer is the share of the plan; a stage of the ramp takes its part of that.
fn share(context: &Context, stage: Option<(usize, f64)>, layer: Option<&Layer>, unfit: &mut Vec<Unfit>) -> f64 {
    let planned = context.traffic.allocation;
    let allocation = stage.map_or(planned, |(_, allocation)| allocation);
    let exclusive = layer.is_some_and(|layer| layer.exclusive);
    let share = if exclusive { allocation / planned } else { allocation };
    if share > 1.0 + ROUNDING {
        let planned = format::percent(planned);
        let what = format!("a stage of {} in a part of {planned}", format::percent(allocation));
        let nearest = format!("the part of the layer is {planned}, and no stage can be larger");
        unfit.push((need(Feature::Share, "schedule.ramp", what), nearest));
    }
    tidy(share.min(1.0))
}

/// A part of a layer, or of the experiment's own units: where it begins and ends.
type Range = (Option<String>, f64, f64);

/// The experiment's part of its layer: its own of an exclusive one, else all that holdouts leave. An experiment that has no part of
/// an exclusive layer has an empty one.
fn range(layer: Option<&Layer>, slot: Option<Slot>) -> Option<Range> {
    let layer = layer?;
    let (from, to) = if layer.exclusive {
        slot.map_or((0.0, 0.0), |slot| (slot.from, slot.to))
    } else {
        (0.0, 1.0 - layer.holdout)
    };
    (layer.exclusive || layer.holdout > 0.0).then(|| (Some(layer.id.clone()), from, to))
}

/// The part in whole numbers of a target.
fn part((layer, from, to): Range, total: Option<u64>) -> Part {
    let (from, to) = (tidy(from), tidy(to));
    Part {
        layer,
        from,
        to,
        first: total.map(|total| whole(from, total).0),
        end: total.map(|total| whole(to, total).0),
    }
}

/// What the whole numbers of a target cannot hold of a part; `at` is what makes a part of the experiment's own units small.
fn misfit(part: &Part, total: u64, at: &str) -> Option<Unfit> {
    if part.to <= part.from {
        let what = format!("a part of the layer `{}`", part.layer.as_deref().unwrap_or_default());
        let nearest = "no part of the layer is free while it runs; free one, or change the days".to_owned();
        return Some((need(Feature::Layer, "traffic.layer", what), nearest));
    }
    let ((first, begins), (end, ends)) = (whole(part.from, total), whole(part.to, total));
    if begins && ends {
        return None;
    }
    let (from, to) = (format::percent(part.from), format::percent(part.to));
    if part.layer.is_none() {
        let nearest = format!("it counts in {total} parts, and {end} are nearest: {}", of(end, total));
        return Some((need(Feature::Share, at, format!("a share of {to}")), nearest));
    }
    let what = format!("the part of a layer from {from} to {to}");
    let nearest = format!(
        "it counts in {total} parts, and those from {} to {} are nearest",
        of(first, total),
        of(end, total)
    );
    Some((need(Feature::Share, "traffic.layer", what), nearest))
}

/// The stage of the ramp that the option names, with its share; none for the full share, which is also what follows the last stage.
fn stage(context: &Context) -> Option<(usize, f64)> {
    let asked = context.options.get("stage").and_then(serde_json::Value::as_u64)?;
    let number = usize::try_from(asked).ok()?;
    let stage = context.traffic.ramp.get(number.checked_sub(1)?)?;
    Some((number, stage.allocation))
}

fn need(feature: Feature, at: &str, what: String) -> Need {
    Need {
        feature,
        at: at.to_owned(),
        what,
        decisive: true,
    }
}

/// The whole number nearest to a share of a total, and whether it is the share.
fn whole(share: f64, total: u64) -> (u64, bool) {
    let exact = share * total as f64;
    let nearest = exact.round();
    (nearest as u64, (exact - nearest).abs() <= total as f64 * ROUNDING)
}

fn of(number: u64, total: u64) -> String {
    format::percent(tidy(number as f64 / total as f64))
}

/// A share without the last digits that sums leave.
fn tidy(share: f64) -> f64 {
    (share * 1e12).round() / 1e12
}
