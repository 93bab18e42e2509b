//! The same plan over a range of values.

use std::fmt;

use serde::Serialize;

use super::answer::{Answer, Setting};
use crate::compilation::{Session, compile_supposing, suppose};
use crate::diagnostics::Diagnostic;

/// A value that takes several values in turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// Dotted address in the spec.
    pub path: String,
    /// Its values, as they would be written.
    pub values: Vec<String>,
}

/// Why a text is no axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisError(String);

impl fmt::Display for AxisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AxisError {}

/// The most points of a range: more is a mistake, or a program's work.
const MOST_POINTS: usize = 1000;

impl Axis {
    /// Reads `path=0.1,0.2,0.3` or `path=0.1..0.5/5`, five values from one end to the other.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self, AxisError> {
        let (path, values) = text.split_once('=').ok_or_else(|| {
            AxisError(format!(
                "`{text}` has no `=`: write `path=0.1,0.2` or `path=0.1..0.5/5`"
            ))
        })?;
        let values = match range(values.trim()) {
            Some(range) => range?,
            None => values.split(',').map(|value| value.trim().to_owned()).collect(),
        };
        if values.iter().any(String::is_empty) {
            return Err(AxisError(format!("`{text}` has an empty value")));
        }
        Ok(Self {
            path: path.trim().to_owned(),
            values,
        })
    }
}

/// `from..to/steps`; `None` when the text is not meant as one.
fn range(text: &str) -> Option<Result<Vec<String>, AxisError>> {
    let (from, rest) = text.split_once("..")?;
    let Some((to, steps)) = rest.split_once('/') else {
        return Some(Err(AxisError(format!(
            "`{text}` does not say how many values: write `{text}/5` for five"
        ))));
    };
    let numbers = from.trim().parse::<f64>().ok().zip(to.trim().parse::<f64>().ok());
    let steps = steps
        .trim()
        .parse::<usize>()
        .ok()
        .filter(|steps| (2..=MOST_POINTS).contains(steps));
    let (Some((from, to)), Some(steps)) = (numbers, steps) else {
        return Some(Err(AxisError(format!(
            "`{text}` is no range: write two numbers and how many values from 2 to {MOST_POINTS}, `0.1..0.5/5`"
        ))));
    };
    let whole = from.fract() == 0.0 && to.fract() == 0.0 && ((to - from) / (steps - 1) as f64).fract() == 0.0;
    let values = (0..steps).map(|step| {
        let value = from + (to - from) * step as f64 / (steps - 1) as f64;
        if whole {
            format!("{value:.0}")
        } else {
            // Twelve digits drop what floating point adds to 0.1 + 0.2.
            let short: f64 = format!("{value:.12e}").parse().unwrap_or(value);
            format!("{short:?}")
        }
    });
    Some(Ok(values.collect()))
}

/// One point of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// The values of this point, one per axis.
    pub settings: Vec<Setting>,
    /// What they lead to.
    #[serde(flatten)]
    pub answer: Answer,
}

/// Plans the one spec of a session at every combination of values. `fixed` is supposed at all of them.
///
/// # Errors
/// Everything that is wrong with a value, at its place: nothing is answered then.
pub fn sweep(session: &mut Session<'_>, fixed: &[Setting], axes: &[Axis]) -> Result<Vec<Point>, Vec<Diagnostic>> {
    let mut points = Vec::new();
    for settings in combinations(axes) {
        let lines: Vec<String> = fixed.iter().chain(&settings).map(Setting::written).collect();
        let overlay = suppose(session, &lines, &[])?;
        let compiled = compile_supposing(session, &overlay);
        let Some(plan) = compiled.first().and_then(|compiled| compiled.plan.as_ref()) else {
            return Err(compiled.into_iter().flat_map(|compiled| compiled.findings).collect());
        };
        let about_the_values: Vec<Diagnostic> = compiled
            .iter()
            .flat_map(|compiled| &compiled.findings)
            .filter(|finding| finding.place.span.file == overlay.file && finding.rule == "unknown-key")
            .cloned()
            .collect();
        if !about_the_values.is_empty() {
            return Err(about_the_values);
        }
        points.push(Point {
            settings,
            answer: Answer::of(plan),
        });
    }
    Ok(points)
}

/// Every combination, the last axis running fastest.
fn combinations(axes: &[Axis]) -> Vec<Vec<Setting>> {
    axes.iter().fold(vec![Vec::new()], |points, axis| {
        points
            .iter()
            .flat_map(|point| {
                axis.values.iter().map(|value| {
                    let mut longer = point.clone();
                    longer.push(Setting {
                        path: axis.path.clone(),
                        value: value.clone(),
                    });
                    longer
                })
            })
            .collect()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_both_ends() {
        assert_eq!(
            Axis::parse("a.b=0.1..0.5/5").unwrap().values,
            ["0.1", "0.2", "0.3", "0.4", "0.5"]
        );
        assert_eq!(Axis::parse("a = 100..300/3").unwrap().values, ["100", "200", "300"]);
        assert_eq!(Axis::parse("a=10%, 20%").unwrap().values, ["10%", "20%"]);
        for wrong in ["a", "a=", "a=1,,2", "a=1..2", "a=x..y/3", "a=1..2/1"] {
            assert!(Axis::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_last_axis_runs_fastest() {
        let axes = [Axis::parse("a=1,2").unwrap(), Axis::parse("b=3,4").unwrap()];
        let found: Vec<String> = combinations(&axes)
            .iter()
            .map(|point| point.iter().map(|setting| setting.value.as_str()).collect())
            .collect();
        assert_eq!(found, ["13", "14", "23", "24"]);
    }
}
