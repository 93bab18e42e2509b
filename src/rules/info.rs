//! What formats for programs publish about a rule, beside its findings.

use super::find;
use crate::diagnostics::RuleInfo;

/// The facts about a rule; `None` when there is no such rule.
pub fn info(name: &str) -> Option<RuleInfo> {
    find(name).map(|rule| RuleInfo {
        name: rule.name,
        group: rule.group.as_str(),
        severity: rule.severity,
        summary: rule.summary,
        markdown: rule.text(),
    })
}
