//! The root of a spec: one experiment.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::conclusion::Conclusion;
use super::decision::Decision;
use super::design::Design;
use super::experiment::Experiment;
use super::governance::{Amendment, Budget, Instrumentation, Privacy, Rollback, Threat, Waiver};
use super::hypothesis::Hypothesis;
use super::metric::Metric;
use super::population::Population;
use super::schedule::Schedule;
use super::statistics::Statistics;
use super::traffic::Traffic;

/// One experiment, registered before its data: `specs/**/*.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Spec {
    /// The edition of the language. Always the first line.
    #[schemars(extend("enum" = [1]))]
    pub edition: Option<i64>,
    /// Who runs the experiment, what it belongs to, and how far it has come.
    pub experiment: Option<Experiment>,
    /// What is believed, why, and what would refute it.
    pub hypothesis: Option<Hypothesis>,
    /// Who is eligible.
    pub population: Option<Population>,
    /// How units are assigned and observed.
    pub design: Option<Design>,
    /// The arms by id: the control and at least one treatment.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub arms: IndexMap<String, Arm>,
    /// The metrics by id: what the experiment decides on and what it watches.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub metrics: IndexMap<String, Metric>,
    /// How many units come, and which take part. Online only.
    pub traffic: Option<Traffic>,
    /// When it starts and how long it may take. Online only.
    pub schedule: Option<Schedule>,
    /// Error rates, corrections, interim looks and health checks.
    pub statistics: Option<Statistics>,
    /// What each outcome leads to.
    pub decision: Option<Decision>,
    /// What could make the result wrong, and what is done about it.
    pub threats: Vec<Threat>,
    /// Which data are used, and how they are protected.
    pub privacy: Option<Privacy>,
    /// What the experiment itself may cost.
    pub budget: Option<Budget>,
    /// How the change is taken back.
    pub rollback: Option<Rollback>,
    /// How it is known that the measurements work.
    pub instrumentation: Option<Instrumentation>,
    /// Rules that do not apply here, and why.
    pub allow: Vec<Waiver>,
    /// Changes made after approval.
    pub amendments: Vec<Amendment>,
    /// What was decided in the end: the record of the decision.
    pub conclusion: Option<Conclusion>,
}
