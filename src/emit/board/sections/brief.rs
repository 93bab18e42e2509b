//! The brief: what somebody who decides and does not review must know, on one page.

use super::{Body, facts_block, missing, statement};
use crate::emit::board::block::Block;
use crate::emit::board::model::Fact;
use crate::emit::board::text::{Text, listed, sentence};
use crate::emit::board::view::{View, asked};
use crate::format;
use crate::language::Level;

pub(super) fn body(view: View<'_>) -> Body {
    let mut blocks = Vec::new();
    if let Some(hypothesis) = &view.spec.hypothesis {
        blocks.push(Block::Quote {
            text: statement(view, hypothesis),
        });
    }
    let facts = facts(view);
    if blocks.is_empty() {
        blocks.push(missing(
            Text::from("No hypothesis is written down: ")
                .code("[hypothesis]")
                .say(" says what changes, for whom, and what moves."),
        ));
    }
    if !facts.is_empty() {
        blocks.push(facts_block("", facts));
    }
    Body {
        blocks,
        ..Body::default()
    }
}

fn facts(view: View<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(because) = view.spec.hypothesis.as_ref().and_then(|h| h.because.as_ref()) {
        facts.push(Fact::new("Because", sentence(because)));
    }
    for (metric, comparison) in view.sized().filter(|(metric, _)| metric.role == "primary") {
        let Some(question) = &metric.question else { continue };
        let words = view.asked(metric, question);
        let gloss = words.gloss().map_or_else(String::new, |gloss| format!(" {gloss}"));
        facts.push(Fact::new(
            "What it can show",
            format!("{}{gloss}", words.promise(comparison.power_target)),
        ));
    }
    let limits: Vec<String> = view
        .plan
        .metrics
        .iter()
        .filter(|metric| metric.role == "guardrail")
        .filter_map(|metric| {
            let question = metric.question.as_ref()?;
            Some(format!(
                "{} by {}",
                view.metric_in_sentence(&metric.id),
                asked(metric, question)
            ))
        })
        .collect();
    if !limits.is_empty() {
        facts.push(Fact::new(
            "Must not get worse",
            super::capital(&listed(limits.iter().map(String::as_str))) + ".",
        ));
    }
    if let Some(worth) = &view.inputs.surroundings.net_value
        && let Some(line) = worth.lines.first()
    {
        let currency = view.inputs.surroundings.currency.as_deref().unwrap_or("USD");
        facts.push(Fact::new(
            "Worth",
            format!(
                "{} in {}, if the effect is there and costs do not rise.",
                format::money(line.at_declared.round(), currency),
                format::days(worth.horizon_days)
            ),
        ));
    }
    let grave: Vec<&str> = view
        .spec
        .threats
        .iter()
        .filter(|threat| threat.impact == Some(Level::High) || threat.likelihood == Some(Level::High))
        .map(|threat| threat.name.as_str())
        .collect();
    if !grave.is_empty() {
        facts.push(Fact::new("Gravest threats", listed(grave.iter().copied())));
    }
    if let Some(rollback) = &view.spec.rollback
        && let Some(within) = rollback.within
    {
        facts.push(Fact::new(
            "Taken back within",
            Text::from(format::span(&within.to_string())),
        ));
    }
    facts
}
