//! What only several specs together can show: ids that are used twice, follow-ups that lead nowhere, and what the rules
//! between specs find.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::session::Session;
use super::spec::{Compiled, levels, waivers};
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::resolve::{Experiment, dangling};
use crate::rules::{Levels, Neighbour, Review, review_across, review_workspace};
use crate::source::Pointer;
use crate::syntax;

/// What shows between the specs of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Across {
    /// What nobody has waived.
    pub findings: Vec<Diagnostic>,
    /// How many findings are waived.
    pub waived: usize,
}

/// Checks the specs of a run against each other, and against the others of their workspace where a spec names one.
pub fn check_across(session: &Session<'_>, compiled: &[Compiled]) -> Across {
    let mut sink = Sink::new();
    duplicate_ids(compiled, &mut sink);
    follow_ups(session, compiled, &mut sink);
    let mut across = Across {
        findings: sink.into_vec(),
        waived: 0,
    };
    for review in between(session, compiled) {
        across.findings.extend(review.findings);
        across.waived += review.waived.len();
    }
    for workspace in session.workspaces() {
        let levels = Levels::of_workspace(workspace.config.lints.as_ref(), session.profile);
        across.findings.extend(review_workspace(workspace, &levels));
    }
    across
}

/// What the rules between specs find, workspace by workspace.
fn between(session: &Session<'_>, compiled: &[Compiled]) -> Vec<Review> {
    let mut workspaces: BTreeMap<Option<usize>, Vec<Neighbour<'_>>> = BTreeMap::new();
    for (spec, compiled) in session.specs().iter().zip(compiled) {
        let (Some(experiment), Some(plan)) = (&compiled.experiment, &compiled.plan) else {
            continue;
        };
        let workspace = session.workspace(spec.workspace);
        workspaces.entry(spec.workspace).or_default().push(Neighbour {
            experiment,
            plan,
            workspace,
            levels: levels(session, workspace, experiment),
            waivers: waivers(experiment),
        });
    }
    workspaces
        .values()
        .filter(|neighbours| neighbours.len() > 1)
        .flat_map(|neighbours| review_across(neighbours, session.today()))
        .collect()
}

fn id_place(experiment: &Experiment) -> Place {
    experiment.place(&Pointer::from_dotted("experiment.id"))
}

fn duplicate_ids(compiled: &[Compiled], sink: &mut Sink) {
    let mut first: HashMap<&str, &Experiment> = HashMap::new();
    for experiment in compiled.iter().filter_map(|c| c.experiment.as_ref()) {
        if experiment.id.is_empty() {
            continue;
        }
        match first.get(experiment.id.as_str()) {
            None => {
                first.insert(&experiment.id, experiment);
            }
            Some(other) => sink.push(
                Diagnostic::error(
                    "duplicate-id",
                    id_place(experiment),
                    format!("two specs have the id `{}`", experiment.id),
                )
                .with_label("used again here")
                .with_other(id_place(other), "first used here")
                .with_note("the id names the experiment in every platform, table and approval")
                .with_help("give one of the two another id"),
            ),
        }
    }
}

fn follow_ups(session: &Session<'_>, compiled: &[Compiled], sink: &mut Sink) {
    let pointer = Pointer::from_dotted("decision.follow_up");
    let loaded: BTreeSet<&str> = compiled
        .iter()
        .filter_map(|c| c.experiment.as_ref())
        .map(|experiment| experiment.id.as_str())
        .collect();
    // Reading the other specs of a workspace is only worth it when a name is not among those at hand.
    let mut others: HashMap<usize, BTreeSet<String>> = HashMap::new();
    for (spec, compiled) in session.specs().iter().zip(compiled) {
        let (Some(experiment), Some(index)) = (compiled.experiment.as_ref(), spec.workspace) else {
            continue;
        };
        let Some(name) = experiment.spec.decision.as_ref().and_then(|d| d.follow_up.as_deref()) else {
            continue;
        };
        let place = experiment.place(&pointer);
        if name == experiment.id {
            sink.push(
                Diagnostic::error("self-reference", place, format!("`{name}` is its own follow-up"))
                    .with_label("this spec")
                    .with_help("name the experiment that comes after this one, or remove the line"),
            );
            continue;
        }
        if loaded.contains(name) {
            continue;
        }
        let ids = others.entry(index).or_insert_with(|| ids_of_workspace(session, index));
        if !ids.contains(name) {
            // An experiment does not follow itself.
            let known: BTreeSet<&str> = ids
                .iter()
                .map(String::as_str)
                .chain(loaded.iter().copied())
                .filter(|id| *id != experiment.id)
                .collect();
            let finding = dangling(place, "experiment", name, known.iter().copied(), "the workspace");
            sink.push(if known.is_empty() {
                finding.with_help("the workspace has no other experiment")
            } else {
                finding
            });
        }
    }
}

/// The ids of all specs of a workspace. Files that cannot be read have no id; checking them says why.
fn ids_of_workspace(session: &Session<'_>, index: usize) -> BTreeSet<String> {
    let Some(workspace) = session.workspace(Some(index)) else {
        return BTreeSet::new();
    };
    let files = workspace
        .specs
        .files(session.world(), &workspace.root)
        .unwrap_or_default();
    files
        .iter()
        .filter_map(|path| {
            let mut decoded = syntax::decode(session.world().read(path).ok()?);
            let source = crate::source::SourceFile::new("", std::mem::take(&mut decoded.text));
            let (file, _) = session.edition();
            let root = syntax::parse(&source, file, &mut Sink::new()).root;
            Some(root.get("experiment")?.get("id")?.as_str()?.to_owned())
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::compilation::compile;
    use crate::world::Memory;

    fn across(waiver: &str) -> Across {
        let spec = |id: &str, more: &str| {
            format!(
                "edition = 1\n[experiment]\nid = \"{id}\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\nsalt = \"same-1\"\n\
                 [arms.control]\n[arms.b]\n[metrics.m]\nkind = \"proportion\"\ndirection = \"increase\"\nrole = \"primary\"\n\
                 baseline = {{ value = 0.1 }}\nmde = {{ relative = 0.1 }}\n{more}"
            )
        };
        let world = Memory::new(jiff::civil::date(2026, 12, 14));
        let mut session = Session::new(&world, None);
        for (id, more) in [("one", ""), ("two", waiver)] {
            let path = format!("/w/{id}.toml");
            let text = spec(id, more).into_bytes();
            session.add_text(std::path::Path::new(&path), text).unwrap();
        }
        let compiled = compile(&session);
        check_across(&session, &compiled)
    }

    #[test]
    fn what_is_waived_between_specs_is_counted() {
        let plain = across("");
        let rules: Vec<&str> = plain.findings.iter().map(|found| found.rule).collect();
        assert_eq!((rules, plain.waived), (vec!["salt-reused"], 0));
        let waived = across(
            "[[allow]]\nrule = \"salt-reused\"\nreason = \"the same users on purpose\"\nby = \"mira\"\nuntil = 2027-06-01\n",
        );
        assert_eq!((waived.findings.len(), waived.waived), (0, 1));
    }
}
