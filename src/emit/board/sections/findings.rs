//! 17 · What `check` found, and what was waived.

use super::Body;
use crate::diagnostics::Severity;
use crate::emit::board::block::{Block, Finding};
use crate::emit::board::inputs::{FindingRecord, WaiverRecord};
use crate::emit::board::text::{Style, Text, listed, sentence};
use crate::emit::board::verdict::open;
use crate::emit::board::view::{View, in_words_with};
use crate::format;

pub(super) fn body(view: View<'_>) -> Body {
    let all = view.inputs.findings;
    // The gravest first; what is waived stands last, with its reason.
    let mut ordered: Vec<&FindingRecord> = all.iter().collect();
    ordered.sort_by_key(|finding| (finding.waived.is_some(), std::cmp::Reverse(finding.severity)));
    let items: Vec<Finding> = ordered.into_iter().map(|finding| shown(view, finding)).collect();
    Body {
        lede: lede(all),
        blocks: if items.is_empty() {
            Vec::new()
        } else {
            vec![Block::Findings { items }]
        },
        ..Body::default()
    }
}

fn lede(all: &[FindingRecord]) -> Text {
    if all.is_empty() {
        return "Nothing was found.".into();
    }
    let count = |severity| open(all, severity);
    let mut parts = Vec::new();
    for (severity, noun) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        if count(severity) > 0 {
            parts.push(in_words_with(count(severity), noun));
        }
    }
    if count(Severity::Advice) > 0 {
        parts.push(format!("{} of advice", in_words_with(count(Severity::Advice), "piece")));
    }
    let waived = all.iter().filter(|finding| finding.waived.is_some()).count();
    if waived > 0 {
        parts.push(format!("{} waived", in_words_with(waived, "finding")));
    }
    format!("{}.", super::capital(&listed(parts.iter().map(String::as_str)))).into()
}

fn shown(view: View<'_>, finding: &FindingRecord) -> Finding {
    let mut message = Text::new().marked(&sentence(&finding.message));
    for remark in &finding.notes {
        message = message.say(" ").marked(&sentence(remark));
    }
    Finding {
        severity: finding.severity.as_str().to_owned(),
        style: match (&finding.waived, finding.severity) {
            (Some(_), _) | (None, Severity::Advice) => Style::Info,
            (None, Severity::Warning) => Style::Warn,
            (None, Severity::Error) => Style::Stop,
        },
        rule: finding.rule.clone(),
        message,
        place: view.ledger.place(&finding.file, Some(finding.line)),
        help: finding
            .help
            .iter()
            .fold(Text::new(), |text, help| text.marked(&sentence(help))),
        waived: finding.waived.as_ref().map(waived),
    }
}

fn waived(waiver: &WaiverRecord) -> String {
    let by = waiver.by.as_deref().unwrap_or("someone who is not named");
    let until = waiver.until.as_deref().map_or_else(
        || " without an end".to_owned(),
        |until| format!(" until {}", format::date(until)),
    );
    let reason = waiver
        .reason
        .as_deref()
        .map_or_else(|| "No reason is given.".to_owned(), sentence);
    format!("Waived by {by}{until}. {reason}")
}
