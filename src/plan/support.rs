//! What keeps a metric from being sized. Nothing is sized approximately in silence: what is not supported is named.

use super::factorial;
use crate::language::{DesignKind, MetricKind, Role, Test, values::Effect};
use crate::resolve::{Experiment, Metric};
use crate::source::Pointer;

/// Why a metric is not sized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Obstacle {
    /// The address of what is missing or not supported.
    pub(super) pointer: Pointer,
    /// A clause without a full stop.
    pub(super) reason: String,
}

impl Obstacle {
    /// An obstacle at an address.
    pub(super) fn new(pointer: Pointer, reason: &str) -> Self {
        Self {
            pointer,
            reason: reason.to_owned(),
        }
    }
}

/// What is wrong with the design as a whole, for every metric.
pub(super) fn design_obstacle(experiment: &Experiment) -> Option<Obstacle> {
    let at = |dotted: &str, reason: &str| Some(Obstacle::new(Pointer::from_dotted(dotted), reason));
    let kind = experiment.spec.design.as_ref().and_then(|design| design.kind);
    match kind {
        None => return at("design.kind", "the design has no kind"),
        Some(DesignKind::Bandit) => {
            return at(
                "design.kind",
                "a bandit chooses and does not test: it is simulated, not sized",
            );
        }
        Some(_) => {}
    }
    if experiment.control().is_none() || experiment.treatments().next().is_none() {
        return at("arms", "there is no single control arm to compare with");
    }
    if experiment.faults.touches(&Pointer::parse("/arms")) || experiment.faults.touches(&Pointer::parse("/statistics"))
    {
        return at("arms", "arms or statistics have errors");
    }
    if kind == Some(DesignKind::Interleaving) && experiment.treatments().nth(1).is_some() {
        return at("arms", "interleaving compares two rankers, and there are more");
    }
    if kind == Some(DesignKind::Factorial) {
        return factorial::missing(experiment).map(|reason| Obstacle::new(Pointer::from_dotted("arms"), &reason));
    }
    let share = experiment.spec.design.as_ref().and_then(|design| design.share);
    let held = experiment.control().map(|control| control.share.to_f64());
    match (kind, share, held) {
        (Some(DesignKind::Holdout), Some(share), Some(held)) if (share.get() - held).abs() > 1e-9 => at(
            "design.share",
            "the weights of the arms do not hold out the share that the design declares",
        ),
        _ => None,
    }
}

/// The effect or margin that a metric is sized for, or what stands in the way.
pub(super) fn asked_effect(experiment: &Experiment, metric: &Metric) -> Result<Option<Effect>, Obstacle> {
    if experiment.faults.touches(&metric.pointer) {
        return Err(Obstacle::new(metric.pointer.clone(), "its declaration has errors"));
    }
    let kind = experiment.spec.design.as_ref().and_then(|design| design.kind);
    match (kind, metric.kind()) {
        (Some(DesignKind::Interleaving), Some(other)) if other != MetricKind::Preference => {
            return Err(Obstacle::new(
                metric.field("kind"),
                "interleaving shows which ranking is preferred and nothing else: measure this in the A/B test that follows",
            ));
        }
        (Some(kind), Some(MetricKind::Preference))
            if !matches!(kind, DesignKind::Interleaving | DesignKind::Paired) =>
        {
            return Err(Obstacle::new(
                metric.field("kind"),
                "a preference needs units that meet both sides: an interleaving or a paired design",
            ));
        }
        _ => {}
    }
    if metric.effect().is_none() && metric.is_gating() {
        let (field, reason) = match (metric.test(), metric.role) {
            (Test::Superiority, _) => ("mde", "it has no `mde`"),
            (_, Role::Guardrail) => ("margin", "it has no `margin`"),
            (_, _) => ("margin", "a non-inferiority test needs a `margin`"),
        };
        return Err(Obstacle::new(metric.field(field), reason));
    }
    Ok(metric.effect())
}
