//! 15 · What was checked, what people must check, and who signs.

use super::{Body, note};
use crate::diagnostics::Severity;
use crate::emit::board::block::{Block, Cell, Check, Column, Row, Signature, Table};
use crate::emit::board::model::Digest;
use crate::emit::board::text::{Style, Text};
use crate::emit::board::verdict::{open, shortfall};
use crate::emit::board::view::{View, in_words};
use crate::format;
use crate::governance::{Change, Counts, short};

pub(super) fn body(view: View<'_>) -> Body {
    let checks = checks(view);
    let met = checks.iter().filter(|check| check.ticked).count();
    let total = checks.len();
    let digest = Digest::new(view.plan.experiment.digest());
    let lede = if met == total {
        format!("All {} points that a machine can check are met.", in_words(total))
    } else {
        format!(
            "{} of {} points that a machine can check are met.",
            super::capital(&in_words(met)),
            in_words(total)
        )
    };
    Body {
        lede: lede.into(),
        terms: vec!["After the checklists of Fabijan et al. (ICSE-SEIP 2019).".into()],
        blocks: [
            Some(Block::Checklist {
                caption: "Checked by abide".into(),
                items: checks,
            }),
            Some(Block::Checklist {
                caption: "For reviewers to tick".into(),
                items: manual(view),
            }),
            approvals(view),
            Some(Block::Signatures {
                lines: signatures(view),
            }),
            Some(note(
                Text::from("A signature approves the digest ")
                    .code(digest.short)
                    .say(". It changes when the plan’s meaning does, and not when only its wording does; a changed plan must be signed again."),
            )),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// The approvals on record, and the groups that have not approved yet; `None` while nobody has.
fn approvals(view: View<'_>) -> Option<Block> {
    let standing = view.inputs.standing.filter(|standing| !standing.approvals.is_empty())?;
    let mut rows: Vec<Row> = standing
        .approvals
        .iter()
        .map(|record| {
            let counts = match &record.counts {
                Counts::Yes => Text::new().status(Style::Ok, "of this plan"),
                Counts::BeforeAmendments => Text::new().status(Style::Ok, "before the amendments"),
                Counts::Void { changes } => Text::new().status(Style::Stop, "void: ").say(listed(changes)),
                Counts::Superseded => Text::from("replaced by a later one"),
                Counts::OtherForm { .. } => Text::new().status(Style::Stop, "not comparable"),
                Counts::Owner => Text::new().status(Style::Stop, "does not count: the owner’s own"),
                Counts::NotMember => Text::new().status(Style::Stop, "does not count: not a member"),
                Counts::Unsigned | Counts::BadSignature => {
                    Text::new().status(Style::Stop, "does not count: no valid signature")
                }
            };
            Row::new([
                Cell::from(record.who.clone()),
                Cell::from(record.groups.join(", ")),
                Cell::from(format::date(&record.date)),
                Cell::from(Text::new().code(short(&record.digest))),
                Cell::from(counts),
            ])
        })
        .collect();
    rows.extend(standing.missing().map(|need| {
        Row::new([
            Cell::from("–"),
            Cell::from(need.group.clone().unwrap_or_else(|| "anyone".to_owned())),
            Cell::from("–"),
            Cell::from("–"),
            Cell::from(Text::new().status(Style::Warn, "missing")),
        ])
    }));
    Some(Block::Table(Table {
        caption: "Approvals on record".into(),
        note: Text::new(),
        columns: vec![
            Column::words("Who"),
            Column::words("For"),
            Column::words("Date"),
            Column::words("Digest"),
            Column::words("Counts"),
        ],
        rows,
        wide: true,
    }))
}

/// The first changes in words, the rest counted.
fn listed(changes: &[Change]) -> String {
    let said: Vec<String> = changes
        .iter()
        .take(3)
        .map(|change| change.said().replace('`', ""))
        .collect();
    match changes.len().saturating_sub(3) {
        0 => said.join("; "),
        more => format!("{}; {more} more", said.join("; ")),
    }
}

fn check(met: bool, text: impl Into<Text>) -> Check {
    let state = if met {
        Text::new().status(Style::Ok, "met")
    } else {
        Text::new().status(Style::Warn, "open")
    };
    Check {
        state,
        ticked: met,
        text: text.into(),
    }
}

fn checks(view: View<'_>) -> Vec<Check> {
    let spec = view.spec;
    let hypothesis = spec.hypothesis.as_ref();
    let experiment = spec.experiment.as_ref();
    let decides = |id: &str| {
        matches!(
            view.metric_plan(id).map(|m| m.role.as_str()),
            Some("primary" | "guardrail")
        )
    };
    let gating: Vec<_> = view.plan.metrics.iter().filter(|metric| decides(&metric.id)).collect();
    let sizes = &view.plan.sizes;
    let chooses_well = |choice: &crate::plan::model::Choice| choice.best_chosen.value >= choice.target;
    let size_suffices = view.plan.choice.as_ref().is_some_and(chooses_well)
        || view.plan.complete
            && sizes.required.is_some_and(|required| {
                sizes.planned.is_none_or(|planned| planned >= required)
                    && sizes.available.is_none_or(|available| available >= required)
            })
            && shortfall(view).is_none();
    let mut checks = vec![
        check(
            hypothesis.is_some_and(|h| h.metric.is_some() && h.refuted_if.is_some()),
            "The hypothesis says what would refute it",
        ),
        check(
            !gating.is_empty() && gating.iter().all(|metric| metric.question.is_some()),
            "Every metric that decides says what it must show",
        ),
        check(
            !gating.is_empty() && gating.iter().all(|metric| metric.baseline.is_some()),
            "Every metric that decides has a baseline",
        ),
        check(size_suffices, size_point(view)),
        check(
            view.inputs.decision.is_some_and(|table| table.proven),
            "Every outcome has an action, fixed before the data",
        ),
        check(
            experiment.is_some_and(|e| e.owner.is_some() && e.decision_maker.is_some()),
            "Owner and decision-maker are named",
        ),
        check(
            experiment.is_some_and(|e| e.data_seen == Some(false)),
            "Nobody has seen the data",
        ),
    ];
    if view.is_replay() {
        checks.push(check(
            spec.design
                .as_ref()
                .and_then(|d| d.log.as_ref())
                .is_some_and(|log| log.from.is_some() && log.to.is_some()),
            "The log and its window are named",
        ));
    } else {
        let rollback = spec.rollback.as_ref();
        checks.push(check(
            rollback.is_some_and(|r| r.flag.is_some() && r.owner.is_some()),
            "Someone can take the change back",
        ));
        checks.push(check(
            spec.instrumentation.as_ref().is_some_and(|i| i.verified.is_some()),
            "Tracking has been verified",
        ));
    }
    checks.push(check(
        open(view.inputs.findings, Severity::Error) == 0,
        Text::from("No error is open ").link("(section 17)", "findings"),
    ));
    checks
}

/// The point about the size, with why it is open where the size alone does not show it.
fn size_point(view: View<'_>) -> String {
    let point = "The size suffices for the decision";
    shortfall(view).map_or_else(
        || point.to_owned(),
        |short| {
            format!(
                "{point}: {} give {}, and {} is asked for",
                view.units(short.units),
                format::chance(short.chance.if_independent),
                format::level(view.power())
            )
        },
    )
}

fn manual(view: View<'_>) -> Vec<Check> {
    let mut questions = vec![
        "The decision is worth the experiment, whatever comes out",
        "The margins are what the business can bear",
        "The baselines describe the population and the season of the run",
        "No excessive harm is done to anyone while it runs",
    ];
    if !view.plan.assumptions.is_empty() {
        questions.push("The edition defaults in the ledger are meant");
    }
    questions
        .into_iter()
        .map(|question| Check {
            state: Text::new(),
            ticked: false,
            text: question.into(),
        })
        .collect()
}

fn signatures(view: View<'_>) -> Vec<Signature> {
    let experiment = view.spec.experiment.as_ref();
    let mut lines = Vec::new();
    let mut line = |role: &str, who: &str| {
        lines.push(Signature {
            role: role.to_owned(),
            who: who.to_owned(),
        });
    };
    for reviewer in experiment.map(|e| e.reviewers.as_slice()).unwrap_or_default() {
        line("Reviewer", reviewer);
    }
    if experiment.is_none_or(|e| e.reviewers.is_empty()) {
        line("Reviewer", "");
    }
    line(
        "Decides",
        experiment.and_then(|e| e.decision_maker.as_deref()).unwrap_or_default(),
    );
    lines
}
