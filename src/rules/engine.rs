//! Runs the rules over one experiment: levels first, then the checks, then the waivers.

use jiff::civil::Date;

use super::context::{Context, Findings};
use super::levels::Levels;
use super::redirects::{canonical, redirect, renamed};
use super::rule::{Check, Group, Rule};
use super::{find, registry};
use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety};
use crate::source::Pointer;
use crate::workspace::Workspace;

/// One `[[allow]]` entry of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule that is waived.
    pub rule: String,
    /// The part of the spec it is waived for; the whole spec when left out.
    pub at: Option<Pointer>,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: String,
    /// Last day it holds.
    pub until: Option<Date>,
    /// Where the entry stands.
    pub place: Place,
}

/// A finding that somebody took responsibility for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    /// The finding.
    pub finding: Diagnostic,
    /// Who waived it, why and until when.
    pub waiver: Waiver,
}

/// What the rules have to say about one experiment.
#[derive(Debug, Default)]
pub struct Review {
    /// What somebody must act on.
    pub findings: Vec<Diagnostic>,
    /// What somebody took responsibility for.
    pub waived: Vec<Waived>,
}

/// Runs every rule that is on, and applies the waivers.
pub fn review(context: &Context<'_>, levels: &Levels, waivers: &[Waiver]) -> Review {
    let mut findings = Vec::new();
    for rule in registry() {
        let (Check::Experiment(check), Some(severity)) = (rule.check, levels.severity(rule, context.experiment)) else {
            continue;
        };
        check(context, &mut Findings::new(rule, severity, &mut findings));
    }
    for rule in registry() {
        if let (Check::Rest(check), Some(severity)) = (rule.check, levels.severity(rule, context.experiment)) {
            check(context, &mut Findings::new(rule, severity, &mut findings));
        }
    }
    let ran = |rule: &Rule| levels.severity(rule, context.experiment).is_some();
    apply(findings, waivers, context.today, ran)
}

/// Runs the rules about a workspace file and its catalogue. Nothing there can be waived by a spec.
pub fn review_workspace(workspace: &Workspace, levels: &Levels) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rule in registry() {
        if let (Check::Workspace(check), Some(severity)) = (rule.check, levels.severity_of_workspace(rule)) {
            check(workspace, &mut Findings::new(rule, severity, &mut findings));
        }
    }
    findings
}

/// Takes out the findings that a waiver covers: for findings between specs, which come after the review of each.
pub(super) fn waive(findings: Vec<Diagnostic>, waivers: &[Waiver], today: Date) -> Review {
    let mut review = Review::default();
    for finding in findings {
        match waivers
            .iter()
            .find(|waiver| waiver.covers(&finding) && waiver.fault(today).is_none())
        {
            Some(waiver) => review.waived.push(Waived {
                finding,
                waiver: waiver.clone(),
            }),
            None => review.findings.push(finding),
        }
    }
    review
}

fn apply(findings: Vec<Diagnostic>, waivers: &[Waiver], today: Date, ran: impl Fn(&Rule) -> bool) -> Review {
    let mut review = Review::default();
    let mut used = vec![false; waivers.len()];
    for finding in findings {
        let holder = waivers.iter().position(|waiver| waiver.covers(&finding));
        match holder {
            Some(position) => {
                used[position] = true;
                let waiver = &waivers[position];
                if waiver.fault(today).is_none() {
                    review.waived.push(Waived {
                        finding,
                        waiver: waiver.clone(),
                    });
                } else {
                    review.findings.push(finding);
                }
            }
            None => review.findings.push(finding),
        }
    }
    for (waiver, used) in waivers.iter().zip(used) {
        if let Some(redirect) = redirect(&waiver.rule) {
            let quoted = |name: &str| format!("\"{name}\"");
            review.findings.push(renamed(redirect, waiver.place.clone(), quoted));
            if redirect.to.is_none() {
                continue;
            }
        }
        review.findings.extend(complaint(waiver, used, today, &ran));
    }
    review
}

/// What is wrong with a waiver: without a reason, an author or a date to come it waives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WaiverFault {
    NoReason,
    NoAuthor,
    NoExpiry,
    Expired,
}

impl Waiver {
    fn covers(&self, finding: &Diagnostic) -> bool {
        canonical(&self.rule) == finding.rule
            && self.at.as_ref().is_none_or(|at| {
                finding.place.pointer.is_within(at) || finding.labels.iter().any(|l| l.place.pointer.is_within(at))
            })
    }

    fn fault(&self, today: Date) -> Option<WaiverFault> {
        if self.reason.trim().is_empty() {
            return Some(WaiverFault::NoReason);
        }
        if self.by.trim().is_empty() {
            return Some(WaiverFault::NoAuthor);
        }
        match self.until {
            None => Some(WaiverFault::NoExpiry),
            Some(until) if until < today => Some(WaiverFault::Expired),
            Some(_) => None,
        }
    }
}

fn complaint(waiver: &Waiver, used: bool, today: Date, ran: impl Fn(&Rule) -> bool) -> Option<Diagnostic> {
    let place = waiver.place.clone();
    let name = canonical(&waiver.rule);
    let Some(rule) = find(name) else {
        let (help, replacement) = super::instead_of(name);
        let mut diagnostic = Diagnostic::error(
            "unknown-rule",
            place.clone(),
            format!("there is no rule `{name}` to waive"),
        )
        .with_label("not a rule")
        .with_help(help);
        if let Some(replacement) = replacement {
            diagnostic = diagnostic.with_fix(Fix {
                title: format!("write `{replacement}`"),
                safety: Safety::Unsafe,
                edits: vec![Edit {
                    span: place.span,
                    replacement: format!("\"{replacement}\""),
                }],
            });
        }
        return Some(diagnostic);
    };
    if rule.group == Group::Language {
        return Some(
            Diagnostic::error(
                "suppression-without-reason",
                place,
                format!("`{name}` is an error of the language and cannot be waived"),
            )
            .with_label("waives nothing")
            .with_help("mend what it points at and remove this entry"),
        );
    }
    if let Some(fault) = waiver.fault(today) {
        let (message, help) = match fault {
            WaiverFault::NoReason => (
                format!("the waiver of `{name}` gives no reason"),
                "write `reason = \"…\"`: a reviewer reads it in the document",
            ),
            WaiverFault::NoAuthor => (
                format!("the waiver of `{name}` does not say who takes responsibility"),
                "write `by = \"…\"`",
            ),
            WaiverFault::NoExpiry => (
                format!("the waiver of `{name}` never ends"),
                "write `until = YYYY-MM-DD`, the last day it holds",
            ),
            WaiverFault::Expired => (
                format!(
                    "the waiver of `{name}` ended on {}",
                    waiver.until.map(|date| date.to_string()).unwrap_or_default()
                ),
                "mend the finding, or have the waiver renewed with a new date",
            ),
        };
        return Some(
            Diagnostic::error("suppression-without-reason", place, message)
                .with_label("waives nothing")
                .with_help(help),
        );
    }
    // Whether a rule between specs fires depends on which specs are checked together; of a rule that another profile has,
    // this run knows nothing.
    let judged = matches!(rule.check, Check::Experiment(_) | Check::Rest(_)) && ran(rule);
    (judged && !used).then(|| {
        Diagnostic::error(
            "unused-waiver",
            place,
            format!("the waiver of `{name}` waives nothing: the rule does not fire here"),
        )
        .with_label("not needed")
        .with_help("remove this entry; a waiver that lies in wait would hide a later fault")
    })
}
