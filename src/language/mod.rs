//! Edition 1 of the language: the types of specs, catalogue files and workspaces.
//!
//! The doc comment of a field is its description in the JSON Schema and its hover text in editors. Nothing is judged
//! here beyond shape: `resolve` merges edition defaults, workspace, catalogue and spec before a value of these types is
//! read, so almost every field is optional, and what is missing is reported by `resolve` and the rules.

mod arm;
mod catalogue;
pub(crate) mod choice;
mod classes;
mod conclusion;
mod decision;
mod design;
pub mod edition;
mod experiment;
mod governance;
mod hypothesis;
pub mod metric;
mod population;
mod reference;
pub mod required;
mod schedule;
mod schemas;
mod sequential;
mod spec;
mod statistics;
mod traffic;
pub mod values;
mod workspace;

pub use arm::{Arm, Cache, Model, Prompt};
pub use catalogue::{Catalogue, Source, SourceKind, Unit, UnitKind};
pub use classes::{FieldClass, Form, Known, class_table, classes, is_unordered, known};
pub use conclusion::Conclusion;
pub use decision::{
    Action, Decision, DecisionRule, GuardrailState, NetValue, Preset as DecisionPreset, PrimaryState, Select, When,
};
pub use design::{
    BanditPolicy, BanditStop, Carryover, Cluster, Design, DesignKind, Explore, Interference, InterferenceEstimand,
    InterferenceKind, InterleavingAlgorithm, Log, Mode, Prior, TieHandling,
};
pub use experiment::{Class, Experiment, Risk, Status};
pub use governance::{Amendment, Budget, DataClass, Instrumentation, Level, Privacy, Rollback, Threat, Waiver};
pub use hypothesis::Hypothesis;
pub use metric::{Baseline, Direction, Facet, Metric, MetricKind, MetricScale, Role, Test, is_share};
pub use population::{Population, Segment, SegmentRole};
pub use reference::reference;
pub use schedule::{RampStage, Schedule};
pub use schemas::schemas;
pub use sequential::{
    EfficacySpending, Futility, GuardrailSpending, Looks, Sequential, SequentialMethod, Spending, SpendingParameter,
};
pub use spec::Spec;
pub use statistics::{
    ArmCorrection, GuardrailPower, HarmMethod, HarmStop, MetricCorrection, Multiplicity, NonInferiorityVariance,
    Primaries, ProportionTest, ProportionVariance, SegmentCorrection, Srm, SrmMethod, Statistics, Twyman, TwymanAction,
};
pub use traffic::{AnalysisPopulation, CumulativePoint, Exposure, ExposurePoint, Traffic};
pub use workspace::{
    AcceptedLoss, Assignments, CalendarEntry, Defaults, Goal, Holdout, LINT_KEYS, Layer, Layout, LintLevel, LintSet,
    Lints, Policy, Profile, Target, Workspace,
};
