//! The answer: one number solved for, and all that is needed to check it.

use schemars::JsonSchema;
use serde::Serialize;

use super::request::Request;

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Sizing {
    /// Which version of this format it is.
    pub schema: Version,
    /// The request, with the defaults that were used filled in.
    pub request: Request,
    /// The answer.
    pub answer: Answer,
}

/// The version of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[schemars(inline)]
pub enum Version {
    /// The first.
    #[default]
    #[serde(rename = "abide.size/1")]
    One,
}

/// What was solved for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Solved {
    /// The sample size.
    N,
    /// The power.
    Power,
    /// The smallest effect.
    Effect,
    /// The smallest margin.
    Margin,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// What was solved for; the other quantities are those of the request.
    pub solved: Solved,
    /// The sample size.
    pub n: Size,
    /// The power, of deciding in the beneficial direction: that asked for, after guardrails, or that solved for.
    pub power: f64,
    /// The power with the whole units of `n`; null where looks at the data make it another question.
    pub power_at_whole_n: Option<f64>,
    /// The true effect, or the smallest one.
    pub effect: Option<Effect>,
    /// The margin, or the smallest one.
    pub margin: Option<Effect>,
    /// The level of this comparison, after corrections.
    pub level: TestLevel,
    /// What changed alpha, power or n beyond the plain comparison, in order.
    pub adjustments: Vec<Adjustment>,
    /// The test.
    pub test: String,
    /// The formula that is solved, in symbols.
    pub formula: String,
    /// Author, year and place of the formula.
    pub source: String,
    /// Critical values of the looks on the z scale; null for a look where nothing is spent. Empty without looks.
    pub boundaries: Vec<Option<f64>>,
    /// Expected sample under the effect as a share of the largest, with looks.
    pub expected_share: Option<f64>,
    /// What else a careful reader should know.
    pub notes: Vec<String>,
}

/// A sample size.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Size {
    /// What is counted: `unit`, `pair`, `comparison`, `question`, `cluster` or `event`.
    pub unit: String,
    /// Real-valued, in control; where both arms share the units, in all.
    pub control_real: f64,
    /// Real-valued, in each treatment arm; null where both arms share the units.
    pub treated_real: Option<f64>,
    /// Whole, in control.
    pub control: u64,
    /// Whole, in each treatment arm.
    pub treated: Option<u64>,
    /// Whole, over all arms.
    pub total: u64,
    /// Events in both arms, real-valued, for times to an event.
    pub events: Option<f64>,
}

/// An effect or a margin on every scale that it has.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, JsonSchema)]
pub struct Effect {
    /// Control's value.
    pub control: Option<f64>,
    /// Treatment's value.
    pub treated: Option<f64>,
    /// Treatment minus control; of a margin, its size.
    pub absolute: Option<f64>,
    /// The same as a share of control's value.
    pub relative: Option<f64>,
    /// Treatment over control, for rates, quantiles and hazards.
    pub ratio: Option<f64>,
}

impl Effect {
    /// An effect on values compared by their difference.
    pub(super) fn difference(control: Option<f64>, absolute: f64) -> Self {
        Self {
            control,
            treated: control.map(|control| control + absolute),
            absolute: Some(absolute),
            relative: control
                .filter(|control| *control != 0.0)
                .map(|control| absolute / control.abs()),
            ratio: None,
        }
    }

    /// An effect on values compared by their ratio.
    pub(super) fn ratio(control: Option<f64>, ratio: f64) -> Self {
        Self {
            control,
            treated: control.map(|control| control * ratio),
            absolute: control.map(|control| control * (ratio - 1.0)),
            relative: Some(ratio - 1.0),
            ratio: Some(ratio),
        }
    }

    /// A margin in the unit of the metric, as a share, or both.
    pub(super) fn margin(absolute: Option<f64>, relative: Option<f64>) -> Self {
        Self {
            absolute,
            relative,
            ..Self::default()
        }
    }
}

/// Alpha after corrections.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct TestLevel {
    /// Over all sides.
    pub alpha: f64,
    /// 1 or 2.
    pub sides: u8,
    /// The critical value of a z test at this level.
    pub critical_value: f64,
}

/// One step from the plain comparison to the answer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Adjustment {
    /// Its name: `arms`, `guardrails`, `covariate`, `design-effect`, `judge`, `ties`, `looks`.
    pub name: String,
    /// What it does, in words.
    pub change: String,
    /// The factor on n, where it is one.
    pub factor: Option<f64>,
}
