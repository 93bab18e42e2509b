//! What a rule sees, and how it reports.

use jiff::civil::Date;

use super::options::{Options, Setting};
use super::rule::Rule;
use crate::diagnostics::{Diagnostic, Place, Severity};
use crate::governance::Standing;
use crate::plan::Plan;
use crate::resolve::{Experiment, Metric};
use crate::source::Pointer;
use crate::syntax::Node;
use crate::workspace::{Section, Workspace};

/// Everything a rule may look at. Rules read; they compute no statistics of their own.
pub struct Context<'a> {
    /// The resolved experiment.
    pub experiment: &'a Experiment,
    /// What was computed from it.
    pub plan: &'a Plan,
    /// What the compiler has found on the way to the experiment.
    pub compiler: &'a [Diagnostic],
    /// The workspace that governs it, when there is one.
    pub workspace: Option<&'a Workspace>,
    /// Where it stands with its reviewers; `None` where nobody says who reviews and nobody has approved.
    pub standing: Option<&'a Standing>,
    /// Today, or the date of `--as-of`.
    pub today: Date,
    /// Thresholds set by `[lints.options]`.
    pub options: &'a Options,
}

impl Context<'_> {
    /// The place of a value by its dotted address in the spec (`metrics.latency_p95.margin`): the value itself, or for what
    /// is missing the closest table that someone wrote.
    pub fn place(&self, dotted: &str) -> Place {
        self.place_of(&Pointer::from_dotted(dotted))
    }

    /// As [`Context::place`], for a pointer.
    pub fn place_of(&self, pointer: &Pointer) -> Place {
        self.experiment.place(pointer)
    }

    /// Whether somebody wrote a value at a dotted address; a default of the edition does not count.
    pub fn is_written(&self, dotted: &str) -> bool {
        self.experiment.is_written(&Pointer::from_dotted(dotted))
    }

    /// Whether everything that a metric declares and inherits is known: no earlier error speaks for a part of it. A rule
    /// about something that is missing in a metric asks this first.
    pub fn is_readable(&self, metric: &Metric) -> bool {
        let inherited = match (&metric.declared.r#use, self.workspace) {
            (Some(name), Some(workspace)) => workspace.catalogue.section(Section::Metrics).contains_key(name),
            (Some(_), None) => false,
            (None, Some(workspace)) => !workspace.catalogue.section(Section::Metrics).contains_key(&metric.id),
            (None, None) => true,
        };
        inherited && !self.experiment.faults.touches(&metric.pointer)
    }

    /// Metrics that gate the decision and can be read.
    pub fn gates(&self) -> impl Iterator<Item = &Metric> {
        self.experiment
            .gating_metrics()
            .filter(|metric| self.is_readable(metric))
    }

    /// Superiority primaries that can be read.
    pub fn superiority_primaries(&self) -> impl Iterator<Item = &Metric> {
        self.experiment
            .superiority_primaries()
            .filter(|metric| self.is_readable(metric))
    }

    /// What a metric inherits its values from: its source in the catalogue.
    pub fn source(&self, metric: &Metric) -> Option<&Node> {
        let name = metric.declared.source.as_ref()?.from.as_deref()?;
        self.workspace?.catalogue.section(Section::Sources).get(name)
    }

    /// The kind of a unit of the catalogue: `account`, `session`, `request`, …
    pub fn unit_kind(&self, unit: &str) -> Option<&str> {
        self.workspace?
            .catalogue
            .section(Section::Units)
            .get(unit)?
            .get("kind")?
            .as_str()
    }

    /// The value of a threshold: policy of the workspace, or its documented default.
    pub fn setting(&self, setting: &Setting) -> f64 {
        self.options.number(setting)
    }

    /// Whether an earlier error explains why nothing stands at a dotted address: then a rule has nothing to add.
    pub fn is_faulty(&self, dotted: &str) -> bool {
        self.experiment.faults.touches(&Pointer::from_dotted(dotted))
    }
}

/// Where one rule puts what it finds.
pub struct Findings<'a> {
    rule: &'static Rule,
    severity: Severity,
    out: &'a mut Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(rule: &'static Rule, severity: Severity, out: &'a mut Vec<Diagnostic>) -> Self {
        Self { rule, severity, out }
    }

    /// A finding of this rule, at its level: to be completed and given to [`Findings::push`].
    pub fn at(&self, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.rule.name, self.severity, place, message)
    }

    /// As [`Findings::at`], for the lesser case of a rule: never above `most`.
    pub fn at_most(&self, most: Severity, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.rule.name, self.severity.min(most), place, message)
    }

    /// What the rules before this one have found.
    pub fn earlier(&self) -> &[Diagnostic] {
        self.out
    }

    /// Reports a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.out.push(finding);
    }
}
