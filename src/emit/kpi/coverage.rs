//! Tier by HEART dimension: which metrics speak of what, and where a metric is expected and none exists.

use super::build::View;
use super::inputs::Definition;
use super::method;
use crate::emit::board::{Block, Cell, Column, Row, Style, Table, Text, Tone};
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

/// The grid: the grid itself, then in words what it does not show.
pub(super) fn blocks(view: View<'_>) -> Vec<Block> {
    let gaps = gaps(view.scope);
    let mut blocks = vec![Block::Table(table(view, &gaps))];
    if !gaps.empty.is_empty() {
        let sentences = gaps.empty.iter().map(|(tier, heart)| sentence(*tier, *heart));
        let text = Text::from(format!("{}.", sentences.collect::<Vec<_>>().join("; ")));
        blocks.push(Block::Missing { text });
    }
    let outside = view.scope.iter().filter(|definition| definition.metric.tier.is_none());
    let outside: Vec<Text> = outside.map(|definition| view.named(definition)).collect();
    if !outside.is_empty() {
        let text = Text::from("Not in the grid, since the catalogue does not say their ").code("tier");
        blocks.push(Block::Missing {
            text: text.say(": ").append(Text::join(outside)).say("."),
        });
    }
    blocks
}

/// Dimensions by tier: names need room, and there are fewer tiers than dimensions.
fn table(view: View<'_>, gaps: &Gaps) -> Table {
    let mut columns = vec![Column::words("HEART dimension")];
    columns.extend(TIERS.iter().map(|tier| Column::words(tier_name(*tier))));
    let dimensions = Heart::ALL.iter().copied().map(Some).chain([None]);
    let rows = dimensions.map(|heart| {
        let name = heart.map_or("No dimension", heart_name);
        let cells = TIERS.iter().map(|tier| cell(view, *tier, heart));
        Row::new([Cell::from(name)].into_iter().chain(cells))
    });
    Table {
        caption: Text::from(match gaps.empty.len() {
            0 => format!("All {} cells in which a metric is expected have one", gaps.expected),
            1 => format!("1 of {} cells in which a metric is expected is empty", gaps.expected),
            n => format!("{n} of {} cells in which a metric is expected are empty", gaps.expected),
        }),
        note: Text::from(
            "HEART dimension by tier. A metric is expected for every dimension of the business tier and for task success of \
             the model tier. A dash: there is none, and none is expected.",
        ),
        columns,
        rows: rows.collect(),
        wide: true,
    }
}

fn cell(view: View<'_>, tier: Tier, heart: Option<Heart>) -> Cell {
    let here = view
        .scope
        .iter()
        .filter(|d| d.metric.tier == Some(tier) && d.metric.heart == heart);
    let (tops, declared) = view.tree.tops();
    let mut text = Text::new();
    for definition in here {
        if !text.is_empty() {
            text = text.say("; ");
        }
        text = text.append(view.named(definition));
        let is_north_star = declared && tops.contains(&definition.id.as_str());
        let said = [
            method::indicator(&definition.metric),
            is_north_star.then_some("North Star"),
        ];
        let said: Vec<&str> = said.into_iter().flatten().collect();
        if !said.is_empty() {
            text = text.say(format!(" ({})", said.join(", ")));
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
