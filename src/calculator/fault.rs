//! Why a request has no answer.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::stats::StatsError;

/// The result of everything that can fail here.
pub(super) type Result<T> = std::result::Result<T, Fault>;

/// Why a request has no answer, for people and for programs. Names of fields stand in backticks.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Fault {
    /// The fact, in words.
    pub message: String,
    /// The input that is wrong: a field of the request, or a quantity that follows from it. Null where several are.
    pub input: Option<String>,
    /// What it is.
    pub value: Option<Box<Value>>,
    /// What it may be.
    pub range: Option<String>,
}

impl Fault {
    /// A fault of the request as a whole.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            input: None,
            value: None,
            range: None,
        }
    }

    /// A fault of one field.
    pub(super) fn of(field: &str, message: impl Into<String>) -> Self {
        Self {
            input: Some(field.to_owned()),
            ..Self::new(message)
        }
    }

    /// The same with the value that is wrong.
    pub(super) fn with_value(self, value: impl Into<Value>) -> Self {
        Self {
            value: Some(Box::new(value.into())),
            ..self
        }
    }

    /// The same with what the value may be.
    pub(super) fn with_range(self, range: impl Into<String>) -> Self {
        Self {
            range: Some(range.into()),
            ..self
        }
    }

    /// A number outside its range.
    pub(super) fn outside(field: &str, value: f64, range: &str) -> Self {
        Self::of(field, format!("`{field}` is {value}, but must be {range}"))
            .with_value(value)
            .with_range(range)
    }
}

impl From<StatsError> for Fault {
    fn from(error: StatsError) -> Self {
        match error {
            StatsError::OutOfDomain { input, value, allowed } => {
                // A number JSON cannot hold becomes its name.
                let shown = if value.is_finite() {
                    Value::from(value)
                } else {
                    Value::from(value.to_string())
                };
                let hint = percentage_hint(input, value).unwrap_or_default();
                Self::of(input, format!("{error}{hint}"))
                    .with_value(shown)
                    .with_range(allowed)
            }
            _ => Self::new(error.to_string()),
        }
    }
}

/// What a number above one most likely was meant to be, where a share is asked for.
fn percentage_hint(input: &str, value: f64) -> Option<String> {
    let too_large = value > 1.0 && value <= 100.0;
    match input {
        _ if !too_large => None,
        "baseline" | "alpha" | "power" | "win probability" => {
            Some(format!("; if {value}% is meant, write `{value}%` or {}", value / 100.0))
        }
        "treatment's proportion" => Some("; is the effect a percentage? 15% is written `15%` or 0.15".to_owned()),
        _ => None,
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
