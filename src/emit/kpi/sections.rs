//! The sections after the KPIs: coverage, how each metric is measured, gaps.

use indexmap::IndexMap;

use super::build::View;
use super::gaps::Gap;
use super::{coverage, method};
use crate::emit::board::{Block, Cell, Column, Row, Section, Style, Table, Text};
use crate::format;
use crate::language::Metric;

/// The sections by name, in reading order.
pub(super) fn build(view: View<'_>, gaps: &[Gap]) -> IndexMap<&'static str, Section> {
    IndexMap::from([
        ("coverage", coverage_section(view)),
        ("methods", methods(view)),
        ("gaps", gap_section(gaps)),
    ])
}

fn coverage_section(view: View<'_>) -> Section {
    Section {
        number: "3",
        title: "Coverage",
        lede: Text::from("What is measured, for whom, and where nothing is."),
        margin: vec![
            Text::new()
                .strong("Leading")
                .say(" metrics move early and predict; lagging ones confirm."),
            Text::new().strong("HEART").say(": Rodden, Hutchinson and Fu 2010."),
        ],
        blocks: coverage::blocks(view),
    }
}

fn methods(view: View<'_>) -> Section {
    let columns = [
        "Metric",
        "How it is measured",
        "Source",
        "Owner and refresh",
        "Defined at",
    ];
    let rows = view.scope.iter().map(|definition| {
        let metric = &definition.metric;
        let or_not = |text: Option<Text>| text.unwrap_or_else(|| Text::new().status(Style::Info, "not said"));
        // The card of a KPI stands with the KPI.
        let how = if view.kpis.iter().any(|kpi| kpi.id == definition.id) {
            method::how(metric).map(Text::from)
        } else {
            method::measured(metric)
        };
        let measured = match (method::kind(metric), how) {
            (Some(kind), Some(how)) => Some(Text::from(kind).say("; ").append(how)),
            (kind, how) => kind.map(Text::from).or(how),
        };
        Row::new([
            Cell::from(view.named(definition)),
            Cell::from(or_not(measured)),
            Cell::from(or_not(method::source(view.inputs, metric))),
            Cell::from(answered(metric)),
            Cell::from(Text::new().code(definition.place.clone())),
        ])
    });
    Section {
        number: "4",
        title: "How each metric is measured",
        lede: Text::from("Where every number is made, and who answers for it."),
        margin: Vec::new(),
        blocks: vec![Block::Table(Table {
            caption: Text::from(format!(
                "{} on this page",
                format::counted(view.scope.len() as f64, "metric")
            )),
            note: Text::from("The KPIs, and the metrics that they lead to. Who judges a KPI stands with the KPI."),
            columns: columns.into_iter().map(Column::words).collect(),
            rows: rows.collect(),
            wide: true,
        })],
    }
}

/// Who answers for a metric, and how often it is refreshed.
fn answered(metric: &Metric) -> Text {
    let owner = match &metric.owner {
        Some(owner) => Text::from(owner.clone()),
        None => Text::new().status(Style::Info, "no owner"),
    };
    match method::refreshed(metric) {
        Some(refreshed) => owner.say(format!(", {refreshed}")),
        None => owner.say(", refresh not said"),
    }
}

fn gap_section(gaps: &[Gap]) -> Section {
    let lede = if gaps.is_empty() {
        "Nothing that this page asks for is missing."
    } else {
        "What a dashboard hides: dimensions without a metric, metrics that lead nowhere, KPIs that nobody could act on."
    };
    let table = Table {
        caption: Text::from(format!("{} to close", format::counted(gaps.len() as f64, "gap"))),
        columns: ["About", "What is missing"].into_iter().map(Column::words).collect(),
        rows: gaps
            .iter()
            .map(|gap| Row::new([Cell::from(gap.about.clone()), Cell::from(gap.missing.clone())]))
            .collect(),
        ..Table::default()
    };
    Section {
        number: "5",
        title: "Gaps",
        lede: Text::from(lede),
        margin: Vec::new(),
        blocks: if gaps.is_empty() {
            Vec::new()
        } else {
            vec![Block::Table(table)]
        },
    }
}
