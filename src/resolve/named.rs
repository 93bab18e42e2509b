//! The units and sources that a spec names: what it measures depends on what the catalogue says of them.

use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::experiment::Named;
use super::lower::lower;
use crate::diagnostics::Sink;
use crate::language;
use crate::workspace::{Section, Workspace};

/// What a spec names, as far as the catalogue declares it.
pub(super) fn named(declared: &language::Spec, workspace: Option<&Workspace>) -> Named {
    let Some(workspace) = workspace else {
        return Named::default();
    };
    let design = declared.design.as_ref();
    let units = [
        design.and_then(|d| d.unit.as_ref()),
        design.and_then(|d| d.analysis_unit.as_ref()),
        design.and_then(|d| d.cluster.as_ref()?.unit.as_ref()),
    ];
    let of_metrics = declared
        .metrics
        .values()
        .filter_map(|metric| metric.source.as_ref()?.from.as_ref());
    let sources = [
        design.and_then(|d| d.log.as_ref()?.source.as_ref()),
        declared
            .traffic
            .as_ref()
            .and_then(|t| t.exposure.as_ref()?.source.as_ref()),
    ];
    Named {
        units: entries(workspace, Section::Units, units.into_iter().flatten()),
        sources: entries(
            workspace,
            Section::Sources,
            sources.into_iter().flatten().chain(of_metrics),
        ),
    }
}

fn entries<'a, T: DeserializeOwned>(
    workspace: &Workspace,
    section: Section,
    ids: impl Iterator<Item = &'a String>,
) -> IndexMap<String, T> {
    let declared = workspace.catalogue.section(section);
    ids.filter_map(|id| {
        // What cannot be read has been reported when the catalogue was.
        Some((id.clone(), lower(declared.get(id)?, &mut Sink::new())?))
    })
    .collect()
}
