//! Specs, catalogue, workspace and edition → one [`Experiment`] in which nothing is left open.
//!
//! Layers are merged as trees *before* they are read into types, so that every value keeps the place it was written at and
//! precedence is one operation: spec over catalogue over `abide.toml` defaults over edition defaults.

mod amounts;
mod arms;
mod contrast;
mod experiment;
mod inherit;
mod lower;
mod merge;
mod named;
mod origin;
mod overlay;
mod references;

pub use contrast::Contrast;
pub use experiment::{Arm, Experiment, Limits, Metric, Named, Statistics};
pub use lower::lower;
pub use origin::{Layers, Origin};
pub use overlay::Overlay;
pub(crate) use references::dangling;

use crate::diagnostics::Sink;
use crate::language::{
    self, ArmCorrection, DesignKind, GuardrailPower, MetricCorrection, NonInferiorityVariance, Primaries,
    ProportionTest, ProportionVariance, Role, SequentialMethod, Test,
};
use crate::source::{FileId, Pointer};
use crate::syntax::{Node, Parsed};
use crate::workspace::Workspace;

/// Resolves one spec. Returns `None` only when there is nothing to resolve: an empty or unreadable file, which has been
/// reported by then. A supposition counts as if the spec said so.
pub fn resolve(
    file: FileId,
    parsed: Parsed,
    workspace: Option<&Workspace>,
    edition: (FileId, &Node),
    overlay: Option<&Overlay>,
    sink: &mut Sink,
) -> Option<Experiment> {
    if parsed.root.as_table().is_none_or(indexmap::IndexMap::is_empty) {
        return None;
    }
    let Parsed { root: spec, faults } = parsed;
    let layers = Layers {
        spec: file,
        workspace: workspace.map(|w| w.file),
        edition: edition.0,
        supposed: overlay.map(|overlay| overlay.file),
    };
    let tree = inherit::inherit(spec, workspace, edition.1, overlay, sink);
    let mut declared: language::Spec = lower(&without_policy(&tree), sink)?;
    amounts::in_units_of_metrics(&mut declared);
    let id = declared
        .experiment
        .as_ref()
        .and_then(|e| e.id.clone())
        .unwrap_or_default();
    let metrics = metrics(&declared, &tree, &layers);
    let arms = arms::resolve(&declared.arms, &tree, &layers, &faults, held_out(&declared), sink);
    let experiment = Experiment {
        file,
        id,
        contrasts: contrast::contrasts(declared.design.as_ref(), &arms),
        statistics: statistics(declared.statistics.as_ref()),
        limits: limits(&tree, &declared),
        holdout: holdout(&declared, workspace),
        named: named::named(&declared, workspace),
        spec: declared,
        tree,
        layers,
        faults,
        arms,
        metrics,
    };
    references::check(&experiment, workspace, sink);
    Some(experiment)
}

/// The metrics with role and question made explicit.
fn metrics(declared: &language::Spec, tree: &Node, layers: &Layers) -> Vec<Metric> {
    let kind = declared.design.as_ref().and_then(|design| design.kind);
    // A bandit tests nothing, and arms of an A/A test are alike: there is nothing to beat.
    let tests = !matches!(kind, Some(DesignKind::Bandit | DesignKind::Aa));
    let each = |(id, declared): (&String, &language::Metric)| {
        let mut metric = Metric {
            id: id.clone(),
            pointer: Pointer::root().join("metrics").join(id),
            role: declared.role.unwrap_or(Role::Diagnostic),
            declared: declared.clone(),
            margin_to_beat: None,
        };
        let own = tree
            .lookup(&metric.field("margin"))
            .is_some_and(|node| matches!(layers.origin(node), Origin::Spec(_) | Origin::Supposed(_)));
        if own && tests && metric.is_gating() && metric.test() == Test::Superiority {
            metric.margin_to_beat = metric.declared.margin;
        }
        metric
    };
    declared.metrics.iter().map(each).collect()
}

/// The policy is merged into the tree, so that its values have places, but it is no part of a spec.
fn without_policy(tree: &Node) -> Node {
    let mut tree = tree.clone();
    if let crate::syntax::Kind::Table(entries) = &mut tree.kind {
        entries.shift_remove("policy");
    }
    tree
}

/// Statistical choices made explicit. The edition fills every field before this is called; the values here repeat it only
/// for trees whose statistics were unreadable, which have been reported.
fn statistics(declared: Option<&language::Statistics>) -> Statistics {
    let empty = language::Statistics::default();
    let declared = declared.unwrap_or(&empty);
    let fraction = |value: Option<language::values::Fraction>, fallback: f64| {
        value.map_or(fallback, language::values::Fraction::get)
    };
    let alpha = fraction(declared.alpha, 0.05);
    let sides = declared.sides.unwrap_or(2);
    let multiplicity = declared.multiplicity.clone().unwrap_or_default();
    Statistics {
        alpha,
        power: fraction(declared.power, 0.80),
        sides,
        guardrail_alpha: fraction(declared.guardrail_alpha, alpha / f64::from(sides)),
        guardrail_power: declared.guardrail_power.unwrap_or(GuardrailPower::Spotify),
        primaries: declared.primaries.unwrap_or(Primaries::Any),
        over_arms: multiplicity.arms.unwrap_or(ArmCorrection::Dunnett),
        over_metrics: multiplicity.metrics.unwrap_or(MetricCorrection::Bonferroni),
        proportion_test: declared.proportion_test.unwrap_or(ProportionTest::Z),
        proportion_variance: declared.proportion_variance.unwrap_or(ProportionVariance::PooledNull),
        noninferiority_variance: declared
            .noninferiority_variance
            .unwrap_or(NonInferiorityVariance::FarringtonManning),
        sequential: declared
            .sequential
            .clone()
            .filter(|s| s.method.is_some_and(|method| method != SequentialMethod::None)),
    }
}

/// Units of a layer that its holdouts keep out of every experiment.
fn holdout(declared: &language::Spec, workspace: Option<&Workspace>) -> f64 {
    let included = declared.population.as_ref().and_then(|p| p.include_holdout) == Some(true);
    let layer = declared.traffic.as_ref().and_then(|t| t.layer.as_ref());
    let (Some(workspace), Some(layer), false) = (workspace, layer, included) else {
        return 0.0;
    };
    workspace
        .config
        .holdouts
        .values()
        .filter(|holdout| holdout.layer.as_ref() == Some(layer) && is_in_force(holdout, declared))
        .filter_map(|holdout| holdout.share)
        .map(language::values::Fraction::get)
        .sum::<f64>()
        .min(1.0)
}

/// Whether a holdout has units when an experiment starts. Without dates it has.
fn is_in_force(holdout: &language::Holdout, declared: &language::Spec) -> bool {
    let start = declared.schedule.as_ref().and_then(|schedule| schedule.start);
    start
        .zip(holdout.until)
        .is_none_or(|(start, until)| start.days_until(until) >= 0)
}

/// The share of units that a holdout keeps without the changes.
fn held_out(declared: &language::Spec) -> Option<language::values::Decimal> {
    let design = declared.design.as_ref()?;
    let share = design.share.filter(|_| design.kind == Some(DesignKind::Holdout))?;
    language::values::Decimal::from_f64(share.get())
}

/// Days from the start of a holdout to its last day.
fn holdout_days(declared: &language::Spec) -> Option<u32> {
    let design = declared.design.as_ref()?;
    let until = design.until.filter(|_| design.kind == Some(DesignKind::Holdout))?;
    let start = declared.schedule.as_ref()?.start?;
    u32::try_from(start.days_until(until) + 1).ok()
}

fn limits(tree: &Node, declared: &language::Spec) -> Limits {
    let schedule = declared.schedule.as_ref();
    let policy = |name: &str| tree.lookup(&Pointer::root().join("policy").join(name));
    let days = |name: &str, fallback: u32| {
        policy(name)
            .and_then(Node::as_f64)
            .filter(|days| *days >= 0.0)
            .map_or(fallback, |days| days as u32)
    };
    let declared_days = schedule.and_then(|s| s.max_days);
    // Whichever comes first ends the run.
    let (max_days, longest_at) = match (declared_days, holdout_days(declared)) {
        (Some(days), Some(until)) if until < days => (until, "design.until"),
        (None, Some(until)) => (until, "design.until"),
        (Some(days), _) => (days, "schedule.max_days"),
        (None, None) => (days("max_days", 28), "schedule.max_days"),
    };
    Limits {
        min_days: days("min_days", 7),
        max_days,
        longest_at,
        whole_weeks: !matches!(
            policy("whole_weeks").map(|node| &node.kind),
            Some(crate::syntax::Kind::Boolean(false))
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_holdout_that_has_ended_takes_no_units() {
        let date = |text: &str| Some(language::values::Date::parse(text).unwrap());
        let spec = |start| language::Spec {
            schedule: Some(language::Schedule {
                start,
                ..Default::default()
            }),
            ..Default::default()
        };
        let until = |until| language::Holdout {
            until,
            ..Default::default()
        };
        let spring = until(date("2027-03-31"));
        assert!(is_in_force(&spring, &spec(date("2027-03-31"))));
        assert!(!is_in_force(&spring, &spec(date("2027-04-01"))));
        assert!(is_in_force(&spring, &spec(None)));
        assert!(is_in_force(&until(None), &spec(date("2027-04-01"))));
    }
}
