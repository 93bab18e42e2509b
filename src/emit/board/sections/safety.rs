//! 14 · Whose data are used, and how the change is taken back.

use super::{Body, facts_block, missing};
use crate::emit::board::model::Fact;
use crate::emit::board::text::{Style, Text, listed};
use crate::emit::board::view::View;
use crate::format;
use crate::language::{DataClass, Privacy, Rollback};

pub(super) fn body(view: View<'_>) -> Body {
    let mut blocks = Vec::new();
    match &view.spec.privacy {
        Some(privacy) => blocks.push(facts_block("Data", data(privacy))),
        None => blocks.push(missing(
            Text::from("It is not said which data are used: ")
                .code("[privacy]")
                .say(" is missing."),
        )),
    }
    match &view.spec.rollback {
        Some(rollback) => blocks.push(facts_block("Taking it back", back(rollback))),
        None if view.is_replay() => blocks.push(super::note(
            "No user meets the change, so there is nothing to roll back.",
        )),
        None => blocks.push(missing(
            Text::from("It is not said how the change is taken back: ")
                .code("[rollback]")
                .say(" is missing."),
        )),
    }
    Body {
        lede: lede(view),
        blocks,
        ..Body::default()
    }
}

fn lede(view: View<'_>) -> Text {
    let users = if view.is_replay() {
        "No user is affected: the run is a replay of logged units. "
    } else {
        ""
    };
    let back = view.spec.rollback.as_ref();
    let rollback = match back.map(|r| (&r.owner, r.within)) {
        Some((Some(owner), Some(within))) => format!(
            "{owner} takes the change back within {}.",
            format::span(&within.to_string())
        ),
        Some((Some(owner), None)) => format!("{owner} takes the change back; within what time is not said."),
        _ => String::new(),
    };
    format!("{users}{rollback}").trim_end().into()
}

fn data(privacy: &Privacy) -> Vec<Fact> {
    let said = |words: &Option<String>| words.as_deref().map(Text::from);
    let mut facts = vec![Fact::new(
        "Data",
        if privacy.data.is_empty() {
            Text::new().status(Style::Warn, "not said")
        } else {
            listed(privacy.data.iter().map(String::as_str)).into()
        },
    )];
    if !privacy.classes.is_empty() {
        facts.push(Fact::new(
            "Classes",
            listed(privacy.classes.iter().map(|class| DataClass::as_str(*class))),
        ));
    }
    facts.push(Fact::new(
        "Kept for",
        privacy.retention.map_or_else(
            || Text::new().status(Style::Warn, "not said"),
            |time| format::span(&time.to_string()).into(),
        ),
    ));
    facts.extend(said(&privacy.consent).map(|text| Fact::new("Ground and notice", text)));
    facts.extend(said(&privacy.dpia).map(|text| Fact::new("Impact assessment", text)));
    facts.extend(said(&privacy.redaction).map(|text| Fact::new("Removed before data leave", text)));
    if !privacy.shared_with.is_empty() {
        facts.push(Fact::new(
            "Shared with",
            listed(privacy.shared_with.iter().map(String::as_str)),
        ));
    }
    facts
}

fn back(rollback: &Rollback) -> Vec<Fact> {
    let missing = || Text::new().status(Style::Warn, "not said");
    vec![
        Fact::new(
            "Flag",
            rollback
                .flag
                .as_deref()
                .map_or_else(missing, |flag| Text::new().code(flag)),
        ),
        Fact::new(
            "Taken back by",
            rollback.owner.as_deref().map_or_else(missing, Text::from),
        ),
        Fact::new(
            "Within",
            rollback
                .within
                .map_or_else(missing, |time| format::span(&time.to_string()).into()),
        ),
    ]
}
