//! The templates of a run: the workspace's own first, then the ones abide ships.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A template of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFile {
    /// The name other templates know it by: `board/document.html.j2`.
    pub name: String,
    /// The path shown to people.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The prefix that reaches a shipped template past an override of the same name.
pub(super) const SHIPPED_PREFIX: &str = "built-in/";

/// A shipped template: its name, and its text at compile time.
macro_rules! shipped {
    ($name:literal) => {
        ($name, include_str!(concat!("../../templates/", $name)))
    };
}

/// Every template that abide ships, by name. Adding one is one line here.
const SHIPPED: &[(&str, &str)] = &[
    shipped!("board/document.html.j2"),
    shipped!("board/document.md.j2"),
    shipped!("board/macros.html.j2"),
    shipped!("board/macros.md.j2"),
    shipped!("board/chart.html.j2"),
    shipped!("board/print.css.j2"),
    shipped!("board/style.css.j2"),
    shipped!("kpi/page.html.j2"),
    shipped!("kpi/macros.html.j2"),
    shipped!("kpi/page.md.j2"),
    shipped!("kpi/style.css.j2"),
    shipped!("calendar/target.toml"),
    shipped!("calendar/calendar.ics.j2"),
    shipped!("issue/target.toml"),
    shipped!("issue/review.md.j2"),
    shipped!("flagd/target.toml"),
    shipped!("flagd/flags.json.j2"),
    shipped!("flagd/flags.schema.json"),
    shipped!("eppo/target.toml"),
    shipped!("eppo/configuration.json.j2"),
    shipped!("eppo/configuration.schema.json"),
    shipped!("grafana/target.toml"),
    shipped!("grafana/dashboard.json.j2"),
    shipped!("grafana/dashboard.schema.json"),
    shipped!("growthbook/target.toml"),
    shipped!("growthbook/experiment.json.j2"),
    shipped!("growthbook/experiment.schema.json"),
    shipped!("growthbook/payload.json.j2"),
    shipped!("growthbook/payload.schema.json"),
    shipped!("gbstats/target.toml"),
    shipped!("gbstats/settings.json.j2"),
    shipped!("gbstats/settings.schema.json"),
    shipped!("gbstats/run.py.j2"),
    shipped!("jira/target.toml"),
    shipped!("jira/issue.json.j2"),
    shipped!("jira/issue.schema.json"),
    shipped!("launchdarkly/target.toml"),
    shipped!("launchdarkly/flags.json.j2"),
    shipped!("launchdarkly/flags.schema.json"),
    shipped!("launchdarkly/requests.json.j2"),
    shipped!("launchdarkly/requests.schema.json"),
    shipped!("message/target.toml"),
    shipped!("message/facts.json.j2"),
    shipped!("message/slack.json.j2"),
    shipped!("message/slack.schema.json"),
    shipped!("message/teams.json.j2"),
    shipped!("message/teams.schema.json"),
    shipped!("nimbus/target.toml"),
    shipped!("nimbus/recipe.json.j2"),
    shipped!("nimbus/recipe.schema.json"),
    shipped!("otel/target.toml"),
    shipped!("otel/views.json.j2"),
    shipped!("otel/views.schema.json"),
    shipped!("otel/attributes.json.j2"),
    shipped!("posthog/target.toml"),
    shipped!("posthog/flag.json.j2"),
    shipped!("posthog/flag.schema.json"),
    shipped!("prometheus/target.toml"),
    shipped!("prometheus/rules.json.j2"),
    shipped!("prometheus/rules.schema.json"),
    shipped!("prometheus/rules_test.json.j2"),
    shipped!("python/target.toml"),
    shipped!("python/analysis.py.j2"),
    shipped!("statsig/target.toml"),
    shipped!("statsig/experiment.json.j2"),
    shipped!("statsig/experiment.schema.json"),
    shipped!("statsig/specs.json.j2"),
    shipped!("statsig/specs.schema.json"),
    shipped!("python/constants.py.j2"),
    shipped!("python/reading.py.j2"),
    shipped!("python/evidence.py.j2"),
    shipped!("python/levels.py.j2"),
    shipped!("python/decision.py.j2"),
    shipped!("sql/target.toml"),
    shipped!("sql/dialect.sql.j2"),
    shipped!("sql/parts.sql.j2"),
    shipped!("sql/measure.sql.j2"),
    shipped!("sql/columns.sql.j2"),
    shipped!("sql/units_of.sql.j2"),
    shipped!("dbt/target.toml"),
    shipped!("dbt/units.sql.j2"),
    shipped!("dbt/semantic.json.j2"),
    shipped!("dbt/semantic.schema.json"),
    shipped!("metric-hub/target.toml"),
    shipped!("metric-hub/jetstream.toml.j2"),
    shipped!("metric-hub/jetstream.schema.json"),
    shipped!("sql/rows.sql.j2"),
    shipped!("sql/statistics.sql.j2"),
    shipped!("sql/results.sql.j2"),
    shipped!("sql/units.sql.j2"),
    shipped!("unleash/target.toml"),
    shipped!("unleash/features.json.j2"),
    shipped!("unleash/features.schema.json"),
    shipped!("unleash/import.json.j2"),
    shipped!("unleash/import.schema.json"),
    shipped!("unleash/parts.json.j2"),
];

/// The text of a shipped file by name.
pub(super) fn shipped_text(name: &str) -> Option<&'static str> {
    SHIPPED
        .iter()
        .find(|(shipped, _)| *shipped == name)
        .map(|(_, text)| *text)
}

/// The names of the shipped targets: the folders with a manifest.
pub(super) fn shipped_targets() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().filter_map(|(name, _)| name.strip_suffix("/target.toml"))
}

/// Where templates come from.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    overrides: Arc<BTreeMap<String, TemplateFile>>,
}

/// A template and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) text: String,
}

/// Why a template name is not looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadName {
    Absolute,
    Upwards,
}

impl Templates {
    /// Only the templates that abide ships.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// These templates, found before the shipped ones of the same name. A file whose name is not plain (absolute, or
    /// with `..`) can never be asked for.
    #[must_use]
    pub fn with_overrides(self, files: impl IntoIterator<Item = TemplateFile>) -> Self {
        let mut overrides = Arc::unwrap_or_clone(self.overrides);
        overrides.extend(files.into_iter().map(|file| (file.name.clone(), file)));
        Self {
            overrides: Arc::new(overrides),
        }
    }

    /// The templates of the workspace, in the order of their names.
    pub fn overrides(&self) -> impl Iterator<Item = &TemplateFile> {
        self.overrides.values()
    }

    /// The template of that name, the workspace's own first.
    pub(super) fn find(&self, name: &str) -> Result<Option<Found>, BadName> {
        check_name(name)?;
        if let Some(file) = self.overrides.get(name) {
            return Ok(Some(Found {
                path: file.path.clone(),
                text: file.text.clone(),
            }));
        }
        let name = name.strip_prefix(SHIPPED_PREFIX).unwrap_or(name);
        Ok(SHIPPED
            .iter()
            .find(|(shipped, _)| *shipped == name)
            .map(|(name, text)| Found {
                path: format!("{SHIPPED_PREFIX}{name}"),
                text: (*text).to_owned(),
            }))
    }
}

fn check_name(name: &str) -> Result<(), BadName> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with(['/', '\\']) || drive {
        return Err(BadName::Absolute);
    }
    if name.split(['/', '\\']).any(|part| part == "..") {
        return Err(BadName::Upwards);
    }
    Ok(())
}

/// Reads the overrides of one target, `<root>/<target>/**/*.j2`. A folder that does not exist has none; links that lead
/// out of the folder are passed over.
///
/// # Errors
/// When a file or folder that exists cannot be read, or is not UTF-8.
pub fn read_overrides(root: &Path, target: &str) -> io::Result<Vec<TemplateFile>> {
    let folder = root.join(target);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let inside = folder.canonicalize()?;
    let mut files = Vec::new();
    let mut pending = vec![(folder, target.to_owned())];
    while let Some((folder, name)) = pending.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let Some(file_name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let name = format!("{name}/{file_name}");
            if !path.canonicalize()?.starts_with(&inside) {
                continue;
            }
            if path.is_dir() {
                pending.push((path, name));
            } else if path.extension().is_some_and(|ending| ending == "j2") {
                files.push(TemplateFile {
                    name,
                    text: std::fs::read_to_string(&path)?,
                    path: path.to_string_lossy().replace('\\', "/"),
                });
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn own(name: &str, text: &str) -> TemplateFile {
        TemplateFile {
            name: name.to_owned(),
            path: format!("templates/{name}"),
            text: text.to_owned(),
        }
    }

    #[test]
    fn the_workspace_wins_and_the_shipped_one_stays_in_reach() {
        let name = "board/document.md.j2";
        let shipped = Templates::built_in().find(name).unwrap().unwrap();
        let templates = Templates::built_in().with_overrides([own(name, "mine")]);
        assert_eq!(templates.find(name).unwrap().unwrap().text, "mine");
        assert_eq!(
            templates.find("built-in/board/document.md.j2").unwrap().unwrap(),
            shipped
        );
        assert_eq!(templates.find("board/unknown.j2").unwrap(), None);
    }

    #[test]
    fn names_stay_inside() {
        let templates = Templates::built_in();
        assert_eq!(templates.find("/etc/passwd"), Err(BadName::Absolute));
        assert_eq!(templates.find("C:/x"), Err(BadName::Absolute));
        assert_eq!(templates.find("board/../../x"), Err(BadName::Upwards));
        assert_eq!(templates.find("board\\..\\x"), Err(BadName::Upwards));
    }

    #[test]
    fn overrides_are_read_from_a_folder_and_links_out_of_it_are_not() {
        let root = tempfile::tempdir().unwrap();
        let board = root.path().join("board");
        std::fs::create_dir_all(board.join("parts")).unwrap();
        std::fs::write(board.join("document.md.j2"), "a").unwrap();
        std::fs::write(board.join("parts/x.md.j2"), "b").unwrap();
        std::fs::write(board.join("notes.txt"), "c").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/hostname", board.join("leak.j2")).unwrap();
        let names: Vec<_> = read_overrides(root.path(), "board")
            .unwrap()
            .into_iter()
            .map(|f| f.name)
            .collect();
        assert_eq!(names, ["board/document.md.j2", "board/parts/x.md.j2"]);
        assert!(read_overrides(root.path(), "absent").unwrap().is_empty());
    }
}
