//! What the catalogue leaves open: what a dashboard would otherwise hide.

use std::collections::BTreeSet;

use super::build::View;
use super::inputs::Definition;
use super::status::Levels;
use super::{coverage, method};
use crate::emit::board::Text;
use crate::language::metric::Indicator;
use crate::language::{Direction, Metric};

/// One gap: what it is about, and what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) about: Text,
    pub(super) missing: Text,
}

/// Every gap, the structural ones first.
pub(super) fn gaps(view: View<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    gaps.extend(top(view));
    gaps.extend(cycles(view));
    gaps.extend(unattached(view));
    gaps.extend(without_leading(view));
    let empty = coverage::gaps(view.scope).empty;
    gaps.extend(empty.into_iter().map(|(tier, heart)| Gap {
        about: Text::from("Coverage"),
        missing: Text::from(coverage::sentence(tier, heart)),
    }));
    for definition in view.scope {
        gaps.extend(unknown_targets(view, definition));
    }
    for definition in view.kpis {
        gaps.extend(disordered(view, definition));
        gaps.extend(unsaid(view, definition));
    }
    gaps
}

fn top(view: View<'_>) -> Option<Gap> {
    let (tops, declared) = view.tree.tops();
    (!declared).then(|| Gap {
        about: Text::from("Metric tree"),
        missing: if tops.is_empty() {
            Text::new().marked(
                "no metric drives another: write `drives` in the catalogue, and `north_star` in a goal of abide.toml",
            )
        } else {
            Text::new().marked("no goal names a `north_star`; the tree begins at what is driven and drives nothing")
        },
    })
}

fn cycles(view: View<'_>) -> Vec<Gap> {
    let in_scope = |cycle: &Vec<&str>| cycle.iter().any(|id| view.scope.iter().any(|d| d.id == *id));
    let cycles = view.tree.cycles().into_iter().filter(in_scope);
    cycles
        .map(|cycle| {
            let mut text = Text::new();
            for id in cycle.iter().chain(cycle.first()) {
                text = if text.is_empty() { text } else { text.say(" drives ") }.append(view.named_by(id));
            }
            Gap {
                about: Text::from("Metric tree"),
                missing: text.say(": a circle leads to no goal"),
            }
        })
        .collect()
}

fn unattached(view: View<'_>) -> Option<Gap> {
    let (tops, _) = view.tree.tops();
    let scope: BTreeSet<&str> = view.scope.iter().map(|definition| definition.id.as_str()).collect();
    let names: Vec<Text> = view
        .tree
        .unattached()
        .into_iter()
        .filter(|id| scope.contains(id))
        .map(|id| view.named_by(id))
        .collect();
    (!names.is_empty() && !tops.is_empty()).then(|| Gap {
        about: Text::from("Metric tree"),
        missing: Text::join(names).say(": the way to a north star is not declared"),
    })
}

/// North stars that nothing early drives: they confirm, when it is too late to steer.
fn without_leading(view: View<'_>) -> Vec<Gap> {
    let (tops, _) = view.tree.tops();
    tops.iter()
        .filter_map(|id| view.definition(id))
        .filter(|top| view.scope.iter().any(|definition| definition.id == top.id))
        .filter(|top| {
            let below = view.tree.driven_by(&top.id);
            let leading = |id: &&str| view.definition(id).and_then(|d| d.metric.indicator) == Some(Indicator::Leading);
            top.metric.indicator != Some(Indicator::Leading) && !below.iter().any(leading)
        })
        .map(|top| Gap {
            about: view.named(top),
            missing: Text::from("no leading metric drives it directly: it moves when it is too late to steer"),
        })
        .collect()
}

fn unknown_targets(view: View<'_>, definition: &Definition) -> Option<Gap> {
    let unknown: Vec<Text> = definition
        .metric
        .drives
        .iter()
        .filter(|id| view.definition(id).is_none())
        .map(|id| Text::new().code(id.clone()))
        .collect();
    (!unknown.is_empty()).then(|| Gap {
        about: view.named(definition),
        missing: Text::from("drives ")
            .append(Text::join(unknown))
            .say(", which the catalogue does not have"),
    })
}

/// Whether the levels come in an order that no value could pass through: a target beyond the warning, or a warning beyond
/// the critical level.
fn disordered(view: View<'_>, definition: &Definition) -> Option<Gap> {
    let levels = Levels::of(&definition.metric);
    let worse = |a: Option<f64>, b: Option<f64>| {
        let (Some(a), Some(b)) = (a, b) else { return false };
        match definition.metric.direction {
            Some(Direction::Decrease) => a > b,
            Some(Direction::Increase) => a < b,
            None => false,
        }
    };
    let pairs = [
        ("target", levels.target, "warn", levels.warn),
        ("warn", levels.warn, "critical", levels.critical),
        ("target", levels.target, "critical", levels.critical),
    ];
    let (first, _, second, _) = pairs.into_iter().find(|(_, a, _, b)| worse(*a, *b))?;
    Some(Gap {
        about: view.named(definition),
        missing: Text::new().marked(&format!("`{first}` is beyond `{second}`: one of the two is wrong")),
    })
}

/// What a KPI needs for somebody to act on it, and the catalogue does not say.
fn unsaid(view: View<'_>, definition: &Definition) -> Option<Gap> {
    let metric: &Metric = &definition.metric;
    let fields = [
        ("direction", metric.direction.is_none()),
        ("baseline", definition.value().is_none()),
        (
            "source",
            metric.source.as_ref().is_none_or(|source| source.from.is_none()),
        ),
        ("method", metric.method.is_none()),
        ("owner", metric.owner.is_none()),
        ("refresh", metric.refresh.is_none()),
        ("tier", metric.tier.is_none()),
        ("indicator", metric.indicator.is_none()),
    ];
    let mut missing: Vec<Text> = fields
        .into_iter()
        .filter(|(_, absent)| *absent)
        .map(|(name, _)| Text::new().code(name))
        .collect();
    if method::lacks_card(metric) {
        missing.push(Text::from("the card of whoever judges"));
    }
    (!missing.is_empty()).then(|| Gap {
        about: view.named(definition),
        missing: Text::from("the catalogue does not say ").append(Text::join(missing)),
    })
}
