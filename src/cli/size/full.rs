//! The answer for people at a terminal: the number first, then where it comes from.

use super::super::context::Emphasis;
use crate::calculator::{Answer, Effect, Kind, Sizing, Solved};
use crate::format;
use crate::stats::normal;

/// The whole answer as text.
pub(super) fn render(sizing: &Sizing, style: Emphasis) -> String {
    let answer = &sizing.answer;
    let mut lines = vec![style.bold(&headline(sizing)), String::new()];
    let mut rows = vec![("to show", question(sizing))];
    if let Some(effect) = &answer.effect {
        let name = if sizing.request.test == Some(crate::language::Test::Superiority) {
            "effect"
        } else {
            "truth"
        };
        rows.push((name, change(effect, sizing.request.kind)));
    }
    if let Some(margin) = &answer.margin {
        rows.push(("margin", size_of(margin, sizing.request.kind)));
    }
    rows.push(("n", sample(sizing)));
    rows.push(("power", power(answer)));
    rows.push(("level", level(answer)));
    rows.extend(answer.adjustments.iter().map(|step| {
        let factor = step
            .factor
            .map_or_else(String::new, |factor| format!("  n {}", format::factor(factor)));
        (step.name.as_str(), format!("{}{factor}", step.change))
    }));
    if !answer.boundaries.is_empty() {
        let shown: Vec<String> = answer
            .boundaries
            .iter()
            .map(|z| z.map_or("–".to_owned(), |z| format!("{z:.3}")))
            .collect();
        rows.push(("boundaries", format!("|z| {}", shown.join(", "))));
    }
    if let Some(share) = answer.expected_share {
        rows.push((
            "expected n",
            format!("{} of the largest, if the effect is true", format::share(share)),
        ));
    }
    rows.push(("test", answer.test.clone()));
    let width = rows.iter().map(|row| row.0.chars().count()).max().unwrap_or(0);
    lines.extend(
        rows.iter()
            .map(|(name, text)| format!("  {}  {text}", style.dim(&format!("{name:<width$}")))),
    );
    lines.push(String::new());
    lines.push(format!("  {}", answer.formula));
    lines.push(format!("  {}", symbols(sizing)));
    lines.push(format!("  {}", style.dim(&answer.source)));
    if !answer.notes.is_empty() {
        lines.push(String::new());
        lines.extend(answer.notes.iter().map(|note| format!("  note: {note}")));
    }
    lines.join("\n") + "\n"
}

/// The answer in one line.
pub(super) fn headline(sizing: &Sizing) -> String {
    let answer = &sizing.answer;
    let kind = sizing.request.kind;
    match answer.solved {
        Solved::N => sample(sizing),
        Solved::Power => format!("power {} with {}", percent(answer.power), sample(sizing)),
        Solved::Effect => {
            let found = answer
                .effect
                .as_ref()
                .map_or_else(String::new, |effect| change(effect, kind));
            format!("smallest effect {found} with {}", sample(sizing))
        }
        Solved::Margin => {
            let found = answer
                .margin
                .as_ref()
                .map_or_else(String::new, |margin| size_of(margin, kind));
            format!("smallest margin {found} with {}", sample(sizing))
        }
    }
}

fn sample(sizing: &Sizing) -> String {
    let n = &sizing.answer.n;
    let arms = sizing.request.arms.unwrap_or(1);
    let text = match n.treated {
        None => format::counted(n.control as f64, &n.unit),
        Some(treated) => {
            let each = if arms > 1 {
                format!("each of {arms} treatment arms")
            } else {
                "treatment".to_owned()
            };
            format!(
                "{} in control, {} in {each}, {} in all",
                format::counted(n.control as f64, &n.unit),
                format::count(treated as f64),
                format::count(n.total as f64)
            )
        }
    };
    match n.events {
        Some(events) if n.unit != "event" => format!("{text}, with {} expected", format::counted(events, "event")),
        _ => text,
    }
}

fn question(sizing: &Sizing) -> String {
    let request = &sizing.request;
    match request.test {
        Some(crate::language::Test::NonInferiority) => "not worse by the margin".to_owned(),
        Some(crate::language::Test::Equivalence) => "different by less than the margin".to_owned(),
        _ if sizing.answer.margin.is_some() => "better by more than the margin".to_owned(),
        _ => "better than control".to_owned(),
    }
}

fn is_proportion(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Proportion | Kind::PairedProportion | Kind::ClusterProportion | Kind::Preference
    )
}

/// A value or difference on the metric's own scale.
fn value(x: f64, kind: Kind) -> String {
    if is_proportion(kind) {
        estimate_percent(x)
    } else {
        plain(x)
    }
}

fn difference(x: f64, kind: Kind) -> String {
    if is_proportion(kind) {
        format::points(x)
    } else {
        plain(x)
    }
}

fn change(effect: &Effect, kind: Kind) -> String {
    if effect.absolute == Some(0.0) || effect.ratio == Some(1.0) {
        return "no difference".to_owned();
    }
    let mut parts = Vec::new();
    match (effect.ratio, effect.absolute) {
        (Some(ratio), _) => parts.push(format!("ratio {}", plain(ratio))),
        (None, Some(absolute)) => parts.push(difference(absolute, kind)),
        (None, None) => {}
    }
    parts.extend(effect.relative.map(estimate_percent));
    match (effect.control, effect.treated) {
        (Some(control), Some(treated)) => {
            format!(
                "{} → {} ({})",
                value(control, kind),
                value(treated, kind),
                parts.join(", ")
            )
        }
        _ => parts.join(", "),
    }
}

fn size_of(margin: &Effect, kind: Kind) -> String {
    match (margin.absolute, margin.relative) {
        (Some(absolute), Some(relative)) => {
            format!(
                "{}, or {} of control's value as a relative margin",
                difference(absolute, kind),
                estimate_percent(relative)
            )
        }
        (Some(absolute), None) => difference(absolute, kind),
        (None, Some(relative)) => format!("{} of control's value", estimate_percent(relative)),
        (None, None) => String::new(),
    }
}

fn power(answer: &Answer) -> String {
    match (answer.solved, answer.power_at_whole_n) {
        (Solved::N, Some(whole)) if percent(whole) != percent(answer.power) => {
            format!("{} ({} with whole units)", percent(answer.power), percent(whole))
        }
        _ => percent(answer.power),
    }
}

fn level(answer: &Answer) -> String {
    let sides = if answer.level.sides == 1 {
        "one-sided"
    } else {
        "two-sided"
    };
    format!("alpha {}, {sides}", plain(answer.level.alpha))
}

/// The symbols that every formula shares, with their numbers.
fn symbols(sizing: &Sizing) -> String {
    let answer = &sizing.answer;
    let mut parts = vec![
        format!("A = {}", plain(answer.level.critical_value)),
        format!(
            "B = {}",
            plain(normal::quantile(answer.power.clamp(1e-300, 1.0 - 1e-16)))
        ),
    ];
    if let Some(ratio) = sizing.request.ratio {
        parts.push(format!("r = {}", plain(ratio.get())));
    }
    parts.join(", ")
}

/// A number to four digits; very small and very large ones in scientific form.
fn plain(x: f64) -> String {
    let size = x.abs();
    if size != 0.0 && !(1e-4..1e9).contains(&size) {
        return format!("{x:.3e}");
    }
    format::at_most(x, 4)
}

/// A power in percent, with the digits that tell it from 100%.
fn percent(p: f64) -> String {
    if p > 0.999 {
        return format!("100% − {:.2e}%", (1.0 - p) * 100.0);
    }
    format!("{}%", format::at_most(p * 100.0, 4))
}

/// A share in percent to four digits.
fn estimate_percent(x: f64) -> String {
    format!("{}%", plain(x * 100.0))
}
