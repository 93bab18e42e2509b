//! Which rules run for an experiment, and at which level: a profile, and levels of single rules.

use indexmap::IndexMap;

use super::redirects::canonical;
use super::rule::{Profile, Rule, Stage};
use crate::diagnostics::Severity;
use crate::language::{LintLevel, LintSet, Lints};
use crate::resolve::Experiment;

/// The level a rule runs at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The rule is not run.
    Off,
    /// Its findings have this severity.
    At(Severity),
}

impl From<LintLevel> for Level {
    fn from(level: LintLevel) -> Self {
        match level {
            LintLevel::Off => Self::Off,
            LintLevel::Advice => Self::At(Severity::Advice),
            LintLevel::Warning => Self::At(Severity::Warning),
            LintLevel::Error => Self::At(Severity::Error),
        }
    }
}

/// The profile of an experiment, and the levels that its workspace sets by rule name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    profile: Profile,
    written: IndexMap<String, Level>,
}

impl Default for Levels {
    fn default() -> Self {
        Self {
            profile: Profile::Default,
            written: IndexMap::new(),
        }
    }
}

impl Levels {
    /// The levels of an experiment: `[lints]`, then those of its class, then those of its risk. A profile that is asked for
    /// in the run wins over all that are written.
    pub fn of(lints: Option<&Lints>, experiment: &Experiment, asked: Option<Profile>) -> Self {
        let mut levels = Self::default();
        if let Some(lints) = lints {
            let class = experiment.spec.experiment.as_ref().and_then(|e| e.class);
            levels.add(Some(&lints.all));
            levels.add(class.and_then(|class| lints.class.get(&class)));
            levels.add(experiment.risk().and_then(|risk| lints.risk.get(&risk)));
        }
        levels.profile = asked.unwrap_or(levels.profile);
        levels
    }

    /// The levels for what no single experiment has: the workspace file and its catalogue.
    pub fn of_workspace(lints: Option<&Lints>, asked: Option<Profile>) -> Self {
        let mut levels = Self::default();
        levels.add(lints.map(|lints| &lints.all));
        levels.profile = asked.unwrap_or(levels.profile);
        levels
    }

    /// The severity of a rule for what no single experiment has.
    pub(super) fn severity_of_workspace(&self, rule: &Rule) -> Option<Severity> {
        match self.level(rule) {
            Level::Off => None,
            Level::At(severity) => Some(severity),
        }
    }

    /// The profile in force.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    fn add(&mut self, set: Option<&LintSet>) {
        let Some(set) = set else { return };
        self.profile = set.profile.unwrap_or(self.profile);
        for (rule, level) in &set.levels {
            self.written.insert(canonical(rule).to_owned(), (*level).into());
        }
    }

    /// The level of a rule. A level that is written also turns on what the profile leaves out; only `draft` stays with its
    /// contradictions, whatever is written.
    fn level(&self, rule: &Rule) -> Level {
        let included = rule.profile <= self.profile;
        match self.written.get(rule.name) {
            Some(level) if included || self.profile != Profile::Draft => *level,
            None if included => Level::At(rule.severity),
            Some(_) | None => Level::Off,
        }
    }

    /// The severity that a rule has for an experiment; `None` where it is not run. What is only due at the review is advice
    /// while the spec is a draft.
    pub fn severity(&self, rule: &Rule, experiment: &Experiment) -> Option<Severity> {
        match (self.level(rule), rule.from) {
            (Level::Off, _) => None,
            (Level::At(severity), Stage::Review) if !experiment.is_past_draft() => Some(severity.min(Severity::Advice)),
            (Level::At(severity), Stage::Review | Stage::Draft) => Some(severity),
        }
    }
}
