//! 18 · What was decided in the end, and by which rule.

use super::{Body, facts_block, missing, note};
use crate::emit::board::model::Fact;
use crate::emit::board::text::{Style, Text};
use crate::emit::board::view::View;
use crate::format;
use crate::language::{Action, Status};

/// Whether there is something to record.
pub(super) fn has_ended(view: View<'_>) -> bool {
    let status = view.spec.experiment.as_ref().and_then(|experiment| experiment.status);
    view.spec.conclusion.is_some() || matches!(status, Some(Status::Concluded | Status::Abandoned))
}

pub(super) fn body(view: View<'_>) -> Body {
    let Some(conclusion) = &view.spec.conclusion else {
        return Body {
            lede: "The experiment has ended.".into(),
            blocks: vec![missing("Nothing says what was decided: the spec has no conclusion.")],
            ..Body::default()
        };
    };
    let lede = match (conclusion.rule_says, conclusion.decision) {
        (Some(says), Some(decision)) if says == decision => Text::from("The planned rule said ")
            .code(says.as_str())
            .say(", and so it was decided."),
        (Some(says), Some(decision)) => Text::from("The planned rule said ")
            .code(says.as_str())
            .say("; it was overruled, and ")
            .code(decision.as_str())
            .say(" was decided."),
        (None, Some(decision)) => Text::from("It was decided to ")
            .code(decision.as_str())
            .say("; what the rule said is not recorded."),
        (_, None) => "What was decided is not recorded.".into(),
    };
    let rule = view
        .inputs
        .decision
        .map_or_else(|| "none".to_owned(), |table| table.rule.clone());
    let action = |action: Option<Action>| match action {
        Some(action) => Text::new().code(action.as_str()),
        None => Text::new().status(Style::Warn, "not said"),
    };
    let mut facts = vec![
        Fact::new("Planned rule", Text::new().code(rule)),
        Fact::new("The rule said", action(conclusion.rule_says)),
        Fact::new("Decided", action(conclusion.decision)),
    ];
    if let Some(arm) = &conclusion.arm {
        facts.push(Fact::new("Arm", Text::new().code(arm.as_str())));
    }
    facts.push(Fact::new(
        "By",
        conclusion
            .by
            .as_deref()
            .map_or_else(|| Text::new().status(Style::Warn, "not said"), Text::from),
    ));
    if let Some(date) = conclusion.date {
        facts.push(Fact::new("On", format::date(&date.to_string())));
    }
    if let Some(results) = &conclusion.results {
        facts.push(Fact::new("Results", Text::new().code(results.as_str())));
    }
    let overruled = matches!((conclusion.rule_says, conclusion.decision), (Some(a), Some(b)) if a != b);
    match (&conclusion.reason, overruled) {
        (Some(reason), true) => facts.push(Fact::new("Why it was overruled", reason.as_str())),
        (Some(reason), false) => facts.push(Fact::new("Reason", reason.as_str())),
        (None, true) => facts.push(Fact::new(
            "Why it was overruled",
            Text::new().status(Style::Stop, "not said"),
        )),
        (None, false) => {}
    }
    let mut blocks = vec![facts_block("", facts)];
    blocks.extend(conclusion.summary.as_deref().map(note));
    Body {
        lede,
        blocks,
        ..Body::default()
    }
}
