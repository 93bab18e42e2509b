//! Advice for people: what to do, what each design would cost, and what would change it.

use crate::advice::{Advice, Change, Cost, Design, Fit, Weighed};
use crate::cli::context::Emphasis;
use crate::format;
use crate::scaffold::StartingPoint;

/// The whole advice as text.
pub(super) fn render(advice: &Advice, style: Emphasis) -> String {
    let mut lines = vec![format!(
        "{} {}",
        style.bold("Recommended:"),
        style.bold(&steps(&advice.recommended))
    )];
    for design in of(advice, Fit::Recommended) {
        lines.push(String::new());
        lines.push(style.bold(&capital(&design.name)));
        lines.extend(body(design, style));
    }
    for (fit, heading) in [(Fit::Possible, "Possible"), (Fit::Unsuitable, "Unsuitable")] {
        let mut designs = of(advice, fit).peekable();
        if designs.peek().is_none() {
            continue;
        }
        lines.push(String::new());
        lines.push(style.bold(heading));
        for design in designs {
            lines.push(format!("  {}", capital(&design.name)));
            lines.extend(body(design, style).into_iter().map(|line| format!("  {line}")));
        }
    }
    if !advice.turns.is_empty() {
        lines.push(String::new());
        lines.push(style.bold("What would change the advice"));
        let width = advice
            .turns
            .iter()
            .map(|turn| turn.answer.chars().count())
            .max()
            .unwrap_or(0);
        for turn in &advice.turns {
            lines.push(format!("  {:<width$}  {}", turn.answer, steps(&turn.recommended)));
        }
    }
    if let Some(start) = start(advice) {
        lines.push(String::new());
        lines.push(format!("Start with  abide new spec FILE --from {}", start.as_str()));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The starting point of the first step, where there is one for it.
fn start(advice: &Advice) -> Option<StartingPoint> {
    match (advice.recommended.first()?, advice.answers.change) {
        (Design::PairedReplay, _) => Some(StartingPoint::PromptReplay),
        (Design::Interleaving, _) => Some(StartingPoint::Ranking),
        (Design::AbTest | Design::AbN, Change::Model) => Some(StartingPoint::ModelSwap),
        (Design::AbTest | Design::AbN, Change::Pricing) => Some(StartingPoint::PriceTest),
        (Design::AbTest | Design::AbN, Change::Infrastructure) => Some(StartingPoint::InfrastructureRollout),
        (Design::AbTest | Design::AbN, _) => Some(StartingPoint::AbTest),
        (Design::Bandit | Design::Switchback | Design::Cluster, _) => None,
    }
}

fn of(advice: &Advice, fit: Fit) -> impl Iterator<Item = &Weighed> {
    // Recommended designs are read in the order in which they are run.
    let place = |design: Design| advice.recommended.iter().position(|step| *step == design);
    let mut designs: Vec<&Weighed> = advice.designs.iter().filter(|design| design.fit == fit).collect();
    designs.sort_by_key(|weighed| place(weighed.design));
    designs.into_iter()
}

fn steps(designs: &[Design]) -> String {
    let names: Vec<&str> = designs.iter().map(|design| design.name()).collect();
    names.join(", then ")
}

fn body(design: &Weighed, style: Emphasis) -> Vec<String> {
    let mut lines: Vec<String> = design.reasons.iter().map(|reason| format!("  {reason}")).collect();
    if let Some(cost) = &design.cost {
        lines.push(format!("  {} {}", style.dim("costs"), size(cost)));
        lines.extend(cost.notes.iter().map(|note| format!("        {note}")));
        lines.extend(
            cost.command
                .iter()
                .map(|command| format!("        {}", style.dim(command))),
        );
    }
    if !design.missing.is_empty() {
        let flags: Vec<String> = design
            .missing
            .iter()
            .map(|name| format!("--{}", name.replace('_', "-")))
            .collect();
        lines.push(format!("  {} with {}", style.dim("costs"), flags.join(", ")));
    }
    if let Some(why) = &design.refused {
        lines.push(format!("  {} {why}", style.warn("no cost:")));
    }
    lines
}

fn size(cost: &Cost) -> String {
    let units = format::counted(cost.units, &cost.unit);
    match cost.days {
        Some(days) => format!("{units}, {}", format::days(days)),
        None => units,
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
