//! What keeps a metric from being sized. Nothing is sized approximately in silence: what is not supported is named.

use super::sizer::{Lacking, Values, values};
use crate::language::{AnalysisPopulation, DesignKind, Role, Test};
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

/// What is wrong with the design as a whole, for every metric.
pub(super) fn design_obstacle(experiment: &Experiment) -> Option<Obstacle> {
    let at = |dotted: &str, reason: String| {
        Some(Obstacle {
            pointer: Pointer::from_dotted(dotted),
            reason,
        })
    };
    let design = experiment.spec.design.clone().unwrap_or_default();
    match design.kind {
        None => return at("design.kind", "the design has no kind".to_owned()),
        Some(DesignKind::Parallel) => {}
        Some(kind) => {
            return at(
                "design.kind",
                format!("`{kind}` designs are not sized by this version of abide"),
            );
        }
    }
    if experiment.control().is_none() || experiment.treatments().next().is_none() {
        return at("arms", "there is no single control arm to compare with".to_owned());
    }
    if experiment.faults.touches(&Pointer::parse("/arms")) || experiment.faults.touches(&Pointer::parse("/statistics"))
    {
        return at("arms", "arms or statistics have errors".to_owned());
    }
    if experiment.statistics.sequential.is_some() {
        return at(
            "statistics.sequential",
            "interim looks are not sized by this version of abide".to_owned(),
        );
    }
    if design.repeats.is_some_and(|repeats| repeats > 1) {
        return at(
            "design.repeats",
            "repeats are not sized by this version of abide".to_owned(),
        );
    }
    if needs_design_effect(&design) {
        return at(
            "design.cluster",
            "analysis below the randomisation unit is not sized by this version of abide".to_owned(),
        );
    }
    let traffic = experiment.spec.traffic.as_ref();
    let diluted = traffic.is_some_and(|traffic| {
        traffic.analysis == Some(AnalysisPopulation::All) && traffic.eligible.is_some_and(|share| share.get() < 1.0)
    });
    if diluted {
        return at(
            "traffic.analysis",
            "dilution by units that never reach the change is not sized by this version of abide".to_owned(),
        );
    }
    None
}

/// A design effect applies when the cluster is what is randomised, or when the analysis is finer than the unit.
fn needs_design_effect(design: &crate::language::Design) -> bool {
    let finer = design
        .analysis_unit
        .as_ref()
        .is_some_and(|analysis| Some(analysis) != design.unit.as_ref());
    let cluster_is_unit = design
        .cluster
        .as_ref()
        .and_then(|cluster| cluster.unit.as_ref())
        .is_some_and(|cluster| Some(cluster) == design.unit.as_ref());
    finer || cluster_is_unit
}

/// The values of a metric that can be sized, or what stands in the way.
pub(super) fn metric_values(experiment: &Experiment, metric: &Metric) -> Result<Values, Obstacle> {
    let at = |field: &str, reason: &str| Obstacle {
        pointer: metric.field(field),
        reason: reason.to_owned(),
    };
    if experiment.faults.touches(&metric.pointer) {
        return Err(Obstacle {
            pointer: metric.pointer.clone(),
            reason: "its declaration has errors".to_owned(),
        });
    }
    if metric.effect().is_none() && metric.is_gating() {
        let (field, reason) = match (metric.test(), metric.role) {
            (Test::Superiority, _) => ("mde", "it has no `mde`"),
            (_, Role::Guardrail) => ("margin", "it has no `margin`"),
            (_, _) => ("margin", "a non-inferiority test needs a `margin`"),
        };
        return Err(at(field, reason));
    }
    let values = values(metric).map_err(|Lacking { field, reason }| at(field, &reason))?;
    if metric.test() == Test::Equivalence {
        return Err(at("test", "equivalence tests are not sized by this version of abide"));
    }
    if metric.declared.judge.as_ref().is_some_and(|judge| {
        let perfect = |share: Option<crate::language::values::Fraction>| share.is_none_or(|s| s.get() >= 1.0);
        !(perfect(judge.sensitivity) && perfect(judge.specificity))
    }) {
        return Err(at(
            "judge",
            "judge error is not part of the sizes of this version of abide",
        ));
    }
    if metric.declared.variance_reduction.is_some() {
        return Err(at(
            "variance_reduction",
            "covariate adjustment is not part of the sizes of this version of abide",
        ));
    }
    Ok(values)
}
