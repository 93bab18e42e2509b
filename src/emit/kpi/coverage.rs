//! Tier by HEART dimension: which metrics speak of what, and where a metric is expected and none exists.

use super::inputs::Definition;
use super::method;
use crate::emit::board::{Cell, Column, Row, Style, Table, Text, Tone};
use crate::language::metric::{Heart, Tier};

/// The tiers in reading order: what the others are for comes first.
pub(super) const TIERS: [Tier; 3] = [Tier::Business, Tier::Model, Tier::Platform];

/// Whether a metric is expected. HEART speaks of users, so the business tier should cover all of it; a model must at least
/// show whether tasks succeed; a platform metric needs no dimension.
pub(super) fn is_expected(tier: Tier, heart: Heart) -> bool {
    match tier {
        Tier::Business => true,
        Tier::Model => heart == Heart::TaskSuccess,
        Tier::Platform => false,
    }
}

/// The name of a tier as a heading.
pub(super) fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Platform => "Platform",
        Tier::Model => "Model",
        Tier::Business => "Business",
    }
}

/// The name of a dimension as a heading.
pub(super) fn heart_name(heart: Heart) -> &'static str {
    match heart {
        Heart::Happiness => "Happiness",
        Heart::Engagement => "Engagement",
        Heart::Adoption => "Adoption",
        Heart::Retention => "Retention",
        Heart::TaskSuccess => "Task success",
    }
}

/// What stays unknown when a dimension has no metric.
fn unknown(heart: Heart) -> &'static str {
    match heart {
        Heart::Happiness => "nothing says what users feel",
        Heart::Engagement => "nothing says how much it is used",
        Heart::Adoption => "nothing says whether people start to use it",
        Heart::Retention => "nothing says whether people stay",
        Heart::TaskSuccess => "nothing says whether people get done what they came for",
    }
}

/// Expected cells without a metric, and the number of all expected cells.
pub(super) struct Gaps {
    pub(super) empty: Vec<(Tier, Heart)>,
    pub(super) expected: usize,
}

/// Where metrics are missing.
pub(super) fn gaps(definitions: &[&Definition]) -> Gaps {
    let expected: Vec<(Tier, Heart)> = TIERS
        .iter()
        .flat_map(|tier| Heart::ALL.iter().map(|heart| (*tier, *heart)))
        .filter(|(tier, heart)| is_expected(*tier, *heart))
        .collect();
    let has = |tier, heart| {
        definitions
            .iter()
            .any(|d| d.metric.tier == Some(tier) && d.metric.heart == Some(heart))
    };
    Gaps {
        empty: expected
            .iter()
            .copied()
            .filter(|(tier, heart)| !has(*tier, *heart))
            .collect(),
        expected: expected.len(),
    }
}

/// A gap as a sentence.
pub(super) fn sentence(tier: Tier, heart: Heart) -> String {
    format!(
        "{} tier, {}: {}",
        tier_name(tier),
        heart_name(heart).to_lowercase(),
        unknown(heart)
    )
}

/// The grid as a table.
pub(super) fn table(definitions: &[&Definition], named: impl Fn(&Definition) -> Text) -> Table {
    let gaps = gaps(definitions);
    let mut columns = vec![Column::words("Tier")];
    columns.extend(Heart::ALL.iter().map(|heart| Column::words(heart_name(*heart))));
    columns.push(Column::words("No dimension"));
    let rows = TIERS.iter().map(|tier| {
        let mut cells = vec![Cell::from(Text::new().say(tier_name(*tier)))];
        let dimensions = Heart::ALL.iter().copied().map(Some).chain([None]);
        cells.extend(dimensions.map(|heart| cell(definitions, *tier, heart, &named)));
        Row::new(cells)
    });
    Table {
        caption: Text::from(match gaps.empty.len() {
            0 => format!("All {} cells in which a metric is expected have one", gaps.expected),
            n => format!("{n} of {} cells in which a metric is expected are empty", gaps.expected),
        }),
        note: Text::from(
            "Tier by HEART dimension. A metric is expected for every dimension of the business tier and for task success of \
             the model tier.",
        ),
        columns,
        rows: rows.collect(),
        wide: true,
    }
}

fn cell(definitions: &[&Definition], tier: Tier, heart: Option<Heart>, named: impl Fn(&Definition) -> Text) -> Cell {
    let here = definitions
        .iter()
        .filter(|d| d.metric.tier == Some(tier) && d.metric.heart == heart);
    let mut text = Text::new();
    for definition in here {
        if !text.is_empty() {
            text = text.say("; ");
        }
        text = text.append(named(definition));
        if let Some(indicator) = method::indicator(&definition.metric) {
            text = text.say(format!(" ({indicator})"));
        }
    }
    match heart {
        Some(heart) if text.is_empty() && is_expected(tier, heart) => Cell {
            text: Text::new()
                .status(Style::Warn, "gap")
                .say(format!(" {}", unknown(heart))),
            tone: Some(Tone::Watch),
            ..Cell::default()
        },
        _ if text.is_empty() => Cell::from(Text::from("–")),
        _ => Cell::from(text),
    }
}
