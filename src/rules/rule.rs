//! What a rule is: a name, a default level, a text that explains it, and a check.

use super::context::{Context, Findings};
use crate::diagnostics::Severity;

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
}

/// How a rule is evaluated.
#[derive(Clone, Copy)]
pub enum Check {
    /// Reported by the compiler while it reads: there is nothing to run.
    Compiler,
    /// Run once per resolved experiment.
    Experiment(fn(&Context<'_>, &mut Findings<'_>)),
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
    /// One line for lists: a noun phrase or clause without a full stop.
    pub summary: &'static str,
    /// Markdown: what it checks, why, example, instead, source.
    pub explanation: &'static str,
    /// How it is evaluated.
    pub check: Check,
}

/// Declares a rule; its doc comment is the text of `abide explain`, of the docs page and of the editor's hover.
macro_rules! declare_rule {
    (
        $(#[doc = $line:literal])+
        $visibility:vis static $name:ident = $kebab:literal, $group:ident, $severity:ident, $summary:literal, $check:expr;
    ) => {
        $(#[doc = $line])+
        $visibility static $name: $crate::rules::Rule = $crate::rules::Rule {
            name: $kebab,
            group: $crate::rules::Group::$group,
            severity: $crate::diagnostics::Severity::$severity,
            summary: $summary,
            explanation: concat!($($line, "\n"),+),
            check: $check,
        };
    };
}

pub(crate) use declare_rule;
