//! A golden case: named inputs, expected outputs, and the comparison of the two.

use abide::stats::StatsError;
use serde_json::{Map, Value};

/// One case of a golden file.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) design: String,
    inputs: Map<String, Value>,
    expected: Map<String, Value>,
    tolerance: Map<String, Value>,
}

/// What became of a case.
pub(crate) enum Verdict {
    Passed,
    Unknown,
    Failed(String),
}

/// Why a case was not computed.
pub(crate) enum Trouble {
    /// The input is missing or of the wrong kind.
    Input(String),
    Stats(StatsError),
}

impl From<StatsError> for Trouble {
    fn from(error: StatsError) -> Self {
        Self::Stats(error)
    }
}

/// Computed outputs by name.
pub(crate) type Outputs = Vec<(&'static str, Value)>;
/// `None` if the design is not known.
pub(crate) type Computed = Option<Result<Outputs, Trouble>>;

impl Case {
    pub(crate) fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        let Value::Array(items) = serde_json::from_str(&strict_json(text)).map_err(|e| e.to_string())? else {
            return Err("expected an array of cases".into());
        };
        items.iter().map(Self::parse).collect()
    }

    fn parse(item: &Value) -> Result<Self, String> {
        let text = |key: &str| {
            item.get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or(format!("no {key}"))
        };
        let map = |key: &str| {
            item.get(key)
                .and_then(Value::as_object)
                .cloned()
                .ok_or(format!("no {key}"))
        };
        Ok(Self {
            id: text("id")?,
            design: text("design")?,
            inputs: map("inputs")?,
            expected: map("expected")?,
            tolerance: map("tolerance")?,
        })
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.inputs.get(key).is_some_and(|value| !value.is_null())
    }

    pub(crate) fn num(&self, key: &str) -> Result<f64, Trouble> {
        self.inputs
            .get(key)
            .and_then(Value::as_f64)
            .ok_or_else(|| Trouble::Input(format!("no number {key}")))
    }

    pub(crate) fn num_or(&self, key: &str, default: f64) -> Result<f64, Trouble> {
        if self.has(key) { self.num(key) } else { Ok(default) }
    }

    pub(crate) fn count(&self, key: &str) -> Result<usize, Trouble> {
        Ok(self.num(key)? as usize)
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.inputs.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.inputs.get(key).and_then(Value::as_str).unwrap_or("")
    }

    pub(crate) fn list(&self, key: &str) -> Result<Vec<f64>, Trouble> {
        let items = self.inputs.get(key).and_then(Value::as_array);
        items
            .and_then(|items| items.iter().map(Value::as_f64).collect())
            .ok_or_else(|| Trouble::Input(format!("no list of numbers {key}")))
    }

    /// Compares what was computed with what is expected, field by field.
    pub(crate) fn judge(&self, computed: Computed) -> Verdict {
        let outputs = match computed {
            None => return Verdict::Unknown,
            Some(Err(Trouble::Input(why))) => return Verdict::Failed(why),
            Some(Err(Trouble::Stats(error))) => return Verdict::Failed(error.to_string()),
            Some(Ok(outputs)) => outputs,
        };
        let wrong: Vec<String> = self
            .expected
            .iter()
            .filter(|(_, want)| !want.is_null())
            .filter_map(|(key, want)| match outputs.iter().find(|(name, _)| name == key) {
                None => Some(format!("{key} was not computed")),
                Some((_, got)) if self.agrees(key, want, got) => None,
                Some((_, got)) => Some(format!("{key} is {got}, expected {want}")),
            })
            .collect();
        if wrong.is_empty() {
            Verdict::Passed
        } else {
            Verdict::Failed(wrong.join("; "))
        }
    }

    fn agrees(&self, key: &str, want: &Value, got: &Value) -> bool {
        match (want, got) {
            (Value::Array(want), Value::Array(got)) => {
                want.len() == got.len() && want.iter().zip(got).all(|(want, got)| self.agrees(key, want, got))
            }
            (Value::Number(_), Value::Number(_)) => {
                let (Some(want_real), Some(got)) = (want.as_f64(), got.as_f64()) else {
                    return false;
                };
                if want.is_i64() {
                    return got == want_real;
                }
                let tolerance = |name: &str| self.tolerance.get(name).and_then(Value::as_f64);
                let error = (got - want_real).abs();
                // A tolerance of another quantity never applies: sizes are relative, probabilities absolute.
                let probability = [
                    "power",
                    "probability",
                    "prob_",
                    "familywise",
                    "one_sided",
                    "assurance",
                    "loss",
                ];
                if let Some(rel) = tolerance("rel") {
                    return error <= rel * want_real.abs();
                }
                if let Some(abs) = tolerance("p_abs") {
                    return error <= abs;
                }
                if let Some(abs) = tolerance("inflation_abs").filter(|_| is_inflation(key)) {
                    return error <= abs;
                }
                if let Some(abs) = tolerance("boundary_abs") {
                    // Boundaries that far out are never crossed; tools print infinity there.
                    return error <= abs
                        || (self.tolerance.contains_key("boundary_above_6") && want_real > 6.0 && got > 6.0);
                }
                if let Some(abs) = tolerance("power_abs").filter(|_| probability.iter().any(|word| key.contains(word)))
                {
                    return error <= abs;
                }
                match (tolerance("real_n_rel"), tolerance("power_abs")) {
                    (Some(rel), _) => error <= rel * want_real.abs(),
                    (None, Some(abs)) => error <= abs,
                    (None, None) => false,
                }
            }
            _ => want == got,
        }
    }
}

fn is_inflation(key: &str) -> bool {
    ["inflation", "expected_n", "stop_prob", "information"]
        .iter()
        .any(|word| key.contains(word))
}

/// The files were written by Python, whose JSON spells non-finite numbers; outside strings those become `null`.
fn strict_json(text: &str) -> String {
    let mut parts = Vec::new();
    for (i, part) in text.replace("\\\"", "\\u0022").split('"').enumerate() {
        parts.push(if i % 2 == 1 {
            part.to_owned()
        } else {
            part.replace("-Infinity", "null")
                .replace("Infinity", "null")
                .replace("NaN", "null")
        });
    }
    parts.join("\"")
}
