//! Names across files: every name a spec uses must be declared somewhere.

use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety, Sink};
use crate::schema::closest;
use crate::source::Pointer;
use crate::syntax::{Entries, Kind, Node};
use crate::workspace::{Section, Workspace};

use super::Experiment;

/// Checks every reference of a resolved experiment.
///
/// A spec stands alone too: units, sources, goals and layers that no file declares are allowed without a workspace.
pub(super) fn check(experiment: &Experiment, workspace: Option<&Workspace>, sink: &mut Sink) {
    let mut checker = Checker { experiment, sink };
    checker.own_metrics();
    checker.own_arms();
    if let Some(workspace) = workspace {
        checker.workspace_names(workspace);
    }
}

/// The error of a name that nothing declares, with the closest one that is.
pub(crate) fn dangling<'a>(
    place: Place,
    noun: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
    whereabouts: &str,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let span = place.span;
    let diagnostic = Diagnostic::error(
        "undefined-reference",
        place,
        format!("there is no {noun} `{name}` in {whereabouts}"),
    )
    .with_label(format!("no such {noun}"));
    if let Some(close) = closest(name, known.iter().copied()) {
        return diagnostic.with_help(format!("did you mean `{close}`?")).with_fix(Fix {
            title: format!("write `{close}`"),
            safety: Safety::Unsafe,
            edits: vec![Edit {
                span,
                replacement: format!("\"{close}\""),
            }],
        });
    }
    match known.as_slice() {
        [] => diagnostic.with_help(format!("{whereabouts} declares no {noun}")),
        few if few.len() <= 12 => diagnostic.with_help(format!("{whereabouts} has: {}", few.join(", "))),
        _ => diagnostic.with_help(format!("declare the {noun} first, or correct the name")),
    }
}

struct Checker<'a> {
    experiment: &'a Experiment,
    sink: &'a mut Sink,
}

impl Checker<'_> {
    fn own_metrics(&mut self) {
        let ids: Vec<&str> = self
            .experiment
            .metrics
            .iter()
            .map(|metric| metric.id.as_str())
            .collect();
        if self.experiment.faults.touches(&Pointer::parse("/metrics")) {
            // A metric that could not be read may well be the one that is meant.
            return;
        }
        for dotted in [
            "hypothesis.metric",
            "decision.net_value.success",
            "decision.net_value.cost",
        ] {
            self.name(&Pointer::from_dotted(dotted), "metric", &ids, "this spec");
        }
        self.names(
            &Pointer::from_dotted("statistics.harm_stop.metrics"),
            "metric",
            &ids,
            "this spec",
        );
        let fields: Vec<Pointer> = self
            .experiment
            .metrics
            .iter()
            .map(|m| m.field("counter_metrics"))
            .collect();
        for pointer in fields {
            self.names(&pointer, "metric", &ids, "this spec");
        }
        for metric in &self.experiment.metrics {
            for position in 0..metric.declared.components.len() {
                let pointer = metric.field("components").index(position).join("metric");
                self.name(&pointer, "metric", &ids, "this spec");
            }
        }
    }

    fn own_arms(&mut self) {
        if self.experiment.faults.touches(&Pointer::parse("/arms")) {
            return;
        }
        let ids: Vec<&str> = self.experiment.arms.iter().map(|arm| arm.id.as_str()).collect();
        let select = Pointer::from_dotted("decision.select");
        if self
            .experiment
            .tree
            .lookup(&select)
            .is_some_and(|node| node.as_array().is_some())
        {
            self.names(&select, "arm", &ids, "this spec");
        }
        for metric in &self.experiment.metrics {
            let labelled = metric.field("judge").join("labelled_arms");
            // A card of the catalogue names the arms of the experiment it was made for; only a card of this spec has to
            // name its arms.
            let own = self
                .experiment
                .tree
                .lookup(&labelled)
                .is_some_and(|node| node.span.file == self.experiment.file);
            if own {
                self.names(&labelled, "arm", &ids, "this spec");
            }
        }
        self.factors();
    }

    /// Levels of arms are those of the declared factors.
    fn factors(&mut self) {
        let Some(design) = &self.experiment.spec.design else {
            return;
        };
        let factors: Vec<&str> = design.factors.keys().map(String::as_str).collect();
        for arm in &self.experiment.arms {
            let levels = Pointer::root().join("arms").join(&arm.id).join("levels");
            let Some(entries) = self.experiment.tree.lookup(&levels).and_then(Node::as_table) else {
                continue;
            };
            for (factor, node) in entries {
                let place = Place::new(node.entry_span(), levels.join(factor));
                if !factors.contains(&factor.as_str()) {
                    let diagnostic = dangling(place, "factor", factor, factors.iter().copied(), "`design.factors`");
                    self.sink.push(Diagnostic {
                        fix: None,
                        ..diagnostic
                    });
                }
            }
        }
        for (row, names) in design.interactions.iter().enumerate() {
            for position in 0..names.len() {
                let pointer = Pointer::from_dotted("design.interactions").index(row).index(position);
                self.name(&pointer, "factor", &factors, "`design.factors`");
            }
        }
    }

    fn workspace_names(&mut self, workspace: &Workspace) {
        let catalogue = &workspace.catalogue;
        let units: Vec<&str> = keys(catalogue.section(Section::Units));
        let sources: Vec<&str> = keys(catalogue.section(Section::Sources));
        let goals: Vec<&str> = workspace.config.goals.keys().map(String::as_str).collect();
        let layers: Vec<&str> = workspace.config.layers.keys().map(String::as_str).collect();
        for dotted in ["design.unit", "design.analysis_unit", "design.cluster.unit"] {
            self.name(&Pointer::from_dotted(dotted), "unit", &units, "the catalogue");
        }
        for dotted in ["design.log.source", "traffic.exposure.source"] {
            self.name(&Pointer::from_dotted(dotted), "source", &sources, "the catalogue");
        }
        self.name(&Pointer::from_dotted("experiment.goal"), "goal", &goals, "abide.toml");
        self.name(&Pointer::from_dotted("traffic.layer"), "layer", &layers, "abide.toml");
        let measures: Vec<Pointer> = self
            .experiment
            .metrics
            .iter()
            .map(|m| m.field("source").join("from"))
            .collect();
        for pointer in measures {
            self.name(&pointer, "source", &sources, "the catalogue");
        }
    }

    fn names(&mut self, pointer: &Pointer, noun: &str, known: &[&str], whereabouts: &str) {
        let count = self
            .experiment
            .tree
            .lookup(pointer)
            .and_then(Node::as_array)
            .map_or(0, <[Node]>::len);
        for position in 0..count {
            self.name(&pointer.index(position), noun, known, whereabouts);
        }
    }

    /// Checks one name, when this spec wrote it: a judge's card of the catalogue, say, names the arms of the experiment
    /// that it was made for.
    fn name(&mut self, pointer: &Pointer, noun: &str, known: &[&str], whereabouts: &str) {
        let Some(node) = self.experiment.tree.lookup(pointer) else {
            return;
        };
        let Kind::String(name) = &node.kind else { return };
        // What a catalogue or abide.toml names is checked once for the whole workspace.
        let own = node.span.file == self.experiment.file;
        if own && !known.contains(&name.as_str()) {
            let place = Place::new(node.span, pointer.clone());
            self.sink
                .push(dangling(place, noun, name, known.iter().copied(), whereabouts));
        }
    }
}

fn keys(entries: &Entries) -> Vec<&str> {
    entries.keys().map(String::as_str).collect()
}
