//! A primary that leads nowhere.

use std::collections::BTreeSet;

use crate::language::Role;
use crate::resolve::Metric;
use crate::rules::prelude::*;
use crate::syntax::Node;
use crate::workspace::Section;

declare_rule! {
    /// ## What it checks
    ///
    /// Where the goal of the experiment has a north star, some primary metric is it, or leads to it over `drives`.
    ///
    /// ## Why
    ///
    /// A metric that nobody has linked to the goal can be won again and again while the goal stands still. The link is a claim; written
    /// down, it can be checked.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// drives = []
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// drives = ["active_rate"]
    /// ```
    RULE = "north-star-orphan" {
        group: Metrics, level: Advice, from: Review,
        profile: Strict,
        summary: "primaries that do not lead to the north star of their goal",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let goal = experiment.spec.experiment.as_ref().and_then(|e| e.goal.as_deref());
    let north_star = goal
        .and_then(|goal| context.workspace?.config.goals.get(goal))
        .and_then(|goal| goal.north_star.as_deref());
    let (Some(goal), Some(north_star)) = (goal, north_star) else {
        return;
    };
    let mut primaries = experiment.metrics_of(Role::Primary).peekable();
    let Some(first) = primaries.peek().copied() else { return };
    if !facts::is_inference(experiment) || primaries.any(|metric| leads_to(context, metric, north_star)) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("experiment.goal"),
                format!("`{}` does not lead to `{north_star}`, the north star of `{goal}`", first.id),
            )
            .with_label("the goal")
            .with_other(context.place_of(&first.field("drives")), "leads elsewhere")
            .with_help(format!(
                "write `drives = [\"{north_star}\"]`, or the metric between the two, best in the catalogue; or name the goal \
                 that this serves"
            )),
    );
}

/// Whether a metric is another, or drives it over any number of others.
fn leads_to(context: &Context<'_>, metric: &Metric, target: &str) -> bool {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = metric.declared.drives.clone();
    open.extend(metric.declared.r#use.clone());
    open.push(metric.id.clone());
    while let Some(id) = open.pop() {
        if id == target {
            return true;
        }
        if !seen.insert(id.clone()) {
            continue;
        }
        let drives = context
            .workspace
            .and_then(|workspace| workspace.catalogue.section(Section::Metrics).get(&id))
            .and_then(|metric| metric.get("drives"));
        let names = drives.and_then(Node::as_array).into_iter().flatten();
        open.extend(names.filter_map(Node::as_str).map(str::to_owned));
    }
    false
}
