//! Effects state their scale. What does not gets both readings, written out.

use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety};
use crate::source::{Pointer, Span};
use crate::syntax::{Entries, Kind, Node};

/// The rule of every finding here.
const RULE: &str = "mde-scale-ambiguous";

/// A fault of an effect; `None` when it is an ordinary one (a boolean, an array).
pub(super) fn explain(effect: &Node, pointer: &Pointer) -> Option<Diagnostic> {
    let name = pointer.last().unwrap_or_default();
    let place = Place::new(effect.span, pointer.clone());
    match &effect.kind {
        Kind::Table(entries) => scales(effect, entries, pointer, &name),
        Kind::Integer(_) | Kind::Float(_) | Kind::String(_) => {
            let reading = Reading::of(effect)?;
            Some(
                Diagnostic::error(
                    RULE,
                    place,
                    format!("`{name}` does not say whether it is relative or absolute"),
                )
                .with_label(if reading.negative {
                    "no scale, and a sign"
                } else {
                    "no scale"
                })
                .with_help(reading.both())
                .with_note(NOTE)
                .with_alternatives(reading.as_whole(effect.span)),
            )
        }
        _ => None,
    }
}

const NOTE: &str =
    "with a baseline of 0.20, a relative effect of 0.1 is 0.02, an absolute one is 0.1: 25 times fewer units";

fn scales(effect: &Node, entries: &Entries, pointer: &Pointer, name: &str) -> Option<Diagnostic> {
    let place = Place::new(effect.entry_span(), pointer.clone());
    if let (Some(relative), Some(absolute)) = (entries.get("relative"), entries.get("absolute")) {
        let at = |node: &Node, key: &str| Place::new(node.entry_span(), pointer.join(key));
        return Some(
            Diagnostic::error(RULE, at(relative, "relative"), format!("`{name}` states two scales"))
                .with_label("relative to the baseline")
                .with_other(at(absolute, "absolute"), "and in the metric's own unit")
                .with_help("keep `relative` or `absolute`, not both"),
        );
    }
    if entries.is_empty() {
        return Some(
            Diagnostic::error(RULE, place, format!("`{name}` is empty: expected exactly one of `relative` or `absolute`"))
                .with_label("no scale")
                .with_help("write `{ relative = 0.15 }` for a share of the baseline, or `{ absolute = 0.03 }` for a difference in the metric's unit"),
        );
    }
    let (scale, value) = entries
        .iter()
        .find(|(scale, _)| *scale == "relative" || *scale == "absolute")?;
    let reading = Reading::of(value)?;
    let place = Place::new(value.span, pointer.join(scale));
    if reading.unit == "pp" && scale == "relative" {
        return Some(
            Diagnostic::error(
                RULE,
                place,
                format!("`{name}` is relative, but percentage points are absolute"),
            )
            .with_label("`pp` is a difference, not a share of the baseline")
            .with_help(reading.both())
            .with_alternatives(reading.as_entry(value)),
        );
    }
    if reading.unit == "%" && scale == "absolute" {
        return Some(
            Diagnostic::error(
                RULE,
                place,
                format!("`{name}` is absolute, but a percentage can be read both ways"),
            )
            .with_label("percent of the baseline, or percentage points?")
            .with_help(reading.both())
            .with_alternatives(reading.as_entry(value)),
        );
    }
    if reading.negative {
        let size = &reading.number;
        let unit = reading.unit;
        let written = if unit.is_empty() {
            size.clone()
        } else {
            format!("\"{size}{unit}\"")
        };
        return Some(
            Diagnostic::error(
                RULE,
                place,
                format!("`{name}` is negative; an effect is a size without a sign"),
            )
            .with_label("the sign comes from `direction`")
            .with_help(format!(
                "write `{{ {scale} = {written} }}`, and `direction = \"decrease\"` where less is better"
            )),
        );
    }
    None
}

/// A number or text taken apart.
struct Reading {
    /// Without sign and unit.
    number: String,
    unit: &'static str,
    negative: bool,
}

impl Reading {
    fn of(node: &Node) -> Option<Self> {
        let text = match &node.kind {
            Kind::Integer(n) => n.to_string(),
            Kind::Float(x) if x.is_finite() => toml::Value::Float(*x).to_string(),
            Kind::String(text) => text.trim().to_owned(),
            _ => return None,
        };
        let (negative, text) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        let (number, unit) = match (text.strip_suffix("pp"), text.strip_suffix('%')) {
            (Some(number), _) => (number.trim_end(), "pp"),
            (_, Some(number)) => (number.trim_end(), "%"),
            _ => (text, ""),
        };
        let size: f64 = number.parse().ok()?;
        Some(Self {
            number: number.to_owned(),
            unit,
            // Zero has no sign to complain about: it is out of range either way.
            negative: negative && size > 0.0,
        })
    }

    /// Whether a bare number is one that people write for percent: nobody expects five times the baseline.
    fn percent(&self) -> bool {
        self.unit.is_empty()
            && self
                .number
                .parse::<f64>()
                .is_ok_and(|size| (1.0..=100.0).contains(&size))
    }

    /// The value under each scale, as TOML.
    fn scaled(&self) -> Vec<(&'static str, String)> {
        let size = &self.number;
        let percent = [
            ("relative", format!("\"{size}%\"")),
            ("absolute", format!("\"{size}pp\"")),
        ];
        match self.unit {
            "" if self.percent() => percent.into_iter().chain([("absolute", size.clone())]).collect(),
            "" => vec![("relative", size.clone()), ("absolute", size.clone())],
            _ => percent.to_vec(),
        }
    }

    /// Both readings, each in the place of the bare value.
    fn as_whole(&self, span: Span) -> Vec<Fix> {
        let fix = |(scale, value): (&str, String)| Fix {
            title: format!("read it as {scale}: {value}"),
            safety: Safety::Unsafe,
            edits: vec![Edit {
                span,
                replacement: format!("{{ {scale} = {value} }}"),
            }],
        };
        self.scaled().into_iter().map(fix).collect()
    }

    /// Both readings, each as the entry of a table that has a scale already.
    fn as_entry(&self, value: &Node) -> Vec<Fix> {
        let Some(key) = value.key_span else { return Vec::new() };
        let fix = |(scale, written): (&str, String)| Fix {
            title: format!("read it as {scale}: {written}"),
            safety: Safety::Unsafe,
            edits: vec![
                Edit {
                    span: key,
                    replacement: scale.to_owned(),
                },
                Edit {
                    span: value.span,
                    replacement: written,
                },
            ],
        };
        self.scaled().into_iter().map(fix).collect()
    }

    /// Every way to write what was meant.
    fn both(&self) -> String {
        let size = &self.number;
        let ways = match self.unit {
            "" if self.percent() => format!(
                "write `{{ relative = \"{size}%\" }}` for {size}% of the baseline, `{{ absolute = \"{size}pp\" }}` for {size} percentage points, or `{{ absolute = {size} }}` for a difference of {size} in the metric's unit"
            ),
            "" => format!(
                "write `{{ relative = {size} }}` for a share of the baseline, or `{{ absolute = {size} }}` for a difference in the metric's unit"
            ),
            _ => format!(
                "write `{{ relative = \"{size}%\" }}` for {size}% of the baseline, or `{{ absolute = \"{size}pp\" }}` for {size} percentage points"
            ),
        };
        let sign = if self.negative {
            "; the sign comes from `direction`"
        } else {
            ""
        };
        ways + sign
    }
}
