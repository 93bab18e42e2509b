//! A layer that is given away twice.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diagnostics::Diagnostic;
use crate::rules::prelude::*;
use crate::rules::{AcrossFindings, Neighbour};

declare_rule! {
    /// ## What it checks
    ///
    /// Over all specs of the run, the experiments of an exclusive layer that are past their draft and run at the same time take no more
    /// than all of it together. An experiment takes its `allocation`, or the largest of its ramp. Two that no unit can be eligible for
    /// both of, because `population.where` asks for different values, do not add up.
    ///
    /// ## Why
    ///
    /// In an exclusive layer a unit takes part in one experiment at most. Where more is given away than there is, some experiment gets
    /// less than it was sized for, or units are in two at once, and neither plan holds.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [other.traffic]
    /// allocation = 0.6
    /// [traffic]
    /// allocation = 0.6
    /// [other.schedule]
    /// start = 2027-01-18
    /// [abide.layers.shop]
    /// units_per_day = 90000
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [other.traffic]
    /// allocation = 0.4
    /// [traffic]
    /// allocation = 0.6
    /// [other.schedule]
    /// start = 2027-01-18
    /// [abide.layers.shop]
    /// units_per_day = 90000
    /// ```
    ///
    /// ## Source
    ///
    /// Tang et al. 2010, "Overlapping experiment infrastructure", KDD
    RULE = "layer-collision" {
        group: Allocation, level: Error, from: Draft,
        profile: Draft,
        summary: "experiments that take more of an exclusive layer than there is",
        check: Check::Across(check),
    }
}

fn check(neighbours: &[Neighbour<'_>], findings: &mut AcrossFindings<'_>) {
    let mut layers: BTreeMap<&str, Vec<Booking<'_>>> = BTreeMap::new();
    for (position, neighbour) in neighbours.iter().enumerate() {
        if let (true, Some(layer), Some((start, end))) =
            (neighbour.is_live(), neighbour.exclusive_layer(), neighbour.days())
        {
            layers.entry(layer).or_default().push(Booking {
                position,
                neighbour,
                start,
                end,
            });
        }
    }
    for (layer, mut bookings) in layers {
        bookings.sort_by_key(|booking| (booking.start, booking.position));
        for (index, later) in bookings.iter().enumerate() {
            // What is taken is highest on the day that another begins.
            let beside: Vec<&Booking<'_>> = bookings
                .iter()
                .take(index)
                .filter(|earlier| earlier.end >= later.start && earlier.neighbour.can_share_units_with(later.neighbour))
                .collect();
            let taken: f64 = beside.iter().map(|earlier| earlier.neighbour.share()).sum();
            if !beside.is_empty() && taken + later.neighbour.share() > 1.0 + 1e-9 {
                findings.push(later.position, finding(layer, later, &beside, taken, findings));
            }
        }
    }
}

/// How many of the others a finding names: a layer that everybody has booked needs no list.
const SHOWN: usize = 4;

/// What an experiment takes of its layer.
struct Booking<'a> {
    position: usize,
    neighbour: &'a Neighbour<'a>,
    start: Date,
    end: Date,
}

fn finding(
    layer: &str,
    later: &Booking<'_>,
    beside: &[&Booking<'_>],
    taken: f64,
    findings: &AcrossFindings<'_>,
) -> Diagnostic {
    let share = later.neighbour.share();
    let mut others: Vec<String> = beside
        .iter()
        .take(SHOWN)
        .map(|earlier| format!("`{}`", earlier.neighbour.experiment.id))
        .collect();
    if beside.len() > SHOWN {
        others.push(format!("{} more", beside.len() - SHOWN));
    }
    let mut finding = findings
        .at(
            later.position,
            later.neighbour.place("traffic.allocation"),
            format!(
                "from {} on, {} of layer `{layer}` are given away: {} here beside {}",
                later.start,
                text::percent(taken + share),
                text::percent(share),
                text::list(&others, "and")
            ),
        )
        .with_label(format!("takes {}", text::percent(share)));
    for earlier in beside.iter().take(SHOWN) {
        finding = finding.with_other(
            earlier.neighbour.place("traffic.allocation"),
            format!(
                "`{}` takes {} until {}",
                earlier.neighbour.experiment.id,
                text::percent(earlier.neighbour.share()),
                earlier.end
            ),
        );
    }
    let mut ways = Vec::new();
    let free = beside
        .iter()
        .map(|earlier| earlier.end)
        .max()
        .and_then(|end| end.tomorrow().ok());
    if let Some(free) = free {
        ways.push(format!("start on {free}, when the layer is free"));
    }
    if taken < 1.0 {
        ways.push(format!("take at most {}", text::percent(1.0 - taken)));
    }
    ways.push("move to another layer".to_owned());
    finding.with_help(text::list(&ways, "or"))
}
