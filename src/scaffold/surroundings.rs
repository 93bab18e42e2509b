//! What a new spec can refer to: the names that its workspace has.

use super::slots::{Slot, StartingPoint, Wanted};
use crate::syntax::Node;
use crate::workspace::{Section, Workspace};

/// The names of a workspace, as far as a scaffold writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    goals: Vec<String>,
    layers: Vec<Layer>,
    units: Vec<Unit>,
    sources: Vec<String>,
    metrics: Vec<Metric>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Layer {
    id: String,
    unit: Option<String>,
    gives_units: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Unit {
    id: String,
    kind: Option<String>,
}

/// A metric of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metric {
    id: String,
    facet: Option<String>,
    kind: Option<String>,
    direction: Option<String>,
    /// The column of its source that holds the unit.
    unit_column: Option<String>,
    /// The arms whose answers its judge was validated on.
    labelled_arms: Vec<String>,
}

impl Surroundings {
    /// Reads them off a workspace. Names that no spec could use as they stand are left out; `check` reports them.
    pub fn of(workspace: &Workspace) -> Self {
        let config = &workspace.config;
        let sources = workspace.catalogue.section(Section::Sources);
        let entries = |section| {
            workspace
                .catalogue
                .section(section)
                .iter()
                .filter(|(id, _)| is_plain(id))
        };
        let metric = |(id, node): (&String, &Node)| {
            let source = node.get("source").and_then(|source| word(source, "from"));
            Metric {
                id: id.clone(),
                facet: word(node, "facet"),
                kind: word(node, "kind"),
                direction: word(node, "direction"),
                unit_column: source.and_then(|from| word(sources.get(&from)?, "unit_column")),
                labelled_arms: node
                    .get("judge")
                    .map(|judge| words(judge, "labelled_arms"))
                    .unwrap_or_default(),
            }
        };
        Self {
            goals: config.goals.keys().filter(|id| is_plain(id)).cloned().collect(),
            layers: config
                .layers
                .iter()
                .filter(|(id, _)| is_plain(id))
                .map(|(id, layer)| Layer {
                    id: id.clone(),
                    unit: layer.unit.clone(),
                    gives_units: layer.units_per_day.is_some(),
                })
                .collect(),
            units: entries(Section::Units)
                .map(|(id, node)| Unit {
                    id: id.clone(),
                    kind: word(node, "kind"),
                })
                .collect(),
            sources: entries(Section::Sources).map(|(id, _)| id.clone()).collect(),
            metrics: entries(Section::Metrics).map(metric).collect(),
        }
    }

    /// The goals of `abide.toml`.
    pub fn goals(&self) -> Vec<&str> {
        self.goals.iter().map(String::as_str).collect()
    }

    pub(super) fn units(&self) -> Vec<&str> {
        self.units.iter().map(|unit| unit.id.as_str()).collect()
    }

    pub(super) fn sources(&self) -> Vec<&str> {
        self.sources.iter().map(String::as_str).collect()
    }

    /// The metrics of the catalogue.
    pub fn metrics(&self) -> Vec<&str> {
        self.metrics.iter().map(|metric| metric.id.as_str()).collect()
    }

    /// The unit to randomise: the one the scaffold names, else the first of a kind that can take its place.
    pub(super) fn unit(&self, start: StartingPoint) -> Option<&str> {
        let (name, kinds) = start.unit();
        let named = self.units.iter().find(|unit| unit.id == name);
        let of_kind = |kind: &&str| self.units.iter().find(|unit| unit.kind.as_deref() == Some(*kind));
        named
            .or_else(|| kinds.iter().find_map(of_kind))
            .map(|unit| unit.id.as_str())
    }

    /// The layers that assign a unit; those that say how many units there are a day come first.
    pub(super) fn layers(&self, unit: &str) -> Vec<&str> {
        let mut layers: Vec<&Layer> = self
            .layers
            .iter()
            .filter(|layer| layer.unit.as_deref() == Some(unit))
            .collect();
        layers.sort_by_key(|layer| !layer.gives_units);
        layers.into_iter().map(|layer| layer.id.as_str()).collect()
    }

    /// The catalogue metric that takes the place of a scaffold's own: one with the same id, which a spec may not define
    /// again, or else the only one that measures the same, in the same way, for the same unit, and whose judge was
    /// validated on the same arms or gets a new card.
    pub(super) fn metric(&self, slot: &Slot, start: StartingPoint, unit: &str) -> Option<&Metric> {
        let same = self.metrics.iter().find(|metric| metric.id == slot.id);
        if same.is_some() {
            return same;
        }
        let wanted = slot.wanted?;
        let judge_fits = |metric: &&Metric| slot.judged || !metric.needs_judge_card(start.arms());
        let fits = |metric: &&Metric| metric.is(wanted) && metric.is_per(unit) && judge_fits(metric);
        let mut fitting = self.metrics.iter().filter(fits);
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}

impl Metric {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Whether its judge was validated on arms that an experiment does not have, and needs a card for its own.
    pub(super) fn needs_judge_card(&self, arms: &[&str]) -> bool {
        self.labelled_arms.iter().any(|arm| !arms.contains(&arm.as_str()))
    }

    fn is(&self, wanted: Wanted) -> bool {
        self.facet.as_deref() == Some(wanted.facet.as_str())
            && self.kind.as_deref() == Some(wanted.kind.as_str())
            && self.direction.as_deref() == Some(wanted.direction.as_str())
    }

    /// Whether its values are stored per that unit, going by the usual names of columns. A metric that is not
    /// recognised is only not proposed.
    fn is_per(&self, unit: &str) -> bool {
        let column = self.unit_column.as_deref();
        column.is_some_and(|column| column == unit || column.strip_suffix("_id") == Some(unit))
    }
}

fn word(table: &Node, key: &str) -> Option<String> {
    table.get(key)?.as_str().map(str::to_owned)
}

fn words(table: &Node, key: &str) -> Vec<String> {
    let items = table.get(key).and_then(Node::as_array).unwrap_or_default();
    items.iter().filter_map(Node::as_str).map(str::to_owned).collect()
}

/// Ids as the language spells them. Others, such as one with a line break, cannot stand in a comment.
fn is_plain(id: &str) -> bool {
    !id.is_empty()
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
