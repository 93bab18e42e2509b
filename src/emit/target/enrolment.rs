//! Which units come in: the share that is written, and the part of the layer it is taken from.

use super::Slot;
use super::context::{Context, Enrolment, Part};
use super::feature::{Feature, Need};
use super::manifest::Split;
use crate::format;

/// Shares that sums of floats leave a little off.
const ROUNDING: f64 = 1e-9;

/// Something that cannot be written as it is, and what comes nearest.
pub(super) type Unfit = (Need, String);

/// What comes in at the stage that the option `stage` names, in the whole numbers of the target; and what they cannot hold.
pub(super) fn enrolment(context: &Context, slot: Option<Slot>, split: Option<&Split>) -> (Enrolment, Vec<Unfit>) {
    let mut unfit = Vec::new();
    let stage = stage(context);
    let allocation = stage.map_or(context.traffic.allocation, |(_, allocation)| allocation);
    let exclusive = context.traffic.layer.as_ref().is_some_and(|layer| layer.exclusive);
    // In an exclusive layer the part of the layer is the share; a stage of the ramp takes its part of that.
    let share = if exclusive {
        allocation / context.traffic.allocation
    } else {
        allocation
    };
    if share > 1.0 + ROUNDING {
        let least = format::percent(context.traffic.allocation);
        let what = format!("a stage of {} in a part of {least}", format::percent(allocation));
        let nearest = format!("the part of the layer is {least}, and no stage can be larger");
        unfit.push((need(Feature::Share, "schedule.ramp", what), nearest));
    }
    let share = tidy(share.min(1.0));
    let over = matches!(context.experiment.status.as_str(), "concluded" | "abandoned");
    let (share_total, layer_total) = split.map_or((None, None), |split| (split.share, split.layer));
    let mut part = context
        .traffic
        .layer
        .as_ref()
        .and_then(|layer| match (layer.exclusive, slot) {
            (true, slot) => {
                let slot = slot.unwrap_or(Slot { from: 0.0, to: 0.0 });
                Some((Some(layer.id.clone()), slot.from, slot.to))
            }
            (false, _) if layer.holdout > 0.0 => Some((Some(layer.id.clone()), 0.0, 1.0 - layer.holdout)),
            (false, _) => None,
        });
    if let Some(layer) = &context.traffic.layer
        && layer.exclusive
        && slot.is_none()
        && !over
        && layer_total.is_some()
    {
        let what = format!("a part of the layer `{}`", layer.id);
        let nearest = "no part of the layer is free while it runs; free one, or change the days".to_owned();
        unfit.push((need(Feature::Layer, "traffic.layer", what), nearest));
    }
    if layer_total.is_some() && share_total.is_none() {
        let (layer, from, to) = part.unwrap_or((None, 0.0, 1.0));
        part = Some((layer, from, from + (to - from) * share));
    }
    let at = if stage.is_some() {
        "schedule.ramp"
    } else {
        "traffic.allocation"
    };
    let weight = share_total.map(|total| {
        let (weight, fits) = whole(share, total);
        if !fits {
            let what = format!("a share of {}", format::percent(share));
            let nearest = format!(
                "it counts in {total} parts, and {weight} are nearest: {}",
                of(weight, total)
            );
            unfit.push((need(Feature::Share, at, what), nearest));
        }
        weight.max(1)
    });
    let part = part.map(|(layer, from, to)| {
        let (from, to) = (tidy(from), tidy(to));
        let bounds = layer_total.map(|total| (whole(from, total), whole(to, total), total));
        if let Some(((first, begins), (end, ends), total)) = bounds.filter(|_| !over)
            && !(begins && ends)
        {
            let what = format!(
                "the part of a layer from {} to {}",
                format::percent(from),
                format::percent(to)
            );
            let nearest = format!(
                "it counts in {total} parts, and those from {} to {} are nearest",
                of(first, total),
                of(end, total)
            );
            let at = if layer.is_some() { "traffic.layer" } else { at };
            unfit.push((need(Feature::Share, at, what), nearest));
        }
        Part {
            layer,
            from,
            to,
            first: bounds.map(|((first, _), ..)| first),
            end: bounds.map(|(_, (end, _), _)| end),
        }
    });
    let enrolment = Enrolment {
        stage: stage.map(|(number, _)| number),
        share,
        weight,
        total: share_total,
        part,
        layer_total,
    };
    (enrolment, unfit)
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
