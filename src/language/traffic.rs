//! `[traffic]`: how many units come, and which of them take part.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::choice::choice;
use super::values::Fraction;

choice! {
    /// Which units are analysed when not all reach the change.
    pub enum AnalysisPopulation {
        /// Those that reached the change, in both arms.
        Triggered = "triggered",
        /// All that were assigned.
        All = "all",
    }
}

choice! {
    /// Where an exposure is recorded.
    pub enum ExposurePoint {
        /// On the server, when the arm is drawn.
        ServerAssignment = "server-assignment",
        /// On the server, when the answer or page of the arm is sent.
        ServerResponse = "server-response",
        /// In the app or browser, when the change has been drawn.
        ClientRender = "client-render",
        /// In the app or browser, when the user acts on the change.
        ClientAction = "client-action",
    }
}

/// How many units come, which of them are eligible, and what share takes part. Enrolled per day is
/// `units_per_day · eligible · allocation · (1 − holdout)`, without `eligible` where `analysis = "all"`: then those who never
/// reach the change are enrolled and counted too.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Traffic {
    /// New distinct analysis units a day, before eligibility. May come from the layer: give it in one place.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [20000]))]
    pub units_per_day: Option<f64>,
    /// Distinct units seen up to a day, instead of `units_per_day`: pairs of day and units. Returning users make it bend.
    #[schemars(extend("examples" = [[[1, 20000], [7, 95000], [14, 150_000]]]))]
    pub cumulative: Vec<CumulativePoint>,
    /// Share of units that reaches the change, above 0 up to 1. Below 1, `analysis` is required.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1, "examples" = [0.9]))]
    pub eligible: Option<Fraction>,
    /// Which units are analysed when not all reach the change.
    pub analysis: Option<AnalysisPopulation>,
    /// Share of eligible units that takes part, above 0 up to 1.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1, "examples" = [0.5]))]
    pub allocation: Option<Fraction>,
    /// The layer of `abide.toml` that the experiment shares traffic in.
    #[schemars(extend("x-abide-ref" = "layer", "examples" = ["search"]))]
    pub layer: Option<String>,
    /// How it is known that a unit met its arm.
    pub exposure: Option<Exposure>,
}

/// Distinct units seen by the end of a day: `[7, 95000]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CumulativePoint(
    /// The day, 1 for the first.
    pub u32,
    /// Distinct units seen by its end.
    pub f64,
);

impl JsonSchema for CumulativePoint {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "CumulativePoint".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": "number", "minimum": 0 },
            "minItems": 2,
            "maxItems": 2,
            "x-abide-type": "day-and-units",
        })
    }
}

/// How it is known that a unit met its arm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Exposure {
    /// Where exposures are logged.
    #[schemars(extend("examples" = ["exposures"]))]
    pub source: Option<String>,
    /// By whom and when. Late or client-side logging is the main cause of sample ratio mismatch.
    #[schemars(extend("examples" = ["server, at assignment"]))]
    pub logged: Option<String>,
    /// Where it is recorded. What is recorded by the client is lost for some units, and not equally in every arm.
    pub point: Option<ExposurePoint>,
    /// Whether control units that would have met the change are logged too, which triggered analysis needs.
    pub counterfactual: Option<bool>,
}
