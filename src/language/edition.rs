//! What each edition of the language means by what is left out.

/// The edition that this version writes.
pub const CURRENT: i64 = 1;

/// The editions that this version reads.
pub const KNOWN: &[i64] = &[1];

/// How provenance names the defaults of the edition.
pub const DEFAULTS_NAME: &str = "edition default";

/// The defaults of edition 1 as TOML, in the shape of the tables they fill.
///
/// - `population`, `design`, `traffic`, `schedule`, `statistics`, `decision`: in the shape of a spec;
/// - `arm`: fills every arm; `metric.<role>`: fills every metric of that role;
/// - `workspace`, `policy`: in the shape of `abide.toml`; `layer`, `target`: fill every layer and target;
/// - `present`: in the shape of a spec again (with `metric` for every metric), filling only tables that are written.
pub const DEFAULTS: &str = include_str!("edition-1.toml");

/// A default that is computed from other values, and therefore not in [`DEFAULTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// The field, dotted, `*` for any id.
    pub field: &'static str,
    /// What it is when left out.
    pub value: &'static str,
}

/// Every computed default of edition 1.
pub const DERIVED: &[Derived] = &[
    Derived {
        field: "arms.*.control",
        value: "`true` for the arm named `control`, unless another arm says `control = true`",
    },
    Derived {
        field: "arms.*.variation",
        value: "the id of the arm",
    },
    Derived {
        field: "design.analysis_unit",
        value: "`design.unit`",
    },
    Derived {
        field: "design.ties",
        value: "`exclude`, in an interleaving design",
    },
    Derived {
        field: "policy.amendable",
        value: "every field that is not `policy.frozen`",
    },
    Derived {
        field: "schedule.max_days",
        value: "`policy.max_days`",
    },
    Derived {
        field: "statistics.guardrail_alpha",
        value: "`statistics.alpha / statistics.sides`, one-sided",
    },
    Derived {
        field: "traffic.units_per_day",
        value: "`units_per_day` of the layer",
    },
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use indexmap::IndexMap;
    use serde::Deserialize;

    use super::*;
    use crate::language::{
        Arm, ArmCorrection, Decision, Design, Layer, Layout, Metric, MetricCorrection, Policy, Population, Role,
        Schedule, SequentialMethod, Statistics, Target, Traffic,
    };

    /// The shape of the defaults, through the types that they fill.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        population: Population,
        design: Design,
        traffic: Traffic,
        schedule: Schedule,
        statistics: Statistics,
        decision: Decision,
        arm: Arm,
        metric: IndexMap<Role, Metric>,
        workspace: Layout,
        policy: Policy,
        layer: Layer,
        target: Target,
        present: Present,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Present {
        design: Design,
        statistics: Statistics,
        metric: Metric,
    }

    #[test]
    fn the_defaults_fit_the_types_and_are_those_of_the_language() {
        let shape: Shape = toml::from_str(DEFAULTS).unwrap();
        let statistics = &shape.statistics;
        assert_eq!(statistics.alpha.map(f64::from), Some(0.05));
        assert_eq!(statistics.power.map(f64::from), Some(0.80));
        assert_eq!(statistics.sides, Some(2));
        assert_eq!(
            statistics.multiplicity.as_ref().unwrap().arms,
            Some(ArmCorrection::Dunnett)
        );
        assert_eq!(
            statistics.multiplicity.as_ref().unwrap().metrics,
            Some(MetricCorrection::Bonferroni)
        );
        assert_eq!(
            statistics.sequential.as_ref().unwrap().method,
            Some(SequentialMethod::None)
        );
        assert_eq!(statistics.srm.as_ref().unwrap().alpha.map(f64::from), Some(0.001));
        assert_eq!(shape.traffic.eligible.map(f64::from), Some(1.0));
        assert_eq!(shape.traffic.allocation.map(f64::from), Some(1.0));
        assert_eq!(shape.design.repeats, Some(1));
        assert_eq!(shape.arm.weight, Some(crate::language::values::Decimal::ONE));
        assert_eq!(
            (shape.policy.min_days, shape.policy.max_days, shape.policy.whole_weeks),
            (Some(7), Some(28), Some(true))
        );
        assert_eq!(shape.present.design.cluster.as_ref().unwrap().size_cv, Some(0.0));
        assert!(shape.decision.rule.is_some() && shape.workspace.specs.is_some());
        assert!(shape.population.include_holdout.is_some() && shape.schedule.ramp_in_analysis.is_some());
        assert!(shape.layer.exclusive.is_some() && shape.target.enabled.is_some());
        assert!(shape.present.statistics.harm_stop.is_some() && shape.present.metric.cap.is_some());
    }

    #[test]
    fn every_role_has_its_test() {
        let shape: Shape = toml::from_str(DEFAULTS).unwrap();
        for role in Role::ALL {
            assert!(shape.metric[role].test.is_some(), "{role}");
        }
    }

    #[test]
    fn the_current_edition_is_known() {
        assert!(KNOWN.contains(&CURRENT));
    }
}
