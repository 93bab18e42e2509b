//! The resolved experiment: what rules, plan and documents read.
//!
//! Everything declared is in [`Experiment::spec`], merged from edition, workspace, catalogue and spec; what follows from it
//! (which arm is the control, exact shares, which test a metric takes) is made explicit beside it, once.

use indexmap::IndexMap;

use crate::diagnostics::Place;
use crate::language::values::Ratio;
use crate::language::{
    self, ArmCorrection, DesignKind, Direction, GuardrailPower, MetricCorrection, MetricKind, MetricScale, Mode,
    NonInferiorityVariance, Primaries, ProportionTest, ProportionVariance, Risk, Role, Sequential, Status, Test,
    values::Effect,
};
use crate::source::{FileId, Pointer};
use crate::stats::log_sd_from_cv;
use crate::syntax::{Faults, Node};

use super::contrast::Contrast;
use super::origin::{Layers, Origin, closest_span};

/// One experiment with every name resolved and every default filled in.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// The spec's file.
    pub file: FileId,
    /// The id; empty when the spec has none, which has then been reported.
    pub id: String,
    /// Everything declared, merged.
    pub spec: language::Spec,
    /// The merged tree: the same values with the places they were written at.
    pub tree: Node,
    /// Which file is which layer.
    pub layers: Layers,
    /// What earlier errors already speak for.
    pub faults: Faults,
    /// The arms in the order of the spec.
    pub arms: Vec<Arm>,
    /// What is compared with what, in the order of the spec; empty without a single control arm.
    pub contrasts: Vec<Contrast>,
    /// The metrics in the order of the spec.
    pub metrics: Vec<Metric>,
    /// The statistical choices, none of them optional.
    pub statistics: Statistics,
    /// The limits on duration, none of them optional.
    pub limits: Limits,
    /// Share of the layer's units that its holdouts keep out, in [0, 1).
    pub holdout: f64,
    /// What the spec names and the catalogue declares.
    pub named: Named,
}

/// The units and sources that an experiment names, as far as the catalogue declares them: part of what it measures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Named {
    /// Units by id.
    pub units: IndexMap<String, language::Unit>,
    /// Sources by id.
    pub sources: IndexMap<String, language::Source>,
}

/// An arm with its exact share of the units.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Its id.
    pub id: String,
    /// Whether the others are compared with it.
    pub control: bool,
    /// Its share of all units as an exact fraction; the shares of all arms sum to one.
    pub share: Ratio,
    /// What the spec says of it.
    pub declared: language::Arm,
}

/// A metric with its role and question made explicit.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Its id in the spec.
    pub id: String,
    /// `/metrics/ID`.
    pub pointer: Pointer,
    /// What spec and catalogue say of it, merged.
    pub declared: language::Metric,
    /// Its role; metrics without one are diagnostics.
    pub role: Role,
    /// The margin that a superiority test must beat: of a metric that gates the decision, where the spec itself writes one. The
    /// margin of a catalogue is for those who use the metric as a guardrail, and makes nobody's test harder.
    pub margin_to_beat: Option<Effect>,
}

/// The statistical choices of an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Type I error of the set of superiority primaries, in (0, 1).
    pub alpha: f64,
    /// Power of the decision, in (0, 1).
    pub power: f64,
    /// 1 or 2.
    pub sides: u8,
    /// One-sided alpha of a guardrail; `alpha / sides` unless written.
    pub guardrail_alpha: f64,
    /// Whether the power target of gating metrics is raised for the number of guardrails.
    pub guardrail_power: GuardrailPower,
    /// Whether one won primary is enough.
    pub primaries: Primaries,
    /// Correction over arms.
    pub over_arms: ArmCorrection,
    /// Correction over superiority primaries.
    pub over_metrics: MetricCorrection,
    /// How superiority of proportions and preferences is tested.
    pub proportion_test: ProportionTest,
    /// Null variance of two proportions.
    pub proportion_variance: ProportionVariance,
    /// Null variance of a non-inferiority test of two proportions.
    pub noninferiority_variance: NonInferiorityVariance,
    /// Interim looks; `None` when there are none.
    pub sequential: Option<Sequential>,
}

/// Limits on the duration of an online experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Shortest run.
    pub min_days: u32,
    /// Longest run: ramp, enrolment and maturity together.
    pub max_days: u32,
    /// The field that sets the longest run: `schedule.max_days`, or `design.until` of a holdout that ends earlier.
    pub longest_at: &'static str,
    /// Whether ramp and enrolment are rounded up to whole weeks.
    pub whole_weeks: bool,
}

impl Experiment {
    /// The control arm, when there is exactly one.
    pub fn control(&self) -> Option<&Arm> {
        let mut controls = self.arms.iter().filter(|arm| arm.control);
        let first = controls.next();
        if controls.next().is_some() { None } else { first }
    }

    /// The arms that are compared with control.
    pub fn treatments(&self) -> impl Iterator<Item = &Arm> {
        self.arms.iter().filter(|arm| !arm.control)
    }

    /// The metric with an id.
    pub fn metric(&self, id: &str) -> Option<&Metric> {
        self.metrics.iter().find(|metric| metric.id == id)
    }

    /// Whether the design is of a kind.
    pub fn is_of(&self, kind: DesignKind) -> bool {
        self.spec.design.as_ref().and_then(|design| design.kind) == Some(kind)
    }

    /// Metrics of a role, in the order of the spec.
    pub fn metrics_of(&self, role: Role) -> impl Iterator<Item = &Metric> {
        self.metrics.iter().filter(move |metric| metric.role == role)
    }

    /// Metrics whose result gates the decision: primaries and guardrails.
    pub fn gating_metrics(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.iter().filter(|metric| metric.is_gating())
    }

    /// Superiority primaries: the S of the corrections.
    pub fn superiority_primaries(&self) -> impl Iterator<Item = &Metric> {
        self.metrics_of(Role::Primary)
            .filter(|metric| metric.test() == Test::Superiority)
    }

    /// Gating metrics that must be shown not to be worse: the G of the corrections.
    pub fn non_inferiority_metrics(&self) -> impl Iterator<Item = &Metric> {
        self.gating_metrics()
            .filter(|metric| metric.test() != Test::Superiority)
    }

    /// The status, `draft` when the spec has none.
    pub fn status(&self) -> Status {
        self.spec
            .experiment
            .as_ref()
            .and_then(|e| e.status)
            .unwrap_or(Status::Draft)
    }

    /// The risk, when the spec has one.
    pub fn risk(&self) -> Option<Risk> {
        self.spec.experiment.as_ref().and_then(|e| e.risk)
    }

    /// Whether users meet the arms, or logged units do.
    pub fn mode(&self) -> Mode {
        self.spec.design.as_ref().and_then(|d| d.mode).unwrap_or(Mode::Online)
    }

    /// Whether the spec is past its draft: then governance must be complete too.
    pub fn is_past_draft(&self) -> bool {
        self.status() != Status::Draft
    }

    /// The place of a value, or for what is missing the closest table that someone wrote.
    pub fn place(&self, pointer: &Pointer) -> Place {
        Place::new(closest_span(&self.tree, pointer, &self.layers), pointer.clone())
    }

    /// Where a value comes from; `None` when nothing stands there.
    pub fn origin(&self, pointer: &Pointer) -> Option<Origin> {
        self.tree.lookup(pointer).map(|node| self.layers.origin(node))
    }

    /// Whether somebody wrote a value there; a default of the edition does not count.
    pub fn is_written(&self, pointer: &Pointer) -> bool {
        self.origin(pointer)
            .is_some_and(|origin| origin != Origin::EditionDefault)
    }
}

impl Metric {
    /// Whether its result gates the decision.
    pub fn is_gating(&self) -> bool {
        matches!(self.role, Role::Primary | Role::Guardrail)
    }

    /// The test it takes: what is written, else non-inferiority for a guardrail and superiority for all others.
    pub fn test(&self) -> Test {
        self.declared.test.unwrap_or(match self.role {
            Role::Guardrail => Test::NonInferiority,
            Role::Primary | Role::Secondary | Role::Diagnostic => Test::Superiority,
        })
    }

    /// What the test asks for: the MDE of a superiority test, the margin of the others.
    pub fn effect(&self) -> Option<Effect> {
        match self.test() {
            Test::Superiority => self.declared.mde,
            Test::NonInferiority | Test::Equivalence => self.declared.margin,
        }
    }

    /// The margin that its test uses: one to beat for superiority, one to hold for the others.
    pub fn tested_margin(&self) -> Option<Effect> {
        match self.test() {
            Test::Superiority => self.margin_to_beat,
            Test::NonInferiority | Test::Equivalence => self.declared.margin,
        }
    }

    /// An amount on the metric's own scale: shares are taken of the baseline. `None` for a share of a baseline that is not known.
    pub fn in_units(&self, effect: Effect) -> Option<f64> {
        match effect {
            Effect::Relative(share) => Some(share.get() * self.baseline()?.abs()),
            Effect::Absolute(amount) => Some(amount.value()),
        }
    }

    /// The kind, when it is known.
    pub fn kind(&self) -> Option<MetricKind> {
        self.declared.kind
    }

    /// What is better, when it is known.
    pub fn direction(&self) -> Option<Direction> {
        self.declared.direction
    }

    /// Expected value in the control arm.
    pub fn baseline(&self) -> Option<f64> {
        self.declared
            .baseline
            .as_ref()?
            .value
            .map(language::values::Fraction::get)
    }

    /// Whether its values are analysed as logarithms, so that its effects are ratios of geometric means.
    pub fn is_logarithmic(&self) -> bool {
        self.kind() == Some(MetricKind::Mean) && self.declared.scale == Some(MetricScale::Log)
    }

    /// Standard deviation of the logarithm of one analysis unit: `log_sd`, or √ln(1 + cv²) of log-normal values.
    pub fn log_standard_deviation(&self) -> Option<f64> {
        let baseline = self.declared.baseline.as_ref()?;
        baseline.log_sd.or_else(|| log_sd_from_cv(baseline.cv?).ok())
    }

    /// Standard deviation of one analysis unit: `sd`, or `cv` times the value. `None` where values are analysed as logarithms.
    pub fn standard_deviation(&self) -> Option<f64> {
        let baseline = self.declared.baseline.as_ref().filter(|_| !self.is_logarithmic())?;
        baseline.sd.or_else(|| Some(baseline.cv? * self.baseline()?.abs()))
    }

    /// The address of one of its fields.
    pub fn field(&self, name: &str) -> Pointer {
        self.pointer.join(name)
    }

    /// The name to show: the title where there is one.
    pub fn shown(&self) -> &str {
        self.declared.title.as_deref().unwrap_or(&self.id)
    }
}
