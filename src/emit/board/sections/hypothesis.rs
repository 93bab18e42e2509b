//! 2 · What is believed, why, and what would refute it.

use super::{Body, facts_block, missing};
use crate::emit::board::block::Block;
use crate::emit::board::model::Fact;
use crate::emit::board::text::{Style, Text, sentence};
use crate::emit::board::view::{View, asked, change_of, estimated_level, level, moves, written_for};
use crate::format;
use crate::language::{Direction, Hypothesis};

pub(super) fn body(view: View<'_>) -> Body {
    let Some(hypothesis) = &view.spec.hypothesis else {
        return Body {
            blocks: vec![missing(
                Text::from("No hypothesis is written down. ")
                    .code("[hypothesis]")
                    .say(" says what changes, for whom, what moves and why."),
            )],
            ..Body::default()
        };
    };
    let mut blocks = vec![Block::Quote {
        text: statement(view, hypothesis),
    }];
    blocks.push(facts_block("", facts(view, hypothesis)));
    Body {
        blocks,
        ..Body::default()
    }
}

/// The hypothesis as sentences: the change, then whom it moves, where to and by how much.
pub(in crate::emit::board) fn statement(view: View<'_>, hypothesis: &Hypothesis) -> Text {
    let mut text = Text::new();
    if let Some(change) = &hypothesis.change {
        text = text.say(sentence(change)).say(" ");
    }
    let Some(metric) = hypothesis.metric.as_deref() else {
        return text;
    };
    text = text.strong(view.metric_name(metric)).say(" will then ");
    let holds = view.metric_plan(metric).and_then(|metric| {
        let question = metric.question.as_ref()?;
        (question.test != "superiority").then_some((metric, question))
    });
    text = match (hypothesis.effect, holds) {
        // Nothing is said to move: what is believed is that the margin holds.
        (None, Some((plan, question))) => text
            .say(if question.test == "equivalence" {
                "not change by "
            } else if plan.direction.as_deref() == Some("decrease") {
                "not rise by "
            } else {
                "not fall by "
            })
            .append(
                view.ledger
                    .linked(asked(plan, question), &format!("metrics.{metric}.margin")),
            )
            .say(" or more"),
        _ => text.say(moves(hypothesis.direction)),
    };
    if let Some(effect) = hypothesis.effect {
        text = text.say(" by ").append(
            view.ledger
                .linked(written_for(view.metric_plan(metric), effect), "hypothesis.effect"),
        );
    }
    if let Some((from, to)) = expected(view, hypothesis) {
        text = text.say(format!(", from {from} to {to}"));
    }
    text = text.say(".");
    // The words are the team's and may start with a capital: they stand alone.
    match &hypothesis.population {
        Some(population) => text
            .say(" Population: ")
            .strong(population.trim_end_matches('.'))
            .say("."),
        None => text,
    }
}

/// The level before and after, if the belief is right.
fn expected(view: View<'_>, hypothesis: &Hypothesis) -> Option<(String, String)> {
    let metric = view.metric_plan(hypothesis.metric.as_deref()?)?;
    let baseline = metric.baseline?;
    let effect = hypothesis.effect?;
    let size = if effect.is_relative() {
        baseline * effect.magnitude()
    } else {
        effect.magnitude()
    };
    let after = match hypothesis.direction? {
        Direction::Increase => baseline + size,
        Direction::Decrease => baseline - size,
    };
    Some((level(metric, baseline), estimated_level(metric, after)))
}

fn facts(view: View<'_>, hypothesis: &Hypothesis) -> Vec<Fact> {
    let said =
        |words: Option<&String>, key: &str| words.map_or_else(|| absent(key), |words| Text::from(sentence(words)));
    let mut facts = vec![
        Fact::new("Because", said(hypothesis.because.as_ref(), "hypothesis.because")),
        Fact::new(
            "What would refute it",
            said(hypothesis.refuted_if.as_ref(), "hypothesis.refuted_if"),
        ),
    ];
    facts.push(Fact::new(
        "Evidence so far",
        if hypothesis.evidence.is_empty() {
            Text::from("None cited.")
        } else {
            Text::join(hypothesis.evidence.iter().map(|item| Text::new().code(item.as_str())))
        },
    ));
    let mde = hypothesis.metric.as_deref().and_then(|id| {
        let metric = view.metric_plan(id)?;
        let question = metric
            .question
            .as_ref()
            .filter(|question| question.test == "superiority")?;
        let asked = asked(metric, question);
        let change = change_of(metric.direction.as_deref());
        let article = if change.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        let effect = view
            .ledger
            .linked(format!("{article} {change} of {asked}"), &format!("metrics.{id}.mde"));
        // A bandit chooses and has no size.
        Some(if metric.comparisons.is_empty() {
            Text::new().append(effect).say(", whatever is believed.")
        } else {
            Text::from("The experiment is sized for ")
                .append(effect)
                .say(": what must not be missed, whatever is believed.")
        })
    });
    facts.extend(mde.map(|text| Fact::new("Not to be missed", text)));
    if let Some(rate) = hypothesis.prior_success_rate {
        facts.push(Fact::new(
            "Ideas like this that work",
            view.ledger
                .linked(format::percent(rate.get()), "hypothesis.prior_success_rate")
                .say(", by the team’s record"),
        ));
    }
    let seen = view.spec.experiment.as_ref().and_then(|e| e.data_seen);
    facts.push(Fact::new(
        "Data seen",
        match seen {
            Some(false) => Text::new()
                .status(Style::Ok, "none")
                .say(": registered before its data"),
            Some(true) => Text::new()
                .status(Style::Stop, "yes")
                .say(": this is not a pre-registration"),
            None => absent("experiment.data_seen"),
        },
    ));
    facts
}

/// What stands where nothing was written.
fn absent(key: &str) -> Text {
    Text::new()
        .status(Style::Warn, "not said")
        .say(": ")
        .code(key)
        .say(" is missing")
}
