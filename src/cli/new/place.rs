//! The place of a new spec: the workspace around it, and whether a check will find it there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::diagnostics::Sink;
use crate::scaffold::Surroundings;
use crate::schema::Schemas;
use crate::source::SourceMap;
use crate::workspace::{WORKSPACE_FILE, Workspace, governing_workspace, shown};
use crate::world::World;

/// Where a new spec goes.
pub(super) struct Place {
    surroundings: Option<Surroundings>,
    notes: Vec<String>,
}

impl Place {
    /// Looks around a path. `config` replaces the search for a workspace file.
    ///
    /// # Errors
    /// When the workspace cannot be read, or would take the file for a part of its catalogue.
    pub(super) fn of(world: &dyn World, config: Option<&Path>, file: &Path) -> Result<Self, Failure> {
        let mut known = HashMap::new();
        let found: Option<PathBuf> = match config {
            Some(config) => Some(world.absolute(config)),
            None => governing_workspace(world, file, &mut known),
        };
        let Some(found) = found else {
            return Ok(Self {
                surroundings: None,
                notes: vec![format!(
                    "there is no {WORKSPACE_FILE} here or above: the spec stands alone; `abide new workspace` makes one"
                )],
            });
        };
        let mut sink = Sink::new();
        let workspace = Workspace::load(world, &found, &mut SourceMap::new(), &Schemas::new(), &mut sink)
            .map_err(|error| Failure::new(error.to_string()))?;
        let absolute = world.absolute(file);
        let relative = workspace.relative(&absolute);
        if relative.is_some_and(|relative| workspace.metrics.matches(relative)) {
            return Err(Failure::new(format!(
                "{} would be read as a part of the metric catalogue, by `metrics` in {WORKSPACE_FILE}; choose another folder",
                shown(file)
            )));
        }
        let mut notes = Vec::new();
        if sink.has_errors() {
            notes.push(format!(
                "the workspace has errors, and the spec may miss names of it; `abide check {WORKSPACE_FILE}` shows them"
            ));
        }
        if !relative.is_some_and(|relative| workspace.specs.matches(relative)) {
            notes.push(format!(
                "`specs` in {WORKSPACE_FILE} does not name this place: a check of the whole workspace passes the file over"
            ));
        }
        Ok(Self {
            surroundings: Some(Surroundings::of(&workspace)),
            notes,
        })
    }

    /// The names a spec can use here; `None` where it stands alone.
    pub(super) fn surroundings(&self) -> Option<&Surroundings> {
        self.surroundings.as_ref()
    }

    /// What the author should know.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }
}
