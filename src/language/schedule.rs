//! `[schedule]`: when it starts, how it ramps up, and how long it may take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Date, Fraction};

/// When the experiment starts, how it ramps up, and how long it may take. Replays have none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// The first day.
    pub start: Option<Date>,
    /// The most days everything may take: ramp, enrolment and the maturing of the last units. Left out: `policy.max_days`.
    #[schemars(extend("minimum" = 1, "examples" = [28]))]
    pub max_days: Option<u32>,
    /// Stages before the full allocation, in order. A stage replaces `traffic.allocation` while it lasts.
    #[schemars(extend("examples" = [[{ "days": 1, "allocation": 0.01 }, { "days": 2, "allocation": 0.1 }]]))]
    pub ramp: Vec<RampStage>,
    /// Whether units of the ramp are analysed. Left out, those of a `cumulative` curve are missing when they come back. Pooling stages of different weights can reverse an effect (Simpson's paradox).
    pub ramp_in_analysis: Option<bool>,
}

/// One stage of a ramp.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RampStage {
    /// How many days it lasts.
    #[schemars(extend("minimum" = 1))]
    pub days: u32,
    /// Share of eligible units that takes part, from 0 to 1.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub allocation: Fraction,
}
