//! 1 · What is decided, by whom, and what every outcome leads to.

use super::{Body, missing, note};
use crate::emit::board::block::{Block, Matrix, MatrixCell, MatrixRow};
use crate::emit::board::inputs::{DecisionRow, DecisionTable, Outcome};
use crate::emit::board::model::Depth;
use crate::emit::board::text::{Text, sentence};
use crate::emit::board::verdict::of_what;
use crate::emit::board::view::{View, in_words};
use crate::format;
use crate::language::{Action, GuardrailState, PrimaryState};

pub(super) fn body(view: View<'_>) -> Body {
    let mut blocks = Vec::new();
    match view.inputs.decision {
        Some(table) => blocks.push(Block::Matrix(matrix(view, table))),
        None => blocks.push(missing(
            Text::from("No decision rule could be worked out. ")
                .code("[decision] rule")
                .say(" says what each outcome leads to, before there is an outcome."),
        )),
    }
    let follow_up = view
        .spec
        .decision
        .as_ref()
        .and_then(|decision| decision.follow_up.as_deref());
    if let Some(next) = follow_up {
        blocks.push(note(Text::from("Next in line: ").code(next).say(".")));
    }
    if view.depth != Depth::Brief {
        blocks.extend(terms(view));
        blocks.extend(how_often(view));
    }
    Body {
        lede: lede(view),
        blocks,
        ..Body::default()
    }
}

fn lede(view: View<'_>) -> Text {
    let arms = view.arms();
    let (controls, treatments): (Vec<_>, Vec<_>) = arms.iter().partition(|(id, _)| view.is_control(id));
    let control = controls.first().map(|(id, _)| view.arm_name(id));
    let mut text = Text::new();
    if let (Some(control), false) = (control, treatments.is_empty()) {
        let names = Text::join(treatments.iter().map(|(id, _)| Text::new().strong(view.arm_name(id))));
        let one_of = if treatments.len() > 1 { "one of " } else { "" };
        text = text
            .say(format!("Shall {one_of}"))
            .append(names)
            .say(" replace ")
            .strong(control)
            .say("? ");
    }
    let maker = view.spec.experiment.as_ref().and_then(|e| e.decision_maker.as_deref());
    let due = view.plan.duration.as_ref().and_then(|d| d.end.as_deref());
    text = match (maker, due) {
        (Some(maker), Some(due)) => text.strong(maker).say(format!(" decides by {}.", format::date(due))),
        (Some(maker), None) => text.strong(maker).say(" decides."),
        (None, _) => text.say("Nobody is named who decides."),
    };
    match control {
        Some(control) => text.say(format!(" Without this experiment {control} stays.")),
        None => text,
    }
}

/// What the actions mean, each once, and the words of the table in the sense that the rule gives them.
fn terms(view: View<'_>) -> Option<Block> {
    let table = view.inputs.decision?;
    let mut outcomes: Vec<&Outcome> = Vec::new();
    for outcome in shown(view, table).flat_map(|row| row.cells.iter().map(|(_, outcome)| outcome)) {
        if outcomes.iter().all(|other| other.action != outcome.action) {
            outcomes.push(outcome);
        }
    }
    let mut text = Text::new();
    for outcome in outcomes.into_iter().filter(|outcome| !outcome.sentence.is_empty()) {
        text = text
            .strong(action_title(outcome.action))
            .say(format!(": {}. ", outcome.sentence.trim_end_matches('.')));
    }
    let mut questions = view.plan.metrics.iter().filter_map(|metric| metric.question.as_ref());
    let above = if questions.any(|question| question.margin.is_some()) {
        "above the margin that must be beaten"
    } else {
        "above zero"
    };
    text = if view.must_win() {
        text.strong("Win")
            .say(format!(": the interval lies {above} and the estimate is worth it. "))
            .strong("Null")
            .say(": the interval rules out the MDE. ")
    } else {
        text.strong("Win")
            .say(": a loss as large as the margin is ruled out. ")
            .strong("Loss")
            .say(": worse, and perhaps by more than the margin. ")
    };
    if guardrails(view) > 0 {
        text = text
            .strong("Pass")
            .say(": worse by the margin is ruled out. ")
            .strong("Breach")
            .say(": worse, and perhaps by more than the margin. ");
    }
    if guardrails(view) > 1 {
        text = text.say("Of guardrails that differ, the one that leads to the most cautious action counts. ");
    }
    Some(note(text.say("“Not significantly worse” is not evidence of no harm.")))
}

/// How often the actions come about: the plan knows the chance to ship, a simulation all of them. `None` where there is
/// no size to draw data for, and for designs that choose: what those do stands with their size.
fn how_often(view: View<'_>) -> Option<Block> {
    view.inputs.decision?;
    if !view.plan.complete || view.plan.choice.is_some() {
        return None;
    }
    let sizes = &view.plan.sizes;
    let power = view.plan.decision.as_ref()?;
    let (size, ship) = match (sizes.planned, power.planned) {
        (Some(planned), Some(ship)) => (planned, ship),
        _ => (sizes.required?, power.required?),
    };
    let spec = view.inputs.source.map_or("SPEC", |source| source.path.as_str());
    Some(note(
        Text::from(format!(
            "With {} the chance {} is {}. ",
            view.units(size),
            of_what(view),
            format::chance(ship.if_independent)
        ))
        .code(format!("abide simulate {spec}"))
        .say(" draws how often each action comes about: without an effect, with the one asked for, with harm at each margin."),
    ))
}

/// The rows that can come about: what only has to hold a margin has no MDE, so nothing rules one out.
fn shown<'a>(view: View<'a>, table: &'a DecisionTable) -> impl Iterator<Item = &'a DecisionRow> {
    let must_win = view.must_win();
    table
        .rows
        .iter()
        .filter(move |row| must_win || row.primary != PrimaryState::Null)
}

fn guardrails(view: View<'_>) -> usize {
    let metrics = view.plan.metrics.iter();
    metrics.filter(|metric| metric.role == "guardrail").count()
}

fn matrix(view: View<'_>, table: &DecisionTable) -> Matrix {
    let guardrails = guardrails(view);
    let states: Vec<GuardrailState> = table
        .rows
        .first()
        .map_or_else(Vec::new, |row| row.cells.iter().map(|c| c.0).collect());
    let cells = shown(view, table).map(|row| row.cells.len()).sum::<usize>();
    let mut note = Text::from("Rule: ").code(table.rule.as_str()).say(". ");
    note = if table.proven {
        note.say(format!(
            "All {} outcomes and the invalid case are covered; every rule can be reached.",
            in_words(cells)
        ))
    } else {
        note.say("Not every outcome is covered, or a rule can never be reached: see the findings.")
    };
    for condition in &table.conditions {
        note = note.say(" ").marked(&sentence(condition));
    }
    Matrix {
        caption: "What will be done, for every outcome".into(),
        note,
        corner: "Primary".to_owned(),
        columns: states
            .iter()
            .map(|state| guardrail_heading(*state, guardrails))
            .collect(),
        rows: shown(view, table)
            .map(|row| MatrixRow {
                title: primary_heading(row.primary).to_owned(),
                cells: row.cells.iter().map(|(_, outcome)| cell(outcome)).collect(),
            })
            .collect(),
        // The one row that says its sentence itself: nothing else does.
        invalid: MatrixCell {
            sentence: if view.depth == Depth::Brief {
                String::new()
            } else {
                table.invalid.sentence.clone()
            },
            ..cell(&table.invalid)
        },
    }
}

/// A cell names the action alone: below the table stands what each one means.
fn cell(outcome: &Outcome) -> MatrixCell {
    MatrixCell {
        action: outcome.action.map_or("none", Action::as_str).to_owned(),
        title: action_title(outcome.action).to_owned(),
        sentence: String::new(),
    }
}

fn action_title(action: Option<Action>) -> &'static str {
    match action {
        Some(Action::Ship) => "Ship",
        Some(Action::Discuss) => "Discuss",
        Some(Action::Extend) => "Extend",
        Some(Action::Rollback) => "Roll back",
        Some(Action::Abandon) => "Abandon",
        None => "No decision is read",
    }
}

fn primary_heading(state: PrimaryState) -> &'static str {
    match state {
        PrimaryState::Win => "Win",
        PrimaryState::Null => "Null, well powered",
        PrimaryState::Unresolved => "Unresolved",
        PrimaryState::Loss => "Loss",
    }
}

/// Guardrails are read by the worst of them.
fn guardrail_heading(state: GuardrailState, count: usize) -> String {
    match (state, count) {
        (GuardrailState::Pass, 0) => "No guardrail".to_owned(),
        (GuardrailState::Pass, 1) => "Guardrail passes".to_owned(),
        (GuardrailState::Pass, 2) => "Both guardrails pass".to_owned(),
        (GuardrailState::Pass, n) => format!("All {n} guardrails pass"),
        (GuardrailState::Worse, _) => "Worse within margin".to_owned(),
        (GuardrailState::Unresolved, 1) => "Unresolved".to_owned(),
        (GuardrailState::Unresolved, _) => "Some unresolved".to_owned(),
        (GuardrailState::Breach, 1) => "Breach".to_owned(),
        (GuardrailState::Breach, _) => "Any breach".to_owned(),
    }
}
