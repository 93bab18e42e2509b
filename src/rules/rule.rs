//! What a rule is: a name, a default level, a text that explains it, and a check.

use super::across::{AcrossFindings, Neighbour};
use super::context::{Context, Findings};
use super::options::Setting;
use crate::diagnostics::Severity;
pub use crate::language::Profile;
pub use crate::language::required::Stage;
use crate::workspace::Workspace;

/// The groups of the catalogue, in the order documents list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// What the compiler itself reports: syntax, types, references. Never waived, never turned off.
    Language,
    /// Hypothesis and decision.
    Hypothesis,
    /// Metrics.
    Metrics,
    /// Statistical plan.
    Statistics,
    /// Allocation and traffic.
    Allocation,
    /// What only experiments on AI features need.
    Ai,
    /// Threats to validity.
    Threats,
    /// Governance.
    Governance,
}

impl Group {
    /// Every group, in order.
    pub const ALL: [Self; 8] = [
        Self::Language,
        Self::Hypothesis,
        Self::Metrics,
        Self::Statistics,
        Self::Allocation,
        Self::Ai,
        Self::Threats,
        Self::Governance,
    ];

    /// The word that every output uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Hypothesis => "hypothesis",
            Self::Metrics => "metrics",
            Self::Statistics => "statistics",
            Self::Allocation => "allocation",
            Self::Ai => "ai",
            Self::Threats => "threats",
            Self::Governance => "governance",
        }
    }

    /// The heading of the group in documents.
    pub fn title(self) -> &'static str {
        match self {
            Self::Language => "Language",
            Self::Hypothesis => "Hypothesis and decision",
            Self::Metrics => "Metrics",
            Self::Statistics => "Statistical plan",
            Self::Allocation => "Allocation",
            Self::Ai => "AI features",
            Self::Threats => "Threats to validity",
            Self::Governance => "Governance",
        }
    }
}

/// How a rule is evaluated.
#[derive(Clone, Copy)]
pub enum Check {
    /// Reported by the compiler while it reads: there is nothing to run.
    Compiler,
    /// Run once per resolved experiment.
    Experiment(fn(&Context<'_>, &mut Findings<'_>)),
    /// Run once per resolved experiment after all others, for what they left unexplained: it sees [`Findings::earlier`].
    Rest(fn(&Context<'_>, &mut Findings<'_>)),
    /// Run once per workspace over all experiments of the run that belong to it.
    Across(fn(&[Neighbour<'_>], &mut AcrossFindings<'_>)),
    /// Run once per workspace over its file and its catalogue.
    Workspace(fn(&Workspace, &mut Findings<'_>)),
}

/// One rule of the catalogue.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Kebab-case name; reads as the fault.
    pub name: &'static str,
    /// Where the catalogue lists it.
    pub group: Group,
    /// Level unless `abide.toml` says otherwise.
    pub severity: Severity,
    /// From when on it has that level. What is only due at the review is advice while the spec is a draft.
    pub from: Stage,
    /// The first profile that has the rule; those after it have it too.
    pub profile: Profile,
    /// One line for lists: a noun phrase or clause without a full stop.
    pub summary: &'static str,
    /// Markdown: what it checks, why, example, instead, source. Lines keep the space that a doc comment starts with;
    /// [`Rule::text`] takes it off.
    pub explanation: &'static str,
    /// The thresholds that `abide.toml` may move.
    pub settings: &'static [&'static Setting],
    /// How it is evaluated.
    pub check: Check,
}

impl Rule {
    /// The explanation as Markdown, the options included.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.explanation.len() + 256);
        for line in self.explanation.lines() {
            text.push_str(line.strip_prefix(' ').unwrap_or(line));
            text.push('\n');
        }
        if !self.settings.is_empty() {
            text.push_str("\n## Options\n\n");
            for setting in self.settings {
                let default = setting.default.to_string();
                text.push_str(
                    &[
                        "- `",
                        setting.name,
                        "`, default ",
                        &default,
                        ": ",
                        setting.meaning,
                        "\n",
                    ]
                    .concat(),
                );
            }
        }
        text
    }

    /// When the level applies, in words.
    pub fn level_in_words(&self) -> String {
        match (self.check, self.from) {
            (Check::Experiment(_) | Check::Rest(_) | Check::Across(_), Stage::Review)
                if self.severity > Severity::Advice =>
            {
                format!("{}; advice while the spec is a draft", self.severity.as_str())
            }
            _ => self.severity.as_str().to_owned(),
        }
    }

    /// The profiles that have the rule.
    pub fn profiles(&self) -> impl Iterator<Item = Profile> {
        let first = self.profile;
        Profile::ALL.iter().copied().filter(move |profile| *profile >= first)
    }

    /// The profiles that have the rule, in words: `all profiles`, `default and strict`, `strict`.
    pub fn profiles_in_words(&self) -> &'static str {
        match self.profile {
            Profile::Draft => "all profiles",
            Profile::Default => "default and strict",
            Profile::Strict => "strict",
        }
    }
}

/// Declares a rule; its doc comment is the text of `abide explain`, of the docs page and of the editor's hover.
///
/// ```text
/// declare_rule! {
///     /// ## What it checks
///     …
///     RULE = "kebab-name" {
///         group: Metrics, level: Error, from: Draft,
///         profile: Strict,                 // left out: Default
///         summary: "one line",
///         settings: [&LIMIT],
///         check: Check::Experiment(check),
///     }
/// }
/// ```
macro_rules! declare_rule {
    (@profile) => { $crate::rules::Profile::Default };
    (@profile $profile:ident) => { $crate::rules::Profile::$profile };
    (
        $(#[doc = $line:literal])+
        $name:ident = $kebab:literal {
            group: $group:ident, level: $severity:ident, from: $stage:ident,
            $(profile: $profile:ident,)?
            summary: $summary:literal,
            $(settings: [$($setting:expr),+ $(,)?],)?
            check: $check:expr $(,)?
        }
    ) => {
        $(#[doc = $line])+
        pub(in crate::rules) static $name: $crate::rules::Rule = $crate::rules::Rule {
            name: $kebab,
            group: $crate::rules::Group::$group,
            severity: $crate::diagnostics::Severity::$severity,
            from: $crate::rules::Stage::$stage,
            profile: $crate::rules::declare_rule!(@profile $($profile)?),
            summary: $summary,
            explanation: concat!($($line, "\n"),+),
            settings: &[$($($setting),+)?],
            check: $check,
        };
    };
}

pub(crate) use declare_rule;
