//! A salt that two experiments share.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::language::Mode;
use crate::rules::prelude::*;
use crate::rules::{AcrossFindings, Neighbour};

declare_rule! {
    /// ## What it checks
    ///
    /// Over all specs of the run, every online experiment has a salt of its own, among those that draw the same kind of unit. Specs that
    /// are drafts or over count too.
    ///
    /// ## Why
    ///
    /// With the same salt and the same unit, the arms are filled with the same people. What an earlier experiment did to its treatment
    /// arm is then found in the treatment arm of the next one, and a restart starts with the harm of its first try.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [other.design]
    /// salt = "checkout-button-1"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [other.design]
    /// salt = "checkout-button-2"
    /// ```
    RULE = "salt-reused" {
        group: Allocation, level: Error, from: Draft,
        profile: Draft,
        summary: "two experiments that fill their arms by the same salt",
        check: Check::Across(check),
    }
}

fn check(neighbours: &[Neighbour<'_>], findings: &mut AcrossFindings<'_>) {
    let mut first: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let mut in_time: Vec<usize> = (0..neighbours.len()).collect();
    // Those without a date are not planned yet: they come last.
    in_time.sort_by_key(|&position| {
        let days = neighbours.get(position).and_then(Neighbour::days);
        (days.is_none(), days, position)
    });
    for position in in_time {
        let Some(neighbour) = neighbours.get(position) else {
            continue;
        };
        let design = facts::design(neighbour.experiment);
        let (Mode::Online, Some(salt)) = (neighbour.experiment.mode(), design.salt) else {
            continue;
        };
        let earlier = match first.entry((salt.clone(), design.unit)) {
            Entry::Vacant(free) => {
                free.insert(position);
                continue;
            }
            Entry::Occupied(taken) => neighbours.get(*taken.get()),
        };
        // One spec that is there twice has one fault, and it is another one.
        let Some(earlier) = earlier.filter(|earlier| earlier.experiment.id != neighbour.experiment.id) else {
            continue;
        };
        let finding = findings
            .at(
                position,
                neighbour.place("design.salt"),
                format!(
                    "`{salt}` fills the arms of `{}` too: both have the same people in them",
                    earlier.experiment.id
                ),
            )
            .with_label("used again")
            .with_other(earlier.place("design.salt"), "used here first")
            .with_help(format!(
                "write a salt that no experiment had, such as `salt = \"{}-1\"`; after a restart, a new number",
                neighbour.experiment.id
            ));
        findings.push(position, finding);
    }
}
