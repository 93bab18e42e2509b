//! Answers about the study itself: what is believed, varied, measured, analysed and decided.

use std::fmt::Write as _;

use crate::emit::board::sections::{differences, statement};
use crate::emit::board::text::{listed, sentence};
use crate::emit::board::view::{View, asked, change_of, to_beat};
use crate::format;

/// What stands where the spec has no answer.
pub(super) const NOT_SAID: &str = "The spec does not say.";

pub(super) fn said(words: Option<&String>) -> String {
    words.map_or_else(|| NOT_SAID.to_owned(), |words| sentence(words))
}

pub(super) fn data_seen(view: View<'_>) -> String {
    let seen = view
        .spec
        .experiment
        .as_ref()
        .and_then(|experiment| experiment.data_seen);
    match (seen, view.is_replay()) {
        (Some(false), true) => {
            "The units exist in a log; no outcome under the new version has been computed or seen.".to_owned()
        }
        (Some(false), false) => "No, no data have been collected for this study yet.".to_owned(),
        (Some(true), _) => "Yes, some data have been seen.".to_owned(),
        (None, _) => NOT_SAID.to_owned(),
    }
}

pub(super) fn hypothesis(view: View<'_>) -> String {
    let Some(hypothesis) = &view.spec.hypothesis else {
        return NOT_SAID.to_owned();
    };
    let mut lines = vec![statement(view, hypothesis).plain()];
    lines.extend(
        hypothesis
            .because
            .as_ref()
            .map(|because| format!("Because: {}", sentence(because))),
    );
    lines.push(format!(
        "It would be refuted if: {}",
        said(hypothesis.refuted_if.as_ref())
    ));
    lines.join("\n")
}

pub(super) fn measures(view: View<'_>) -> String {
    let lines = view.plan.metrics.iter().filter_map(|metric| {
        let declared = view.metric_spec(&metric.id)?;
        let mut words = format!("{} ({})", view.metric_name(&metric.id), metric.role);
        if let Some(description) = &declared.description {
            let _ = write!(words, ": {}", description.trim_end_matches('.'));
        }
        if let Some(method) = declared.method {
            let _ = write!(words, "; read by {method}");
        }
        if let Some(window) = declared.window {
            let _ = write!(words, "; window {}", format::span(&window.to_string()));
        }
        Some(words + ".")
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn conditions(view: View<'_>) -> String {
    let arms = view.arms();
    let mut lines = vec![format!("{} conditions.", arms.len())];
    for ((id, arm), settings) in arms.into_iter().zip(differences(view)) {
        let name = view.arm_name(id);
        let control = if view.is_control(id) && name != "control" {
            " (control)"
        } else {
            ""
        };
        let description = arm
            .description
            .as_deref()
            .map_or_else(String::new, |words| format!(": {}", words.trim_end_matches('.')));
        let settings = if settings.is_empty() {
            String::new()
        } else {
            format!(" It has {}.", settings.join(", "))
        };
        lines.push(format!("{name}{control}{description}.{settings}"));
    }
    lines.join("\n")
}

pub(super) fn analyses(view: View<'_>) -> String {
    let mut lines = Vec::new();
    for (metric, comparison) in view.sized() {
        let Some(question) = &metric.question else { continue };
        let amount = asked(metric, question);
        let what = if question.test == "superiority" {
            let change = change_of(metric.direction.as_deref());
            match to_beat(metric, question) {
                Some(margin) => format!("effect of {amount} ({change}), against a margin of {margin}"),
                None => format!("effect of {amount} ({change})"),
            }
        } else {
            format!("margin of {amount} ({})", question.test)
        };
        lines.push(format!(
            "{}: {}, α = {} {}, with the {what}. Source: {}.",
            view.metric_name(&metric.id),
            comparison.test,
            format::statistic(comparison.alpha),
            if comparison.sides == 1 {
                "one-sided"
            } else {
                "two-sided"
            },
            comparison.source
        ));
    }
    let budget = &view.plan.error_budget;
    if view.plan.choice.is_none() {
        lines.push(format!(
            "Corrections: over metrics {}, over arms {}.",
            budget.over_metrics, budget.over_arms
        ));
    }
    for unsized_metric in &view.plan.unsized_metrics {
        lines.push(format!(
            "{}: not planned yet, {}.",
            view.metric_name(&unsized_metric.metric),
            unsized_metric.reason
        ));
    }
    lines.join("\n")
}

pub(super) fn study_type(view: View<'_>) -> String {
    let kind = view.plan.experiment.design.as_deref().unwrap_or("not said");
    if view.is_replay() {
        format!("Experiment on logged units, design: {kind}.")
    } else {
        format!("Randomised controlled experiment online, design: {kind}.")
    }
}

pub(super) fn blinding(view: View<'_>) -> String {
    let judges: Vec<String> = view
        .plan
        .metrics
        .iter()
        .filter_map(|metric| {
            let judge = view.metric_spec(&metric.id)?.judge.as_ref()?;
            let blind = match judge.blind {
                Some(true) => "does not know the arm",
                Some(false) => "knows the arm",
                None => "may or may not know the arm: the spec does not say",
            };
            Some(format!("The judge of {} {blind}.", view.metric_in_sentence(&metric.id)))
        })
        .collect();
    if judges.is_empty() {
        "Users are not told which condition they are in.".to_owned()
    } else {
        judges.join("\n")
    }
}

pub(super) fn randomisation(view: View<'_>) -> String {
    let design = view.spec.design.as_ref();
    let unit = design.and_then(|design| design.unit.as_deref()).unwrap_or("unit");
    let salt = design.and_then(|design| design.salt.as_deref());
    let drawn = salt.map_or_else(String::new, |salt| format!(", by a hash of its id and the salt {salt}"));
    match view.plan.experiment.design.as_deref() {
        Some("paired") => format!("None: every {unit} passes through every condition."),
        Some("interleaving") => {
            format!("None: every {unit} is answered by both conditions in one list.")
        }
        Some("bandit") => format!("By {unit}{drawn}; shares follow the declared policy."),
        _ => format!("By {unit}{drawn}."),
    }
}

pub(super) fn manipulated(view: View<'_>) -> String {
    let touches = view
        .spec
        .experiment
        .as_ref()
        .map(|e| e.touches.as_slice())
        .unwrap_or_default();
    if touches.is_empty() {
        NOT_SAID.to_owned()
    } else {
        format!("{}.", listed(touches.iter().map(String::as_str)))
    }
}

pub(super) fn transformations(view: View<'_>) -> String {
    let lines: Vec<String> = view
        .plan
        .metrics
        .iter()
        .flat_map(|metric| {
            let name = view.metric_name(&metric.id);
            let logarithms = metric.scale.as_ref().map(|_| {
                format!("{name}: values are analysed as natural logarithms; effects are ratios of geometric means.")
            });
            let declared = view.metric_spec(&metric.id);
            let reduced = declared.and_then(|declared| declared.variance_reduction.as_ref());
            let adjusted = reduced.map(|reduced| {
                let covariate = reduced
                    .covariate
                    .as_deref()
                    .unwrap_or("a covariate from before the experiment");
                format!("{name} is adjusted for {covariate}.")
            });
            let strata = declared.and_then(|declared| declared.stratification.as_ref());
            let within = strata.map(|strata| {
                let by = listed(strata.by.iter().map(String::as_str));
                format!("{name} is compared within strata by {by}, each weighed by its share of all units.")
            });
            logarithms.into_iter().chain(adjusted).chain(within)
        })
        .collect();
    if lines.is_empty() {
        "None.".to_owned()
    } else {
        lines.join("\n")
    }
}

pub(super) fn criteria(view: View<'_>) -> String {
    let Some(table) = view.inputs.decision else {
        return "No decision rule could be worked out from the spec.".to_owned();
    };
    let mut lines = vec![format!("Decision rule: {}.", table.rule)];
    for row in &table.rows {
        let actions: Vec<String> = row
            .cells
            .iter()
            .map(|(guardrails, outcome)| {
                let action = outcome.action.map_or("no decision", crate::language::Action::as_str);
                format!("guardrails {}: {action}", guardrails.as_str())
            })
            .collect();
        lines.push(format!("Primary {}: {}.", row.primary.as_str(), actions.join(", ")));
    }
    lines.extend(
        table
            .conditions
            .iter()
            .map(|condition| sentence(condition).replace('`', "")),
    );
    lines.join("\n")
}

pub(super) fn exploratory(view: View<'_>) -> String {
    let mut lines = Vec::new();
    let free: Vec<&str> = view
        .plan
        .metrics
        .iter()
        .filter(|metric| matches!(metric.role.as_str(), "secondary" | "diagnostic"))
        .map(|metric| view.metric_name(&metric.id))
        .collect();
    if !free.is_empty() {
        lines.push(format!(
            "Not sized, without alpha, gating nothing: {}.",
            listed(free.iter().copied())
        ));
    }
    if let Some(population) = &view.spec.population {
        lines.extend(
            population
                .segments
                .keys()
                .map(|segment| format!("Broken down by {segment}.")),
        );
    }
    if lines.is_empty() {
        "Nothing.".to_owned()
    } else {
        lines.join("\n")
    }
}

pub(super) fn other(view: View<'_>) -> String {
    let mut lines: Vec<String> = view
        .spec
        .threats
        .iter()
        .map(|threat| {
            let mitigation = threat
                .mitigation
                .as_deref()
                .map_or_else(|| "no mitigation is named".to_owned(), str::to_owned);
            format!("Threat {}: {}", threat.name, sentence(&mitigation))
        })
        .collect();
    lines.push(format!("The digest of this plan is {}.", view.plan.experiment.digest()));
    lines.join("\n")
}
